"""Settings of the site, all from the environment; README.md has the table.

Two environments: ``production`` (the default) refuses to start without a key and host names and
expects TLS; ``local`` is one person's machine.
"""

import contextlib
import datetime
import os
import secrets
import tempfile
from pathlib import Path
from typing import Any

from csp.constants import NONCE
from django.core.exceptions import ImproperlyConfigured
from whitenoise.compress import Compressor

from archive_site.environment import (
    database,
    env,
    env_choice,
    env_contact,
    env_hosts,
    env_language,
    env_list,
    env_mail,
    env_number,
    env_sender,
    env_zone,
    mail,
)

BASE_DIR = Path(__file__).resolve().parent.parent

ARCHIVE_ENV = env_choice("ARCHIVE_ENV", "production", ("production", "local"))
PRODUCTION = ARCHIVE_ENV == "production"

#: Database, media and the local key live here.
VAR_DIR = Path(env("VAR_DIR", "var"))
if not VAR_DIR.is_absolute():
    VAR_DIR = BASE_DIR / VAR_DIR


def local_key() -> str:
    """Return the key of a local installation, made on first use and kept readable by its owner."""
    path = VAR_DIR / "secret-key"
    VAR_DIR.mkdir(mode=0o750, parents=True, exist_ok=True)
    if not path.exists():
        # Written aside and linked into place: no other process ever reads half a key.
        descriptor, aside = tempfile.mkstemp(dir=VAR_DIR, prefix="secret-key-")
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(64))
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(aside)
        Path(aside).unlink()
    return path.read_text(encoding="ascii")


DEBUG = not PRODUCTION and env_choice("DEBUG", "0", ("0", "1")) == "1"
SECRET_KEY = env("SECRET_KEY")
#: Former keys: what was signed, or marked as removed, under them is still known.
SECRET_KEY_FALLBACKS = env_list("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = env_hosts("ALLOWED_HOSTS")
if PRODUCTION:
    if not SECRET_KEY:
        raise ImproperlyConfigured(
            "SECRET_KEY is not set. Set it to a long random text, or set ARCHIVE_ENV=local to try"
            " the archive on this machine only."
        )
    if not ALLOWED_HOSTS:
        raise ImproperlyConfigured(
            "ALLOWED_HOSTS is not set. Set it to the site's host names, separated by commas."
        )
else:
    SECRET_KEY = SECRET_KEY or local_key()
    ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]

#: A folder of the site's own, which upgrades never touch: see `archive_site.site_folder`.
SITE_DIR = Path(env("SITE_DIR")) if env("SITE_DIR") else None
if SITE_DIR is not None and not SITE_DIR.is_absolute():
    SITE_DIR = BASE_DIR / SITE_DIR
#: Where templates and translations are looked for: the site's own first.
OWN_DIRS = [BASE_DIR] if SITE_DIR is None else [SITE_DIR, BASE_DIR]

SITE_NAME = env("SITE_NAME", "Backfile")
#: Whom readers write to about a mistake; without it pages do not ask for corrections.
CORRECTIONS_EMAIL = env_mail("CORRECTIONS_EMAIL")
#: Whom to tell of a hole, as /.well-known/security.txt says it: a mail address, or an https one.
SECURITY_CONTACT = env_contact("SECURITY_CONTACT")
#: What newly imported articles are, unless the command says otherwise.
IMPORT_STATUS = env_choice("IMPORT_STATUS", "published", ("draft", "published"))

INSTALLED_APPS = [
    "archive_site",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "django_filters",
    "taggit",
    "csp",
    # For its static files: the script of the editor of bodies.
    "django_prose_editor",
    "authors",
    "articles",
]

MIDDLEWARE = [
    # The first three stand outside, so that no answer is without its headers.
    "archive_site.middleware.HeadersMiddleware",
    "archive_site.middleware.PolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "archive_site.searches.SearchMiddleware",
    "archive_site.limits.LimitMiddleware",
    # 304 for who has the page, before anything is made.
    "archive_site.caching.ValidatorMiddleware",
    "archive_site.middleware.SiteMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "archive_site.sessions.AccountMiddleware",
    "archive_site.middleware.FailureMessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # Answers who tried too many passwords, so it stands inside.
    "axes.middleware.AxesMiddleware",
]

CSRF_FAILURE_VIEW = "archive_site.views.csrf_failure"

ROOT_URLCONF = "archive_site.urls"
WSGI_APPLICATION = "archive_site.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        # Public pages. Its loader leaves templates/admin/ to Django's language.
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [path / "templates" for path in OWN_DIRS],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "archive_site.jinja2.environment"},
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [path / "templates" for path in OWN_DIRS],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

database_url = env("DATABASE_URL", "sqlite:///var/archive.sqlite3")
if not os.environ.get("DATABASE_URL", "").strip():
    database_url = f"sqlite:///{VAR_DIR / 'archive.sqlite3'}"
DATABASES = {"default": database(database_url)}
#: Standbys of PostgreSQL that readers' pages may be read from: see `archive_site.replicas`.
REPLICAS: list[str] = []
for replica_url in env_list("DATABASE_REPLICA_URLS"):
    REPLICAS.append(f"replica{len(REPLICAS) + 1}")
    DATABASES[REPLICAS[-1]] = {
        **database(replica_url, "DATABASE_REPLICA_URLS"),
        "TEST": {"MIRROR": "default"},
    }
if REPLICAS:
    DATABASE_ROUTERS = ["archive_site.replicas.Router"]
    if any(kind["ENGINE"].endswith("sqlite3") for kind in DATABASES.values()):
        raise ImproperlyConfigured("DATABASE_REPLICA_URLS needs PostgreSQL on both sides.")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

#: Whole pages, kept for as long as nothing public changes: see `archive_site.front`. Megabytes in
#: each process; a store that several processes or nodes share; seconds for which nginx or a CDN
#: may go on without asking.
CACHE_MB = env_number("CACHE_MB", 32)
CACHE_URL = env("CACHE_URL")
CACHE_SECONDS = env_number("CACHE_SECONDS", 1)

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
#: Five wrong passwords for an account from an address, and both wait a quarter of an hour; an
#: address may fail with several accounts, and an account from several addresses, some more: see
#: `archive_site.signing_in`.
AXES_HANDLER = "archive_site.signing_in.Handler"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = datetime.timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"], "ip_address", "username"]
AXES_CLIENT_IP_CALLABLE = "archive_site.signing_in.client_address"
AXES_LOCKOUT_CALLABLE = "archive_site.signing_in.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
#: Days for which sign-ins are remembered, with address and browser.
SIGN_IN_DAYS = env_number("SIGN_IN_DAYS", 90)
#: Whether every account needs a second factor, or who likes has one.
SECOND_FACTOR = env_choice("SECOND_FACTOR", "optional", ("optional", "required"))
OTP_TOTP_ISSUER = SITE_NAME

#: How mail is sent; without it links are shown to whoever asks for them.
EMAIL_URL = env("EMAIL_URL")
SENDS_MAIL = bool(EMAIL_URL)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env_sender("EMAIL_FROM") or f"archive@{ALLOWED_HOSTS[0]}"
EMAIL_SUBJECT_PREFIX = ""
EMAIL_TIMEOUT = 10
EMAIL_BACKEND, mail_settings = mail(EMAIL_URL)
globals().update(mail_settings)
#: A link to set a password holds for three days.
PASSWORD_RESET_TIMEOUT = 3 * 24 * 60 * 60

LANGUAGE_CODE = env_language("LANGUAGE_CODE", "en-gb")
TIME_ZONE = env_zone("TIME_ZONE", "UTC")
USE_I18N = True
USE_TZ = True
LOCALE_PATHS = [path / "locale" for path in OWN_DIRS]
#: What the admin answers a browser in: English, and what there is a catalogue of. In any other
#: language a part would be translated, by Django, and the rest not.
translated = {path.parent.name for folder in LOCALE_PATHS for path in folder.glob("*/LC_MESSAGES")}
translated = {name.replace("_", "-").lower() for name in translated}
LANGUAGES = [(code, code) for code in sorted({"en", "en-gb", LANGUAGE_CODE, *translated})]

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
#: Under a prefix: a file of the site's own never hides one of ours.
STATICFILES_DIRS = (
    [("site", SITE_DIR / "static")] if SITE_DIR and (SITE_DIR / "static").is_dir() else []
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "archive_site.packing.PackedStaticFilesStorage"
    },
}
#: Source maps are asked for by developers' tools alone; to pack the editor's takes seconds.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")
MEDIA_ROOT = VAR_DIR / "media"
#: The rights statement of articles that have none of their own.
RIGHTS = env("RIGHTS")
#: Where `deploy/backup` writes: what still holds a text that was removed is listed from there.
BACKUP_DIR = env("BACKUP_DIR", "/var/backups/backfile")

TAGGIT_CASE_INSENSITIVE = False
TAGGIT_STRIP_UNICODE_WHEN_SLUGIFYING = False

# Limits (Django's own defaults, stated because the documentation promises them).
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o750

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
#: Minutes without use after which a session is over, and hours after which it is in any case.
SESSION_IDLE_MINUTES = env_number("SESSION_IDLE_MINUTES", 480, 1)
SESSION_HOURS = env_number("SESSION_HOURS", 168, 1)
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_SAVE_EVERY_REQUEST = False
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")
PROXY_TRUSTED = env_choice("PROXY_TRUSTED", "0", ("0", "1")) == "1"
#: How many trusted proxies stand in front, one behind the other.
PROXY_COUNT = max(1, env_number("PROXY_COUNT", 1))
HSTS_SECONDS = env_number("HSTS_SECONDS", 31_536_000)
if PRODUCTION:
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = HSTS_SECONDS
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    # The __Host- prefix (RFC 6265bis) ties a cookie to this host, to TLS and to the root path.
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    if PROXY_TRUSTED:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

#: What a page may load. One dict for both rooms of the site: see `archive_site.middleware`.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "object-src": ["'none'"],
    },
    # What is different under /admin/: scripts of its templates may carry the request's nonce
    # (``request.csp_nonce``).
    "ADMIN_DIRECTIVES": {"script-src": ["'self'", NONCE]},
}

LOG_LEVEL = env_choice("LOG_LEVEL", "WARNING", ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "filters": {"line": {"()": "archive_site.logs.WithoutTraceback"}},
    # Whoever asks for the machine by its number; some ask all day.
    "loggers": {"django.security.DisallowedHost": {"filters": ["line"]}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
}
