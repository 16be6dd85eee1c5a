"""The page of an article: at its address, at its permanent key, and what is left if withdrawn."""

import calendar
import datetime
from dataclasses import dataclass
from typing import Any

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from django.urls import reverse

from archive_site.pages import editor_of, page
from articles.choices import DatePrecision
from articles.detailed import at_address, load_links, public_at
from articles.models import Article
from articles.public_keys import normalise_key
from articles.references import reference_of
from articles.rows import shown_date
from articles.totals import nfc
from articles.views.carried import list_context
from articles.views.context import article_context, citation_context, edit_url_of
from articles.views.moved import moved_to, survivor_of


@dataclass(frozen=True, slots=True)
class _Address:
    """An address as it was asked for: a date, how exact it is, and a slug."""

    first: datetime.date
    last: datetime.date
    precision: DatePrecision
    slug: str

    @classmethod
    def of(cls, year: str, month: str, day: str, slug: str) -> "_Address":
        """Read the segments. Raises `Http404` for a day that no calendar has."""
        try:
            first = datetime.date(int(year), int(month or 1), int(day or 1))
        except ValueError:
            raise Http404 from None
        if day:
            return cls(first, first, DatePrecision.DAY, slug)
        if month:
            last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
            return cls(first, last, DatePrecision.MONTH, slug)
        return cls(first, datetime.date(first.year, 12, 31), DatePrecision.YEAR, slug)

    def spellings(self) -> set[str]:
        """Return the slugs that the address may mean."""
        return {self.slug, nfc(self.slug), nfc(self.slug).lower()}

    def dates(self) -> tuple[datetime.date, ...]:
        """Return the days from and to which it may mean one, and the first days of the month and
        of the year that hold them, of which alone an article may know."""
        return self.first, self.last, self.first.replace(day=1), self.first.replace(month=1, day=1)

    def names(self, article: Article) -> bool:
        """Whether this is the address of *article* to the letter."""
        return (article.published_on, article.date_precision, article.slug) == (
            self.first,
            self.precision,
            self.slug,
        )

    def pick(self, found: list[Article]) -> Article | None:
        """Return the one that *found* leaves no doubt about."""
        exact = [article for article in found if self.names(article)]
        if exact:
            return exact[0]
        return found[0] if len(found) == 1 else None


def article_detail(
    request: HttpRequest, year: str, slug: str, month: str = "", day: str = ""
) -> HttpResponse:
    """The article at an address; 301 to the right one if it is spelled or dated otherwise."""
    address = _Address.of(year, month, day, slug)
    article = address.pick(public_at(address.spellings(), *address.dates()))
    if article is not None:
        if not address.names(article):
            # An address that an article once had is that article's, whatever it resembles now.
            moved = moved_to(request.path_info) or article.get_absolute_url()
            return HttpResponsePermanentRedirect(moved)
        load_links(article)
        context = article_context(article, editor_of(request))
        # In full, to be copied, cited and printed.
        reference = reference_of(article, request.build_absolute_uri)
        context["permanent_url"] = reference.url if context["permanent_url"] else ""
        context |= citation_context(reference)
        context |= list_context(request, reference.key if context["permanent_url"] else "")
        return page(request, "articles/article_detail.html", context)
    found = at_address(Article.objects.gone(), address.spellings(), *address.dates())
    gone = address.pick(list(found[:2]))
    if gone is not None:
        return _after(request, gone)
    raise Http404


def permanent(request: HttpRequest, key: str) -> HttpResponse:
    """The permanent link: 302 to wherever the article stands today.

    Not 301: it is the key that lasts, and what a browser keeps for ever is the other address.
    """
    wanted = normalise_key(key)
    if len(wanted) > 8:
        raise Http404
    keyed = Article.objects.filter(public_key__key=wanted)
    article = keyed.published().first()
    if article is not None:
        return HttpResponseRedirect(article.get_absolute_url())
    gone = keyed.gone().first()
    if gone is not None:
        return _after(request, gone)
    raise Http404


def _after(request: HttpRequest, gone: Article) -> HttpResponse:
    """Answer for a withdrawn article: 301 to the one that it was merged into, or its tombstone."""
    survivor = survivor_of(gone)
    if survivor is not None:
        return HttpResponsePermanentRedirect(survivor.get_absolute_url())
    if not gone.was_public:
        raise Http404
    return tombstone(request, gone)


def tombstone(request: HttpRequest, article: Article) -> HttpResponse:
    """410: that an article was here, when and why it was withdrawn, and no word of it.

    Of one whose text was removed on legal grounds, only that it is no longer there.
    """
    if article.redacted is not None:
        edit_url = edit_url_of(article, editor_of(request))
        return page(request, "removed.html", {"edit_url": edit_url}, status=410)
    key = getattr(article, "public_key", None)
    context: dict[str, Any] = {
        "withdrawn_on": article.withdrawn_at,
        "reason": article.withdrawn_reason,
        "published": shown_date(article.published_on, article.date_precision)
        if article.published_on
        else "",
        "key": "" if key is None else key.key,
        # In full, to be compared with what was cited.
        "permanent_url": ""
        if key is None
        else request.build_absolute_uri(reverse("permanent", args=[key.key])),
        "edit_url": edit_url_of(article, editor_of(request)),
    }
    return page(request, "410.html", context, status=410)
