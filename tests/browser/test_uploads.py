"""Importing in Chromium: a listing goes from the file to the page of its run, step by step."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from playwright.sync_api import Page, expect

from articles.choices import UploadState
from articles.importing.lock import import_lock
from articles.importing.uploads import files as uploads_files
from articles.importing.uploads.acts import standing
from articles.models import Article, ImportRun, Upload
from tests.admin.test_upload_columns import table
from tests.admin.test_uploads import ADD, LIST, TEXT, planned, url
from tests.browser.test_admin_pages import look
from tests.browser.waiting import follow, leads_on, settled, until
from tests.importing.processes import database_url
from tests.importing.uploading import long_text, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def person() -> User:
    user = User.objects.create_user("ida", password="a password for tests", is_staff=True)
    user.groups.add(Group.objects.get(name="Importer"))
    return user


@pytest.fixture
def importer(
    site_browser: Any, live_server: Any, person: User, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Any]:
    """Give a function that opens pages as an importer who is signed in."""
    # The live server starts the processes: they shall work on its database.
    monkeypatch.setenv("DATABASE_URL", database_url())
    client = Client()
    client.force_login(person)
    cookie = {
        "name": "sessionid",
        "value": client.cookies["sessionid"].value,
        "url": live_server.url,
    }

    def open_page(**options: Any) -> Page:
        page: Page = site_browser(**options)
        page.context.add_cookies([cookie])
        return page

    yield open_page
    for upload in Upload.objects.filter(state=UploadState.RUNNING):
        wait_until(upload.pk, lambda standing: standing.state != "working")


@contextmanager
def held_while_writing(page: Page) -> Iterator[None]:
    """Stop the process of the only upload once it writes, for as long as that is looked at."""
    upload = Upload.objects.get()
    until(page, lambda: standing(Upload.objects.get(pk=upload.pk)).stage == "writing")
    process = uploads_files.read_notes(upload.pk)["pid"]
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)


@pytest.mark.both_databases
def test_from_the_file_to_the_run(importer: Any, person: User, tmp_path: Path) -> None:
    path = tmp_path / "tides.txt"
    path.write_bytes(long_text(3000))
    page = importer()
    page.goto("/admin/")
    follow(page.get_by_role("link", name="Import a listing"))
    page.locator("#id_file").set_input_files(path)
    page.get_by_label("drafts: readers see them").check()
    with import_lock():
        # Another import is running: the page says so, and goes on by itself.
        page.get_by_role("button", name="Show the plan").click()
        page.get_by_text("Another import is running.", exact=False).first.wait_for()
        expect(page.locator("progress")).to_be_visible()
    page.get_by_text("0 articles would become public.").wait_for()
    expect(page.locator("article.planned")).to_have_count(50)
    assert not Article.objects.exists()

    settled(page)
    page.get_by_role("button", name="Import as planned").first.click()
    with held_while_writing(page):
        page.locator("#upload-stage", has_text="Writing").wait_for()
        spoken = page.locator("#upload-spoken")
        spoken.filter(has_text="Writing").wait_for(state="attached")
    assert spoken.get_attribute("aria-live") == "polite"
    page.wait_for_url("**/admin/articles/importrun/*/change/")
    settled(page)
    run = ImportRun.objects.get()
    assert (run.actor, run.totals["create"]) == (person, 3000)
    assert "0 articles became public with this run." in page.locator(".report").inner_text()
    page.goto(LIST)
    assert f"run {run.pk}" in page.locator("#result_list").inner_text()


@pytest.mark.both_databases
def test_a_pasted_text_by_keyboard_alone(importer: Any) -> None:
    page = importer()
    page.goto(ADD)
    page.locator("#id_text").focus()
    page.keyboard.insert_text(TEXT)
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.type("One\nTwo")
    # How it is to be read stands between, folded up.
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.value") == "Show the plan"
    leads_on(page, lambda: page.keyboard.press("Enter"))
    page.get_by_text("7 articles would become public.").wait_for()
    assert "One, Two" in page.locator("dl.facts").inner_text()
    leads_on(page, lambda: page.get_by_role("link", name="8 to create").press("Enter"))
    assert page.url.endswith("outcome=CREATE#entries")
    page.get_by_role("button", name="Import as planned").first.press("Enter")
    page.wait_for_url("**/admin/articles/importrun/*/change/")
    assert Article.objects.published().count() == 7


def test_a_process_that_is_killed_is_found_out_by_the_page(importer: Any, tmp_path: Path) -> None:
    path = tmp_path / "tides.txt"
    path.write_bytes(long_text(3000))
    page = importer()
    page.goto(ADD)
    page.locator("#id_file").set_input_files(path)
    with import_lock():
        page.get_by_role("button", name="Show the plan").click()
        page.get_by_text("Another import is running.", exact=False).first.wait_for()
        upload = Upload.objects.get()
        os.kill(uploads_files.read_notes(upload.pk)["pid"], signal.SIGKILL)
        page.get_by_text("has stopped; nothing was written", exact=False).wait_for()
    follow(page.get_by_role("button", name="Start again"))
    page.get_by_text("3000 articles would become public.").wait_for()
    settled(page)
    follow(page.get_by_role("button", name="Discard").first)
    assert page.get_by_text("is discarded.", exact=False).is_visible()


def test_without_scripts_the_page_looks_again_by_itself(importer: Any, person: User) -> None:
    page = importer(java_script_enabled=False)
    page.goto(ADD)
    page.locator("#id_text").fill(TEXT)
    with import_lock():
        follow(page.get_by_role("button", name="Show the plan"))
        expect(page.get_by_role("link", name="Look again")).to_be_visible()
        expect(page.locator("#content-main")).to_contain_text(
            "looks again every 5 seconds", use_inner_text=True
        )
    page.get_by_text("7 articles would become public.").wait_for()


ROWS = "Titel;Erschien;Autor;Notiz\nThe bell;2021-02-19;Ana;dull\nThe map;p. 2;;\n"


@pytest.mark.both_databases
def test_columns_are_chosen_without_scripts_and_remembered(importer: Any) -> None:
    page = importer(java_script_enabled=False)
    page.goto(ADD)
    page.locator("#id_text").fill(ROWS)
    page.locator("#id_source").fill("Bells")
    page.get_by_text("How it is to be read").click()
    page.get_by_label("Columns of the table").fill("Titel=headline")
    follow(page.get_by_role("button", name="Show the plan"))
    page.get_by_text("0 articles would become public.").wait_for()
    assert page.get_by_label("Titel").input_value() == "headline"
    page.get_by_label("Erschien").select_option("published_on")
    page.get_by_label("Autor").select_option("published_on")
    follow(page.get_by_role("button", name="Read again"))
    # What cannot be is said, and what was chosen is still there.
    expect(page.get_by_role("alert")).to_contain_text("Two columns were chosen for")
    assert page.get_by_label("Erschien").input_value() == "published_on"
    page.get_by_label("Autor").select_option("byline")
    follow(page.get_by_role("button", name="Read again"))
    page.get_by_text("1 article would become public.").wait_for()
    follow(page.get_by_role("button", name="Import as planned").first)
    page.wait_for_url("**/admin/articles/importrun/*/change/")
    assert ImportRun.objects.get().options["columns"] == {
        "Erschien": "published_on", "Titel": "headline",
    }  # fmt: skip
    page.goto(ADD)
    page.locator("#id_text").fill(f"{ROWS}The quay;2021-03-01;;\n")
    page.locator("#id_source").fill("Bells")
    follow(page.get_by_role("button", name="Show the plan"))
    page.get_by_text("1 article would become public.").wait_for()
    expect(page.locator(".columns")).to_contain_text("as before")


def states(person: User) -> dict[str, str]:
    """Return a page of every state, by its name."""
    long = planned(person, long_text(120).decode())
    failed = planned(person, state=UploadState.FAILED, message="Failed; nothing was written.")
    wide = "Titel,Erschien,Autor," + ",".join(f"column {n}" for n in range(12))
    columns = table(person, f"{wide}\nThe bell,2021-02-19,Ana{',a long value' * 12}\n")
    gone = planned(person, state=UploadState.DISCARDED, content=b"", plan=None)
    options = {"status": "draft", "step": "apply", "place": uploads_files.place()}
    stopped = planned(person, state=UploadState.RUNNING, options=options)
    working = planned(person, state=UploadState.RUNNING, options={**options, "place": "another"})
    return {
        "give": ADD, "list": LIST, "plan": url(planned(person)), "long": url(long),
        "columns": url(columns),
        "failed": url(failed), "discarded": url(gone), "stopped": url(stopped),
        "working": url(working),
    }  # fmt: skip


@pytest.mark.slow
def test_every_state_from_all_sides(site_browser: Any, importer: Any, person: User) -> None:
    page, wrong = importer(viewport={"width": 1280, "height": 900}), {}
    for name, address in states(person).items():
        page.goto(address)
        found = [*site_browser.complaints, *look(page, f"upload-{name}")]
        # axe itself writes styles into the page while it measures.
        site_browser.complaints.clear()
        if found:
            wrong[name] = found
    assert wrong == {}
