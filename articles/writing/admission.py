"""Scheduled articles become public by the clock, without a worker.

Before a public page is read, `admit_due_if_passed` looks at the time of the next admission, which
this process remembers for a second, and admits what is due.
"""

import threading
import time

from django.db import transaction

from articles import clock
from articles.models import Article, ContentVersion
from articles.writing import index

#: Seconds for which a process trusts what it read of the next due time.
MEMORY = 1.0

_memory = threading.local()


def admit_due() -> int:
    """Admit every article that is visible by the clock and not yet indexed; return how many.

    One transaction. What another process admitted meanwhile is left alone.
    """
    with transaction.atomic():
        index.lock_content_version()
        due = list(Article.objects.due().values_list("pk", flat=True))
        if due:
            index.refresh(due)
        else:
            index.touch()
    return len(due)


def admit_due_if_passed() -> int:
    """Admit what is due, if the next due time has passed; return how many were admitted."""
    read_at, next_due = getattr(_memory, "state", (None, None))
    if read_at is None or time.monotonic() - read_at > MEMORY:
        next_due = ContentVersion.objects.values_list("next_due", flat=True).first()
        _memory.state = (time.monotonic(), next_due)
    if next_due is None or next_due > clock.now():
        return 0
    admitted = admit_due()
    forget_memory()
    return admitted


def seconds_to_next() -> float | None:
    """Return in how many seconds the next article becomes public, as far as this process
    remembers; None if none is scheduled. For the age that caches may give a page."""
    _, next_due = getattr(_memory, "state", (None, None))
    return None if next_due is None else max(0.0, (next_due - clock.now()).total_seconds())


def forget_memory() -> None:
    """Read the next due time anew at the next call. For tests and after writes here."""
    _memory.state = (None, None)
