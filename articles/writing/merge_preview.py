"""What a merge of authors, series or tags would do, and what forbids it. Reads only."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import Article, Part, PastAddress, Series
from articles.writing import names
from articles.writing.names import FIELDS, PATHS, SUBJECTS, Named

#: What the survivor takes from a copy where it has nothing itself.
TAKEN = ("bio", "born", "died", "external_ids", "portrait", "description")
#: The most that are merged at once, and how many articles a message names.
MOST = 20
NAMED = 10


class MergeRefused(Exception):
    """A merge, or taking one back, that would lose or invent something; the message says what."""


@dataclass(frozen=True, slots=True)
class Copy:
    """One row that goes, and what moves with it."""

    row: Any
    article_count: int
    aliases: list[str]
    addresses: list[str]


@dataclass(slots=True)
class Preview:
    """What a merge would do."""

    survivor: Any
    copies: list[Copy]
    #: Articles that change, and how many of them stand on both sides: one link stays there.
    article_count: int = 0
    shared_count: int = 0
    #: Field -> value that the survivor takes.
    taken: dict[str, Any] = field(default_factory=dict)
    #: Why it may not be done.
    refusals: list[str] = field(default_factory=list)
    #: Whether kinds are what is in the way.
    is_across_kinds: bool = False


def preview_merge(survivor: Named, copies: Iterable[Named]) -> Preview:
    """Return what merging *copies* into *survivor* would do. Writes nothing.

    Raises `MergeRefused` if there is nothing to merge, or too much.
    """
    kind = type(survivor)
    rows: dict[int, Any] = {row.pk: row for row in copies if row.pk != survivor.pk}
    if not rows:
        raise MergeRefused(_("Choose at least two to merge."))
    if len(rows) >= MOST:
        raise MergeRefused(_("At most %d can be merged at once.") % MOST)
    preview = Preview(survivor, [_copy(kind, row) for row in rows.values()])
    preview.taken = _taken(survivor, rows.values())
    moving: set[int] = set()
    shared: set[int] = set()
    here = set(names.articles_of(survivor))
    for row in rows.values():
        articles = set(names.articles_of(row))
        shared |= articles & (moving | here)
        moving |= articles
    preview.article_count, preview.shared_count = len(moving), len(shared)
    preview.refusals = _kind_refusals(survivor, rows.values())
    preview.is_across_kinds = bool(preview.refusals)
    if kind is Series:
        preview.refusals += _part_clashes([survivor.pk, *rows])
    return preview


def _copy(kind: type[models.Model], row: Any) -> Copy:
    return Copy(
        row=row,
        article_count=len(names.articles_of(row)),
        aliases=[str(row), *names.aliases_of(row)],
        addresses=[f"{PATHS[kind]}/{row.slug}/", *past_paths(row)],
    )


def past_paths(row: models.Model) -> list[str]:
    """Return the addresses that lead to *row* beside its own."""
    past = PastAddress.objects.filter(**{SUBJECTS[type(row)]: row})
    return list(past.order_by("path").values_list("path", flat=True))


def _taken(survivor: models.Model, rows: Iterable[models.Model]) -> dict[str, Any]:
    """Return what the survivor lacks and a copy has; identifiers are taken one by one."""
    taken: dict[str, Any] = {}
    for name in (name for name in TAKEN if name in FIELDS[type(survivor)]):
        own = getattr(survivor, name)
        value = own
        for row in rows:
            theirs = getattr(row, name)
            both = isinstance(theirs, dict) and isinstance(value, dict)
            value = {**theirs, **value} if both else value or theirs
        if value != own and value:
            taken[name] = value
    return taken


def _kind_refusals(survivor: Any, rows: Iterable[Any]) -> list[str]:
    """Return why kinds forbid a merge: what differs in kind is not the same thing. If one of the
    kinds is wrong it is changed first, where it can be seen and taken back by itself."""
    refusals = []
    for row in rows:
        if row.kind == survivor.kind:
            continue
        words = {
            "copy": str(row), "kind": row.get_kind_display(),
            "survivor": str(survivor), "other": survivor.get_kind_display(),
        }  # fmt: skip
        refusals.append(
            _(
                "“%(copy)s” is of the kind %(kind)s and “%(survivor)s” of the kind %(other)s: what"
                " differs in kind is never merged. If one of the kinds is wrong, change it first."
            )
            % words
        )
    return refusals


def _part_clashes(series: Sequence[int]) -> list[str]:
    """Return what stands in the way of one set of parts: an article with two numbers, and a
    number with two articles. The articles are named."""
    numbers: dict[int, set[int]] = defaultdict(set)
    holders: dict[int, set[int]] = defaultdict(set)
    rows = Part.objects.filter(series__in=series, part_number__isnull=False)
    for article, number in rows.values_list("article_id", "part_number"):
        numbers[article].add(number or 0)
        holders[number or 0].add(article)
    twice = {pk: found for pk, found in numbers.items() if len(found) > 1}
    taken = {number: found for number, found in holders.items() if len(found) > 1}
    shown = [*sorted(twice)[:NAMED], *(pk for n in sorted(taken)[:NAMED] for pk in taken[n])]
    titles = dict(Article.objects.filter(pk__in=shown).values_list("pk", "headline"))
    clashes = [
        _("“%(headline)s” is part %(numbers)s.")
        % {"headline": titles[pk], "numbers": _(" and ").join(map(str, sorted(twice[pk])))}
        for pk in sorted(twice)[:NAMED]
    ]
    clashes += [
        _("Part %(number)s is %(headlines)s.")
        % {
            "number": number,
            "headlines": _(" and ").join(f"“{titles[pk]}”" for pk in sorted(taken[number])),
        }
        for number in sorted(taken)[:NAMED]
    ]
    if more := max(0, len(twice) - NAMED) + max(0, len(taken) - NAMED):
        clashes.append(ngettext("And %d more.", "And %d more.", more) % more)
    if clashes:
        clashes.append(_("Give each article one number, and each number one article, first."))
    return clashes
