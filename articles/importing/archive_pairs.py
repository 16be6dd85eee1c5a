"""Names that the archive has already and that may be one: found, and put into the queue.

What imports propose of a file's names (`near_names`, `near_tags`, `series`), this does for those
that were entered by hand, or came from several sources.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import F, Q, QuerySet

from articles.importing.near_pairs import Row, near_pairs, near_to
from articles.importing.records import Values
from articles.models import Finding, Series, Tag
from articles.writing import name_pairs, names
from articles.writing.findings import Reviewed
from articles.writing.name_pairs import CODES
from articles.writing.names import ALIASES, SUBJECTS, TITLE, Named
from authors.models import Author

#: So many names are compared with one that was just saved, the newest first.
COMPARED = 5000


def pair_codes() -> frozenset[str]:
    """Return the codes under which pairs wait."""
    return frozenset(CODES.values())


def find_pairs(codes: Iterable[str], *, dry_run: bool = False) -> tuple[int, Reviewed]:
    """Compare all names of the kinds that *codes* stand for, and bring the findings about them in
    step; return how many names there are, and what was done."""
    count, done = 0, Reviewed()
    kinds: tuple[Any, ...] = (Author, Tag, Series)
    for kind in kinds:
        if CODES[kind] in codes:
            rows = list(_rows(kind._default_manager.all(), kind))
            count += len(rows)
            # What waits since a name was saved is compared again, and not let go unseen.
            asked = _pairs(name_pairs.waiting(kind))
            pairs = near_pairs(SUBJECTS[kind], rows, asked)
            done.add(name_pairs.keep_pairs(kind, pairs, dry_run=dry_run))
    return count, done


def compare(row: Named) -> list[Finding]:
    """Compare a name that was just saved with the others; return the findings that wait about it.

    Must run in the transaction that saved it. A fixed number of queries.
    """
    kind: Any = type(row)
    before: set[int] = {pk for pair in _pairs(name_pairs.waiting(kind, [row.pk])) for pk in pair}
    aliases, link = ALIASES[kind]
    # The name of a row is one of its spellings, and those have keys that an index holds.
    spelled = aliases._default_manager.filter(
        alike(kind, names.alias_key(kind, str(row))), **{f"{link}__kind": row.kind}
    )
    ids: Any = spelled.order_by(f"-{link}_id").values_list(f"{link}_id", flat=True)[:COMPARED]
    around = kind._default_manager.filter(pk__in={*ids, *before})
    pairs = near_to(SUBJECTS[kind], (row.pk, row.kind, str(row)), _rows(around, kind))
    if before or pairs:
        name_pairs.keep_pairs(kind, pairs, about=[row.pk])
    return list(name_pairs.waiting(kind, [row.pk])) if pairs else []


def not_asked(proposals: Sequence[Values]) -> list[Values]:
    """Return those of an import's *proposals* that are not about two names of the archive that
    wait as a pair already, or that somebody settled."""
    asked: set[int] = set()
    kinds: tuple[Any, ...] = (Author, Tag)
    for kind in kinds:
        spelled = {
            place: (alias["target"], alias["spelling"])
            for place, proposal in enumerate(proposals)
            if proposal["code"] == CODES[kind]
            and (alias := (proposal.get("suggestion") or {}).get("alias"))
        }
        ids = names.find_spelled(kind, {name for pair in spelled.values() for name in pair})
        pairs = {
            place: (min(some), max(some))
            for place, (one, other) in spelled.items()
            if len(some := {*ids[one], *ids[other]}) == 2
        }
        known = name_pairs.known(kind, set(pairs.values()))
        asked |= {place for place, pair in pairs.items() if pair in known}
    return [proposal for place, proposal in enumerate(proposals) if place not in asked]


def alike(kind: type[Any], key: str) -> Q:
    """Return which spellings are compared with *key*: one that is alike is equal in a part."""
    if kind is Series or not key:
        return Q()
    if kind is Tag:
        return Q(key__startswith=key[0])
    words = key.replace(".", " ").split()
    if len(words) < 2:
        return Q(key__startswith=key[:4])
    given = " ".join(words[:-1])
    return (
        Q(key__endswith=f" {words[-1]}")
        | Q(key__startswith=f"{given} {words[-1][0]}")
        | Q(key__startswith=key[:4])
    )


def _pairs(findings: Iterable[Finding]) -> Iterator[tuple[int, int]]:
    for finding in findings:
        one, other = (finding.evidence or {})["pair"]
        yield one, other


def _rows(rows: "QuerySet[Any]", kind: type[Any]) -> Iterator[Row]:
    columns = rows.order_by("pk").annotate(shown=F(TITLE[kind]))
    yield from columns.values_list("pk", "kind", "shown")
