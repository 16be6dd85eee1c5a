"""Words that are spelled almost like a given one.

Of words at hand those are compared that have trigrams in common with it: as few as a mistyped word
leaves, and a small part of all words. Of the words of the whole index, which are at no hand, every
one that is a letter away is made, some hundreds, and the index is asked which of them any document
holds: all words of all texts are known by that, however many there are.
"""

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable

from rapidfuzz.distance import OSA

from articles.search.back_ends import back_end

#: From so many letters on, so many of a word may be wrong.
WRONG = {10: 3, 7: 2, 4: 1}
#: With three wrong, a word is another one if not at least so much of the trigrams is the same: what
#: PostgreSQL's pg_trgm takes for similar (https://www.postgresql.org/docs/current/pgtrgm.html).
_SIMILAR = 0.3
#: So many trigrams at most are others by one letter: by two that changed places.
_LOST = 4

#: Of words that more documents hold it does not matter how many do.
MOST_COUNTED = 1_000
#: Longer words are not looked for: nobody mistypes them by a letter or two only.
LONGEST = 32


def trigrams(word: str) -> set[str]:
    """Return the runs of three letters in *word*, with two spaces before it and one behind."""
    padded = f"  {word} "
    return {padded[place : place + 3] for place in range(len(padded) - 2)}


class Alike:
    """Words, by their trigrams."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = list(words)
        self._having: dict[str, array[int]] = defaultdict(lambda: array("I"))
        for place, word in enumerate(self._words):
            for trigram in trigrams(word):
                self._having[trigram].append(place)

    def near(self, word: str) -> list[tuple[str, int]]:
        """Return the words that are almost *word*, each with the number of letters that were left
        out, added, put for another, or swapped with their neighbour."""
        most = next((wrong for length, wrong in WRONG.items() if len(word) >= length), 0)
        if not most or len(word) > LONGEST:
            return []
        own = trigrams(word)
        shared: Counter[int] = Counter()
        for trigram in own:
            shared.update(self._having.get(trigram, ()))
        found = []
        for place, count in shared.items():
            other = self._words[place]
            if count < len(own) - _LOST * most or abs(len(other) - len(word)) > most:
                continue
            distance = OSA.distance(word, other, score_cutoff=most)
            # A word has one trigram more than letters, if none comes twice.
            is_similar = count >= _SIMILAR * (len(own) + len(other) + 1 - count)
            if 0 < distance <= most and (distance < max(WRONG.values()) or is_similar):
                found.append((other, distance))
        return found


def one_letter_apart(word: str, letters: Iterable[str]) -> set[str]:
    """Return what *word* becomes by one letter left out, added, put for another, or swapped with
    its neighbour; new letters are *letters*."""
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    found = {before + after[1:] for before, after in cuts if after}
    found |= {before + after[1::-1] + after[2:] for before, after in cuts if len(after) > 1}
    for letter in letters:
        found |= {before + letter + after for before, after in cuts}
        found |= {before + letter + after[1:] for before, after in cuts if after}
    return found - {word, ""}


def words_near(using: str, word: str, letters: Iterable[str]) -> dict[str, int]:
    """Return the words of all documents, in any column, that are one of *letters* apart from the
    analysed *word*, each with the number of documents, up to `MOST_COUNTED`.

    One statement, whose time grows with the number of letters, but hardly with that of documents.
    """
    if len(word) > LONGEST:
        return {}
    return back_end(using).known(using, sorted(one_letter_apart(word, letters)), MOST_COUNTED)
