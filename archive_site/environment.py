"""Readers of the environment: each returns what a variable says, or names what is wrong."""

import os
import re
import zoneinfo
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

#: Every variable that the settings read, with its default: what the README's table must say.
ENVIRONMENT: dict[str, str] = {}

_MAIL = r"[^\s@:/<>,]+@[^\s@:/<>,]+"
#: As a browser sends it: without scheme and port, and names beyond ASCII as xn--….
_HOST = re.compile(r"\*|\.?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:]+\]", re.IGNORECASE)


def env(name: str, default: str = "") -> str:
    """Return the environment variable *name*, or *default* if it is unset or empty."""
    ENVIRONMENT[name] = default
    return os.environ.get(name, "").strip() or default


def env_list(name: str) -> list[str]:
    """Return the comma-separated variable *name* as a list."""
    return [item.strip() for item in env(name).split(",") if item.strip()]


def env_number(name: str, default: int, least: int = 0) -> int:
    """Return the variable *name* as a whole number of at least *least*."""
    value = env(name, str(default))
    if not value.isascii() or not value.isdigit():
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.")
    if int(value) < least:
        raise ImproperlyConfigured(f"{name} must be {least} or more, not {value}.")
    return int(value)


def env_choice(name: str, default: str, choices: tuple[str, ...]) -> str:
    """Return the variable *name* if it is one of *choices*."""
    value = env(name, default)
    if value not in choices:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(choices)}, not {value!r}.")
    return value


def env_hosts(name: str) -> list[str]:
    """Return the variable *name* as host names: with anything else in it every request is 400."""
    hosts = env_list(name)
    for host in hosts:
        if not _HOST.fullmatch(host):
            raise ImproperlyConfigured(
                f"{name} must be host names without https:// and without a port, separated by"
                f" commas, not {host!r}."
            )
    return hosts


def env_zone(name: str, default: str) -> str:
    """Return the variable *name* as the name of a time zone."""
    value = env(name, default)
    try:
        zoneinfo.ZoneInfo(value)
    except (zoneinfo.ZoneInfoNotFoundError, OSError, ValueError):
        raise ImproperlyConfigured(
            f"{name} must be a time zone such as Europe/London, not {value!r}."
        ) from None
    return value


def env_language(name: str, default: str) -> str:
    """Return the variable *name* as the code of a language."""
    value = env(name, default)
    if not re.fullmatch("[a-z]{2,3}(-[a-z0-9]{2,8})*", value, re.IGNORECASE):
        raise ImproperlyConfigured(f"{name} must be a code such as en-gb or de, not {value!r}.")
    return value


def env_contact(name: str) -> str:
    """Return the variable *name* as a mail address or one with https://."""
    value = env(name)
    if value and not re.fullmatch(rf"https://\S+|{_MAIL}", value):
        raise ImproperlyConfigured(f"{name} must be a mail address, or one with https://.")
    return value


def env_mail(name: str) -> str:
    """Return the variable *name* as a mail address."""
    value = env(name)
    if value and not re.fullmatch(_MAIL, value):
        raise ImproperlyConfigured(f"{name} must be a mail address, not {value!r}.")
    return value


def env_sender(name: str) -> str:
    """Return the variable *name* as who mail is from: an address, or a name and an address."""
    value = env(name)
    if value and not re.fullmatch(rf"{_MAIL}|[^<>\r\n]*<{_MAIL}>", value):
        raise ImproperlyConfigured(
            f"{name} must be a mail address, or a name and <a mail address>, not {value!r}."
        )
    return value


def mail(url: str) -> tuple[str, dict[str, Any]]:
    """Return the mail backend for *url* (smtp://, smtps:// or console:) and its settings."""
    parts = urlsplit(url)
    backends = "django.core.mail.backends"
    if not url:
        return f"{backends}.dummy.EmailBackend", {}
    if parts.scheme == "console":
        return f"{backends}.console.EmailBackend", {}
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or not _has_good_port(url):
        raise ImproperlyConfigured(
            "EMAIL_URL must be smtp://user:password@host:587 (STARTTLS), smtps://… (TLS) or"
            " console:."
        )
    is_plain = parse_qs(parts.query).get("tls") == ["0"]
    return f"{backends}.smtp.EmailBackend", {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp" and not is_plain,
    }


def _has_good_port(url: str) -> bool:
    try:
        _ = urlsplit(url).port
    except ValueError:
        return False
    return True


def database(url: str, name: str = "DATABASE_URL") -> dict[str, Any]:
    """Return the settings of the database at *url*, which stands in the variable *name*."""
    try:
        settings: dict[str, Any] = dict(dj_database_url.parse(url))
    except ValueError:
        # Of the address itself nothing is said: it may hold a password.
        raise ImproperlyConfigured(
            f"{name} must be sqlite:///path or postgresql://user:password@host/name, with special"
            " characters in a password as %xx."
        ) from None
    if settings["ENGINE"] == "django.db.backends.sqlite3":
        if settings.get("HOST"):
            # Taken for a server, and the archive for one in memory that is gone with the process.
            raise ImproperlyConfigured(f"{name} needs three strokes for SQLite: sqlite:///path.")
        # WAL lets readers go on while one writes; IMMEDIATE takes the write lock at BEGIN, so
        # that no transaction fails half-way for having read first.
        settings["OPTIONS"] = {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
            " PRAGMA foreign_keys=ON; PRAGMA cache_size=-32000;",
        }
        if settings["NAME"] not in {":memory:", ""}:
            Path(settings["NAME"]).parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    elif settings["ENGINE"] != "django.db.backends.postgresql":
        raise ImproperlyConfigured(f"{name} must name a SQLite or a PostgreSQL database.")
    elif not settings["NAME"] and "service" not in settings.get("OPTIONS", {}):
        raise ImproperlyConfigured(f"{name} names no database: postgresql://user@host/name.")
    else:
        # A server that does not answer is noticed while the reader still waits.
        settings.setdefault("OPTIONS", {}).setdefault("connect_timeout", 2)
        # Whoever waits for what another writer holds is told so in the end, as on SQLite.
        settings["OPTIONS"].setdefault("options", "-c lock_timeout=20s")
    settings["CONN_MAX_AGE"] = env_number("CONN_MAX_AGE", 600)
    settings["CONN_HEALTH_CHECKS"] = True
    return settings
