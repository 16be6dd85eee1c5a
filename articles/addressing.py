"""Addresses of lists: that of criteria, and those with one value more or less."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import quote_plus, urlencode

from django.urls import get_script_prefix

from articles.criteria import Criteria
from articles.rows import list_path

#: Gives the address of the list with one value chosen, or no longer so.
Toggler = Callable[[Any], str]
#: For each dimension of many values: its parameter, a value that nothing has, and how it is said.
_PARAMETERS: Mapping[str, tuple[str, Any, Callable[[Any], str]]] = {
    "authors": ("author", "", str),
    "tags": ("tag", "", str),
    "series": ("series", "", str),
    "not_authors": ("not_author", "", str),
    "not_tags": ("not_tag", "", str),
    "not_series": ("not_series", "", str),
    "languages": ("language", "", str),
    "decades": ("decade", -1, "{:04d}".format),
    "years": ("year", 0, "{:04d}".format),
}


#: As `urlencode` does; the same few hundred slugs and years stand on most pages.
_quoted = lru_cache(maxsize=8192)(quote_plus)


def list_address(criteria: Criteria) -> str:
    """Return the address of the list that *criteria* describe."""
    query = criteria.query_string()
    address = list_path(get_script_prefix())
    return f"{address}?{query}" if query else address


def toggler(criteria: Criteria, dimension: str) -> Toggler:
    """Return what gives the address of the list with one value of *dimension* more, or less.

    All that these addresses have in common is made once: a page has a hundred of them.
    """
    if dimension not in _PARAMETERS or criteria.months:
        return lambda value: list_address(criteria.toggled(dimension, value))
    name, mark, text = _PARAMETERS[dimension]
    pairs = criteria.but(**{dimension: (mark,)}).pairs()
    place = pairs.index((name, text(mark)))
    before, after = urlencode(pairs[:place]), urlencode(pairs[place + 1 :])
    chosen = set(getattr(criteria, dimension))
    path = list_path(get_script_prefix())
    start, end = f"{path}?{before}{'&' if before else ''}", f"{'&' if after else ''}{after}"

    def address(value: Any) -> str:
        if not chosen:
            return f"{start}{name}={_quoted(text(value))}{end}"
        values = [f"{name}={_quoted(text(one))}" for one in sorted(chosen ^ {value})]
        query = "&".join(filter(None, (before, *values, after)))
        return f"{path}?{query}" if query else path

    return address
