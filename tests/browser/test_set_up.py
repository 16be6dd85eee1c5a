"""Chromium, server, database and static files meet: the admin can be entered."""

import pytest
from django.contrib.auth import get_user_model
from django.db import connection

from tests.browser.conftest import SiteBrowser
from tests.browser.waiting import follow
from tests.conftest import announced

pytestmark = [pytest.mark.browser, pytest.mark.both_databases]


@pytest.fixture
def password(live_server: object, transactional_db: None) -> str:
    """Make an editor and return the password."""
    user = get_user_model()
    user.objects.create_superuser("editor", password="far-too-long-to-guess")
    return "far-too-long-to-guess"


def test_editor_signs_in_on_the_announced_database(
    site_browser: SiteBrowser, password: str
) -> None:
    page = site_browser()
    page.goto("/admin/")
    page.fill("[name=username]", "editor")
    page.fill("[name=password]", password)
    follow(page.locator("[type=submit]"))
    assert page.url.endswith("/admin/")
    assert page.locator("#user-tools").is_visible()
    assert connection.vendor == announced()


def test_static_files_are_hashed_and_kept(site_browser: SiteBrowser, password: str) -> None:
    page = site_browser()
    with page.expect_response(lambda response: "base" in response.url) as found:
        page.goto("/admin/login/")
    response = found.value
    assert response.url.split("/")[-1].count(".") == 2
    assert "immutable" in response.headers["cache-control"]


def test_site_browser_sees_what_the_browser_complains_of(
    site_browser: SiteBrowser, password: str
) -> None:
    page = site_browser()
    page.goto("/admin/login/")
    with page.expect_event("console"):
        page.evaluate("document.body.setAttribute('style', 'color: red')")
    assert "Content Security Policy" in " ".join(site_browser.complaints)
    site_browser.complaints.clear()
