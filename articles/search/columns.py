"""The search columns of an article: the tokens of `analysis`, within a budget. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from articles.search.analysis import BREAK, MAX_WORD, groups

#: What the vector of one article may hold on PostgreSQL is 1 MiB; beyond the budget of a column
#: words are left out, the article never is. In bytes, as PostgreSQL counts them.
BUDGETS = {"headline": 20_000, "heads": 50_000, "names": 100_000, "standfirst": 100_000}
BODY_BUDGET = 700_000
_LEXEME_COST = 6
#: Bytes for a character, at which a text is counted as it is read.
_MUCH = 13
_PLACE_COST = 2


@dataclass(frozen=True, slots=True)
class Columns:
    """The analysed texts of one article, one column for each weight."""

    headline: str
    heads: str
    standfirst: str
    body: str
    names: str


def _forms(text: str, language: str) -> tuple[tuple[str, str, str], ...]:
    """Return the tokens of *text* as (exact, stem, ""), each compound after its parts as
    ("", "", joined)."""
    found: list[tuple[str, str, str]] = []
    for group in groups(text, language):
        found += [(token.exact, token.stem, "") for token in group.tokens]
        if group.joined:
            found.append(("", "", group.joined))
    return tuple(found)


class _Piece(NamedTuple):
    """What stands between two spaces: its tokens, as `_forms` has them, and the bytes that they
    take at the most."""

    forms: tuple[tuple[str, str, str], ...]
    most: int


def _piece(text: str, language: str) -> _Piece:
    forms = _forms(text, language)
    return _Piece(
        forms, sum(_size(token) + _LEXEME_COST for form in forms for token in form if token)
    )


#: The words of a language come again and again.
_known_piece = lru_cache(maxsize=50_000)(_piece)


def _pieces(text: str, language: str) -> Iterator[_Piece]:
    """Yield what *text* consists of: no group crosses a space."""
    for piece in text.split(" "):
        yield (_known_piece if len(piece) <= MAX_WORD else _piece)(piece, language)


def _size(token: str) -> int:
    return len(token) if token.isascii() else len(token.encode())


class _Column:
    """Collects the tokens of one column, up to a budget of bytes in PostgreSQL's vector."""

    def __init__(self, budget: int) -> None:
        self._left = budget
        self._exact: list[str] = []
        self._compounds: dict[str, None] = {}
        self._stems: dict[str, None] = {}
        self._seen: set[str] = set()

    def add(self, text: str, language: str) -> None:
        """Add the tokens of *text*, apart from those of earlier texts."""
        if self._exact:
            self._exact.append(BREAK)
        stems = self._stems
        for forms, _most in _pieces(text, language):
            for exact, stem, joined in forms:
                if exact:
                    if not self._spend(exact):
                        return
                    self._exact.append(exact)
                    if stem and stem not in stems and self._spend(stem):
                        stems[stem] = None
                elif joined not in self._compounds and self._spend(joined):
                    self._compounds[joined] = None

    def _spend(self, token: str) -> bool:
        if token in self._seen:
            self._left -= _PLACE_COST
        else:
            self._left -= _size(token) + _LEXEME_COST
            self._seen.add(token)
        return self._left >= 0

    def __str__(self) -> str:
        return _joined(self._exact, self._compounds, self._stems)


def _joined(words: Iterable[str], compounds: Iterable[str], stems: Iterable[str]) -> str:
    tokens = list(words)
    for compound in compounds:
        # Apart from each other: two compounds that happen to be neighbours are no phrase.
        tokens += (BREAK, compound)
    return " ".join([*tokens, *stems])


def analyse(text: str, language: str) -> str:
    """Return the tokens of *text*, an article's in *language*, separated by spaces."""
    return _column("body", (text,), language)


def _column(name: str, texts: Iterable[str], language: str) -> str:
    budget = left = BUDGETS.get(name, BODY_BUDGET)
    texts = [text for text in texts if text]
    if sum(map(len, texts)) * _MUCH > budget:
        return _cut(texts, language, budget)
    words: list[str] = []
    compounds: dict[str, None] = {}
    stems: dict[str, None] = {}
    for text in texts:
        if words:
            words.append(BREAK)
        for forms, most in _pieces(text, language):
            left -= most
            if left < 0:
                return _cut(texts, language, budget)
            for exact, stem, joined in forms:
                if exact:
                    words.append(exact)
                    if stem:
                        stems[stem] = None
                else:
                    compounds[joined] = None
    return _joined(words, compounds, stems)


def _cut(texts: Iterable[str], language: str, budget: int) -> str:
    """Return the column of *texts*, which may not fit: token by token, as far as *budget* goes."""
    column = _Column(budget)
    for text in texts:
        column.add(text, language)
    return str(column)


def document(
    *,
    headline: str,
    kicker: str = "",
    subtitle: str = "",
    part_label: str = "",
    standfirst: str = "",
    body_text: str = "",
    names: Iterable[str] = (),
    language: str,
) -> Columns:
    """Return the columns of one article. *body_text* is plain text (`cleaning.html_to_text`);
    *names* are the credit, the series' titles and the tags."""
    return Columns(
        headline=_column("headline", (headline,), language),
        heads=_column("heads", (kicker, subtitle, part_label), language),
        standfirst=_column("standfirst", (standfirst,), language),
        body=_column("body", (body_text,), language),
        names=_names(tuple(names), language),
    )


@lru_cache(maxsize=2_000)
def _names(names: tuple[str, ...], language: str) -> str:
    """Return the column of names: the same few people, series and tags stand together often."""
    return _column("names", names, language)
