"""The groups of the archive, from permissions.toml, made sure of after every migrate."""

import tomllib
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.db.models import Q

DATA = Path(__file__).with_name("permissions.toml")


def read_groups() -> dict[str, list[tuple[str, str]]]:
    """Return the permissions of each group as (app label, codename)."""
    with DATA.open("rb") as file:
        groups = tomllib.load(file)
    return {
        name: [(app, codename) for app, names in apps.items() for codename in names]
        for name, apps in groups.items()
    }


def ensure_groups(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """Make sure that each group exists and has the permissions of the file.

    Runs after every migrate and changes nothing the second time. Other permissions of a group,
    added by hand, are left alone. Raises `LookupError` for a permission that does not exist.
    """
    from django.contrib.auth.models import Group, Permission

    wanted = read_groups()
    condition = Q()
    for app, codename in {pair for pairs in wanted.values() for pair in pairs}:
        condition |= Q(content_type__app_label=app, codename=codename)
    rows = Permission.objects.using(using).filter(condition).select_related("content_type")
    known = {(row.content_type.app_label, row.codename): row for row in rows}
    for name, pairs in wanted.items():
        missing = [pair for pair in pairs if pair not in known]
        if missing:
            raise LookupError(f"permissions.toml, {name}: unknown {missing}")
        group, _ = Group.objects.using(using).get_or_create(name=name)
        group.permissions.add(*(known[pair] for pair in pairs))
