"""A reader's text as a query: total, so that no text is an error.

The whole grammar: words, all of which must occur; ``"quoted phrases"``, exact and in this order;
``-word`` and ``-"a phrase"`` must not occur; ``begin*`` finds words that begin so (two letters at
least). Everything else that looks like an operator is text, and signs around words say nothing.

A word matches in its exact folded form, and by its stem under two rules: those of the reader's
language and, in another script, those of the language commonly written in it. It follows that on
an English site ``strikes`` finds "strike" and ``революции`` finds "революция", while a German
word on that site is found as it is typed.

Nothing here touches Django or a database.
"""

import re
from dataclasses import dataclass

from articles.search.analysis import STEM, Group, groups

#: A longer text counts by its beginning, as do more terms, and more words in a phrase.
MAX_LENGTH = 1_000
MAX_TERMS = 100
MAX_PHRASE = 50

_OPENING = '"“„«‟'
_CLOSING = '"”“»'
_CHUNK = re.compile(
    rf"(?P<minus>(?<!\S)-(?=[\w.{_OPENING}]))?"
    rf"(?:[{_OPENING}](?P<phrase>[^{_OPENING}{_CLOSING}]*)[{_CLOSING}]|(?P<chunk>[^\s{_OPENING}]+))"
)
_APOSTROPHES = "'’ʼ＇"


@dataclass(frozen=True, slots=True)
class Form:
    """Tokens that stand one after the other. With ``prefix`` the last is a beginning."""

    tokens: tuple[str, ...]
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """What must occur in one of several forms."""

    forms: tuple[Form, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for. ``terms`` must all occur, none of ``excluded`` may.

    ``is_empty`` if there is nothing that must occur: then no search applies, since "everything
    but" is no question to an index.
    """

    text: str = ""
    terms: tuple[Term, ...] = ()
    excluded: tuple[Term, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not self.terms


def parse(text: str, language: str = "") -> Query:
    """Return the query that *text* means to a reader of *language* (a BCP 47 code)."""
    text = text[:MAX_LENGTH]
    terms: dict[Term, None] = {}
    excluded: dict[Term, None] = {}
    for found in _CHUNK.finditer(text):
        phrase, chunk = found.group("phrase", "chunk")
        read = _phrase(phrase, language) if phrase is not None else _words(chunk, language)
        chosen = excluded if found.group("minus") else terms
        for term in read:
            if len(chosen) < MAX_TERMS:
                chosen[term] = None
    return Query(text, tuple(terms), tuple(excluded))


def _phrase(text: str, language: str) -> list[Term]:
    found = list(groups(text, language))
    if not found:
        return []
    forms = [_adjacent(found)]
    if len(found) == 1 and found[0].joined:
        forms.append(Form((found[0].joined,)))
    return [Term(tuple(forms))]


def _words(chunk: str, language: str) -> list[Term]:
    found = list(groups(chunk, language))
    terms = [_word(group, chunk) for group in found]
    if found and not found[-1].unspaced and chunk[found[-1].end : found[-1].end + 1] == "*":
        tokens = tuple(token.exact for token in found[-1].tokens)
        if len(tokens[-1]) > 1:
            terms[-1] = Term((Form(tokens, prefix=True),))
    return terms


def _word(group: Group, text: str) -> Term:
    first = group.tokens[0]
    if group.unspaced or (len(group.tokens) > 1 and not _is_possessive(group, text)):
        forms = [_adjacent([group])]
    elif first.stem:
        # A document keeps a stem only where it differs from the word itself.
        forms = [Form((first.exact,)), Form((first.stem,)), Form((first.stem[len(STEM) :],))]
    else:
        forms = [Form((first.exact,)), Form((STEM + first.exact,))]
    if group.joined:
        forms.append(Form((group.joined,)))
    return Term(tuple(forms))


def _is_possessive(group: Group, text: str) -> bool:
    """Whether *group* reads like "Lenin's", by which a reader means Lenin."""
    tokens = group.tokens
    return len(tokens) == 2 and tokens[1].exact == "s" and text[tokens[1].start - 1] in _APOSTROPHES


def _adjacent(found: list[Group]) -> Form:
    tokens = [token.exact for group in found for token in group.tokens]
    if len(tokens) > MAX_PHRASE or not found[-1].unspaced:
        return Form(tuple(tokens[:MAX_PHRASE]))
    # 日本 must be found in 日本語, whose pairs are 日本 本語, and 日 as the beginning of a pair.
    if len(found[-1].tokens) > 1:
        return Form(tuple(tokens[:-1]))
    return Form(tuple(tokens), prefix=True)
