"""docs/dialects.md keeps its word: a dialect is one file, and nothing else changes."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from articles.listing import dialects, registry
from articles.listing.layouts import Automaton, Dialect
from articles.listing.parser import dialect_names, entry_as_json, parse, survey
from articles.listing.records import Entry, Unclaimed
from tests.conftest import ROOT
from tests.listing.helpers import assert_books_balance

DOCUMENT = (ROOT / "docs" / "dialects.md").read_text(encoding="utf-8")
SAMPLE = """\
Harbours

== 9 May 2030 ==
-> Ferry sinks
watch: Orla Quill and Ida Meer
The board met twice before noon and settled nothing at all.

== 8 May 2030 ==
-> By the way, a bell
end of the watch

== 7 May 2030 ==
-> Tolls are raised
watch: Orla Quill
"""


@pytest.fixture
def night_log(tmp_path: Path) -> Iterator[None]:
    """The dialect of the document, put into a folder that the package looks into as well."""
    (source,) = (
        block
        for block in re.findall(r"```python\n(.*?)```", DOCUMENT, re.DOTALL)
        if "DIALECT" in block
    )
    (tmp_path / "night_log.py").write_text(source, encoding="utf-8")
    dialects.__path__.append(str(tmp_path))
    registry.woven_dialects.cache_clear()
    yield
    dialects.__path__.remove(str(tmp_path))
    sys.modules.pop("articles.listing.dialects.night_log", None)
    registry.woven_dialects.cache_clear()


@pytest.mark.usefixtures("night_log")
def test_the_dialect_of_the_document_is_found_recognised_and_read() -> None:
    assert "night-log" in dialect_names()
    lines = SAMPLE.split("\n")
    knowledge = survey(lines)
    assert (knowledge.dialect, knowledge.topic) == ("night-log", "Harbours")
    items = list(parse(lines, knowledge))
    assert_books_balance(lines, items)
    read = [entry_as_json(item) for item in items if isinstance(item, Entry)]
    assert [(entry["headline"], entry["published_on"], entry["byline"]) for entry in read] == [
        ("Ferry sinks", "2030-05-09", "Orla Quill and Ida Meer"),
        ("By the way, a bell", "2030-05-08", None),
        ("Tolls are raised", "2030-05-07", "Orla Quill"),
    ]
    assert read[0]["standfirst"] == "The board met twice before noon and settled nothing at all."
    assert [item.span.role for item in items if isinstance(item, Unclaimed)] == ["furniture"]


@pytest.mark.usefixtures("night_log")
def test_other_files_keep_their_dialect() -> None:
    for path in (ROOT / "tests" / "listing" / "dialects").glob("0*.txt"):
        assert survey(path.read_text(encoding="utf-8").split("\n")).dialect != "night-log"


def test_the_document_names_every_dialect() -> None:
    named = set(re.findall(r"^\| `([a-z-]+)` \|", DOCUMENT, re.MULTILINE))
    assert named == set(dialect_names())


@pytest.mark.parametrize(
    ("layout", "lead", "message"),
    [
        ("K? D F*", "", "needs its headline"),
        ("K? H F*", "", "no date"),
        ("K? H X D", "", "not a layout"),
    ],
)
def test_a_layout_that_is_none_is_refused(layout: str, lead: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Automaton.of(Dialect(name="x", summary="x", layout=layout, lead=lead))
