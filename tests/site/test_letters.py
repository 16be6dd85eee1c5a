"""Indexes from A to Z."""

import gzip
import re

import pytest
from django.test import Client

from articles import indexes
from articles.letters import by_letter, letter_of
from articles.views import tags
from tests.factories import make_article, make_author
from tests.site.conftest import text_of


@pytest.mark.parametrize(
    ("key", "letter"),
    [("agesen", "A"), ("якорь", "Я"), ("日本", "漢"), ("한국", "한"), ("はし", "は"),
     ("9 lives", "#"), ("", "#"), ("المرسى", "ا")],
)  # fmt: skip
def test_headings(key: str, letter: str) -> None:
    assert letter_of(key) == letter


def test_each_heading_stands_once() -> None:
    found = by_letter(["'s", "a", "b", "~"], str)
    assert found == [("#", ["'s", "~"]), ("A", ["a"]), ("B", ["b"])]


@pytest.mark.django_db
def test_authors_by_folded_name(client: Client) -> None:
    make_article(authors=[make_author(name) for name in ("Łukasz Żak", "Bo Ågesen", "Al Zorn")])
    page = text_of(client.get("/authors/"))
    assert re.findall(r'<h2 id="letter-\d">(.)</h2>', page) == ["A", "Z"]
    assert re.findall("<bdi>([^<]+)</bdi>", page) == ["Ågesen, Bo", "Żak, Łukasz", "Zorn, Al"]


@pytest.mark.django_db
def test_many_tags_are_set_under_letters(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    make_article(tags=["Éclair", "Ear", "Rope", "Sea", "Tide"])
    plain = text_of(client.get("/tags/"))
    assert "index-letter" not in plain
    monkeypatch.setattr(tags, "FEWEST_FOR_LETTERS", 5)
    make_article(tags=["Sea"])
    page = text_of(client.get("/tags/"))
    assert re.findall(r'id="letter-1-\d">(.)</h3>', page) == ["E", "R", "S", "T"]
    assert re.findall(r'<a href="#(letter-1-\d)">', page) == [f"letter-1-{n}" for n in range(1, 5)]
    assert page.index("Ear") < page.index("Éclair")


@pytest.mark.django_db
def test_a_long_index_is_read_a_letter_at_a_time(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexes, "MOST", 3)
    names = [f"Al Moss {number}" for number in range(8)]
    make_article(authors=[*(make_author(name, sort_name=name) for name in names), "Zoe Quick"],
                 tags=["Sea", "Sand", "Ropes", "Salt", "Sun"])  # fmt: skip
    make_article(status="draft", authors=[make_author("Al Hidden", sort_name="Al Hidden"), "Yves"])
    front = text_of(client.get("/authors/"))
    assert re.findall(r'<li><a href="(/authors/letter/[^"]+)"', front) == [
        "/authors/letter/A/", "/authors/letter/Q/",
    ]  # fmt: skip
    # Those with the most articles stand there as well.
    assert "Zoe Quick" in front
    seen: list[str] = []
    back: list[str] = []
    address = "/authors/letter/A/"
    while address:
        text = text_of(client.get(address))
        assert '<a href="/authors/letter/A/" aria-current="page">A</a>' in text
        seen += re.findall("<bdi>([^<]+)</bdi>", text)
        back.append(address)
        found = re.search(r'rel="next" href="([^"]+)"', text)
        address = found[1] if found else ""
    assert seen == names
    assert len(back) == 3
    previous = re.search(r'rel="prev" href="([^"]+)"', text)
    assert previous is not None
    assert re.findall("<bdi>([^<]+)</bdi>", text_of(client.get(previous[1]))) == names[3:6]
    tags_front = text_of(client.get("/tags/"))
    assert "/tags/letter/S/" in tags_front
    assert re.findall("<bdi>([^<]+)</bdi>", text_of(client.get("/tags/letter/S/"))) == [
        "Salt", "Sand", "Sea",
    ]  # fmt: skip


@pytest.mark.django_db
def test_letters_of_nobody_are_not_there(client: Client) -> None:
    make_article(authors=["Ann Berg"])
    hidden = make_author("Yves Zorn")
    make_article(status="draft", authors=[hidden])
    assert client.get("/authors/letter/B/").status_code == 200
    for address in ("/authors/letter/Z/", "/authors/letter/b/", "/tags/letter/B/"):
        response = client.get(address)
        assert (response.status_code, response["Location"]) == (302, f"/{address.split('/')[1]}/")
    # No place in the order of somebody hidden.
    plain = client.get("/authors/letter/B/").content
    for pk in (hidden.pk, 10**9):
        assert client.get(f"/authors/letter/B/?after={pk}").content == plain


@pytest.mark.django_db
def test_a_long_index_weighs_little(client: Client) -> None:
    make_article(
        authors=[make_author(f"Rather Longish, Name{number:03d}") for number in range(420)]
    )
    for address in ("/authors/", "/authors/letter/N/"):
        page = client.get(address).content
        assert len(gzip.compress(page, 6)) < 60_000, address
        assert len(page) < 160_000, address
