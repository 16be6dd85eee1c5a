"""What a reader asked for, frozen: the one form that filters, facets, pages and feeds share."""

import datetime
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

#: Sort orders by their name in an address.
SORTS = ("newest", "oldest", "relevance", "headline")

#: Shapes of a list by their name in an address; the first is the usual one.
VIEWS = ("roomy", "dense")

#: Longest search text, and most filter values, that one address may ask for.
MAX_TEXT = 200
MAX_VALUES = 20

_SINGLE = {"author", "tag", "series", "language", "decade", "year"}
_WITH = {True: "with", False: "without"}


@dataclass(frozen=True, slots=True)
class Criteria:
    """Filters, search text and sort order of a list of articles.

    Values of one dimension are alternatives (or); dimensions narrow each other (and). Authors,
    tags and series are named by slug; articles with one of the ``not_`` ones are left out.
    ``months`` count only together with ``years``; a decade is named by its first year. ``since``
    and ``until`` are the first and the last day, both included. ``byline`` is True for articles
    with a printed byline, False for those without; ``body`` says the same of their full text.
    ``languages`` are codes of BCP 47. ``sort`` and ``view`` narrow nothing.
    """

    text: str = ""
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    byline: bool | None = None
    sort: str = ""
    not_authors: tuple[str, ...] = ()
    not_tags: tuple[str, ...] = ()
    not_series: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    since: datetime.date | None = None
    until: datetime.date | None = None
    body: bool | None = None
    decades: tuple[int, ...] = ()
    view: str = ""

    @property
    def order(self) -> str:
        """The sort order in force: relevance where words are searched, else newest first."""
        if self.sort == "relevance" and not self.text:
            return "newest"
        return self.sort or ("relevance" if self.text else "newest")

    @property
    def is_filtered(self) -> bool:
        """Whether anything narrows the list."""
        return bool(self.text) or self.value_count > 0

    @property
    def is_for_crawlers(self) -> bool:
        """Whether the list is one that search engines should keep: everything, or everything of
        one author, tag, series, language, decade or year."""
        pairs = self.pairs()
        return not pairs or (len(pairs) == 1 and pairs[0][0] in _SINGLE)

    @property
    def value_count(self) -> int:
        """How many filter values are chosen, the search text not counted."""
        lists = (
            self.authors, self.tags, self.series, self.years, self.months,
            self.not_authors, self.not_tags, self.not_series, self.languages, self.decades,
        )  # fmt: skip
        single = (self.since, self.until, self.byline, self.body)
        return sum(map(len, lists)) + sum(value is not None for value in single)

    @property
    def year(self) -> int | None:
        """The year, if exactly one is chosen."""
        return self.years[0] if len(self.years) == 1 else None

    def slugs(self) -> dict[str, tuple[str, ...]]:
        """Return the slugs asked for or left out, by dimension."""
        return {
            "authors": (*self.authors, *self.not_authors),
            "tags": (*self.tags, *self.not_tags),
            "series": (*self.series, *self.not_series),
        }

    def at_any_time(self) -> "Criteria":
        """Return these criteria without whatever narrows them by date."""
        return replace(self, decades=(), years=(), months=(), since=None, until=None)

    def excluded(self) -> dict[str, tuple[str, ...]]:
        """Return the slugs left out, by dimension."""
        return {"authors": self.not_authors, "tags": self.not_tags, "series": self.not_series}

    def since_text(self) -> str:
        """Return the first day as an address says it, by its year alone if that is enough."""
        return _shortest(self.since, 1, 1)

    def until_text(self) -> str:
        """Return the last day as an address says it, by its year alone if that is enough."""
        return _shortest(self.until, 12, 31)

    def pairs(self) -> list[tuple[str, str]]:
        """Return the parameters of the address, in one canonical order."""
        found: list[tuple[str, str]] = []
        if self.text:
            found.append(("q", self.text))
        for name, values in (
            ("author", self.authors), ("tag", self.tags), ("series", self.series),
            ("not_author", self.not_authors), ("not_tag", self.not_tags),
            ("not_series", self.not_series), ("language", self.languages),
        ):  # fmt: skip
            found.extend((name, value) for value in sorted(set(values)))
        found.extend(("decade", f"{decade:04d}") for decade in sorted(set(self.decades)))
        found.extend(("year", f"{year:04d}") for year in sorted(set(self.years)))
        if self.years:
            found.extend(("month", str(month)) for month in sorted(set(self.months)))
        if self.since is not None:
            found.append(("since", self.since_text()))
        if self.until is not None:
            found.append(("until", self.until_text()))
        if self.byline is not None:
            found.append(("byline", _WITH[self.byline]))
        if self.body is not None:
            found.append(("body", _WITH[self.body]))
        if self.sort and self.sort != ("relevance" if self.text else "newest"):
            found.append(("sort", self.sort))
        if self.view and self.view != VIEWS[0]:
            found.append(("view", self.view))
        return found

    def query_string(self) -> str:
        """Return the canonical query string, without the question mark. Equal criteria, equal
        string."""
        return urlencode(self.pairs())

    def but(self, **changes: Any) -> "Criteria":
        """Return these criteria with *changes*. Without a year there is no month."""
        changed = replace(self, **changes)
        return replace(changed, months=()) if changed.months and not changed.years else changed

    def toggled(self, dimension: str, value: Any) -> "Criteria":
        """Return these criteria with one value of a list added, or removed if it was chosen."""
        chosen: tuple[Any, ...] = getattr(self, dimension)
        if value in chosen:
            return self.but(**{dimension: tuple(item for item in chosen if item != value)})
        return self.but(**{dimension: (*chosen, value)})


def _shortest(day: datetime.date | None, month: int, day_of_month: int) -> str:
    """Return *day* in digits, by its year alone if it is that day of it; ``""`` for no day."""
    if day is None:
        return ""
    is_year = (day.month, day.day) == (month, day_of_month)
    return f"{day.year:04d}" if is_year else day.isoformat()
