"""Undo as a real process: killed at any moment, refused beside an import, asked at a terminal."""

import time
from pathlib import Path

import pytest

from articles.importing.lock import import_lock
from articles.models import Article, ImportRun, Operation
from articles.writing import checking
from tests.importing import listings
from tests.importing.listings import run
from tests.importing.test_processes import at_a_terminal, start, wait_for_the_lock
from tests.importing.undoing import archive_rows, edit, entry, import_entries

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

MOVES = ("version", "updated", "withdrawn_at")


@pytest.mark.parametrize("seconds", [0.7, 1.1, 1.5, 2.0, 2.6])
def test_f2_kill_9_leaves_the_undo_whole_or_not_begun(tmp_path: Path, seconds: float) -> None:
    imported = import_entries(tmp_path, *map(entry, range(800)), status="draft")
    rows = archive_rows()
    process = start("undo_import", str(imported.pk), "--yes")
    time.sleep(seconds)
    process.kill()
    process.communicate(timeout=60)
    wait_for_the_lock()
    imported.refresh_from_db()
    count = Article.objects.count()
    assert count in {0, 800}
    assert (imported.undone is None) == (count == 800)
    assert Operation.objects.filter(kind="undo").count() == (0 if count else 1)
    if count:
        assert archive_rows() == rows
    assert not list(checking.check())
    # A second undo finishes, or says that there is nothing left to do.
    code, _, err = run("undo_import", imported.pk, "--yes")
    assert (code == 0) == bool(count)
    assert bool(count) or "already undone" in err
    assert not Article.objects.exists()
    assert not list(checking.check())


@pytest.mark.parametrize("seconds", [0.8, 1.3, 2.0])
def test_f2_kill_9_leaves_the_redo_whole_or_not_begun(tmp_path: Path, seconds: float) -> None:
    imported = import_entries(tmp_path, *map(entry, range(800)), status="draft")
    rows = archive_rows()
    assert run("undo_import", imported.pk, "--yes")[0] == 0
    process = start("undo_import", str(imported.pk), "--redo", "--yes")
    time.sleep(seconds)
    process.kill()
    process.communicate(timeout=60)
    wait_for_the_lock()
    assert Article.objects.count() in {0, 800}
    run("undo_import", imported.pk, "--redo", "--yes")
    assert archive_rows() == rows
    assert ImportRun.objects.get().undone is None
    assert not list(checking.check())


def test_beside_an_import_it_is_refused(tmp_path: Path) -> None:
    imported = import_entries(tmp_path, *listings.FIRST)
    with import_lock():
        process = start("undo_import", str(imported.pk), "--yes")
        _, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "An import is running on this database" in err
    assert ImportRun.objects.get().undone is None


def test_a_person_at_a_terminal_sees_the_plan_and_is_asked(tmp_path: Path) -> None:
    imported = import_entries(tmp_path, *listings.FIRST)
    edit(Article.objects.get(headline="Charts that lie"), kicker="Mine")
    code, screen = at_a_terminal("n\n", "undo_import", str(imported.pk))
    assert code == 0, screen
    assert "would be undone" in screen
    assert "Charts that lie" in screen
    assert ImportRun.objects.get().undone is None
    code, screen = at_a_terminal("y\n", "undo_import", str(imported.pk))
    assert code == 1, screen
    assert "was undone" in screen
    assert ImportRun.objects.get().undone is not None
