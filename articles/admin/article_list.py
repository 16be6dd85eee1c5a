"""A page of the desk's list of articles, at any size of the archive."""

import datetime
from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.db.models import Prefetch
from django.http import HttpRequest

from articles.choices import FindingState
from articles.models import Finding, Part
from articles.models.article import SORT_KEY_STEP, sort_key_of

#: Columns that no list shows; a body alone may be megabytes.
LONG = ("body", "standfirst", "withdrawn_reason", "correction_note", "source_url")

#: More years than this are not offered: each takes a query.
MOST_YEARS = 300


class ArticleList(ChangeList):
    """A page of the list: two further queries fetch the series and the findings of its rows."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> Any:
        found = super().get_queryset(request, exclude_parameters)
        return found.defer(*LONG).prefetch_related(
            Prefetch("parts", Part.objects.select_related("series")),
            Prefetch(
                "findings",
                Finding.objects.filter(state=FindingState.OPEN).only("id", "article_id"),
                to_attr="open_findings",
            ),
        )

    def get_filters(self, request: HttpRequest) -> Any:
        """Return the filters. Django narrows to a year by the first day of the next one, which the
        last year that there is has not."""
        name = str(self.date_hierarchy)
        parts = [f"{name}__{part}" for part in ("year", "month", "day")]
        asked = {part: self.filter_params[part][-1] for part in parts if part in self.filter_params}
        if asked.get(parts[0]) != str(datetime.MAXYEAR):
            return super().get_filters(request)
        try:
            datetime.date(*(int(asked.get(part) or 1) for part in parts))
        except ValueError as error:
            raise IncorrectLookupParameters(error) from error
        every = self.filter_params
        self.filter_params = {key: value for key, value in every.items() if key not in asked}
        try:
            specs, has, remaining, *rest = super().get_filters(request)
        finally:
            self.filter_params = every
        # By its parts, without the index: hardly any article is of that year.
        return (specs, has, remaining | {key: [int(one)] for key, one in asked.items()}, *rest)

    def years(self) -> list[tuple[str, str]]:
        """Return each year that articles are of, with the link that narrows the list to it; none
        where the list is narrowed by date already.

        Django's own line of years reads the date of every row. This asks for the first article of
        each year in turn, by the index. Within a year, Django's line of months may stay.
        """
        name = str(self.date_hierarchy)
        if any(param.startswith(f"{name}__") for param in self.params):
            return []
        keys = self.root_queryset.order_by("sort_key").values_list("sort_key", flat=True)
        found: list[tuple[str, str]] = []
        start = datetime.date.min
        while len(found) < MOST_YEARS:
            key = keys.filter(sort_key__gte=sort_key_of(start, 0)).first()
            if key is None:
                break
            year = datetime.date.fromordinal(key // SORT_KEY_STEP).year
            found.append((str(year), self.get_query_string({f"{name}__year": year})))
            if year == datetime.MAXYEAR:
                break
            start = datetime.date(year + 1, 1, 1)
        return found
