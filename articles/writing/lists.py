"""What stands in tables of its own: credits, tags and parts of articles."""

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from articles.choices import Role
from articles.cleaning import HIGHEST_PART
from articles.models import Article, Contribution, Part, TaggedArticle
from articles.writing import index
from articles.writing.changes import ArticleChange, InvalidChange
from articles.writing.credits import credit_text
from articles.writing.state import LISTS, Values, identity
from authors.models import Author

_ROLES = frozenset(Role.values)
#: No parts': there articles stand for a moment that exchange their numbers in a fixture. Whatever
#: reads a number from outside knows `HIGHEST_PART` only.
PARKED = range(2**30, 2**31)


def write_lists(
    changes: Sequence[ArticleChange], articles: list[Article], before: dict[int, Values]
) -> dict[int, set[str]]:
    """Write credits, tags and parts that differ; return which lists changed, by article."""
    changed: dict[int, set[str]] = {}
    rows: tuple[list[Contribution], list[TaggedArticle], list[Part]] = ([], [], [])
    stale: dict[str, list[int]] = {name: [] for name in LISTS}
    for change, article in zip(changes, articles, strict=True):
        old = before.get(article.pk, {})
        check_lists(change, old.get("parts"))
        wanted: dict[str, Any] = {
            "credits": change.credits and [(item.author, item.role) for item in change.credits],
            "tags": change.tags and sorted(set(change.tags)),
            "parts": change.parts
            and sorted((place.series, place.part_number or 0) for place in change.parts),
        }
        given = {"credits": change.credits, "tags": change.tags, "parts": change.parts}
        for name in LISTS:
            if given[name] is None or (wanted[name] or []) == identity(name, old.get(name)):
                continue
            changed.setdefault(article.pk, set()).add(name)
            if old.get(name):
                stale[name].append(article.pk)
        now = changed.get(article.pk, set())
        if "credits" in now:
            rows[0].extend(_contributions(article, change))
        if "tags" in now:
            rows[1].extend(
                TaggedArticle(tag_id=tag, content_object=article, sort_key=article.sort_key)
                for tag in sorted(set(change.tags or []))
            )
        if "parts" in now:
            rows[2].extend(_parts(article, change))
    Contribution.objects.filter(article__in=stale["credits"]).delete()
    TaggedArticle.objects.filter(content_object__in=stale["tags"]).delete()
    Part.objects.filter(article__in=stale["parts"]).delete()
    Contribution.objects.bulk_create(rows[0], batch_size=index.BATCH)
    TaggedArticle.objects.bulk_create(rows[1], batch_size=index.BATCH)
    try:
        with transaction.atomic():
            Part.objects.bulk_create(rows[2], batch_size=index.BATCH)
    except IntegrityError as error:
        raise InvalidChange({"parts": part_taken()}) from error
    return changed


def part_taken() -> str:
    """Say that a part number is another article's."""
    return _("Another article is already this part of the series.")


def check_lists(change: ArticleChange, parts_now: Sequence[Values] | None = None) -> None:
    """Make sure that the lists of *change* may be stored; raise `InvalidChange` if not. A number
    that the article has in *parts_now* may stay as high as it is."""
    if (credits := change.credits) is not None:
        if len({(credit.author, credit.role) for credit in credits}) != len(credits):
            raise InvalidChange({"credits": _("The same author stands twice in one role.")})
        if any(credit.role not in _ROLES for credit in credits):
            raise InvalidChange({"credits": _("This role does not exist.")})
    if (parts := change.parts) is not None and len({place.series for place in parts}) != len(parts):
        raise InvalidChange({"parts": _("The article stands twice in one series.")})
    stored = {(item["series"], item["part_number"]) for item in parts_now or ()}
    if any(
        not (0 <= (place.part_number or 0) <= HIGHEST_PART or place.part_number in PARKED)
        and (place.series, place.part_number) not in stored
        for place in change.parts or ()
    ):
        raise InvalidChange({"parts": _("The number of a part is at most %d.") % HIGHEST_PART})


def _contributions(article: Article, change: ArticleChange) -> list[Contribution]:
    return [
        Contribution(
            article=article,
            author_id=credit.author,
            role=credit.role,
            position=position,
            sort_key=article.sort_key,
        )
        for position, credit in enumerate(change.credits or ())
    ]


def _parts(article: Article, change: ArticleChange) -> list[Part]:
    return [
        Part(
            article=article,
            series_id=place.series,
            part_number=place.part_number,
            position=place.part_number or 0,
            sort_key=article.sort_key,
        )
        for place in change.parts or ()
    ]


def credit_new(changes: Sequence[ArticleChange], articles: list[Article]) -> None:
    wanted = {
        credit.author
        for change in changes
        if change.article is None
        for credit in change.credits or []
    }
    names = dict(Author.objects.filter(pk__in=wanted).values_list("pk", "name"))
    for change, article in zip(changes, articles, strict=True):
        if change.article is None and change.credits:
            article.credit = credit_text(
                {"name": names.get(credit.author, ""), "role": credit.role}
                for credit in change.credits
            )
