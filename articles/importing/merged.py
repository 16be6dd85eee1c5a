"""Articles that were merged: an entry of a copy leads on to the survivor."""

from collections.abc import Iterable, Mapping

from articles.importing.records import Plan
from articles.importing.stored import Rows
from articles.models import Article, SourceEntry


def survivors() -> dict[int, int]:
    """Return the article that each merged copy leads to."""
    rows = Article.objects.merged().values_list("pk", "merged_into")
    return {pk: survivor for pk, survivor in rows if survivor is not None}


def leads(
    entries: Iterable[tuple[str, int | None, bool]], led: Mapping[int, int]
) -> dict[str, int | None]:
    """Return the article that each entry of a copy leads to, by fingerprint.

    *entries* are those of a source as (fingerprint, article, whether it is in the newest listing);
    *led* is what `survivors` returns. Where the survivor has an entry of its own in the source, or
    another copy has led there, the copy's entry leads nowhere: one article takes its values from
    one entry, in whichever of its wordings.
    """
    if not led:
        return {}
    rows = list(entries)
    owned = {article for _, article, _ in rows if article is not None and article not in led}
    found: dict[str, int | None] = {}
    first: dict[int, int] = {}
    for print_, article, _ in sorted(rows, key=lambda row: not row[2]):
        if article is not None and article in led:
            survivor = led[article]
            is_it = survivor not in owned and first.setdefault(survivor, article) == article
            found[print_] = survivor if is_it else None
    return found


def keep_copies(plan: Plan, rows: Rows) -> None:
    """Let the stored entries of copies go on pointing to the copy, so that a merge can be taken
    back. *rows* are the source entries of the run by ordinal."""
    before = dict(
        SourceEntry.objects.filter(article__merged_into__isnull=False).values_list("pk", "article")
    )
    if not before and not plan.counts["copy"]:
        return
    for planned in plan.entries:
        row = rows.get(planned.entry.ordinal)
        copy = before.get(planned.known.id) if planned.known is not None else None
        copy = planned.copy or copy
        if row is not None and copy is not None:
            SourceEntry.objects.filter(pk=row.pk).update(article=copy)
