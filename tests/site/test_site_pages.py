"""The site's own pages, and the links in masthead and foot, as readers see them."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import PastAddress, SiteLink, SitePage
from articles.writing.site import save_site
from tests.factories import make_article
from tests.site.conftest import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def about(db: None) -> SitePage:
    """A published page, linked in the foot."""
    body = "<h2>Who</h2><p>We are <b>us</b>.</p>"
    return save_site(
        SitePage(), {"title": "About us", "body": body, "status": "published"}, actor=None
    )


def change(row: Any, **values: Any) -> None:
    save_site(row, values, actor=None)


def foot(client: Client, path: str = "/authors/") -> str:
    return text_of(client.get(path)).split('<footer class="foot">')[1]


def test_a_page_is_shown_at_its_address(client: Client, about: SitePage) -> None:
    response = client.get("/about-us/")
    text = text_of(response)
    assert response.status_code == 200
    assert "<title>About us – Backfile</title>" in text
    assert "<h1>About us</h1>" in text
    assert "<h2>Who</h2><p>We are us.</p>" in text
    assert '<meta name="description" content="Who We are us.">' in text
    assert response["Cache-Control"].startswith("public")
    assert '<a href="/about-us/" aria-current="page">About us</a>' in foot(client, "/about-us/")


@pytest.mark.parametrize("path", ["/", "/articles/", "/authors/", "/nothing/", "/articles/?year=x"])
def test_every_page_has_the_links_in_order(client: Client, about: SitePage, path: str) -> None:
    change(about, position=2)
    link = SiteLink()
    change(link, label="Shop", address="https://shop.example/", position=1)
    change(SiteLink(), label="Subscribe", address="/subscribe/", place="header")
    text = text_of(client.get(path))
    below = text.split('<footer class="foot">')[1]
    assert below.index("https://shop.example/") < below.index("/about-us/")
    nav = text.split('class="site-nav"')[1].split("</nav>")[0]
    assert '<a href="/subscribe/">Subscribe</a>' in nav
    assert "About us" not in nav


def test_a_change_is_on_every_page_at_once(client: Client, about: SitePage) -> None:
    assert "About us" in foot(client)
    change(about, title="Who we are")
    assert "Who we are" in foot(client)
    change(about, place="")
    assert "Who we are" not in foot(client)
    assert client.get("/about-us/").status_code == 200


def test_links_are_read_once_for_each_version(client: Client, about: SitePage) -> None:
    client.get("/authors/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/authors/")
        client.get("/nothing/")
    tables = ("sitepage", "sitelink", "homepage", "articles_pin")
    assert not [query for query in queries if any(name in query["sql"] for name in tables)]


def test_a_draft_is_nowhere(client: Client, about: SitePage) -> None:
    draft = SitePage()
    change(draft, title="Sealed plans", body="<p>Sealed</p>", place="header")
    never = client.get("/nothing/")
    hidden = client.get("/sealed-plans/")
    assert (hidden.status_code, hidden.content) == (404, never.content)
    assert client.get("/sealed-plans").status_code == 404
    for path in ("/", "/about-us/", "/authors/"):
        assert "ealed" not in text_of(client.get(path))


def test_an_editor_sees_a_draft(editor_client: Client) -> None:
    change(SitePage(), title="Plans", body="<p>Soon</p>")
    row = SitePage.objects.get()
    response = editor_client.get("/plans/")
    text = text_of(response)
    assert response["Cache-Control"] == "private, no-store"
    assert "<p>Soon</p>" in text
    assert 'content="noindex, nofollow"' in text
    assert f"/admin/articles/sitepage/{row.pk}/change/" in text


def test_what_was_public_never_becomes_a_404(client: Client, about: SitePage) -> None:
    change(about, slug="who")
    change(about, slug="us")
    for former in ("/about-us/", "/who/", "/About-Us/", "/US/"):
        response = client.get(former)
        assert (response.status_code, response["Location"]) == (301, "/us/"), former
    change(about, status="draft")
    for former in ("/about-us/", "/who/", "/us/"):
        response = client.get(former)
        assert response.status_code == 410, former
        assert "About us" not in text_of(response)
    change(about, status="published")
    assert client.get("/us/").status_code == 200


def test_a_slash_is_added_to_a_page_and_to_nothing_else(client: Client, about: SitePage) -> None:
    response = client.get("/about-us")
    assert (response.status_code, response["Location"]) == (301, "/about-us/")
    # One step for an old site's address, with or without its slash.
    article = make_article("Bell")
    PastAddress.objects.create(path="old-bell", article=article)
    for path in ("/old-bell", "/old-bell/"):
        response = client.get(path)
        assert (response.status_code, response["Location"]) == (301, article.get_absolute_url())
    assert client.get("/wp-login.php").status_code == 404
    assert client.get("/articles").status_code == 301


def test_a_page_takes_the_address_of_the_old_site(client: Client) -> None:
    article = make_article("Bell")
    PastAddress.objects.create(path="imprint/", article=article)
    assert client.get("/imprint/").status_code == 301
    change(SitePage(), title="Imprint", status="published")
    assert client.get("/imprint/").status_code == 200


def test_a_slug_of_any_script(client: Client) -> None:
    change(SitePage(), title="Über uns", status="published")
    change(SitePage(), title="О нас", status="published")
    for row in SitePage.objects.all():
        assert client.get(row.get_absolute_url()).status_code == 200, row.slug


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let no page be made but by the one that says so."""
    from articles import site_links

    def refuse() -> None:
        raise AssertionError("asked the database")

    monkeypatch.setattr(site_links, "_read", refuse)
    return


def test_pages_that_say_something_failed_ask_nothing(
    client: Client, about: SitePage, away: None, rf: Any
) -> None:
    from archive_site.limits import unavailable
    from archive_site.views import server_error

    for answer in (unavailable(rf.get("/")), server_error(rf.get("/"))):
        assert answer.status_code in (500, 503)
        assert b'<footer class="foot">' in answer.content
