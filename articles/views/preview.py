"""The page of an article before it is published, for whoever has a signed link."""

from django.contrib.auth import get_user_model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from archive_site import pages
from articles.choices import DatePrecision, Status
from articles.models import Article
from articles.models.article import sort_key_of
from articles.permissions import may_change_one, may_view_one
from articles.preview_links import read_token
from articles.references import reference_of
from articles.views.carried import list_context
from articles.views.context import article_context, citation_context


def preview(request: HttpRequest, token: str) -> HttpResponse:
    """The article of a signed link, as readers would see it now; once it is published, the way to
    its address. Kept by nobody, found by no crawler, and told to no other site."""
    link = read_token(token)
    if link is None:
        raise Http404
    makers = get_user_model()._default_manager.filter(is_active=True, is_staff=True)
    maker = makers.filter(pk=link.user_id).first()
    if maker is None:
        raise Http404
    if link.is_own_look and getattr(pages.editor_of(request), "pk", None) != maker.pk:
        raise Http404
    published = Article.objects.published().filter(pk=link.article_id).first()
    if published is not None:
        return _guarded(HttpResponseRedirect(published.get_absolute_url()))
    article = Article.objects.exclude(status=Status.WITHDRAWN).for_detail().filter(
        pk=link.article_id
    ).first()  # fmt: skip
    may = may_view_one if link.is_own_look else may_change_one
    if article is None or not may(maker, article):
        raise Http404
    has_date = article.published_on is not None
    if article.published_on is None:
        # Only shown, never saved: a page of an article has a date.
        article.published_on = timezone.localdate()
        article.date_precision = DatePrecision.DAY
        article.sort_key = sort_key_of(article.published_on, article.pk)
    context = article_context(article, None)
    context |= citation_context(reference_of(article, request.build_absolute_uri))
    context |= list_context(request, "")
    context |= {"permanent_url": "", "until": link.until, "has_date": has_date}
    return _guarded(pages.page(request, "articles/article_preview.html", context))


def _guarded(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = pages.PRIVATE
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    # The address itself is the key: it goes to no site that the page links to.
    response["Referrer-Policy"] = "no-referrer"
    return response
