"""Listings given in the browser: their states, and what the person confirms."""

import gzip
import io
import json
import os
import zipfile
from pathlib import Path

import pytest
from django.contrib.auth.models import User

from articles.choices import UploadState
from articles.importing import plan_file
from articles.importing.lock import import_lock
from articles.importing.uploads import acts as uploads
from articles.importing.uploads import files as uploads_files
from articles.importing.uploads.plan import StoredPlan
from articles.models import Article, ImportRun, Operation
from articles.writing import checking
from articles.writing.articles import write_articles
from articles.writing.changes import ArticleChange
from articles.writing.operations import begin
from tests.importing import listings
from tests.importing.listings import listing_text, run
from tests.importing.uploading import FIRST, Give, confirm, nothing_is_left, settled
from tests.importing.uploading import give as give
from tests.importing.uploading import person as person
from tests.importing.uploading import (
    processes_at_the_test_database as processes_at_the_test_database,
)

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
