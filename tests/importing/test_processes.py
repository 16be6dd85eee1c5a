"""Imports as real processes: killed, interrupted, piped, and asked at a terminal."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from articles.models import Article, Finding, ImportRun
from articles.writing.articles import save_article
from articles.writing.changes import ArticleChange
from tests.importing import listings
from tests.importing.listings import run, write_listing
from tests.importing.processes import (
    at_a_terminal,
    content,
    environment,
    long_listing,
    start,
    undisturbed,
    wait_for,
    wait_for_the_lock,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

REWORDED = (*listings.CHARTS[:2], "Three charts disagree, and a fourth agrees with nobody.")


@pytest.mark.parametrize("attempt", range(2))
def test_kill_9_leaves_all_or_nothing_and_a_rerun_ends_as_if_undisturbed(
    tmp_path: Path, attempt: int
) -> None:
    path = long_listing(tmp_path, 800)
    expected = undisturbed(path)
    process = start("import_listing", str(path), "--yes")
    wait_for(process, "Importing")
    seconds = random.uniform(0, 1.2)
    time.sleep(seconds)
    process.kill()
    process.communicate(timeout=60)
    wait_for_the_lock()
    count = Article.objects.count()
    assert count in {0, 800}, f"killed after {seconds:.3f} s"
    assert ImportRun.objects.count() == (1 if count else 0)
    code, _, err = run("import_listing", path, "--yes")
    assert code == 0, err
    assert content() == expected
    if connection.vendor == "sqlite":
        # Its own file: other databases of this run lie beside it.
        assert not Path(f"{connection.settings_dict['NAME']}.import-lock").exists()


def test_kill_9_of_a_plan_that_is_applied_leaves_it_whole_or_not_at_all(tmp_path: Path) -> None:
    first = long_listing(tmp_path, 400, name="a.txt")
    second = tmp_path / "b.txt"
    second.write_text(listings.listing_text(*listings.FIRST, topic="Other"), encoding="utf-8")
    plan = tmp_path / "plan.json"
    run("import_listing", first, second, "--dry-run", "--format", "json", "--output", plan)
    process = start("import_listing", "--apply", str(plan), "--yes")
    wait_for(process, "Importing")
    time.sleep(random.uniform(0, 1))
    process.kill()
    process.communicate(timeout=60)
    wait_for_the_lock()
    assert Article.objects.count() in {0, 408}


def test_an_interrupt_rolls_back_and_says_so(tmp_path: Path) -> None:
    path = long_listing(tmp_path, 8000)
    process = start("import_listing", str(path), "--yes")
    wait_for(process, "Importing")
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "rolled back" in err
    assert "Traceback" not in err
    assert not Article.objects.exists()


def piped(command: str) -> tuple[int, str, str]:
    """Run manage.py with *command*, piped on; return its exit code and both outputs."""
    script = f"{sys.executable} manage.py {command}; exit ${{PIPESTATUS[0]}}"
    result = subprocess.run(
        ["bash", "-c", script],
        cwd=settings.BASE_DIR,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return result.returncode, result.stdout, result.stderr


def test_a_reader_that_has_read_enough_is_no_failure(tmp_path: Path) -> None:
    path = long_listing(tmp_path, 300)
    code, out, err = piped(f"import_listing {path} --dry-run --format json | head -n 1")
    assert (code, out) == (0, "{\n")
    assert "Error" not in err
    assert "Traceback" not in err
    code, _, err = piped(f"import_listing {path} --yes -v 2 | head -c 10")
    assert (code, Article.objects.count()) == (0, 300), err
    number = ImportRun.objects.get().pk
    for command in ("export_listing", "imports show {}", "undo_import {} --dry-run"):
        code, out, err = piped(f"{command.format(number)} | head -n 1")
        assert (code <= 1, out.count("\n")) == (True, 1), err
        assert "Error" not in err


def test_a_person_at_a_terminal_sees_the_totals_and_is_asked(tmp_path: Path) -> None:
    path = write_listing(tmp_path, *listings.FIRST)
    code, screen = at_a_terminal("n\n", "import_listing", str(path))
    assert code == 0, screen
    assert "8 entries, 8 create, 7 public" in screen
    assert "7 articles would become public." in screen
    assert not Article.objects.exists()
    code, screen = at_a_terminal("y\n", "import_listing", str(path))
    assert code == 0, screen
    assert "7 articles became public" in screen
    assert Article.objects.count() == 8


def edit(**fields: str) -> Article:
    article = Article.objects.get(headline="Charts that lie")
    return save_article(ArticleChange(article=article, fields=dict(fields)), actor=None)


def test_the_summary_names_what_is_touched_and_what_waits(tmp_path: Path) -> None:
    path = write_listing(tmp_path, *listings.FIRST)
    run("import_listing", path, "--yes")
    edit(standfirst="Corrected.")
    undated = ("Word " * 150, "2 May 2021", "Text.")
    diary = (*listings.DIARY_3[:2], "In March the lamp was out three times.")
    write_listing(tmp_path, undated, REWORDED, diary, *listings.FIRST[2:])
    code, screen = at_a_terminal("\x04", "import_listing", str(path))
    assert code == 0, screen
    assert "9 entries, 1 update, 6 unchanged, 1 conflict, 1 reject" in screen
    assert "CONFLICT" in screen
    assert "archive “Corrected.” (kept)" in screen
    assert "three times" in screen
    assert screen.index("CONFLICT") < screen.index("UPDATE")
    assert not Finding.objects.filter(code="conflict").exists()


def test_what_moves_while_the_question_stands_is_not_applied(tmp_path: Path) -> None:
    path = write_listing(tmp_path, *listings.FIRST)
    run("import_listing", path, "--yes")
    write_listing(tmp_path, listings.NEW, REWORDED, *listings.FIRST[1:])

    def meanwhile() -> None:
        edit(standfirst="Corrected.")

    code, screen = at_a_terminal("y\n", "import_listing", str(path), meanwhile=meanwhile)
    assert code == 3, screen
    assert "it would now do something else" in screen
    assert "was UPDATE, would now be CONFLICT of standfirst" in screen
    assert Article.objects.count() == 8


def test_a_plan_is_asked_about_too(tmp_path: Path) -> None:
    path = write_listing(tmp_path, *listings.FIRST)
    plan = tmp_path / "plan.json"
    run("import_listing", path, "--dry-run", "--format", "json", "--output", plan)
    code, screen = at_a_terminal("n\n", "import_listing", "--apply", str(plan))
    assert (code, Article.objects.count()) == (0, 0), screen
    code, screen = at_a_terminal("y\n", "import_listing", "--apply", str(plan))
    assert (code, Article.objects.count()) == (0, 8), screen


def test_a_terminal_shows_a_bar_and_yes_asks_nothing(tmp_path: Path) -> None:
    path = long_listing(tmp_path, 600)
    code, screen = at_a_terminal("", "import_listing", str(path), "--yes")
    assert code == 0, screen
    assert "[y/N]" not in screen
    assert "━" in screen
