"""What the background process of an upload does: read, plan, apply.

The run, the articles and the state DONE are one transaction: a process that dies leaves the
archive as it was.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db import DatabaseError, transaction

from articles import clock
from articles.choices import UploadState
from articles.importing import plan_file, report
from articles.importing.apply import run_import
from articles.importing.collector import rare_collections
from articles.importing.files import UnreadableFile
from articles.importing.lock import LockHeld, import_lock
from articles.importing.plan import make_plan
from articles.importing.reading import read_listing
from articles.importing.records import Options, ParsedListing, Plan, Values, stem_of
from articles.importing.snapshot import Snapshot
from articles.importing.undoing import plan as undo_plan
from articles.importing.undoing import undo
from articles.importing.undoing.plan import UndoPlan
from articles.importing.uploads import files as uploads_files
from articles.importing.uploads import plan as uploads_plan
from articles.importing.uploads.acts import APPLY, TAKING_BACK, NotNow, rows
from articles.importing.uploads.files import Notes
from articles.importing.uploads.plan import StoredPlan
from articles.models import ImportRun, Upload
from articles.redacting import guard
from articles.writing.changes import InvalidChange, StaleVersion

#: Seconds for which an upload waits for another import to end.
WAIT = 300.0
_POLL = 0.5


#: So many differences of a plan that has moved are told; the new plan shows them all.
TOLD = 3


class Refused(Exception):
    """The step cannot be taken; the text says why, ``can_try_again`` whether it may be later."""

    can_try_again = True


def work(pk: int, *, wait: float = WAIT) -> None:
    """Take an upload its next step further, and say in its row how that ended.

    The caller holds the lock of the upload. Another import that runs is waited for, *wait*
    seconds at most. Raises `NotNow` if the row does not say that it is to be worked on; what
    nobody foresaw is raised again after the row says that it failed.
    """
    upload = rows().filter(pk=pk).first()
    if upload is None or upload.state != UploadState.RUNNING:
        raise NotNow(f"Upload {pk} is not waiting for a process.")
    uploads_files.sweep()
    try:
        with rare_collections():
            _step(upload, Notes(pk), wait)
    except UnreadableFile as error:
        _fail(upload, str(error), can_try_again=False)
    except LockHeld:
        minutes = max(1, round(wait / 60))
        _fail(
            upload,
            f"Another import was still running after {minutes} minute{'s' * (minutes > 1)}."
            " Nothing was written. Start again when it is done.",
        )
    except Refused as error:
        _fail(upload, str(error), can_try_again=error.can_try_again)
    except (DatabaseError, InvalidChange, StaleVersion, OSError) as error:
        _fail(upload, f"Failed; nothing was written: {error}")
    except Exception as error:
        _fail(
            upload,
            f"Failed; nothing was written. {type(error).__name__}: {error}. The error log of the"
            " uploads has the details.",
        )
        raise


def _step(upload: Upload, notes: Notes, wait: float) -> None:
    if upload.options["step"] in TAKING_BACK:
        _take_back(upload, notes, wait)
        return
    listing = _read(upload, notes)
    with _patient_lock(notes, wait):
        notes.note("planning")
        if upload.options["step"] == APPLY:
            _apply(upload, listing, notes)
        else:
            plan = make_plan(listing, _source(upload, listing), _wanted(upload), Snapshot())
            notes.note("saving")
            _finish(upload, state=UploadState.PLANNED, plan=_packed(plan))


def _take_back(upload: Upload, notes: Notes, wait: float) -> None:
    """Take a run back as was agreed to, or that; say in the row what was done."""
    action = upload.options["step"]
    run = ImportRun.objects.get(pk=upload.options["run"])
    notes.note("planning")
    try:
        plan = _patiently(
            notes,
            wait,
            lambda: undo.take_back(
                run,
                action,
                actor=_actor_of(upload),
                reason=upload.options["reason"],
                agreed=upload.options["digest"],
                progress=lambda done, total: notes.note(action, done, total),
            ),
        )
        message = undo_plan.summary(plan)
    except undo.PlanMoved:
        refused = Refused("Nothing was written: the archive has moved since the plan was made.")
        refused.can_try_again = False
        raise refused from None
    except undo.NotPossible as error:
        run.refresh_from_db(fields=["undone"])
        # A process that was killed at its very end may have done it all.
        if (run.undone is not None) != (action == undo.UNDO):
            raise Refused(str(error)) from None
        message = ""
    _finish(upload, state=UploadState.DONE, run=run, message=message[:1000], finished=clock.now())


def _patiently(notes: Notes, wait: float, act: Callable[[], UndoPlan]) -> UndoPlan:
    """Return what *act* returns, which takes the import lock; wait for it as `_patient_lock`."""
    until = time.monotonic() + wait
    while True:
        try:
            return act()
        except LockHeld:
            if time.monotonic() >= until:
                raise
            notes.note("waiting")
            time.sleep(_POLL)


def _actor_of(upload: Upload) -> AbstractBaseUser:
    """Return the account that asked for it. Raises `Refused` if it is gone."""
    actor = get_user_model().objects.filter(pk=upload.options["by"], is_active=True).first()
    if actor is None:
        raise Refused("Nothing was written: the account of the person who confirmed is gone.")
    return actor


def _read(upload: Upload, notes: Notes) -> ParsedListing:
    """Return the listing that was given, under the name that its file had."""
    notes.note("reading")
    content = bytes(Upload.objects.values_list("content", flat=True).get(pk=upload.pk))
    with uploads_files.content_file(upload.pk, content, upload.file_name) as path:
        del content
        try:
            listing = read_listing(
                path,
                lambda done, total: notes.note("reading", done, total),
                input_format=upload.options.get("input_format"),
                dialect=upload.options.get("dialect"),
                columns=upload.options.get("columns"),
                source=lambda read: (
                    guard.left_of(upload.options["source"])
                    or stem_of(read.replace(str(path), upload.file_name))
                ),
            )
        except UnreadableFile as error:
            raise UnreadableFile(str(error).replace(str(path), upload.file_name)) from None
    # A member of an archive has the archive's name before its own.
    return replace(listing, path=listing.path.replace(str(path), upload.file_name))


@contextmanager
def _patient_lock(notes: Notes, wait: float) -> Iterator[None]:
    """Hold the import lock; wait for it, and raise `LockHeld` if it is never free."""
    until = time.monotonic() + wait
    with ExitStack() as held:
        while True:
            try:
                held.enter_context(import_lock())
                break
            except LockHeld:
                if time.monotonic() >= until:
                    raise
                notes.note("waiting")
                time.sleep(_POLL)
        yield


def _source(upload: Upload, listing: ParsedListing) -> str:
    """Return the source's name: as given, else the listing's own."""
    return guard.left_of(upload.options["source"]) or listing.own_name()


def _wanted(upload: Upload) -> Options:
    options = upload.options
    return Options(
        status=options["status"],
        tags=tuple(tag for name in options["tags"] if (tag := guard.left_of(name))),
        input_format=options.get("input_format"),
        dialect=options.get("dialect"),
        columns=options.get("columns") or {},
    )


def _packed(plan: Plan) -> Values:
    return uploads_plan.pack(report.plan_json(plan), dict(plan.totals()), report.VERSION)


def _apply(upload: Upload, listing: ParsedListing, notes: Notes) -> None:
    """Carry out the plan that was shown, or show the one of now if the archive has moved."""
    actor = _actor_of(upload)
    try:
        # With the row's last word: a process that dies has not imported, or has also said so.
        with transaction.atomic():
            _, run = run_import(
                listing,
                _source(upload, listing),
                _wanted(upload),
                actor=actor,
                progress=lambda done, total: notes.note("writing", done, total),
                check=lambda plan: _hold(upload, plan),
            )
            notes.note("saving")
            _finish(
                upload, state=UploadState.DONE, run=run, content=b"", plan=None,
                finished=clock.now(),
            )  # fmt: skip
    except _Moved as moved:
        _finish(upload, state=UploadState.PLANNED, plan=moved.plan, message=str(moved)[:1000])


class _Moved(Exception):
    """The archive would now do something else than was shown; ``plan`` says what."""

    def __init__(self, message: str, plan: Values) -> None:
        super().__init__(message)
        self.plan = plan


def _hold(upload: Upload, plan: Plan) -> None:
    """Raise `_Moved` if *plan* would do anything else than the one that was shown."""
    now = _packed(plan)
    stored: Values = Upload.objects.values_list("plan", flat=True).get(pk=upload.pk) or {}
    if now["digest"] == stored["digest"]:
        return
    found = list(plan_file.differences(StoredPlan(stored).listing(), plan))
    if not found:
        return
    more = f"; and {len(found) - TOLD} more" if len(found) > TOLD else ""
    raise _Moved(
        "Nothing was written: the archive has changed since the plan was made, and this is the"
        f" plan now. {'; '.join(found[:TOLD])}{more}.",
        now,
    )


def _fail(upload: Upload, message: str, *, can_try_again: bool = True) -> None:
    _finish(
        upload,
        state=UploadState.FAILED,
        message=message[:1000],
        options={**upload.options, "can_try_again": can_try_again},
        finished=clock.now(),
    )


def _finish(upload: Upload, **fields: Any) -> None:
    """Write how the step ended, if this process is still the one that the row waits for."""
    mine = Upload.objects.filter(pk=upload.pk, state=UploadState.RUNNING, started=upload.started)
    if not mine.update(**fields):
        raise NotNow("Another process has taken over.")
