"""Ways in for those who look for nothing in particular: a random article, and what is new."""

import secrets

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from archive_site import pages
from archive_site.pages import page
from articles.listed import rows_with
from articles.models import Article
from articles.prepared import Prepared
from articles.rows import ArticleRow, rows_of
from articles.totals import year_totals

#: How many articles *New in the archive* shows.
MOST_NEW = 50
#: Rows are never counted off beyond this; a year with more articles favours its newest.
_MOST_SKIPPED = 10_000


#: Of what is admitted, by an index of its own: asked of what is published, SQLite would read all of
#: it. Whether readers may see them now is asked when their rows are read.
_NEWEST = Prepared(
    lambda _now: (
        Article.objects.filter(is_public=True)
        .order_by("-first_public_at", "-pk")
        .values_list("sort_key", "first_public_at")[:MOST_NEW]
    )
)


def random_article(request: HttpRequest) -> HttpResponse:
    """302 to an article, each as likely as any other; to the list of none, if there is none."""
    years = year_totals()
    address = reverse("article-list")
    if years:
        place = secrets.randbelow(sum(years.values()))
        for year, count in sorted(years.items()):
            if place < count:
                rows = Article.objects.published().in_years(year).newest_first().for_list()
                skipped = min(place, _MOST_SKIPPED)
                address = next((row.url for row in rows_of(rows[skipped : skipped + 1])), address)
                break
            place -= count
    response = HttpResponseRedirect(address)
    response["Cache-Control"] = pages.PRIVATE
    return response


def new_articles(request: HttpRequest) -> HttpResponse:
    """The articles that readers could see last, by the day on which they first could."""
    newest = _NEWEST.rows()
    rows = {row.sort_key: row for row in rows_with([key for key, _moment in newest])}
    days: dict[str, list[ArticleRow]] = {}
    for key, moment in newest:
        if key in rows:
            day = date_format(timezone.localtime(moment), "DATE_FORMAT")
            days.setdefault(day, []).append(rows[key])
    return page(request, "articles/new_articles.html", {"days": list(days.items())})
