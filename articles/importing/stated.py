"""What only some listings state, cleaned at the door: tags, series, language, address, key and
where it was printed. Pure."""

import re

from articles.cleaning import HIGHEST_PART, clean_line, clean_url
from articles.importing.records import Values
from articles.public_keys import is_key, normalise_key

#: Longest texts of the columns behind the fields.
_LINES = {"publication": 200, "volume": 50, "issue": 50, "pages": 50, "rights": 500}
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


def clean_stated(values: Values) -> None:
    """Clean in *values* what is there of the fields above; what cannot be stored is left out."""
    for name, longest in _LINES.items():
        if name in values:
            values[name] = clean_line(str(values[name] or ""), longest) or None
    if "source_url" in values:
        values["source_url"] = clean_url(str(values["source_url"] or "")) or None
    if "language" in values:
        language = clean_line(str(values["language"] or ""))
        fits = len(language) <= 35 and _LANGUAGE.fullmatch(language)
        values["language"] = language if fits else None
    if "key" in values:
        key = normalise_key(clean_line(str(values["key"] or "")))
        values["key"] = key if is_key(key) else None
    if values.get("tags") is not None:
        tags = (clean_line(str(tag), 100) for tag in values["tags"])
        values["tags"] = list(dict.fromkeys(tag for tag in tags if tag))
    if values.get("part_number") is not None:
        values["part_number"] = _number(values["part_number"])
    if values.get("series") is not None:
        values["series"] = [
            {**place, "title": title, "part_number": _number(place.get("part_number"))}
            for place in values["series"]
            if (title := clean_line(str(place["title"]), 300))
        ]


def own_rights(stated: str, own: str, of_site: str) -> str:
    """Return what a file that says *stated* says of the rights of an article whose own are *own*.

    Whatever is written out states of each article what holds for it. Where it has no statement of
    its own that is the archive's, *of_site*: read back it is none, and no change.
    """
    return "" if stated == of_site and not own else stated


def _number(number: int | None) -> int | None:
    return number if number is not None and 0 <= number <= HIGHEST_PART else None
