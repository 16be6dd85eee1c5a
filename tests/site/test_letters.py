"""Indexes from A to Z."""

import re

import pytest
from django.test import Client

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
