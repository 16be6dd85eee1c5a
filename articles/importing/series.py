"""Which entries of a file form series. Pure.

A serial is where numbered parts share a folded headline; the first part may be unmarked. A column
is where a folded kicker stands in three entries or more. Weaker evidence is a proposal, which an
editor confirms (`articles.writing.proposals`); `articles.importing.proposals` finds more of them.
"""

import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from articles.folding import fold
from articles.importing.records import Values

#: Entries that make a kicker a column.
COLUMN_ENTRIES = 3
#: Longest title of a series; a longer headline names none.
LONGEST_TITLE = 300
#: Similarity (0 to 100) at which two column titles may be one spelled two ways.
SIMILAR_TITLES = 80.0
#: So many titles are compared with each other; a file of more has no columns but exact ones.
MOST_COMPARED = 1000
_DIGITS = re.compile(r"\d+")
#: "The keeper’s diary: January": what stands before the colon may be a column's title.
_PREFIX = re.compile(r"([^:]{3,100}?)\s*:\s+\S")


def prefix_of(headline: str) -> str:
    """Return what stands before a colon of *headline*, or ``""``."""
    found = _PREFIX.match(headline) if ":" in headline else None
    return found[1] if found else ""


def titles_in(values: Values) -> set[str]:
    """Return what in an entry may be the title of a series that the archive has."""
    headline = values.get("headline") or ""
    titles = {values.get("kicker") or prefix_of(headline)}
    if values.get("part_number") is not None:
        titles.add(headline)
    return titles - {""}


def oldest_first(entries: Mapping[int, Values], places: Iterable[int]) -> list[int]:
    """Return *places* by date. A doubt is known again by its oldest entry: new ones come on top."""
    return sorted(places, key=lambda place: (str(entries[place].get("published_on")), -place))


def series_suggestion(
    title: str, kind: str, places: Iterable[tuple[int, int | None]], spellings: Iterable[str] = ()
) -> Values:
    """Return the suggestion to put the entries at *places*, with their numbers, into a series."""
    found: Values = {
        "title": title,
        "kind": kind,
        "places": [{"entry": place, "part_number": number} for place, number in places],
    }
    if spelled := [other for other in spellings if other != title]:
        found["spellings"] = spelled
    return {"series": found}


@dataclass(slots=True)
class Kicker:
    """A folded kicker: its spellings, and where it stands."""

    spellings: Counter[str] = field(default_factory=Counter)
    places: "array[int]" = field(default_factory=lambda: array("L"))
    #: The entries above which it stands, while they are too few to make it a column.
    first: dict[int, Values] = field(default_factory=dict)


@dataclass(slots=True)
class Inferred:
    """The series that a file's entries are found to form; a series is ``{"title", "kind",
    "part_number"}``.

    ``proposals`` are ``{"code", "message", "evidence", "entries", "suggestion"}``: the places of
    the entries one is about, and what confirming it does.
    """

    serials: dict[int, Values] = field(default_factory=dict)
    #: Titles of columns by their folded kicker.
    columns: dict[str, str] = field(default_factory=dict)
    #: Folded spellings of the archive's columns, for what stands before a colon.
    archive: frozenset[str] = frozenset()
    proposals: list[Values] = field(default_factory=list)

    def of(self, place: int, values: Values) -> list[Values]:
        """Return the series of the entry at *place*."""
        found = [dict(self.serials[place])] if place in self.serials else []
        if kicker := values.get("kicker"):
            title = self.columns.get(fold(kicker)) if self.columns else None
        else:
            prefix = prefix_of(values.get("headline") or "") if self.archive else ""
            title = prefix if fold(prefix) in self.archive else None
        if title:
            found.append({"title": title, "kind": "column", "part_number": None})
        return found


def infer(
    entries: Mapping[int, Values],
    kickers: Mapping[str, Kicker],
    known: Iterable[tuple[str, str]] = (),
    columns: Iterable[str] = (),
) -> Inferred:
    """Return the series of a file.

    *entries* are those, by place, that any evidence but a column's kicker rests on, *kickers* all
    folded kickers. *known* are folded spellings of series that the archive has, with their kind: a
    kicker, a headline or its beginning that leads to one needs no further evidence. *columns* are
    titles of the archive's columns, to be compared with. `evidence.Evidence` collects all this.
    """
    archive: dict[str, set[str]] = defaultdict(set)
    for key, kind in known:
        archive[key].add(kind)
    found = Inferred(archive=frozenset(key for key, kinds in archive.items() if "column" in kinds))
    _serials(entries, archive, found)
    _columns(entries, kickers, list(columns), found)
    return found


def _serials(
    entries: Mapping[int, Values], archive: Mapping[str, set[str]], found: Inferred
) -> None:
    groups: dict[str, list[int]] = defaultdict(list)
    for place, values in entries.items():
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
        if len(set(numbers.values())) < 2 and "serial" not in archive.get(key, ()):
            if len(numbers) == 1:
                (place, number) = next(iter(numbers.items()))
                found.proposals.append(
                    {
                        "code": "part-alone",
                        "message": f"Part {number} of “{title}” stands alone.",
                        "evidence": {"title": title, "part_number": number},
                        "entries": [place],
                        "suggestion": series_suggestion(title, "serial", numbers.items()),
                    }
                )
            continue
        for place, number in numbers.items():
            kept = None if number in repeated else number
            found.serials[place] = {"title": title, "kind": "serial", "part_number": kept}
        for number in sorted(repeated):
            found.proposals.append(
                {
                    "code": "part-number-twice",
                    "message": f"Two entries are part {number} of “{title}”.",
                    "evidence": {"title": title, "part_number": number},
                    "entries": [place for place, n in numbers.items() if n == number],
                }
            )


def _implied_first(
    entries: Mapping[int, Values], places: Sequence[int], numbers: dict[int, int]
) -> int | None:
    """Return the unmarked entry that is part 1: the only one, not later than the other parts."""
    unmarked = [place for place in places if place not in numbers]
    if len(unmarked) != 1 or 1 in numbers.values() or 2 not in numbers.values():
        return None
    first = str(entries[unmarked[0]].get("published_on") or "")
    others = [str(entries[place].get("published_on") or "") for place in numbers]
    return unmarked[0] if first and all(first <= other for other in others) else None


def _columns(
    entries: Mapping[int, Values],
    kickers: Mapping[str, Kicker],
    titles: Sequence[str],
    found: Inferred,
) -> None:
    columns = {fold(title): title for title in titles}
    rest: dict[str, list[int]] = {}
    for key, kicker in kickers.items():
        if len(kicker.places) < COLUMN_ENTRIES and key not in found.archive:
            rest[key] = list(kicker.places)
            continue
        columns[key] = found.columns[key] = kicker.spellings.most_common(1)[0][0]
    _propose_columns(entries, columns, rest, found.proposals)


def _propose_columns(
    entries: Mapping[int, Values],
    columns: dict[str, str],
    rest: dict[str, list[int]],
    proposals: list[Values],
) -> None:
    """Propose what to do with the kickers of *rest*: spellings of columns, or columns of their
    own. *columns* are titles by their folded form."""
    done: set[str] = set()
    columns = dict(list(columns.items())[:MOST_COMPARED])
    for key, found in rest.items():
        places = oldest_first(entries, found)
        title = str(entries[found[0]]["kicker"])
        if len(rest) <= MOST_COMPARED and (near := _nearest(key, columns)):
            suggestion = series_suggestion(near, "column", [(place, None) for place in places])
            proposals.append(
                {
                    "code": "series-spelling",
                    "message": f"“{title}” may be the column “{near}”.",
                    "evidence": {"kicker": title, "title": near},
                    "entries": places,
                    "suggestion": {
                        "alias": {
                            "of": "series",
                            "target": near,
                            "kind": "column",
                            "spelling": title,
                            "places": suggestion["series"]["places"],
                        }
                    },
                }
            )
            continue
        if key in done:
            continue
        similar = _near(key, list(rest)) if len(rest) <= MOST_COMPARED else []
        same = {key, *(o for o in similar if o not in done and not _nearest(o, columns))}
        done |= same
        together = oldest_first(entries, (place for other in same for place in rest[other]))
        if len(together) > 1:
            spelled = [str(entries[rest[other][0]]["kicker"]) for other in sorted(same)]
            title = _commonest(str(entries[place]["kicker"]) for place in together)
            proposals.append(
                {
                    "code": "series-proposal",
                    "message": f"“{title}” stands above more than one entry: a column?",
                    "evidence": {
                        "kicker": title,
                        "count": len(together),
                        **({"spellings": spelled} if len(spelled) > 1 else {}),
                    },
                    "entries": together,
                    "suggestion": series_suggestion(
                        title, "column", [(place, None) for place in together], spelled
                    ),
                }
            )


def _nearest(key: str, columns: dict[str, str]) -> str:
    """Return the title of the column that *key* resembles most, or ``""``."""
    near = _near(key, list(columns))
    return columns[near[0]] if near else ""


def near_titles(key: str, others: Sequence[str]) -> list[str]:
    """Return those of *others* that may be the title *key* spelled otherwise; all are folded."""
    return _near(key, others)


def _near(key: str, others: Sequence[str]) -> list[str]:
    """Return those of *others*, folded titles, that may be *key* spelled otherwise, the likest
    first. What differs in a number is another thing ("Week 1", "Week 2")."""
    numbers = _DIGITS.findall(key)
    found = process.extract(key, others, scorer=fuzz.ratio, score_cutoff=SIMILAR_TITLES, limit=20)
    return [
        other
        for other, _score, _place in found
        if other != key
        and _DIGITS.findall(other) == numbers
        and fuzz.token_set_ratio(key, other) >= SIMILAR_TITLES
    ]


def _commonest(spellings: Iterable[str]) -> str:
    """Return the commonest spelling; of equals the first in the file."""
    return Counter(spellings).most_common(1)[0][0]
