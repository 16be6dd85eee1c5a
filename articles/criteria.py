"""What a reader asked for, frozen: the one form that filters, facets, pages and feeds share."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

#: Sort orders by their name in an address.
SORTS = ("newest", "oldest", "relevance")

#: Longest search text, and most filter values, that one address may ask for.
MAX_TEXT = 200
MAX_VALUES = 20


@dataclass(frozen=True, slots=True)
class Criteria:
    """Filters, search text and sort order of a list of articles.

    Values of one dimension are alternatives (or); dimensions narrow each other (and). Authors,
    tags and series are named by slug. ``months`` count only together with ``years``. ``byline``
    is True for articles with a printed byline, False for those without.
    """

    text: str = ""
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    byline: bool | None = None
    sort: str = ""

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
    def value_count(self) -> int:
        """How many filter values are chosen, the search text not counted."""
        lists = (self.authors, self.tags, self.series, self.years, self.months)
        return sum(map(len, lists)) + (self.byline is not None)

    @property
    def year(self) -> int | None:
        """The year, if exactly one is chosen."""
        return self.years[0] if len(self.years) == 1 else None

    def slugs(self) -> dict[str, tuple[str, ...]]:
        """Return the slugs asked for, by dimension."""
        return {"authors": self.authors, "tags": self.tags, "series": self.series}

    def pairs(self) -> list[tuple[str, str]]:
        """Return the parameters of the address, in one canonical order."""
        found: list[tuple[str, str]] = []
        if self.text:
            found.append(("q", self.text))
        for name, values in (
            ("author", self.authors), ("tag", self.tags), ("series", self.series),
        ):  # fmt: skip
            found.extend((name, value) for value in sorted(set(values)))
        found.extend(("year", f"{year:04d}") for year in sorted(set(self.years)))
        if self.years:
            found.extend(("month", str(month)) for month in sorted(set(self.months)))
        if self.byline is not None:
            found.append(("byline", "with" if self.byline else "without"))
        if self.sort and self.sort != ("relevance" if self.text else "newest"):
            found.append(("sort", self.sort))
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
