"""Bulk changes carried out by a process of their own: the page that began one may be closed.

The process is started and watched as those of uploads are. It does nothing that the page could not
do a part at a time: where no process can be started, the page does. Both may even work at once,
since each part is one transaction that says how far the work has come.
"""

import os
import time

from django.contrib.auth.models import User

from articles.admin import rights
from articles.importing.uploads import acts, files
from articles.importing.uploads.files import AtWork
from articles.models import Article, BulkWork
from articles.writing import bulk_changes

#: Seconds between two parts, in which others may write.
PAUSE = 0.1


class NotTheirs(Exception):
    """Who began it may not change articles any more; the work waits."""


def key_of(pk: int) -> str:
    """Return what the lock of a work is called."""
    return f"bulk{pk}"


def start(work: BulkWork) -> bool:
    """Start a process for *work*, unless one is at work on it; return whether one is, now."""
    try:
        lock = files.take(key_of(work.pk), 0)
    except AtWork:
        return True
    try:
        acts.launch("run_bulk", str(work.pk), "--lock", str(lock), lock=lock)
    except OSError:
        files.drop(key_of(work.pk), lock)
        return False
    os.close(lock)  # the process has its own copy
    return True


def is_moving(work: BulkWork) -> bool:
    """Return whether a process of this machine is at work on *work*."""
    return work.finished is None and files.is_at_work(key_of(work.pk))


def part(work: BulkWork, user: User) -> BulkWork:
    """Do the next part of *work* for *user*, as far as their rights go; return it."""
    return bulk_changes.carry_on(
        work.pk,
        lambda article: rights.may_change(user, article),
        may_reach=lambda article, status: may_reach(user, article, status),
        may_give=lambda field: rights.may_give(user, field),
    )


def may_reach(user: User, article: Article, status: str) -> bool:
    """Return whether *user* may give *article* this status by a change to many."""
    return rights.may_publish(user) and status in rights.statuses(user, article)


def run(pk: int) -> BulkWork:
    """Carry out a work to its end; return it. Rights are asked anew before each part.

    Raises `NotTheirs` if the person may not do this any more, and `BulkWork.DoesNotExist`.
    """
    while True:
        work = BulkWork.objects.defer("wanted").get(pk=pk)
        if work.finished is not None:
            return work
        user = User.objects.filter(pk=work.actor_id or 0, is_active=True).first()
        if user is None or not rights.may_change_many(user):
            raise NotTheirs(f"Bulk change {pk} waits: its author may not change articles.")
        part(work, user)
        time.sleep(PAUSE)
