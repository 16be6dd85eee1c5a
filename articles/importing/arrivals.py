"""What moves here with a whole site: its addresses, the links between its pages, its slugs.

Links are rewritten when a listing is read, as far as their targets are in the archive already, and
again when the articles of the same file have their addresses. What is stored as imported is the
rewritten body, so that importing the file again finds nothing changed.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import replace

from articles.folding import slugify
from articles.importing import links, pictures
from articles.importing.records import CREATE, ParsedListing, Plan, PlannedEntry
from articles.importing.stored import Rows
from articles.models import ImportRun, SourceEntry
from articles.partial_dates import parse_partial
from articles.writing import old_addresses
from articles.writing.index import BATCH, batches

_LISTED = 5


def localised(listing: ParsedListing) -> ParsedListing:
    """Return *listing* with links to pages of its site that are here leading to them."""
    if not listing.hosts:
        return listing
    known = _addresses(
        path
        for entry in listing.entries
        for path in links.internal_paths(entry.values.get("body") or "", listing.hosts)
    )
    if not known:
        return listing
    entries = []
    for entry in listing.entries:
        body = entry.values.get("body") or ""
        there = links.localised(body, listing.hosts, known)
        same = there == body
        entries.append(entry if same else replace(entry, values={**entry.values, "body": there}))
    return replace(listing, entries=entries)


def free_slugs(plan: Plan) -> None:
    """Drop the slugs of *plan* that another article has on their day; such get one of their own."""
    if not plan.counts["slug"]:
        return
    wanted = [
        (place, _day(planned), planned.fields["slug"][1])
        for place, planned in enumerate(plan.entries)
        if planned.fields.get("slug", (0, 0))[1]
    ]
    taken = old_addresses.holders_of((day, slug) for _place, day, slug in wanted if day)
    mine: dict[tuple[object, str], int] = {}
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


def settle(plan: Plan, run: ImportRun, rows: Rows) -> None:
    """Remember the old addresses of a site's articles, and let its links lead to the new ones.

    To be called when all rows are written, in their transaction; *rows* are the new source
    entries by ordinal. What could not be done is remarked on.
    """
    hosts = plan.listing.hosts
    if not hosts:
        return
    pictures.store(plan.listing.pictures)
    owners: dict[str, int] = {}
    for planned in plan.entries:
        article = _article(planned, rows)
        if article is not None:
            for path in planned.entry.old_paths:
                owners.setdefault(path, article)
    refused = old_addresses.remember(owners)
    bodies: dict[int, str] = {}
    stored: dict[int, str] = {}
    known = _addresses(
        path
        for planned in plan.entries
        if "body" in planned.fields
        for path in links.internal_paths(planned.fields["body"][1] or "", hosts)
    )
    for place, planned in enumerate(plan.entries):
        remarks = len(planned.diagnostics)
        article = _article(planned, rows)
        _say_refused(planned, article, owners, refused)
        if article is not None and "body" in planned.fields:
            body = planned.fields["body"][1] or ""
            there = links.localised(body, hosts, known)
            _say_unresolved(planned, there, hosts)
            if there != body:
                bodies[article] = there
                row = rows.get(planned.entry.ordinal)
                if row is not None:
                    stored[row.pk] = there
        if len(planned.diagnostics) > remarks:
            plan.entries[place] = planned
    old_addresses.link_bodies(bodies, run)
    for chunk in batches(sorted(stored)):
        changed = list(SourceEntry.objects.filter(pk__in=chunk, values__isnull=False))
        for entry in changed:
            entry.values = {**(entry.values or {}), "body": stored[entry.pk]}
        SourceEntry.objects.bulk_update(changed, ["values"], batch_size=BATCH)


def _article(planned: PlannedEntry, rows: Rows) -> int | None:
    row = rows.get(planned.entry.ordinal)
    if row is not None and row.article_id is not None:
        return row.article_id
    return planned.article.id if planned.article else None


def _addresses(paths: Iterable[str]) -> dict[str, str]:
    wanted = {name for path in paths for name in links.spellings(path)}
    return old_addresses.present_addresses(wanted)


def _day(planned: PlannedEntry) -> datetime.date | None:
    try:
        return parse_partial(str(planned.values.get("published_on") or ""))[0]
    except ValueError:
        return None


def _say_refused(
    planned: PlannedEntry, article: int | None, owners: Mapping[str, int], refused: Iterable[str]
) -> None:
    for path in planned.entry.old_paths:
        if path in refused or (article is not None and owners.get(path) != article):
            planned.remark(
                "address-taken",
                f"The old address “/{path[:200]}” leads to something else here; it was not taken.",
            )


def _say_unresolved(planned: PlannedEntry, body: str, hosts: tuple[str, ...]) -> None:
    left = list(dict.fromkeys(
        path for path in links.internal_paths(body, hosts) if not path.startswith("articles/")
    ))  # fmt: skip
    if left:
        shown = ", ".join(f"/{path[:120]}" for path in left[:_LISTED])
        more = f" and {len(left) - _LISTED} more" if len(left) > _LISTED else ""
        planned.remark(
            "link-unresolved", f"Links to pages of the old site that are not here: {shown}{more}."
        )
