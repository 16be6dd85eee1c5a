"""Marking hits in a text as it is printed, by the analysis that found it.

The result is segments, ``(text, hit)``: the template escapes them and wraps the hits. Joined
together they give back the text (of a snippet: its excerpt). Pure: no Django, no database.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from articles.search.analysis import MAX_WORD, groups, is_word, word_forms
from articles.search.query import Form, Query

#: What a segment list is made of.
Segments = list[tuple[str, bool]]

#: Hits are looked for in the beginning of a text, and so many are marked.
MAX_TEXT = 100_000
_SHORT_TEXT = 3_000
MAX_MARKS = 500
_ELLIPSIS = "…"
#: So many pieces of texts are remembered of a language.
_MOST_PIECES = 30_000
#: A snippet is cut between words, if one ends within so many characters.
_LONGEST_EDGE = 30

#: Where a hit begins and ends, and the number of its term.
_Mark = tuple[int, int, int]


def highlight(text: str, query: Query, language: str) -> Segments:
    """Return the whole *text*, an article's in *language*, with the hits of *query* marked."""
    marks = _marks(text, query, language) if text else []
    if not marks:
        return [(text, False)] if text else []
    return _segments(text, 0, len(text), _merged(marks))


def snippet(text: str, query: Query, language: str, length: int = 240) -> Segments:
    """Return an excerpt of about *length* characters with as many different hits as possible.

    Without a hit it is the beginning of the text. Where text is left out stands an ellipsis,
    which is no part of a hit. White space is single spaces.
    """
    text = " ".join(text[:MAX_TEXT].split())
    # The beginning of a long text mostly has it all.
    marks = _marks(text[:_SHORT_TEXT], query, language)
    if len(text) > _SHORT_TEXT and len({number for *_, number in marks}) < len(query.terms):
        marks = _marks(text, query, language)
    start, end = _window(text, marks, length)
    segments = _segments(text, start, end, _merged(marks))
    if start > 0:
        segments.insert(0, (_ELLIPSIS, False))
    if end < len(text):
        segments.append((_ELLIPSIS, False))
    return segments


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is looked for: single tokens and beginnings of tokens with the number of their term,
    and phrases by their first token."""

    words: dict[str, int]
    beginnings: list[tuple[int, str]]
    phrases: dict[str, list[tuple[int, Form]]]

    @classmethod
    def of(cls, query: Query) -> "_Wanted":
        forms = [(number, form) for number, term in enumerate(query.terms) for form in term.forms]
        phrases: dict[str, list[tuple[int, Form]]] = {}
        for number, form in forms:
            if len(form.tokens) > 1:
                phrases.setdefault(form.tokens[0], []).append((number, form))
        return cls(
            {form.tokens[0]: number for number, form in forms if len(form.tokens) == 1},
            [(n, form.tokens[0]) for n, form in forms if form.prefix and len(form.tokens) == 1],
            phrases,
        )


#: The pages of one list ask for the same again and again.
_wanted = lru_cache(maxsize=200)(_Wanted.of)


class _Vocabulary:
    """What stood between two spaces in texts of one language, each by the forms of its words.

    The words of a language come again and again: each is analysed once, whatever is looked for.
    """

    def __init__(self, language: str) -> None:
        self._language = language
        #: The pieces, and those that hold a form. Replaced together: other threads read them.
        self._told: tuple[set[str], dict[str, list[str]]] = (set(), {})

    def holding(self, pieces: set[str], forms: Iterable[str]) -> set[str]:
        """Return those of *pieces* that hold one of *forms*."""
        known, by_form = self._told
        if len(known) > _MOST_PIECES:
            known, by_form = self._told = set(), {}
        new = pieces - known
        for piece in new:
            for form in set(_forms_of(piece, self._language)):
                by_form.setdefault(form, []).append(piece)
        # Last, so that no thread takes for known what it cannot find.
        known.update(new)
        return pieces.intersection(chain.from_iterable(by_form.get(form, ()) for form in forms))


_vocabulary = lru_cache(maxsize=16)(_Vocabulary)


def _forms_of(piece: str, language: str) -> Iterable[str]:
    """Return the forms of all words of *piece*."""
    core = _plain_word(piece)
    if core:
        return word_forms.__wrapped__(core[:MAX_WORD], language)
    found = list(groups(piece, language))
    forms = [
        form for group in found for token in group.tokens for form in (token.exact, token.stem)
    ]
    return forms + [group.joined for group in found]


def _plain_word(piece: str) -> str:
    """Return the one plain word that *piece* consists of, as most do; ``""`` if it does not."""
    core = piece.rstrip(",.;:")
    return core if core.isalpha() and (core.isascii() or is_word(core)) else ""


def _marks(text: str, query: Query, language: str) -> list[_Mark]:
    """Return the hits in the beginning of *text*, in its order."""
    if query.is_empty:
        return []
    wanted = _wanted(query)
    text = text[:MAX_TEXT]
    find = _marks_of_groups if wanted.phrases else _marks_of_words
    return sorted(find(text, wanted, language))[:MAX_MARKS]


def _marks_of_words(text: str, wanted: _Wanted, language: str) -> list[_Mark]:
    """Return the hits of single words: piece by piece, as no word crosses a space."""
    pieces = text.split(" ")
    found = set(pieces)
    # What is no word may be as long as the text: it is not worth remembering.
    if not wanted.beginnings and max(map(len, pieces)) <= MAX_WORD:
        found = _vocabulary(language).holding(found, wanted.words)
    marks: list[_Mark] = []
    start = 0
    for piece in pieces if found else ():
        if piece in found:
            for first, last, number in _marks_of_piece(piece, wanted, language):
                marks.append((start + first, start + last, number))
        start += len(piece) + 1
    return marks


def _marks_of_piece(piece: str, wanted: _Wanted, language: str) -> list[_Mark]:
    """Return the hits in what stands between two spaces, with a short way for plain words."""
    core = _plain_word(piece)
    if not core:
        return _marks_of_groups(piece, wanted, language) if piece else []
    exact, stem = word_forms(core[:MAX_WORD], language)
    numbers = [wanted.words[form] for form in (exact, stem) if form in wanted.words]
    numbers += [number for number, beginning in wanted.beginnings if exact.startswith(beginning)]
    return [(0, len(core), number) for number in numbers]


def _marks_of_groups(text: str, wanted: _Wanted, language: str) -> list[_Mark]:
    words, beginnings, phrases = wanted.words, wanted.beginnings, wanted.phrases
    found = list(groups(text, language))
    tokens = [token for group in found for token in group.tokens]
    exact = [token.exact for token in tokens]
    # Where a beginning ends: of a pair 日本, found by 日, only the first character is a hit.
    ends = [
        following.start if following and group.unspaced else token.end
        for group in found
        for token, following in zip(group.tokens, [*group.tokens[1:], None], strict=True)
    ]
    # Words, by any of their forms; compounds by the form written together.
    written = [(token.start, token.end, token.exact) for token in tokens]
    written += [(token.start, token.end, token.stem) for token in tokens if token.stem]
    written += [(group.start, group.end, group.joined) for group in found if group.joined]
    marks = [(start, end, words[form]) for start, end, form in written if form in words]
    marks += [
        (token.start, end, number)
        for number, beginning in beginnings
        for token, end in zip(tokens, ends, strict=True)
        if token.exact.startswith(beginning)
    ]
    for place, first in enumerate(exact):
        for number, form in phrases.get(first, ()):
            after = place + len(form.tokens)
            *middle, last = exact[place:after]
            fits = (*middle, last) == form.tokens or (
                form.prefix
                and tuple(middle) == form.tokens[:-1]
                and last.startswith(form.tokens[-1])
            )
            if fits:
                end = ends[after - 1] if form.prefix else tokens[after - 1].end
                marks.append((tokens[place].start, end, number))
    return marks


def _merged(marks: list[_Mark]) -> list[tuple[int, int]]:
    """Return the stretches that *marks* cover, without overlaps."""
    merged: list[tuple[int, int]] = []
    for start, end, _ in marks:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _window(text: str, marks: list[_Mark], length: int) -> tuple[int, int]:
    """Return the stretch of about *length* characters that shows the most terms, then the most
    hits, then the earliest; it begins and ends between words."""
    if len(text) <= length:
        return 0, len(text)
    start = 0
    if marks:
        best = (0, 0)
        for place, (first, _, _) in enumerate(marks):
            inside = [mark for mark in marks[place : place + 40] if mark[1] <= first + length]
            value = (len({number for _, _, number in inside}), len(inside))
            if value > best:
                best = value
                shown = max((end for _, end, _ in inside), default=first)
                # The hits stand in the middle, with what is around them.
                start = max(0, first - max(0, length - (shown - first)) // 2)
    start = min(start, len(text) - length)
    end = start + length
    if start > 0:
        space = text.find(" ", start, start + _LONGEST_EDGE)
        hit = min((first for first, last, _ in marks if last > start), default=end)
        start = space + 1 if 0 <= space < hit else min(start, hit)
    if end < len(text):
        space = text.rfind(" ", end - _LONGEST_EDGE, end + 1)
        hit = max((last for first, last, _ in marks if first < end), default=start)
        end = space if space >= max(hit, start + 1) else max(end, hit)
    return start, end


def _segments(text: str, start: int, end: int, stretches: list[tuple[int, int]]) -> Segments:
    segments: Segments = []
    place = start
    for first, last in stretches:
        first, last = max(first, place), min(last, end)
        if first >= last:
            continue
        if first > place:
            segments.append((text[place:first], False))
        segments.append((text[first:last], True))
        place = last
    if place < end:
        segments.append((text[place:end], False))
    return segments
