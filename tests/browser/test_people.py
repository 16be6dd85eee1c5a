"""Sheets, figures, accounts and the second factor, in Chromium."""

import csv
import io
import time
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from articles.models import Article
from tests.browser.test_admin import LIST, editor  # noqa: F401
from tests.browser.test_desk import look_at
from tests.browser.waiting import follow, settled
from tests.factories import make_article

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.both_databases
def test_a_sheet_goes_out_and_comes_back(site_browser: Any, editor: Any, tmp_path: Any) -> None:  # noqa: F811
    article = make_article("The long road", tags=["History"])
    page = editor(color_scheme="dark")
    page.goto(LIST)
    follow(page.get_by_role("link", name="Write a sheet"))
    look_at(page, site_browser)
    page.get_by_role("radio", name="CSV, with").check()
    with page.expect_download() as download:
        page.get_by_role("button", name="Write it").click()
    rows = list(csv.DictReader(io.StringIO(
        download.value.path().read_text(encoding="utf-8-sig"), newline=""
    )))  # fmt: skip
    rows[0]["headline"] = "The winding road"
    path = tmp_path / "edited.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    page.goto(f"{LIST}sheet/")
    look_at(page, site_browser)
    page.get_by_label("File").set_input_files(path)
    follow(page.get_by_role("button", name="Look at it"))
    assert page.locator("ins").all_inner_texts() == ["winding"]
    look_at(page, site_browser)
    page.get_by_role("button", name="Change 1 article").click()
    # The page that carries it out loads itself anew at the end.
    page.get_by_text("1 article was changed.").wait_for()
    settled(page)
    article.refresh_from_db()
    assert article.headline == "The winding road"
    page.get_by_role("button", name="Take it back").click()
    page.get_by_text("Taken back on 1 article.").wait_for()
    assert Article.objects.get(pk=article.pk).headline == "The long road"


def test_the_start_page_leads_to_the_figures(editor: Any) -> None:  # noqa: F811
    make_article("One")
    page = editor()
    page.goto("/admin/")
    follow(page.get_by_role("link", name="Figures"))
    assert page.get_by_role("link", name="no standfirst").is_visible()


def test_a_colleague_is_invited_and_sets_up_a_second_factor(site_browser: Any, editor: Any) -> None:  # noqa: F811
    page = editor()
    User.objects.get(username="clara").groups.add(Group.objects.get(name="User manager"))
    page.goto("/admin/auth/user/add/")
    look_at(page, site_browser)
    page.get_by_label("Username").fill("nina")
    page.get_by_label("Role").select_option(label="Editor")
    follow(page.get_by_role("button", name="Invite"))
    link = page.get_by_label("Link").input_value()
    look_at(page, site_browser)

    page = site_browser()
    page.goto(link)
    look_at(page, site_browser)
    for box in page.locator("input[type=password]").all():
        box.fill("quite another phrase")
    follow(page.get_by_role("button", name="Set the password"))
    follow(page.get_by_role("link", name="Log in"))
    look_at(page, site_browser)
    page.get_by_label("Username").fill("nina")
    page.get_by_label("Password").fill("quite another phrase")
    follow(page.get_by_role("button", name="Log in"))

    follow(page.get_by_role("link", name="Second factor"))
    look_at(page, site_browser)
    follow(page.get_by_role("link", name="Set it up"))
    look_at(page, site_browser)
    page.get_by_role("textbox", name="Code:").fill(code(page.locator("code.key").inner_text()))
    page.get_by_label("Your password").fill("quite another phrase")
    follow(page.get_by_role("button", name="Set it up"))
    assert page.locator(".codes li").count() == 10
    look_at(page, site_browser)
    recovery = page.locator(".codes li").first.inner_text()
    follow(page.get_by_role("button", name="Log out"))

    page.goto("/admin/")
    page.get_by_label("Username").fill("nina")
    page.get_by_label("Password").fill("quite another phrase")
    follow(page.get_by_role("button", name="Log in"))
    look_at(page, site_browser)
    page.get_by_role("textbox", name="Code:").fill(recovery)
    follow(page.get_by_role("button", name="Log in"))
    follow(page.get_by_role("link", name="Second factor"))
    assert "9 recovery codes are left" in page.locator("#content").inner_text()
    assert TOTPDevice.objects.filter(user__username="nina", confirmed=True).exists()


def code(letters: str) -> str:
    """Return what an app shows now that was given this key."""
    import base64

    totp = TOTP(base64.b32decode(letters.replace(" ", "")))
    totp.time = time.time()
    return f"{totp.token():06d}"
