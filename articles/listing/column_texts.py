"""What the texts of one column of a file are like, all of them together."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from articles.folding import fold
from articles.listing.bare_names import bare_name
from articles.listing.columns import behind_in, is_name
from articles.listing.papers import is_kind, is_paper, is_sorting, is_titled, name_of_paper
from articles.listing.row_kinds import is_prose
from articles.listing.table_heads import STATUS_WORDS

#: Fewest texts that make a column, for anything to be told of them.
FEWEST = 3
#: Most distinct texts of a column of sections, by their share; of very short ones.
_REPEATED = 0.6
_REPEATED_WORDS = 0.72
_LONGEST_SECTION = 36
_LONGEST_WORD = 16
_MUCH_LONGER, _HALF = 2.5, 0.5
#: Share of texts of one word from which a column has no names, and from which it sorts, though
#: few of its texts come again.
_SINGLE, _NEARLY_SINGLE, _DISTINCT = 0.5, 0.85, 0.95
#: Score of a text from which it is rather a name.
_LIKELY = 1.5
#: Words that texts which come again have on average where they are papers, not sections.
_WORDS_OF_PAPERS = 1.7


def _are_titles(texts: Sequence[str], keys: Sequence[str]) -> bool:
    """Tell whether texts that come again are rather names of papers: words with capitals, more than
    one of them as a rule.
    """
    if sum(len(key.split()) for key in keys) <= _WORDS_OF_PAPERS * len(keys):
        return False
    lower = sum(text.split()[-1][:1].islower() for text in texts if text.strip())
    return lower < len(texts) / 2


def _sorts(key: str) -> bool:
    return is_sorting(key) or is_kind(key)


@dataclass(slots=True)
class Texts:
    """What the texts of a column are like."""

    count: int
    names: float
    prose: float
    distinct: float
    length: float
    papers: bool
    named: bool
    same: bool
    sorting: bool
    status: bool
    # The share of texts that are rather names than titles of a few words in capitals.
    likely: float = 0.0
    # The share of texts that are one word.
    single: float = 0.0
    # All stand behind "In", and none is a paper by its words: they may be places.
    placed: bool = False

    @classmethod
    def of(cls, texts: Sequence[str], names: frozenset[str]) -> "Texts":
        count = max(1, len(texts))
        # "Paper, Vol. 3" and "Paper, Vol. 4" are one paper.
        texts = [text[: name_of_paper(text)] for text in texts]
        keys = [fold(text) for text in texts]
        # What begins with an article may be a title, but not where it comes again.
        again = len(set(keys)) <= count / 2
        papers = sum(is_paper(text) or (again and is_titled(text)) for text in texts) > count / 2
        single = sum(" " not in text.strip() for text in texts) / count
        return cls(
            len(texts),
            0.0
            if papers or single >= _SINGLE
            else sum(is_name(text, names) for text in texts) / count,
            sum(map(is_prose, texts)) / count,
            len(set(keys)) / count,
            fmean(map(len, texts)) if texts else 0.0,
            papers
            or all(behind_in(text) for text in texts)
            or (_are_titles(texts, keys) and sum(map(_sorts, keys)) < count / 2),
            papers,
            len(set(keys)) == 1 and len(keys) >= FEWEST,
            sum(map(is_sorting, keys)) > count / 2 and len(set(keys)) < count,
            set(keys) <= STATUS_WORDS and bool(keys),
            sum((bare_name(text, names) or 0.0) >= _LIKELY for text in texts) / count,
            single,
            not papers and bool(texts) and all(behind_in(text) for text in texts),
        )

    def is_label_of(self, other: "Texts") -> bool:
        """Tell whether the texts are short beside much longer ones, which are no sentences."""
        return (
            other.prose < _HALF
            and self.length < _LONGEST_WORD
            and other.length >= _MUCH_LONGER * self.length
        )

    def is_section(self) -> bool:
        """Tell whether the texts are short and come again."""
        if self.count < FEWEST or self.length > _LONGEST_SECTION:
            return False
        words = self.length < _LONGEST_WORD and self.distinct < _REPEATED_WORDS
        if self.single >= _NEARLY_SINGLE and self.distinct < _DISTINCT:
            return True
        return self.distinct <= _REPEATED or words or self.sorting or self.named
