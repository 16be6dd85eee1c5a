"""The files of deploy/ do what docs/deployment.md says of them."""

import os
import re
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from django.urls import reverse

from archive_site import gunicorn
from archive_site.environment import ENVIRONMENT
from articles import documents, sizing
from articles.importing.files import MAX_BYTES
from tests.conftest import ROOT

DEPLOY = ROOT / "deploy"
PAGE = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")


def run(script: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(DEPLOY / script), *arguments],
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def settings_file(tmp_path: Path) -> Path:
    """Write an environment file of an SQLite site with one row in its database."""
    var = tmp_path / "var"
    (var / "media").mkdir(parents=True)
    (var / "media" / "a.txt").write_text("uploaded", encoding="utf-8")
    with closing(sqlite3.connect(var / "archive.sqlite3")) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE kept (value TEXT)")
        database.execute("INSERT INTO kept VALUES ('yes')")
        database.commit()
    path = tmp_path / "backfile.env"
    lines = ["ARCHIVE_ENV=production", f"SECRET_KEY={'k1-' * 20}", "ALLOWED_HOSTS=a.example"]
    lines += [f"VAR_DIR={var}", 'SITE_NAME="A name with spaces"']
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_the_example_sets_what_the_settings_read() -> None:
    example = (DEPLOY / "backfile.env.example").read_text(encoding="utf-8")
    names = set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE))
    assert names - {"WEB_CONCURRENCY"} <= set(ENVIRONMENT)
    assert {"ARCHIVE_ENV", "SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL"} <= names


def test_manage_runs_under_the_settings_of_the_file(settings_file: Path) -> None:
    result = run("manage", "check", BACKFILE_ENV=str(settings_file))
    assert result.returncode == 0, result.stderr
    assert result.stdout == "System check identified no issues (0 silenced).\n"


def test_a_backup_of_a_live_site_can_be_restored(settings_file: Path, tmp_path: Path) -> None:
    live = sqlite3.connect(tmp_path / "var" / "archive.sqlite3")
    live.execute("INSERT INTO kept VALUES ('committed, and still in the log')")
    live.commit()
    kept = tmp_path / "backups"
    kept.mkdir()
    result = run("backup", str(kept), BACKFILE_ENV=str(settings_file))
    live.close()
    assert result.returncode == 0, result.stderr
    backup = Path(result.stdout.strip())
    assert backup.parent == kept
    assert backup.stat().st_mode & 0o777 == 0o700
    assert (backup / "archive.sqlite3").stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(backup / "archive.sqlite3")) as copy:
        assert copy.execute("SELECT count(*) FROM kept").fetchone() == (2,)
    subprocess.run(["tar", "-xzf", backup / "media.tar.gz", "-C", tmp_path], check=True)
    assert (tmp_path / "media" / "a.txt").read_text(encoding="utf-8") == "uploaded"


def test_a_backup_has_the_tables_of_the_archive(settings_file: Path, tmp_path: Path) -> None:
    database = tmp_path / "var" / "archive.sqlite3"
    database.unlink()
    migrated = run("manage", "migrate", "--verbosity=0", BACKFILE_ENV=str(settings_file))
    assert migrated.returncode == 0, migrated.stderr
    search = "from articles.models import FailedSearch; import datetime; FailedSearch.objects."
    search += "create(text='bell', month=datetime.date(2020, 3, 1))"
    made = run("manage", "shell", "--command", search, BACKFILE_ENV=str(settings_file))
    assert made.returncode == 0, made.stderr
    kept = tmp_path / "backups"
    kept.mkdir()
    result = run("backup", str(kept), BACKFILE_ENV=str(settings_file))
    assert result.returncode == 0, result.stderr
    (Path(result.stdout.strip()) / "archive.sqlite3").replace(database)
    for beside in database.parent.glob("archive.sqlite3-*"):
        beside.unlink()
    checked = run("manage", "check_archive", BACKFILE_ENV=str(settings_file))
    assert checked.stdout == "Index, totals and rows agree.\n", checked.stderr
    with closing(sqlite3.connect(database)) as copy:
        assert copy.execute("SELECT text FROM articles_failedsearch").fetchall() == [("bell",)]


def test_old_backups_go_and_unfinished_ones_never_count(
    settings_file: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "backups"
    for day in range(1, 6):
        (kept / f"backup-2026010{day}T000000Z").mkdir(parents=True)
    result = run("backup", str(kept), BACKFILE_ENV=str(settings_file), KEEP="3")
    names = sorted(path.name for path in kept.iterdir())
    assert names[:2] == ["backup-20260104T000000Z", "backup-20260105T000000Z"]
    assert names[2:] == [Path(result.stdout.strip()).name]
    (tmp_path / "var" / "archive.sqlite3").unlink()
    assert run("backup", str(kept), BACKFILE_ENV=str(settings_file)).returncode == 1
    assert sorted(path.name for path in kept.iterdir()) == names


@pytest.mark.parametrize("keep", ["0", "all", "-1", "1.5"])
def test_a_backup_never_removes_itself(settings_file: Path, tmp_path: Path, keep: str) -> None:
    kept = tmp_path / "backups"
    (kept / "backup-20260101T000000Z").mkdir(parents=True)
    result = run("backup", str(kept), BACKFILE_ENV=str(settings_file), KEEP=keep)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == f"KEEP must be a whole number of at least 1, not {keep}.\n"
    assert [path.name for path in kept.iterdir()] == ["backup-20260101T000000Z"]


def test_the_page_states_the_limits_that_are_set() -> None:
    limits = {
        "request line": f"{gunicorn.limit_request_line:,} bytes",
        "header fields": f"{gunicorn.limit_request_fields} of "
        f"{gunicorn.limit_request_field_size:,} bytes",
        "silent worker": f"replaced after {gunicorn.timeout} s",
        "stopping": f"{gunicorn.graceful_timeout} s to finish requests",
    }
    assert dict(re.findall(r"^\| ([a-z ]+) \| ([^|]+) \| `archive_site", PAGE, re.MULTILINE)) == (
        limits
    )


def test_the_proxy_overwrites_what_a_client_could_forge() -> None:
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    for header in ("X-Forwarded-Proto $scheme", 'Forwarded ""', 'X-Forwarded-Host ""'):
        assert f"proxy_set_header {header};" in text
    # A location with headers of its own would lose all of these.
    for location in re.findall(r"location [^{]+\{([^}]*)\}", text):
        assert "proxy_set_header" not in location


@pytest.mark.parametrize(
    ("name", "arguments", "most"),
    [
        ("articles_upload_add", [], MAX_BYTES),
        ("articles_sheet_give", [], MAX_BYTES),
        ("articles_article_files", [7], documents.MOST_BYTES),
        ("articles_article_picture", [], sizing.MOST_BYTES),
        ("authors_author_add", [], sizing.MOST_BYTES),
        ("authors_author_change", [7], sizing.MOST_BYTES),
    ],
)
def test_the_proxy_lets_through_what_a_form_takes(
    name: str, arguments: list[int], most: int
) -> None:
    address = reverse(f"admin:{name}", args=arguments)
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    for kind, place, rest in re.findall(r"location ([=~]) (\S+) \{([^}]*)\}", text):
        if address == place if kind == "=" else re.search(place, address):
            size = re.search(r"client_max_body_size (\d+)m;", rest)
            assert size is not None
            # The form around the file takes some more.
            assert int(size[1]) * 2**20 > most
            return
    pytest.fail(f"nginx.conf has no place for {address}")


def test_the_site_cannot_write_to_its_own_code() -> None:
    text = (DEPLOY / "backfile.service").read_text(encoding="utf-8")
    assert "ProtectSystem=strict" in text
    assert "User=backfile" in text
    assert "ReadWritePaths" not in text
