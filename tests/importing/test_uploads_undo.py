"""Taking back an import that is too large for a request: by a process, as a listing is imported."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from articles.admin import run_undoing
from articles.choices import UploadState
from articles.importing.lock import import_lock
from articles.importing.undoing.undo import UNDO, make_plan, take_back
from articles.importing.uploads import acts as uploads
from articles.importing.uploads import files as uploads_files
from articles.importing.uploads import work as uploads_work
from articles.models import Article, ImportRun, Upload
from articles.writing import checking
from tests.importing import listings
from tests.importing.undoing import edit, import_entries
from tests.importing.uploading import (
    hand_in as hand_in,
)
from tests.importing.uploading import left_over, settled
from tests.importing.uploading import (
    person as person,
)
from tests.importing.uploading import (
    processes_at_the_test_database as processes_at_the_test_database,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def drafts(tmp_path: Path) -> ImportRun:
    return import_entries(tmp_path, *listings.FIRST, status="draft")


@pytest.fixture
def unstarted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no process be started: the test is the process."""
    monkeypatch.setattr(uploads, "_launch", lambda pk, lock: uploads_files.drop(pk, os.dup(lock)))


def begin(run: ImportRun, person: User, action: str = UNDO, **more: Any) -> Upload:
    plan = make_plan(run, action)
    return uploads.take_back(run, action, plan.digest(), actor=person, **more)


def worked(upload: Upload, wait: float = 0) -> Upload:
    lock = uploads_files.take(upload.pk)
    try:
        uploads_work.work(upload.pk, wait=wait)
    finally:
        uploads_files.drop(upload.pk, lock)
    return Upload.objects.get(pk=upload.pk)


@pytest.fixture(autouse=True)
def _nothing_left() -> Iterator[None]:
    yield
    assert left_over() == []


@pytest.mark.slow
def test_a_process_takes_it_back_and_brings_it_back(
    transactional_db: None,
    processes_at_the_test_database: None,
    person: User,
    tmp_path: Path,
) -> None:
    run = import_entries(tmp_path, *listings.FIRST, status="draft")
    done = settled(begin(run, person, reason="A wrong file").pk)
    assert (done.state, done.run_id) == (UploadState.DONE, run.pk), done.message
    assert "8 articles removed" in done.message
    assert not Article.objects.exists()
    undo = run.operations.get(kind="undo")
    assert (undo.actor, undo.reason) == (person, "A wrong file")
    run.refresh_from_db()
    again = settled(begin(run, person, uploads.REDO).pk)
    assert again.state == UploadState.DONE, again.message
    assert Article.objects.count() == 8
    assert list(checking.check()) == []


@pytest.mark.usefixtures("unstarted")
class TestTheProcess:
    """What the process does, step by step."""

    def test_a_plan_that_moved_is_not_carried_out(self, drafts: ImportRun, person: User) -> None:
        upload = begin(drafts, person)
        edit(Article.objects.latest("pk"), headline="Edited meanwhile")
        failed = worked(upload)
        assert failed.state == UploadState.FAILED
        assert "has moved" in failed.message
        assert failed.options["can_try_again"] is False
        assert Article.objects.count() == 8

    def test_what_was_done_at_the_last_moment_is_done(
        self, drafts: ImportRun, person: User
    ) -> None:
        upload = begin(drafts, person)
        take_back(drafts, UNDO, actor=person)
        assert worked(upload).state == UploadState.DONE

    def test_it_waits_for_an_import_that_runs(
        self, drafts: ImportRun, person: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def held(*args: Any, **more: Any) -> None:
            raise uploads_work.LockHeld

        upload = begin(drafts, person)
        monkeypatch.setattr(uploads_work.undo, "take_back", held)
        failed = worked(upload, wait=0)
        assert failed.state == UploadState.FAILED
        assert "still running" in failed.message
        monkeypatch.undo()
        with import_lock():
            pass
        uploads.rows().filter(pk=upload.pk).update(state=UploadState.RUNNING)
        assert worked(upload).state == UploadState.DONE

    def test_whose_account_is_gone_undoes_nothing(self, drafts: ImportRun, person: User) -> None:
        upload = begin(drafts, person)
        User.objects.filter(pk=person.pk).update(is_active=False)
        failed = worked(upload)
        assert (failed.state, Article.objects.count()) == (UploadState.FAILED, 8)

    def test_it_is_begun_once(
        self, drafts: ImportRun, person: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        begin(drafts, person)
        monkeypatch.setattr(uploads_files, "is_at_work", lambda pk: True)
        with pytest.raises(uploads.NotNow, match="already"):
            begin(drafts, person)


SignedIn = Callable[..., Client]


@pytest.mark.usefixtures("unstarted")
class TestThePages:
    """What the person sees of it."""

    @pytest.fixture
    def client(self, person: User) -> Client:
        person.groups.add(Group.objects.get(name="Importer"))
        client = Client()
        client.force_login(person)
        return client

    def press(self, client: Client, run: ImportRun) -> Any:
        path = f"/admin/articles/importrun/{run.pk}/undo/"
        digest = client.get(path).context["digest"]
        return client.post(path, {"digest": digest, "reason": "Wrong"})

    def test_a_large_one_leads_to_its_progress(
        self, client: Client, drafts: ImportRun, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(run_undoing, "AT_ONCE", 5)
        response = self.press(client, drafts)
        upload = Upload.objects.get()
        page = f"/admin/articles/upload/{upload.pk}/change/"
        assert (response.status_code, response.headers["Location"]) == (302, page)
        assert Article.objects.count() == 8
        assert upload.options["reason"] == "Wrong"
        monkeypatch.setattr(uploads_files, "is_at_work", lambda pk: True)
        uploads_files.Notes(upload.pk).note("undo", 3, 8)
        text = client.get(page).content.decode()
        assert "Undoing the import of" in text
        assert "Undoing: 3 of 8 articles" in text
        assert "before you confirm the plan" not in text
        monkeypatch.undo()
        worked(upload)
        text = client.get(page).content.decode()
        assert "The import is undone. 8 articles removed" in text
        assert f"/admin/articles/importrun/{drafts.pk}/change/" in text
        assert not Article.objects.exists()

    def test_a_small_one_is_done_at_once(self, client: Client, drafts: ImportRun) -> None:
        response = self.press(client, drafts)
        assert response.headers["Location"] == f"/admin/articles/importrun/{drafts.pk}/change/"
        assert not Article.objects.exists()
        assert not Upload.objects.exists()
