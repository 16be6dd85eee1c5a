"""The feed, and Wagtail's own addresses."""

import datetime

from django.contrib.syndication.views import Feed
from django.urls import include, path
from django.utils.feedgenerator import Atom1Feed
from wagtail import urls as wagtail_urls

from benchmarks.peers.wagtail_site.models import ArticlePage


class Newest(Feed):
    """The newest articles."""

    feed_type = Atom1Feed
    title, link, subtitle = "Archive", "/", "Newest articles"

    def items(self):
        return ArticlePage.objects.live().order_by("-published_on", "-pk")[:30]

    def item_title(self, item):
        return item.title

    def item_description(self, item):
        return item.standfirst

    def item_link(self, item):
        return item.url

    def item_pubdate(self, item):
        return datetime.datetime.combine(item.published_on, datetime.time(), datetime.UTC)


urlpatterns = [path("feed.atom", Newest()), path("", include(wagtail_urls))]
