"""Checks of a field's text: sentences run together, quotation marks, doubled words.

Each check is one pass of one regular expression without nested repetition: linear in the text.
"""

import re

from articles.folding import fold
from articles.listing import words as lists
from articles.listing.credit_joins import credit_joins, may_join
from articles.listing.joins import head_of
from articles.listing.records import Diagnostic

_OPENERS = "|".join(sorted(lists.SENTENCE_OPENERS, key=len, reverse=True))
# "ministerOn": a word in lower case, or closing a sentence, that runs into a sentence's first word.
_RUN_TOGETHER = re.compile(
    rf"(?<![^\W_])(?P<word>[^\W\d_]{{0,40}}?[a-z]{{2}}|[^\W\d_]{{2,40}}[.?!]|[12][0-9]{{3}})"
    rf"(?P<next>{_OPENERS})(?![^\W_])"
)
_LOWER_THEN_UPPER = re.compile(r"(?<![^\W_])[a-z]{4,40}[A-Z][a-z]{0,40}(?![^\W_])")
# Without one of these nothing runs together: a test that is quick on the texts that are fine.
_CAPITAL_INSIDE = re.compile(r"[a-z0-9.?!][A-Z]")
_QUOTES = re.compile('[“”„«»"]')
# Letters that are others without regard to case.
_ODD_LETTER = re.compile("[ſİıK]")
_PAIRS = tuple(f"{word} {word}" for word in lists.UNDOUBLED)
_DOUBLED = re.compile(rf"(?<![\w’'-])({'|'.join(lists.UNDOUBLED)})\s{{1,3}}\1(?![\w’'-])", re.I)
_STRAIGHT = re.compile(r"(?<![0-9])\"")


def run_together(text: str, line: int) -> tuple[Diagnostic, ...]:
    """Remark on sentences that run into each other: "prime ministerOn January 11".

    Names with capitals inside ("McGeever", "LinkedIn", "Gazeta.Ru", "iPhone") are none.
    """
    if _CAPITAL_INSIDE.search(text) is None:
        return ()
    found = {
        match.start(): match[0]
        for pattern in (_RUN_TOGETHER, _LOWER_THEN_UPPER)
        for match in pattern.finditer(text)
        if match[0].casefold() not in lists.CAMEL_CASE_NAMES
    }
    if not found:
        return ()
    message = f"Two sentences run together at “{found[min(found)]}”."
    return (Diagnostic("run-together", line, message),)


def joined(text: str, line: int) -> tuple[Diagnostic, ...]:
    """Remark on a heading that another element is joined to: "Ferry sinksBy Orla Quill".

    Where the file has no habit of it the line stays whole.
    """
    if not may_join(text):
        return ()
    if credit_joins(text):
        return (
            Diagnostic("headline-holds-more", line, "The headline seems to hold another field."),
        )
    head = head_of(text)
    if head is None or fold(head.text) not in lists.SECTION_WORDS:
        return ()
    message = f"“{head.text}” may be a kicker or part of the headline."
    other = {"kicker": head.text, "headline": text[head.rest :].strip()}
    return (Diagnostic("inline-kicker", line, message, (other,)),)


def unbalanced_quotes(text: str, line: int) -> tuple[Diagnostic, ...]:
    """Remark on a field whose opening and closing quotation marks differ in number.

    Single quotation marks are left out: the closing one is also the apostrophe.
    """
    if _QUOTES.search(text) is None:
        return ()
    opening, closing = text.count("“") + text.count("„"), text.count("”")
    if "„" in text:
        # German style: „ opens and “ closes.
        opening, closing = text.count("„"), text.count("“") + text.count("”")
    french = text.count("«") != text.count("»")
    if opening != closing or french or len(_STRAIGHT.findall(text)) % 2:
        return (Diagnostic("unbalanced-quotes", line, "The quotation marks do not balance."),)
    return ()


def doubled_words(text: str, line: int) -> tuple[Diagnostic, ...]:
    """Remark on a small word that stands twice in a row."""
    plain = text.isprintable() and "  " not in text and _ODD_LETTER.search(text) is None
    if plain and not any(map(text.lower().__contains__, _PAIRS)):
        return ()
    match = _DOUBLED.search(text)
    if match is None:
        return ()
    return (Diagnostic("doubled-word", line, f"“{match[1]}” stands twice in a row."),)


def broken_headline(
    kicker: str | None, headline: str, subtitle: str | None, line: int
) -> tuple[Diagnostic, ...]:
    """Remark on two heading lines of which the second goes on in lower case."""
    for above, below in ((kicker, headline), (headline, subtitle)):
        if above and below and below[0].islower() and (above[-1].isalnum() or above[-1] in ",–—-"):
            message = "The second of two heading lines may be the rest of the first."
            other = {"headline": f"{above} {below}"}
            return (Diagnostic("kicker-or-subtitle", line, message, (other,)),)
    return ()
