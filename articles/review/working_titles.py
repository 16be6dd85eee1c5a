"""Headlines that no reader should see, and so keep an article a draft. Pure."""

import re

from articles.listing.working_titles import looks_like_slug

#: What a desk calls a text that is not done, behind the code that it has there: "417 tannery
#: draft". Between the two stand names, and nothing that makes a sentence of it.
_UNDONE = re.compile(
    r"\s*(?:[a-z]{2,6}[0-9]{2,6}|[0-9]{3,4})(?:\s+(?P<between>[^\n]{1,60}?))?"
    r"\s+\(?(?:drafts?|stub|wip|tk|tbc|tbd|placeholder|dummy)\)?\s*",
    re.IGNORECASE,
)
_SENTENCE = re.compile(
    r"\b(?:a|an|and|are|as|at|be|by|for|from|get|gets|had|has|have|her|his|in|into|is|its|new|no|not"
    r"|of|on|or|our|over|their|the|this|to|was|were|who|will|with|years?|nba|nfl|nhl|mlb)\b|[,.:;!?]",
    re.IGNORECASE,
)
#: Years begin headlines: "2024 party platform draft".
_YEAR = re.compile(r"\s*[12][0-9]{3}\s")


def is_working_title(headline: str, *, bylined: bool) -> bool:
    """Tell whether *headline* is an internal working title: a desk's code before a name, or, even
    above the name of its author, before a name that is said to be a draft."""
    if looks_like_slug(headline, bylined=bylined):
        return True
    found = _UNDONE.fullmatch(headline) if len(headline) <= 100 else None
    if found is None or _YEAR.match(headline):
        return False
    between = found["between"] or ""
    return len(between.split()) <= 4 and _SENTENCE.search(between) is None
