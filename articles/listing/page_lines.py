"""What printed pages leave in a listing: numbers of pages on lines of their own, and running heads.

"pp. 3–7", "S. 14", "17"; "The Fen Review   Spring 2019   17", again on each page.
"""

import re

from articles.folding import fold

_WORD = (
    r"(?:[Pp]ages?|[Pp]p?\.?|S\.?|Seiten?|[Pp]áginas?|[Pp][áa]gs?\.?|[Pp]agg?\.?|[Pp]agin[ae]"
    r"|[Сс]тр\.?|[Сс]\.|[Сс]траниц[аы])"
)
_NUMBERS = (
    r"(?:[A-Z]-?)?[0-9]{1,4}(?:\s?(?:[-–—]|,|and|und|et|y|e|и)\s?[0-9]{1,4}){0,3}(?:\s?ff?\.?)?"
)
_PAGES = re.compile(
    rf"\s*[(\[]?\s?(?:(?:on|ab|auf|à la|en la|на)\s)?{_WORD}\s?(?P<pages>{_NUMBERS})"
    r"\s?[)\]]?\.?\s*\Z"
)
# "118–126", no years.
_RANGE = re.compile(r"\s*(?P<pages>(?P<first>[0-9]{1,4})\s?[-–—]\s?(?P<last>[0-9]{1,4}))\s*\Z")
_YEARS = 1500
_ALONE = re.compile(r"\s*(?:[-–—]\s?)?[0-9]{1,3}(?:\s?[-–—]|[.)])?\s*\Z")
_GAP = r"(?:\s{2,}|\t|\s[|·•]\s)"
_HEAD = re.compile(
    rf"\s*(?:(?P<first>[0-9]{{1,4}}){_GAP}(?P<behind>\S.{{2,100}}?)"
    rf"|(?P<before>\S.{{2,100}}?){_GAP}(?P<last>[0-9]{{1,4}}))\s*\Z"
)
_NUMBER_LAST = re.compile(r"(?<![\W_])[\W_]*(?:[Nn][or]?\.\s?)?[0-9]{1,5}(?:[/.-][0-9]{1,5})?\Z")
_DIGIT = re.compile("[0-9]")
_LONGEST = 120


def pages_in(text: str) -> tuple[int, int] | None:
    """Return where the pages stand in *text* if it says nothing else, "pp. 3–7" or
    "118–126"; else None.
    """
    if len(text) > 40 or _DIGIT.search(text) is None:
        return None
    match = _PAGES.match(text)
    if match is None:
        match = _RANGE.match(text)
        if match is None or not int(match["first"]) < int(match["last"]) < _YEARS:
            return None
    return match.span("pages")


def is_page_number(text: str) -> bool:
    """Tell whether *text* is a number that counts pages, or entries, and nothing else: "17",
    "– 17 –", "3."."""
    return len(text) <= 12 and _ALONE.match(text) is not None


def without_number(text: str) -> str:
    """Return the folded words of *text* without the number at its end: "Press release 2019/31"."""
    return fold(_NUMBER_LAST.sub("", text.strip()))


def running_head(text: str) -> tuple[str, int] | None:
    """Return the folded words of *text* and its page if it may be the head of a printed page."""
    stripped = text.strip()
    if len(text) > _LONGEST or not (stripped[:1].isdigit() or stripped[-1:].isdigit()):
        return None
    match = _HEAD.match(text)
    if match is None:
        return None
    page = int(match["first"] or match["last"])
    # "Orla Quill · 2019" is no page.
    return None if _YEARS <= page < 2100 else (fold(match["behind"] or match["before"]), page)
