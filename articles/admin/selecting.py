"""Which articles a query string of the list of articles stands for, without the list."""

import calendar
import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import SEARCH_VAR
from django.contrib.auth.models import User
from django.db.models import Q
from django.http import HttpRequest, QueryDict

from articles.admin import rights
from articles.admin.article_filters import ARTICLE_FILTERS
from articles.admin.filters import AutocompleteFilter, as_id
from articles.admin.searching import find_articles
from articles.cleaning import clean_line
from articles.models import Article
from articles.querysets import ArticleQuerySet

#: Years, months and days above the list.
_DATES = tuple(f"published_on__{part}" for part in ("year", "month", "day"))
_NAMES = (SEARCH_VAR, *_DATES, *(one.parameter_name for one in ARTICLE_FILTERS))
#: As many characters as the column of saved views has.
MAX_LENGTH = 2000
#: So many are counted; of more it is enough to know that they are many.
COUNTED = 1000


def canonical(query: str) -> str:
    """Return *query* with what selects articles alone, each once and sorted: no page, no order.

    ``""`` if it selects nothing, or is too long to be kept.
    """
    given = QueryDict(query)
    values = {name: clean_line(given.get(name, ""), 300) for name in sorted(_NAMES)}
    text = urlencode({name: value for name, value in values.items() if value})
    return text if len(text) <= MAX_LENGTH else ""


def articles_of(query: str, user: User) -> ArticleQuerySet:
    """Return the articles that *user* sees in the list under *query*, in no order.

    Raises `IncorrectLookupParameters` for a value that no filter has.
    """
    request = HttpRequest()
    request.GET, request.user = QueryDict(query), user
    articles = rights.visible(Article.objects.order_by(), user)
    for one in ARTICLE_FILTERS:
        value = request.GET.get(one.parameter_name)
        if value:
            articles = articles.filter(_condition(one, request, value))
    articles = articles.filter(_dates(request.GET))
    if text := request.GET.get(SEARCH_VAR):
        articles = find_articles(articles, text)
    return articles


def _condition(kind: Any, request: HttpRequest, value: str) -> Q:
    # Without the choices that the list offers, each of which is a query or two.
    one = kind.__new__(kind)
    one.request = request
    condition: Q = one.condition(as_id(value) if issubclass(kind, AutocompleteFilter) else value)
    return condition


def _dates(given: QueryDict) -> Q:
    numbers = []
    for name in _DATES:
        value = given.get(name)
        if not value:
            break
        numbers.append(as_id(value))
    if not numbers:
        return Q()
    year, month, day = (*numbers, 1, 1)[:3]
    try:
        first = datetime.date(year, month, day)
        if len(numbers) == 1:
            last = datetime.date(year, 12, 31)
        elif len(numbers) == 2:
            last = first.replace(day=calendar.monthrange(year, month)[1])
        else:
            last = first
    except (ValueError, OverflowError):
        raise IncorrectLookupParameters from None
    return Q(published_on__range=(first, last))


def count_of(articles: ArticleQuerySet) -> int:
    """Return how many there are; one more than `COUNTED` for any larger number."""
    return articles.order_by()[: COUNTED + 1].count()
