"""Entries of listings without what was removed: stored ones, and those that come again.

Both are changed by the same functions, so that a file that is read again says exactly what is
stored of it, and is recognised: see `articles.importing.identity`.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from articles.folding import fold
from articles.importing.identity import digest, natural_key
from articles.models import SourceEntry
from articles.redacting.words import MARK, blank_value, is_only_mark
from articles.writing.index import batches

Values = dict[str, Any]

_FOLDED_MARK = fold(MARK)


def without(values: Values | None, blank: Callable[[str], str]) -> Values | None:
    """Return the *values* of an entry without the words that *blank* leaves out.

    Nobody is credited whose name went, and no tag is without one.
    """
    if values is None:
        return None
    # The names of the fields are ours.
    left = {name: blank_value(value, blank) for name, value in values.items()}
    if left.get("authors"):
        left["authors"] = [
            credit for credit in left["authors"] if not is_only_mark(str(credit.get("name") or ""))
        ]
    if left.get("tags"):
        left["tags"] = [tag for tag in left["tags"] if not is_only_mark(str(tag))]
    return left


def emptied(values: Values | None) -> Values:
    """Return what is kept of an entry whose whole text was removed: its day."""
    return {"headline": MARK, "published_on": (values or {}).get("published_on")}


def listings_of(entry_ids: Iterable[int]) -> set[int]:
    """Return the listings in which these entries stand, or that say the same in later versions."""
    found: set[int] = set()
    for chunk in batches(sorted(set(entry_ids))):
        for link in ("pk__in", "unchanged_from__in"):
            rows = SourceEntry.objects.filter(**{link: chunk})
            found |= set(rows.values_list("listing_id", flat=True))
    return found


def number_again(listing_ids: Iterable[int]) -> None:
    """Give the entries of these listings that lost words the fingerprints that they have when the
    file is read again: among equals by their place from its end."""
    for listing in sorted(listing_ids):
        rows = list(
            SourceEntry.objects.filter(listing=listing)
            .order_by("-ordinal", "id")
            .values_list("pk", "ordinal", "values", "unchanged_from__values", "fingerprint")
        )
        seen: Counter[str] = Counter()
        numbers: dict[tuple[str, int], int] = {}
        for pk, ordinal, values, roots, print_ in rows:
            key = natural_key(values or roots or {})
            if (key, ordinal) not in numbers:
                seen[key] += 1
                numbers[key, ordinal] = seen[key]
            if _FOLDED_MARK in key:
                new = digest(key, numbers[key, ordinal]).hex()
                if new != print_:
                    SourceEntry.objects.filter(pk=pk).update(fingerprint=new)
