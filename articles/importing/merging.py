"""Three-way merge of one entry into one article: last imported, new source, archive. Pure.

One side changed: that side stands. Both changed to the same: nothing to do. Both changed
differently: a conflict, and the archive's value stays.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from articles.folding import casefold_key, fold
from articles.importing.bylines import say_the_same
from articles.importing.records import Values
from articles.importing.stated import own_rights

#: Single values that a listing or a fixture carries.
SCALARS = (
    "kicker", "headline", "subtitle", "part_label", "byline", "published_on", "standfirst",
    "language", "source_url", "body", "publication", "volume", "issue", "pages", "rights", "slug",
    "translation_of", "status", "visible_from", "withdrawn_reason", "correction_note",
)  # fmt: skip


@dataclass(slots=True)
class Merge:
    """What a new version of an entry changes in an article."""

    #: Field -> (archive now, archive then).
    fields: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    #: Field -> {"imported", "source", "archive"}.
    conflicts: dict[str, Values] = field(default_factory=dict)


def merge(base: Values | None, new: Values, archive: Values, site_rights: str = "") -> Merge:
    """Return what *new* changes.

    *base* are the values imported last, None if this source never brought the article. *archive*
    has the article's values in the same terms, with ``authors``, ``tags`` and ``series`` as in
    the JSON report. Without a base an empty field is filled, and a differing one is a conflict.
    *site_rights* is the rights statement of the whole archive.
    """
    result = Merge()
    new = _as_archived(new, archive, site_rights)
    base = None if base is None else _as_archived(base, archive, site_rights)
    for name in SCALARS:
        if name not in new:
            # The file says nothing of it: what is in the archive stands.
            continue
        _merge_value(
            result,
            name,
            None if base is None else base.get(name) or None,
            new.get(name) or None,
            archive.get(name) or None,
            has_base=base is not None,
        )
    if "authors" in new:
        _merge_authors(result, base, new, archive)
    _merge_sets(result, "tags", base, new, archive)
    _merge_series(result, base, new, archive)
    return result


def _as_archived(values: Values, archive: Values, site_rights: str) -> Values:
    """Return *values* in which a name of several authors or series means the one it stands for in
    the article already, and rights are those of the article itself."""
    found = dict(values)
    if stated := values.get("rights"):
        found["rights"] = own_rights(stated, archive.get("rights") or "", site_rights)
    if "authors" in values:
        credits = _by(archive.get("authors") or [], "author", _credit_name)
        found["authors"] = [
            _with_id(credit, "author", credits.get(_credit_name(credit)))
            for credit in values["authors"] or []
        ]
    if "series" in values:
        places = _by(archive.get("series") or [], "series", _place_name)
        found["series"] = [
            _with_id(place, "series", places.get(_place_name(place)))
            for place in values["series"] or []
        ]
    return found


def _by(items: list[Values], name: str, key: Callable[[Values], Any]) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = {}
    for item in items:
        if item.get(name):
            found.setdefault(key(item), []).append(item[name])
    return found


def _with_id(item: Values, name: str, ids: list[Any] | None) -> Values:
    return {**item, name: ids.pop(0)} if ids and not item.get(name) else item


def _credit_name(credit: Values) -> tuple[str, str]:
    return fold(credit["name"]), credit.get("role") or "aut"


def _place_name(place: Values) -> tuple[str, str]:
    return fold(place["title"]), place["kind"]


def _merge_value(
    result: Merge, name: str, base: Any, new: Any, archive: Any, *, has_base: bool
) -> None:
    if new == archive or (has_base and new == base):
        return
    if (has_base and archive == base) or (not has_base and archive is None):
        result.fields[name] = (archive, new)
    elif name == "byline" and new and archive and say_the_same(new, archive):
        # What an editor typed is printed as it was typed.
        return
    elif has_base or new is not None:
        result.conflicts[name] = {"imported": base, "source": new, "archive": archive}


def both_changed(names: Iterable[str]) -> str:
    """Return what is said of a conflict of the fields *names*."""
    fields = ", ".join(sorted(names))
    return f"The listing and an editor both changed {fields}; the editor's value stands."


def torn_between(conflicts: Mapping[str, Values]) -> str:
    """Return the same; nobody changed what this source brings for the first time."""
    if any(sides.get("imported") for sides in conflicts.values()):
        return both_changed(conflicts)
    fields = ", ".join(sorted(conflicts))
    return f"Listing and editor differ in {fields}; the editor's value stands."


def author_identity(credit: Values) -> tuple[Any, str]:
    """Return what makes two credits the same: the author's row if known, else the folded name."""
    return credit.get("author") or fold(credit["name"]), credit.get("role") or "aut"


def _merge_authors(result: Merge, base: Values | None, new: Values, archive: Values) -> None:
    wanted = list(dict.fromkeys(author_identity(credit) for credit in new["authors"]))
    present = [author_identity(credit) for credit in archive.get("authors", [])]
    before = (
        None
        if base is None
        else list(dict.fromkeys(author_identity(credit) for credit in base.get("authors", [])))
    )
    if wanted in (present, before):
        return
    if present == before or (before is None and not present):
        result.fields["authors"] = (archive.get("authors", []), new["authors"])
    elif before is not None or wanted:
        result.conflicts["authors"] = {
            "imported": None if base is None else base.get("authors", []),
            "source": new["authors"],
            "archive": archive.get("authors", []),
        }


def _merge_sets(
    result: Merge, name: str, base: Values | None, new: Values, archive: Values
) -> None:
    """Merge tags: what the source added is added, what it took away is taken away."""
    wanted = {casefold_key(item): item for item in new.get(name) or []}
    before = {casefold_key(item) for item in (base or {}).get(name) or []}
    present = {casefold_key(item): item for item in archive.get(name) or []}
    added = [item for key, item in wanted.items() if key not in before and key not in present]
    removed = {key for key in before if key not in wanted and key in present}
    if added or removed:
        kept = [item for key, item in present.items() if key not in removed]
        result.fields[name] = (list(present.values()), [*kept, *added])


def _series_key(place: Values) -> tuple[Any, str]:
    return place.get("series") or fold(place["title"]), place["kind"]


def _merge_series(result: Merge, base: Values | None, new: Values, archive: Values) -> None:
    """Merge places one by one. One without a number says nothing of the number."""
    wanted = {_series_key(place): place for place in new.get("series") or []}
    before = {_series_key(place): place for place in (base or {}).get("series") or []}
    present = {_series_key(place): place for place in archive.get("series") or []}
    then = dict(present)
    is_torn = False
    for key, place in wanted.items():
        number = place.get("part_number")
        last = before[key].get("part_number") if key in before else None
        if key not in present:
            if key not in before:
                then[key] = place
            # Else an editor took it out: that stands, unless the listing moves it.
            is_torn |= key in before and number != last
            continue
        current = present[key].get("part_number")
        if number in (last, current):
            continue
        if current == last:
            then[key] = {**present[key], "part_number": number}
        else:
            is_torn = True
    for key in (before.keys() & present.keys()) - wanted.keys():
        if present[key].get("part_number") in (None, before[key].get("part_number")):
            del then[key]
        else:
            is_torn = True
    if then != present:
        result.fields["series"] = (list(present.values()), list(then.values()))
    if is_torn:
        result.conflicts["series"] = {
            "imported": (base or {}).get("series") or [],
            "source": new.get("series") or [],
            "archive": archive.get("series") or [],
        }
