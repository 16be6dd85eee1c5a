"""Work grows with the length of a file and no faster; memory does not grow with it."""

import cProfile
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator

import pytest

from articles.listing import checks, surveying, trials
from articles.listing.bylines import parse_byline
from articles.listing.parser import dialect_names, parse, survey
from articles.listing.parts import part_at_end, part_line
from articles.listing.records import Entry

pytestmark = pytest.mark.slow

STANDFIRST = "The board met twice before noon and settled nothing at all, as its clerk records."


def _entries(count: int) -> Iterator[str]:
    """A listing of *count* entries, all headlines different, with kickers, parts and gaps."""
    yield "Harbours"
    for number in range(count):
        year, day = 9000 - number // 300, 28 - number % 28
        if number % 5 == 0:
            yield "This week on the quays"
        yield (
            f"Quay notes: Number {number}" if number % 7 == 0 else f"Ferry {number} sinks off Vell"
        )
        if number % 11 == 0:
            yield f"Part {number % 9 + 1}"
        yield f"By Orla Quill and Ida Meer, {day} May {year:04d}" if year < 3000 else "9 May 2030"
        if number % 6:
            yield f"{STANDFIRST} It was sitting {number}."
        yield ""


def _calls(work: Callable[[], object]) -> int:
    """Count the Python functions that *work* calls: its size, whatever the machine does."""
    profile = cProfile.Profile(builtins=False)
    profile.runcall(work)
    return sum(each.callcount for each in profile.getstats())


@pytest.fixture
def few_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try dialects on few lines of a file: that is as much work for a long file as for a short one,
    and so much of it that what grows would hardly be seen."""
    for name, parts in {
        "_TRIED": (20, 10, 10),
        "_FIRST_TRIED": (10, 0, 0),
        "_SECOND_TRIED": (15, 0, 0),
    }.items():
        assert sum(parts) < sum(getattr(trials, name))
        monkeypatch.setattr(trials, name, parts)


def _run(lines: list[str], dialect: str | None = None) -> None:
    for _ in parse(lines, survey(lines, dialect)):
        pass


_FILES: dict[str, Callable[[int], list[str]]] = {
    "entries": lambda n: list(_entries(n)),
    "no dates": lambda n: ["Ferry sinks"] * n,
    "only dates": lambda n: ["9 May 2030"] * n,
    "only dated bylines": lambda n: ["By Orla Quill, 9 May 2030"] * n,
    "only bylines": lambda n: ["By Orla Quill"] * n,
    "only part labels": lambda n: ["Part 2: Sand"] * n,
    "only ornaments": lambda n: ["---"] * n,
    "only blank lines": lambda n: [" "] * n,
    "headline and dates": lambda n: ["Ferry sinks"] + ["9 May 2030"] * n,
    "dates far apart": lambda n: (["Ferry sinks"] * 20 + ["9 May 2030"]) * (n // 20),
    "blank lines between": lambda n: (["Ferry sinks"] + [""] * 90 + ["9 May 2030"]) * (n // 100),
    "joined": lambda n: [f"Sport{chr(65 + i % 26)}a {i}By Orla QuillMay 9, 2030" for i in range(n)],
    "all headlines new": lambda n: [x for i in range(n) for x in (f"A: {i}", f"{i}", "9 May 2030")],
}


@pytest.mark.usefixtures("few_tried")
@pytest.mark.parametrize("name", list(_FILES))
def test_calls_grow_with_the_number_of_lines(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # A small vocabulary, so that its pruning is part of what is counted.
    monkeypatch.setattr(surveying, "MOST_PHRASES", 200)
    small, large = _FILES[name](300), _FILES[name](1200)
    _run(_FILES[name](100))
    assert _calls(lambda: _run(large)) <= 4.6 * _calls(lambda: _run(small))


@pytest.mark.usefixtures("few_tried")
@pytest.mark.parametrize("dialect", [name for name in dialect_names() if name != "classic"])
@pytest.mark.parametrize("name", ["entries", "no dates", "only dates", "blank lines between"])
def test_calls_grow_with_the_number_of_lines_in_every_dialect(name: str, dialect: str) -> None:
    small, large = _FILES[name](300), _FILES[name](1200)
    _run(_FILES[name](100), dialect)
    assert _calls(lambda: _run(large, dialect)) <= 4.6 * _calls(lambda: _run(small, dialect))


@pytest.mark.parametrize("dialect", dialect_names())
def test_long_lines_are_read_in_linear_time_in_every_dialect(dialect: str) -> None:
    start = time.process_time()
    for pattern in (
        *_PATTERNS,
        " · ",
        "AB ",
        "1 May 2020A",
        "aBy A",
        "aB1.2.20201.2.2020",
        "1/",
        "Title: ",
        " > ",
        "\\u{41}",
        "; ",
    ):
        long, short = (pattern * 50_000)[:50_000], (pattern * 600)[:580]
        lines = ["Harbours", long, "By " + long, "9 May 2030", *[short] * 10, "Title: x", long]
        _run(lines, dialect)
    assert time.process_time() - start < 6.0


@pytest.mark.parametrize("dialect", ["date-first", "date-heading", "labelled"])
def test_memory_of_other_dialects_does_not_grow_with_the_number_of_entries(dialect: str) -> None:
    def lines(count: int) -> Iterator[str]:
        for number in range(count):
            if dialect == "labelled":
                yield from (f"Headline: Ferry {number}", "Date: 2030-05-09", f"Tags: {number}", "")
            else:
                yield from ("9 May 2030", f"Ferry {number} sinks", "By Orla Quill", STANDFIRST, "")

    def peak(count: int) -> int:
        tracemalloc.start()
        try:
            knowledge = survey(lines(count), dialect, most_phrases=500)
            assert sum(isinstance(item, Entry) for item in parse(lines(count), knowledge)) >= count
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    # What is kept of lines that were read, up to a fixed number, fills up first. A hundred bytes of
    # each further entry would be too much.
    _run(list(lines(3_000)), dialect)
    assert peak(3_000) < peak(1_000) + 600_000


_PATTERNS = (
    "a", "ab", "a ", "A ", ". ", "“", '"', "'", "(", "[", "<a>", "1", "12 ", "\u0301", "e\u0301",
    "By ", "Part 1 ", "x: ", "the ", "theOn ", "aB", "1 May 2020 ", "-", "—", "\x00", "\ud800",
    "\u00a0", "Dr. ", "and ", ", ", "ß", "(Part II) ", "«",
)  # fmt: skip


@pytest.mark.parametrize("pattern", _PATTERNS)
def test_long_lines_are_read_in_linear_time(pattern: str) -> None:
    # 200,000 characters: a quadratic step would take minutes, not the seconds that are allowed.
    long = (pattern * 200_000)[:200_000]
    lines = ["Harbours", long, "By " + long, "9 May 2030", long, "Ferry", "8 May 2030", long]
    start = time.process_time()
    _run(lines)
    parse_byline(long[:100_000])
    part_line(long)
    part_at_end(long)
    for check in (checks.run_together, checks.unbalanced_quotes, checks.doubled_words):
        list(check(long, 1))
    assert time.process_time() - start < 3.0


def _peak(count: int) -> int:
    tracemalloc.start()
    try:
        knowledge = survey(_entries(count), most_phrases=500)
        found = sum(isinstance(item, Entry) for item in parse(_entries(count), knowledge))
        assert found == count
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_number_of_entries() -> None:
    # More headings than are counted, so that the vocabulary is full in both.
    small, large = _peak(1_000), _peak(10_000)
    assert large < 1.3 * small
    assert large < 4_000_000


def forget() -> None:
    """Empty what is kept of lines read before: else it depends on these how much is new."""
    for name, module in list(sys.modules.items()):
        if name.startswith("articles."):
            for each in vars(module).values():
                if hasattr(each, "cache_clear"):
                    each.cache_clear()


@pytest.mark.usefixtures("few_tried")
@pytest.mark.parametrize(
    "name", ["no dates", "only dates", "only ornaments", "only blank lines", "headline and dates"]
)
def test_memory_of_files_without_entries_is_flat(name: str) -> None:
    def peak(count: int) -> int:
        lines = _FILES[name](count)
        forget()
        tracemalloc.start()
        try:
            _run(lines)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    small = peak(4_000)  # longer than what is looked at to tell the dialect, of which some is kept
    assert peak(20_000) < 1.05 * small + 20_000


def test_an_entry_is_yielded_when_the_next_date_line_has_been_read() -> None:
    taken = 0

    def counted() -> Iterator[str]:
        nonlocal taken
        for line in _entries(1000):
            taken += 1
            yield line

    knowledge = survey(_entries(1000))
    first = next(item for item in parse(counted(), knowledge) if isinstance(item, Entry))
    assert first.ordinal == 0
    assert taken < 20


def test_vocabulary_is_capped_and_says_so() -> None:
    lines = [x for i in range(300) for x in (f"Kicker {i}", f"Ferry {i}", "9 May 2030")]
    lines += [x for i in range(9) for x in ("Quay notes", f"Wax {i}", "9 May 2030")]
    knowledge = survey(lines, most_phrases=100)
    assert len(knowledge.phrases) <= 100
    assert "quay notes" in knowledge.phrases
    assert [d.code for d in knowledge.diagnostics] == ["vocabulary-pruned"]
