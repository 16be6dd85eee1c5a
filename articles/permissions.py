"""The groups of the archive, from permissions.toml, made sure of after every migrate; and what
the permissions of an account say of one article."""

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.apps import AppConfig
from django.db.models import Q

from articles.choices import Status

if TYPE_CHECKING:
    from articles.models import Article

#: States in which no reader sees or saw an article.
OPEN = (Status.DRAFT, Status.IN_REVIEW)
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


def _owns(user: Any, article: "Article") -> bool:
    return bool(user.has_perm("articles.add_article")) and article.owner_id == user.pk


def may_view_one(user: Any, article: "Article") -> bool:
    """Return whether *user* sees *article* whatever its state: as an editor, or as its owner."""
    sees_all = user.has_perm("articles.view_article") or user.has_perm("articles.change_article")
    return sees_all or _owns(user, article)


def may_change_one(user: Any, article: "Article") -> bool:
    """Return whether *user* may change *article* in the state that it is in."""
    is_open = article.status in OPEN and not article.was_public
    if not is_open and not user.has_perm("articles.publish_article"):
        return False
    return user.has_perm("articles.change_article") or _owns(user, article)
