"""Asking the checks: what they raise about a set of articles."""

import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from articles.review import reading, registry
from articles.review.facts import Doubt, Facts


@dataclass(frozen=True, slots=True)
class Raised:
    """One doubt, with its code and the article that it is about."""

    code: str
    article: int
    doubt: Doubt

    @property
    def fingerprint(self) -> str:
        """What makes this doubt the same one next time, wherever the article's lines stand."""
        about = f"review\n{self.code}\n{self.article}\n{self.doubt.about}"
        return hashlib.sha256(about.encode()).hexdigest()


def raise_doubts(facts: Sequence[Facts], codes: Collection[str] | None = None) -> Iterator[Raised]:
    """Yield what the checks raise about *facts*; *codes* names the checks (None: all)."""
    yield from raise_alone(facts, codes)
    yield from raise_pairs(facts, codes)


def raise_alone(facts: Sequence[Facts], codes: Collection[str] | None = None) -> Iterator[Raised]:
    """Yield what the checks of single articles raise. Reads nothing."""
    for check in registry.checks_of_one():
        if codes is None or check.code in codes:
            for article in facts:
                for doubt in check.find(article):
                    yield Raised(check.code, article.id, doubt)


def raise_pairs(facts: Sequence[Facts], codes: Collection[str] | None = None) -> Iterator[Raised]:
    """Yield what the checks of two articles raise about *facts* and what is dated near them."""
    for check in registry.checks_of_two():
        if codes is not None and check.code not in codes:
            continue
        heads = reading.heads_near((article.day for article in facts), check.days)
        likely = check.likely({article.id for article in facts}, heads)
        if likely:
            around = reading.bare_facts(likely)
            asked = [article for article in facts if article.id in likely]
            for article, doubt in check.find(asked, around):
                yield Raised(check.code, article.id, doubt)
