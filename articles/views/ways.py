"""Ways in for those who look for nothing in particular: a random article, and what is new."""

import secrets

from django.db.models import Max
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from archive_site import pages
from archive_site.pages import page
from articles.models import Article
from articles.rows import ArticleRow, rows_of
from articles.totals import year_totals

#: How many articles *New in the archive* shows.
MOST_NEW = 50
#: So many of the rows entered last, and of those changed last, are looked at for them.
_MOST_LOOKED_AT = 500
#: Rows are never counted off beyond this; a year with more articles favours its newest.
_MOST_SKIPPED = 10_000


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
    """The articles that readers could see last, by the day on which they first could.

    Two orders that the database keeps stand in for that of the day: what was entered last, and what
    was changed last, among which are drafts that waited. Asked of all rows, not of the public ones:
    SQLite would else read all of these to order them.
    """
    public = Article.objects.published()
    newest_id = Article.objects.aggregate(newest=Max("pk"))["newest"] or 0
    changed = Article.objects.order_by("-updated").values_list("pk", flat=True)[:_MOST_LOOKED_AT]
    recent = {*range(newest_id - _MOST_LOOKED_AT + 1, newest_id + 1), *changed}
    first = public.filter(pk__in=recent).values_list("pk", "first_public_at")
    moments = {pk: moment for pk, moment in first if moment is not None}
    newest = sorted(moments, key=lambda pk: (moments[pk], pk), reverse=True)[:MOST_NEW]
    rows = {row.id: row for row in rows_of(public.filter(pk__in=newest).for_list())}
    days: dict[str, list[ArticleRow]] = {}
    for pk in newest:
        if pk in rows:
            day = date_format(timezone.localtime(moments[pk]), "DATE_FORMAT")
            days.setdefault(day, []).append(rows[pk])
    return page(request, "articles/new_articles.html", {"days": list(days.items())})
