"""Bylines compared by what they say. Pure."""

from functools import lru_cache


def say_the_same(one: str, other: str) -> bool:
    """Whether two bylines credit the same names in the same order and the same roles, however
    they are printed: "By A and B", "A & B"."""
    return _said(one) == _said(other) != ()


@lru_cache(maxsize=1000)
def _said(byline: str) -> tuple[tuple[str, str, str], ...]:
    # As a listing's are read; the parser is loaded where bylines differ, and not before.
    from articles.listing.bylines import parse_byline
    from articles.listing.columns import name_without_by

    text = byline.strip()
    credits = parse_byline(text[name_without_by(text) :])
    return tuple((credit.name, credit.kind, credit.role) for credit in credits)
