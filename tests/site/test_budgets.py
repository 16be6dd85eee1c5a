"""Each public page asks the database a fixed number of times, whatever it shows."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.choices import Status
from articles.counting import live
from articles.models import HomePage, PastAddress, SitePage
from articles.writing.articles import set_status
from articles.writing.site import save_site
from tests.factories import make_article, make_articles, make_author, make_series, make_tag

pytestmark = pytest.mark.django_db

#: Queries of each page once it was asked for. That for the content version, which every request
#: reads, and every part of it that counts, is not counted.
BUDGET = {
    "/": 5,
    "/articles/": 1,
    "/articles/?sort=oldest": 1,
    "/articles/?page=1&utm_source=x": 1,
    "/articles/?after=0": 0,
    "/articles/?author=ada-moss": 2,
    "/articles/?author=ada-moss&author=ben-reed": 2,
    "/articles/?tag=sea": 2,
    "/articles/?series=tides": 2,
    "/articles/?year=2020": 1,
    "/articles/?year=2020&month=3": 1,
    "/articles/?byline=with": 1,
    "/articles/?author=ada-moss&tag=sea&year=2020": 3,
    "/articles/?q=bell&sort=newest": 2,
    "/articles/?not_author=ada-moss&body=with&language=en&since=2019": 1,
    "/articles/?q=author:moss": 3,
    "/articles/?sort=headline&view=dense": 2,
    "/articles/?sort=headline&tag=sea&decade=2020": 3,
    "/articles/?q=bell&sort=headline": 3,
    "/articles/?tag=sea&not_tag=none&year=1871": 2,
    "/articles/by/authors/": 0,
    "/articles/by/authors/?tag=sea": 1,
    "/articles/by/tags/?find=se": 1,
    "/articles/by/series/?find=ti&author=ada-moss": 2,
    "/articles/by/years/": 0,
    "/searching/": 0,
    "/suggest/?q=bell": 6,
    "/articles/2020/": 1,
    "/articles/2020/03/": 1,
    "/articles/2020/03/01/bell/": 9,
    "/a/abcd0000.bib": 3,
    "/a/abcd0000.ris": 3,
    "/a/g0ne0000.bib": 3,
    "/on-this-day/": 0,
    "/on-this-day/03-01/": 2,
    "/on-this-day/09-09/": 5,
    "/random/": 1,
    "/new/": 2,
    "/list/": 0,
    "/list/?keys=abcd0000": 3,
    "/list/?keys=abcd0000,g0ne0000": 4,
    "/list.bib?keys=abcd0000": 3,
    "/list.ris?keys=abcd0000": 3,
    "/a/abcd0000/": 1,
    "/a/g0ne0000/": 3,
    "/authors/": 2,
    "/authors/ada-moss/": 4,
    "/tags/": 2,
    "/tags/sea/": 2,
    "/series/": 3,
    "/series/tides/": 3,
    "/series/weekly/": 2,
    "/feed.atom": 4,
    "/feed.atom?author=ada-moss&year=2020": 5,
    "/authors/ada-moss/feed.atom": 5,
    "/tags/sea/feed.atom": 5,
    "/series/tides/feed.atom": 5,
    "/authors/letter/M/": 3,
    "/tags/letter/S/": 3,
    "/about/": 1,
    "/sitemap.xml": 11,
    "/sitemap-pages-1.xml": 1,
    "/sitemap-articles-1.xml": 1,
    "/sitemap-authors-1.xml": 3,
    "/sitemap-series-1.xml": 3,
    "/sitemap-tags-1.xml": 3,
    "/robots.txt": 0,
    "/.well-known/security.txt": 2,
    "/favicon.ico": 0,
    "/favicon.svg": 0,
    "/card.png": 0,
    "/a/abcd0000.png": 1,
    "/a/g0ne0000.png": 2,
    "/nothing/": 2,
    "/tags/none/": 4,
    "/tags/lost/": 4,
    "/tags/lost/feed.atom": 5,
    "/articles/1871/02/03/": 7,
    "/articles/1871/02/": 3,
    "/articles/1870/": 3,
    "/a/g0ne0000/files/1/": 6,
    "/articles/2020/03/01/none/": 4,
    "/articles/1999/old/": 4,
    "/articles/?year=x": 0,
}
#: A search asks for all hits, for those in the headline, for their order and for the rows. One that
#: finds nothing is noted for the editors, by five, after one that asks what was removed.
RANKED = {"/articles/?q=bell": 4, "/articles/?q=zzz": 7, "/articles/?q=belk": 9}
#: What was found is remembered, as long as nothing changes.
AGAIN = {
    "/articles/?q=bell": 1,
    "/articles/?q=bell&sort=newest": 1,
    "/articles/?q=bell&sort=newest&view=dense": 1,
    "/articles/?q=bell&sort=newest&author=ada-moss": 2,
}


@pytest.fixture(params=[1, 50])
def rows(request: Any, db: None) -> int:
    """Fill an archive with one article, or with fifty that have everything."""
    ada, ben = make_author("Ada Moss"), make_author("Ben Reed")
    sea, tides = make_tag("Sea"), make_series("Tides", kind="serial")
    weekly = make_series("Weekly", kind="column")
    original = make_article(
        "Bell", authors=[ada, ben], tags=[sea], series=[(tides, 1), weekly], byline="By Ada",
        key="abcd0000", body="<p>A bell.</p>",
    )  # fmt: skip
    make_articles(*(
        {
            "headline": f"Bell {number}",
            "authors": [ada, ben, f"Person {number}"],
            "tags": [sea, f"Tag {number}"],
            "series": [(tides, number + 1), weekly, make_series(f"Column {number}", kind="column")],
            "published_on": f"{2000 + number % 20}-03-{number % 28 + 1:02d}",
            "translation_of": original.pk if number < 9 else None,
            "byline": "By Ada" if number % 2 else "",
            "body": "<p>The bell rang.</p>" if number % 3 else "",
        }
        for number in range(1, request.param)
    ))  # fmt: skip
    gone = make_article("Gone", key="g0ne0000", tags=["Lost"], published_on="1871-02-03")
    set_status([gone.pk], Status.WITHDRAWN, actor=None, reason="Wrong.")
    PastAddress.objects.create(path="articles/1999/old/", article=original)
    save_site(SitePage(), {"title": "About", "status": "published"}, actor=None)
    pins = [{"article": original.pk}, {"series": tides.pk}]
    save_site(HomePage(pk=1), {"lead": original.pk, "pins": pins}, actor=None)
    return int(request.param)


def test_queries(client: Client, rows: int, settings: Any) -> None:
    settings.CACHE_MB = 0
    found = {}
    expected = BUDGET | RANKED
    for address in expected:
        client.get(address)
    for address in expected:
        live.current().searches.forget()
        found[address] = queries_of(client, address)
    assert found == expected


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    version = [query for query in queries if "articles_contentversion" in query["sql"]]
    assert version, address
    return len(queries) - len(version)


def test_what_was_found_is_remembered(client: Client, rows: int, settings: Any) -> None:
    settings.CACHE_MB = 0
    client.get("/articles/?q=bell")
    client.get("/articles/?author=ada-moss")
    assert {address: queries_of(client, address) for address in AGAIN} == AGAIN
