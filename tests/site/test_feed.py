"""The Atom feed: valid whatever stands in it."""

from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client

from articles.models import Article
from authors.models import Author
from tests.factories import make_article

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"


def read(client: Client) -> ElementTree.Element:
    """Return the parsed feed."""
    response = client.get("/feed.atom")
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/atom+xml")
    return ElementTree.fromstring(response.content)  # noqa: S314  it is our own


def texts(parent: ElementTree.Element, name: str) -> list[Any]:
    """Return the texts of the children *name*."""
    return [child.text for child in parent.findall(f"{ATOM}{name}")]


def test_an_empty_feed_is_whole(client: Client) -> None:
    feed = read(client)
    assert texts(feed, "title") == ["Backfile"]
    assert texts(feed, "id") == ["http://testserver/feed.atom"]
    assert texts(feed, "updated") == ["2000-01-01T00:00:00+00:00"]
    assert client.get("/feed.atom").content == client.get("/feed.atom").content


def test_an_entry(client: Client) -> None:
    article = make_article(
        "A bell", kicker="Tides", standfirst="It rang.", authors=["Ada", "Ben"], tags=["Sea"],
        published_on="2020-03-09", key="abcd0000", language="de",
    )  # fmt: skip
    (entry,) = read(client).findall(f"{ATOM}entry")
    assert texts(entry, "title") == ["Tides: A bell"]
    assert texts(entry, "id") == ["http://testserver/a/abcd0000/"]
    assert texts(entry, "published") == ["2020-03-09T00:00:00+00:00"]
    assert texts(entry, "summary") == ["It rang."]
    assert [texts(author, "name") for author in entry.findall(f"{ATOM}author")] == [
        ["Ada"],
        ["Ben"],
    ]
    assert [item.get("term") for item in entry.findall(f"{ATOM}category")] == ["Sea"]
    links = [item.get("href") for item in entry.findall(f"{ATOM}link")]
    assert links == [f"http://testserver{article.get_absolute_url()}"]


def test_a_month_is_not_published_on_a_day(client: Client) -> None:
    make_article(published_on="2020-03")
    (entry,) = read(client).findall(f"{ATOM}entry")
    assert texts(entry, "published") == []


def test_hostile_text_in_the_rows_does_not_break_it(client: Client) -> None:
    article = make_article("Plain", authors=["Ada"], tags=["Sea"])
    hostile = "A\x0b\x01\ufffe]]><x>&amp;\u2028\x7f\x85 b\u202e"
    Article.objects.filter(pk=article.pk).update(
        headline=hostile, kicker=hostile, standfirst=hostile
    )
    Author.objects.update(name=hostile)
    (entry,) = read(client).findall(f"{ATOM}entry")
    assert texts(entry, "title")[0].startswith("A]]><x>&amp;")


def test_thirty_newest(client: Client) -> None:
    for number in range(32):
        make_article(f"N{number:02d}", published_on=f"2020-01-{number % 28 + 1:02d}")
    titles = [texts(entry, "title")[0] for entry in read(client).findall(f"{ATOM}entry")]
    assert len(titles) == 30
    assert titles[0] == "N27"
