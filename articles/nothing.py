"""What a page says where nothing was found: the nearest things that there are."""

import calendar
import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import date_format

from articles.active import ActiveFilter, Chosen, unknown_slugs
from articles.addressing import list_address
from articles.counting.selection import Selection
from articles.criteria import Criteria
from articles.folding import fold
from articles.lexicon import current, meant_by
from articles.models.article import SORT_KEY_STEP, sort_key_of
from articles.totals import AUTHORS, SERIES, TAGS, Named, named_rows

#: So many filters are taken away for trial.
MOST_TRIED = 8
#: So many names are proposed for one that nobody bears.
MOST_NAMES = 3


@dataclass(frozen=True, slots=True)
class Way:
    """A list that is not empty, how it is called, and how many articles it has."""

    label: str
    url: str
    count: int


@dataclass(frozen=True, slots=True)
class Help:
    """Ways out of an empty list."""

    #: What may have been meant by a text, or by a name, that nothing public has.
    meant: Sequence[Way]
    #: The filters, each with the number of articles without it.
    without: Sequence[tuple[ActiveFilter, int]]
    #: The nearest periods that have anything, before and after the one asked for.
    nearest: Sequence[Way]


def help_with(selection: Selection, chosen: Chosen, active: Sequence[ActiveFilter]) -> Help:
    """Return ways out of the list of *selection*, which is empty; *active* are its filters, and
    *chosen* says what they name."""
    without = [(item, selection.like(item.without).total) for item in active[:MOST_TRIED]]
    return Help(
        _meant(selection, chosen),
        [(item, count) for item, count in without if count],
        _nearest(selection),
    )


def _meant(selection: Selection, chosen: Chosen) -> list[Way]:
    found = []
    if not selection.has_hits and (text := meant_by(selection.criteria.text)):
        criteria = selection.criteria
        # Only what is found just now is proposed: no word is one that only hidden articles have.
        for narrowed in (criteria.but(text=text), Criteria(text=text)):
            if count := selection.searching(narrowed).total:
                found.append(Way(text, list_address(narrowed), count))
                break
    unknown = unknown_slugs(selection.criteria, chosen)
    for related in (AUTHORS, TAGS, SERIES):
        for slug in unknown.get(related.dimension, ())[:1]:
            found += _names_like(selection, related, slug)
    return found


def _names_like(selection: Selection, related: Named, slug: str) -> list[Way]:
    """Return the lists of those whose name is spelled almost like *slug*, which names nobody."""
    postings = selection.postings
    ids = current().bearing(related.dimension, fold(slug.replace("-", " ")))
    counts = {
        term: postings.counted(term, postings.all)
        for term in (f"{related.prefix}{pk}" for pk in ids)
        if term in postings.terms
    }
    most = dict(sorted(counts.items(), key=lambda item: -item[1])[:MOST_NAMES])
    return [
        Way(label, list_address(Criteria().but(**{related.dimension: (found,)})), count)
        for found, label, count in named_rows(related, postings, most)
    ]


def _nearest(selection: Selection) -> list[Way]:
    """Return the periods next to the one that was asked for, the earlier one first."""
    criteria = selection.criteria
    bounds = _bounds(criteria)
    other = selection.like(criteria.at_any_time())
    if bounds is None:
        return []
    ids, postings = other.among().ids, other.postings
    first, last = bounds
    before = postings.keys(ids, 1, beyond=sort_key_of(first, 0))
    after = postings.keys(ids, 1, beyond=sort_key_of(last, SORT_KEY_STEP - 1), ascending=True)
    asked = range(first.year, last.year + 1)
    return [_period(other, key, by_month=_date(key).year in asked) for key in [*before, *after]]


def _bounds(criteria: Criteria) -> tuple[datetime.date, datetime.date] | None:
    """Return the first and the last day that *criteria* ask for; None if they name no time."""
    firsts, lasts = [], []
    if criteria.since is not None:
        firsts.append(criteria.since)
    if criteria.until is not None:
        lasts.append(criteria.until)
    if criteria.decades:
        firsts.append(datetime.date(max(1, min(criteria.decades)), 1, 1))
        lasts.append(datetime.date(max(criteria.decades) + 9, 12, 31))
    if criteria.years:
        months = criteria.months or (1, 12)
        year = max(criteria.years)
        firsts.append(datetime.date(min(criteria.years), min(months), 1))
        last = calendar.monthrange(year, max(months))[1]
        lasts.append(datetime.date(year, max(months), last))
    if not firsts and not lasts:
        return None
    first = max(firsts, default=datetime.date.min)
    last_day = min(lasts, default=datetime.date.max)
    return min(first, last_day), max(first, last_day)


def _date(key: int) -> datetime.date:
    return datetime.date.fromordinal(key // SORT_KEY_STEP)


def _period(selection: Selection, key: int, *, by_month: bool) -> Way:
    """Return the month or the year of a sort key; the year, too, where no month is known."""
    date, ids = _date(key), selection.among().ids
    counted = selection.postings.counted
    if by_month and (count := counted(f"m{date.year:04d}{date.month:02d}", ids)):
        within = selection.criteria.but(years=(date.year,), months=(date.month,))
        return Way(date_format(date, "YEAR_MONTH_FORMAT"), list_address(within), count)
    within = selection.criteria.but(years=(date.year,))
    return Way(str(date.year), list_address(within), counted(f"y{date.year:04d}", ids))
