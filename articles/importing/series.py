"""Which entries of a file form series. Pure.

A serial is where numbered parts share a folded headline; the first part may be unmarked. A column
is where a folded kicker stands in three entries or more. Weaker evidence is a proposal.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz

from articles.folding import fold
from articles.importing.records import Values

#: Entries that make a kicker a column.
COLUMN_ENTRIES = 3
#: Longest title of a series; a longer headline names none.
LONGEST_TITLE = 300
#: Similarity (0 to 100) at which two column titles may be one spelled two ways.
SIMILAR_TITLES = 80.0


def infer(
    entries: Sequence[Values], known: Iterable[tuple[str, str]] = ()
) -> tuple[list[list[Values]], list[Values]]:
    """Return the series of each entry, and proposals.

    *known* are folded spellings of series that the archive has, with their kind: a kicker or a
    headline that leads to one needs no further evidence. A series is
    ``{"title", "kind", "part_number"}``; a proposal ``{"code", "message", "evidence",
    "entries"}`` with the places of the entries it is about.
    """
    archive: dict[str, set[str]] = defaultdict(set)
    for key, kind in known:
        archive[key].add(kind)
    found: list[list[Values]] = [[] for _ in entries]
    proposals: list[Values] = []
    _serials(entries, archive, found, proposals)
    _columns(entries, archive, found, proposals)
    return found, proposals


def _serials(
    entries: Sequence[Values],
    archive: dict[str, set[str]],
    found: list[list[Values]],
    proposals: list[Values],
) -> None:
    groups: dict[str, list[int]] = defaultdict(list)
    for place, values in enumerate(entries):
        groups[fold(values.get("headline") or "")].append(place)
    for key, places in groups.items():
        numbers = {
            place: number
            for place in places
            if (number := entries[place].get("part_number")) is not None
        }
        if not numbers:
            continue
        implied = _implied_first(entries, places, numbers)
        if implied is not None:
            numbers[implied] = 1
        title = _commonest(str(entries[place]["headline"]) for place in places)
        if len(title) > LONGEST_TITLE:
            continue
        repeated = {number for number, times in Counter(numbers.values()).items() if times > 1}
        if len(set(numbers.values())) < 2 and "serial" not in archive[key]:
            if len(numbers) == 1:
                (place, number) = next(iter(numbers.items()))
                proposals.append(
                    {
                        "code": "part-alone",
                        "message": f"Part {number} of “{title}” stands alone.",
                        "evidence": {"title": title, "part_number": number},
                        "entries": [place],
                    }
                )
            continue
        for place, number in numbers.items():
            kept = None if number in repeated else number
            found[place].append({"title": title, "kind": "serial", "part_number": kept})
        for number in sorted(repeated):
            proposals.append(
                {
                    "code": "part-number-twice",
                    "message": f"Two entries are part {number} of “{title}”.",
                    "evidence": {"title": title, "part_number": number},
                    "entries": [place for place, n in numbers.items() if n == number],
                }
            )


def _implied_first(
    entries: Sequence[Values], places: Sequence[int], numbers: dict[int, int]
) -> int | None:
    """Return the unmarked entry that is part 1: the only one, not later than the other parts."""
    unmarked = [place for place in places if place not in numbers]
    if len(unmarked) != 1 or 1 in numbers.values() or 2 not in numbers.values():
        return None
    first = str(entries[unmarked[0]].get("published_on") or "")
    others = [str(entries[place].get("published_on") or "") for place in numbers]
    return unmarked[0] if first and all(first <= other for other in others) else None


def _columns(
    entries: Sequence[Values],
    archive: dict[str, set[str]],
    found: list[list[Values]],
    proposals: list[Values],
) -> None:
    groups: dict[str, list[int]] = defaultdict(list)
    for place, values in enumerate(entries):
        if key := fold(values.get("kicker") or ""):
            groups[key].append(place)
    columns: dict[str, str] = {}
    for key, places in groups.items():
        if len(places) >= COLUMN_ENTRIES or "column" in archive[key]:
            columns[key] = _commonest(str(entries[place]["kicker"]) for place in places)
            for place in places:
                found[place].append({"title": columns[key], "kind": "column", "part_number": None})
    for key, places in groups.items():
        if key in columns:
            continue
        title = str(entries[places[0]]["kicker"])
        near = [
            other
            for other_key, other in columns.items()
            if fuzz.token_set_ratio(key, other_key) >= SIMILAR_TITLES
            and fuzz.ratio(key, other_key) >= SIMILAR_TITLES
        ]
        if near:
            proposals.append(
                {
                    "code": "series-spelling",
                    "message": f"“{title}” may be the column “{near[0]}”.",
                    "evidence": {"kicker": title, "title": near[0]},
                    "entries": places,
                }
            )
        elif len(places) > 1:
            proposals.append(
                {
                    "code": "series-proposal",
                    "message": f"“{title}” stands above {len(places)} entries: a column?",
                    "evidence": {"kicker": title, "count": len(places)},
                    "entries": places,
                }
            )


def _commonest(spellings: Iterable[str]) -> str:
    """Return the commonest spelling; of equals the first in the file."""
    return Counter(spellings).most_common(1)[0][0]
