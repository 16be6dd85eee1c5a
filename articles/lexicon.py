"""What a reader may have meant by a word that nothing has: words of this archive spelled alike.

Words one letter away are looked for in the index, which has every word of every text. For those
further away, found by their trigrams, each process keeps the words of the names that readers see,
of headlines and of texts: of up to `HEADLINES` articles and `TEXTS` texts all of them, of more a
part spread evenly. They are read when a search first finds nothing, and again once the content
changed.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models.functions import Substr

from articles.counting import live
from articles.counting.postings import Postings
from articles.models import Article, SearchDocument, SeriesAlias, TagAlias
from articles.search import base, spelling
from articles.search.analysis import BREAK, STEM, Token, groups
from articles.totals import AUTHORS, SERIES, TAGS
from authors.models import AuthorAlias

#: Headlines, texts and spellings of names that are read for their words.
HEADLINES = 20_000
TEXTS = 500
SPELLINGS = 50_000
#: So many words of a text are looked at.
MOST_WORDS = 6
#: Shorter words are like too many others.
_SHORTEST = min(spelling.WRONG)
_AT_ONCE = 5_000
#: So much of a text is read: words that come late in a long one are in others, too.
_READ = 20_000
#: No alphabet has more letters that words are commonly mistyped by.
_MOST_LETTERS = 48
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Lexicon:
    """Words of the archive, folded, each with how often it was met; by dimension, for each word
    of a name, the ids of those who bear it; and by script, as Unicode names it, the letters."""

    counts: Mapping[str, int]
    bearers: Mapping[str, Mapping[str, set[int]]]
    letters: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def _alike(self) -> spelling.Alike:
        return spelling.Alike(self.counts)

    @cached_property
    def _named_alike(self) -> Mapping[str, spelling.Alike]:
        return {name: spelling.Alike(words) for name, words in self.bearers.items()}

    def near(self, word: str) -> list[str]:
        """Return words spelled almost like *word*, the nearest and then the most frequent first."""
        if len(word) < _SHORTEST:
            return []
        found = {near: (distance, -self.counts[near]) for near, distance in self._alike.near(word)}
        letters = self.letters.get(_script(word[0]), "")
        for near, count in spelling.words_near(
            SearchDocument.objects.all().db, word, letters
        ).items():
            found[near] = (1, -count)
        return sorted(found, key=lambda near: (found[near], near))

    def bearing(self, dimension: str, name: str) -> set[int]:
        """Return the ids of those whose name has words spelled like all of the folded *name*."""
        bearers, alike = self.bearers[dimension], self._named_alike[dimension]
        found: list[set[int]] = []
        for word in _WORD.findall(name):
            spelled = [word, *(near for near, _distance in alike.near(word))]
            found.append(set().union(*(bearers.get(near, set()) for near in spelled)))
        return set.intersection(*found) if found else set()


#: The lexicon, and the terms of the postings that it was made of.
_known: tuple[Mapping[str, Any], Lexicon] | None = None


def current() -> Lexicon:
    """Return the words of the archive as it is."""
    global _known
    postings = live.current()
    known = _known
    if known is None or known[0] is not postings.terms:
        known = (postings.terms, _read(postings))
        _known = known
    return known[1]


def _script(letter: str) -> str:
    """Return the script of a letter: the first word of its name, such as "LATIN"."""
    return unicodedata.name(letter, "").partition(" ")[0]


def _letters(words: Mapping[str, int]) -> dict[str, str]:
    """Return the letters of *words* by script, the most frequent first."""
    met = Counter(letter for word in words for letter in word if letter.isalpha())
    found: dict[str, str] = {}
    for letter, _count in met.most_common():
        script = _script(letter)
        if len(found.get(script, "")) < _MOST_LETTERS:
            found[script] = found.get(script, "") + letter
    return found


def _read(postings: Postings) -> Lexicon:
    counts: Counter[str] = Counter()
    kind, with_text = postings.kind, postings.any_of(["f1"])
    for ids, column, most in ((postings.all, "headline", HEADLINES), (with_text, "body", TEXTS)):
        keys = postings.sorted_keys(ids, None, True)
        for text in _texts(keys[:: max(1, -(-len(keys) // most))], column):
            counts.update(
                word for word in set(text.split()) if word != BREAK and not word.startswith(STEM)
            )
    bearers: dict[str, dict[str, set[int]]] = {}
    aliases: Any
    for related, aliases in ((AUTHORS, AuthorAlias), (TAGS, TagAlias), (SERIES, SeriesAlias)):
        words = bearers.setdefault(related.dimension, {})
        rows = aliases.objects.order_by().values_list(f"{related.link_name}_id", "key")
        for pk, key in rows[:SPELLINGS]:
            # Nothing else is ever named.
            ids = postings.terms.get(f"{related.prefix}{pk}")
            if ids is not None:
                for word in _WORD.findall(key):
                    counts[word] += kind.count(ids)
                    words.setdefault(word, set()).add(pk)
    return Lexicon(counts, bearers, _letters(counts))


def _texts(keys: Sequence[int], column: str) -> Iterator[str]:
    """Yield one analysed column of some documents, in statements of a bounded length."""
    for start in range(0, len(keys), _AT_ONCE):
        rows = SearchDocument.objects.all()
        rows = rows.filter(base.among_keys(rows.db, keys[start : start + _AT_ONCE]))
        for text in rows.values_list(Substr(column, 1, _READ), flat=True):
            # Cut off, the last word is none.
            yield text if len(text) < _READ else text.rpartition(" ")[0]


def meant_by(text: str) -> str:
    """Return *text*, which nothing is found by, with each word that nothing has replaced by the
    nearest word of the archive; ``""`` if there is none. Whether anything is found by that is for
    the caller to ask. A text of several words costs a query for each of them."""
    tokens = _looked_for(text)[:MOST_WORDS]
    found: list[str] = []
    end = 0
    for token in tokens:
        if len(tokens) == 1 or not _is_found(token.exact):
            for better in current().near(token.exact)[:1]:
                typed = text[token.start : token.end]
                found += [text[end : token.start], _as_typed(better, typed)]
                end = token.end
    return "".join([*found, text[end:]]) if found else ""


def _as_typed(word: str, typed: str) -> str:
    """Return *word*, which is folded, with capitals where *typed* has them: a name stays one."""
    if len(typed) > 1 and typed.isupper():
        return word.upper()
    return word[:1].upper() + word[1:] if typed[:1].isupper() else word


def _looked_for(text: str) -> list[Token]:
    """Return the words of *text* that must occur, each on its own."""
    tokens = []
    for group in groups(text, settings.LANGUAGE_CODE):
        is_left_out = re.search(r"(?<!\S)-[\"“„«‟]?$", text[: group.start])
        is_beginning = text[group.end : group.end + 1] == "*"
        if len(group.tokens) == 1 and not is_left_out and not is_beginning:
            tokens.append(group.tokens[0])
    return tokens


def _is_found(text: str) -> bool:
    found = base.search(Article.objects.published(), text, facets=[])
    return not found.query.is_empty and found.has_more_than(0)
