"""Garbage is collected rarely while a whole listing is held in memory, and as ever afterwards."""

import gc
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User

from articles.choices import UploadState
from articles.importing.collector import THRESHOLDS, rare_collections
from articles.importing.records import Options
from articles.importing.uploads import acts as uploads
from articles.importing.uploads import files as uploads_files
from articles.importing.uploads import work as uploads_work
from articles.management import plan_files
from articles.management.commands import import_listing, import_sample
from articles.models import Upload
from tests.importing.listings import OLDEST, listing_text, run, write_listing


def test_thresholds_come_back() -> None:
    before = gc.get_threshold()
    with rare_collections():
        assert gc.get_threshold() == THRESHOLDS
        with rare_collections():
            assert gc.get_threshold() == THRESHOLDS
        assert gc.get_threshold() == THRESHOLDS
    assert gc.get_threshold() == before
    with pytest.raises(KeyError), rare_collections():
        raise KeyError
    assert gc.get_threshold() == before


@pytest.mark.django_db
@pytest.mark.parametrize("option", ["--dry-run", "--yes"])
def test_the_command_reads_and_plans_under_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: str
) -> None:
    seen: list[Any] = []
    before = gc.get_threshold()
    for name in ("read_listing", "make_plan", "run_import"):
        monkeypatch.setattr(import_listing, name, _noting(getattr(import_listing, name), seen))
    code, _out, err = run("import_listing", write_listing(tmp_path, OLDEST), option)
    assert code == 0, err
    assert seen == [THRESHOLDS, THRESHOLDS]
    assert gc.get_threshold() == before


@pytest.mark.django_db
def test_a_plan_is_applied_under_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = tmp_path / "plan.json"
    arguments = ("--dry-run", "--format", "json", "--output", plan)
    run("import_listing", write_listing(tmp_path, OLDEST), *arguments)
    seen: list[Any] = []
    monkeypatch.setattr(import_listing, "read_listing", _noting(import_listing.read_listing, seen))
    monkeypatch.setattr(plan_files, "make_plan", _noting(plan_files.make_plan, seen))
    code, _out, err = run("import_listing", "--apply", plan, "--yes")
    assert code == 0, err
    assert seen == [THRESHOLDS] * 3


@pytest.mark.django_db
def test_the_sample_is_read_under_them(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []
    monkeypatch.setattr(import_sample, "read_listing", _noting(import_sample.read_listing, seen))
    code, _out, err = run("import_sample")
    assert code == 0, err
    assert seen
    assert set(seen) == {THRESHOLDS}


@pytest.mark.django_db
def test_an_upload_is_read_and_planned_under_them(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []
    before = gc.get_threshold()
    for name in ("read_listing", "make_plan"):
        monkeypatch.setattr(uploads_work, name, _noting(getattr(uploads_work, name), seen))
    options = {**Options(status="published").as_json(), "source": "", "step": uploads.PLAN}
    upload = Upload.objects.create(
        actor=User.objects.create_user("ida", is_staff=True),
        file_name="tides.txt",
        content=listing_text(OLDEST).encode(),
        options=options,
        state=UploadState.RUNNING,
    )
    lock = uploads_files.take(upload.pk)
    uploads_work.work(upload.pk)
    uploads_files.drop(upload.pk, lock)
    upload.refresh_from_db()
    assert (upload.state, upload.message) == (UploadState.PLANNED, "")
    assert seen == [THRESHOLDS, THRESHOLDS]
    assert gc.get_threshold() == before


def _noting(act: Any, seen: list[Any]) -> Any:
    def noting(*given: Any, **options: Any) -> Any:
        seen.append(gc.get_threshold())
        return act(*given, **options)

    return noting
