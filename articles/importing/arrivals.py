"""What moves here with a whole site: its addresses, the links between its pages, its slugs.

Links are rewritten when a listing is read, as far as their targets are in the archive already, and
again when the articles of the same file have their addresses. What is stored as imported is the
rewritten body, so that importing the file again finds nothing changed.
"""

from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from django.db import transaction

from articles.importing import arriving, links, pictures
from articles.importing.packing import parsed_entries
from articles.importing.records import ParsedListing, Plan, PlannedEntry
from articles.importing.stored import Rows
from articles.models import ImportRun, SourceEntry
from articles.writing import old_addresses
from articles.writing.index import BATCH, batches


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
    entries = parsed_entries()
    for entry in listing.entries:
        body = entry.values.get("body") or ""
        there = links.localised(body, listing.hosts, known)
        same = there == body
        entries.append(entry if same else replace(entry, values={**entry.values, "body": there}))
    return replace(listing, entries=entries)


def settle(plan: Plan, run: ImportRun, rows: Rows) -> None:
    """Remember the old addresses of a site's articles, and let its links lead to the new ones.

    To be called when all rows are written, in their transaction; *rows* are the new source
    entries by ordinal. What could not be done is remarked on.
    """
    hosts = plan.listing.hosts
    if not hosts:
        return
    copied = pictures.store(plan.listing.pictures)
    transaction.on_commit(partial(pictures.make_widths, copied), robust=True)
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
        # As the plan said; but somebody may have taken an address since.
        arriving.say_refused(planned, article or 0, owners, refused)
        if article is not None and "body" in planned.fields:
            body = planned.fields["body"][1] or ""
            there = links.localised(body, hosts, known)
            arriving.say_unresolved(planned, links.internal_paths(body, hosts), known)
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
