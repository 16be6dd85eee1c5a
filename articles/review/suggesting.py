"""The forms of a suggestion: what one click on a finding does. Pure.

A suggestion is JSON of one of these forms:

- ``{"fields": {name: value}, "was": {name: value}}``: set columns of the article. ``was`` has what
  stood there when the doubt was found; if something else stands there now, it is refused.
- ``{"choices": [{"fields": ..., "was": ...}, ...]}``: several readings, of which one is chosen.
- ``{"merge": id}``: the article is a copy of that one;
- ``{"series": ...}``: put the article into a series; `articles.writing.proposals` carries it out.
"""

from collections.abc import Iterable, Mapping
from typing import Any

#: Columns that a suggestion may set: texts that stand alone. A byline goes with its credits.
COLUMNS = frozenset({"kicker", "headline", "subtitle", "part_label", "standfirst"})

#: Longest title of a series.
LONGEST_TITLE = 300


def set_field(name: str, was: str, value: str) -> dict[str, Any]:
    """Return the suggestion to put *value* in the place of *was*."""
    return {"fields": {name: value}, "was": {name: was}}


def new_serial(title: str, article: int, number: int | None) -> dict[str, Any] | None:
    """Return the suggestion to make a serial *title* of one *article*, with its part number if
    that is known; None if the title is too long for one."""
    if not title or len(title) > LONGEST_TITLE:
        return None
    place = {"article": article, "part_number": number}
    return {"series": {"title": title, "kind": "serial", "places": [place]}}


def other_readings(
    alternatives: Iterable[Mapping[str, Any]], values: Mapping[str, Any]
) -> dict[str, Any] | None:
    """Return the suggestion made of the parser's other readings of an entry, or None.

    A reading is offered only if it is whole: it sets columns of `COLUMNS`, leaves a headline, and
    differs from *values*, what was read.
    """
    choices = []
    for reading in alternatives:
        fields = {name: value or "" for name, value in reading.items()}
        was = {name: values.get(name) or "" for name in fields}
        is_whole = bool(fields) and fields.keys() <= COLUMNS and fields.get("headline", "x")
        if is_whole and fields != was and all(isinstance(value, str) for value in fields.values()):
            choices.append({"fields": fields, "was": was})
    if len(choices) > 1:
        return {"choices": choices}
    return choices[0] if choices else None


def choices_of(suggestion: Any) -> list[dict[str, Any]]:
    """Return the sets of fields that *suggestion* offers: none, one or several.

    Whatever is no well-formed offer is left out: rows of older versions are read as well.
    """
    if not isinstance(suggestion, dict):
        return []
    offers = suggestion.get("choices", [suggestion])
    return [
        offer
        for offer in (offers if isinstance(offers, list) else [])
        if isinstance(offer, dict)
        and isinstance(fields := offer.get("fields"), dict)
        and fields
        and fields.keys() <= COLUMNS
        and all(isinstance(value, str) for value in fields.values())
        and isinstance(offer.get("was", {}), dict)
    ]


def merge_target(suggestion: Any) -> int | None:
    """Return the id of the article that *suggestion* would merge into, or None."""
    target = suggestion.get("merge") if isinstance(suggestion, dict) else None
    return target if isinstance(target, int) and not isinstance(target, bool) else None
