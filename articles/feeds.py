"""Feeds: the newest articles of the archive, an author, a series, a tag or any list (RFC 4287)."""

import datetime
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed, rfc3339_date
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator

from archive_site import pages
from articles.addressing import list_address
from articles.asking import without_operators
from articles.citing.reference import with_part
from articles.cleaning import clean_block, clean_line
from articles.counting import live
from articles.filters import ArticleFilter
from articles.models import Article, Contribution, TaggedArticle
from articles.paging import rows_at
from articles.prepared import Prepared
from articles.reading import read_newest
from articles.rows import ArticleRow, address_of
from articles.site_rights import rights_of
from articles.totals import AUTHORS, SERIES, TAGS, Named
from articles.views.moved import filters_moved_to, moved_to

#: Entries of the feed.
LENGTH = 30
#: When a feed without an entry changed.
NEVER = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)


class _Feed(Atom1Feed):
    """Atom without a date where only the month or the year is known."""

    mime_type = "application/atom+xml; charset=utf-8"

    def __init__(
        self, *, changed: datetime.datetime, entries: Sequence[str], **options: Any
    ) -> None:
        super().__init__(**options)
        self.changed = changed
        #: Written out, see `_entry`.
        self.entries = entries

    def latest_post_date(self) -> datetime.datetime:
        """Return when an entry last changed: never the moment of reading, which tells nothing."""
        return self.changed

    def write_items(self, handler: SimplerXMLGenerator) -> None:
        # As they are: element by element it would take longer than all the rest of a feed.
        handler.ignorableWhitespace("".join(self.entries))


def latest(request: HttpRequest) -> HttpResponse:
    """The newest articles of the archive, or of the list whose filters the address has."""
    criteria = without_operators(ArticleFilter(request.GET).criteria).criteria
    criteria = criteria.but(sort="", view="")
    if not criteria.is_filtered:
        postings = live.current()
        keys = postings.keys(postings.all, LENGTH)
        return _answer(request, keys, reverse("home"), _("Newest articles"))
    newest = read_newest(criteria, LENGTH)
    present = filters_moved_to(criteria, newest.unknown)
    if present != criteria:
        return HttpResponsePermanentRedirect(f"{reverse('feed')}?{present.query_string()}")
    return _answer(
        request,
        newest.keys,
        list_address(criteria),
        _("Newest articles"),
        newest.words,
        own=f"{reverse('feed')}?{criteria.query_string()}",
    )


def of_author(request: HttpRequest, slug: str) -> HttpResponse:
    """The newest articles of an author."""
    return _of(request, AUTHORS, slug, _("Articles by %s"))


def of_tag(request: HttpRequest, slug: str) -> HttpResponse:
    """The newest articles with a tag."""
    return _of(request, TAGS, slug, _("Articles tagged %s"))


def of_series(request: HttpRequest, slug: str) -> HttpResponse:
    """The newest parts of a series."""
    return _of(request, SERIES, slug, _("Articles in %s"))


def _of(request: HttpRequest, related: Named, slug: str, words: str) -> HttpResponse:
    """Return the feed of one author, tag or series; 301 from a former slug."""
    subject = related.find(slug)
    if subject is None:
        moved = moved_to(f"{related.dimension}/{slug}/")
        if not moved:
            raise Http404
        return HttpResponsePermanentRedirect(f"{moved}feed.atom")
    address = subject.get_absolute_url()
    if subject.slug != slug:
        return HttpResponsePermanentRedirect(f"{address}feed.atom")
    postings = live.current()
    keys = postings.keys(postings.any_of([f"{related.prefix}{subject.pk}"]), LENGTH)
    name = getattr(subject, related.label)
    return _answer(request, keys, address, words % clean_line(name), name)


def _answer(
    request: HttpRequest,
    keys: Sequence[int],
    address: str,
    subtitle: str,
    name: str = "",
    *,
    own: str = "",
) -> HttpResponse:
    """Return the public articles with these sort *keys* as a feed of the page at *address*. Its
    *own* address, if it does not stand below that page, is given.

    An entry's id is the article's permanent address, which never changes.
    """
    extra = {row.pk: row for row in map(_Beside._make, _asked(_EXTRA, keys))}
    rows = [row for row in rows_at(keys) if row.id in extra]
    names, tags = _beside(list(extra))
    origin = request.build_absolute_uri("/").removesuffix("/")
    own = request.build_absolute_uri(own or f"{address}feed.atom")
    name = clean_line(name)
    site = clean_line(settings.SITE_NAME)
    feed = _Feed(
        changed=max((row.updated for row in extra.values()), default=NEVER),
        entries=[_entry(row, extra[row.id], names[row.id], tags[row.id], origin) for row in rows],
        title=f"{name} – {site}" if name else site,
        link=request.build_absolute_uri(address),
        feed_url=own,
        feed_guid=own,
        description=None,
        subtitle=subtitle,
        language=settings.LANGUAGE_CODE,
        author_name=site,
    )
    response = HttpResponse(feed.writeString("utf-8"), content_type=_Feed.mime_type)
    response["Cache-Control"] = pages.PRIVATE if pages.has_session(request) else pages.PUBLIC
    return response


def _entry(
    row: ArticleRow, item: "_Beside", names: Sequence[str], tags: Sequence[str], origin: str
) -> str:
    """Return the entry of *row* in XML; *origin* is what comes before a path in its addresses.

    It says in which language it is: readers pronounce and hyphenate by it.
    """
    link = f"{origin}{row.url}"
    key = f"{origin}{address_of('permanent', item.key)}" if item.key else link
    parts = [f"<entry xml:lang={quoteattr(row.language)}>"]
    for name in names or ([clean_line(row.names)] if row.names else []):
        parts.append(f"<author><name>{escape(name)}</name></author>")
    parts.append(f"<title>{escape(_title(row))}</title>")
    parts.append(f'<link href={quoteattr(link)} rel="alternate"/>')
    if published := _published(row):
        parts.append(f"<published>{rfc3339_date(published)}</published>")
    parts.append(f"<updated>{rfc3339_date(item.updated)}</updated><id>{escape(key)}</id>")
    parts.append(f'<summary type="html">{escape(clean_block(row.standfirst))}</summary>')
    parts += [f"<category term={quoteattr(tag)}/>" for tag in tags]
    if rights := rights_of(item.rights):
        parts.append(f"<rights>{escape(clean_block(rights))}</rights>")
    return "".join([*parts, "</entry>"])


def _title(row: ArticleRow) -> str:
    title = f"{row.kicker}: {row.headline}" if row.kicker else row.headline
    return clean_line(with_part(title, row.part_label))


def _published(row: ArticleRow) -> datetime.datetime | None:
    """Return the start of the day of publication; None if the day is not known."""
    if row.date_precision != "day":
        return None
    start = datetime.datetime.combine(row.published_on, datetime.time())
    return timezone.make_aware(start, timezone.get_default_timezone())


def _beside(ids: list[int]) -> tuple[dict[int, list[str]], dict[int, list[str]]]:
    """Return the names of authors and tags by article. Two queries."""
    names: dict[int, list[str]] = defaultdict(list)
    tags: dict[int, list[str]] = defaultdict(list)
    for found, rows in ((names, _asked(_NAMES, ids)), (tags, _asked(_TAGS, ids))):
        for article, name in rows:
            found[article].append(clean_line(name))
    return names, tags


class _Beside(NamedTuple):
    """What an entry says that no list does."""

    pk: int
    updated: datetime.datetime
    key: str | None
    rights: str


_EXTRA = Prepared(
    lambda now, *keys: (
        Article.objects.published(now)
        .filter(sort_key__in=keys)
        .order_by()
        .values_list("id", "updated", "public_key__key", "rights")
    ),
    *[int] * LENGTH,
)
_NAMES = Prepared(
    lambda _now, *ids: (
        Contribution.objects.filter(article__in=ids, role="aut")
        .order_by("position", "pk")
        .values_list("article_id", "author__name")
    ),
    *[int] * LENGTH,
)
_TAGS = Prepared(
    lambda _now, *ids: (
        TaggedArticle.objects.filter(content_object__in=ids)
        .order_by("tag__collation_key")
        .values_list("content_object_id", "tag__name")
    ),
    *[int] * LENGTH,
)


def _asked(prepared: Prepared, values: Sequence[int]) -> list[tuple[Any, ...]]:
    """Return the rows for up to `LENGTH` *values*; what has fewer asks for one of them again."""
    return prepared.rows(*values, *[values[0]] * (LENGTH - len(values))) if values else []
