"""The filters in force: in words, each with the list without it."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.dates import MONTHS
from django.utils.formats import date_format
from django.utils.translation import get_language_info, pgettext
from django.utils.translation import gettext as _

from articles.addressing import list_address
from articles.criteria import Criteria

#: Id and label of what is chosen and public, by dimension and slug.
Chosen = Mapping[str, Mapping[str, tuple[int, str]]]


@dataclass(frozen=True, slots=True)
class ActiveFilter:
    """A filter in force, and the list without it."""

    dimension: str
    label: str
    without: Criteria
    #: Whether it leaves something out.
    is_exclusion: bool = False

    @property
    def url(self) -> str:
        """The address of the list without it."""
        return list_address(self.without)


def unknown_slugs(criteria: Criteria, chosen: Chosen) -> dict[str, list[str]]:
    """Return the slugs in *criteria* that name nothing public, by dimension."""
    return {
        dimension: missing
        for dimension, slugs in criteria.slugs().items()
        if (missing := [slug for slug in slugs if slug not in chosen.get(dimension, {})])
    }


def active_filters(criteria: Criteria, chosen: Chosen) -> list[ActiveFilter]:
    """Return the filters in force, in the order of the address. A value that names nothing
    public is shown as it was typed."""
    found: list[ActiveFilter] = []

    def add(dimension: str, label: str, without: Criteria, *, out: bool = False) -> None:
        found.append(ActiveFilter(dimension, label, without, out))

    if criteria.text:
        add(_("Search"), _("“%s”") % criteria.text, criteria.but(text=""))
    for dimension, title in (
        ("authors", _("Author")), ("tags", _("Tag")), ("series", pgettext("one", "Series")),
    ):  # fmt: skip
        for slug in getattr(criteria, dimension):
            label = chosen.get(dimension, {}).get(slug, (0, slug))[1]
            add(title, label, criteria.toggled(dimension, slug))
    for dimension, title in (
        ("authors", _("Not by")), ("tags", _("Not tagged")), ("series", _("Not in")),
    ):  # fmt: skip
        for slug in criteria.excluded()[dimension]:
            label = chosen.get(dimension, {}).get(slug, (0, slug))[1]
            add(title, label, criteria.toggled(f"not_{dimension}", slug), out=True)
    for code in criteria.languages:
        add(_("Language"), language_name(code), criteria.toggled("languages", code))
    for decade in criteria.decades:
        add(_("Decade"), decade_name(decade), criteria.toggled("decades", decade))
    for year in criteria.years:
        add(_("Year"), str(year), criteria.toggled("years", year))
    for month in criteria.months:
        add(_("Month"), str(MONTHS[month]), criteria.toggled("months", month))
    if criteria.since is not None:
        first = datetime.date(criteria.since.year, 1, 1)
        add(_("From"), _year_or_day(criteria.since, first), criteria.but(since=None))
    if criteria.until is not None:
        last = datetime.date(criteria.until.year, 12, 31)
        add(_("Until"), _year_or_day(criteria.until, last), criteria.but(until=None))
    if criteria.body is not None:
        label = _("with full text") if criteria.body else _("without full text")
        add(_("Text"), label, criteria.but(body=None))
    if criteria.byline is not None:
        label = _("with byline") if criteria.byline else _("without byline")
        add(_("Byline"), label, criteria.but(byline=None))
    return found


def language_name(code: str) -> str:
    """Return the name of a language in that of the site; its code if it has no name here."""
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


def decade_name(decade: int) -> str:
    """Return how a decade is called: "1910s"."""
    return _("%ds") % decade


def _year_or_day(day: datetime.date, of_year: datetime.date) -> str:
    """Return the year alone if *day* is the day *of_year*, as it was most likely meant."""
    return str(day.year) if day == of_year else date_format(day)
