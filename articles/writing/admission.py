"""Scheduled articles become public by the clock, without a worker.

Before a public page is read, `admit_due_if_passed` looks at the time of the next admission, which
this process remembers for a second, and admits what is due. The page shows what is public by the
clock in any case, so admission never makes it wait: what another writer holds is left for later.
"""

import logging
import threading
import time

from django.db import OperationalError, transaction

from articles import clock
from articles.models import Article, ContentVersion
from articles.writing import index
from articles.writing.waiting import short_waits

#: Seconds for which a process trusts what it read of the next due time, and for which it does not
#: try again after an attempt that failed.
MEMORY = 1.0

_memory = threading.local()
_log = logging.getLogger(__name__)


def admit_due() -> int:
    """Admit every article that is visible by the clock and not yet indexed; return how many.

    One transaction. What another process admitted meanwhile is left alone, and so is an article
    that an editor's save holds: that save admits it. Articles are locked before the content
    version, as by every writer.
    """
    with transaction.atomic():
        rows = Article.objects.due().select_for_update(skip_locked=True, no_key=True)
        due = list(rows.order_by("pk").values_list("pk", flat=True))
        if due:
            index.refresh(due)
        elif not Article.objects.due().exists():
            index.touch()
    return len(due)


def admit_due_if_passed() -> int:
    """Admit what is due, if the next due time has passed; return how many were admitted.

    Never raises for another writer's lock, and waits for it a tenth of a second at most.
    """
    read_at, next_due = getattr(_memory, "state", (None, None))
    if read_at is None or time.monotonic() - read_at > MEMORY:
        next_due = ContentVersion.objects.values_list("next_due", flat=True).first()
        _memory.state = (time.monotonic(), next_due)
    if next_due is None or next_due > clock.now():
        return 0
    tried_at = getattr(_memory, "tried_at", None)
    if tried_at is not None and time.monotonic() - tried_at <= MEMORY:
        return 0
    try:
        with short_waits():
            admitted = admit_due()
    except OperationalError as error:
        _log.info("Articles are due, and will be admitted later: %s", str(error).strip())
        admitted = 0
    if admitted:
        forget_memory()
    else:
        _memory.tried_at = time.monotonic()
    return admitted


def seconds_to_next() -> float | None:
    """Return in how many seconds the next article becomes public, as far as this process
    remembers; None if none is scheduled. For the age that caches may give a page."""
    _, next_due = getattr(_memory, "state", (None, None))
    return None if next_due is None else max(0.0, (next_due - clock.now()).total_seconds())


def forget_memory() -> None:
    """Read the next due time anew at the next call. For tests and after writes here."""
    _memory.state = (None, None)
    _memory.tried_at = None
