"""What all tests share."""

import fcntl
import gc
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

ROOT = Path(__file__).resolve().parent.parent
_THRESHOLD = gc.get_threshold()
#: Static files with hashes in their names, as a deployment has them.
PACKED = {
    **settings.STORAGES,
    "staticfiles": {"BACKEND": "archive_site.packing.PackedStaticFilesStorage"},
}


def announced() -> str:
    """Return the database that this run is said to be on."""
    return os.environ["ARCHIVE_TEST_DATABASE"]


def pytest_configure(config: pytest.Config) -> None:
    """Put SQLite's test database into a file: in memory it would have other locks. Hear interrupts,
    which a shell lets its background ignore: what tests start would ignore them, too."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    gc.set_threshold(10_000)
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        name = str(settings.VAR_DIR / "test.sqlite3")
        database["TEST"] = {**database.get("TEST", {}), "NAME": name}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave what asks no database to SQLite's turn: on PostgreSQL's it would say the same again."""
    if announced() == "postgresql":
        kept = [item for item in items if _asks_a_database(item)]
        config.hook.pytest_deselected(items=set(items).difference(kept))
        items[:] = kept


def pytest_collection_finish() -> None:
    """Look for garbage among what tests make, and no more among thousands of tests and all that was
    imported for them: that would take a twentieth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_THRESHOLD)


def _asks_a_database(item: pytest.Item) -> bool:
    # A test of PostgreSQL alone is skipped on SQLite.
    markers = ("django_db", "browser", "servers", "skipif")
    fixtures = {"db", "transactional_db"}
    return any(item.get_closest_marker(name) for name in markers) or not fixtures.isdisjoint(
        getattr(item, "fixturenames", ())
    )


def pytest_report_header(config: pytest.Config) -> str:
    """Say in each run's first lines which database it is on."""
    return f"database: {announced()}"


@pytest.fixture(scope="session", autouse=True)
def site_settings() -> Iterator[None]:
    """Serve static files unhashed, and hash passwords fast."""
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(
        STORAGES={**settings.STORAGES, "staticfiles": plain},
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ):
        yield


@contextmanager
def made_once(name: str) -> Iterator[Path]:
    """Give a path that all processes of this run have in common, to one of them at a time: what is
    there already was made by another one."""
    alone = "PYTEST_XDIST_WORKER" not in os.environ
    path = (settings.VAR_DIR if alone else settings.VAR_DIR.parent) / name
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield path


@pytest.fixture(scope="session")
def empty_archive() -> Path:
    """Return the file of an archive that was set up and never used: for whoever needs one of its
    own, a copy is made sooner than tables."""
    with made_once("empty.sqlite3") as path:
        if not path.exists():
            aside = path.with_suffix(".new")
            subprocess.run(
                [sys.executable, "manage.py", "migrate", "-v0"],
                cwd=ROOT,
                env={**os.environ, "DATABASE_URL": f"sqlite:///{aside}"},
                check=True,
            )
            aside.rename(path)
    return path


@pytest.fixture(scope="session")
def packed_static(site_settings: None) -> Path:
    """Return a folder of the static files as a deployment collects them: to pack them takes
    seconds, and what is there packed is left."""
    with made_once("packed") as folder:
        if not folder.exists():
            aside = folder.with_suffix(".new")
            with override_settings(STATIC_ROOT=aside, STORAGES=PACKED):
                call_command("collectstatic", interactive=False, verbosity=0)
            aside.rename(folder)
    return folder


@pytest.fixture(autouse=True)
def fresh_postings() -> None:
    """Forget what is kept of the test before, whose versions may have the numbers of this one's."""
    from articles import site_links
    from articles.counting import live

    live.forget()
    site_links.forget()


@pytest.fixture(scope="session", autouse=True)
def sets_of_the_database() -> Iterator[None]:
    """Count in sets of integers on SQLite, as an archive does out of the box, and packed ones on
    PostgreSQL."""
    from articles.counting import live, sets

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(live, "_kind", sets.Integers() if announced() == "sqlite" else None)
        yield


@pytest.fixture(scope="session", autouse=True)
def patience() -> Iterator[None]:
    """Give statements more time than a site does: the machine of the tests may have much to do."""
    from archive_site import limits

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limits, "PUBLIC_SECONDS", 60.0)
        patch.setattr(limits, "ADMIN_SECONDS", 60.0)
        yield


@pytest.fixture(autouse=True)
def no_bulk_process() -> Iterator[None]:
    """Let no bulk change start a process of its own: it would not see the test's database. The page
    carries it out then, as on a machine that starts none."""
    from articles.admin import bulk_running

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bulk_running, "start", lambda work: False)
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> None:
    """Refuse to run on another database than the announced one."""
    from django.db import connection

    assert connection.vendor == announced(), "the tests are not on the database they announce"
