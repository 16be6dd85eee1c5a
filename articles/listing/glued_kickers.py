"""Kickers glued before a headline on its line, weighed by what the file repeats; and prose weighed
by its habits.
"""

from articles.listing import rules
from articles.listing.blocks import Block, ReadLine
from articles.listing.forms import Form
from articles.listing.inline_kickers import Prefix, prefixes_of
from articles.listing.records import Piece, Survey

#: Fewest lines that begin with a text and a colon, their least share of the entries, and words that
#: such a text has at most, for all of them to be kickers.
_FEWEST_PARTED, _NEARLY_ALL, _LONGEST_SECTION = 6, 0.85, 3


def prose_of(block: Block, survey: Survey) -> float:
    """Weigh how much *block* looks like prose in a file with the habits of *survey*."""
    shape = block.shape
    weight = rules.prose_weight(shape)
    if rules.ends_as_prose(shape):
        return weight + survey.habits.stop
    return weight + survey.habits.no_stop * rules.NO_STOP_SHARE[shape.ending]


def kicker_and_headline(
    block: Block, start: int, end: int, survey: Survey, *, sectioned: bool
) -> list[Form]:
    """Read a kicker glued before the headline, where the file repeats it or its form.

    *sectioned* tells that rows of the file have such kickers.
    """
    text = block.line.text
    found = []
    for prefix in prefixes_of(text):
        if prefix.rest >= end or prefix.start < start:
            continue
        phrase = survey.phrases.get(prefix.folded)
        entries = (phrase is not None and phrase.entries) or 0
        remainders = phrase.remainders if phrase else 0
        goes_on = text[prefix.rest].islower()
        weight, doubt = _glued_weight(
            prefix, entries, remainders, survey, sectioned=sectioned, goes_on=goes_on
        )
        if weight is None:
            continue
        rest = Block(ReadLine(block.line.number, text[prefix.rest : end], "text"))
        pieces: tuple[Piece, ...] = (
            (prefix.start, prefix.end, "kicker"), (prefix.rest, end, "headline"),
        )  # fmt: skip
        score = weight - prose_of(rest, survey)
        found.append(Form("KH", score, pieces, doubt=doubt))
    return found


def _glued_weight(
    prefix: Prefix, entries: int, remainders: int, survey: Survey, *, sectioned: bool, goes_on: bool
) -> tuple[float | None, str]:
    times = survey.prefix_forms.get(prefix.form, 0)
    if (
        prefix.form != "capital"
        and entries >= rules.INLINE_ENTRIES
        and remainders >= rules.INLINE_REMAINDERS
    ):
        return 4.5, ""
    if prefix.form == "parted":
        if (
            not goes_on
            and times >= max(_FEWEST_PARTED, _NEARLY_ALL * survey.date_lines)
            and len(prefix.folded.split()) <= _LONGEST_SECTION
        ):
            # Nearly every entry has one.
            return 3.2, "" if entries >= 2 else "inline-kicker"
        if sectioned:
            return 2.4, "inline-kicker"
        if entries == 2 and remainders == 2 and times >= 3:
            return 2.4, "inline-kicker"
        known = survey.phrases.get(prefix.folded)
        return (2.8, "inline-kicker") if known and known.own_line > 1 else (None, "")
    if prefix.form == "capital":
        if survey.prefix_forms.get("glued", 0) >= 3:
            return 4.0, "inline-kicker"
        return None, ""
    if entries >= 2 or times >= 3:
        return 4.0, "" if entries >= 2 else "inline-kicker"
    return None, ""
