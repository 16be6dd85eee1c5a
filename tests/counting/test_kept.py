"""What a process read of the archive serves those that start later, and never misleads them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import clock
from articles.choices import Status
from articles.counting import kept, live
from articles.counting.postings import Postings
from articles.counting.sets import Integers, Roaring
from articles.models import ContentVersion
from articles.writing.articles import set_status
from tests.factories import make_article

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(kept, "LEAST", 0)
    live.forget()
    yield tmp_path
    live.forget()


def started() -> tuple[Postings, int]:
    """Return what a process that starts now counts with, and how many documents it read for it."""
    live.forget()
    with CaptureQueriesContext(connection) as queries:
        found = live.current()
    whole = [query["sql"] for query in queries if 'sort_key" > ' in query["sql"]]
    return found, len(whole)


def facts(postings: Postings) -> list[Any]:
    """Return all that *postings* know."""
    terms, months, _days = postings.parts()
    ids = postings.kind.ids
    return [
        {term: ids(found) for term, found in terms.items()},
        {month: ids(found) for month, found in months.items()},
        postings.keys(postings.all, 1000),
    ]


def test_the_next_process_reads_the_file(folder: Path) -> None:
    for number in range(5):
        make_article(f"Bell {number}", authors=["Ada"], tags=["Sea"], published_on=f"202{number}")
    first, whole = started()
    assert whole == 1
    again, whole = started()
    assert whole == 0
    assert facts(again) == facts(first)
    assert [path.name for path in folder.iterdir()] == ["counting.bin"]


def test_what_changed_since_is_read_again() -> None:
    gone = make_article("Gone", tags=["Sea"])
    make_article("Stays", tags=["Sea"])
    started()
    make_article("New", tags=["Salt"])
    set_status([gone.pk], Status.WITHDRAWN, actor=None, reason="Wrong.")
    found, whole = started()
    assert whole == 0
    kept.file().unlink()
    anew, whole = started()
    assert whole == 1
    assert facts(found) == facts(anew)


def test_a_file_of_another_history_is_not_used() -> None:
    make_article("Bell")
    started()
    make_article("Only in this history")
    # As after a backup was brought back and somebody went on working.
    ContentVersion.objects.update(version=1, changed=clock.now())
    _found, whole = started()
    assert whole == 1


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-3])


def change(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(bytes(data))


def empty(path: Path) -> None:
    path.write_bytes(b"")


def of_another_form(path: Path) -> None:
    head, _, body = path.read_bytes().partition(b"\n")
    path.write_bytes(head.replace(b"[1, ", b"[0, ") + b"\n" + body)


@pytest.mark.parametrize("damage", [cut, change, empty, of_another_form])
def test_a_damaged_file_is_read_by_nobody(damage: Callable[[Path], None]) -> None:
    make_article("Bell")
    first, _whole = started()
    damage(kept.file())
    again, whole = started()
    assert whole == 1
    assert facts(again) == facts(first)
    assert started()[1] == 0


def test_a_folder_that_is_not_there_is_no_error(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path / "nowhere"
    make_article("Bell")
    assert [started()[1], started()[1]] == [1, 1]


def test_small_archives_leave_no_file(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setattr(kept, "LEAST", 2)
    make_article("Bell")
    assert [started()[1], started()[1]] == [1, 1]
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("ids", [[], [0], [1, 7, 8, 5_000], list(range(0, 70_000, 3))], ids=len)
@pytest.mark.parametrize("kind", [Integers, Roaring])
def test_sets_come_back_as_they_were(kind: Any, ids: list[int]) -> None:
    if kind is Roaring:
        pytest.importorskip("pyroaring")
    made = kind()
    assert made.ids(made.unpacked(made.packed(made.of(ids)))) == ids
