"""Of two heading lines above each other, in entry after entry: kicker and headline, or headline and
subtitle, where no words tell.
"""

from collections.abc import Sequence

#: Words of a name of a section, and the share of these that may be longer.
_LONGEST_SECTION, _FEW_LONGER = 3, 0.12
#: Fewest pairs of headings, their least share, and how much longer the lower lines are, all
#: together, for the upper ones to be kickers.
_FEWEST_LABELS, _LABELLED, _MUCH_LONGER = 6, 0.8, 1.6
_A_WORD, _SMALL_WORD = 1.5, 4
#: Fewest lower lines, and words that these have on average, that tell that they are sentences.
_FEWEST_TEXTS, _SENTENCE = 3, 6.5


def are_short(texts: Sequence[str]) -> bool:
    """Tell whether nearly all *texts* are as short as names of sections; of headlines some are
    longer.
    """
    longer = sum(len(text.split()) > _LONGEST_SECTION for text in texts)
    return longer <= _FEW_LONGER * len(texts)


def are_labels(pairs: Sequence[tuple[str, str]], entries: int) -> bool:
    """Tell whether the upper lines of *pairs*, in nearly all *entries*, are rather kickers: short,
    each of them, above headlines of many lengths.
    """
    if len(pairs) < max(_FEWEST_LABELS, _LABELLED * entries):
        return False
    upper, lower = ([len(pair[place].split()) for pair in pairs] for place in (0, 1))
    if not are_short([pair[0] for pair in pairs]) or sum(lower) < _MUCH_LONGER * sum(upper):
        return False
    # Of two words and more they may be titles, above subtitles that are not written as such.
    titles = sum(_is_title(pair[1]) for pair in pairs)
    return sum(upper) <= _A_WORD * len(pairs) or titles >= _LABELLED * len(pairs)


def are_texts(pairs: Sequence[tuple[str, str]]) -> bool:
    """Tell whether the lower lines of *pairs* are rather standfirsts: sentences, on average."""
    words = sum(len(lower.split()) for _, lower in pairs)
    return len(pairs) >= _FEWEST_TEXTS and words >= _SENTENCE * len(pairs)


def _is_title(text: str) -> bool:
    """Tell whether all words of a heading but small ones begin in capitals."""
    words = [word for word in text.split() if len(word) > _SMALL_WORD and word[0].isalpha()]
    return all(word[0].isupper() for word in words)
