"""Sentences without a space between them: "the prime ministerOn January 11"."""

import re
from collections.abc import Iterable

from articles.review.checks.base import Check
from articles.review.facts import Doubt, Facts, in_field
from articles.review.suggesting import set_field

#: Any place worth a closer look.
_ANY = re.compile(r"[a-z0-9.?!…”][A-ZÀ-Þ]")
_OPENERS = (
    "A An After Although And Around As At Before But By Despite During For From He Her His How"
    " However If In It Its Last More Most No Not Now On One Our She Since So Some That The Their"
    " Then There These They This Those Though To Today Under Until We What When Where While Who"
    " Why With You"
).replace(" ", "|")
_WORD = r"[^\W\d_]"
#: A word in lower case, a year, or a word with a full stop, and a sentence's first word.
_OPENED = re.compile(
    rf"(?:(?<=[a-zß-ÿ]{{2}})|(?<=\d{{4}})|(?<={_WORD}{_WORD}[.?!…”])|(?<=[.?!]”))(?={_OPENERS})"
    rf"(?:{_OPENERS})(?![^\W_])"
)
#: A word that begins in lower case and goes on with a capital: "workersStrike".
_CAMEL = re.compile(r"(?<![^\W_])[a-z]{4,40}(?=[A-Z][a-z]{2,40}(?![^\W_]))")
_NAMES = frozenset({"linkedin", "builtin", "plugin", "checkin", "youtube", "wifi", "macos"})
_WHOLE = re.compile(r"[^\W_]+(?:[.?!…”][^\W_]+)?")


class RunTogether(Check):
    code = "run-together"
    title = "Sentences run together"
    explanation = (
        "Two sentences, or a heading and a sentence, follow each other without a space."
        " One click inserts it."
    )

    def find(self, article: Facts) -> Iterable[Doubt]:
        for name, text in article.texts():
            if _ANY.search(text) and (places := _places(text)):
                place = places[0]
                word = _word_at(text, place)
                mended = text
                for at in reversed(places):
                    mended = f"{mended[:at]} {mended[at:]}"
                yield Doubt(
                    f"Two sentences run together at “{word}”.",
                    f"{name}\n{word}",
                    in_field(name, text, place - 1, place + 1),
                    set_field(name, text, mended),
                )


def _places(text: str) -> list[int]:
    """Return where a space is missing."""
    found = {match.start() for match in _OPENED.finditer(text)}
    found |= {match.end() for match in _CAMEL.finditer(text)}
    return sorted(at for at in found if _word_at(text, at).casefold() not in _NAMES)


def _word_at(text: str, place: int) -> str:
    """Return the two words that stand around *place*."""
    start = max(0, place - 60)
    for match in _WHOLE.finditer(text, start):
        if match.end() > place:
            return match[0]
    return text[start:place]
