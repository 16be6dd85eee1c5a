"""What a site that moves here cannot bring, told before anything is written. Pure.

Old addresses that lead elsewhere, links to pages that will not be here, slugs that others have:
each is a remark on its entry, in the plan that a dry run shows.
"""

import datetime
from collections.abc import Collection, Iterable, Mapping
from typing import Protocol

from articles.folding import slugify
from articles.importing import links
from articles.importing.records import CREATE, Plan, PlannedEntry
from articles.partial_dates import parse_partial

#: Links that one remark lists.
_LISTED = 5
#: A day and a slug.
Place = tuple[datetime.date | None, str]


class Reader(Protocol):
    """What is asked of the archive."""

    def held_paths(self, paths: Collection[str]) -> Mapping[str, int]:
        """Return what stands at those of *paths* that are in use: an article's id, 0 for others."""

    def leading_paths(self, paths: Collection[str]) -> set[str]:
        """Return those of *paths* that lead to an article."""

    def slug_holders(self, places: Iterable[Place]) -> Mapping[Place, int]:
        """Return the articles that have the slug of a day, or to which its address leads."""


def foresee(plan: Plan, reader: Reader) -> None:
    """Remark on what the entries of *plan* cannot bring; drop the slugs that others have."""
    if plan.counts["slug"]:
        _free_slugs(plan, reader)
    hosts = plan.listing.hosts
    if not hosts:
        return
    owners: dict[str, int] = {}
    wanted: set[str] = set()
    for planned in plan.entries:
        owner = _owner(planned)
        for path in planned.entry.old_paths if owner else ():
            owners.setdefault(path, owner)
        for path in _linked(planned, hosts):
            wanted.update(links.spellings(path))
    held = reader.held_paths(owners)
    refused = {path for path, holder in held.items() if holder != owners[path]}
    known = reader.leading_paths(wanted) | (owners.keys() - refused)
    for place, planned in enumerate(plan.entries):
        remarks = len(planned.diagnostics)
        say_refused(planned, _owner(planned), owners, refused)
        say_unresolved(planned, _linked(planned, hosts), known)
        if len(planned.diagnostics) > remarks:
            plan.entries[place] = planned


def say_refused(
    planned: PlannedEntry, owner: int, owners: Mapping[str, int], refused: Collection[str]
) -> None:
    """Remark on the old addresses of an entry that do not come to lead to its article, *owner*."""
    for path in planned.entry.old_paths:
        if path in refused or (owner and owners.get(path) != owner):
            _remark_once(
                planned,
                "address-taken",
                f"The old address “/{path[:200]}” leads to something else here; it was not taken.",
            )


def say_unresolved(planned: PlannedEntry, paths: Iterable[str], known: Collection[str]) -> None:
    """Remark on those of the old *paths* that an entry links to which are not *known* here."""
    left = [
        path
        for path in dict.fromkeys(paths)
        if not path.startswith("articles/")
        and not any(name in known for name in links.spellings(path))
    ]
    if left:
        shown = ", ".join(f"/{path[:120]}" for path in left[:_LISTED])
        more = f" and {len(left) - _LISTED} more" if len(left) > _LISTED else ""
        _remark_once(
            planned,
            "link-unresolved",
            f"Links to pages of the old site that are not here: {shown}{more}.",
        )


def _remark_once(planned: PlannedEntry, code: str, message: str) -> None:
    if all(
        (remark["code"], remark["message"]) != (code, message) for remark in planned.diagnostics
    ):
        planned.remark(code, message)


def _owner(planned: PlannedEntry) -> int:
    """Return the article of an entry by id, a new one by a number below nought; 0 for none."""
    if planned.article is not None:
        return planned.article.id
    if planned.change == CREATE:
        return -1 - planned.entry.ordinal
    return (planned.known.article if planned.known else None) or 0


def _linked(planned: PlannedEntry, hosts: tuple[str, ...]) -> Iterable[str]:
    """Return the old paths that the body which an entry brings links to."""
    if "body" not in planned.fields:
        return ()
    return links.internal_paths(planned.fields["body"][1] or "", hosts)


def _free_slugs(plan: Plan, reader: Reader) -> None:
    """Drop the slugs of *plan* that another article has on their day; such get one of their own."""
    wanted = [
        (place, _day(planned), planned.fields["slug"][1])
        for place, planned in enumerate(plan.entries)
        if planned.fields.get("slug", (0, 0))[1]
    ]
    taken = reader.slug_holders((day, slug) for _place, day, slug in wanted if day)
    mine: dict[Place, int] = {}
    for planned in plan.entries:
        if planned.change == CREATE and "slug" not in planned.fields:
            slug = slugify(str(planned.values.get("headline") or ""), "article")
            mine.setdefault((_day(planned), slug), planned.entry.ordinal)
    for number, _its_day, slug in wanted:
        planned = plan.entries[number]
        place = _day(planned), slug
        holder = taken.get(place)
        own = planned.article.id if planned.article else None
        first = mine.setdefault(place, planned.entry.ordinal)
        if (holder is not None and holder != own) or first != planned.entry.ordinal:
            del planned.fields["slug"]
            planned.remark("slug-taken", f"The slug “{slug}” of that day is another article's.")
            plan.entries[number] = planned


def _day(planned: PlannedEntry) -> datetime.date | None:
    try:
        return parse_partial(str(planned.values.get("published_on") or ""))[0]
    except ValueError:
        return None
