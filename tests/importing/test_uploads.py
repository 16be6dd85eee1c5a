"""Listings given in the browser: their states, and the processes that take them further."""

import gzip
import io
import json
import os
import signal
import stat
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection

from articles import clock
from articles.choices import UploadState
from articles.importing import plan_file
from articles.importing.lock import import_lock
from articles.importing.records import Options
from articles.importing.uploads import acts as uploads
from articles.importing.uploads import files as uploads_files
from articles.importing.uploads import plan as uploads_plan
from articles.importing.uploads.plan import DOUBTS, StoredPlan, pack
from articles.models import Article, ImportRun, Operation, Upload
from articles.writing import checking
from articles.writing.articles import write_articles
from articles.writing.changes import ArticleChange
from articles.writing.operations import begin
from tests.importing import listings
from tests.importing.listings import listing_text, run
from tests.importing.processes import database_url, wait_for_the_lock

FIRST = listing_text(*listings.FIRST).encode()
Give = Callable[..., Upload]


def long_text(count: int) -> bytes:
    """Return an invented listing of *count* entries."""
    return listing_text(
        *(
            (f"Headline number {n} of many", "By Ana Brandt, 11 January 2021", f"Text {n} of them.")
            for n in range(count)
        )
    ).encode()


@pytest.fixture
def processes_at_the_test_database(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the processes that a test starts work on its database; leave none behind."""
    monkeypatch.setenv("DATABASE_URL", database_url())
    yield
    for upload in Upload.objects.filter(state=UploadState.RUNNING):
        if uploads_files.is_at_work(upload.pk):
            os.kill(uploads_files.read_notes(upload.pk)["pid"], signal.SIGKILL)
        wait_until(upload.pk, lambda standing: standing.state != "working")
    # One that is done may be about to remove its files.
    nothing_is_left()
    uploads_files.sweep()
    assert left_over() == []


@pytest.fixture
def person(db: None) -> User:
    return User.objects.create_user("ida", is_staff=True)


def hand_in(
    person: User, content: bytes, name: str = "tides.txt", *, source: str = "", **options: Any
) -> Upload:
    wanted = Options(**{"status": "published", **options})
    return uploads.give(name, content, wanted, source, actor=person)


def wait_until(
    pk: int, condition: Callable[[uploads.Standing], bool], seconds: float = 60
) -> uploads.Standing:
    """Return how an upload stands as soon as that is as wished."""
    until = time.monotonic() + seconds
    while True:
        standing = uploads.standing(uploads.rows().get(pk=pk))
        if condition(standing):
            return standing
        assert time.monotonic() < until, standing
        time.sleep(0.02)


def settled(pk: int, seconds: float = 60) -> Upload:
    """Return an upload when nothing works on it any more."""
    wait_until(pk, lambda standing: not standing.is_moving, seconds)
    return Upload.objects.get(pk=pk)


@pytest.fixture
def give(transactional_db: None, person: User, processes_at_the_test_database: None) -> Give:
    """Give a listing; return the upload when it is planned, or has failed."""

    def make(
        content: bytes = FIRST, name: str = "tides.txt", *, source: str = "", **options: Any
    ) -> Upload:
        return settled(hand_in(person, content, name, source=source, **options).pk)

    return make


def confirm(upload: Upload, actor: User) -> Upload:
    uploads.confirm(upload.pk, upload.plan["digest"], actor=actor)  # type: ignore[index]
    return settled(upload.pk)


def left_over() -> list[str]:
    """Return the files that are there for uploads."""
    names = {path.name for path in uploads_files.folder().iterdir()}
    return sorted(names - {"place", "errors.log"})


def nothing_is_left(*, seconds: float = 10) -> bool:
    """Return whether the files of all uploads go; a process removes its own after its last word."""
    until = time.monotonic() + seconds
    while left_over() and time.monotonic() < until:
        time.sleep(0.02)
    return not left_over()


# The road


@pytest.mark.slow
def test_given_planned_confirmed_done(give: Give, person: User) -> None:
    upload = give(source="Tides", tags=("Harbours",))
    assert (upload.state, upload.message) == (UploadState.PLANNED, "")
    plan = StoredPlan(upload.plan or {})
    assert plan.totals["create"] == 8
    assert plan.totals["public"] == 7
    assert not Article.objects.exists()
    assert not ImportRun.objects.exists()

    done = confirm(upload, person)
    assert done.state == UploadState.DONE, done.message
    assert (bytes(done.content), done.plan) == (b"", None)
    made = ImportRun.objects.get()
    assert done.run == made
    assert (made.file_name, made.source.name, made.actor) == ("tides.txt", "Tides", person)
    assert Operation.objects.get(import_run=made).actor == person
    assert Article.objects.published().count() == 7
    assert Article.objects.filter(tagged_articles__tag__name="Harbours").count() == 8
    assert not list(checking.check())
    assert nothing_is_left()


@pytest.mark.slow
def test_the_plan_is_the_one_of_a_dry_run(give: Give, tmp_path: Path) -> None:
    upload = give()
    path = tmp_path / "tides.txt"
    path.write_bytes(FIRST)
    _, out, _ = run("import_listing", path, "--dry-run", "--format", "json")
    told, ours = json.loads(out), json.loads("".join(StoredPlan(upload.plan or {}).as_json()))
    for report in (told, ours):
        for listing in report["listings"]:
            del listing["path"], listing["digest"]
    assert ours == told
    assert upload.file_name == "tides.txt"


@pytest.mark.slow
def test_the_plan_that_is_downloaded_can_be_applied_at_a_terminal(give: Give) -> None:
    upload = give()
    (recorded,) = plan_file.read_plan("".join(StoredPlan(upload.plan or {}).as_json()))
    assert (recorded.path, recorded.source) == ("tides.txt", listings.TOPIC)


@pytest.mark.slow
def test_drafts_stay_drafts(give: Give, person: User) -> None:
    upload = give(status="draft")
    assert StoredPlan(upload.plan or {}).totals["public"] == 0
    confirm(upload, person)
    assert Article.objects.count() == 8
    assert not Article.objects.published().exists()


@pytest.mark.slow
def test_what_is_no_listing_fails_with_the_name_that_the_file_had(give: Give) -> None:
    for content, words in (
        (b"%PDF-1.7 and so on", "odd name.txt: this is a PDF document"),
        (os.urandom(5000), "odd name.txt: this is a binary file"),
        (b" \n \n", "odd name.txt: the file is empty"),
        (b"\x00\x00\x00", "odd name.txt: this is a binary file"),
    ):
        upload = give(content, "odd name.txt")
        assert upload.state == UploadState.FAILED
        assert words in upload.message
        assert str(uploads_files.folder()) not in upload.message
        assert upload.options["can_try_again"] is False
    assert nothing_is_left()


@pytest.mark.slow
def test_other_formats_are_read_and_a_format_can_be_asked_for(give: Give) -> None:
    table = b"headline,byline,date\nOne,Ana Brandt,2021-01-11\nTwo,Ana Brandt,2021-01-12\n"
    plan = StoredPlan(give(table, "table.csv").plan or {})
    assert [entry["headline"] for _, entry in plan.page("", 0, 9)] == ["One", "Two"]
    assert plan.head["path"] == "table.csv"
    asked = give(table, "table.csv", input_format="json")
    assert asked.state == UploadState.FAILED
    assert asked.message.startswith("table.csv: ")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("tides.txt", FIRST)
    plan = StoredPlan(give(archive.getvalue(), "all.zip").plan or {})
    assert (plan.head["path"], len(plan)) == ("all.zip/tides.txt", 8)
    plan = StoredPlan(give(gzip.compress(FIRST), "tides.txt.gz").plan or {})
    assert (plan.head["path"], len(plan)) == ("tides.txt.gz", 8)


def test_names_become_safe_lines() -> None:
    assert uploads._name("../../etc/pass\x00wd\u202e.txt") == "passwd.txt"
    assert uploads._name("C:\\texts\\tides\n2021.txt") == "tides 2021.txt"
    for empty in ("", "/", "..", " . "):
        assert uploads._name(empty).startswith("Pasted text 2")
    assert uploads_files.suffix_of("a.b.tar.gz") == ".tar.gz"
    assert uploads_files.suffix_of("a.…") == ""
    assert uploads_files.suffix_of("a.txt.gz ") == ""
    assert uploads_files.suffix_of("text") == ""


# What may be done when


@pytest.mark.slow
def test_a_second_confirmation_is_refused(give: Give, person: User) -> None:
    upload = give()
    digest = upload.plan["digest"]  # type: ignore[index]
    with import_lock():
        uploads.confirm(upload.pk, digest, actor=person)
        for act in (
            lambda: uploads.confirm(upload.pk, digest, actor=person),
            lambda: uploads.start_again(upload.pk, actor=person),
            lambda: uploads.discard(upload.pk),
        ):
            with pytest.raises(uploads.NotNow, match="being worked on"):
                act()
    assert settled(upload.pk).state == UploadState.DONE
    with pytest.raises(uploads.NotNow, match="already done"):
        uploads.confirm(upload.pk, "", actor=person)
    with pytest.raises(uploads.NotNow, match="undone"):
        uploads.discard(upload.pk)
    assert ImportRun.objects.count() == 1


@pytest.mark.slow
def test_only_the_plan_that_was_shown_is_confirmed(give: Give, person: User) -> None:
    upload = give()
    with pytest.raises(uploads.NotNow, match="another one"):
        uploads.confirm(upload.pk, "f" * 64, actor=person)
    assert settled(upload.pk).state == UploadState.PLANNED
    assert nothing_is_left()


@pytest.mark.slow
def test_what_is_discarded_is_gone(give: Give, person: User) -> None:
    upload = give()
    uploads.discard(upload.pk)
    upload.refresh_from_db()
    assert (upload.state, bytes(upload.content), upload.plan) == (UploadState.DISCARDED, b"", None)
    for act in (uploads.start_again, lambda pk, actor: uploads.confirm(pk, "", actor=actor)):
        with pytest.raises(uploads.NotNow, match="already discarded"):
            act(upload.pk, actor=person)


@pytest.mark.slow
def test_an_archive_that_moved_sends_back_to_the_new_plan(
    give: Give, person: User, tmp_path: Path
) -> None:
    upload = give()
    path = tmp_path / "tides.txt"
    path.write_bytes(FIRST)
    run("import_listing", path, "--yes")
    moved = confirm(upload, person)
    assert moved.state == UploadState.PLANNED
    assert "Nothing was written" in moved.message
    assert "was CREATE, would now be UNCHANGED" in moved.message
    assert "and 5 more" in moved.message
    assert StoredPlan(moved.plan or {}).totals["unchanged"] == 8
    assert ImportRun.objects.count() == 1
    # The new plan can be confirmed.
    assert confirm(moved, person).state == UploadState.DONE
    assert Article.objects.count() == 8


@pytest.mark.slow
def test_an_edit_that_the_plan_does_not_touch_stops_nothing(
    give: Give, person: User, tmp_path: Path
) -> None:
    path = tmp_path / "tides.txt"
    path.write_bytes(FIRST)
    run("import_listing", path, "--yes")
    upload = give(listing_text(listings.NEW, *listings.FIRST).encode())
    article = Article.objects.get(headline="Charts that lie")
    change = ArticleChange(
        article=article, fields={"standfirst": "An editor's."}, expected_version=article.version
    )
    write_articles([change], begin("edit", actor=person))
    done = confirm(upload, person)
    assert done.state == UploadState.DONE, done.message
    article.refresh_from_db()
    assert article.standfirst == "An editor's."


@pytest.mark.slow
def test_who_confirms_is_the_actor(give: Give) -> None:
    other = User.objects.create_user("omar", is_staff=True)
    done = confirm(give(), other)
    assert done.run is not None
    assert done.run.actor == other


@pytest.mark.slow
def test_a_closed_account_imports_nothing(give: Give) -> None:
    other = User.objects.create_user("omar", is_staff=True, is_active=False)
    failed = confirm(give(), other)
    assert failed.state == UploadState.FAILED
    assert "account" in failed.message
    assert not Article.objects.exists()


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


# The plan as it is kept


def entry(number: int, change: str = "CREATE", *, doubtful: bool = False) -> dict[str, Any]:
    return {
        "lines": [number, number + 1], "headline": f"Łódź {number}", "change": change,
        "diagnostics": [{"code": "x", "line": number, "message": "?"}] if doubtful else [],
    }  # fmt: skip


def packed(*entries: dict[str, Any]) -> StoredPlan:
    listing = {"path": "a.txt", "digest": "d", "entries": list(entries)}
    totals = {"entries": len(entries), "public": 0}
    # As it comes back from the database.
    return StoredPlan(json.loads(json.dumps(pack(listing, totals, 1))))


@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 250])
def test_a_packed_plan_gives_back_every_entry(count: int) -> None:
    changes = ("CREATE", "UPDATE", "UNCHANGED", "CONFLICT", "REVIEW", "REJECT")
    entries = [entry(n, changes[n % 6], doubtful=n % 7 == 0) for n in range(count)]
    plan = packed(*entries)
    assert plan.listing() == {"path": "a.txt", "digest": "d", "entries": entries}
    report = json.loads("".join(plan.as_json()))
    assert report["listings"] == [plan.listing()]
    assert (report["version"], report["totals"]) == (1, {"entries": count, "public": 0})
    for which in ("", DOUBTS, *changes):
        wanted = [
            (place, one)
            for place, one in enumerate(entries)
            if which in ("", one["change"]) or (which == DOUBTS and one["diagnostics"])
        ]
        assert plan.count(which) == len(wanted)
        pages = [plan.page(which, first, 50) for first in range(0, len(wanted) or 1, 50)]
        assert [row for page in pages for row in page] == wanted


def test_a_packed_plan_is_small() -> None:
    plan = pack({"digest": "d", "entries": [entry(n) for n in range(5000)]}, {}, 1)
    assert len(json.dumps(plan)) < 100_000
    assert len(plan["chunks"]) == 5000 // uploads_plan.CHUNK
