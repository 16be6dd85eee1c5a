"""The admin takes imports back: the button, the plan, the permission, the way back."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from articles.choices import Status
from articles.models import Article, ImportRun, Operation
from articles.writing import checking
from tests.importing import listings
from tests.importing.undoing import edit, entry, import_entries

SignedIn = Callable[..., Client]

RUNS = "/admin/articles/importrun/"


def run_url(run: ImportRun, step: str = "change") -> str:
    return f"{RUNS}{run.pk}/{step}/"


def digest_of(client: Client, url: str) -> str:
    page = client.get(url)
    assert page.status_code == 200
    return str(page.context["digest"])


def press(client: Client, url: str, **more: Any) -> Any:
    return client.post(url, {"digest": digest_of(client, url), "reason": "", **more}, follow=True)


def said(response: Any) -> str:
    return " ".join(str(message) for message in response.context["messages"])


@pytest.fixture
def drafts(tmp_path: Path) -> ImportRun:
    return import_entries(tmp_path, *listings.FIRST, status="draft")


def test_the_button_leads_to_the_plan_and_back(signed_in: SignedIn, drafts: ImportRun) -> None:
    client = signed_in("Importer")
    page = client.get(run_url(drafts)).content.decode()
    assert f'href="{run_url(drafts, "undo")}">Undo this import…' in page
    plan = client.get(run_url(drafts, "undo"))
    text = plan.content.decode()
    assert "<b>8</b> removed" in re.sub(r"\s+", " ", text) or "<b>15</b> removed" in text
    assert "Charts that lie" in text
    assert plan.context["row_total"] == sum(row["count"] for row in plan.context["totals"])
    assert Operation.objects.filter(kind="undo").count() == 0

    response = press(client, run_url(drafts, "undo"), reason="A wrong file")
    assert response.redirect_chain == [(run_url(drafts), 302)]
    assert said(response).startswith("The import is undone: 8 articles removed")
    text = response.content.decode()
    assert re.search(r"This import was undone on 20\d\d-\d\d-\d\d \d\d:\d\d by importer\.", text)
    assert "A wrong file" in text
    assert f'href="{run_url(drafts, "redo")}">Take the undo back…' in text
    assert not Article.objects.exists()

    response = press(client, run_url(drafts, "redo"))
    assert said(response).startswith("The import is back: 8 articles brought back")
    assert "Undo this import…" in response.content.decode()
    assert Article.objects.count() == 8
    operation = Operation.objects.latest("id")
    assert (operation.kind, operation.actor) == ("restore", client.user)  # type: ignore[attr-defined]
    assert not list(checking.check())


def test_what_stays_is_shown_first_with_who_and_when(
    signed_in: SignedIn, tmp_path: Path, account: Callable[..., User]
) -> None:
    import_entries(tmp_path, listings.CHARTS, listings.OLDEST)
    run = import_entries(
        tmp_path,
        listings.NEW,
        (*listings.CHARTS[:2], "Reworded <b>text</b>."),
        (*listings.OLDEST[:2], "Other words."),
    )
    edit(Article.objects.get(headline="Charts that lie"), account("Editor"), standfirst="Mine")
    page = signed_in("superuser").get(run_url(run, "undo"))
    rows = page.context["rows"]
    assert (rows[0]["label"], str(rows[0]["outcome"])) == ("Charts that lie", "kept")
    assert re.match(r"edited by editor on 20", rows[0]["fields"][0]["reason"])
    text = page.content.decode()
    assert '<del dir="auto">Other words.</del>' in text
    assert "1 article leaves the public site" in text
    only = signed_in("superuser", account("superuser", "second")).get(
        run_url(run, "undo"), {"outcome": "kept"}
    )
    assert {row["label"] for row in only.context["rows"]} >= {"Charts that lie"}
    assert all(str(row["outcome"]) == "kept" for row in only.context["rows"])


def test_a_plan_that_moved_is_shown_anew(signed_in: SignedIn, drafts: ImportRun) -> None:
    client = signed_in("Importer")
    seen = digest_of(client, run_url(drafts, "undo"))
    edit(Article.objects.get(headline="Charts that lie"), kicker="Mine")
    response = client.post(run_url(drafts, "undo"), {"digest": seen, "reason": ""}, follow=True)
    assert "The archive has moved since" in said(response)
    assert response.redirect_chain == [(run_url(drafts, "undo"), 302)]
    assert Article.objects.count() == 8


def test_twice_says_so(signed_in: SignedIn, drafts: ImportRun) -> None:
    client = signed_in("Importer")
    response = client.get(run_url(drafts, "redo"), follow=True)
    assert said(response) == f"Run {drafts.pk} is not undone."
    press(client, run_url(drafts, "undo"))
    response = client.get(run_url(drafts, "undo"), follow=True)
    assert "is already undone (operation" in said(response)


#: Who sees the page of a run, and who may take back: drafts, what is public.
MATRIX = {
    "superuser": (True, True, True),
    "Importer": (True, True, False),
    "Editor": (True, False, False),
    "Chief editor": (True, False, False),
    "Auditor": (True, False, False),
    "Contributor": (False, False, False),
    "staff": (False, False, False),
}


@pytest.mark.parametrize("role", MATRIX)
def test_who_may(signed_in: SignedIn, tmp_path: Path, role: str) -> None:
    sees, hidden, public = MATRIX[role]
    client = signed_in(role)
    drafts = import_entries(tmp_path, listings.OLDEST, status="draft")
    live = import_entries(tmp_path, listings.CHARTS, options=["--source", "Another"])
    for run, may in ((drafts, hidden), (live, public)):
        page = client.get(run_url(run))
        assert (page.status_code == 200) == sees
        assert ("Undo this import…" in page.content.decode()) == hidden
        shown = client.get(run_url(run, "undo"))
        assert shown.status_code == (200 if hidden else 403)
        assert ('name="digest"' in shown.content.decode()) == may
        context = shown.context
        digest = context["digest"] if shown.status_code == 200 and context else ""
        response = client.post(run_url(run, "undo"), {"digest": digest, "reason": ""})
        assert response.status_code == (302 if may else 403)
        run.refresh_from_db()
        assert (run.undone is not None) == may


def test_ones_own_public_import_one_may_take_back(signed_in: SignedIn, tmp_path: Path) -> None:
    client = signed_in("Importer")
    run = import_entries(tmp_path, listings.CHARTS)
    ImportRun.objects.update(actor=client.user)  # type: ignore[attr-defined]
    response = press(client, run_url(run, "undo"))
    assert said(response).startswith("The import is undone: 1 article withdrawn")
    assert Article.objects.get().status == Status.WITHDRAWN


def test_the_page_says_beforehand_who_may_change_what_readers_see(
    signed_in: SignedIn, tmp_path: Path
) -> None:
    run = import_entries(tmp_path, listings.CHARTS)
    words = "somebody who may publish has to"
    client = signed_in("Importer")
    assert words in client.get(run_url(run)).content.decode()
    assert words not in signed_in("superuser").get(run_url(run)).content.decode()
    assert words not in signed_in("Editor").get(run_url(run)).content.decode()
    ImportRun.objects.update(actor=client.user)  # type: ignore[attr-defined]
    assert words not in client.get(run_url(run)).content.decode()


def test_who_imports_and_publishes_may_take_back_anybodys(
    signed_in: SignedIn, account: Callable[..., User], tmp_path: Path
) -> None:
    user = account("Importer")
    user.user_permissions.add(Permission.objects.get(codename="publish_article"))
    run = import_entries(tmp_path, listings.CHARTS)
    press(signed_in(user=user), run_url(run, "undo"))
    assert Article.objects.get().status == Status.WITHDRAWN


def test_a_long_plan_comes_in_pages(signed_in: SignedIn, tmp_path: Path) -> None:
    run = import_entries(tmp_path, *map(entry, range(120)), status="draft")
    client = signed_in("Importer")
    url = run_url(run, "undo")
    first, last = client.get(url), client.get(url, {"p": 3, "outcome": "removed"})
    assert len(first.context["rows"]) == 50
    assert first.context["row_total"] == 122
    assert "Page 1 of 3" in first.content.decode()
    assert "Page 3 of 3" in last.content.decode()
    assert first.context["digest"] == last.context["digest"]
    for nonsense in ({"p": "10" * 40}, {"p": "x"}, {"outcome": "<x>"}):
        assert client.get(url, nonsense).status_code == 200


def test_the_page_takes_few_queries(
    signed_in: SignedIn, tmp_path: Path, django_assert_max_num_queries: Any
) -> None:
    run = import_entries(tmp_path, *map(entry, range(200)))
    client = signed_in("superuser")
    with django_assert_max_num_queries(45):
        client.get(run_url(run, "undo"))


@pytest.mark.parametrize("number", ["0", "999999", "x", "9" * 30, "٣"])
def test_an_unknown_run_is_not_found(signed_in: SignedIn, number: str) -> None:
    client = signed_in("superuser")
    for step in ("undo", "redo"):
        assert client.get(f"{RUNS}{number}/{step}/").status_code == 404


def test_a_reason_that_is_too_long_is_refused(signed_in: SignedIn, drafts: ImportRun) -> None:
    client = signed_in("Importer")
    response = press(client, run_url(drafts, "undo"), reason="x" * 501)
    assert response.status_code == 200
    assert "at most 500 characters" in response.content.decode()
    assert Article.objects.count() == 8


def test_a_forged_post_without_a_digest_does_nothing(
    signed_in: SignedIn, drafts: ImportRun
) -> None:
    client = signed_in("Importer")
    client.post(run_url(drafts, "undo"), {})
    assert Article.objects.count() == 8
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(client.user)  # type: ignore[attr-defined]
    assert strict.post(run_url(drafts, "undo"), {}).status_code == 403


def test_the_list_says_which_runs_are_undone(signed_in: SignedIn, drafts: ImportRun) -> None:
    client = signed_in("Importer")
    press(client, run_url(drafts, "undo"))
    drafts.refresh_from_db()
    assert drafts.undone is not None
    listed = client.get(RUNS).content.decode()
    assert 'class="field-undone_shown"' in listed
    assert f"{drafts.undone:%Y-%m-%d}" in listed


def test_the_history_of_what_came_back_can_be_read(signed_in: SignedIn, drafts: ImportRun) -> None:
    client = signed_in("superuser")
    article = Article.objects.get(headline="Charts that lie")
    press(client, run_url(drafts, "undo"))
    for operation in Operation.objects.all():
        page = client.get(f"/admin/articles/operation/{operation.pk}/change/")
        assert page.status_code == 200
    press(client, run_url(drafts, "redo"))
    page = client.get(f"/admin/articles/article/{article.pk}/history/")
    assert page.status_code == 200
    assert "undo" in page.content.decode()
