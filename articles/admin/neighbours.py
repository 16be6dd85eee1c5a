"""The article before and the one after, in the list that an editor came from.

The list's filter travels with the form (Django's ``_changelist_filters``). Its order is followed by
keys, never by counting: at most two rows are read in each direction, by an index, however long the
list is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.admin.options import IS_POPUP_VAR, IncorrectLookupParameters
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.contrib.admin.views.main import ORDER_VAR
from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from articles.admin import rights, selecting
from articles.admin.rights import user_of
from articles.admin.widgets import only_ids
from articles.models import Article
from articles.querysets import ArticleQuerySet

if TYPE_CHECKING:
    from articles.admin.articles import ArticleAdmin

#: The button that saves and goes on.
NEXT = "_next"
#: The columns of the list that can be sorted by, and those of the table.
COLUMNS = {"date_shown": "sort_key", "updated_shown": "updated"}

#: A column, and whether the highest comes first. A missing value counts as the highest.
Key = tuple[str, bool]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An article beside another one in a list."""

    pk: int
    headline: str


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What stands before and after an article; None at the ends."""

    before: Neighbour | None
    after: Neighbour | None


def of(admin_: "ArticleAdmin", request: HttpRequest, article: Article) -> Neighbours | None:
    """Return what stands beside *article* in the list that *request* came from.

    None if its filter is none, and in a window of its own. The article itself need not be in the
    list any more: it has the place that it would have. Two to four queries, and one more for a
    search.
    """
    if IS_POPUP_VAR in request.GET:
        return None
    query = QueryDict(request.GET.get("_changelist_filters", ""))
    try:
        articles = selecting.articles_of(selecting.canonical(query.urlencode()), user_of(request))
    except IncorrectLookupParameters:
        return None
    order = _order(admin_, request, query.get(ORDER_VAR, ""))
    return Neighbours(
        _first(articles, article, order, is_forward=False),
        _first(articles, article, order, is_forward=True),
    )


def _order(admin_: "ArticleAdmin", request: HttpRequest, asked: str) -> list[Key]:
    """Return the keys by which the list is ordered, as Django reads *asked*; the last is the id."""
    columns = ["", *admin_.list_display] if admin_.get_actions(request) else [*admin_.list_display]
    keys: list[Key] = []
    for part in asked.split("."):
        number = part.removeprefix("-")
        place = int(number) if number.isascii() and number.isdigit() and len(number) < 3 else -1
        name = COLUMNS.get(str(columns[place]), "") if 0 <= place < len(columns) else ""
        if name and name not in {known for known, _down in keys}:
            keys.append((name, part.startswith("-")))
    return [*(keys if asked else [("sort_key", True)]), ("id", True)]


def _first(
    articles: ArticleQuerySet, article: Article, order: list[Key], *, is_forward: bool
) -> Neighbour | None:
    """Return the first of *articles* beyond *article* in one direction."""
    keys = [(name, down is is_forward) for name, down in order]
    for condition in _beyond(article, keys):
        found = articles.filter(condition).order_by(*map(_ordering, range(len(keys)), keys))
        if row := found.values_list("pk", "headline").first():
            return Neighbour(*row)
    return None


def _ordering(place: int, key: Key) -> Any:
    name, down = key
    if place and name == "sort_key":
        column = F(name)
        return column.desc(nulls_first=True) if down else column.asc(nulls_last=True)
    # As the first key it is either there or missing in all of them: an index serves it as it is.
    return f"-{name}" if down else name


def _beyond(article: Article, keys: list[Key]) -> Iterator[Q]:
    """Yield conditions for what comes after *article*, the nearest first."""
    # Equal in all keys but the last, then in all but the last two, and so on.
    for depth in range(len(keys), 0, -1):
        same = Q()
        is_one = False
        for name, _down in keys[: depth - 1]:
            value = getattr(article, name)
            same &= Q(**{f"{name}__isnull": True} if value is None else {name: value})
            # No two articles have one sort key: nothing else is equal.
            is_one = is_one or (name == "sort_key" and value is not None)
        if is_one:
            continue
        name, down = keys[depth - 1]
        value = getattr(article, name)
        if down:
            yield same & (Q(**{f"{name}__isnull": False}) if value is None
                          else Q(**{f"{name}__lt": value}))  # fmt: skip
        elif value is not None:
            yield same & Q(**{f"{name}__gt": value})
            if name == "sort_key":
                yield same & Q(sort_key__isnull=True)


def respond(admin_: "ArticleAdmin", request: HttpRequest, saved: Article) -> HttpResponse | None:
    """Return the way to the next article, if the form was sent to save and go on; None if it was
    not, or that one is out of sight by now."""
    ids = only_ids([request.POST.get(NEXT, "")])
    if not ids:
        return None
    articles = rights.visible(Article.objects.order_by(), user_of(request))
    if not articles.filter(pk=ids[0]).exists():
        return None
    url = reverse("admin:articles_article_change", args=[saved.pk])
    link = format_html('<a href="{}">{}</a>', _with_filters(admin_, request, url), saved.headline)
    messages.success(request, format_html(_("“{}” is saved. This is the next one."), link))
    onward = reverse("admin:articles_article_change", args=[ids[0]])
    return HttpResponseRedirect(_with_filters(admin_, request, onward))


def _with_filters(admin_: "ArticleAdmin", request: HttpRequest, url: str) -> str:
    context: dict[str, Any] = {
        "preserved_filters": admin_.get_preserved_filters(request), "opts": admin_.opts,
    }  # fmt: skip
    return str(add_preserved_filters(context, url))
