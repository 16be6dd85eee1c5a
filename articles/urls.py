"""Addresses of articles, series and tags. Those of authors are in `authors.urls`."""

from django.urls import path, register_converter

from articles import feeds
from articles.views import (
    archives,
    article,
    attachment,
    calendars,
    cards,
    citing,
    days,
    home,
    lists,
    picture,
    preview,
    reading_list,
    series,
    sitemaps,
    suggestions,
    tags,
    values,
    ways,
)


class _Digits:
    """Digits of one exact length, kept as text."""

    regex = ""

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return str(value)


class Year(_Digits):
    regex = "[0-9]{4}"


class Month(_Digits):
    regex = "0[1-9]|1[0-2]"


class Day(_Digits):
    regex = "0[1-9]|[12][0-9]|3[01]"


register_converter(Year, "yyyy")
register_converter(Month, "mm")
register_converter(Day, "dd")

urlpatterns = [
    path("", home.home, name="home"),
    path("feed.atom", feeds.latest, name="feed"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-<str:kind>-<int:number>.xml", sitemaps.sitemap_page, name="sitemap-page"),
    path("a/<str:key>/", article.permanent, name="permanent"),
    path("a/<str:key>.png", cards.article_card, name="article-card"),
    path("a/<str:key>.bib", citing.article_file, {"kind": "bib"}, name="article-bib"),
    path("a/<str:key>.ris", citing.article_file, {"kind": "ris"}, name="article-ris"),
    path("a/<str:key>/files/<int:number>/", attachment.attachment, name="attachment"),
    path("list/", reading_list.reading_list, name="reading-list"),
    path("list.bib", reading_list.list_file, {"kind": "bib"}, name="reading-list-bib"),
    path("list.ris", reading_list.list_file, {"kind": "ris"}, name="reading-list-ris"),
    path("on-this-day/", days.today, name="on-this-day"),
    path("on-this-day/<mm:month>-<dd:day>/", days.day_of_year, name="day-of-year"),
    path("random/", ways.random_article, name="random"),
    path("new/", ways.new_articles, name="new"),
    path("articles/", lists.article_list, name="article-list"),
    path("articles/by/<str:dimension>/", values.values, name="values"),
    path("searching/", lists.searching, name="searching"),
    path("suggest/", suggestions.suggestions, name="suggest"),
    # Archives before articles: two digits alone are a month, never a slug.
    path("articles/<yyyy:year>/", archives.year_archive, name="year"),
    path("articles/<yyyy:year>/<mm:month>/", archives.month_archive, name="month"),
    path("articles/<yyyy:year>/<mm:month>/<dd:day>/", calendars.day_archive, name="day"),
    path(
        "articles/<yyyy:year>/<mm:month>/<dd:day>/<str:slug>/",
        article.article_detail,
        name="article-day",
    ),
    path(
        "articles/<yyyy:year>/<mm:month>/<str:slug>/", article.article_detail, name="article-month"
    ),
    path("articles/<yyyy:year>/<str:slug>/", article.article_detail, name="article-year"),
    path("preview/<str:token>/", preview.preview, name="preview"),
    path("media/<str:name>", picture.picture, name="picture"),
    path("series/", series.series_list, name="series-list"),
    path("series/<str:slug>/", series.series_detail, name="series"),
    path("series/<str:slug>/feed.atom", feeds.of_series, name="series-feed"),
    path("tags/", tags.tag_list, name="tag-list"),
    path("tags/letter/<str:letter>/", tags.tag_letter, name="tag-letter"),
    path("tags/<str:slug>/", tags.tag_detail, name="tag"),
    path("tags/<str:slug>/feed.atom", feeds.of_tag, name="tag-feed"),
]
