"""Looking at an article before it is published, and signed links for outsiders."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core import signing
from django.test import Client

from articles import clock, preview_links
from articles.models import Article
from articles.writing.articles import delete_articles, set_status
from tests.admin.posting import LIST, change_url
from tests.factories import make_article, make_author

SignedIn = Callable[..., Client]


def links_of(client: Client, article: Article, days: int = 7) -> str:
    response = client.post(f"{LIST}{article.pk}/share/", {"days": days})
    assert response.status_code == 200
    link: str = response.context["link"]
    return link.removeprefix("http://testserver")


@pytest.fixture
def draft() -> Article:
    return make_article("Canary7f3a", status="draft", authors=["Clara Weiss"], body="<p>Text</p>")


def test_an_outsider_sees_the_page_as_it_will_be(signed_in: SignedIn, draft: Article) -> None:
    link = links_of(signed_in("Editor"), draft)
    response = Client().get(link)
    assert response.status_code == 200
    page = response.content.decode()
    for text in ("Canary7f3a", "Clara Weiss", "<p", "Preview of an article that is not published"):
        assert text in page
    assert '<meta name="robots" content="noindex' in page
    assert 'rel="canonical"' not in page
    assert "ld+json" not in page


def test_it_is_kept_by_nobody(signed_in: SignedIn, draft: Article) -> None:
    link = links_of(signed_in("Editor"), draft)
    for client in (Client(), signed_in("Auditor")):
        response = client.get(link)
        assert response["Cache-Control"] == "private, no-store"
        assert "ETag" not in response
        assert "Last-Modified" not in response
        assert response["X-Robots-Tag"] == "noindex, nofollow, noarchive"
        assert response["Referrer-Policy"] == "no-referrer"
        assert not response.cookies
    # Not even the edit bar of a colleague who follows the link.
    assert b"Signed in as" not in Client().get(link).content


def test_it_opens_nothing_else(signed_in: SignedIn, draft: Article) -> None:
    other = make_article("Other secret", status="draft", authors=["Ann Talbot"])
    client = Client()
    page = client.get(links_of(signed_in("Editor"), draft)).content
    assert b"Other secret" not in page
    for address in (
        draft.get_absolute_url(), f"/a/{draft.public_key.key}/", "/articles/?q=weiss",
        "/authors/clara-weiss/", change_url(draft), f"{LIST}{draft.pk}/preview/",
        other.get_absolute_url(), "/feed.atom",
    ):  # fmt: skip
        response = client.get(address)
        assert b"Canary7f3a" not in response.content, address
        assert b"Other secret" not in response.content, address


def test_it_ends(signed_in: SignedIn, draft: Article, monkeypatch: pytest.MonkeyPatch) -> None:
    link = links_of(signed_in("Editor"), draft, days=1)
    now = clock.now()
    for seconds, status in ((86_390, 200), (86_402, 404)):
        moment = now + datetime.timedelta(seconds=seconds)
        monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
        assert Client().get(link).status_code == status, seconds


@pytest.mark.parametrize("days", ["", "0", "2", "365", "x"])
def test_nobody_chooses_another_time(signed_in: SignedIn, draft: Article, days: str) -> None:
    response = signed_in("Editor").post(f"{LIST}{draft.pk}/share/", {"days": days})
    assert response.context["link"] == ""


def test_no_link_is_guessed_or_changed(signed_in: SignedIn, draft: Article) -> None:
    user = signed_in("Editor").user  # type: ignore[attr-defined]
    good = preview_links.preview_path(draft.pk, user.pk, datetime.timedelta(days=1))
    token = good.split("/")[2]
    head, rest = token.split(":", 1)
    forged = [
        "x", "::", token[:-1], token + "A", token.swapcase(), f"{head}A:{rest}",
        signing.dumps([draft.pk, user.pk, 2**33]),
        signing.dumps([draft.pk, user.pk, 2**33], key="another", salt="articles.preview_links"),
        "é", "9" * 5000,
    ]  # fmt: skip
    for one in forged:
        response = Client().get(f"/preview/{one}/")
        assert response.status_code == 404, one
        assert b"Canary7f3a" not in response.content


def test_it_ends_with_the_account_that_made_it(signed_in: SignedIn, draft: Article) -> None:
    client = signed_in("Editor")
    link = links_of(client, draft)
    User.objects.update(is_active=False)
    assert Client().get(link).status_code == 404
    User.objects.update(is_active=True, is_staff=False)
    assert Client().get(link).status_code == 404


def test_it_ends_when_its_maker_could_not_make_it_any_more(
    signed_in: SignedIn, draft: Article
) -> None:
    client = signed_in("Editor")
    link = links_of(client, draft)
    groups = client.user.groups  # type: ignore[attr-defined]
    groups.clear()
    assert Client().get(link).status_code == 404
    groups.set(Group.objects.filter(name="Auditor"))
    assert Client().get(link).status_code == 404


def test_ones_own_look_is_nobody_elses(signed_in: SignedIn, draft: Article) -> None:
    for role in ("Auditor", "Editor"):
        client = signed_in(role)
        link = client.get(f"{LIST}{draft.pk}/preview/")["Location"]
        assert client.get(link).status_code == 200, role
        for other in (Client(), signed_in("Importer", None)):
            response = other.get(link)
            assert response.status_code == 404, role
            assert b"Canary7f3a" not in response.content
            User.objects.filter(groups__name="Importer").delete()
        client.user.groups.clear()  # type: ignore[attr-defined]
        assert client.get(link).status_code == 404, role


def test_what_becomes_of_the_article(signed_in: SignedIn, draft: Article) -> None:
    client = signed_in("Editor")
    link = links_of(client, draft)
    other = make_article("Gone", status="draft")
    gone = links_of(client, other)
    delete_articles([other.pk], actor=None)
    assert Client().get(gone).status_code == 404
    set_status([draft.pk], "published", actor=None)  # type: ignore[arg-type]
    response = Client().get(link)
    assert (response.status_code, response["Location"]) == (302, draft.get_absolute_url())
    assert response["Cache-Control"] == "private, no-store"
    set_status([draft.pk], "withdrawn", actor=None, reason="x")  # type: ignore[arg-type]
    assert Client().get(link).status_code == 404
    assert client.get(f"{LIST}{draft.pk}/preview/").status_code == 404
    assert client.post(f"{LIST}{draft.pk}/share/", {"days": 7}).status_code == 404


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "draft", "published_on": None},
        {"status": "in_review", "published_on": "1917"},
        {"visible_from": "2999-01-01T00:00:00Z"},
    ],
)
def test_an_editor_looks_before_publishing(signed_in: SignedIn, fields: dict[str, Any]) -> None:
    article = make_article("Not yet", **fields)
    client = signed_in("Auditor")
    page = client.get(change_url(article)).content.decode()
    assert f"{LIST}{article.pk}/preview/" in page
    assert f"{LIST}{article.pk}/share/" not in page
    response = client.get(f"{LIST}{article.pk}/preview/", follow=True)
    assert response.status_code == 200
    assert "Not yet" in response.content.decode()
    assert ("no date yet" in response.content.decode()) == (fields.get("published_on", "") is None)
    article.refresh_from_db()
    assert (article.published_on is None) == (fields.get("published_on", "") is None)


def test_who_may(signed_in: SignedIn, draft: Article) -> None:
    make_author("Someone")
    own = {}
    for role, look, share in (
        ("Auditor", 302, 403), ("Importer", 302, 403), ("Editor", 302, 200),
        ("Contributor", 404, 404), ("staff", 403, 403),
    ):  # fmt: skip
        client = signed_in(role)
        own[role] = client
        assert client.get(f"{LIST}{draft.pk}/preview/").status_code == look, role
        assert client.post(f"{LIST}{draft.pk}/share/", {"days": 7}).status_code == share, role
    contributor = own["Contributor"]
    mine = make_article("Mine", status="draft", owner=contributor.user.pk)  # type: ignore[attr-defined]
    assert Client().get(links_of(contributor, mine)).status_code == 200
    assert Client().get(f"{LIST}{draft.pk}/share/").status_code == 302
