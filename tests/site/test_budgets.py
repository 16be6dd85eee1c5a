"""Each public page asks the database a fixed number of times, whatever it shows."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.choices import Status
from articles.models import PastAddress
from articles.writing import admission
from articles.writing.articles import set_status
from tests.factories import make_article, make_author, make_series, make_tag

pytestmark = pytest.mark.django_db

#: Queries of each page; what the memory of the next due time may add is not counted.
BUDGET = {
    "/": 10,
    "/articles/": 9,
    "/articles/?sort=oldest": 9,
    "/articles/?page=1&utm_source=x": 9,
    "/articles/?after=0": 9,
    "/articles/?author=ada-moss": 8,
    "/articles/?author=ada-moss&author=ben-reed": 8,
    "/articles/?tag=sea": 8,
    "/articles/?series=tides": 8,
    "/articles/?year=2020": 7,
    "/articles/?year=2020&month=3": 7,
    "/articles/?byline=with": 6,
    "/articles/?author=ada-moss&tag=sea&year=2020": 9,
    "/articles/?not_author=ada-moss&body=with&language=en&since=2019": 7,
    "/articles/?q=author:moss": 3,
    "/searching/": 7,
    "/suggest/?q=bell": 6,
    "/articles/?q=bell&sort=newest": 7,
    "/articles/2020/": 3,
    "/articles/2020/03/": 3,
    "/articles/2020/03/01/bell/": 11,
    "/a/abcd0000/": 1,
    "/a/g0ne0000/": 3,
    "/authors/": 2,
    "/authors/ada-moss/": 6,
    "/tags/": 2,
    "/tags/sea/": 6,
    "/series/": 3,
    "/series/tides/": 3,
    "/series/weekly/": 6,
    "/feed.atom": 4,
    "/robots.txt": 0,
    "/favicon.ico": 0,
    "/nothing/": 1,
    "/articles/2020/03/01/none/": 3,
    "/articles/1999/old/": 4,
    "/articles/?year=x": 0,
}
#: By relevance, SQLite ranks in one statement for each field, PostgreSQL in one.
RANKED = {
    "sqlite": {"/articles/?q=bell": 11, "/articles/?q=zzz": 6},
    "postgresql": {"/articles/?q=bell": 8, "/articles/?q=zzz": 6},
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
    for number in range(1, request.param):
        make_article(
            f"Bell {number}",
            authors=[ada, ben, f"Person {number}"],
            tags=[sea, f"Tag {number}"],
            series=[(tides, number + 1), weekly, make_series(f"Column {number}", kind="column")],
            published_on=f"{2000 + number % 20}-03-{number % 28 + 1:02d}",
            translation_of=original.pk if number < 9 else None,
            byline="By Ada" if number % 2 else "",
            body="<p>The bell rang.</p>" if number % 3 else "",
        )
    gone = make_article("Gone", key="g0ne0000")
    set_status([gone.pk], Status.WITHDRAWN, actor=None, reason="Wrong.")
    PastAddress.objects.create(path="articles/1999/old/", article=original)
    return int(request.param)


def test_queries(client: Client, rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "MEMORY", 3600.0)
    client.get("/robots.txt")
    found = {}
    expected = BUDGET | RANKED[connection.vendor]
    for address in expected:
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        found[address] = len(queries)
    assert found == expected
