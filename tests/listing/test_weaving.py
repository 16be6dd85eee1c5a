"""What a layout is worth on lines is the same whether its best path is asked for or not."""

from pathlib import Path

import pytest

from articles.listing.layouts import Automaton, Dialect
from articles.listing.registry import woven_dialects
from articles.listing.weaving import Weaver
from articles.listing.woven import context_of, read_lines, survey_woven

_FILES = sorted(Path(__file__).parent.glob("archives/*.txt"))[:40]
_LAYOUTS = [
    *(dialect for dialect in woven_dialects().values() if not dialect.lines),
    Dialect("led", "", "K? P? H S? B? F*", lead="D"),
    Dialect("two", "", "K? H B? D F* | D H S? F* B?"),
]


@pytest.mark.parametrize("layout", _LAYOUTS, ids=lambda layout: layout.name)
def test_a_score_is_that_of_the_best_path(layout: Dialect) -> None:
    scores = set()
    for file in _FILES:
        text = file.read_text("utf-8").split("\n")[:120]
        survey = survey_woven(text, layout)
        # A part of a file and another one, as they are tried.
        lines = list(read_lines(text[:60], survey, layout))
        lines += [None, *read_lines(text[60:], survey, layout)]
        context = context_of(survey, layout)
        weaver = Weaver(Automaton.of(layout), context)
        for _ in weaver.weave(lines):
            pass
        score = Weaver(Automaton.of(layout), context).score(
            Weaver(Automaton.of(layout), context, keeps_pairs=True).placed(lines)
        )
        assert score == pytest.approx(weaver.total)
        scores.add(score)
    assert len(scores) > len(_FILES) / 2
