"""Long sequences in a temporary file: what goes in comes out, in order, and nothing is left."""

import random
from pathlib import Path
from typing import Any

import pytest

from articles.importing import spool
from articles.importing.files import UnreadableFile
from articles.importing.packing import parsed_entries, planned_entries
from articles.importing.reading import read_listing
from articles.importing.records import ArticleState, KnownEntry, ParsedEntry, PlannedEntry
from articles.importing.spool import Spool, as_it_is, sort
from tests.importing.listings import FIRST, write_listing


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a few items be many."""
    monkeypatch.setattr(spool, "PIECE", 3)
    monkeypatch.setattr(spool, "SORTED", 4)


def filled(count: int) -> Spool[Any]:
    found: Spool[Any] = Spool(as_it_is, as_it_is)
    found.extend({"number": number} for number in range(count))
    return found


@pytest.mark.parametrize("count", [0, 1, 3, 7, 30])
def test_it_is_a_sequence(count: int) -> None:
    found, numbers = filled(count), list(range(count))
    assert len(found) == count
    assert [item["number"] for item in found] == numbers
    assert [item["number"] for item in reversed(found)] == numbers[::-1]
    assert [found[place]["number"] for place in numbers] == numbers
    assert [item["number"] for item in found[2:-1]] == numbers[2:-1]
    with pytest.raises(IndexError):
        found[count]
    if count:
        assert found[-1]["number"] == count - 1


def test_what_was_changed_stands_once_it_is_written_back() -> None:
    found = filled(30)
    places = [*range(30)] * 3
    random.Random(7).shuffle(places)
    for place in places:
        item = found[place]
        item["number"] += 100
        found[place] = item
    assert [item["number"] for item in found] == [number + 300 for number in range(30)]
    found.append({"number": 0})
    assert found[30] == {"number": 0}


def test_it_may_be_read_at_several_places_at_once() -> None:
    found = filled(20)
    pairs = [(one["number"], other["number"]) for one in found for other in found]
    assert len(set(pairs)) == 400


def test_derived_types_come_back_as_plain_ones() -> None:
    class Word(str):
        __slots__ = ()

    found: Spool[Any] = Spool(as_it_is, as_it_is)
    found.extend([{"a": Word("x"), "b": [Word("y"), (1, None, True, 0.5)]}] * 3)
    assert found[0] == {"a": "x", "b": ["y", (1, None, True, 0.5)]}
    assert type(found[0]["a"]) is str


def test_its_file_has_no_name_and_goes_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool, "FOLDER", str(tmp_path))
    before = len(list(Path("/proc/self/fd").iterdir()))
    found = filled(30)
    assert len(list(Path("/proc/self/fd").iterdir())) == before + 1
    assert list(tmp_path.iterdir()) == []
    more = [filled(30) for _ in range(50)]
    assert len(list(Path("/proc/self/fd").iterdir())) == before + 1
    assert [item["number"] for item in more[7]] == [item["number"] for item in found]
    del found, more
    assert len(list(Path("/proc/self/fd").iterdir())) == before


@pytest.mark.parametrize("count", [0, 3, 4, 5, 50])
def test_sorting_keeps_equals_in_their_order(count: int) -> None:
    random_ = random.Random(count)
    items = [(random_.randrange(5), place) for place in range(count)]
    assert list(sort(items, lambda item: item[0], Spool(as_it_is, as_it_is))) == sorted(items)


def test_entries_come_back_whole() -> None:
    remark = {"code": "doubled-word", "line": 2, "message": "x", "alternatives": []}
    entry = ParsedEntry(0, 1, 2, "The text", {"headline": "A"}, 0.5, (remark,), ("old/a/",))
    parsed = parsed_entries()
    parsed.extend([entry] * 4)
    assert list(parsed) == [entry] * 4
    values = {"headline": "A", "tags": ["Sea"]}
    known = KnownEntry(
        1, 2, 3, "CREATE", "f" * 64, values, in_latest=True, ordinal=4, applied={"headline": "B"}
    )
    planned = PlannedEntry(
        entry, values, "f" * 64, "UPDATE", known, ArticleState(5, "key00000", 6, "draft", {}),
        "published", {"headline": ("B", "A")}, {"kicker": {"source": 1}}, [remark], ("Tide",),
        is_scheduled=True,
    )  # fmt: skip
    plan = planned_entries()
    plan.extend([planned] * 4)
    found = plan[1]
    for name in PlannedEntry.__slots__:
        if name not in ("entry", "article"):
            assert getattr(found, name) == getattr(planned, name), name
    assert (found.entry.text, found.entry.old_paths) == ("The text", ("old/a/",))
    assert found.article is not None
    assert (found.article.id, found.article.version) == (5, 6)
    with pytest.raises(LookupError):
        found.article.values["headline"]


@pytest.mark.django_db
def test_what_is_read_waits_in_the_folder_of_the_site(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool, "FOLDER", None)
    settings.VAR_DIR = tmp_path / "var"
    path = write_listing(tmp_path, *FIRST)
    listing = read_listing(path)
    opened = [str(link.readlink()) for link in _descriptors()]
    assert any(name.startswith(str(settings.VAR_DIR)) for name in opened)
    assert len(listing.entries) == len(FIRST)
    settings.VAR_DIR = path / "var"
    with pytest.raises(UnreadableFile, match="what is read cannot be kept in"):
        read_listing(path)


def _descriptors() -> list[Path]:
    return [link for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
