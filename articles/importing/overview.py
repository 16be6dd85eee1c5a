"""What must be known of a whole file before the first of its entries can be planned. Pure.

Fingerprints among equals, the series that the entries form, the names that are nearly the same and
the entries of earlier versions concern all entries at once. They are found in passes over the
file, and a few bytes are kept of each entry.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Protocol

from articles.folding import fold
from articles.importing import (
    identity,
    keyed,
    linking,
    matching,
    near_names,
    near_tags,
    proposals,
    spellings,
)
from articles.importing.evidence import Evidence
from articles.importing.matching import Known, Matches, Prints
from articles.importing.records import (
    REJECT,
    REVIEW,
    Options,
    ParsedEntry,
    ParsedListing,
    Values,
)

#: Entries that are planned together.
CHUNK = 500


class Reader(
    keyed.Reader, linking.Reader, spellings.Reader, proposals.Reader, near_tags.Reader, Protocol
):
    """What is asked of the archive about a whole file."""

    def known(self, source_key: str) -> Known:
        """Return the entries of a source's earlier listings."""


class Overview:
    """A file as a whole, and where each entry stands in it and in the archive."""

    def __init__(
        self, listing: ParsedListing, options: Options, reader: Reader, source_key: str
    ) -> None:
        self.listing, self.options = listing, options
        self.prints = Prints()
        self.doubts: list[Values] = []
        evidence, names, tags = Evidence(reader), near_names.Names(), near_tags.Tags()
        stated = keyed.Stated()
        for place, values in enumerate(self._read_all()):
            self.prints.add(values)
            evidence.add(place, values)
            names.add(place, values)
            tags.add(place, values)
            if values.get("key"):
                stated.add(place, values["key"])
        self.prints.number_equals(self._read_at)
        if evidence.wants_more():
            for place, values in enumerate(self._read_all()):
                evidence.add_again(place, values)
        self.states_series = evidence.is_stated
        self.series = evidence.infer()
        self.known = reader.known(source_key)
        self.keyed = keyed.by_key(stated, len(self.prints), self._read_at, reader)
        self.matches = self._match()
        self.spelled = spellings.Spellings(reader, source_key)
        self._add_doubts(names)
        self.doubts += tags.propose(reader)

    def chunks(self) -> Iterator[list[tuple[ParsedEntry, Values]]]:
        """Yield the entries with their values, in the order of the file, some at a time."""
        entries = iter(self.listing.entries)
        while chunk := list(islice(entries, CHUNK)):
            yield [(entry, self._values(entry)) for entry in chunk]

    def target(self, place: int, match: identity.Match | None) -> int | None:
        """Return the article that the entry at *place* leads to by its key or as what it was."""
        if (article := self.keyed.article(place)) is not None:
            return article
        return match.known.article if match and match.known else None

    def twin(self, place: int) -> ParsedEntry | None:
        """Return the next entry above that says the same as the one at *place*: equal in what
        identifies an article, and in its standfirst."""
        above = self.prints.twins.get(place)
        if above is None:
            return None
        one, other = self.listing.entries[place], self.listing.entries[above]
        same = fold(one.values.get("standfirst") or "") == fold(
            other.values.get("standfirst") or ""
        )
        return other if same and not one.values.get("key") else None

    def is_open(self, place: int) -> bool:
        """Whether the entry at *place* may have an article that neither key nor source tells."""
        one = self.matches.equal[place]
        if self.keyed.article(place) is not None or one < 0:
            return self.keyed.article(place) is None
        return self.known.article(one) is None and self.known.change(one) in (REVIEW, REJECT)

    def targets_among(self, articles: set[int]) -> dict[int, int]:
        """Return the entries that lead to some of *articles*, and to which: by their places."""
        found: dict[int, int] = {}
        for place, one in enumerate(self.matches.equal):
            article = self.known.article(one) if one >= 0 else None
            if article in articles and article is not None:
                found[place] = article
        for place, match in self.matches.aligned.items():
            if match.known and match.known.article in articles and match.known.article is not None:
                found[place] = match.known.article
        found |= {place: pk for place, pk in self.keyed.articles() if pk in articles}
        return found

    def missing(self) -> list[int]:
        """Return the places of the known entries that the newest listing had and this one has not,
        nor may have."""
        known, matches = self.known, self.matches
        return [
            place
            for place in range(len(known))
            if known.in_latest(place) and not matches.again[place] and place not in matches.asked
        ]

    def _match(self) -> Matches:
        if not self.keyed:
            return matching.match(self.prints, self.known, self._read_at, self._read_all)
        return keyed.match(self.prints, self.known, self.keyed, self._read_at)

    def _add_doubts(self, names: near_names.Names) -> None:
        again = self.matches.again
        rest = [place for place in range(len(self.known)) if not again[place]]
        earlier = self.known.in_order(rest)
        for start in range(0, len(earlier), CHUNK):
            for entry in self.known.load(earlier[start : start + CHUNK]).values():
                names.add_earlier(entry.values)
        self.doubts += self.series.proposals
        self.doubts += proposals.propose_authors(names, self.spelled)
        self.doubts += self.keyed.proposals()

    def _read_all(self) -> Iterator[Values]:
        """Yield the values of all entries, but for the series that they form."""
        return (self._read(entry) for entry in self.listing.entries)

    def _read_at(self, place: int) -> Values:
        return self._read(self.listing.entries[place])

    def _read(self, entry: ParsedEntry) -> Values:
        """Return the values of an entry, apart from the caller's, with the topic as a tag."""
        values = dict(entry.values)
        tags = list(values.get("tags") or [])
        # An entry that names its article says all of it: nothing is added to what it states.
        if self.listing.topic and not values.get("key"):
            tags.append(self.listing.topic)
        values["tags"] = list(dict.fromkeys(tags))
        if self.options.language and not values.get("language"):
            values["language"] = self.options.language
        return values

    def _values(self, entry: ParsedEntry) -> Values:
        values = self._read(entry)
        if not self.states_series:
            values["series"] = self.series.of(entry.ordinal, values)
        return values
