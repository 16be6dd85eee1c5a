"""Citations on the page of an article, and as files at its permanent key."""

import json
import re
from typing import Any

import pytest
import rispy
from django.test import Client
from pybtex.database import parse_string

from articles.choices import Status
from articles.models import Article, PublicKey
from articles.writing.articles import set_status
from articles.writing.merging import merge_articles
from tests.factories import make_article, make_author
from tests.site.conftest import text_of

pytestmark = pytest.mark.django_db

BASE = "http://testserver/a/abcd0000/"


def bell(**fields: Any) -> Any:
    """Return an article with what a citation holds."""
    board = make_author("Harbour Board", kind="organisation")
    fields = {
        "subtitle": "In which it rings", "publication": "Tidewater", "volume": "3", "issue": "2",
        "pages": "4-9", "published_on": "2020-03-09", "standfirst": "It rang.", "language": "de",
        **fields,
    }  # fmt: skip
    return make_article(
        "A bell", key="abcd0000", tags=["Sea"],
        authors=["Ada Moss", board, (make_author("Ben Reed"), "trl")], **fields,
    )  # fmt: skip


def head(client: Client, address: str) -> str:
    """Return the head of a page."""
    return text_of(client.get(address)).partition("</head>")[0]


def metas(page: str, kind: str) -> list[tuple[str, str]]:
    """Return name and content of the tags of a head."""
    return re.findall(rf'<meta {kind}="([^"]+)" content="([^"]*)">', page)


def test_the_page_says_how_to_cite_it(client: Client) -> None:
    page = " ".join(re.sub("</?cite>", "", text_of(client.get(bell().get_absolute_url()))).split())
    assert (
        "Moss, Ada, and Harbour Board. “A bell: In which it rings.” Translated by Ben Reed. "
        f"Tidewater 3, no. 2 (March 9, 2020): 4–9. {BASE}.</p>"
    ) in page
    assert f"Tidewater, vol. 3, no. 2, 9 Mar. 2020, pp. 4–9. Backfile, {BASE}.</p>" in page
    assert "Tidewater, vol. 3, no. 2, pp. 4–9" in page
    assert 'href="/a/abcd0000.bib"' in page
    assert 'href="/a/abcd0000.ris"' in page


def test_an_issue_with_a_name_is_no_number(client: Client) -> None:
    article = bell(issue="Annual supplement")
    assert "Tidewater, vol. 3, Annual supplement, pp. 4–9" in text_of(
        client.get(article.get_absolute_url())
    )


def test_the_title_of_the_page_tells_parts_apart(client: Client) -> None:
    article = bell(part_label="Part II")
    assert "<title>A bell, Part II – Backfile</title>" in head(client, article.get_absolute_url())


def test_what_the_head_tells_machines(client: Client) -> None:
    page = head(client, bell().get_absolute_url())
    assert f'<link rel="canonical" href="{BASE}">' in page
    assert f'<link rel="cite-as" href="{BASE}">' in page
    named = metas(page, "name")
    assert ("citation_author", "Moss, Ada") in named
    assert ("citation_publication_date", "2020/03/09") in named
    assert ("description", "It rang.") in named
    shared = dict(metas(page, "property"))
    assert (shared["og:type"], shared["og:url"]) == ("article", BASE)
    assert shared["article:published_time"] == "2020-03-09"
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    data = json.loads(block)
    assert data["@type"] == "NewsArticle"
    assert data["author"][0] == {
        "@type": "Person", "name": "Ada Moss", "url": "http://testserver/authors/ada-moss/"
    }  # fmt: skip
    assert data["author"][1]["@type"] == "Organization"
    assert data["inLanguage"] == "de"


def test_hostile_text_stays_text(client: Client) -> None:
    hostile = "</script><script>alert(1)</script>\"'&"
    article = make_article(hostile, standfirst=hostile, publication=hostile)
    page = text_of(client.get(article.get_absolute_url()))
    assert "<script>" not in page
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert json.loads(block)["headline"] == article.headline


@pytest.mark.parametrize("typed", ["abcd0000", "ABCDOOOO"])
def test_files(client: Client, typed: str) -> None:
    bell()
    response = client.get(f"/a/{typed}.bib")
    assert response["Content-Type"] == "application/x-bibtex; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="abcd0000.bib"'
    assert response["Cache-Control"].startswith("public, max-age=")
    assert response["X-Robots-Tag"] == "noindex"
    (entry,) = parse_string(text_of(response), "bibtex").entries.values()
    assert entry.fields["url"] == BASE
    assert [str(person) for person in entry.persons["author"]] == ["Moss, Ada", "{Harbour Board}"]
    response = client.get(f"/a/{typed}.ris")
    assert response["Content-Type"] == "application/x-research-info-systems; charset=utf-8"
    (record,) = rispy.loads(text_of(response))
    assert record["authors"] == ["Moss, Ada", "Harbour Board"]
    assert record["urls"] == [BASE]


@pytest.mark.parametrize(
    ("date", "words"), [("2020-03", "March 2020"), ("2020", "2020")], ids=["month", "year"]
)
def test_no_day_is_invented(client: Client, date: str, words: str) -> None:
    article = bell(published_on=date)
    page = text_of(client.get(article.get_absolute_url()))
    assert f"({words}): 4–9" in page
    files = text_of(client.get("/a/abcd0000.bib")) + text_of(client.get("/a/abcd0000.ris"))
    for wrong in ("2020-03-01", "2020/03/01", "March 1", "1 Mar", "2020-01", "2020/01", "day = "):
        assert wrong not in page + files, wrong
    assert "article:published_time" not in page


def test_withdrawn_merged_and_unknown_keys(client: Client) -> None:
    article, copy = bell(), make_article("A bell", slug="copy", key="c0py0000")
    merge_articles(article.pk, copy.pk, actor=None)
    PublicKey.objects.create(key="00000000")
    draft = make_article("Draft", key="draft000", status="draft")
    sealed = make_article("Never seen", key="sea1ed00", status="draft")
    Article.objects.filter(pk=sealed.pk).update(
        status=Status.WITHDRAWN, withdrawn_at="2020-01-01T00:00Z"
    )
    for kind in ("bib", "ris"):
        moved = client.get(f"/a/c0py0000.{kind}")
        assert (moved.status_code, moved["Location"]) == (301, f"/a/abcd0000.{kind}")
        never = client.get(f"/a/zzzzzzzz.{kind}")
        for key in ("00000000", draft.public_key.key, "sea1ed00", "x" * 300):
            response = client.get(f"/a/{key}.{kind}")
            assert (response.status_code, response.content) == (404, never.content)
    set_status([article.pk], Status.WITHDRAWN, actor=None, reason="It was a buoy.")
    for kind in ("bib", "ris"):
        response = client.get(f"/a/abcd0000.{kind}")
        assert response.status_code == 410
        assert "It was a buoy." in text_of(response)
        assert "In which it rings" not in text_of(response)
