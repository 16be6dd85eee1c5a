"""How well a listing is read, against what an editor reads in it: what the tests of it share."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz

from articles.folding import fold
from articles.listing.parser import entry_as_json, parse, survey
from articles.listing.records import Entry
from tests.listing.helpers import assert_books_balance

CONFIDENT = 0.8
SAME_HEADLINE = 60.0  # of 100: below it two headlines are not the same entry's
HERE = Path(__file__).parent
FIELDS = (
    "kicker",
    "headline",
    "subtitle",
    "part_label",
    "byline",
    "authors",
    "published_on",
    "standfirst",
)
COLUMNS = ("entries", "dates", "whole", "confident_wrong", "invented", "undoubted")
OPTIONAL = ("roles", "publication", "volume", "issue")


@dataclass(slots=True)
class Score:
    """What became of the entries of one listing; ``wrong`` says which fields, where confident."""

    entries: int = 0
    dates: int = 0
    whole: int = 0
    confident_wrong: int = 0
    invented: int = 0
    undoubted: int = 0
    wrong: list[str] = field(default_factory=list)


def lines_of(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").removesuffix("\n").split("\n")


def truth_of(path: Path) -> dict[str, Any]:
    truth: dict[str, Any] = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    return truth


def names(folder: str) -> list[Path]:
    return sorted((HERE / folder).glob("*.txt"))


def aligned(
    expected: Sequence[dict[str, Any]], found: Sequence[dict[str, Any]]
) -> Iterator[tuple[dict[str, Any] | None, dict[str, Any] | None]]:
    """Pairs in order of both, by the best sum of likeness of headlines; what has none stands alone.

    One missed entry thus does not shift all others. Equal headlines are told apart by their dates.
    A headline that an editor would take as well is one of the entry's: what was read as "The Lock"
    of "The Lock, Part 2: Ice" is no other entry than "Ice".
    """

    def likeness(truth: dict[str, Any], entry: dict[str, Any]) -> float:
        headlines = (truth["headline"], *truth.get("accept", {}).get("headline", ()))
        ratio = max(fuzz.ratio(fold(each), fold(entry["headline"])) for each in headlines)
        if ratio < SAME_HEADLINE:
            return 0.0
        return ratio + (5.0 if truth["published_on"] == entry["published_on"] else 0.0)

    high, wide = len(expected), len(found)
    gain = [[likeness(truth, entry) for entry in found] for truth in expected]
    best = [[0.0] * (wide + 1) for _ in range(high + 1)]
    for i in reversed(range(high)):
        for j in reversed(range(wide)):
            pair = gain[i][j] + best[i + 1][j + 1] if gain[i][j] else 0.0
            best[i][j] = max(pair, best[i + 1][j], best[i][j + 1])
    i = j = 0
    while i < high and j < wide:
        if gain[i][j] and best[i][j] == gain[i][j] + best[i + 1][j + 1]:
            yield expected[i], found[j]
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            yield expected[i], None
            i += 1
        else:
            yield None, found[j]
            j += 1
    yield from ((truth, None) for truth in expected[i:])
    yield from ((None, entry) for entry in found[j:])


def date_is_right(truth: dict[str, Any], entry: dict[str, Any]) -> bool:
    if truth["published_on"] == "?":
        return len(entry["published_on"] or "") < len("2001-01-01") or bool(entry["diagnostics"])
    return bool(truth["published_on"] == entry["published_on"])


def wrong_fields(truth: dict[str, Any], entry: dict[str, Any]) -> list[str]:
    """The names of the stated fields that were read otherwise."""
    credits = entry["authors"]
    read = entry | {
        "authors": [credit["name"] for credit in credits],
        "roles": [
            [credit["name"], credit["role"]] for credit in credits if credit["role"] != "aut"
        ],
    }
    stated = dict.fromkeys(OPTIONAL) | {"roles": []} | truth
    accepted = truth.get("accept", {})
    wrong = [] if date_is_right(truth, entry) else ["published_on"]
    return wrong + [
        name
        for name in (*FIELDS, *OPTIONAL)
        if name != "published_on" and read.get(name) not in (stated[name], *accepted.get(name, ()))
    ]


def score(path: Path) -> Score:
    lines, truth = lines_of(path), truth_of(path)
    items = list(parse(lines, survey(lines)))
    assert_books_balance(lines, items)
    found = [entry_as_json(item) for item in items if isinstance(item, Entry)]
    doubtful = {id(truth["entries"][position]) for position in truth["must_doubt"]}
    result = Score(entries=len(truth["entries"]))
    for expected, entry in aligned(truth["entries"], found):
        if entry is None:
            continue
        confident = entry["confidence"] >= CONFIDENT and not entry["diagnostics"]
        if expected is None:
            result.invented += 1
            wrong = ["no such entry"]
        else:
            wrong = wrong_fields(expected, entry)
            result.dates += date_is_right(expected, entry)
            result.whole += not wrong
            result.undoubted += id(expected) in doubtful and not entry["diagnostics"]
        if wrong and confident:
            result.confident_wrong += 1
            result.wrong.append(f"{entry['headline']}: {', '.join(wrong)}")
    return result


def total(scores: Mapping[str, Score], name: str) -> int:
    return sum(getattr(each, name) for each in scores.values())


def table(scores: Mapping[str, Score], totals: Mapping[str, int]) -> str:
    rows: list[tuple[str, ...]] = [("", *COLUMNS)]
    rows += [
        (name, *(str(getattr(each, column)) for column in COLUMNS)) for name, each in scores.items()
    ]
    rows.append(("all", *map(str, totals.values())))
    return "".join(f"\n{row[0]:22}" + "".join(f"{x:>16}" for x in row[1:]) for row in rows) + "\n"
