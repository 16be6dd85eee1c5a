"""The pictures that links to articles are shared with."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from archive_site import cards
from archive_site.pages import page
from articles.models import Article
from articles.rows import direction, shown_date


def article_card(request: HttpRequest, key: str) -> HttpResponse:
    """The card of an article; that of the site for letters that no typeface here has."""
    keyed = Article.objects.filter(public_key__key=key)
    article = keyed.published().first()
    if article is None or article.published_on is None:
        if keyed.withdrawn().exists():
            return page(request, "gone.html", status=410)
        raise Http404
    date = shown_date(article.published_on, article.date_precision)
    foot = " · ".join(part for part in (article.credit or article.byline, date) if part)
    drawn = cards.card(
        settings.SITE_NAME,
        article.headline,
        article.kicker,
        foot,
        is_rtl=direction(article.language) == "rtl",
    )
    if drawn is None:
        return HttpResponseRedirect(reverse("card"))
    return HttpResponse(drawn, content_type="image/png")
