"""Listings given in the browser: how far each has come, and who may take it a step further.

given → planned → done, by a process of its own for each of the two steps (`uploads_work`), so that
no request waits for it and no restart of the web server ends it. docs/uploading.md draws it.

Whoever starts a process holds the lock of the upload (`uploads_files`) and hands it over; the row
says RUNNING before the process exists. So a row that says RUNNING without a lock is one whose
process has died.
"""

import datetime
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import QuerySet

from articles import clock
from articles.choices import UploadState
from articles.cleaning import clean_line
from articles.importing.records import Options
from articles.importing.undoing.plan import REDO as REDO
from articles.importing.undoing.plan import UNDO as UNDO
from articles.importing.uploads import files as uploads_files
from articles.importing.uploads.files import AtWork
from articles.models import ImportRun, Upload

Person = AbstractBaseUser

#: The two steps of a listing; and what is done with an import run, in one step.
PLAN, APPLY = "plan", "apply"
TAKING_BACK = (UNDO, REDO)
#: How long a process on another machine is believed to be alive.
ELSEWHERE = datetime.timedelta(hours=1)
#: What was typed rather than uploaded is called so, with the time: it names no other file.
PASTED = "Pasted text"
ANOTHER_PLAN = "The plan is another one than the page showed. Look at it again."


class NotNow(Exception):
    """The upload is not in a state in which that can be done; the text says why."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How an upload stands.

    ``state``: "working" (``stage``, ``done`` and ``total`` say how far), "elsewhere" (at work on
    another machine), "stopped" (its process died), or what `UploadState` says.
    """

    state: str
    stage: str = ""
    done: int = 0
    total: int = 0

    @property
    def is_moving(self) -> bool:
        """Whether it changes without anybody's doing."""
        return self.state in {"working", "elsewhere"}


def rows() -> QuerySet[Upload]:
    """Return the uploads without their content and plan, which may have many megabytes."""
    return Upload.objects.defer("content", "plan")


def give(name: str, content: bytes, wanted: Options, source: str, *, actor: Person) -> Upload:
    """Take in a file and start planning; return the upload.

    *name* is what the file was called, or empty for a text that was typed; *source* may be empty:
    then the listing says what its source is called. That the process could not be started is said
    by the row.
    """
    upload = Upload.objects.create(
        actor_id=actor.pk,
        file_name=_name(name),
        content=content,
        options={**wanted.as_json(), "source": source, "step": PLAN},
        state=UploadState.FAILED,
        message="Not started yet.",
    )
    _start(upload.pk, PLAN, actor, (UploadState.FAILED,))
    return rows().get(pk=upload.pk)


def take_back(
    run: ImportRun, action: str, digest: str, *, actor: Person, reason: str = ""
) -> Upload:
    """Start taking *run* back, or with `REDO` that, by a process as for a listing; return its row.

    *digest* is that of the plan which the person agreed to. Raises `NotNow` if it is being done.
    """
    at_work = rows().filter(state=UploadState.RUNNING, options__run=run.pk)
    if any(standing(upload).is_moving for upload in at_work):
        raise NotNow("It is already being worked on.")
    upload = Upload.objects.create(
        actor_id=actor.pk,
        file_name=_name(run.file_name),
        content=b"",
        options={"step": action, "run": run.pk, "digest": digest, "reason": reason},
        state=UploadState.FAILED,
        message="Not started yet.",
    )
    _start(upload.pk, action, actor, (UploadState.FAILED,))
    return rows().get(pk=upload.pk)


def _name(given: str) -> str:
    """Return the last part of a file's name as one safe line."""
    last = given.replace("\\", "/").rsplit("/", 1)[-1]
    name = clean_line(last, 200)
    if name.strip(". "):
        return name
    return f"{PASTED} {clock.now():%Y-%m-%d %H.%M.%S}.txt"


def confirm(pk: int, digest: str, *, actor: Person) -> None:
    """Start applying the plan of an upload: the one whose *digest* the person was shown.

    Raises `NotNow`.
    """
    _start(pk, APPLY, actor, (UploadState.PLANNED,), digest)


def read_again(pk: int, columns: Mapping[str, str], digest: str, *, actor: Person) -> None:
    """Start planning anew with these fields of *columns*, by header, given by hand; *digest* is
    that of the plan that the person was shown. Raises `NotNow`."""
    _start(pk, PLAN, actor, (UploadState.PLANNED,), digest, {"columns": dict(columns)})


def start_again(pk: int, *, actor: Person) -> None:
    """Start the step anew that failed or whose process died. Raises `NotNow`."""
    _start(pk, "", actor, (UploadState.FAILED, UploadState.RUNNING))


def discard(pk: int) -> None:
    """Forget what was given; only the row stays. Raises `NotNow` while a process is at work."""
    lock = _lock(pk)
    try:
        upload = rows().get(pk=pk)
        _refuse_elsewhere(upload)
        if upload.state == UploadState.DONE:
            raise NotNow("It is done: what it brought can be undone on the page of its run.")
        _claim(upload, state=UploadState.DISCARDED, content=b"", plan=None, finished=clock.now())
    finally:
        uploads_files.drop(pk, lock)


def _start(
    pk: int,
    step: str,
    actor: Person,
    states: tuple[UploadState, ...],
    digest: str | None = None,
    more: Mapping[str, Any] | None = None,
) -> None:
    """Start a process for *step* (empty: the one before) if the state is one of *states*; *more*
    are options that it takes instead of those it had."""
    lock = _lock(pk)
    started = False
    try:
        upload = rows().get(pk=pk)
        _refuse_elsewhere(upload)
        if upload.state not in states:
            raise NotNow(f"It is already {UploadState(upload.state).label}.")
        if digest is not None and digest != _digest(pk):
            raise NotNow(ANOTHER_PLAN)
        options = {
            **upload.options,
            **(more or {}),
            "step": step or upload.options["step"],
            "by": actor.pk,
            "place": uploads_files.place(),
        }
        before = (upload.state, upload.message)
        _claim(
            upload, state=UploadState.RUNNING, options=options, started=clock.now(),
            finished=None, message="",
        )  # fmt: skip
        try:
            _launch(pk, lock)
        except OSError as error:
            state = before[0] if before[0] != UploadState.RUNNING else UploadState.FAILED
            message = f"The process could not be started: {error.strerror or error}"
            Upload.objects.filter(pk=pk).update(state=state, message=message[:1000])
            return
        started = True
    finally:
        if started:
            os.close(lock)  # the process has its own copy
        else:
            uploads_files.drop(pk, lock)


def _lock(pk: int) -> int:
    """Return the lock of an upload that nobody works on; raise `NotNow` if somebody does."""
    try:
        if standing(rows().get(pk=pk)).state != "working":
            return uploads_files.take(pk)
    except AtWork:
        pass
    raise NotNow("It is already being worked on.")


def _digest(pk: int) -> str | None:
    digest: str | None = Upload.objects.values_list("plan__digest", flat=True).get(pk=pk)
    return digest


def _claim(upload: Upload, **fields: Any) -> None:
    """Write *fields* if nobody, on whatever machine, has changed the state meanwhile."""
    same = Upload.objects.filter(pk=upload.pk, state=upload.state, started=upload.started)
    if not same.update(**fields):
        raise NotNow("It is already being worked on.")


def _refuse_elsewhere(upload: Upload) -> None:
    if upload.state == UploadState.RUNNING and _is_elsewhere(upload):
        raise NotNow("It is being worked on by another machine.")


def _is_elsewhere(upload: Upload) -> bool:
    if upload.options.get("place") == uploads_files.place() or upload.started is None:
        return False
    return clock.now() - upload.started < ELSEWHERE


def _launch(pk: int, lock: int) -> None:
    """Start the process, which shares nothing with this one but the lock."""
    launch("run_upload", str(pk), "--lock", str(lock), lock=lock)


def launch(*arguments: str, lock: int) -> None:
    """Start manage.py with *arguments* in a session of its own, which inherits *lock*.

    Raises `OSError` if the system starts none.
    """
    with (uploads_files.folder() / "errors.log").open("ab") as log:
        os.fchmod(log.fileno(), 0o600)
        process = subprocess.Popen(
            [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments],
            cwd=settings.BASE_DIR,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=log,
            pass_fds=(lock,),
            start_new_session=True,
        )
    _reap_later(process)


def _reap_later(process: "subprocess.Popen[bytes]") -> None:
    """Take note of the end of *process* when it comes, if this process lives to see it."""
    threading.Thread(target=process.wait, name=f"upload {process.pid}", daemon=True).start()


def standing(upload: Upload) -> Standing:
    """Return how an upload stands."""
    if upload.state != UploadState.RUNNING:
        return Standing(upload.state)
    if _is_elsewhere(upload):
        return Standing("elsewhere")
    if uploads_files.is_at_work(upload.pk):
        notes = uploads_files.read_notes(upload.pk)
        return Standing(
            "working", notes.get("stage", "starting"), notes.get("done", 0), notes.get("total", 0)
        )
    # It may have ended since the row was read; its last act was to write the row.
    upload.refresh_from_db(fields=["state", "message", "run", "options", "started"])
    if upload.state != UploadState.RUNNING:
        return Standing(upload.state)
    return Standing("stopped")
