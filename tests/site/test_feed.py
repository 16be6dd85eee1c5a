"""Atom feeds: valid whatever stands in them, also to feedparser, which most readers build on."""

from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest
from django.test import Client

from articles.models import Article, PastAddress
from authors.models import Author
from tests.factories import make_article, make_articles, make_author, make_series, make_tag
from tests.site.conftest import text_of

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


def test_parts_that_share_a_headline_are_told_apart(client: Client) -> None:
    make_article("A chart", part_label="Part II", published_on="2020-03-10")
    make_article("A chart: part I", part_label="Part I", published_on="2020-03-09")
    titles = [texts(entry, "title") for entry in read(client).findall(f"{ATOM}entry")]
    assert titles == [["A chart, Part II"], ["A chart: part I"]]


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
    make_articles(
        *(
            {"headline": f"N{number:02d}", "published_on": f"2020-01-{number % 28 + 1:02d}"}
            for number in range(32)
        )
    )
    titles = [texts(entry, "title")[0] for entry in read(client).findall(f"{ATOM}entry")]
    assert len(titles) == 30
    assert titles[0] == "N27"


FEEDS = ["/feed.atom", "/authors/ada/feed.atom", "/tags/sea/feed.atom", "/series/tides/feed.atom"]


def bells() -> None:
    """Make an article with everything, and one with nothing."""
    ada, sea = make_author("Ada"), make_tag("Sea")
    make_article(
        "A bell & a <buoy>", authors=[ada], tags=[sea], series=[(make_series("Tides"), 1)],
        language="ru", key="abcd0000", published_on="2020-03", standfirst="It rang.",
    )  # fmt: skip
    make_article("Another")


@pytest.mark.parametrize("address", FEEDS)
def test_feedparser_finds_nothing_amiss(client: Client, address: str) -> None:
    bells()
    parsed = feedparser.parse(client.get(address).content)
    assert not parsed.bozo
    assert parsed.version == "atom10"
    assert parsed.feed.id == f"http://testserver{address}"
    assert parsed.feed.link == f"http://testserver{address.removesuffix('feed.atom')}"
    entry = next(entry for entry in parsed.entries if entry.id.endswith("/a/abcd0000/"))
    assert entry.title == "A bell & a <buoy>"
    assert entry.title_detail.language == "ru"
    assert entry.author == "Ada"
    assert "published" not in entry
    assert len(parsed.entries) == (2 if address == "/feed.atom" else 1)


def test_feeds_are_named_after_what_they_follow(client: Client) -> None:
    bells()
    titles = [feedparser.parse(client.get(address).content).feed.title for address in FEEDS]
    assert titles == ["Backfile", "Ada – Backfile", "Sea – Backfile", "Tides – Backfile"]


@pytest.mark.parametrize("page", ["/authors/ada/", "/tags/sea/", "/series/tides/"])
def test_pages_lead_to_their_feed(client: Client, page: str) -> None:
    bells()
    text = text_of(client.get(page))
    assert f'<link rel="alternate" type="application/atom+xml" href="{page}feed.atom"' in text
    assert f'<a href="{page}feed.atom"' in text


def test_feeds_of_former_other_and_hidden_names(client: Client) -> None:
    bells()
    for path, target in (
        ("authors/old/", {"author": Author.objects.get(name="Ada")}),
        ("tags/old/", {"tag": Article.objects.get(headline__startswith="A bell").tags.get()}),
    ):
        PastAddress.objects.create(path=path, **target)
        response = client.get(f"/{path}feed.atom")
        present = next(iter(target.values())).get_absolute_url()
        assert (response.status_code, response["Location"]) == (301, f"{present}feed.atom")
    moved = client.get("/authors/ADA/feed.atom")
    assert (moved.status_code, moved["Location"]) == (301, "/authors/ada/feed.atom")
    make_article("Draft", authors=[make_author("Nobody")], status="draft")
    for slug in ("nobody", "none"):
        assert client.get(f"/authors/{slug}/feed.atom").status_code == 404


def test_the_feed_of_any_list(client: Client) -> None:
    bells()
    make_article("A bell at sea", tags=["Sea"], published_on="2019-01-01")
    listed = "/articles/?q=bell&tag=sea&year=2019&sort=oldest"
    address = "/feed.atom?q=bell&amp;tag=sea&amp;year=2019"
    assert f'href="{address}"' in text_of(client.get(listed))
    parsed = feedparser.parse(client.get(address.replace("&amp;", "&")).content)
    assert not parsed.bozo
    assert parsed.feed.title == "“bell” · Sea · 2019 – Backfile"
    assert parsed.feed.id == "http://testserver/feed.atom?q=bell&tag=sea&year=2019"
    assert parsed.feed.link == "http://testserver/articles/?q=bell&tag=sea&year=2019"
    assert [entry.title for entry in parsed.entries] == ["A bell at sea"]
    assert feedparser.parse(client.get("/feed.atom?tag=none").content).entries == []
    assert client.get("/feed.atom?year=x").status_code == 400


def test_a_filter_of_the_feed_by_a_former_slug_moves(client: Client) -> None:
    bells()
    PastAddress.objects.create(path="authors/old/", author=Author.objects.get(name="Ada"))
    response = client.get("/feed.atom?author=old&year=2020")
    assert response.status_code == 301
    assert response["Location"] == "/feed.atom?author=ada&year=2020"
