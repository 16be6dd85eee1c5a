"""What a list of clippings shows of its habits, all lines together: see ``clippings``."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from articles.folding import fold
from articles.listing import clipping_chunks as cut
from articles.listing.clipping_chunks import SOFT, Chunk
from articles.listing.clippings import (
    FEWEST_WORDS,
    LONGEST,
    Clippings,
    is_author,
    is_named,
    name_in,
)
from articles.listing.markup import without_marks
from articles.listing.papers import is_paper, is_sorting

#: Fewest units, and shares of them: that are read, dated, told by a paper or an issue, with quoted
#: titles; of what stands at one end, from which it is a paper or a name.
_FEWEST, _READ, _DATED, _PRINTED, _QUOTED = 4, 0.8, 0.6, 0.6, 0.7
_AT_END, _PAPERS, _SURE_PAPERS, _NAMES = 0.5, 0.6, 0.2, 0.6
_MOST_NAMES, _SECTIONS, _HEADED, _MOST_COLUMNS = 0.5, 0.3, 0.4, 0.3
_MOST_LEFT, _MOST_UNITS = 0.2, 400
#: Fewest names alone that make an index by author.
_FEWEST_AUTHORS = 3
#: Units that tell at a glance that a file is no such list.
_GLANCE = 40
#: What parts the columns of rows, which are read otherwise; a link.
_COLUMNS = re.compile(r"\t|\s[|·•]\s|;\s.{1,60};\s|\]\(|\s{3}")


def clippings_of(sample: Sequence[str], *, forced: bool = False) -> Clippings | None:
    """Return the grammar of the list that *sample*, the beginning of a file, is; else None."""
    yearly = sum(cut.heading(text) is not None for text in sample) > 1
    blanks = any(not text.strip() for text in sample)
    best: Clippings | None = None
    fewest = 0
    for way in ("line", "blank") if blanks else ("line",):
        found, units = _learned(sample, way, yearly=yearly, forced=forced)
        if found is not None and best is None and way == "blank" and not found.quoted:
            break
        # Where fewer units are as good, their lines are broken.
        if found is not None and (best is None or units < fewest):
            best, fewest = found, units
    return _by_author(best, sample) if best is not None else None


def _by_author(grammar: Clippings, sample: Sequence[str]) -> Clippings:
    """Return *grammar* as that of an index by author, if names alone stand above its entries."""
    names = entries = 0
    for unit in grammar.units(sample):
        if is_author(unit.text):
            names += 1
        else:
            entries += grammar.read(unit.text, None) is not None
    led = "B" not in grammar.usual and _FEWEST_AUTHORS <= names <= entries
    return replace(grammar, by_author=True) if led else grammar


def _learned(
    sample: Sequence[str], way: str, *, yearly: bool, forced: bool
) -> tuple[Clippings | None, int]:
    plain = Clippings(way, yearly=yearly)
    texts = [without_marks(unit.text) for unit in plain.units(sample)]
    texts = [
        text for text in texts
        if len(text) <= LONGEST
        and len(text.split()) >= FEWEST_WORDS
        and cut.heading(text) is None
    ][:_MOST_UNITS]  # fmt: skip
    columns = sum(_COLUMNS.search(text) is not None for text in texts)
    if columns > _MOST_COLUMNS * len(texts) and not forced:
        return None, 0
    heads = sum(cut.inverted_head(text, plain.start(text), len(text)) is not None for text in texts)
    plain = replace(plain, headed=heads >= _HEADED * len(texts))
    glance = sum(any(c.kind in "DdI" for c in plain.chunks(t, None)) for t in texts[:_GLANCE])
    if 2 * glance < _READ * len(texts[:_GLANCE]) and not forced:
        return None, 0
    told = [(text, plain.chunks(text, None)) for text in texts]
    told = [(text, chunks) for text, chunks in told if any(c.kind in "DdI" for c in chunks)]
    if len(told) < max(_FEWEST, _READ * len(texts)) and not forced:
        return None, 0
    again: Counter[str] = Counter()
    for text, chunks in told:
        again.update({fold(name_in(text, c)) for c in chunks if c.kind in SOFT})
    quotations = sum(
        any(c.kind == "q" and not c.within and again[fold(name_in(text, c))] < 2 for c in chunks)
        for text, chunks in told
    )
    quoted = quotations >= _QUOTED * len(told)
    grammar = replace(plain, quoted=quoted)
    left: list[tuple[str, Chunk, str]] = []
    right: list[tuple[str, Chunk, str]] = []
    for text, chunks in told:
        soft = [c for c in chunks if c.kind in SOFT]
        if quoted:
            place = grammar.quotation(text, chunks)
            title = chunks[place] if place is not None else None
            behind = {one.start: two.kind for one, two in pairwise(chunks)}
            for side, ends in ((left, True), (right, False)):
                side += [
                    (text, c, behind.get(c.start, "")) for c in soft
                    if title is not None and c != title and (c.start < title.start) is ends
                ][:1]  # fmt: skip
        elif len(soft) > 1:
            behind = {one.start: two.kind for one, two in pairwise(chunks)}
            left.append((text, soft[0], behind.get(soft[0].start, "")))
            right.append((text, soft[-1], behind.get(soft[-1].start, "")))
    said = sum(any(c.kind == "b" for c in chunks) for _, chunks in told) >= _AT_END * len(told)
    first, ours = _of_end(left, again, len(told), said=said)
    last, theirs = _of_end(right, again, len(told), said=said)
    if first == last == "B":
        # Names at both ends: those beside the dates are the papers'.
        first, ours = _of_end(left, again, len(told), said=True)
        if first == "B":
            last, theirs = _of_end(right, again, len(told), said=True)
    papers = frozenset(ours | theirs)
    signed = {fold(name_in(t, c)) for t, c, _ in (*left, *right) if is_named(t, c)} - papers
    grammar = replace(grammar, papers=papers, names=frozenset(signed), first=first, last=last)
    shares: Counter[str] = Counter()
    left_over = read = dated = 0
    for text, chunks in told:
        roles = grammar.roles(text, chunks)
        shares.update({role for role in roles if role} | {c.kind for c in chunks})
        read += "H" in roles
        dated += any(c.kind == "D" for c in chunks)
        left_over += any(not r and c.kind in SOFT for r, c in zip(roles, chunks, strict=True))
    enough = (
        read >= _READ * len(texts)
        and dated >= _DATED * len(told)
        and max(shares["J"], shares["I"]) >= _PRINTED * len(told)
        and left_over <= _MOST_LEFT * len(told)
    )
    usual = frozenset(role for role in "JB" if shares[role] >= _NAMES * len(told))
    if enough or forced:
        entries = sum(grammar.read(text, None) is not None for text in texts)
        return replace(grammar, usual=usual), entries
    return None, 0


def _of_end(
    found: Sequence[tuple[str, Chunk, str]], again: Counter[str], count: int, *, said: bool
) -> tuple[str, set[str]]:
    """Return what stands at one end of the units, "J" or "B", and the papers among it.

    *said* tells that most units name their authors otherwise.
    """
    if len(found) < _AT_END * count or not found:
        return "", set()
    names = [
        (fold(name_in(text, c)), name_in(text, c), c, next_kind) for text, c, next_kind in found
    ]
    ditto = [bool(cut.DITTO.fullmatch(name)) for _, name, _, _ in names]
    common = sum(again[key] > 1 or c.within or is_paper(name) for key, name, c, _ in names)
    sure = sum(is_paper(name) or c.within for _, name, c, _ in names) + sum(ditto)
    dated = sum(c.within or kind in ("D", "d", "I") for _, _, c, kind in names) + sum(ditto)
    persons = sum(is_named(text, c) for text, c, _ in found)
    papers = {
        key for (key, name, c, _), same in zip(names, ditto, strict=True)
        if (again[key] > 1 or c.within or is_paper(name)) and not same
    }  # fmt: skip
    sections = sum(is_sorting(name) and not is_paper(name) for _, name, _, _ in names)
    if sections >= _SECTIONS * len(names):
        return "", set()
    told = sure >= _SURE_PAPERS * len(names) or persons <= _MOST_NAMES * len(names) or said
    if common >= _PAPERS * len(names) and dated >= _PAPERS * len(names) and told:
        return "J", papers
    if persons >= _NAMES * len(names):
        return "B", set()
    return "", set()
