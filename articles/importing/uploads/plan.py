"""A plan as an upload keeps it: small, and read a page at a time. Pure.

The JSON report of a file with 40,000 entries has some 40 MB. Kept whole, each page that shows
fifty of them would read it all; so the entries are packed by the hundred.
"""

import base64
import json
import zlib
from collections.abc import Iterator, Sequence
from typing import Any

from articles.importing.records import (
    CONFLICT,
    CREATE,
    REJECT,
    REVIEW,
    UNCHANGED,
    UPDATE,
    Values,
)

#: Entries that are packed together.
CHUNK = 100
#: One letter for each outcome, in the order of the file: which page shows which entries.
_LETTERS = {CREATE: "C", UPDATE: "U", UNCHANGED: "N", CONFLICT: "F", REVIEW: "V", REJECT: "J"}
#: The filter for entries that somebody should look at, whatever their outcome.
DOUBTS = "DOUBTS"


def pack(listing: Values, totals: Values, version: int) -> Values:
    """Return one listing of the JSON report as an upload keeps it.

    *listing* is what `report.plan_json` gives. What is returned can be stored as JSON.
    """
    entries: Sequence[Values] = listing["entries"]
    head = {name: value for name, value in listing.items() if name != "entries"}
    chunks = []
    for first in range(0, len(entries), CHUNK):
        chunks.append(_pack(entries[first : first + CHUNK]))
    return {
        "digest": listing["digest"],
        "version": version,
        "totals": dict(totals),
        "head": head,
        "outcomes": "".join(_LETTERS[entry["change"]] for entry in entries),
        "doubts": "".join(map(_mark, entries)),
        "kinds": _kinds(entries),
        "settled": sum(
            "settled" in remark
            for remarks in (
                head.get("diagnostics", ()),
                *(entry["diagnostics"] for entry in entries),
            )
            for remark in remarks
        ),
        "chunks": chunks,
    }


def _mark(entry: Values) -> str:
    """Whether somebody is asked about an entry: not what was settled before."""
    return "1" if any("settled" not in remark for remark in entry["diagnostics"]) else "0"


def _kinds(entries: Sequence[Values]) -> dict[str, list[Any]]:
    """Return for each code of an open doubt how many entries have it, and which, packed."""
    found: dict[str, list[int]] = {}
    for place, entry in enumerate(entries):
        codes = {one["code"] for one in entry["diagnostics"] if "settled" not in one}
        for code in sorted(codes):
            found.setdefault(code, []).append(place)
    return {code: [len(places), _pack(places)] for code, places in found.items()}


def _pack(value: Any) -> str:
    text = json.dumps(value, separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode("ascii"))).decode("ascii")


def _unpack(packed: str) -> Any:
    return json.loads(zlib.decompress(base64.b64decode(packed)))


class StoredPlan:
    """What `pack` made, to be read."""

    def __init__(self, stored: Values) -> None:
        self.stored = stored
        self.digest: str = stored["digest"]
        self.totals: Values = stored["totals"]
        self.head: Values = stored["head"]
        #: Doubts that were settled before.
        self.settled: int = stored.get("settled", 0)
        #: How many entries have an open doubt, by its code.
        self.kinds = {code: count for code, (count, _) in stored.get("kinds", {}).items()}

    def __len__(self) -> int:
        return len(self.stored["outcomes"])

    def count(self, which: str = "") -> int:
        """Return how many entries have the outcome *which*, or doubts (`DOUBTS`), or a doubt of
        the code *which*, or are there."""
        if which in self.kinds:
            return int(self.kinds[which])
        if which == DOUBTS:
            return int(self.stored["doubts"].count("1"))
        return int(self.stored["outcomes"].count(_LETTERS[which])) if which else len(self)

    def page(self, which: str, first: int, count: int) -> list[tuple[int, Values]]:
        """Return *count* entries from the *first* of those that `count` counts, with ordinals."""
        found = self._ordinals(which)[first : first + count]
        chunks = {number: self._chunk(number) for number in {place // CHUNK for place in found}}
        return [(place, chunks[place // CHUNK][place % CHUNK]) for place in found]

    def _ordinals(self, which: str) -> Sequence[int]:
        if not which:
            return range(len(self))
        if which in self.kinds:
            places: list[int] = _unpack(self.stored["kinds"][which][1])
            return places
        marks, mark = self.stored["outcomes"], _LETTERS.get(which, "")
        if which == DOUBTS:
            marks, mark = self.stored["doubts"], "1"
        return [place for place, one in enumerate(marks) if one == mark]

    def _chunk(self, number: int) -> list[Values]:
        entries: list[Values] = _unpack(self.stored["chunks"][number])
        return entries

    def chunks(self) -> Iterator[list[Values]]:
        """Yield the entries, some at a time."""
        return (self._chunk(number) for number in range(len(self.stored["chunks"])))

    def listing(self) -> Values:
        """Return the listing of the JSON report, whole."""
        return {**self.head, "entries": [entry for chunk in self.chunks() for entry in chunk]}

    def as_json(self) -> Iterator[str]:
        """Yield the JSON report that `--dry-run --format json` writes, piece by piece."""
        head = json.dumps(self.head, ensure_ascii=False)
        yield f'{{"version": {self.stored["version"]}, "listings": [{head[:-1]}, "entries": ['
        separator = ""
        for chunk in self.chunks():
            text = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in chunk)
            yield f"{separator}{text}"
            separator = ",\n"
        yield f'\n]}}], "totals": {json.dumps(self.totals)}}}\n'
