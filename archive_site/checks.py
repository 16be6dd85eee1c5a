"""System checks of a deployment: what Django's own `check --deploy` cannot know about this site."""

import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register

Apps = Sequence[AppConfig] | None


@register(Tags.database, deploy=True)
def database_is_fit_for_many(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """The database takes a writer beside readers, and its connections last."""
    database = settings.DATABASES["default"]
    found: list[CheckMessage] = []
    if database["ENGINE"] == "django.db.backends.sqlite3":
        options = database.get("OPTIONS", {})
        fit = (
            "journal_mode=wal" in options.get("init_command", "").replace(" ", "").lower()
            and options.get("transaction_mode") == "IMMEDIATE"
            and options.get("timeout", 0) >= 10
        )
        if not fit:
            found.append(
                Warning(
                    "SQLite is not set up for a writer beside readers.",
                    hint="Set journal_mode=WAL, transaction_mode IMMEDIATE and a timeout of 10 s"
                    " or more, or use PostgreSQL.",
                    id="backfile.W001",
                )
            )
    elif not (database.get("CONN_MAX_AGE") and database.get("CONN_HEALTH_CHECKS")):
        found.append(
            Warning(
                "Each request opens a new connection to the database.",
                hint="Set CONN_MAX_AGE above 0 (600 is the default).",
                id="backfile.W002",
            )
        )
    return found


@register(Tags.security, deploy=True)
def files_are_apart(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """Neither uploads nor the database lie where files are served from as they are."""
    static = Path(settings.STATIC_ROOT).resolve()
    private = {"MEDIA_ROOT": settings.MEDIA_ROOT, "VAR_DIR": settings.VAR_DIR}
    database = settings.DATABASES["default"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        private["DATABASE_URL"] = database["NAME"]
    return [
        Warning(
            f"{name} lies inside STATIC_ROOT, which everybody can read.",
            hint="Choose folders side by side.",
            id="backfile.W003",
        )
        for name, path in private.items()
        if Path(path).resolve().is_relative_to(static)
    ]


@register(Tags.security, deploy=True)
def files_are_private(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """Other accounts of the machine cannot read the database, drafts and uploads."""
    folder = Path(settings.VAR_DIR)
    if not folder.is_dir() or not folder.stat().st_mode & (stat.S_IRWXO | stat.S_IWGRP):
        return []
    return [
        Warning(
            "Other accounts of this machine can enter or change VAR_DIR.",
            hint="chmod 750 on that folder.",
            id="backfile.W004",
        )
    ]


@register(Tags.security, deploy=True)
def hosts_are_named(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """The site answers to its own names only: links in feeds are made from them."""
    if "*" not in settings.ALLOWED_HOSTS:
        return []
    return [
        Warning(
            "ALLOWED_HOSTS accepts every host name.",
            hint="Name the site's own, separated by commas.",
            id="backfile.W005",
        )
    ]
