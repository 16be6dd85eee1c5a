"""Two articles that may be one: the same or nearly the same headline within a few days."""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

from rapidfuzz import fuzz, process

from articles.folding import fold
from articles.review.checks.base import PairCheck
from articles.review.facts import Doubt, Facts, Head

#: Least similarity (0 to 100) of the folded headlines, and of the standfirsts if both have one.
SIMILAR, SIMILAR_STANDFIRST = 88.0, 60.0
#: A block of one week with more articles than this is compared with near neighbours only.
LARGE, NEIGHBOURS = 400, 20
#: A headline that stands on so many days of a block recurs: it is a rubric.
RECURS = 3
_NUMBERS = re.compile(r"\d+")
#: Shorter headlines ("Notes") are alike by chance: they must be equal.
SHORT = 12


class SimilarHeadline(PairCheck):
    code = "similar-headline"
    title = "The same article twice?"
    explanation = (
        "Two articles of nearly the same date have the same or nearly the same headline. Look at"
        " both side by side; a copy is merged, and its addresses lead to the other."
    )
    days = 7

    def likely(self, asked: Collection[int], heads: Sequence[Head]) -> set[int]:
        rows = _sorted(heads)
        pairs = _pairs(rows, asked, self.days)
        return {rows[place].id for pair in pairs for place in pair}

    def find(
        self, articles: Sequence[Facts], around: Sequence[Facts]
    ) -> Iterable[tuple[Facts, Doubt]]:
        facts = {article.id: article for article in around}
        rows = _sorted(Head(row.id, row.headline, row.day) for row in around if row.day)
        days_of: dict[str, set[int]] = defaultdict(set)
        for row in rows:
            days_of[row.headline].add(row.day)
        asked = {article.id for article in articles}
        for pair in sorted(set(_pairs(rows, asked, self.days))):
            first, second = sorted(rows[place].id for place in pair)
            recurs = any(len(days_of[rows[place].headline]) >= RECURS for place in pair)
            if _may_be_one(facts[first], facts[second], recurs=recurs):
                yield facts[second], _doubt(facts[first], facts[second])


def _sorted(heads: Iterable[Head]) -> list[Head]:
    """Return *heads* by date, folded."""
    rows = sorted(heads, key=lambda row: (row.day, row.id))
    return [Head(row.id, fold(row.headline), row.day) for row in rows]


def _pairs(rows: Sequence[Head], asked: Collection[int], days: int) -> Iterator[tuple[int, int]]:
    """Yield pairs of places, the lower first, of articles whose headlines are alike; one of each
    was *asked* about. *rows* are by date."""
    dates = [row.day for row in rows]
    heads = [row.headline for row in rows]
    crowded: set[int] = set()
    for place, row in enumerate(rows):
        if row.id not in asked:
            continue
        start = bisect_left(dates, row.day - days)
        end = bisect_right(dates, row.day + days)
        if end - start > LARGE:
            crowded.add(place)
            continue
        found = process.extract(
            row.headline, heads[start:end], scorer=fuzz.ratio, score_cutoff=SIMILAR, limit=None
        )
        for _text, _score, other in found:
            if start + other != place and _alike(row.headline, heads[start + other]):
                yield min(place, start + other), max(place, start + other)
    if not crowded:
        return
    # So many near each other: the same headlines, and neighbours in the order of letters, read
    # from either end.
    for step in (1, -1):
        ordered = sorted(range(len(rows)), key=lambda place: (heads[place][::step], place))
        for at, place in enumerate(ordered):
            if place not in crowded:
                continue
            for other in ordered[max(0, at - NEIGHBOURS) : at + 1 + NEIGHBOURS]:
                is_near = place != other and abs(dates[place] - dates[other]) <= days
                if is_near and _alike(heads[place], heads[other]):
                    yield min(place, other), max(place, other)


def _alike(one: str, two: str) -> bool:
    """Whether two folded headlines are alike: equal, or long, near and with the same numbers."""
    if one == two:
        return True
    if min(len(one), len(two)) < SHORT or _NUMBERS.findall(one) != _NUMBERS.findall(two):
        return False
    return fuzz.ratio(one, two, score_cutoff=SIMILAR) > 0


def _may_be_one(one: Facts, two: Facts, *, recurs: bool) -> bool:
    """Whether nothing says that two articles with like headlines are two."""
    if fold(one.part_label) != fold(two.part_label) or (
        one.kicker and two.kicker and fold(one.kicker) != fold(two.kicker)
    ):
        return False
    if fold(one.subtitle) != fold(two.subtitle) and one.subtitle and two.subtitle:
        return False
    shared = {place.series for place in one.places} & {place.series for place in two.places}
    if one.day != two.day and (shared or recurs):
        return False
    numbers = {(place.series, place.number) for place in (*one.places, *two.places)}
    if shared and len({pair for pair in numbers if pair[0] in shared and pair[1]}) > len(shared):
        return False
    if one.standfirst and two.standfirst:
        ratio = fuzz.ratio(fold(one.standfirst[:500]), fold(two.standfirst[:500]))
        same_byline = fold(one.byline) == fold(two.byline)
        return ratio >= SIMILAR_STANDFIRST or (same_byline and one.day == two.day)
    return True


def _doubt(first: Facts, second: Facts) -> Doubt:
    when = "the same date" if first.day == second.day else first.published_on
    return Doubt(
        f"“{second.headline}” may be “{first.headline}” of {when}.",
        f"{first.id}\n{second.id}",
        {"days": abs(second.day - first.day)},
        {"merge": first.id},
        other=first.id,
    )
