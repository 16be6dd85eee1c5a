"""Words of the index that differ from a given one in one letter.

Every word that can be made from the given one is made, some hundreds, and the index is asked which
of them any document holds: all words of all texts are known by that, however many there are, and
none is kept anywhere else.
"""

from collections.abc import Iterable

from articles.search.base import back_end

#: Of words that more documents hold it does not matter how many do.
MOST_COUNTED = 1_000
#: Longer words are not looked for: nobody mistypes them by one letter only.
LONGEST = 32


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
