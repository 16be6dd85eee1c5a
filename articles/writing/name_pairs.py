"""The writer of findings about two names of the archive that may be one.

They stand under the codes of what imports propose of the same kind, and are confirmed alike
(`articles.writing.proposals`): `articles.importing.archive_pairs` says which pairs there are. A
pair is known by its two rows, so that "not a problem" holds whatever their names become.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import models, transaction
from django.db.models import Count, Q, QuerySet

from articles.choices import FindingState
from articles.cleaning import clean_line
from articles.folding import fold
from articles.models import Contribution, Finding, Operation, Part, Series, Tag, TaggedArticle
from articles.writing import index
from articles.writing.findings import Reviewed, close_findings, open_again
from authors.models import Author

#: Two ids, the lower one first.
Pair = tuple[int, int]

#: The code of a pair of each kind: what imports say of two spellings.
CODES: dict[type[models.Model], str] = {
    Author: "author-spelling", Series: "series-spelling", Tag: "tag-spelling",
}  # fmt: skip
#: What the ledger calls each, and the column of its name: `articles.writing.names` stands above.
SUBJECTS: dict[type[models.Model], str] = {Author: "author", Series: "series", Tag: "tag"}
_TITLE: dict[type[models.Model], str] = {Author: "name", Series: "title", Tag: "name"}
_LINKS: dict[Any, Any] = {Author: Contribution, Series: Part, Tag: TaggedArticle}


def waiting(kind: type[models.Model], about: Collection[int] | None = None) -> QuerySet[Finding]:
    """Return the open findings about pairs of *kind*; of those in *about* only, if it is given."""
    rows = Finding.objects.filter(code=CODES[kind], state=FindingState.OPEN)
    return rows.filter(Q(evidence__has_key="pair") if about is None else _of(about))


def _of(ids: Collection[int]) -> Q:
    return Q(evidence__pair__0__in=ids) | Q(evidence__pair__1__in=ids)


def keep_pairs(
    kind: type[models.Model],
    pairs: Iterable[Pair],
    *,
    about: Collection[int] | None = None,
    dry_run: bool = False,
) -> Reviewed:
    """Bring the findings about pairs of *kind* in step with *pairs*; return what was done, or
    would be with *dry_run*.

    Without *about* these are all that there are; else those of the rows in *about*, and what is
    said of other rows stays. A pair that somebody settled, or that an import asked about, is not
    raised. One transaction for each chunk.
    """
    done = Reviewed()
    wanted = {fingerprint(kind, pair): pair for pair in pairs}
    for chunk in index.batches(sorted(wanted)):
        with transaction.atomic():
            # As by every writer of findings: before them.
            index.lock_content_version()
            _raise(kind, {print_: wanted[print_] for print_ in chunk}, done)
            if dry_run:
                transaction.set_rollback(True)
    rows = [row for row in waiting(kind, about) if row.fingerprint not in wanted]
    for ended in index.batches(rows):
        with transaction.atomic():
            close_findings(ended)
            if dry_run:
                transaction.set_rollback(True)
    _count(done.closed, kind, len(rows))
    return done


def end_pairs(
    kind: type[models.Model],
    gone: Collection[int],
    operation: Operation | None = None,
    *,
    spelled: Collection[str] = (),
    but: int | None = None,
) -> None:
    """Close the findings about rows of *kind* that are *gone*, deleted or merged.

    *spelled* are spellings that lead to one row by now: what an import asked about two of them is
    answered. *but* is a finding that the caller settles.
    """
    asked = Q(suggestion__alias__target__in=spelled, suggestion__alias__spelling__in=spelled)
    rows = Finding.objects.filter(_of(gone) | asked, code=CODES[kind], state=FindingState.OPEN)
    # What waits for a series has articles to be put there, too.
    ended = [row for row in rows if row.pk != but and not _alias_of(row.suggestion).get("places")]
    close_findings(ended, operation)


def known(kind: type[models.Model], pairs: Collection[Pair]) -> set[Pair]:
    """Return those of *pairs* about which a finding waits, or was settled by somebody."""
    prints = {fingerprint(kind, pair): pair for pair in pairs}
    found: set[Pair] = set()
    for chunk in index.batches(sorted(prints)):
        rows = Finding.objects.filter(fingerprint__in=chunk)
        rows = rows.exclude(state=FindingState.RESOLVED, settled_by=None)
        found |= {prints[print_] for print_ in rows.values_list("fingerprint", flat=True)}
    return found


def fingerprint(kind: type[models.Model], pair: Pair) -> str:
    """Return what makes the doubt about two rows the same one next time."""
    about = f"pair\n{SUBJECTS[kind]}\n{pair[0]}\n{pair[1]}"
    return hashlib.sha256(about.encode()).hexdigest()


def _raise(kind: type[models.Model], wanted: Mapping[str, Pair], done: Reviewed) -> None:
    stored = {row.fingerprint: row for row in Finding.objects.filter(fingerprint__in=wanted)}
    shown = {
        print_: pair
        for print_, pair in wanted.items()
        if print_ not in stored or _may_change(stored[print_])
    }
    if not shown:
        return
    titles, counts = _read(kind, {pk for pair in shown.values() for pk in pair})
    # Somebody may have deleted or merged one meanwhile.
    shown = {print_: pair for print_, pair in shown.items() if titles.keys() >= set(pair)}
    asked = _asked(kind, {titles[pk] for pair in shown.values() for pk in pair})
    fresh, again, changed = [], [], []
    for print_, pair in shown.items():
        said = _said(kind, pair, titles, counts)
        row = stored.get(print_)
        if row is None:
            if frozenset(fold(titles[pk]) for pk in pair) not in asked:
                fresh.append(Finding(code=CODES[kind], fingerprint=print_, **said))
            continue
        if row.state == FindingState.RESOLVED:
            again.append(row)
        if row.message != said["message"]:
            changed.append(row)
            row.message, row.evidence = said["message"], said["evidence"]
            row.suggestion = said["suggestion"]
    Finding.objects.bulk_create(fresh, batch_size=index.BATCH, ignore_conflicts=True)
    open_again(again)
    Finding.objects.bulk_update(changed, ["message", "evidence", "suggestion"], batch_size=100)
    _count(done.opened, kind, len(fresh) + len(again))


def _may_change(row: Finding) -> bool:
    """Whether a finding waits, or ended by itself; what somebody settled stays."""
    return row.state == FindingState.OPEN or (
        row.state == FindingState.RESOLVED and row.settled_by_id is None
    )


def _read(kind: Any, ids: set[int]) -> tuple[dict[int, str], dict[int, int]]:
    """Return the names of rows, and how many places each has, by id."""
    titles: dict[int, str] = {}
    counts: dict[int, int] = {}
    for chunk in index.batches(sorted(ids)):
        titles |= kind._default_manager.filter(pk__in=chunk).values_list("pk", _TITLE[kind])
        link = SUBJECTS[kind]
        rows = _LINKS[kind]._default_manager.filter(**{f"{link}__in": chunk}).order_by()
        counts |= rows.values_list(link).annotate(Count("pk"))
    return titles, counts


def _asked(kind: type[models.Model], spelled: set[str]) -> set[frozenset[str]]:
    """Return the pairs of folded names, among *spelled*, that imports asked about already."""
    asked: set[frozenset[str]] = set()
    for chunk in index.batches(sorted(spelled)):
        rows = Finding.objects.filter(
            code=CODES[kind], suggestion__alias__spelling__in=chunk
        ).exclude(state=FindingState.RESOLVED, settled_by=None)
        for suggestion in rows.values_list("suggestion", flat=True):
            alias = _alias_of(suggestion)
            if isinstance(alias.get("target"), str):
                asked.add(frozenset(fold(alias[name]) for name in ("target", "spelling")))
    return asked


def _alias_of(suggestion: Any) -> dict[str, Any]:
    alias = suggestion.get("alias") if isinstance(suggestion, dict) else None
    return alias if isinstance(alias, dict) else {}


def _said(
    kind: type[models.Model], pair: Pair, titles: Mapping[int, str], counts: Mapping[int, int]
) -> dict[str, Any]:
    """Return what the finding about *pair* says. The one that more stands on is to stay."""
    target, copy = sorted(pair, key=lambda pk: (-counts.get(pk, 0), pk))
    return {
        "message": clean_line(f"“{titles[copy]}” may be “{titles[target]}”.", 1000),
        "evidence": {
            "pair": list(pair),
            "names": [
                {"name": titles[pk], "count": counts.get(pk, 0)} for pk in (target, copy)
            ],
        },
        "suggestion": {
            "alias": {
                "of": SUBJECTS[kind], "target": target, "copy": copy, "spelling": titles[copy],
            }
        },
    }  # fmt: skip


def _count(counts: dict[str, int], kind: type[models.Model], number: int) -> None:
    if number:
        counts[CODES[kind]] = counts.get(CODES[kind], 0) + number
