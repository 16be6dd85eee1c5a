"""Helpers of the tests of uploads: one is given, waited for, and leaves nothing behind."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User

from articles.choices import UploadState
from articles.importing.records import Options
from articles.importing.uploads import acts as uploads
from articles.importing.uploads import files as uploads_files
from articles.models import Upload
from tests.importing import listings
from tests.importing.listings import listing_text
from tests.importing.processes import database_url

FIRST = listing_text(*listings.FIRST).encode()


Give = Callable[..., Upload]


def long_text(count: int) -> bytes:
    """Return an invented listing of *count* entries."""
    return listing_text(
        *(
            (f"Headline number {n} of many", "By Ana Brandt, 11 January 2021", f"Text {n} of them.")
            for n in range(count)
        )
    ).encode()


@pytest.fixture
def processes_at_the_test_database(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the processes that a test starts work on its database; leave none behind."""
    monkeypatch.setenv("DATABASE_URL", database_url())
    yield
    for upload in Upload.objects.filter(state=UploadState.RUNNING):
        if uploads_files.is_at_work(upload.pk):
            os.kill(uploads_files.read_notes(upload.pk)["pid"], signal.SIGKILL)
        wait_until(upload.pk, lambda standing: standing.state != "working")
    # One that is done may be about to remove its files.
    nothing_is_left()
    uploads_files.sweep()
    assert left_over() == []


@pytest.fixture
def person(db: None) -> User:
    return User.objects.create_user("ida", is_staff=True)


def hand_in(
    person: User, content: bytes, name: str = "tides.txt", *, source: str = "", **options: Any
) -> Upload:
    wanted = Options(**{"status": "published", **options})
    return uploads.give(name, content, wanted, source, actor=person)


def wait_until(
    pk: int, condition: Callable[[uploads.Standing], bool], seconds: float = 60
) -> uploads.Standing:
    """Return how an upload stands as soon as that is as wished."""
    until = time.monotonic() + seconds
    while True:
        standing = uploads.standing(uploads.rows().get(pk=pk))
        if condition(standing):
            return standing
        assert time.monotonic() < until, standing
        time.sleep(0.02)


def settled(pk: int, seconds: float = 60) -> Upload:
    """Return an upload when nothing works on it any more."""
    wait_until(pk, lambda standing: not standing.is_moving, seconds)
    return Upload.objects.get(pk=pk)


@pytest.fixture
def give(transactional_db: None, person: User, processes_at_the_test_database: None) -> Give:
    """Give a listing; return the upload when it is planned, or has failed."""

    def make(
        content: bytes = FIRST, name: str = "tides.txt", *, source: str = "", **options: Any
    ) -> Upload:
        return settled(hand_in(person, content, name, source=source, **options).pk)

    return make


def confirm(upload: Upload, actor: User) -> Upload:
    uploads.confirm(upload.pk, upload.plan["digest"], actor=actor)  # type: ignore[index]
    return settled(upload.pk)


def left_over() -> list[str]:
    """Return the files that are there for uploads."""
    names = {path.name for path in uploads_files.folder().iterdir()}
    return sorted(names - {"place", "errors.log"})


def nothing_is_left(*, seconds: float = 60) -> bool:
    """Return whether the files of all uploads go; a process removes its own after its last word."""
    until = time.monotonic() + seconds
    while left_over() and time.monotonic() < until:
        time.sleep(0.02)
    return not left_over()
