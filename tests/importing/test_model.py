"""The importer against a plain dictionary: any order of imports, edits, undos and redos.

The long run is `python -m benchmarks.proof_sequences`.
"""

from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from rapidfuzz import fuzz

from articles.folding import fold
from tests.importing.model.machine import Imports
from tests.importing.model.texts import THEMES, Piece, heads


@pytest.mark.django_db
def test_any_order_of_acts_does_what_the_rules_say(tmp_path: Path) -> None:
    class Here(Imports):
        folder = tmp_path

    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=8,
            stateful_step_count=10,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_the_invented_entries_are_told_apart() -> None:
    """The model takes it for granted that what is alike is one theme's, and nothing else is."""
    pieces = [
        Piece(theme, wording, kicker=kicker, standfirst=text)
        for theme in range(len(THEMES))
        for wording in (0, 1)
        for kicker in (0, 1)
        for text in (0, 1)
    ]
    for one, other in combinations(pieces, 2):
        mine, theirs = one.values(""), other.values("")
        alike = max(
            fuzz.ratio(heads(mine), heads(theirs)),
            fuzz.ratio(fold(mine["headline"]), fold(theirs["headline"])),
        )
        if one.theme == other.theme:
            assert alike > 95
        elif abs(THEMES[one.theme][1] - THEMES[other.theme][1]) < 5:
            assert alike < 45
            assert fuzz.ratio(fold(mine["standfirst"]), fold(theirs["standfirst"])) < 60
