"""Counting searches that found nothing: by month, and without a word about who or when.

A page only says what was looked for; it is counted in memory and stored after the answer is out, by
one thread at a time, so that no reader ever waits for a writer.
"""

import logging
import re
import threading
from collections import Counter
from collections.abc import Callable

from django.db import Error, transaction
from django.db.models import F

from articles import clock
from articles.models import FailedSearch

#: Different searches of one month, and those that wait in memory: what comes beyond is counted
#: under the empty text.
MOST, MOST_WAITING = 500, 200
#: What may name a person rather than a subject is counted without its text.
_PERSONAL = re.compile(r"@|(?:\d[\s\-/.()]*){6}")

_log = logging.getLogger(__name__)
_waiting: Counter[str] = Counter()
_lock = threading.Lock()
_storing = threading.Lock()


def note(text: str) -> None:
    """Remember that a search for *text*, folded, found nothing. Asks no database."""
    text = "" if _PERSONAL.search(text) else text[:100]
    with _lock:
        if text not in _waiting and len(_waiting) >= MOST_WAITING:
            text = ""
        _waiting[text] += 1


def store(left_of: Callable[[str], str]) -> None:
    """Store what waits, unless another thread does; what cannot be stored now waits on.

    *left_of* returns a text without what was removed from the archive on legal grounds: one of
    which that leaves less is counted without its text.
    """
    if not _storing.acquire(blocking=False):
        return
    try:
        with _lock:
            found = dict(_waiting)
            _waiting.clear()
        try:
            _write(_unnamed(found, left_of))
        except Error:
            _log.warning("Searches that found nothing could not be counted just now.")
            with _lock:
                for text, count in found.items():
                    _waiting[text] += count
    finally:
        _storing.release()


def _unnamed(found: dict[str, int], left_of: Callable[[str], str]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for text, count in found.items():
        counts[text if left_of(text) == text else ""] += count
    return counts


def _write(found: dict[str, int]) -> None:
    month = clock.now().date().replace(day=1)
    with transaction.atomic():
        rows = FailedSearch.objects.filter(month=month)
        known = set(rows.filter(text__in=found).values_list("text", flat=True))
        room = MOST - rows.exclude(text="").count() if found.keys() - known else 0
        counts: Counter[str] = Counter()
        for text, count in sorted(found.items()):
            if text not in known and text:
                room -= 1
            counts[text if text in known or room >= 0 else ""] += count
        for text, count in counts.items():
            FailedSearch.objects.get_or_create(month=month, text=text)
            rows.filter(text=text).update(count=F("count") + count)
