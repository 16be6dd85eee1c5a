"""The filters of the list of articles."""

import datetime
from typing import Any, cast

from django.db.models import Exists, Field, OuterRef, Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from articles.admin import rights
from articles.admin.base import user_of
from articles.admin.filters import AutocompleteFilter, ConditionFilter, as_id
from articles.admin.paging import COUNTED
from articles.admin.searching import Among
from articles.choices import DatePrecision, FindingState, Outcome, Status
from articles.gaps import GAPS, lacking
from articles.models import (
    Article,
    Contribution,
    FacetTotal,
    FieldChange,
    Finding,
    ImportRun,
    Part,
    SourceEntry,
    SourceListing,
    TaggedArticle,
)
from articles.review.sentences import title_of

#: So many runs and listings are offered; others are reached from their own pages.
LATEST = 12

Choices = list[tuple[str, Any]]


class StatusFilter(ConditionFilter):
    """Status; scheduled ones are published, but not yet visible."""

    title = _("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        choices: Choices = list(Status.choices)
        if not rights.has_review(user_of(request)):
            del choices[1]
            return [choices[0], ("scheduled", _("scheduled")), *choices[1:]]
        return [*choices[:2], ("scheduled", _("scheduled")), *choices[2:]]

    def condition(self, value: str) -> Q:
        if value == "scheduled":
            return Q(pk__in=Article.objects.scheduled().order_by().values("pk"))
        if value == Status.PUBLISHED:
            return Q(is_public=True)
        return Q(status=value)


def _firsts(precision: str) -> list[datetime.date]:
    """Return the first days of all months or years that articles are dated in. Two queries."""
    dated = Article.objects.filter(published_on__isnull=False).order_by("published_on")
    days = dated.values_list("published_on", flat=True)
    ends = [day.year for day in (days.first(), days.last()) if day is not None]
    months = range(1, 13) if precision == DatePrecision.MONTH else (1,)
    return [
        datetime.date(year, month, 1)
        for year in range(min(ends, default=1), max(ends, default=0) + 1)
        for month in months
    ]


class PrecisionFilter(ConditionFilter):
    """How much of the date is known."""

    title = _("precision of the date")
    parameter_name = "precision"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [
            (DatePrecision.DAY.value, _("day")),
            (DatePrecision.MONTH.value, _("month only")),
            (DatePrecision.YEAR.value, _("year only")),
            ("none", _("no date")),
        ]

    def condition(self, value: str) -> Q:
        if value == "none":
            return Q(published_on=None)
        known = Q(date_precision=value, published_on__isnull=False)
        # Few articles in a million, and no index of them: but all stand on the first of a period.
        return known if value == DatePrecision.DAY else known & Q(published_on__in=_firsts(value))


class LanguageFilter(ConditionFilter):
    """Language, whatever its region."""

    title = _("language")
    parameter_name = "language"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        public = FacetTotal.objects.filter(term__startswith="l").values_list("term", flat=True)
        hidden = Article.objects.filter(status__in=rights.HIDDEN).order_by()
        codes = {term[1:] for term in public}
        codes |= {
            code.split("-")[0].lower()
            for code in hidden.values_list("language", flat=True).distinct()
        }
        return [(code, code) for code in sorted(codes - {""})]

    def condition(self, value: str) -> Q:
        return Q(language__iexact=value) | Q(language__istartswith=f"{value}-")


class BylineFilter(ConditionFilter):
    """Whether anyone is named."""

    title = _("byline")
    parameter_name = "byline"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [("1", _("with byline")), ("0", _("without byline"))]

    def condition(self, value: str) -> Q:
        return ~Q(byline="") if value == "1" else Q(byline="")


class GapFilter(ConditionFilter):
    """What is empty."""

    title = _("lacking")
    parameter_name = "lacking"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [
            ("byline", _("no byline")),
            ("standfirst", _("no standfirst")),
            ("body", _("no text")),
        ]

    def condition(self, value: str) -> Q:
        return lacking(value) if value in GAPS else Q(pk__in=())


class FindingFilter(ConditionFilter):
    """Open findings, by code."""

    title = _("open finding")
    parameter_name = "finding"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        found = Finding.objects.filter(state=FindingState.OPEN, article__isnull=False)
        codes = found.order_by("code").values_list("code", flat=True).distinct()
        choices: Choices = sorted(
            ((code, title_of(code)) for code in codes), key=lambda pair: pair[1]
        )
        return [("any", _("any")), *choices] if choices else []

    def has_output(self) -> bool:
        return bool(self.lookup_choices) or self.value() is not None

    def condition(self, value: str) -> Q:
        found = Finding.objects.filter(state=FindingState.OPEN, article__isnull=False)
        if value != "any":
            found = found.filter(code=value)
        return Q(pk__in=found.values("article"))


class AuthorFilter(AutocompleteFilter):
    """Articles credited to one author, in any role."""

    title = _("author")
    parameter_name = "author"

    def field(self) -> "Field[Any, Any]":
        return cast("Field[Any, Any]", Contribution._meta.get_field("author"))

    def condition(self, pk: int) -> Q:
        return Q(pk__in=Contribution.objects.filter(author=pk).values("article"))


class SeriesFilter(AutocompleteFilter):
    """Articles of one series."""

    title = _("series")
    parameter_name = "series"

    def field(self) -> "Field[Any, Any]":
        return cast("Field[Any, Any]", Part._meta.get_field("series"))

    def condition(self, pk: int) -> Q:
        return Q(pk__in=Part.objects.filter(series=pk).values("article"))


class TagFilter(AutocompleteFilter):
    """Articles with one tag."""

    title = _("tag")
    parameter_name = "tag"

    def field(self) -> "Field[Any, Any]":
        return cast("Field[Any, Any]", TaggedArticle._meta.get_field("tag"))

    def condition(self, pk: int) -> Q:
        return Q(pk__in=TaggedArticle.objects.filter(tag=pk).values("content_object"))


class SourceFilter(ConditionFilter):
    """Articles that one import, or one listing, had an entry for.

    Run, listing and outcome are about the same entry, so each looks at the other two.
    """

    def entries(self) -> Any:
        """Return the entries that all three filters admit, but for this one's own value."""
        found = SourceEntry.objects.filter(article__isnull=False).order_by()
        for name, column in (("run", "run"), ("listing", "listing"), ("outcome", "change")):
            value = self.request.GET.get(name)
            if value and name != self.parameter_name:
                found = found.filter(**{column: value if name == "outcome" else as_id(value)})
        return found

    def matched(self, **condition: Any) -> Q:
        """Return the condition that an article has such an entry."""
        return Q(pk__in=self.entries().filter(**condition).values("article"))

    def _with_chosen(self, rows: Any) -> list[Any]:
        """Return the latest of *rows*, and the chosen one if it is not among them."""
        latest = list(rows[:LATEST])
        value = self.value()
        if value and as_id(value) not in {row.pk for row in latest}:
            latest += list(rows.filter(pk=as_id(value)))
        return latest


class RunFilter(SourceFilter):
    title = _("import run")
    parameter_name = "run"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        runs = ImportRun.objects.only("file_name", "started").order_by("-id")
        return [
            (str(run.pk), f"{run.pk}: {run.file_name} ({run.started:%Y-%m-%d})")
            for run in self._with_chosen(runs)
        ]

    def condition(self, value: str) -> Q:
        return self.matched(run=as_id(value))


class ListingFilter(SourceFilter):
    title = _("listing")
    parameter_name = "listing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        listings = SourceListing.objects.only("file_name").order_by("-id")
        return [
            (str(listing.pk), f"{listing.pk}: {listing.file_name}")
            for listing in self._with_chosen(listings)
        ]

    def condition(self, value: str) -> Q:
        return self.matched(listing=as_id(value))


class OutcomeFilter(SourceFilter):
    title = _("outcome of the import")
    parameter_name = "outcome"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return list(Outcome.choices)

    def get_facet_queryset(self, changelist: Any) -> dict[str, int]:
        # Of all imports ever, rare outcomes would be looked for among a million entries.
        is_of_one = {"run", "listing"} & set(self.request.GET)
        return super().get_facet_queryset(changelist) if is_of_one else {}

    def condition(self, value: str) -> Q:
        # An import that went well has one outcome, a million times: then each article is asked.
        entries = self.entries().filter(change=value)
        ids = list(entries.values_list("article", flat=True)[: COUNTED + 1])
        if len(ids) <= COUNTED:
            return Q(Among("pk", ids))
        return Q(Exists(entries.filter(article=OuterRef("pk"))))


class ChangedFilter(ConditionFilter):
    """What I changed, by the ledger."""

    title = _("who changed it")
    parameter_name = "changed"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [("me", _("changed by me"))]

    def condition(self, value: str) -> Q:
        changes = FieldChange.objects.filter(
            subject_type="article", operation__actor=user_of(self.request).pk
        )
        return Q(pk__in=changes.order_by().values("subject_id"))


ARTICLE_FILTERS = (
    StatusFilter, FindingFilter, PrecisionFilter, LanguageFilter, AuthorFilter, SeriesFilter,
    TagFilter, BylineFilter, GapFilter, ChangedFilter, RunFilter, ListingFilter, OutcomeFilter,
)  # fmt: skip
