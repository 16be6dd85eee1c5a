"""The feed: the newest articles as Atom (RFC 4287)."""

import datetime
from collections import defaultdict
from typing import Any
from xml.sax.xmlreader import AttributesImpl

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator

from archive_site import pages
from articles.cleaning import clean_block, clean_line
from articles.models import Article, Contribution, TaggedArticle
from articles.rows import ArticleRow, rows_of

#: Entries of the feed.
LENGTH = 30
#: When a feed without an entry changed.
NEVER = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)


class _Feed(Atom1Feed):
    """Atom without a date where only the month or the year is known."""

    mime_type = "application/atom+xml; charset=utf-8"

    def __init__(self, *, changed: datetime.datetime, **options: Any) -> None:
        super().__init__(**options)
        self.changed = changed

    def latest_post_date(self) -> datetime.datetime:
        """Return when an entry last changed: never the moment of reading, which tells nothing."""
        return self.changed

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        for name in item.pop("names"):
            handler.startElement("author", AttributesImpl({}))
            handler.addQuickElement("name", name)
            handler.endElement("author")
        super().add_item_elements(handler, item)


def latest(request: HttpRequest) -> HttpResponse:
    """The newest articles. An entry's id is its permanent address, which never changes."""
    found = Article.objects.published().newest_first()[:LENGTH]
    extra = {row["id"]: row for row in found.values("id", "updated", "public_key__key")}
    rows = rows_of(found.for_list())
    names, tags = _beside(list(extra))
    feed = _Feed(
        changed=max((row["updated"] for row in extra.values()), default=NEVER),
        title=clean_line(settings.SITE_NAME),
        link=request.build_absolute_uri(reverse("home")),
        feed_url=request.build_absolute_uri(reverse("feed")),
        feed_guid=request.build_absolute_uri(reverse("feed")),
        description=None,
        subtitle=_("Newest articles"),
        language=settings.LANGUAGE_CODE,
        author_name=clean_line(settings.SITE_NAME),
    )
    for row in rows:
        item = extra[row.id]
        key = item["public_key__key"]
        link = request.build_absolute_uri(row.url)
        feed.add_item(
            title=_title(row),
            link=link,
            unique_id=request.build_absolute_uri(reverse("permanent", args=[key])) if key else link,
            description=clean_block(row.standfirst),
            pubdate=_published(row),
            updateddate=item["updated"],
            categories=tags[row.id],
            names=names[row.id] or ([clean_line(row.names)] if row.names else []),
        )
    response = HttpResponse(feed.writeString("utf-8"), content_type=_Feed.mime_type)
    response["Cache-Control"] = pages.PRIVATE if pages.has_session(request) else pages.PUBLIC
    return response


def _title(row: ArticleRow) -> str:
    return clean_line(f"{row.kicker}: {row.headline}" if row.kicker else row.headline)


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
    credits = Contribution.objects.filter(article__in=ids, role="aut").order_by("position", "pk")
    for article, name in credits.values_list("article_id", "author__name"):
        names[article].append(clean_line(name))
    tagged = TaggedArticle.objects.filter(content_object__in=ids).order_by("tag__collation_key")
    for article, name in tagged.values_list("content_object_id", "tag__name"):
        tags[article].append(clean_line(name))
    return names, tags
