"""Conflicts between a listing and an editor: what they are about, what was decided, what is over.

Of one article, field and source at most one is open. A field of it is over when the listing says
something else by now, or when the article has what the listing says.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from articles.choices import FindingState
from articles.folding import fold
from articles.models import Article, Finding
from articles.writing.index import batches
from articles.writing.state import Values, columns_of, lists_of

CODE = "conflict"
#: What was decided of a field; or that nobody needs to decide any more.
TAKE, KEEP, OVER = "take", "keep", "over"
#: What a listing calls the lists of an article: the ledger's name, and the keys of an item.
_LISTS = {"authors": ("credits", "author", "name"), "series": ("parts", "series", "title")}


def conflict_fields(finding: Finding) -> dict[str, dict[str, Any]]:
    """Return the fields of a conflict with their values imported, of the source, of the archive."""
    fields = finding.evidence.get("fields") if isinstance(finding.evidence, dict) else None
    if finding.code != CODE or not isinstance(fields, dict):
        return {}
    return {
        name: sides
        for name, sides in fields.items()
        if isinstance(sides, dict) and "source" in sides
    }


def decided_fields(finding: Finding) -> dict[str, str]:
    """Return the fields that are decided already: field -> `TAKE`, `KEEP` or `OVER`."""
    decided = finding.evidence.get("decided") if isinstance(finding.evidence, dict) else None
    return dict(decided) if isinstance(decided, dict) else {}


def open_conflicts(article_ids: Iterable[int]) -> list[Finding]:
    """Return the open conflicts about these articles."""
    rows = Finding.objects.filter(code=CODE, state=FindingState.OPEN)
    ids = sorted(set(article_ids))
    return [row for chunk in batches(ids) for row in rows.filter(article__in=chunk).order_by("pk")]


def fulfilled(article_ids: Iterable[int]) -> dict[int, set[str]]:
    """Return the fields in conflict in which the articles have what the listing says, by the id
    of the finding."""
    found: dict[int, set[str]] = {}
    for chunk in batches(open_conflicts(article_ids)):
        about = {row.article_id for row in chunk if row.article_id is not None}
        lists = lists_of(about)
        now = {row.pk: columns_of(row) for row in Article.objects.filter(pk__in=about)}
        for row in chunk:
            values = now.get(row.article_id or 0)
            if values is None:
                continue
            for name, sides in _waiting(row):
                own = lists[row.article_id or 0][_LISTS[name][0]] if name in _LISTS else None
                if _has(name, own if name in _LISTS else values.get(name), sides):
                    found.setdefault(row.pk, set()).add(name)
    return found


def superseded(
    rows: Iterable[Finding], says: Mapping[int, Values], asked: Mapping[int, Collection[str]]
) -> dict[int, set[str]]:
    """Return the fields of the open conflicts *rows* of which the listing says something else by
    now, by the id of the finding.

    *says* is what the listing says of each article now; *asked* has the fields in which it is in
    conflict now, which is asked by another finding.
    """
    found: dict[int, set[str]] = {}
    for row in rows:
        said = says.get(row.article_id or 0)
        if said is None:
            continue
        for name, sides in _waiting(row):
            is_asked = name in asked.get(row.article_id or 0, ())
            if is_asked or (name in said and not is_same(name, sides["source"], said[name])):
                found.setdefault(row.pk, set()).add(name)
    return found


def _waiting(row: Finding) -> list[tuple[str, dict[str, Any]]]:
    decided = decided_fields(row)
    return [(name, sides) for name, sides in conflict_fields(row).items() if name not in decided]


def mark_over(finding: Finding, names: Iterable[str]) -> bool:
    """Note in the evidence of *finding* that fields are over; tell whether all are decided."""
    decided = {**dict.fromkeys(names, OVER), **decided_fields(finding)}
    finding.evidence = {**finding.evidence, "decided": decided}
    return decided.keys() >= conflict_fields(finding).keys()


def forget_over(finding: Finding) -> None:
    """Ask again what was over, since what ended it is taken back."""
    decided = decided_fields(finding)
    if OVER in decided.values():
        left = {name: what for name, what in decided.items() if what != OVER}
        finding.evidence = {**finding.evidence, "decided": left}


def refused(torn: Mapping[int, Mapping[str, Values]]) -> dict[int, set[str]]:
    """Return of the conflicts of each article the fields whose value of the listing an editor has
    refused before: by keeping ours, by calling it no problem, or by writing something else in its
    place, which was the reason of a conflict."""
    found: dict[int, set[str]] = defaultdict(set)
    for chunk in batches(sorted(torn)):
        for row in Finding.objects.filter(article__in=chunk, code=CODE).order_by("pk"):
            pk = row.article_id or 0
            for name, values in _refused_by(row):
                if name in torn[pk] and is_same(name, torn[pk][name]["source"], values):
                    found[pk].add(name)
    return found


def _refused_by(row: Finding) -> Iterator[tuple[str, Any]]:
    decided = decided_fields(row)
    for name, sides in conflict_fields(row).items():
        what = KEEP if row.state == FindingState.DISMISSED else decided.get(name)
        if what == KEEP:
            yield name, sides["source"]
        if what != TAKE and sides.get("imported"):
            yield name, sides["imported"]


def is_same(name: str, one: Any, other: Any) -> bool:
    """Whether a listing that says the one of a field says the other, too."""
    if name not in _LISTS:
        return (one or None) == (other or None)
    rows, others = list(one or []), list(other or [])
    if name == "series":
        rows.sort(key=lambda item: fold(item["title"]))
        others.sort(key=lambda item: fold(item["title"]))
    return len(rows) == len(others) and all(
        _is_one(name, *pair) for pair in zip(rows, others, strict=True)
    )


def _has(name: str, archive: Any, sides: Values) -> bool:
    """Whether the archive has what the source says. Of series more may stand there, but not what
    the source took away."""
    source = sides["source"]
    if name != "series":
        return is_same(name, archive, source)
    rows, places = archive or [], source or []
    gone = [
        place
        for place in sides.get("imported") or []
        if not any(_leads_to_one(name, place, other) for other in places)
    ]
    return all(any(_is_one(name, row, place) for row in rows) for place in places) and not any(
        _leads_to_one(name, row, place) for row in rows for place in gone
    )


def _is_one(name: str, one: Values, other: Values) -> bool:
    if name == "series" and one.get("part_number") != other.get("part_number"):
        return False
    if name == "authors" and (one.get("role") or "aut") != (other.get("role") or "aut"):
        return False
    return _leads_to_one(name, one, other)


def _leads_to_one(name: str, one: Values, other: Values) -> bool:
    """Whether two items name the same author or series."""
    _ledger, link, title = _LISTS[name]
    ids = one.get(link), other.get(link)
    return (None not in ids and ids[0] == ids[1]) or fold(one[title]) == fold(other[title])
