"""Addresses of articles, series and tags. Those of authors are in `authors.urls`."""

from django.urls import path, register_converter

from articles import feeds
from articles.views import archives, article, home, lists, picture, series, suggestions, tags


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
    path("a/<str:key>/", article.permanent, name="permanent"),
    path("articles/", lists.article_list, name="article-list"),
    # Archives before articles: two digits alone are a month, never a slug.
    path("articles/<yyyy:year>/", archives.year_archive, name="year"),
    path("searching/", lists.searching, name="searching"),
    path("suggest/", suggestions.suggestions, name="suggest"),
    path("articles/<yyyy:year>/<mm:month>/", archives.month_archive, name="month"),
    path(
        "articles/<yyyy:year>/<mm:month>/<dd:day>/<str:slug>/",
        article.article_detail,
        name="article-day",
    ),
    path(
        "articles/<yyyy:year>/<mm:month>/<str:slug>/", article.article_detail, name="article-month"
    ),
    path("articles/<yyyy:year>/<str:slug>/", article.article_detail, name="article-year"),
    path("media/<str:name>", picture.picture, name="picture"),
    path("series/", series.series_list, name="series-list"),
    path("series/<str:slug>/", series.series_detail, name="series"),
    path("tags/", tags.tag_list, name="tag-list"),
    path("tags/<str:slug>/", tags.tag_detail, name="tag"),
]
