"""What must hold before Django reads its settings: pytest loads this first (`-p tests.early`).

The tests run as a local archive with its files in a throw-away folder, whatever the shell says, on
the database that ARCHIVE_TEST_DATABASE announces: SQLite, unless tools/with_postgres.py gave us
another.
"""

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

#: Settings that no test may inherit from the shell. DATABASE_URL is the launcher's to give.
FORGOTTEN = (
    "ALLOWED_HOSTS",
    "BACKUP_DIR",
    "CACHE_MB",
    "CACHE_SECONDS",
    "CACHE_URL",
    "CONN_MAX_AGE",
    "CORRECTIONS_EMAIL",
    "CSRF_TRUSTED_ORIGINS",
    "DATABASE_REPLICA_URLS",
    "DEBUG",
    "EMAIL_FROM",
    "EMAIL_URL",
    "HSTS_SECONDS",
    "IMPORT_STATUS",
    "LANGUAGE_CODE",
    "LOG_LEVEL",
    "PROXY_COUNT",
    "PROXY_TRUSTED",
    "RIGHTS",
    "SECOND_FACTOR",
    "SECRET_KEY_FALLBACKS",
    "SECURITY_CONTACT",
    "SESSION_HOURS",
    "SESSION_IDLE_MINUTES",
    "SIGN_IN_DAYS",
    "SITE_DIR",
    "SITE_NAME",
    "TIME_ZONE",
)


def prepare() -> None:
    """Set the environment of this process and of the workers that it will start."""
    announced = os.environ.setdefault("ARCHIVE_TEST_DATABASE", "sqlite")
    if announced not in {"sqlite", "postgresql"}:
        raise SystemExit(f"ARCHIVE_TEST_DATABASE must be sqlite or postgresql, not {announced!r}.")
    if announced == "sqlite":
        os.environ.pop("DATABASE_URL", None)
    elif not os.environ.get("DATABASE_URL"):
        raise SystemExit(
            "ARCHIVE_TEST_DATABASE=postgresql, but no DATABASE_URL: start the tests with\n"
            "  .venv/bin/python tools/with_postgres.py .venv/bin/python -m pytest"
        )
    for name in FORGOTTEN:
        os.environ.pop(name, None)
    # What is compiled is kept: hundreds of processes are started.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    folder = tempfile.mkdtemp(prefix="backfile-tests-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["ARCHIVE_ENV"] = "local"
    os.environ["VAR_DIR"] = folder
    os.environ["SECRET_KEY"] = "for the tests only; long enough that no check has to complain"


def move_in(worker: str) -> None:
    """Give *worker* a folder of its own: it would find, and remove, what tests of others keep."""
    folder = Path(os.environ["VAR_DIR"]) / worker
    folder.mkdir(exist_ok=True)
    os.environ["VAR_DIR"] = str(folder)


# A worker of pytest-xdist has all else from the process that started it.
if "PYTEST_XDIST_WORKER" in os.environ:
    move_in(os.environ["PYTEST_XDIST_WORKER"])
else:
    prepare()
