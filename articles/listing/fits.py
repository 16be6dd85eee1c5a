"""How regular a listing a layout makes of lines: what trials compare."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from articles.listing.bare_names import bare_name
from articles.listing.blocks import Block
from articles.listing.doubts import pattern_of
from articles.listing.forms import Form
from articles.listing.layouts import Automaton, Dialect
from articles.listing.lineforms import Context
from articles.listing.pair_kinds import are_labels, are_short, are_texts
from articles.listing.weaving import Node, Weaver

#: Words that names of sections have on average at most.
_MOST_WORDS_OF_SECTIONS = 2.6
#: Fewest kickers none of which comes again that tell that they are headlines with subtitles.
_FEWEST_KICKERS = 3
#: Score of a likely name, and fewest second headings, and their least share, that make bylines.
_LIKELY, _FEWEST_NAMES, _NAMES = 1.5, 3, 0.75
#: Fewest entries below blank lines that show that these part the entries.
_FEWEST_PARTED, _MOST_INSIDE = 3, 0.2

Lines = list[tuple[Block, list[Form]] | None]


@dataclass(slots=True)
class Fit:
    """How regular a listing a dialect makes: its score, that of a line, the share of strays.

    ``patterns`` counts the roles that its entries have, in order.
    """

    score: float
    of_line: float
    strays: float
    patterns: Mapping[str, int]
    # Whether what stands as kickers comes again, and is as short as names of sections.
    sections: bool = True
    # Whether no kicker comes again, of such as are more than one.
    once: bool = False
    # The role of second headings nearly all of which look like names, in a file without bylines.
    named: str = ""
    # Whether headlines above subtitles are all as short as names of sections.
    labels: bool = False
    # Whether subtitles are sentences, in a file without standfirsts.
    texts: bool = False
    # Whether each entry but the first begins below a blank line, and none has one inside it.
    apart: bool = False
    # Whether the file is regular but for entries without a date.
    undated: bool = False


def fit_of(dialect: Dialect, context: Context, lines: Lines, *, undated: bool = False) -> Fit:
    """Return how regular a listing *dialect* makes of *lines*; with *undated* an entry may go
    without its date."""
    weaver = Weaver(Automaton.of(dialect, undated=undated), context)
    lines_read = strays = opened = parted = inside = 0
    patterns: Counter[str] = Counter()
    entry: list[Node] = []
    kickers: list[Block] = []
    uppers: list[tuple[str, str]] = []
    upper = ""
    second: dict[str, list[bool]] = {"K": [], "S": []}
    for nodes in weaver.weave(lines):
        for node in nodes:
            if node.step.opens >= 0 or node.step.leads:
                patterns[pattern_of(entry)] += 1
                entry = []
            blank = bool(node.block is not None and node.block.above)
            if node.step.opens >= 0:
                opened, parted = opened + 1, parted + blank
            elif node.form is not None and node.form.roles not in ("X", "T", "Y"):
                inside += blank and not node.step.leads
            if entry or node.step.opens >= 0:
                entry.append(node)
            if node.form is not None and node.block is not None:
                if node.form.roles == "S" and upper:
                    uppers.append((upper, node.block.text))
                if node.form.roles in ("H", "S"):
                    upper = node.block.text if node.form.roles == "H" else ""
            if node.form is not None and node.form.roles in second and node.block is not None:
                likely = (bare_name(node.block.text) or 0.0) >= _LIKELY
                second[node.form.roles].append(likely)
                if node.form.roles == "K":
                    kickers.append(node.block)
        lines_read += len(nodes)
        strays += sum(node.form is None and node.state > 0 for node in nodes)
    patterns[pattern_of(entry)] += 1
    del patterns[""]
    count = max(1, lines_read)
    phrases = context.survey.phrases
    again = sum(block.folded in phrases for block in kickers)
    words = sum(len(block.text.split()) for block in kickers)
    sections = 2 * again >= len(kickers) and words <= _MOST_WORDS_OF_SECTIONS * len(kickers)
    # Names of sections are short, each of them; of headlines some are longer.
    short = are_short([block.text for block in kickers])
    once = len(kickers) >= _FEWEST_KICKERS and not again and not sections and not short
    named = ""
    if not any("B" in pattern for pattern in patterns):
        named = "".join(
            role
            for role, names in second.items()
            if len(names) >= _FEWEST_NAMES and sum(names) >= _NAMES * len(names)
        )[:1]
    total = weaver.total
    return Fit(
        total + dialect.prior,
        total / count,
        strays / count,
        patterns,
        sections,
        once,
        named,
        are_labels(uppers, sum(patterns.values())),
        texts=not any("F" in pattern for pattern in patterns) and are_texts(uppers),
        apart=parted >= max(_FEWEST_PARTED, opened - 1) and inside <= _MOST_INSIDE * opened,
    )
