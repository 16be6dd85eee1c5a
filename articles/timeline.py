"""The timeline above a list: its articles by year, and the period that is chosen."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from articles.addressing import list_address, toggler
from articles.counting.selection import Selection
from articles.criteria import MAX_VALUES, Criteria

#: How many empty years the timeline draws in a row.
LONGEST_SILENCE = 4


@dataclass(frozen=True, slots=True)
class YearCount:
    """The articles of one year: a bar of the timeline."""

    year: int
    count: int
    url: str
    is_chosen: bool = False
    #: Height of the bar in hundredths of the tallest one.
    height: int = 0
    #: Whether the year lies in a chosen period or decade.
    is_within: bool = False


def year_counts(selection: Selection) -> list[YearCount]:
    """Return the counts of all years that the other filters leave, the oldest first."""
    criteria = selection.criteria
    found = selection.postings.counts("y", selection.among("years", "months").ids)
    counts = {int(term[1:]): count for term, count in found.items()}
    for year in criteria.years:
        counts.setdefault(year, 0)
    address = toggler(criteria, "years")
    is_full = criteria.value_count >= MAX_VALUES
    return [
        YearCount(
            year,
            count,
            "" if is_full and year not in criteria.years else address(year),
            year in criteria.years,
        )
        for year, count in sorted(counts.items())
    ]


def bars(selection: Selection, years: Sequence[YearCount]) -> tuple[YearCount | None, ...]:
    """Return the bars of the timeline: *years*, or, within a chosen period or decade, what all
    years would have without it, so that another one can be chosen."""
    criteria = selection.criteria
    if not (criteria.decades or criteria.since or criteria.until):
        return timeline(years)
    among = selection.among("years", "months", "decades", "period").ids
    counts = {int(term[1:]): n for term, n in selection.postings.counts("y", among).items()}
    inside = {item.year: item for item in years}
    other = criteria.at_any_time()
    found = []
    for year, count in sorted((dict.fromkeys(inside, 0) | counts).items()):
        if year in inside and is_within(criteria, year):
            found.append(replace(inside[year], count=count, is_within=True))
        else:
            found.append(YearCount(year, count, list_address(other.but(years=(year,)))))
    return timeline(found)


def is_within(criteria: Criteria, year: int) -> bool:
    """Return whether any day of *year* lies in the chosen decades and between the chosen days."""
    return (
        (not criteria.decades or year - year % 10 in criteria.decades)
        and (criteria.since is None or year >= criteria.since.year)
        and (criteria.until is None or year <= criteria.until.year)
    )


def timeline(years: Sequence[YearCount]) -> tuple[YearCount | None, ...]:
    """Return *years* with the empty years between them and the heights of their bars.

    A long silence is one None: a break in the line, instead of decades of nothing.
    """
    tallest = max((item.count for item in years), default=0) or 1
    found: list[YearCount | None] = []
    last = years[0].year if years else 0
    for item in years:
        silence = range(last + 1, item.year)
        if len(silence) > LONGEST_SILENCE:
            found.append(None)
        else:
            found += [YearCount(year, 0, "") for year in silence]
        height = max(3, round(item.count * 100 / tallest)) if item.count else 0
        found.append(replace(item, height=height))
        last = item.year
    return tuple(found)
