"""What all tests share."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import override_settings

ROOT = Path(__file__).resolve().parent.parent


def announced() -> str:
    """Return the database that this run is said to be on."""
    return os.environ["ARCHIVE_TEST_DATABASE"]


def pytest_configure(config: pytest.Config) -> None:
    """Put SQLite's test database into a file: in memory it would have other locks."""
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        name = str(settings.VAR_DIR / "test.sqlite3")
        database["TEST"] = {**database.get("TEST", {}), "NAME": name}


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


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> None:
    """Refuse to run on another database than the announced one."""
    from django.db import connection

    assert connection.vendor == announced(), "the tests are not on the database they announce"
