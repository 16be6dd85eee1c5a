"""Suggestions while somebody types."""

import pytest
from django.test import Client

from articles.beginnings import Begins
from articles.suggesting import MOST_LOOKED_AT
from authors.models import AuthorAlias
from tests.factories import make_article, make_author, make_series, make_tag

pytestmark = pytest.mark.django_db


def suggested(client: Client, text: str) -> list[tuple[str, str, str, str]]:
    """Return kind, label, address and detail of what is suggested for *text*."""
    response = client.get("/suggest/", {"q": text})
    assert response.status_code == 200
    return [
        (item["kind"], item["label"], item["url"], item["detail"])
        for item in response.json()["suggestions"]
    ]


@pytest.fixture
def archive(db: None) -> None:
    """Names that begin alike, one of them of nothing public."""
    mila = make_author("Mila Tide", sort_name="Tide, Mila", aliases=["Mila Ödegård"])
    tib = make_author("Tibor Zsák", sort_name="Zsák, Tibor")
    tides, tin = make_series("Tides of March"), make_tag("Tin")
    make_article("Tin and salt", authors=[mila], series=[tides], published_on="2020-01-01")
    make_article("A tin mine", authors=[mila], tags=[tin], published_on="2020-01-02")
    make_article("Salt", authors=[tib], tags=[tin], published_on="2020-01-03")
    make_article("Tin hidden", authors=["Tina Secret"], tags=["Tinsel"], status="draft")


def test_names_by_spelling_and_surname_then_headlines(client: Client, archive: None) -> None:
    assert suggested(client, "ti") == [
        ("Author", "Mila Tide", "/authors/mila-tide/", "2 articles"),
        ("Author", "Tibor Zsák", "/authors/tibor-zsak/", "1 article"),
        ("Series", "Tides of March", "/series/tides-of-march/", "1 article"),
        ("Tag", "Tin", "/tags/tin/", "2 articles"),
    ]
    assert suggested(client, "TIN ")[1:] == [
        ("Article", "A tin mine", "/articles/2020/01/02/a-tin-mine/", ""),
        ("Article", "Tin and salt", "/articles/2020/01/01/tin-and-salt/", ""),
    ]
    assert [item[1] for item in suggested(client, "mila od")] == ["Mila Tide"]
    assert [item[1] for item in suggested(client, "zsak")] == ["Tibor Zsák"]
    assert [item[1] for item in suggested(client, "salt ti")] == ["Tin and salt"]


@pytest.mark.parametrize(
    "text", ["", " ", "%", "_", "ti%", "t_d", "---", '"', "x" * 101, "́", "\\", "ti\\"]
)
def test_what_is_no_beginning_suggests_nothing(client: Client, archive: None, text: str) -> None:
    assert suggested(client, text) == []


def test_of_many_that_begin_alike_the_most_frequent_are_suggested(client: Client) -> None:
    for number in range(9):
        make_article("Any", authors=[make_author(f"Ann {number}")])
    make_article("Any", authors=["Ann 7"])
    found = suggested(client, "ann")
    assert len(found) == 4
    assert found[0][1] == "Ann 7"


def test_names_that_readers_do_not_see_crowd_out_none_that_they_do(client: Client) -> None:
    make_article("Any", authors=["Maria Zeta"])
    make_article("Any", authors=[make_author("Ann Maribo", sort_name="Maribo, Ann")])
    found = suggested(client, "mari")
    assert [item[1] for item in found] == ["Ann Maribo", "Maria Zeta"]
    for number in range(MOST_LOOKED_AT):
        make_author(f"Mari Aa{number:03d}", sort_name=f"Mari, Aa{number:03d}")
    assert suggested(client, "mari") == found


def test_a_beginning_is_that_of_the_characters_themselves(db: None) -> None:
    author = make_author("Nobody")
    for key in ("tide", "tid%", "ti_e", "TIDE", "tidé", "tie", "ti\U0010fffe"):
        AuthorAlias.objects.bulk_create([AuthorAlias(author=author, name=key, key=key)])

    def keys(text: str) -> set[str]:
        found = AuthorAlias.objects.filter(Begins("key", text))
        return set(found.values_list("key", flat=True)) - {"nobody"}

    assert keys("tid") == {"tide", "tid%", "tidé"}
    assert keys("tid%") == {"tid%"}
    assert keys("ti_") == {"ti_e"}
    assert keys("ti") == {"tide", "tid%", "ti_e", "tidé", "tie", "ti\U0010fffe"}
