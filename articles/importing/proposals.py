"""What a file suggests and only an editor can say: proposals from weak evidence. Pure.

Beside those of `articles.importing.series`: headlines with one beginning, and standfirsts that
speak of parts. Each carries a suggestion that `articles.writing.proposals` carries out when an
editor confirms it.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from typing import Any, Protocol

from articles.folding import fold
from articles.importing import near_names
from articles.importing.records import UNCHANGED, UPDATE, Plan, PlannedEntry, Values
from articles.importing.series import (
    COLUMN_ENTRIES,
    LONGEST_TITLE,
    Inferred,
    oldest_first,
    prefix_of,
    series_suggestion,
)
from articles.importing.spellings import Spellings

_NUMBERS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "eighth": 8, "ninth": 9, "tenth": 10, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5,
    "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
}  # fmt: skip
_ORDINALS = "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth"
_CARDINALS = "two|three|four|five|six|seven|eight|nine|ten"
#: "The second part of a two-part article", "the first of three articles", "part two of three".
_SPOKEN = re.compile(
    rf"\b(?:(?P<ordinal>{_ORDINALS})(?: and (?:final|last|concluding))?"
    rf"(?: (?:part|instal?lment|article))? (?:of|in) (?:a |an |our |the )?(?P<total>{_CARDINALS})"
    rf"(?:[- ]part| parts| articles| instal?lments)"
    rf"|part (?P<number>one|{_CARDINALS}|[1-9][0-9]?) of (?P<all>{_CARDINALS}|[1-9][0-9]?))\b",
    re.IGNORECASE,
)
#: "Part of a series on what the tide brings."
_SERIES_ON = re.compile(
    r"\bpart of (?:a|our|the) series (?:on|about) ([^.;:]{3,300})", re.IGNORECASE
)


class Reader(Protocol):
    """What is asked of the archive."""

    def spelled_series(self, titles: Iterable[str]) -> Mapping[str, Sequence[tuple[int, str]]]:
        """Return the series, as (id, kind), that each spelling leads to."""

    def column_titles(self) -> Sequence[str]:
        """Return the titles of the columns of the archive."""

    def left_series(self, article_ids: Iterable[int]) -> Mapping[int, Set[int]]:
        """Return the series that editors took each of the articles out of."""


def speaks_of_parts(text: str) -> bool:
    """Whether a standfirst counts parts, or says that its article is part of a series."""
    return ("series" in text and _SERIES_ON.search(text) is not None) or _spoken(text) is not None


def keep_away(entries: Sequence[PlannedEntry], reader: Reader) -> None:
    """Leave articles out of series that only inference puts them into now, and that an editor took
    them out of: what the archive learned since gives no leave to do it again."""
    joining = {
        planned.article.id: planned
        for planned in entries
        if planned.article is not None and "series" in planned.fields
    }
    left = reader.left_series(joining) if joining else {}
    for pk, planned in joining.items():
        before, after = planned.fields["series"]
        present = {place.get("series") for place in before or []}
        away = left.get(pk, set()) - present
        kept = [place for place in after if place.get("series") not in away]
        if len(kept) == len(after):
            continue
        planned.fields["series"] = (before, kept)
        if kept == list(before or []):
            del planned.fields["series"]
            if planned.change == UPDATE and not planned.fields:
                planned.change = UNCHANGED


def propose_authors(table: near_names.Names, spellings: Spellings) -> list[Values]:
    """Return proposals to merge authors of a source whose names are nearly the same."""
    spellings.learn(table.spellings())

    def author_of(name: str, kind: str) -> int | None:
        ids = spellings.of({"name": name, "kind": kind})
        return ids[0] if len(ids) == 1 else None

    return near_names.near_authors(table, author_of)


def with_articles(proposal: Values, plan: Plan, article_of: Callable[[int], int | None]) -> Any:
    """Return the suggestion of *proposal* (None if it has none) with its entries by ordinal and
    the article of each beside it.

    *article_of* gives the article that a new source entry leads to, by ordinal; an entry that
    had nothing new leads to what it was matched with.
    """
    suggestion = proposal.get("suggestion")
    if not suggestion:
        return None

    def place_of(place: Values) -> Values:
        planned = plan.entries[place["entry"]]
        article = article_of(planned.entry.ordinal)
        if article is None and planned.article is not None:
            article = planned.article.id
        return {**place, "entry": planned.entry.ordinal, "article": article}

    return {
        name: {**body, "places": [place_of(place) for place in body["places"]]}
        if "places" in body
        else dict(body)
        for name, body in suggestion.items()
    }


def more_series(entries: Mapping[int, Values], found: Inferred) -> list[Values]:
    """Return proposals of series beyond those that `series.infer` *found*; *entries* are those
    that any of them may rest on, by place."""
    return [*_prefixes(entries, found), *_spoken_parts(entries, found), *_spoken_series(entries)]


def _prefixes(entries: Mapping[int, Values], found: Inferred) -> Iterator[Values]:
    """Yield a proposal for each beginning of headlines, up to a colon, that returns."""
    groups: dict[str, list[int]] = defaultdict(list)
    for place, values in entries.items():
        prefix = prefix_of(values.get("headline") or "")
        if prefix and not values.get("kicker") and not found.of(place, values):
            groups[fold(prefix)].append(place)
    for found_places in groups.values():
        places = oldest_first(entries, found_places)
        headlines = {fold(str(entries[place]["headline"])) for place in places}
        if len(places) < COLUMN_ENTRIES or len(headlines) < COLUMN_ENTRIES:
            continue
        title = _commonest([prefix_of(str(entries[place]["headline"])) for place in places])
        yield {
            "code": "series-prefix",
            "message": f"Several headlines begin with “{title}:”. Are they a column?",
            "evidence": {"title": title, "count": len(places)},
            "entries": places,
            "suggestion": series_suggestion(title, "column", [(place, None) for place in places]),
        }


def _spoken_parts(entries: Mapping[int, Values], found: Inferred) -> Iterator[Values]:
    """Yield a proposal for each run of entries of one byline whose standfirsts count them as
    parts of so many: "the first of two articles", and the second."""
    waiting: dict[tuple[str, int], dict[int, int]] = {}
    for place, values in entries.items():
        spoken = _spoken(values.get("standfirst") or "")
        if spoken is None or place in found.serials:
            continue
        number, total = spoken
        key = (fold(values.get("byline") or ""), total)
        parts = waiting.setdefault(key, {})
        if number in parts:
            parts = waiting[key] = {}
        parts[number] = place
        if len(parts) < total:
            continue
        del waiting[key]
        title = str(entries[parts[1]]["headline"])[:LONGEST_TITLE]
        places = [(parts[n], n) for n in sorted(parts)]
        yield {
            "code": "parts-in-standfirsts",
            "message": f"The standfirsts count {total} parts: a serial “{title}”?",
            "evidence": {
                "title": title,
                "standfirsts": [entries[place]["standfirst"] for place, _number in places],
            },
            "entries": [place for place, _number in places],
            "suggestion": series_suggestion(title, "serial", places),
        }


def _spoken(text: str) -> tuple[int, int] | None:
    """Return the part and the number of parts that *text* speaks of; None if it does not."""
    # One of these stands in whatever the pattern finds: a look that is ten times as fast.
    found = _SPOKEN.search(text) if "art" in text or "nstal" in text else None
    if found is None:
        return None
    number = _number(found["ordinal"] or found["number"])
    total = _number(found["total"] or found["all"])
    return (number, total) if 1 <= number <= total and total > 1 else None


def _number(word: str) -> int:
    return int(word) if word.isdigit() else _NUMBERS[word.casefold()]


def _spoken_series(entries: Mapping[int, Values]) -> Iterator[Values]:
    """Yield a proposal for each "Part of a series on …" that two standfirsts or more share."""
    groups: dict[str, list[int]] = defaultdict(list)
    for place, values in entries.items():
        text = values.get("standfirst") or ""
        if "series" in text and (found := _SERIES_ON.search(text)):
            groups[fold(found[1])].append(place)
    for key, found_places in groups.items():
        if len(found_places) < 2:
            continue
        places = oldest_first(entries, found_places)
        match = _SERIES_ON.search(str(entries[places[0]]["standfirst"]))
        title = match[1].strip() if match else key
        title = title[:1].upper() + title[1:]
        yield {
            "code": "series-in-standfirsts",
            "message": f"Several standfirsts speak of a series on “{title}”.",
            "evidence": {"title": title, "standfirst": entries[places[0]]["standfirst"]},
            "entries": places,
            "suggestion": series_suggestion(title, "column", [(place, None) for place in places]),
        }


def _commonest(spellings: Sequence[str]) -> str:
    return Counter(spellings).most_common(1)[0][0]
