"""Whole invented listings against the fields that an editor would read in them."""

import json
from pathlib import Path
from typing import Any

import pytest

from articles.listing.parser import entry_as_json, parse, survey
from articles.listing.records import Entry, Topic
from tests.listing.helpers import assert_books_balance, items_of, unclaimed_of

DATA = Path(__file__).parent / "data"
NAMES = ["tidewater", "ropewalk"]
FIELDS = (
    "lines",
    "kicker",
    "headline",
    "subtitle",
    "part_label",
    "part_number",
    "byline",
    "authors",
    "published_on",
    "standfirst",
)
# Diagnostics about the choice between readings may come and go; these are facts of the text.
FACTS = {"run-together", "unbalanced-quotes", "internal-slug", "date-out-of-order"}


def _lines(name: str) -> list[str]:
    return (DATA / f"{name}.txt").read_text(encoding="utf-8").removesuffix("\n").split("\n")


def _expected(name: str) -> dict[str, Any]:
    result: dict[str, Any] = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return result


def _cases() -> list[Any]:
    return [
        pytest.param(name, position, id=f"{name}-{entry['lines'][0]}")
        for name in NAMES
        for position, entry in enumerate(_expected(name)["entries"])
    ]


@pytest.fixture(scope="module")
def parsed() -> dict[str, list[dict[str, Any]]]:
    return {
        name: [entry_as_json(i) for i in items_of(_lines(name)) if isinstance(i, Entry)]
        for name in NAMES
    }


@pytest.mark.parametrize(("name", "position"), _cases())
def test_entry_is_read_as_an_editor_reads_it(
    name: str, position: int, parsed: dict[str, list[dict[str, Any]]]
) -> None:
    expected = _expected(name)["entries"][position]
    entry = parsed[name][position]
    assert {field: entry[field] for field in FIELDS} == {f: expected[f] for f in FIELDS}
    facts = sorted(d["code"] for d in entry["diagnostics"] if d["code"] in FACTS)
    assert facts == expected["codes"]


@pytest.mark.parametrize("name", NAMES)
def test_topic_and_unclaimed_lines(name: str) -> None:
    lines, expected = _lines(name), _expected(name)
    topics = [item for item in items_of(lines) if isinstance(item, Topic)]
    assert [(topic.text, topic.line) for topic in topics] == [(expected["topic"], 1)]
    assert survey(lines).topic == expected["topic"]
    assert unclaimed_of(lines) == expected["unclaimed_lines"]


@pytest.mark.parametrize("name", NAMES)
def test_number_of_entries(name: str, parsed: dict[str, list[dict[str, Any]]]) -> None:
    assert len(parsed[name]) == len(_expected(name)["entries"])


@pytest.mark.parametrize("name", NAMES)
def test_spans_give_back_every_line(name: str) -> None:
    lines = _lines(name)
    assert_books_balance(lines, items_of(lines))


@pytest.mark.parametrize("name", NAMES)
def test_few_entries_are_doubtful(name: str, parsed: dict[str, list[dict[str, Any]]]) -> None:
    doubtful = [e for e in parsed[name] if any("-or-" in d["code"] for d in e["diagnostics"])]
    assert len(doubtful) <= len(parsed[name]) / 5


@pytest.mark.parametrize("name", NAMES)
def test_parsing_the_parsed_text_changes_nothing(name: str) -> None:
    lines = _lines(name)
    knowledge = survey(lines)
    first = [item for item in parse(lines, knowledge) if isinstance(item, Entry)]
    assert knowledge.topic is not None
    text = "\n\n".join([knowledge.topic, *(entry.text for entry in first)]).split("\n")
    second = [item for item in parse(text, survey(text)) if isinstance(item, Entry)]
    strip = [{k: entry_as_json(e)[k] for k in FIELDS if k != "lines"} for e in first]
    assert [{k: entry_as_json(e)[k] for k in FIELDS if k != "lines"} for e in second] == strip


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("ending", ["", " ", "\u00a0", "\t"])
def test_space_at_the_edges_changes_no_field(name: str, ending: str) -> None:
    lines = _lines(name)
    padded = [f"{ending}{line}{ending}" for line in lines]
    plain = [entry_as_json(e) for e in items_of(lines) if isinstance(e, Entry)]
    items = items_of(padded)
    assert [entry_as_json(e) for e in items if isinstance(e, Entry)] == plain
    assert_books_balance(padded, items)


@pytest.mark.parametrize("name", NAMES)
def test_blank_lines_are_no_part_of_the_form(name: str) -> None:
    lines = _lines(name)
    dense = [line for line in lines if line]

    def fields(source: list[str]) -> list[dict[str, Any]]:
        found = [entry_as_json(e) for e in items_of(source) if isinstance(e, Entry)]
        return [{k: e[k] for k in FIELDS if k != "lines"} for e in found]

    assert fields(dense) == fields(lines)
