"""A word that stands twice in a row."""

import re
from collections.abc import Iterable
from itertools import islice
from operator import eq

from articles.review.checks.base import Check, words
from articles.review.facts import Doubt, Facts, in_field
from articles.review.suggesting import set_field

#: English words in lower case that may stand twice in a row.
_MAY = words(
    "had that very much many far long so ha hah ho no bye blah now well out more is do her this"
    " who it you what there knock tut hear chop night"
)
#: Small words that may not, by language: elsewhere doubling is grammar ("nous nous", "die die").
_MAY_NOT = {
    "en": words("the a an of to in and for on with at by from as or"),
    "de": words("und ist auf mit im von zu dem den wird aus"),
    "fr": words("et le la les de du des dans pour par sur est"),
    "es": words("y el la los las de del en que por para con"),
    "it": words("e il la lo gli di del della in per con"),
    "pt": words("e o a os as de do da em para com"),
    "ru": words("и в на с по из для от к о"),
}


class DoubledWord(Check):
    code = "doubled-word"
    title = "A word twice in a row"
    explanation = "The same word stands twice in a row. One click takes the second away."

    def find(self, article: Facts) -> Iterable[Doubt]:
        language = article.language[:2].lower() or "en"
        small = _MAY_NOT.get(language, frozenset())
        for name, text in article.texts():
            found = text.split()
            lowered = text.lower().split()
            if not any(map(eq, lowered, islice(lowered, 1, None))):
                continue
            before = ""
            for word in found:
                if word in (before, before.lower()) and (
                    word in small or (language == "en" and word == before and _is_plain(word))
                ):
                    yield from _doubt(name, text, word)
                    break
                before = word


def _is_plain(word: str) -> bool:
    return len(word) > 1 and word.isalpha() and word.islower() and word not in _MAY


def _doubt(name: str, text: str, word: str) -> Iterable[Doubt]:
    twice = re.compile(rf"(?<!\S)({re.escape(word)})\s+{re.escape(word)}(?!\S)", re.IGNORECASE)
    found = twice.search(text)
    if found is not None:
        yield Doubt(
            f"“{word}” stands twice in a row.",
            f"{name}\n{word}",
            in_field(name, text, found.start(), found.end()),
            set_field(name, text, twice.sub(r"\1", text)),
        )
