"""Scheduled articles become public by the clock, without a worker.

Before a public page is read, `current` reads the content version, which says when the next article
is due, and admits what is. The page shows what is public by the clock in any case, so admission
never makes it wait: what another writer holds is left for later.
"""

import logging
import threading
import time

from django.db import OperationalError, transaction

from articles import clock, content_version
from articles.content_version import Content
from articles.models import Article
from articles.writing import index
from articles.writing.waiting import short_waits

#: Seconds for which a thread does not try again after an attempt that failed.
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
            index.reschedule()
    return len(due)


def current() -> Content:
    """Return the present version of the content, once what is due has been admitted."""
    content = content_version.read()
    return content_version.read() if _admit_if_passed(content) else content


def admit_due_if_passed() -> int:
    """Admit what is due, if the next due time has passed; return how many were admitted.

    Never raises for another writer's lock, and waits for it a tenth of a second at most.
    """
    return _admit_if_passed(content_version.read())


def _admit_if_passed(content: Content) -> int:
    if content.next_due is None or content.next_due > clock.now():
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


def forget_memory() -> None:
    """Try again at the next call, whatever came of the last attempt. For tests."""
    _memory.tried_at = None
