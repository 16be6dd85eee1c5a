"""The processes that take uploads further: killed, waiting, outliving who started them."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection

from articles import clock
from articles.choices import UploadState
from articles.importing.lock import import_lock
from articles.importing.uploads import acts as uploads
from articles.importing.uploads import files as uploads_files
from articles.models import Article, ImportRun, Upload
from articles.writing import checking
from tests.importing.processes import database_url, wait_for_the_lock
from tests.importing.uploading import (
    FIRST,
    Give,
    hand_in,
    left_over,
    long_text,
    nothing_is_left,
    settled,
    wait_until,
)
from tests.importing.uploading import give as give
from tests.importing.uploading import person as person
from tests.importing.uploading import (
    processes_at_the_test_database as processes_at_the_test_database,
)

# Processes that die, wait, and compete


def kill_at(pk: int, stage: str) -> None:
    """Kill the process of an upload when it has come to *stage*."""
    wait_until(pk, lambda standing: standing.stage == stage)
    os.kill(uploads_files.read_notes(pk)["pid"], signal.SIGKILL)


@pytest.mark.slow
@pytest.mark.parametrize("stage", ["reading", "planning", "writing"])
def test_kill_9_is_found_out_and_nothing_is_written(give: Give, person: User, stage: str) -> None:
    upload = give(long_text(3000))
    uploads.confirm(upload.pk, upload.plan["digest"], actor=person)  # type: ignore[index]
    kill_at(upload.pk, stage)
    standing = wait_until(upload.pk, lambda standing: not standing.is_moving, 10)
    assert standing.state == "stopped"
    wait_for_the_lock()
    assert not Article.objects.exists()
    assert not ImportRun.objects.exists()
    if stage == "writing":
        # What the killed process left is cleared away by the next one.
        assert left_over() == [f"{upload.pk}.lock", f"{upload.pk}.progress"]
    uploads.start_again(upload.pk, actor=person)
    done = settled(upload.pk)
    assert done.state == UploadState.DONE, done.message
    assert Article.objects.count() == 3000
    assert not list(checking.check())
    assert nothing_is_left()


@pytest.mark.slow
def test_what_was_read_when_a_process_was_killed_is_cleared_away(give: Give, person: User) -> None:
    content = long_text(20_000)
    upload = hand_in(person, content)
    wait_until(upload.pk, lambda _: any(name.endswith(".txt") for name in left_over()))
    kill_at(upload.pk, "reading")
    wait_until(upload.pk, lambda standing: standing.state == "stopped", 10)
    (left,) = [name for name in left_over() if name.endswith(".txt")]
    mode = (uploads_files.folder() / left).stat().st_mode
    assert stat.S_IMODE(mode) == 0o600
    assert stat.S_IMODE(uploads_files.folder().stat().st_mode) == 0o700
    give()
    assert nothing_is_left()
    # The content is still in the database: planning can start again.
    uploads.discard(upload.pk)


@pytest.mark.slow
def test_another_import_is_waited_for(give: Give, person: User) -> None:
    with import_lock():
        upload = hand_in(person, FIRST)
        wait_until(upload.pk, lambda standing: standing.stage == "waiting")
    assert settled(upload.pk).state == UploadState.PLANNED


@pytest.mark.slow
def test_an_import_that_does_not_end_is_not_waited_for_for_ever(give: Give, person: User) -> None:
    upload = give()
    Upload.objects.filter(pk=upload.pk).update(state=UploadState.RUNNING)
    with import_lock():
        environment = {**os.environ, "DATABASE_URL": database_url()}
        start_and_wait(["run_upload", str(upload.pk), "--wait", "0.2"], environment)
    upload.refresh_from_db()
    assert upload.state == UploadState.FAILED
    assert "Another import was still running after 1 minute" in upload.message
    assert "Nothing was written" in upload.message
    uploads.start_again(upload.pk, actor=person)
    assert settled(upload.pk).state == UploadState.PLANNED


def start_and_wait(arguments: list[str], environment: dict[str, str]) -> tuple[int, str]:
    result = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return result.returncode, result.stderr


@pytest.mark.slow
def test_what_nobody_foresaw_is_in_the_log(give: Give, person: User) -> None:
    upload = give()
    Upload.objects.filter(pk=upload.pk).update(options={"step": "plan", "by": person.pk})
    Upload.objects.filter(pk=upload.pk).update(state=UploadState.FAILED)
    uploads.start_again(upload.pk, actor=person)
    failed = settled(upload.pk)
    assert failed.state == UploadState.FAILED
    assert "Failed; nothing was written. KeyError" in failed.message
    log = uploads_files.folder() / "errors.log"
    wait_until(upload.pk, lambda _: "Traceback" in log.read_text(encoding="utf-8"))
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


@pytest.mark.slow
def test_nobody_works_on_what_waits_for_no_process(give: Give) -> None:
    upload = give()
    assert nothing_is_left()
    with pytest.raises(CommandError, match="not waiting for a process"):
        call_command("run_upload", str(upload.pk))
    lock = uploads_files.take(upload.pk)
    with pytest.raises(CommandError, match="being worked on"):
        call_command("run_upload", str(upload.pk))
    uploads_files.drop(upload.pk, lock)
    upload.refresh_from_db()
    assert upload.state == UploadState.PLANNED


@pytest.mark.slow
def test_a_process_outlives_the_one_that_started_it(
    transactional_db: None, person: User, processes_at_the_test_database: None, tmp_path: Path
) -> None:
    given = tmp_path / "given.txt"
    given.write_bytes(long_text(3000))
    script = (
        "import os, pathlib\n"
        "os.setpgrp()\n"
        "from django.contrib.auth.models import User\n"
        "from articles.importing.uploads import acts as uploads\n"
        f"text = pathlib.Path({str(given)!r}).read_bytes()\n"
        "from articles.importing.records import Options\n"
        f"actor = User.objects.get(pk={person.pk})\n"
        "uploads.give('a.txt', text, Options('draft'), '', actor=actor)\n"
        "os.killpg(0, 9)\n"
    )
    code, err = start_and_wait(["shell", "--no-imports", "-c", script], dict(os.environ))
    assert code == -signal.SIGKILL, err
    assert settled(Upload.objects.get().pk).state == UploadState.PLANNED


def test_two_databases_in_one_folder_do_not_meet(monkeypatch: pytest.MonkeyPatch) -> None:
    here = uploads_files.folder()
    lock = uploads_files.take(7)
    with monkeypatch.context() as patch:
        patch.setitem(connection.settings_dict, "NAME", "another")
        assert uploads_files.folder() != here
        assert not uploads_files.is_at_work(7)
    assert uploads_files.is_at_work(7)
    uploads_files.drop(7, lock)
    assert not uploads_files.is_at_work(7)


def test_a_process_that_cannot_be_started_is_reported(
    person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    upload = hand_in(person, FIRST)
    assert upload.state == UploadState.FAILED
    assert "could not be started: No such file" in upload.message
    assert nothing_is_left()


def test_work_on_another_machine_is_left_alone_for_an_hour(person: User) -> None:
    upload = Upload.objects.create(
        actor=person, file_name="a.txt", content=FIRST, state=UploadState.RUNNING,
        started=clock.now(), options={"place": "another", "step": "plan"},
    )  # fmt: skip
    assert uploads.standing(upload).state == "elsewhere"
    with pytest.raises(uploads.NotNow, match="another machine"):
        uploads.discard(upload.pk)
    upload.started = clock.now() - uploads.ELSEWHERE
    upload.save()
    assert uploads.standing(upload).state == "stopped"
    uploads.discard(upload.pk)


def test_of_two_machines_that_start_one_upload_one_does(person: User) -> None:
    upload = Upload.objects.create(
        actor=person, file_name="a.txt", content=FIRST, state=UploadState.PLANNED
    )
    there, here = uploads.rows().get(pk=upload.pk), uploads.rows().get(pk=upload.pk)
    uploads._claim(there, state=UploadState.RUNNING, started=clock.now())
    with pytest.raises(uploads.NotNow, match="already being worked on"):
        uploads._claim(here, state=UploadState.RUNNING, started=clock.now())
