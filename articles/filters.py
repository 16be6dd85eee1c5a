"""The only reader of the query string of lists.

Unknown parameters (a campaign's ``utm_source``) are ignored. A known parameter with a value that
means nothing raises `BadQuery`, whose message a reader can act on.
"""

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import django_filters
from django import forms
from django.core.exceptions import BadRequest
from django.http import QueryDict
from django.utils.translation import gettext as _

from articles.cleaning import clean_line
from articles.criteria import MAX_TEXT, MAX_VALUES, SORTS, VIEWS, Criteria
from articles.models import Article
from articles.partial_dates import last_day, parse_partial
from articles.querysets import ArticleQuerySet

#: Rows of a page, and how many pages can be asked for by number: 10,000 rows.
PAGE_SIZE = 50
MAX_PAGE = 200
#: Sort keys stay below 2**53 (see `articles.models.article.sort_key_of`).
_MAX_SORT_KEY = 2**53


class BadQuery(BadRequest):
    """An address that asks for what cannot be; the message says why, in the site's language."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a list: a page by number, or the rows after or before a sort key."""

    page: int = 1
    after: int | None = None
    before: int | None = None

    @property
    def is_start(self) -> bool:
        """Whether this is the beginning of the list."""
        return self == Place()


class ValuesField(forms.Field):
    """All values of a repeated parameter, read one by one; empty ones do not count.

    It holds nothing of a request, so all forms share it.
    """

    widget = forms.MultipleHiddenInput

    def __init__(self, read: Callable[[str], Any], *, single: bool = False, **options: Any) -> None:
        super().__init__(required=False, **options)
        self.read = read
        self.single = single

    def __deepcopy__(self, memo: dict[int, Any]) -> "ValuesField":
        return self

    def clean(self, value: list[str] | None) -> Any:
        """Return a tuple of the values as read, or the one value (or None) if only one may be."""
        given = dict.fromkeys(text for raw in value or [] if (text := raw.strip()))
        if len(given) > MAX_VALUES:
            raise forms.ValidationError(
                _("An address may hold at most %d filter values.") % MAX_VALUES
            )
        found = tuple(dict.fromkeys(self.read(text) for text in given))
        if not self.single:
            return found
        if len(found) > 1:
            raise forms.ValidationError(_("Only one value can be in force here."))
        return found[0] if found else None


def _number(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        digits = text.isascii() and text.isdigit() and len(text) <= len(str(high)) + 3
        if not digits or not low <= int(text) <= high:
            raise forms.ValidationError(
                _("“%(value)s” is not a whole number from %(low)d to %(high)d.")
                % {"value": text[:40], "low": low, "high": high}
            )
        return int(text)

    return read


_read_decade = _number(0, 9990)


def _decade(text: str) -> int:
    decade = _read_decade(text.removesuffix("s"))
    if decade % 10:
        raise forms.ValidationError(
            _("“%s” is not the first year of a decade, such as 1910.") % text[:40]
        )
    return decade


def _choice(*choices: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in choices:
            raise forms.ValidationError(
                _("“%(value)s” is none of %(choices)s.")
                % {"value": text[:40], "choices": ", ".join(choices)}
            )
        return text

    return read


def _slug(text: str) -> str:
    if len(text) > 150 or clean_line(text) != text:
        raise forms.ValidationError(_("“%s” is not the name of anything here.") % text[:40])
    return text


def _language(text: str) -> str:
    if not re.fullmatch("[A-Za-z]{2,8}", text):
        raise forms.ValidationError(
            _("“%s” is not the code of a language, such as “en”.") % text[:40]
        )
    return text.lower()


def _day(text: str) -> tuple[datetime.date, str]:
    try:
        return parse_partial(text)
    except ValueError:
        raise forms.ValidationError(
            _("“%s” is not a date such as 1917, 1917-11 or 1917-11-07.") % text[:40]
        ) from None


def _period(text: str) -> tuple[datetime.date, datetime.date]:
    """Return the first and the last day of a year, a month or a day."""
    first, precision = _day(text)
    return first, last_day(first, precision)


def _text(text: str) -> str:
    line = clean_line(text)
    if len(line) > MAX_TEXT:
        raise forms.ValidationError(_("Search for at most %d characters at a time.") % MAX_TEXT)
    return line


class _QueryForm(forms.Form):
    """Checks what concerns several parameters."""

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        places = [name for name in ("page", "after", "before") if found.get(name) is not None]
        if len(places) > 1:
            raise forms.ValidationError(
                _("A list is read by “page”, by “after” or by “before”, one at a time.")
            )
        if found.get("month") and not found.get("year") and "year" not in self.errors:
            raise forms.ValidationError(_("A month needs a year beside it."))
        lists = (
            "author", "tag", "series", "decade", "year", "month",
            "not_author", "not_tag", "not_series", "language",
        )  # fmt: skip
        count = sum(len(found.get(name) or ()) for name in lists)
        count += sum(bool(found.get(name)) for name in ("byline", "body", "since", "until"))
        if count > MAX_VALUES:
            raise forms.ValidationError(
                _("An address may hold at most %d filter values.") % MAX_VALUES
            )
        return found


class _Parameter(django_filters.Filter):  # type: ignore[misc]
    """A parameter of the address, read by a `ValuesField`."""

    field_class = ValuesField

    def __init__(self, read: Callable[[str], Any], *, single: bool = False) -> None:
        super().__init__(read=read, single=single)

    def __deepcopy__(self, memo: dict[int, Any]) -> "_Parameter":
        return self

    @property
    def field(self) -> ValuesField:
        return ValuesField(**{key: self.extra[key] for key in ("read", "single")})


class ArticleFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Reads ``?q= author= tag= series= not_author= not_tag= not_series= language= decade= year=
    month= since= until= byline= body= sort= view= page= after= before=``."""

    q = _Parameter(_text, single=True)
    author = _Parameter(_slug)
    tag = _Parameter(_slug)
    series = _Parameter(_slug)
    decade = _Parameter(_decade)
    year = _Parameter(_number(1, 9999))
    month = _Parameter(_number(1, 12))
    not_author = _Parameter(_slug)
    not_tag = _Parameter(_slug)
    not_series = _Parameter(_slug)
    language = _Parameter(_language)
    since = _Parameter(_period, single=True)
    until = _Parameter(_period, single=True)
    byline = _Parameter(_choice("with", "without"), single=True)
    body = _Parameter(_choice("with", "without"), single=True)
    sort = _Parameter(_choice(*SORTS), single=True)
    view = _Parameter(_choice(*VIEWS), single=True)
    page = _Parameter(_number(1, MAX_PAGE), single=True)
    after = _Parameter(_number(0, _MAX_SORT_KEY), single=True)
    before = _Parameter(_number(0, _MAX_SORT_KEY), single=True)

    class Meta:
        model = Article
        fields: list[str] = []
        form = _QueryForm

    _form_classes: ClassVar[dict[type, type[forms.Form]]] = {}

    def __init__(self, data: QueryDict, queryset: ArticleQuerySet | None = None) -> None:
        # Bound even to an empty address: no parameter at all is a valid query.
        super().__init__(data, Article.objects.none() if queryset is None else queryset)

    def get_form_class(self) -> type[forms.Form]:
        """Return the form that reads the address: made once, as no request changes it."""
        known = ArticleFilter._form_classes
        if type(self) not in known:
            known[type(self)] = super().get_form_class()
        return known[type(self)]

    def _cleaned(self) -> dict[str, Any]:
        for name, errors in self.form.errors.items():
            message = str(errors[0])
            raise BadQuery(message if name == "__all__" else f"{name}: {message}")
        cleaned: dict[str, Any] = self.form.cleaned_data
        return cleaned

    @property
    def criteria(self) -> Criteria:
        """What the address asks for. Raises `BadQuery`."""
        found = self._cleaned()
        since, until = found["since"], found["until"]
        if since and until and until[1] < since[0]:
            # Typed the wrong way round, as `year:1921..1917` may be.
            since, until = until, since
        return Criteria(
            text=found["q"] or "",
            authors=found["author"],
            tags=found["tag"],
            series=found["series"],
            decades=found["decade"],
            years=found["year"],
            months=found["month"],
            byline=None if found["byline"] is None else found["byline"] == "with",
            body=None if found["body"] is None else found["body"] == "with",
            not_authors=found["not_author"],
            not_tags=found["not_tag"],
            not_series=found["not_series"],
            languages=found["language"],
            since=since[0] if since else None,
            until=until[1] if until else None,
            sort=found["sort"] or "",
            view=found["view"] or "",
        )

    @property
    def place(self) -> Place:
        """Where in the list the address points. Raises `BadQuery`."""
        found = self._cleaned()
        return Place(page=found["page"] or 1, after=found["after"], before=found["before"])

    def filter_queryset(self, queryset: ArticleQuerySet) -> ArticleQuerySet:
        """Return the rows of *queryset* that the criteria admit; its text is the search's."""
        return queryset.matching(self.criteria)


class ValuesFilter(ArticleFilter):
    """Reads the address of the page that shows all values of one dimension: that of the list,
    and ``?find=``, what a value begins with."""

    find = _Parameter(_text, single=True)

    @property
    def beginning(self) -> str:
        """What the wanted values begin with; ``""`` for any. Raises `BadQuery`."""
        return str(self._cleaned()["find"] or "")
