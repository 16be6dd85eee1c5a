"""System checks of a deployment: what Django's own `check --deploy` cannot know about this site."""

import re
import stat
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jinja2
from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.template import TemplateSyntaxError, engines
from jinja2 import meta

from archive_site.jinja2 import OURS
from archive_site.site_folder import folder

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


@register(Tags.files, deploy=True)
def files_can_be_written(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """Whoever serves the site can write where it keeps things: a command that was run as root once
    leaves files that only root may change."""
    folder = Path(settings.VAR_DIR)
    database = settings.DATABASES["default"]
    found: list[OSError] = []
    try:
        if folder.is_dir():
            with tempfile.TemporaryFile(dir=folder):
                pass
        if database["ENGINE"] == "django.db.backends.sqlite3" and Path(database["NAME"]).is_file():
            with Path(database["NAME"]).open("r+b"):
                pass
    except OSError as error:
        found.append(error)
    return [
        Warning(
            f"What is kept in VAR_DIR cannot be written: {error}",
            hint="Let it belong to the account that serves the site, and run commands as that.",
            id="backfile.W008",
        )
        for error in found
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


@register(Tags.templates)
def own_folder_is_fit(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """The site's own folder is there, and what is in it can be used."""
    here = folder()
    if here is None:
        return []
    if not here.is_dir():
        return [
            Error(
                f"SITE_DIR is {here}, and there is no such folder.",
                hint="Make it, or leave SITE_DIR unset.",
                id="backfile.E001",
            )
        ]
    known = {"templates", "static", "locale"}
    found: list[CheckMessage] = []
    strange = [path.name for path in here.iterdir() if path.name not in known and _is_shown(path)]
    if strange:
        found.append(
            Warning(
                f"Nothing is read of {', '.join(sorted(strange))} in SITE_DIR.",
                hint="It holds templates/, static/ (site.css and the logo go there) and locale/.",
                id="backfile.W006",
            )
        )
    return found + [message for path in _templates(here) for message in _faults(here, path)]


def _is_shown(path: Path) -> bool:
    """Whether a file is meant to be used: neither hidden nor a note to its owner."""
    return not path.name.startswith(".") and path.suffix.lower() not in {".md", ".txt"}


def _templates(here: Path) -> list[Path]:
    return sorted(path for path in (here / "templates").rglob("*.html") if path.is_file())


def _faults(here: Path, path: Path) -> list[CheckMessage]:
    """Return what is wrong with a template of the site's own."""
    name = path.relative_to(here / "templates").as_posix()
    is_ours = not name.startswith(("admin/", "registration/"))
    engine: Any = engines["jinja2" if is_ours else "django"]
    try:
        source = path.read_text(encoding="utf-8")
        if is_ours:
            tree = engine.env.parse(source, name, str(path))
            engine.env.compile(tree, name, str(path))
            for other in meta.find_referenced_templates(tree):
                if other is not None:
                    engine.env.loader.get_source(engine.env, other)
                if other == name:
                    raise ValueError(f'it extends itself; ours is "{OURS}{name}"')
        else:
            engine.from_string(source)
    except jinja2.TemplateNotFound as error:
        return [_fault(path, f"there is no template {error}")]
    except jinja2.TemplateSyntaxError as error:
        return [_fault(path, f"line {error.lineno}: {error.message}")]
    except (ValueError, TemplateSyntaxError) as error:
        return [_fault(path, str(error))]
    if inline := _INLINE.search(source):
        return [
            Warning(
                f"{path}, line {source[: inline.start()].count(chr(10)) + 1}: browsers will not"
                f" heed what is written into the page ({inline.group()[:40]}).",
                hint="The content policy takes styles and scripts from static/ only.",
                id="backfile.W007",
            )
        ]
    return []


#: Styles and scripts in the page itself, but not blocks of data.
_INLINE = re.compile(
    r"<style\b|<script(?![^>]*\bsrc=)(?![^>]*json)|<[^>{]*\s(?:style|on[a-z]+)\s*=", re.IGNORECASE
)


def _fault(path: Path, message: str) -> CheckMessage:
    return Error(f"{path} cannot be used: {message}.", id="backfile.E002")
