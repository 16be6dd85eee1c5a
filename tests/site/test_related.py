"""What stands beside an article: related ones and why, paragraph addresses, corrections."""

import re
from typing import Any

import pytest
from django.test import Client, override_settings

from articles import related
from articles.writing.articles import save_article
from articles.writing.changes import ArticleChange
from tests.factories import make_article, make_author, make_series, make_tag
from tests.site.conftest import text_of

pytestmark = pytest.mark.django_db


def page_of(client: Client, article: Any) -> str:
    """Return the page of *article*, with white space single."""
    return " ".join(text_of(client.get(article.get_absolute_url())).split())


def related_of(client: Client, article: Any) -> list[tuple[str, list[str]]]:
    """Return the related headlines with their reasons."""
    items = re.findall(
        r'<li> <a href="[^"]+">([^<]+)</a> <p class="why">(.*?)</p>', page_of(client, article)
    )
    return [(headline, re.findall("<bdi>([^<]+)</bdi>", why)) for headline, why in items]


def test_what_is_rarer_relates_more_and_reasons_are_given(client: Client) -> None:
    ada, sea, bells = make_author("Ada Moss"), make_tag("Sea"), make_tag("Bells & buoys")
    bell = make_article("A bell", authors=[ada], tags=[sea, bells])
    make_article("Only the sea", tags=[sea])
    make_article("Both tags", tags=[sea, bells])
    make_article("By Ada", authors=[ada])
    make_article("Nothing shared", tags=["Land"])
    make_article("Draft", tags=[sea, bells], status="draft")
    make_article("Deep", tags=[sea, "Depth"])
    assert related_of(client, bell) == [
        ("Both tags", ["same tags: Bells &amp; buoys, Sea"]),
        ("By Ada", ["same name: Ada Moss"]),
        ("Only the sea", ["same tag: Sea"]),
        ("Deep", ["same tag: Sea"]),
    ]


def test_parts_in_the_series_box_are_not_shown_again(client: Client) -> None:
    ledger, weekly = make_series("Ledger", kind="serial"), make_series("Weekly", kind="column")
    sea = make_tag("Sea")
    parts = [
        make_article(f"Part {number}", series=[(ledger, number)], tags=[sea])
        for number in range(1, 4)
    ]
    far = [
        make_article(f"Week {number}", series=[weekly], published_on=f"2020-0{number}-01")
        for number in range(1, 6)
    ]
    assert related_of(client, parts[0]) == []
    assert related_of(client, far[2]) == [
        ("Week 1", ["same series: Weekly"]),
        ("Week 5", ["same series: Weekly"]),
    ]


def test_what_everything_shares_relates_nothing(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(related, "MOST_LINKS", 3)
    sea, bells = make_tag("Sea"), make_tag("Bells")
    bell = make_article("A bell", tags=[sea, bells])
    for number in range(3):
        make_article(f"Wet {number}", tags=[sea])
    assert related_of(client, bell) == []
    make_article("Rung", tags=[sea, bells])
    assert related_of(client, bell) == [("Rung", ["same tag: Bells"])]


def test_paragraphs_have_addresses(client: Client) -> None:
    article = make_article("A bell", body="<p>The bell rang.</p><p>It rang twice.</p>", key="k" * 8)
    page = page_of(client, article)
    (name,) = re.findall(r'<p id="(p-[0-9a-z]{5})"><span id="p1"></span>The bell rang\.', page)
    assert f'href="#{name}" aria-label="Link to paragraph 1">' in page
    assert client.get("/a/kkkkkkkk/")["Location"] == article.get_absolute_url()


def test_a_correction_is_dated_if_the_ledger_knows(client: Client) -> None:
    article = make_article("A bell")
    assert 'class="correction"' not in page_of(client, article)
    save_article(ArticleChange(article, {"correction_note": "Two bells."}), actor=None)
    page = page_of(client, article)
    assert re.search(r'Correction · <time datetime="\d{4}-\d\d-\d\d">[^<]+</time></p>', page)
    assert "Two bells." in page


def test_whom_to_write_to(client: Client) -> None:
    article = make_article("A bell & a buoy", key="abcd0000")
    assert "mailto:" not in page_of(client, article)
    with override_settings(CORRECTIONS_EMAIL="desk@archive.example"):
        page = page_of(client, article)
    assert (
        'href="mailto:desk@archive.example?subject=Correction%3A%20A%20bell%20%26%20a%20buoy'
        '&amp;body=http%3A//testserver/a/abcd0000/%0D%0A%0D%0A">Suggest a correction</a>'
    ) in page
