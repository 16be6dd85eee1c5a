"""Addresses: of articles as exact as their date, permanent keys, what moved and what is gone."""

import datetime
import unicodedata
from typing import Any
from urllib.parse import unquote

import pytest
from django.test import Client
from django.urls import resolve, reverse

from articles import clock
from articles.choices import Status
from articles.models import Article, PastAddress, PublicKey, Tag
from articles.writing.articles import save_article, set_status
from articles.writing.changes import ArticleChange
from tests.factories import make_article, make_author, make_series, make_tag
from tests.site.conftest import text_of

pytestmark = pytest.mark.django_db

PRECISIONS = {
    "2020-03-09": "/articles/2020/03/09/a-bell/",
    "2020-03": "/articles/2020/03/a-bell/",
    "2020": "/articles/2020/a-bell/",
}
#: Every way to misspell the address of "A bell", whatever its date is known to.
MISSPELLED = {
    "2020-03-09": [
        "/articles/2020/03/a-bell/",
        "/articles/2020/a-bell/",
        "/articles/2020/03/09/A-Bell/",
    ],
    "2020-03": ["/articles/2020/03/17/a-bell/", "/articles/2020/a-bell/"],
    "2020": ["/articles/2020/11/17/a-bell/", "/articles/2020/11/a-bell/", "/articles/2020/A-BELL/"],
}


@pytest.mark.parametrize(("date", "address"), PRECISIONS.items())
def test_address_is_as_exact_as_the_date(client: Client, date: str, address: str) -> None:
    article = make_article("A bell", published_on=date)
    assert article.get_absolute_url() == address
    assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    ("date", "address"),
    [(date, address) for date, addresses in MISSPELLED.items() for address in addresses],
)
def test_other_precision_or_case_moves_to_the_right_one(
    client: Client, date: str, address: str
) -> None:
    make_article("A bell", published_on=date)
    response = client.get(address)
    assert (response.status_code, response["Location"]) == (301, PRECISIONS[date])


def test_an_address_that_could_mean_two_articles_means_none(client: Client) -> None:
    make_article("A bell", published_on="2020-03-09")
    make_article("A bell", published_on="2020-03-10")
    assert client.get("/articles/2020/03/a-bell/").status_code == 404


def test_a_month_is_shown_and_addressed_as_a_month(client: Client) -> None:
    article = make_article("A bell", published_on="2020-03")
    page = text_of(client.get(article.get_absolute_url()))
    assert '<time datetime="2020-03">March 2020</time>' in page
    listed = text_of(client.get("/articles/"))
    assert '<time datetime="2020-03">' in listed
    for wrong in ("1 March", "2020-03-01", "/2020/03/01/"):
        assert wrong not in page + listed


def test_a_past_address_is_not_taken_for_that_of_a_month(client: Client) -> None:
    moved = make_article("Ropes", published_on="2020-05-07")
    save_article(ArticleChange(article=moved, fields={"slug": "knots"}), actor=None)
    make_article("Another", slug="ropes", published_on="2020-05")
    response = client.get("/articles/2020/05/07/ropes/")
    assert (response.status_code, response["Location"]) == (301, "/articles/2020/05/07/knots/")


def test_a_slug_of_digits_works_below_a_day_and_a_month(client: Client) -> None:
    for date, address in (
        ("2020-03-09", "/articles/2020/03/09/12/"),
        ("2020-04", "/articles/2020/04/12/"),
        ("2021", "/articles/2021/1984/"),
    ):
        article = make_article(
            "Year", slug=address.rstrip("/").rsplit("/", 1)[1], published_on=date
        )
        assert article.get_absolute_url() == address
        assert client.get(address).status_code == 200


def test_archives_are_not_slugs(client: Client) -> None:
    make_article(published_on="2020-03-09")
    assert resolve("/articles/2020/").url_name == "year"
    assert resolve("/articles/2020/03/").url_name == "month"
    for address, status in (
        ("/articles/2020/", 200),
        ("/articles/2020/03/", 200),
        ("/articles/2020/04/", 404),
        ("/articles/2021/", 404),
        ("/articles/2020/13/", 404),
        ("/articles/2020/02/31/a-bell/", 404),
        ("/articles/0000/a-bell/", 404),
        ("/articles/9999/12/a-bell/", 404),
        ("/articles/9999/12/31/a-bell/", 404),
        ("/articles/9999/a-bell/", 404),
        ("/articles/9999/", 404),
        ("/articles/?year=9999&month=12", 200),
        ("/articles/?year=1&month=1", 200),
        ("/articles/20200/", 404),
        ("/articles/٢٠٢٠/", 404),
    ):
        assert client.get(address).status_code == status, address


def test_slash_is_added(client: Client) -> None:
    article = make_article("A bell")
    response = client.get(article.get_absolute_url().rstrip("/"))
    assert (response.status_code, response["Location"]) == (301, article.get_absolute_url())


@pytest.mark.parametrize("typed", ["01abcdef", "01ABCDEF", "oIabcdef", "0lABCDEF"])
def test_permanent_key_as_it_may_be_typed(client: Client, typed: str) -> None:
    article = make_article(key="01abcdef")
    response = client.get(f"/a/{typed}/")
    assert (response.status_code, response["Location"]) == (302, article.get_absolute_url())


def test_unknown_keys(client: Client) -> None:
    PublicKey.objects.create(key="00000000")
    for key in ("zzzzzzzz", "00000000", "x", "é" * 8, "a" * 500):
        assert client.get(f"/a/{key}/").status_code == 404


def test_a_moved_article_keeps_its_old_address(client: Client) -> None:
    article = make_article("A bell", published_on="2020-03-09")
    old = article.get_absolute_url()
    save_article(
        ArticleChange(article, {"published_on": "2020-04", "slug": "the-bell"}), actor=None
    )
    response = client.get(old)
    assert (response.status_code, response["Location"]) == (301, "/articles/2020/04/the-bell/")


def test_old_addresses_of_authors_series_and_tags(client: Client) -> None:
    author, series, tag = make_author("Ada"), make_series("Tides"), make_tag("Sea")
    make_article(authors=[author], series=[series], tags=[tag])
    for path, target in (
        ("authors/old/", {"author": author}),
        ("series/old/", {"series": series}),
        ("tags/старый/", {"tag": tag}),
    ):
        PastAddress.objects.create(path=path, **target)
        response = client.get(f"/{path}")
        assert response.status_code == 301
        assert response["Location"] == next(iter(target.values())).get_absolute_url()


def test_old_address_of_a_draft_tells_nothing(client: Client) -> None:
    draft = make_article("Sealed", status="draft")
    lonely = make_author("Nobody Public")
    PastAddress.objects.create(path="articles/2020/01/01/old/", article=draft)
    PastAddress.objects.create(path="authors/old/", author=lonely)
    for section in ("articles/2020/01/01", "authors"):
        response, nothing = client.get(f"/{section}/old/"), client.get(f"/{section}/none/")
        assert response.status_code == 404
        assert response.content == nothing.content


def test_withdrawn_is_gone_with_a_tombstone(client: Client) -> None:
    article = make_article("The false harbour", published_on="2020-03-09", key="wthdrawn")
    set_status([article.pk], Status.WITHDRAWN, actor=None, reason="It showed <another> harbour.")
    PastAddress.objects.create(path="articles/1999/old/", article=article)
    for address in (article.get_absolute_url(), "/a/wthdrawn/"):
        response = client.get(address)
        page = text_of(response)
        assert response.status_code == 410
        assert "It showed &lt;another&gt; harbour." in page
        assert "false harbour" not in page.lower()
        assert "Permanent link: http://testserver/a/wthdrawn/" in page
        assert response["Cache-Control"] == "private, no-store"
    assert client.get("/articles/1999/old/")["Location"] == article.get_absolute_url()


def test_never_public_and_withdrawn_is_a_404(client: Client) -> None:
    article = make_article("Never seen", status="draft")
    Article.objects.filter(pk=article.pk).update(
        status=Status.WITHDRAWN, withdrawn_at="2020-01-01T00:00Z"
    )
    assert client.get(article.get_absolute_url()).status_code == 404


ODD_TAGS = [
    "C++",
    "C#",
    "C",
    "Россия",
    "日本語",
    "---",
    "ß",
    "İstanbul",
    "a/b",
    "%2F",
    "..",
    "?x=1",
]
ODD_TAGS += ["👩‍👩‍👧", "Ж" * 90, "x" * 100, "العربية", "é", "A B", "#", ".net", "--", "٣"]


def test_odd_tags_lead_to_their_own_pages(client: Client) -> None:
    for name in ODD_TAGS:
        make_article(f"About {name}", tags=[name])
    tags = list(Tag.objects.all())
    assert len(tags) == len(ODD_TAGS)
    for tag in tags:
        address = tag.get_absolute_url()
        match = resolve(unquote(address))
        assert (match.url_name, match.kwargs) == ("tag", {"slug": tag.slug})
        response = client.get(address)
        assert response.status_code == 200, (tag.name, address)
        assert response.context is None
        filtered = client.get("/articles/", {"tag": tag.slug})
        assert filtered.status_code == 200
        assert "<strong>1 article</strong>" in text_of(filtered), tag.name


def test_names_without_a_public_article_have_no_page(client: Client) -> None:
    author, series, tag = make_author(), make_series(), make_tag()
    make_article(authors=[author], series=[series], tags=[tag], status="draft")
    for target in (author, series, tag):
        assert client.get(target.get_absolute_url()).status_code == 404
    for name in ("author-list", "series-list", "tag-list"):
        page = text_of(client.get(reverse(name)))
        assert "Nothing has been published here yet." in page


def test_upper_case_slugs_move(client: Client) -> None:
    author, series, tag = make_author("Ada"), make_series("Tides"), make_tag("Россия")
    make_article(authors=[author], series=[series], tags=[tag])
    for address, target in (
        ("/authors/ADA/", author),
        ("/series/Tides/", series),
        ("/tags/РОССИЯ/", tag),
    ):
        response = client.get(address)
        assert (response.status_code, response["Location"]) == (301, target.get_absolute_url())


def test_decomposed_letters_move_to_composed_ones(client: Client) -> None:
    article = make_article("Война и мир: й", tags=["Йод"])
    for target in (article, Tag.objects.get()):
        address = target.get_absolute_url()
        decomposed = unicodedata.normalize("NFD", unquote(address))
        assert decomposed != unquote(address)
        response = client.get(decomposed)
        assert (response.status_code, response["Location"]) == (301, address)


@pytest.mark.parametrize(
    ("contact", "said"),
    [
        ("holes@archive.example", "mailto:holes@archive.example"),
        ("https://archive.example/holes", "https://archive.example/holes"),
    ],
)
def test_whom_to_tell_of_a_hole(
    client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch, contact: str, said: str
) -> None:
    assert client.get("/.well-known/security.txt").status_code == 404
    settings.SECURITY_CONTACT = contact
    moment = datetime.datetime(2020, 3, 1, 12, tzinfo=datetime.UTC)
    monkeypatch.setattr(clock, "now", lambda: moment)
    text = text_of(client.get("/.well-known/security.txt"))
    assert f"Contact: {said}\nExpires: 2021-03-01T00:00:00Z\n" in text


def test_robots_and_icon(client: Client) -> None:
    assert "Disallow: /admin/" in text_of(client.get("/robots.txt"))
    icon = client.get("/favicon.ico")
    assert icon["Content-Type"] == "image/x-icon"
    assert icon.content[:4] == b"\x00\x00\x01\x00"
