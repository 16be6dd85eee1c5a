"""Quotation marks without their partner."""

import re
from collections.abc import Iterable

from articles.review.checks.base import Check
from articles.review.facts import Doubt, Facts, in_field

_ANY = re.compile(r"[“”„«»\"]")
#: A straight mark that is no inch: 12".
_STRAIGHT = re.compile(r"(?<![0-9])\"")


class UnbalancedQuotes(Check):
    code = "unbalanced-quotes"
    title = "Quotation marks do not balance"
    explanation = (
        "A field opens a quotation and does not close it, or the reverse. Single quotation marks"
        " are left out: the closing one is also the apostrophe."
    )

    def find(self, article: Facts) -> Iterable[Doubt]:
        for name, text in article.texts():
            first = _ANY.search(text)
            if first is not None and not _balances(text):
                at = first.start()
                yield Doubt(
                    f"The quotation marks in the {name} do not balance.",
                    f"{name}\n{text}",
                    in_field(name, text, at, at + 1),
                )


def _balances(text: str) -> bool:
    if "„" in text:
        # German „…“, Polish „…”.
        curly = text.count("„") == text.count("“") + text.count("”")
    else:
        curly = text.count("“") == text.count("”")
    return curly and text.count("«") == text.count("»") and len(_STRAIGHT.findall(text)) % 2 == 0
