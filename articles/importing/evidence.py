"""What series are inferred from, collected while the entries of a file go by. Pure.

Of most entries nothing needs to be kept: kickers are counted, and only what speaks of parts or
shares the beginning of its headline is remembered.
"""

from array import array
from collections.abc import Mapping

from articles.folding import fold
from articles.importing import proposals, series
from articles.importing.matching import repeated_in
from articles.importing.records import Values
from articles.importing.series import COLUMN_ENTRIES, Inferred, Kicker, prefix_of

_KEPT = ("kicker", "headline", "part_number", "published_on", "byline", "standfirst")
#: Titles that the archive is asked about at once.
_ASKED = 2000
_64_BITS = 2**64 - 1


class Evidence:
    """Collects what `series.infer` and `proposals.more_series` go by.

    Give it all entries with `add`; if it `wants_more`, give it all once more with `add_again`.
    A listing that states series or keys needs no inference: nothing is collected then.
    """

    def __init__(self, reader: proposals.Reader) -> None:
        self.is_stated = False
        self._reader = reader
        self._kickers: dict[str, Kicker] = {}
        self._entries: dict[int, Values] = {}
        self._numbered: set[str] = set()
        self._prefixes = array("Q")
        self._repeated: set[int] = set()
        self._titles: set[str] = set()
        self._known: set[tuple[str, str]] = set()

    def add(self, place: int, values: Values) -> None:
        """Note what the entry at *place* says."""
        if self.is_stated:
            return
        if values.get("series") or values.get("key"):
            self.is_stated = True
            return
        headline, kicker = values.get("headline") or "", values.get("kicker")
        if kicker:
            self._add_kicker(place, kicker, values)
        elif prefix := prefix_of(headline):
            self._prefixes.append(hash(fold(prefix)) & _64_BITS)
        if values.get("part_number") is not None:
            self._numbered.add(fold(headline))
        if proposals.speaks_of_parts(values.get("standfirst") or ""):
            self._keep(place, values)
        if titles := series.titles_in(values):
            self._titles |= titles
            if len(self._titles) >= _ASKED:
                self._ask()

    def wants_more(self) -> bool:
        """Whether entries must be looked at again, now that all were seen."""
        self._repeated = repeated_in(self._prefixes)
        return not self.is_stated and bool(self._numbered or self._repeated)

    def add_again(self, place: int, values: Values) -> None:
        """Keep the entry at *place* if it shares what others have told."""
        headline = values.get("headline") or ""
        shares = bool(self._numbered) and fold(headline) in self._numbered
        if not shares and self._repeated and not values.get("kicker"):
            prefix = prefix_of(headline)
            shares = bool(prefix) and hash(fold(prefix)) & _64_BITS in self._repeated
        if shares:
            self._keep(place, values)

    def infer(self) -> Inferred:
        """Return the series that the entries form, with all proposals."""
        if self.is_stated:
            return Inferred()
        self._ask()
        entries = self._all_kept()
        columns = self._reader.column_titles() if self._kickers else ()
        found = series.infer(entries, self._kickers, sorted(self._known), columns)
        found.proposals += proposals.more_series(entries, found)
        return found

    def _add_kicker(self, place: int, text: str, values: Values) -> None:
        key = fold(text)
        kicker = self._kickers.get(key)
        if kicker is None:
            kicker = self._kickers[key] = Kicker()
        kicker.spellings[text] += 1
        kicker.places.append(place)
        if len(kicker.places) < COLUMN_ENTRIES:
            kicker.first[place] = _kept(values)
        else:
            kicker.first = {}

    def _all_kept(self) -> Mapping[int, Values]:
        for kicker in self._kickers.values():
            for place, values in kicker.first.items():
                self._entries.setdefault(place, values)
        return dict(sorted(self._entries.items()))

    def _keep(self, place: int, values: Values) -> None:
        if place not in self._entries:
            self._entries[place] = _kept(values)

    def _ask(self) -> None:
        if not self._titles:
            return
        spelled = self._reader.spelled_series(self._titles)
        self._known |= {(fold(title), kind) for title, rows in spelled.items() for _, kind in rows}
        self._titles = set()


def _kept(values: Values) -> Values:
    return {name: value for name in _KEPT if (value := values.get(name)) is not None}
