"""Reading lists: what they hold is their address."""

import re
from typing import Any

import pytest
import rispy
from django.test import Client
from pybtex.database import parse_string

from articles.choices import Status
from articles.picks import MOST, read_picks
from articles.writing.articles import set_status
from articles.writing.merging import merge_articles
from tests.factories import make_article, make_series
from tests.site.conftest import text_of


def words(client: Client, address: str) -> str:
    """Return a page with white space single."""
    response = client.get(address)
    assert response.status_code == 200, response.get("Location")
    return " ".join(text_of(response).split())


def headlines(client: Client, address: str) -> list[str]:
    """Return the headlines of a list, in order."""
    return re.findall(r'<h2 class="headline"><a [^>]*>([^<]+)', words(client, address))


@pytest.fixture
def three(db: None) -> list[Any]:
    """Three articles with keys that are easy to read."""
    return [
        make_article(f"{name} bell", key=f"{name}0000", authors=[f"{name} Moss"])
        for name in ("zeta", "beta", "gama")
    ]


@pytest.mark.parametrize(
    ("text", "keys", "others"),
    [
        ("", [], []),
        ("zeta0000,beta0000", ["zeta0000", "beta0000"], []),
        (" ZETA0000 ;\nzeta0000, betaOOOO ", ["zeta0000", "beta0000"], []),
        ("https://archive.example/a/zeta0000/", ["zeta0000"], []),
        ("https://x.example/a/beta0000.bib?x=1 /a/zeta0000/#p12", ["beta0000", "zeta0000"], []),
        ("zeta0000 https://x.example/ é", ["zeta0000"], ["https://x.example/", "é"]),
        ("x" * 9, [], ["x" * 9]),
    ],
    ids=["nothing", "plain", "typed", "link", "links", "others", "long"],
)  # fmt: skip
def test_what_an_address_names(text: str, keys: list[str], others: list[str]) -> None:
    assert read_picks(text) == (keys, others)


@pytest.mark.django_db
def test_an_empty_list_says_how_to_begin(client: Client) -> None:
    page = words(client, "/list/")
    assert "Nothing is on it yet." in page
    assert "<ol" not in page[page.index("<main") :]
    assert 'name="robots" content="noindex, nofollow"' in page


def test_a_list_keeps_its_order_cites_and_exports(client: Client, three: list[Any]) -> None:
    address = "/list/?keys=zeta0000,beta0000,gama0000"
    assert headlines(client, address) == ["zeta bell", "beta bell", "gama bell"]
    page = re.sub("</?cite>", "", words(client, address))
    assert "3 articles" in page
    chicago = page[page.index("<h3>Chicago</h3>") : page.index("<h3>MLA</h3>")]
    assert re.findall(r"<p>(Moss, \w+)\.", chicago) == ["Moss, beta", "Moss, gama", "Moss, zeta"]
    response = client.get("/list.bib?keys=zeta0000,beta0000,gama0000")
    entries = parse_string(text_of(response), "bibtex").entries
    assert [key.rpartition("_")[2] for key in entries] == ["zeta0000", "beta0000", "gama0000"]
    assert response["Content-Disposition"] == 'attachment; filename="reading-list.bib"'
    records = rispy.loads(text_of(client.get("/list.ris?keys=zeta0000,beta0000")))
    assert [record["id"] for record in records] == ["zeta0000", "beta0000"]


def test_links_take_off_and_move_up(client: Client, three: list[Any]) -> None:
    page = words(client, "/list/?keys=zeta0000,beta0000,gama0000")
    links = re.findall(r'<a href="([^"]+)" rel="nofollow">(Move up|Take off)', page)
    assert links == [
        ("/list/?keys=beta0000,gama0000", "Take off"),
        ("/list/?keys=beta0000,zeta0000,gama0000", "Move up"),
        ("/list/?keys=zeta0000,gama0000", "Take off"),
        ("/list/?keys=zeta0000,gama0000,beta0000", "Move up"),
        ("/list/?keys=zeta0000,beta0000", "Take off"),
    ]
    (alone,) = re.findall(
        r'<a href="([^"]+)" rel="nofollow">T', words(client, "/list/?keys=zeta0000")
    )
    assert alone == "/list/"


def test_articles_lead_to_the_list_and_carry_it_along(client: Client, three: list[Any]) -> None:
    series = make_series("Tides", kind="serial")
    first = make_article("First", key="frst0000", series=[(series, 1)])
    second = make_article("Second", series=[(series, 2)])
    plain = words(client, first.get_absolute_url())
    assert re.search(r'<a href="/list/\?keys=frst0000" rel="nofollow"[^>]*>Put on a reading', plain)
    assert "?list=" not in plain
    brought = words(client, f"{first.get_absolute_url()}?list=zeta0000,nonsense!,BETA0000")
    assert re.search(
        r'<a href="/list/\?keys=zeta0000,beta0000,frst0000" rel="nofollow"[^>]*>'
        r"Add to your reading list \(2\)</a>",
        brought,
    )
    assert f'href="{second.get_absolute_url()}?list=zeta0000,beta0000"' in brought
    there = words(client, f"{first.get_absolute_url()}?list=frst0000")
    assert "On your reading list (1)</a>" in there
    listed = words(client, "/list/?keys=frst0000")
    assert f'href="{first.get_absolute_url()}?list=frst0000"' in listed


@pytest.mark.parametrize(
    ("query", "location"),
    [
        ("keys=zeta0000&add=http://testserver/a/beta0000/", "/list/?keys=zeta0000,beta0000"),
        ("add=beta0000", "/list/?keys=beta0000"),
        ("keys=ZETA0000,zeta0000", "/list/?keys=zeta0000"),
        ("keys=zeta0000%20beta0000", "/list/?keys=zeta0000,beta0000"),
    ],
)
def test_one_list_has_one_address(
    client: Client, three: list[Any], query: str, location: str
) -> None:
    response = client.get(f"/list/?{query}")
    assert (response.status_code, response["Location"]) == (302, location)


def test_what_is_no_link_is_said(client: Client, three: list[Any]) -> None:
    page = words(client, "/list/?keys=zeta0000&add=https://elsewhere.example/<x>")
    assert "“https://elsewhere.example/&lt;x&gt;” is not a permanent link of this archive." in page
    assert 'aria-invalid="true"' in page
    for address in ("/list/?keys=nonsense!", "/list.bib?keys=nonsense!"):
        response = client.get(address)
        assert response.status_code == 400
        assert "“nonsense!” is not the permanent key of an article." in text_of(response)


@pytest.mark.django_db
def test_a_list_is_bounded(client: Client) -> None:
    keys = [f"{number:08d}" for number in range(MOST + 1)]
    assert client.get(f"/list/?keys={','.join(keys[:-1])}").status_code == 200
    for address in ("/list/", "/list.ris"):
        response = client.get(f"{address}?keys={','.join(keys)}")
        assert response.status_code == 400
        assert "at most 100 articles" in text_of(response)


def test_withdrawn_merged_and_unknown_articles(client: Client, three: list[Any]) -> None:
    zeta, beta, gama = three
    set_status([beta.pk], Status.WITHDRAWN, actor=None, reason="Wrong.")
    make_article("Sealed draft", key="draft000", status="draft")
    page = words(client, "/list/?keys=zeta0000,beta0000,draft000,zzzzzzzz")
    assert "This article has been withdrawn" in page
    assert '<p class="lead-count">1 article</p>' in page
    assert "beta bell" not in page
    assert "Sealed" not in page
    assert "No article of this archive has the key draft000." in page
    assert "No article of this archive has the key zzzzzzzz." in page
    records = rispy.loads(text_of(client.get("/list.ris?keys=beta0000,zeta0000")))
    assert [record["id"] for record in records] == ["zeta0000"]
    assert client.get("/list.bib?keys=beta0000").status_code == 404
    assert client.get("/list.bib").status_code == 404
    merge_articles(zeta.pk, gama.pk, actor=None)
    response = client.get("/list/?keys=gama0000,beta0000")
    assert (response.status_code, response["Location"]) == (302, "/list/?keys=zeta0000,beta0000")
    records = rispy.loads(text_of(client.get("/list.ris?keys=gama0000", follow=True)))
    assert [record["id"] for record in records] == ["zeta0000"]


def test_crawlers_are_kept_off_lists(client: Client, three: list[Any]) -> None:
    robots = text_of(client.get("/robots.txt"))
    assert "Disallow: /list\n" in robots
    assert "Disallow: /random/\n" in robots
    page = words(client, "/list/?keys=zeta0000,beta0000")
    body = page[page.index("<main") : page.index("</main>")]
    links = re.findall(r'<a href="[^"]*\?(?:list|keys)=[^"]*"([^>]*)>', body)
    assert links
    assert all('rel="nofollow"' in attributes for attributes in links)
