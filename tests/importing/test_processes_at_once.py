"""Imports beside other imports, beside editors and beside readers: real processes and threads."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import DatabaseError, connection, connections
from django.test import Client

from articles.importing.apply import run_import
from articles.importing.lock import LockHeld, import_lock
from articles.importing.reading import read_listing
from articles.importing.records import Options
from articles.models import Article, Finding, ImportRun
from articles.writing import checking
from articles.writing.articles import save_article
from articles.writing.changes import ArticleChange
from tests.admin import posting
from tests.factories import make_article
from tests.importing import listings
from tests.importing.listings import run, write_listing
from tests.importing.processes import (
    content,
    long_listing,
    start,
    undisturbed,
    wait_for,
    wait_for_the_lock,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

REFUSED = "Another import is running"


def test_a_second_import_is_refused_while_one_runs(tmp_path: Path) -> None:
    path = write_listing(tmp_path, *listings.FIRST)
    with import_lock():
        process = start("import_listing", str(path), "--yes")
        _, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert REFUSED in err
    code, _, _ = run("import_listing", path, "--yes")
    assert code == 0


def test_the_lock_is_free_again_after_use_and_leaves_no_file() -> None:
    with import_lock():
        pass
    with import_lock():
        pass
    if connection.vendor == "sqlite":
        assert not Path(f"{connection.settings_dict['NAME']}.import-lock").exists()


def patience() -> str:
    """Return how long this connection waits for what another one holds."""
    is_sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout" if is_sqlite else "SHOW lock_timeout")
        found = str(cursor.fetchone()[0])
    return {"20000": "20s"}.get(found, found)


def test_nobody_waits_for_ever_and_an_import_longest(tmp_path: Path) -> None:
    path, seen = write_listing(tmp_path, *listings.FIRST), [patience()]
    options = Options(status="published")
    run_import(read_listing(path), "Tides", options, check=lambda plan: seen.append(patience()))
    assert [*seen, patience()] == ["20s", "20s" if connection.vendor == "sqlite" else "2min", "20s"]


def test_the_lock_is_held_against_another_connection(tmp_path: Path) -> None:
    process = start("shell", "-c", HOLD)
    try:
        assert process.stdout is not None
        assert "held\n" in iter(process.stdout.readline, "")
        with pytest.raises(LockHeld), import_lock():
            pass
    finally:
        process.kill()
        process.communicate(timeout=60)
    wait_for_the_lock()


HOLD = """
import sys, time
from articles.importing.lock import import_lock
with import_lock():
    print("held", flush=True)
    time.sleep(60)
"""

#: Waits for the barrier (a file), then imports; says how long a refusal took.
AT_THE_BARRIER = """
import pathlib, sys, time
from django.core.management import call_command
print("ready", file=sys.stderr, flush=True)
while not pathlib.Path({barrier!r}).exists():
    time.sleep(0.001)
began = time.monotonic()
try:
    call_command("import_listing", {path!r}, yes=True)
except SystemExit as refused:
    print("seconds", time.monotonic() - began)
    raise
"""


@pytest.mark.parametrize("overlap", ["the same file", "overlapping files"])
def test_of_two_imports_at_once_one_is_refused_and_nothing_is_made_twice(
    tmp_path: Path, overlap: str
) -> None:
    first = long_listing(tmp_path, 500, name="a.txt")
    second = first
    if overlap != "the same file":
        # The same source, with the first 300 entries reworded.
        second = long_listing(tmp_path, 300, text="Other words", name="b.txt")
    barrier = tmp_path / "barrier"
    processes = [
        start("shell", "-c", AT_THE_BARRIER.format(barrier=str(barrier), path=str(path)))
        for path in (first, second)
    ]
    for process in processes:
        wait_for(process, "ready")
    barrier.touch()
    outputs = [process.communicate(timeout=60) for process in processes]
    codes = [process.returncode for process in processes]
    assert sorted(codes) == [0, 2], outputs
    loser = codes.index(2)
    assert REFUSED in outputs[loser][1]
    assert float(outputs[loser][0].split("seconds")[1]) < 5
    # Tried again later, as the message says: as if they had come one after the other.
    paths = [first, second] if loser else [second, first]
    assert ImportRun.objects.count() == 1
    assert run("import_listing", paths[1], "--yes")[0] == 0
    found = content()
    _empty()
    assert found == undisturbed(*paths)


def _empty() -> None:
    call_command("flush", interactive=False, verbosity=0)


# -- beside an editor -------------------------------------------------------------------------


@pytest.fixture
def editor(client: Client) -> Client:
    user = User.objects.create_superuser("editor", password="a password of the editor")
    client.force_login(user)
    return client


def form_of(client: Client, article: Article) -> dict[str, object]:
    """Return what the browser would send back of the opened form."""
    page = client.get(f"/admin/articles/article/{article.pk}/change/")
    assert page.status_code == 200
    return dict(posting.form_of(article))


REWORDED = (*listings.CHARTS[:2], "Three charts disagree, and a fourth agrees with nobody.")


def test_a_form_that_was_open_while_the_import_changed_the_article_is_refused(
    tmp_path: Path, editor: Client
) -> None:
    path = write_listing(tmp_path, *listings.FIRST)
    run("import_listing", path, "--yes")
    article = Article.objects.get(headline="Charts that lie")
    form = {**form_of(editor, article), "standfirst": "What the editor typed."}
    write_listing(tmp_path, REWORDED, *listings.FIRST[1:])
    process = start("import_listing", str(path), "--yes")
    _, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    response = editor.post(f"/admin/articles/article/{article.pk}/change/", form)
    shown = response.content.decode()
    assert response.status_code == 200
    assert "What the editor typed." in shown
    assert "a fourth agrees with nobody" in shown
    article.refresh_from_db()
    assert article.standfirst == REWORDED[2]


def test_an_import_after_the_editor_saved_leaves_the_editors_text(
    tmp_path: Path, editor: Client
) -> None:
    path = write_listing(tmp_path, *listings.FIRST)
    run("import_listing", path, "--yes")
    article = Article.objects.get(headline="Charts that lie")
    form = {**form_of(editor, article), "standfirst": "What the editor typed."}
    response = editor.post(f"/admin/articles/article/{article.pk}/change/", form)
    assert response.status_code == 302
    write_listing(tmp_path, REWORDED, *listings.FIRST[1:])
    process = start("import_listing", str(path), "--yes")
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "archive “What the editor typed.” (kept)" in out
    article.refresh_from_db()
    assert article.standfirst == "What the editor typed."
    assert Finding.objects.filter(code="conflict", article=article).exists()


def test_an_editor_who_saves_while_the_import_runs_loses_nothing(tmp_path: Path) -> None:
    path = long_listing(tmp_path, 400)
    run("import_listing", path, "--yes")
    article = Article.objects.get(headline="Headline number 200 of many")
    long_listing(tmp_path, 400, text="Reworded")
    process = start("import_listing", str(path), "--yes")
    wait_for(process, "Importing")
    said = ""
    for number in range(4):
        said = f"Edit {number} of the editor."
        save_article(ArticleChange(article=article, fields={"standfirst": said}), actor=None)
        time.sleep(0.3)
    _, err = process.communicate(timeout=60)
    assert process.returncode in {0, 1}, err
    article.refresh_from_db()
    assert article.standfirst == said
    assert Article.objects.filter(standfirst__startswith="Reworded").count() == 399
    assert not list(checking.check())


# -- beside everybody -------------------------------------------------------------------------


class Busy(threading.Thread):
    """Does one thing again and again until it is told to stop; remembers errors and waits."""

    def __init__(self, act: Callable[[int], object]) -> None:
        super().__init__(daemon=True)
        self.act = act
        self.stopped = threading.Event()
        self.times = 0
        self.longest = 0.0
        self.errors: list[str] = []

    def run(self) -> None:
        try:
            while not self.stopped.is_set():
                began = time.monotonic()
                try:
                    self.act(self.times)
                except (DatabaseError, AssertionError) as error:
                    self.errors.append(repr(error))
                self.times += 1
                self.longest = max(self.longest, time.monotonic() - began)
                time.sleep(0.01)
        finally:
            connections.close_all()


def test_writers_readers_and_an_import_meet_no_lock_error(tmp_path: Path) -> None:
    path = long_listing(tmp_path, 600)
    articles = [make_article(f"By hand {n}", published_on=f"2019-01-0{n + 1}") for n in range(4)]

    def writes(article: Article) -> Callable[[int], object]:
        return lambda number: save_article(
            ArticleChange(article=article, fields={"standfirst": f"Said {number} times."}),
            actor=None,
        )

    def reads(address: str) -> Callable[[int], object]:
        def read(number: int) -> None:
            assert Client().get(address).status_code == 200

        return read

    writers = [Busy(writes(article)) for article in articles]
    readers = [Busy(reads(address)) for address in ("/", "/articles/?q=hand")]
    for thread in (*writers, *readers):
        thread.start()
    try:
        process = start("import_listing", str(path), "--yes")
        # Refused, in words, while the other runs: the only refusal there may be.
        wait_for(process, "Importing")
        code, _, err = run("import_listing", path, "--yes")
        _, told = process.communicate(timeout=60)
        # A busy machine may have let one of them wait: each gets on, sooner or later.
        end = time.monotonic() + 60
        while min(thread.times for thread in (*writers, *readers)) < 3 and time.monotonic() < end:
            time.sleep(0.05)
    finally:
        for thread in (*writers, *readers):
            thread.stopped.set()
        for thread in (*writers, *readers):
            thread.join(timeout=60)
    assert process.returncode == 0, told
    assert code == 0 or REFUSED in err
    assert [thread.errors for thread in (*writers, *readers)] == [[]] * 6
    assert all(thread.times > 2 for thread in (*writers, *readers))
    assert max(thread.longest for thread in writers) < 20
    for article, thread in zip(articles, writers, strict=True):
        article.refresh_from_db()
        assert article.standfirst == f"Said {thread.times - 1} times."
    assert Article.objects.count() == 604
    assert not list(checking.check())
