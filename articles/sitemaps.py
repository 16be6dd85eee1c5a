"""What sitemaps list (sitemaps.org, protocol 0.9): every public address once, in pages.

A page of articles, authors, series or tags holds those whose ids lie between two multiples of
`PAGE`: an article stays on its page for ever, no page is read to find another, and each is one
look into the primary key, however large the archive is.
"""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import F, Max, OuterRef, Subquery
from django.urls import reverse

from articles import content_version
from articles.counting import live
from articles.models import Article, SitePage
from articles.rows import article_address
from articles.totals import AUTHORS, SERIES, TAGS, Named, all_totals, year_totals

#: Addresses on one page; the protocol allows 50,000.
PAGE = 10_000
#: Of so many articles that changed last the index says when, and of all of so many pages.
RECENT = 1_000
EXACT = 10

ARTICLES, PAGES = "articles", "pages"
NAMED: dict[str, Named] = {"authors": AUTHORS, "series": SERIES, "tags": TAGS}
KINDS = (PAGES, ARTICLES, *NAMED)
#: Addresses of the site itself that are lists of their own.
_LISTS = ("home", "article-list", "author-list", "series-list", "tag-list", "new", "searching")


@dataclass(frozen=True, slots=True)
class Entry:
    """One address, and when what stands there changed last, as far as that is known."""

    path: str
    changed: datetime.datetime | None = None


def page_of(pk: int) -> int:
    """Return the number of the page that the row *pk* stands on, from 1."""
    return (pk - 1) // PAGE + 1


def ids_of(number: int) -> tuple[int, int]:
    """Return the ids between which the rows of a page stand: above the first, up to the last."""
    return (number - 1) * PAGE, number * PAGE


def pages(kind: str) -> list[int]:
    """Return the numbers of the pages of a kind that have something public. One query at most."""
    if kind == PAGES:
        return [1]
    if kind == ARTICLES:
        postings = live.current()
        ids: Iterable[int] = postings.kind.ids(postings.all)
    else:
        ids = all_totals(NAMED[kind])
    return sorted({page_of(pk) for pk in ids})


def last_changes(kind: str, numbers: Sequence[int]) -> dict[int, datetime.datetime]:
    """Return when each page of a kind changed last, by number. Three queries at most for a page,
    two for all pages of articles.

    Of more than `EXACT` pages only those of articles are dated that have one of the articles which
    changed most recently: to say it of the others, all would have to be read.
    """
    found = _recent_changes() if kind == ARTICLES else {}
    if len(numbers) > EXACT:
        return found
    if kind != ARTICLES:
        dated = ((number, (entry.changed for entry in entries(kind, number))) for number in numbers)
        latest = ((number, max(filter(None, dates), default=None)) for number, dates in dated)
        return {number: date for number, date in latest if date is not None}
    if not found.keys() >= set(numbers):
        rows = Article.objects.published().order_by().values_list((F("pk") - 1) / PAGE + 1)
        found |= dict(rows.annotate(Max("updated")))
    return found


def _recent_changes() -> dict[int, datetime.datetime]:
    """Return when a page of articles changed last, for those with one of the articles that did so
    most recently. One query."""
    found: dict[int, datetime.datetime] = {}
    rows = Article.objects.order_by("-updated").values_list("pk", "updated")[:RECENT]
    changed = dict(rows)
    postings = live.current()
    # Of all that changed, drafts too, those that readers see: the index of dates knows no others.
    public = set(postings.kind.ids(postings.all & postings.kind.of(changed)))
    for pk, updated in changed.items():
        if pk in public:
            found.setdefault(page_of(pk), updated)
    return found


def entries(kind: str, number: int) -> list[Entry]:
    """Return the addresses of one page, by id. Two queries at most."""
    first, last = ids_of(number)
    if kind == PAGES:
        return list(_own())
    if kind == ARTICLES:
        rows = Article.objects.published().filter(pk__gt=first, pk__lte=last).order_by("pk")
        return [
            Entry(article_address(date, precision, slug), updated)
            for date, precision, slug, updated in rows.values_list(
                "published_on", "date_precision", "slug", "updated"
            )
            if date is not None
        ]
    return list(_named(kind, first, last))


def _own() -> Iterator[Entry]:
    # What lists show changes with anything that is public.
    changed = content_version.read().changed
    for name in _LISTS:
        yield Entry(reverse(name), changed)
    for year in sorted(year_totals(), reverse=True):
        yield Entry(reverse("year", args=[f"{year:04d}"]))
    for row in SitePage.objects.published().only("slug", "updated"):
        yield Entry(row.get_absolute_url(), row.updated)


def _named(kind: str, first: int, last: int) -> Iterator[Entry]:
    """Yield those with a public article, and when the row or its newest article changed."""
    related = NAMED[kind]
    # By a list of one: SQLite looks a bare condition up in no index.
    links = related.link._default_manager.filter(
        **{related.link_name: OuterRef("pk"), "is_public__in": [True]}
    )
    # The key alone stands in the index; when the article changed is asked for all of them at once.
    newest = Subquery(links.order_by("-sort_key").values("sort_key")[:1])
    rows = related.model._default_manager.filter(pk__gt=first, pk__lte=last)
    has_date = any(field.name == "updated" for field in related.model._meta.fields)
    columns = ("slug", "newest", *(["updated"] if has_date else []))
    stored = rows.annotate(newest=newest).order_by("pk").values_list(*columns)
    found = [row for row in stored if row[1] is not None]
    public = Article.objects.published().filter(sort_key__in={row[1] for row in found})
    changed = dict(public.values_list("sort_key", "updated"))
    for slug, key, *dates in found:
        known = [*dates, *([changed[key]] if key in changed else [])]
        yield Entry(reverse(related.link_name, args=[slug]), max(known, default=None))
