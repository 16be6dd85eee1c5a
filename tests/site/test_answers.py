"""What every answer has and has not: headers, cookies, methods, language, errors."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.utils import translation

from articles.choices import Status
from articles.writing.articles import set_status
from tests.factories import make_article
from tests.site.conftest import text_of

pytestmark = pytest.mark.django_db

POLICY = {
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'",
    "font-src 'self'", "connect-src 'self'", "form-action 'self'", "base-uri 'none'",
    "frame-ancestors 'none'", "object-src 'none'",
}  # fmt: skip
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
PAGES = {
    "/": 200, "/articles/": 200, "/articles/?q=bell": 200, "/articles/2020/": 200,
    "/articles/2020/03/": 200, "/articles/2020/03/01/a-bell/": 200, "/authors/": 200,
    "/authors/ada/": 200, "/series/": 200, "/tags/": 200, "/tags/sea/": 200, "/feed.atom": 200,
    "/authors/ada/feed.atom": 200, "/a/abcd0000.bib": 200, "/a/abcd0000.ris": 200,
    "/a/g0ne0000.bib": 410, "/list/": 200, "/list/?keys=abcd0000,g0ne0000": 200,
    "/list.bib?keys=abcd0000": 200, "/robots.txt": 200, "/favicon.ico": 200, "/a/abcd0000/": 302,
    "/articles": 301,
    "/articles/2020/a-bell/": 301, "/nothing/": 404, "/articles/?year=x": 400, "/a/g0ne0000/": 410,
    "/static/none.css": 404,
}  # fmt: skip
METHODS = ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PURGE"]


@pytest.fixture(autouse=True)
def archive(db: None) -> None:
    make_article("A bell", key="abcd0000", authors=["Ada"], tags=["Sea"])
    gone = make_article("Gone", key="g0ne0000")
    set_status([gone.pk], Status.WITHDRAWN, actor=None, reason="Wrong.")


@pytest.mark.parametrize(("address", "status"), PAGES.items())
def test_readers_get_headers_and_no_cookie(client: Client, address: str, status: int) -> None:
    response = client.get(address)
    assert response.status_code == status
    assert set(response["Content-Security-Policy"].split("; ")) == POLICY
    for name, value in FIXED.items():
        assert response[name] == value
    assert "camera=()" in response["Permissions-Policy"]
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    for name in ("Server", "X-Powered-By"):
        assert name not in response
    expected = "private, no-store" if status >= 400 else "public, max-age="
    assert response["Cache-Control"].startswith(expected)


@pytest.mark.parametrize("method", METHODS)
def test_other_methods_are_refused(client: Client, method: str) -> None:
    for address in PAGES:
        response = client.generic(method, address)
        assert (response.status_code, response["Allow"]) == (405, "GET, HEAD"), address
        assert set(response["Content-Security-Policy"].split("; ")) == POLICY


def test_head_is_get_without_the_page(client: Client) -> None:
    for address in PAGES:
        got, head = client.get(address), client.head(address)
        assert head.status_code == got.status_code, address
        assert head.content == b""
        missing = {"ETag"} - set(head.headers)
        assert dict(head.items()) == {n: v for n, v in got.items() if n not in missing}


@pytest.mark.parametrize(
    "address", ["/", "/articles/", "/articles/2020/03/01/a-bell/", "/authors/", "/nothing/"]
)
def test_editors_pages_are_private(editor_client: Client, address: str) -> None:
    response = editor_client.get(address)
    page = text_of(response)
    assert response["Cache-Control"] == "private, no-store"
    assert "Signed in as edith" in page
    assert "csrf" not in page.lower()


def test_editors_see_status_and_the_way_to_the_form(editor_client: Client, client: Client) -> None:
    address = "/articles/2020/03/01/a-bell/"
    page = text_of(editor_client.get(address))
    assert "Status: published" in page
    assert re.search(r'class="edit" href="/admin/articles/article/\d+/change/"', page)
    plain = text_of(client.get(address))
    assert 'class="edit"' not in plain
    assert "/admin/" not in plain
    assert "Status: withdrawn" in text_of(editor_client.get("/a/g0ne0000/"))


def test_a_strange_session_cookie_is_nobody(client: Client) -> None:
    client.cookies[settings.SESSION_COOKIE_NAME] = "nonsense"
    response = client.get("/articles/")
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"
    assert "Signed in" not in text_of(response)


def test_who_is_no_editor_sees_what_readers_see(client: Client, django_user_model: Any) -> None:
    address = "/articles/2020/03/01/a-bell/"
    expected = client.get(address).content
    client.force_login(django_user_model.objects.create_user("reader", password="long-enough-word"))
    assert client.get(address).content == expected


def test_admin_has_its_own_policy_and_the_users_language(client: Client) -> None:
    response = client.get("/admin/login/", headers={"accept-language": "de"})
    assert response["Content-Language"] == "de"
    assert "Accept-Language" in response["Vary"]
    assert "Anmelden" in text_of(response)
    assert "script-src 'self'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]
    assert "private" in response["Cache-Control"]


def test_public_pages_have_one_language(client: Client) -> None:
    plain = client.get("/articles/")
    with translation.override("ru"):
        other = client.get("/articles/", headers={"accept-language": "de, ar;q=0.5"})
        assert translation.get_language() == "ru"
    assert other.content == plain.content
    assert "Accept-Language" not in plain.get("Vary", "")
    assert '<html lang="en-gb" dir="ltr">' in text_of(plain)
    with override_settings(LANGUAGE_CODE="ar"):
        assert '<html lang="ar" dir="rtl">' in text_of(client.get("/articles/"))
    with override_settings(LANGUAGE_CODE="de"):
        assert "März 2020" in text_of(client.get("/articles/"))


def test_not_modified(client: Client) -> None:
    first = client.get("/articles/")
    again = client.get("/articles/", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    make_article()
    assert client.get("/articles/", headers={"if-none-match": first["ETag"]}).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/articles/%00/", "/tags/%00/", "/a/%00/", "/%00", "/tags/%ff/", "/tags/%ed%a0%80/",
        "/authors/%c0%af/", "/articles/2020/03/01/%00/", "/articles/2020/03/01/%ef%bb%bf/",
        "/tags/" + "x" * 3000 + "/", "/articles/2020/03/01/" + "%F0%9F%91%A9" * 300 + "/",
        "/tags/%0d%0aSet-Cookie:%20x=1/", "/series/..%2f..%2fetc/", "/tags/%e2%80%ae/",
        "//articles//", "/tags/<script>/", "/.git/config", "/articles/%2e%2e/",
        "/" + "a/" * 500,
    ],
)  # fmt: skip
def test_odd_paths_are_400_or_404(client: Client, path: str) -> None:
    response = client.generic("GET", path)
    assert response.status_code in {400, 404}
    assert "x=1" not in str(response.headers.get("Location", ""))
    assert set(response["Content-Security-Policy"].split("; ")) == POLICY


def test_nul_is_400_for_editors_too(editor_client: Client) -> None:
    assert editor_client.get("/articles/?q=%00").status_code == 400
    assert editor_client.post("/articles/").status_code == 405
    assert editor_client.get("/admin/articles/article/?q=%00").status_code == 400
    assert editor_client.generic("GET", "/admin/%00/").status_code == 400


def test_unknown_host_is_400(client: Client) -> None:
    response = client.get("/articles/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert b"evil" not in response.content
    assert response["X-Content-Type-Options"] == "nosniff"


def test_forwarded_headers_change_nothing(client: Client) -> None:
    plain = client.get("/feed.atom").content
    spoofed = {"x-forwarded-host": "evil.example", "x-forwarded-proto": "https"}
    spoofed |= {"x-original-url": "/admin/", "forwarded": "host=evil.example"}
    assert client.get("/feed.atom", headers=spoofed).content == plain


def test_server_error_says_nothing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from articles.views import home

    def fail() -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(home, "year_totals", fail)
    response = client.get("/")
    page = text_of(response)
    assert response.status_code == 500
    assert "Something went wrong here" in page
    for word in ("secret", "Traceback", "Django", "RuntimeError", "home.py"):
        assert word not in page
    assert response["Cache-Control"] == "private, no-store"
    assert set(response["Content-Security-Policy"].split("; ")) == POLICY


def test_error_pages_help(client: Client) -> None:
    for address in ("/nothing/", "/articles/?year=x", "/a/g0ne0000/"):
        page = text_of(client.get(address))
        assert 'name="q"' in page
        assert 'href="/authors/"' in page


def test_echo_is_escaped(client: Client) -> None:
    payload = "\"><script>alert(1)</script>'"
    for name in ("q", "author", "tag", "series", "year", "sort", "page", "byline", "x"):
        page = text_of(client.get("/articles/", {name: payload}))
        assert "<script>" not in page
    assert "<script>" not in text_of(client.get(f"/tags/{payload}/"))


def test_no_page_has_inline_style_or_script(client: Client) -> None:
    for address in PAGES:
        page = client.get(address).content
        # Scripts are files; a block of data is none that a browser runs.
        assert not re.search(rb'<script(?! src="/static/| type="application/ld\+json")', page)
        assert b" style=" not in page
        assert b"<style" not in page
        assert not re.search(rb"\son[a-z]+=", page)


def test_a_foreign_host_name_is_one_line_of_the_log(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    assert client.get("/", HTTP_HOST="203.0.113.9").status_code == 400
    (record,) = caplog.records
    assert "Invalid HTTP_HOST header: '203.0.113.9'" in record.getMessage()
    assert record.exc_info is None
