"""A bulk change carried out by a process of its own, while nobody looks."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import CommandError, call_command
from django.test import Client

from articles.admin import bulk_running
from articles.admin.bulk_running import start as start_process
from articles.importing.uploads import acts, files
from articles.models import Article, BulkWork
from articles.writing import admission, bulk_changes
from articles.writing.bulk_changes import Act, begin_work
from tests.admin.posting import LIST
from tests.admin.test_bulk import FIND, bulk_url, look
from tests.factories import make_article
from tests.importing.processes import database_url

SignedIn = Callable[..., Client]

ACT = Act("find", ("headline",), "hen", "cat")


def editor(name: str = "hand") -> User:
    user = User.objects.create_user(name, is_staff=True)
    user.groups.add(Group.objects.get(name="Editor"))
    return user


def work_of(user: User, count: int = 3) -> BulkWork:
    articles = [make_article(f"A cat {number}") for number in range(count)]
    return begin_work(ACT, [(one.pk, one.version) for one in articles], actor=user)


def test_the_command_carries_it_out(capsys: pytest.CaptureFixture[str]) -> None:
    work = work_of(editor())
    call_command("run_bulk", str(work.pk))
    assert "3 changed, 0 left." in capsys.readouterr().out
    assert Article.objects.filter(headline__startswith="A hen").count() == 3
    call_command("run_bulk", str(work.pk))
    with pytest.raises(CommandError, match="no bulk change 999"):
        call_command("run_bulk", "999")


def test_rights_are_asked_while_it_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk_running, "PAUSE", 0)
    monkeypatch.setattr(bulk_changes.carry_on, "__kwdefaults__", {"limit": 1, "may_reach": None})
    user = editor()
    work = work_of(user)
    real = bulk_running.part

    def part(work: BulkWork, user: User) -> BulkWork:
        done = real(work, user)
        user.groups.clear()
        return done

    monkeypatch.setattr(bulk_running, "part", part)
    with pytest.raises(CommandError, match="may not change"):
        call_command("run_bulk", str(work.pk))
    work.refresh_from_db()
    assert (work.done, work.finished) == (1, None)
    User.objects.update(is_active=False)
    with pytest.raises(CommandError, match="may not change"):
        call_command("run_bulk", str(work.pk))


def test_one_process_at_a_time() -> None:
    work = work_of(editor())
    lock = files.take(bulk_running.key_of(work.pk))
    try:
        assert bulk_running.is_moving(work)
        # It is being worked on: nothing more is started.
        assert start_process(work)
        with pytest.raises(CommandError, match="being worked on"):
            call_command("run_bulk", str(work.pk))
    finally:
        files.drop(bulk_running.key_of(work.pk), lock)
    assert not bulk_running.is_moving(work)


def test_the_page_goes_on_where_no_process_can_be_started(
    signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: str, lock: int) -> None:
        raise OSError("no processes here")

    monkeypatch.setattr(acts, "launch", refuse)
    monkeypatch.setattr(bulk_running, "start", start_process)
    client = signed_in("Editor")
    make_article("A cat")
    client.post(bulk_url("", **FIND), {"digest": look(client, "", **FIND).digest})
    work = BulkWork.objects.get()
    assert not bulk_running.is_moving(work)
    assert "It waits." in client.get(f"{LIST}bulk/{work.pk}/").content.decode()
    client.post(f"{LIST}bulk/{work.pk}/")
    work.refresh_from_db()
    assert (work.finished is not None, work.changed) == (True, 1)


def test_the_page_says_that_it_may_be_closed_and_stops_it(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    work = work_of(client.user)  # type: ignore[attr-defined]
    url = f"{LIST}bulk/{work.pk}/"
    lock = files.take(bulk_running.key_of(work.pk))
    try:
        page = client.get(url).content.decode()
        assert "You may close this page" in page
        assert "Go on" not in page
        said = client.get(url, headers={"accept": "application/json"}).json()
        assert said == {"done": 0, "total": 3, "finished": False, "moving": True}
    finally:
        files.drop(bulk_running.key_of(work.pk), lock)
    bulk_changes.carry_on(work.pk, lambda _one: True, limit=1)
    client.post(url, {"stop": "1"})
    page = client.get(url).content.decode()
    assert "stopped after 1 of 3" in page
    assert "Take it back" in page


def test_the_start_page_leads_back_to_it(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    work = work_of(client.user)  # type: ignore[attr-defined]
    work_of(editor("other"))
    page = client.get("/admin/").content.decode()
    assert f"{LIST}bulk/{work.pk}/" in page
    assert page.count("0 of 3") == 1
    call_command("run_bulk", str(work.pk))
    assert "under way" not in client.get("/admin/").content.decode()


def test_a_whole_filter_is_published_and_withdrawn_in_parts(
    signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_changes, "PART", 2)
    client = signed_in("Editor")
    for number in range(3):
        make_article(f"A cat {number}", status="draft")
    make_article("Undated", status="draft", published_on=None)
    data = {"action": "publish", "_selected_action": ["1"], "select_across": "1"}
    response = client.post(f"{LIST}?status=draft", data)
    assert response["Location"] == bulk_url("status=draft", do="publish")
    preview = client.get(response["Location"]).context["preview"]
    assert (len(preview.wanted), preview.undated) == (3, 1)
    assert "published" in str(preview.samples[0][1])
    client.post(response["Location"], {"digest": preview.digest})
    work = BulkWork.objects.get()
    while work.finished is None:
        client.post(f"{LIST}bulk/{work.pk}/")
        work.refresh_from_db()
    assert Article.objects.filter(is_public=True).count() == 3
    data |= {"action": "withdraw"}
    response = client.post(f"{LIST}?status=published", data)
    assert response["Location"] == bulk_url("status=published", do="withdraw")
    page = client.get(response["Location"])
    assert "Say why it is withdrawn" in page.content.decode()
    act = {"do": "withdraw", "withdrawn_reason": "Doubtful"}
    assert len(look(client, "status=published", **act).wanted) == 3


def test_what_an_action_did_at_once_is_taken_back_too(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    articles = [make_article(f"A cat {number}") for number in range(2)]
    ids = [one.pk for one in articles]
    data = {"_selected_action": ids, "action": "withdraw", "apply": "1", "reason": "Doubtful"}
    page = client.post(LIST, data, follow=True).content.decode()
    work = BulkWork.objects.get()
    assert f'2 articles are withdrawn. <a href="{LIST}bulk/{work.pk}/">Take it back</a>' in page
    assert "2 articles were changed" in client.get(f"{LIST}bulk/{work.pk}/").content.decode()
    client.post(f"{LIST}bulk/{work.pk}/undo/")
    undo = BulkWork.objects.order_by("-id")[0]
    client.post(f"{LIST}bulk/{undo.pk}/")
    assert Article.objects.filter(is_public=True, withdrawn_reason="").count() == 2
    # Scheduled, and so seen by nobody: taken back, it is a draft again.
    later = make_article("Later", status="draft", visible_from="2999-01-01T00:00:00Z")
    page = client.post(LIST, {"_selected_action": [later.pk], "action": "publish"}, follow=True)
    assert "1 article is published. <a " in page.content.decode()
    work = BulkWork.objects.order_by("-id")[0]
    client.post(f"{LIST}bulk/{work.pk}/undo/")
    client.post(f"{LIST}bulk/{BulkWork.objects.order_by('-id')[0].pk}/")
    later.refresh_from_db()
    assert later.status == "draft"


@pytest.fixture
def fresh_memory() -> Iterator[None]:
    admission.forget_memory()
    yield
    admission.forget_memory()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("fresh_memory")
def test_a_real_process_finishes_while_the_page_is_closed(monkeypatch: Any) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url())
    monkeypatch.setenv("ARCHIVE_ENV", "local")
    work = work_of(editor(), 5)
    assert start_process(work)
    until = time.monotonic() + 120
    while files.is_at_work(bulk_running.key_of(work.pk)):
        assert time.monotonic() < until
        time.sleep(0.1)
    work.refresh_from_db()
    assert (work.changed, work.left_count, work.finished is not None) == (5, 0, True)
    assert not list(files.folder().glob("bulk*"))
