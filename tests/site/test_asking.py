"""Operators in the search field: they become filters of the list."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from tests.factories import make_article, make_author, make_series, make_tag
from tests.site.conftest import text_of
from tests.site.test_lists import chips, headlines

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def archive(db: None) -> None:
    """Articles by two namesakes and a third author."""
    clara = make_author("Clara Weiss", aliases=["C. Weiß-Ott"], sort_name="Weiss, Clara")
    otto = make_author("Otto Weiss", sort_name="Weiss, Otto")
    ada = make_author("Ada Moss", sort_name="Moss, Ada")
    sea, tides = make_tag("Sea"), make_series("Tides of March")
    make_article(
        "Tide one", published_on="1917-03-01", authors=[clara], tags=[sea], body="<p>x</p>"
    )
    make_article("Tide two", published_on="1918", authors=[otto], series=[tides], byline="By O. W.")
    make_article("Tide three", published_on="1921-11", authors=[ada, otto], language="de-AT")
    make_article("Mill", published_on="1921-11-07", authors=[ada], tags=[sea])


def asked(client: Client, text: str, **more: str) -> tuple[dict[str, list[str]], list[str]]:
    """Return the filters and the headlines of the list that the search field leads to."""
    response = client.get("/articles/", {"q": text, **more})
    assert response.status_code == 302, text_of(response)
    query = parse_qs(urlsplit(response["Location"]).query)
    return query, sorted(headlines(client.get(response["Location"])))


@pytest.mark.parametrize(
    ("text", "query", "found"),
    [
        ("author:clara-weiss", {"author": ["clara-weiss"]}, ["Tide one"]),
        ('author:"c. weiss-ott"', {"author": ["clara-weiss"]}, ["Tide one"]),
        (
            "author:WEISS tide",
            {"author": ["clara-weiss", "otto-weiss"], "q": ["tide"]},
            ["Tide one", "Tide three", "Tide two"],
        ),
        ("-by:weiss", {"not_author": ["clara-weiss", "otto-weiss"]}, ["Mill"]),
        ("tag:sea -author:moss", {"tag": ["sea"], "not_author": ["ada-moss"]}, ["Tide one"]),
        ("-tag:sea", {"not_tag": ["sea"]}, ["Tide three", "Tide two"]),
        ('series:"tides of march"', {"series": ["tides-of-march"]}, ["Tide two"]),
        ("-series:tides-of-march tide", {"not_series": ["tides-of-march"], "q": ["tide"]},
         ["Tide one", "Tide three"]),
        ("year:1917..1918", {"since": ["1917"], "until": ["1918"]}, ["Tide one", "Tide two"]),
        ("before:1921-11", {"until": ["1921-10-31"]}, ["Tide one", "Tide two"]),
        ("after:1921-11-06", {"since": ["1921-11-07"]}, ["Mill"]),
        ("has:body", {"body": ["with"]}, ["Tide one"]),
        ("-has:body mill", {"body": ["without"], "q": ["mill"]}, ["Mill"]),
        ("language:de", {"language": ["de"]}, ["Tide three"]),
    ],
)  # fmt: skip
def test_an_operator_is_a_filter(
    client: Client, text: str, query: dict[str, list[str]], found: list[str]
) -> None:
    assert asked(client, text) == (query, found)


def test_operators_join_the_filters_in_force(client: Client) -> None:
    query, found = asked(client, "author:moss", tag="sea", since="1900", sort="oldest")
    assert query == {"author": ["ada-moss"], "tag": ["sea"], "since": ["1900"], "sort": ["oldest"]}
    assert found == ["Mill"]


def test_filters_can_be_taken_away_one_by_one(client: Client) -> None:
    address = (
        "/articles/?not_author=ada-moss&not_tag=x&since=1917&until=1918-05&body=with&language=en"
    )
    assert chips(client.get(address)) == [
        "Ada Moss", "x", "English", "1917", "31 May 1918", "with full text",
    ]  # fmt: skip


def test_a_name_that_nobody_bears_finds_nothing_and_says_which(client: Client) -> None:
    query, found = asked(client, 'author:"Nobody Here"')
    assert (query, found) == ({"author": ["Nobody Here"]}, [])
    assert chips(client.get("/articles/", {"author": "Nobody Here"})) == ["Nobody Here"]


def test_an_author_without_a_public_article_is_not_told_of(client: Client) -> None:
    hidden = make_author("Hilda Secret", sort_name="Secret, Hilda")
    make_article("Draft", authors=[hidden], status="draft")
    query, _ = asked(client, "author:secret")
    assert query == {"author": ["secret"]}


def test_what_is_no_operator_is_searched_with_a_hint(client: Client) -> None:
    response = client.get("/articles/", {"q": "auther:moss"})
    assert response.status_code == 200
    assert "no operator" in text_of(response)
    assert "auther:moss" in text_of(response)
    assert "no operator" not in text_of(client.get("/articles/", {"q": "tide"}))


def test_the_page_on_searching_leads_to_lists_that_hold_something(client: Client) -> None:
    text = text_of(client.get("/searching/"))
    links = [part.split('"')[0] for part in text.split('<td><a href="')[1:]]
    assert len(links) >= 8
    for link in links:
        response = client.get(link.replace("&amp;", "&"))
        assert response.status_code == 302, link


def test_the_page_on_searching_stands_in_an_empty_archive(client: Client) -> None:
    from articles.models import Article

    Article.objects.all().delete()
    assert client.get("/searching/").status_code == 200
