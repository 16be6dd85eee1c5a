"""What every check is: a code, its words, and one question. Pure."""

from collections.abc import Collection, Iterable, Sequence
from typing import ClassVar

from articles.review.facts import Doubt, Facts, Head


class Doubtful:
    """What both kinds of checks have.

    ``code`` is stored and filtered on, so it stays; ``title`` names the doubt in lists;
    ``explanation`` says what it means and what an editor can do.
    """

    code: ClassVar[str]
    title: ClassVar[str]
    explanation: ClassVar[str]


class Check(Doubtful):
    """A question about one article."""

    def find(self, article: Facts) -> Iterable[Doubt]:
        """Return the doubts about *article*: most often none."""
        raise NotImplementedError


class PairCheck(Doubtful):
    """A question about two articles that are dated at most ``days`` days from each other."""

    days: ClassVar[int]

    def likely(self, asked: Collection[int], heads: Sequence[Head]) -> set[int]:
        """Return the ids of those articles that are worth reading in full: either of a pair.

        *heads* are all articles dated near one of those *asked* about, those themselves included.
        """
        raise NotImplementedError

    def find(
        self, articles: Sequence[Facts], around: Sequence[Facts]
    ) -> Iterable[tuple[Facts, Doubt]]:
        """Return the doubts about *articles*, each with the article that it is about.

        *around* are the articles that `likely` named.
        """
        raise NotImplementedError


def words(text: str) -> frozenset[str]:
    """Return the set of the words of *text*: how a check writes its word lists."""
    return frozenset(text.split())
