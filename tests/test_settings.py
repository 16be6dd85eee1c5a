"""The settings: what they refuse, what production turns on, and that the README tells the truth."""

import os
import re
import subprocess
import sys
from pathlib import Path
from unittest import mock

import pytest
from django.conf import settings
from django.core import checks
from django.test import override_settings

from archive_site import checks as own
from archive_site.environment import ENVIRONMENT
from tests.conftest import ROOT
from tests.early import FORGOTTEN
from tools.check_deploy import production


def run(code: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run *code* in a process with nothing of ours in its environment."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**kept, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def show(expression: str, environment: dict[str, str]) -> str:
    """Return what *expression* over the settings (`s`) gives in an environment."""
    result = run(f"import archive_site.settings as s; print(({expression}))", environment)
    assert result.returncode == 0, result.stderr
    return result.stdout.strip()


def readme_table() -> dict[str, str]:
    """Return the README's table of settings: name and default."""
    rows = re.findall(
        r"^\| `([A-Z_]+)` \| (?:`([^`]*)`|[^|`]*) \|",
        (ROOT / "README.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    assert len(rows) == len(dict(rows)), "a setting stands twice in the table"
    return dict(rows)


def test_the_readme_names_every_setting_and_no_other() -> None:
    assert readme_table() == ENVIRONMENT


def test_no_test_inherits_a_setting_from_the_shell() -> None:
    given = {"ARCHIVE_ENV", "VAR_DIR", "SECRET_KEY", "DATABASE_URL"}
    assert set(FORGOTTEN) | given == set(ENVIRONMENT)


@pytest.mark.parametrize("missing", ["SECRET_KEY", "ALLOWED_HOSTS"])
def test_production_does_not_start_without(missing: str, tmp_path: Path) -> None:
    environment = production(str(tmp_path))
    del environment[missing]
    result = run("import archive_site.settings", environment)
    assert result.returncode != 0
    assert f"{missing} is not set" in result.stderr


def test_production_is_the_default(tmp_path: Path) -> None:
    result = run("import archive_site.settings", {"VAR_DIR": str(tmp_path)})
    assert "ImproperlyConfigured: SECRET_KEY is not set" in result.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ARCHIVE_ENV", "staging"),
        ("IMPORT_STATUS", "public"),
        ("CONN_MAX_AGE", "-1"),
        ("CONN_MAX_AGE", "٣"),
        ("HSTS_SECONDS", "a year"),
        ("PROXY_TRUSTED", "yes"),
        ("SECOND_FACTOR", "always"),
        ("SESSION_HOURS", "a week"),
        ("EMAIL_URL", "mail.example.org"),
        ("EMAIL_URL", "smtp://"),
        ("EMAIL_URL", "smtp://mail.example.org:mail"),
        ("EMAIL_FROM", "The Review"),
        ("CORRECTIONS_EMAIL", "mailto:desk@example.org"),
        ("SECURITY_CONTACT", "example.org"),
        ("ALLOWED_HOSTS", "https://archive.example.org"),
        ("ALLOWED_HOSTS", "archive.example.org:443"),
        ("ALLOWED_HOSTS", "archive.example.org www.example.org"),
        ("SESSION_HOURS", "0"),
        ("SESSION_IDLE_MINUTES", "0"),
        ("LOG_LEVEL", "verbose"),
        ("TIME_ZONE", "London"),
        ("TIME_ZONE", "../London"),
        ("LANGUAGE_CODE", "de_DE"),
        ("DATABASE_URL", "mysql://u:p@h/d"),
        ("DATABASE_URL", "archive.sqlite3"),
        ("DATABASE_URL", "sqlite://archive.sqlite3"),
        ("DATABASE_URL", "postgresql://u:p@h"),
        ("DATABASE_URL", "postgresql://u:p@h:port/d"),
        ("DATABASE_REPLICA_URLS", "standby.example.org"),
    ],
)
def test_a_wrong_value_is_named(name: str, value: str, tmp_path: Path) -> None:
    result = run("import archive_site.settings", {**production(str(tmp_path)), name: value})
    assert result.returncode != 0
    assert name in result.stderr.splitlines()[-1]
    assert "u:p" not in result.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ALLOWED_HOSTS", "archive.example.org, .example.org, [2001:db8::1], 127.0.0.1"),
        ("ALLOWED_HOSTS", "xn--mller-kva.example"),
        ("EMAIL_FROM", "The Review <archive@example.org>"),
        ("EMAIL_FROM", "archive@example.org"),
        ("CORRECTIONS_EMAIL", "o'hara+desk@example.org"),
        ("LOG_LEVEL", "DEBUG"),
        ("TIME_ZONE", "America/Argentina/Buenos_Aires"),
        ("LANGUAGE_CODE", "zh-Hans"),
        ("DATABASE_URL", "postgresql://?service=archive"),
        ("DATABASE_URL", "postgresql://backfile@/backfile?host=/run/postgresql"),
    ],
)
def test_an_unusual_value_is_taken(name: str, value: str, tmp_path: Path) -> None:
    result = run("import archive_site.settings", {**production(str(tmp_path)), name: value})
    assert result.returncode == 0, result.stderr


def test_a_server_without_processes_does_not_start(tmp_path: Path) -> None:
    environment = {**production(str(tmp_path)), "WEB_CONCURRENCY": "0"}
    result = run("import archive_site.gunicorn", environment)
    assert "WEB_CONCURRENCY must be 1 or more" in result.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("", "dummy.EmailBackend localhost 25 False False"),
        ("console:", "console.EmailBackend localhost 25 False False"),
        (
            "smtp://a%40b:p%3Aq@mail.example",
            "smtp.EmailBackend mail.example 587 True False a@b p:q",
        ),
        ("smtps://mail.example", "smtp.EmailBackend mail.example 465 False True"),
        ("smtp://localhost:25?tls=0", "smtp.EmailBackend localhost 25 False False"),
    ],
)
def test_mail_goes_out_as_its_url_says(url: str, expected: str, tmp_path: Path) -> None:
    code = (
        "import django; django.setup(); from django.conf import settings as s;"
        "print(s.EMAIL_BACKEND.split('mail.backends.')[1], s.EMAIL_HOST, s.EMAIL_PORT,"
        " s.EMAIL_USE_TLS, s.EMAIL_USE_SSL, s.EMAIL_HOST_USER, s.EMAIL_HOST_PASSWORD)"
    )
    environment = {
        **production(str(tmp_path)), "EMAIL_URL": url,
        "DJANGO_SETTINGS_MODULE": "archive_site.settings",
    }  # fmt: skip
    assert run(code, environment).stdout.strip() == expected


def test_what_reads_listings_is_not_imported_with_the_site(tmp_path: Path) -> None:
    """It takes a third of the time of a start, and few processes read a listing."""
    code = (
        "import django, sys; django.setup(); import archive_site.urls;"
        "print({'articles.listing.parser', 'articles.listing.bylines',"
        " 'articles.listing.furniture', 'articles.importing.formats.recognising'}"
        " & set(sys.modules))"
    )
    environment = {
        **production(str(tmp_path)), "DJANGO_SETTINGS_MODULE": "archive_site.settings",
    }  # fmt: skip
    assert run(code, environment).stdout.strip() == "set()"


def test_production_expects_tls(tmp_path: Path) -> None:
    shown = show(
        "s.DEBUG, s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS, s.SESSION_COOKIE_SECURE,"
        " s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_NAME, hasattr(s, 'SECURE_PROXY_SSL_HEADER')",
        {**production(str(tmp_path)), "DEBUG": "1"},
    )
    assert shown == "(False, True, 31536000, True, True, '__Host-session', False)"


def test_a_proxy_is_believed_only_when_named(tmp_path: Path) -> None:
    environment = {**production(str(tmp_path)), "PROXY_TRUSTED": "1"}
    assert show("s.SECURE_PROXY_SSL_HEADER[0]", environment) == "HTTP_X_FORWARDED_PROTO"


def test_a_local_archive_listens_to_this_machine_only(tmp_path: Path) -> None:
    environment = {"ARCHIVE_ENV": "local", "VAR_DIR": str(tmp_path), "ALLOWED_HOSTS": "*"}
    hosts = show("s.ALLOWED_HOSTS, hasattr(s, 'SECURE_SSL_REDIRECT')", environment)
    assert hosts == "(['127.0.0.1', 'localhost', '[::1]'], False)"


def test_a_local_key_is_made_once_and_kept_private(tmp_path: Path) -> None:
    environment = {"ARCHIVE_ENV": "local", "VAR_DIR": str(tmp_path / "var")}
    first = show("s.SECRET_KEY", environment)
    assert len(first) > 60
    assert show("s.SECRET_KEY", environment) == first
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["secret-key"]
    assert (tmp_path / "var" / "secret-key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "var").stat().st_mode & 0o777 == 0o750


def test_sqlite_lets_readers_read_while_one_writes(tmp_path: Path) -> None:
    environment = {"ARCHIVE_ENV": "local", "VAR_DIR": str(tmp_path)}
    options = show("s.DATABASES['default']['OPTIONS']", environment)
    assert "'transaction_mode': 'IMMEDIATE'" in options
    assert "'timeout': 20" in options
    assert "journal_mode=WAL" in options


def test_postgresql_connections_last_and_are_tried(tmp_path: Path) -> None:
    url = "postgresql://archive:p%40ss@db.example/archive"
    environment = {**production(str(tmp_path)), "DATABASE_URL": url}
    shown = show(
        "[s.DATABASES['default'][n] for n in ('PASSWORD', 'CONN_MAX_AGE', 'CONN_HEALTH_CHECKS')]",
        environment,
    )
    assert shown == "['p@ss', 600, True]"


@pytest.mark.parametrize("database", ["", "postgresql://archive@/archive?host=/run/postgresql"])
def test_the_deployment_check_has_nothing_to_say(database: str, tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env={**production(str(tmp_path)), "DATABASE_URL": database},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout + result.stderr == "System check identified no issues (0 silenced).\n"


def ids(messages: list[checks.CheckMessage]) -> list[str | None]:
    return [message.id for message in messages]


def test_own_checks_belong_to_a_deployment() -> None:
    registered = checks.registry.registry.get_checks(include_deployment_checks=True)
    usual = checks.registry.registry.get_checks()
    ours = {check for check in registered if check.__module__ == "archive_site.checks"}
    # The site's own folder is looked at whenever anything is.
    ours -= {own.own_folder_is_fit}
    assert len(ours) == 5
    assert ours.isdisjoint(usual)


def test_sqlite_with_defaults_is_reported() -> None:
    plain = {"ENGINE": "django.db.backends.sqlite3", "NAME": "x", "OPTIONS": {}}
    with mock.patch.dict(settings.DATABASES, default=plain):
        assert ids(own.database_is_fit_for_many(None)) == ["backfile.W001"]


def test_a_connection_per_request_is_reported() -> None:
    short = {"ENGINE": "django.db.backends.postgresql", "CONN_MAX_AGE": 0}
    with mock.patch.dict(settings.DATABASES, default=short):
        assert ids(own.database_is_fit_for_many(None)) == ["backfile.W002"]


def test_uploads_among_the_static_files_are_reported() -> None:
    with override_settings(MEDIA_ROOT=settings.STATIC_ROOT / "media"):
        assert ids(own.files_are_apart(None)) == ["backfile.W003"]


def test_a_folder_open_to_other_accounts_is_reported(tmp_path: Path) -> None:
    with override_settings(VAR_DIR=tmp_path):
        tmp_path.chmod(0o750)
        assert own.files_are_private(None) == []
        tmp_path.chmod(0o755)
        assert ids(own.files_are_private(None)) == ["backfile.W004"]


def test_what_cannot_be_written_is_reported(tmp_path: Path) -> None:
    database = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(tmp_path / "archive.sqlite3")}
    with override_settings(VAR_DIR=tmp_path), mock.patch.dict(settings.DATABASES, default=database):
        assert own.files_can_be_written(None) == []
        # Nobody may write to a program that runs.
        database["NAME"] = os.path.realpath(sys.executable)
        assert ids(own.files_can_be_written(None)) == ["backfile.W008"]
    with override_settings(VAR_DIR=Path("/proc")):
        assert ids(own.files_can_be_written(None)) == ["backfile.W008"]


def test_any_host_is_reported() -> None:
    with override_settings(ALLOWED_HOSTS=["*"]):
        assert ids(own.hosts_are_named(None)) == ["backfile.W005"]


def manage(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command of manage.py."""
    return run(f"import sys; sys.argv[1:] = {words!r}; import manage; manage.main()", environment)


def test_commands_say_in_a_line_what_is_wrong_with_settings_or_machine(tmp_path: Path) -> None:
    environment = production(str(tmp_path))
    wrong = manage({**environment, "CONN_MAX_AGE": "long"}, "check")
    assert (wrong.returncode, wrong.stderr) == (
        1,
        "CONN_MAX_AGE must be a whole number, not 'long'.\n",
    )
    (tmp_path / "archive.sqlite3").mkdir()
    away = manage(environment, "make_editor")
    assert (away.returncode, away.stderr) == (
        1,
        "The database cannot be used: unable to open database file\n",
    )
    assert "Traceback" in manage(environment, "make_editor", "--traceback").stderr
