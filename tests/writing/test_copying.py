"""An archive in another database is the same archive."""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
import uuid
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import CommandError
from django.db import connection

from archive_site.environment import database
from articles.choices import Status
from articles.models import Article, Upload
from articles.writing import copying
from articles.writing.articles import delete_articles, set_status
from articles.writing.names import save_named
from tests.conftest import ROOT
from tests.factories import make_article, make_author, make_series, make_tag
from tests.importing.undoing import entry, import_entries

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def archive(tmp_path: Path) -> dict[str, Any]:
    """Fill the archive with something of every kind; return what the tests ask for."""
    editor: Any = get_user_model().objects.create_user("edith", password="long-enough-word")
    editor.groups.add(Group.objects.order_by("pk")[0])
    import_entries(tmp_path, entry(1), entry(2), entry(3))
    ada, series = (
        make_author("Ådå\tMöss", bio="Line\nline \\N 'quoted' \"twice\""),
        make_series("T"),
    )
    make_article(
        "Łódź – 日本 \\ \U0001f514", authors=[ada], tags=[make_tag("C++")], series=[(series, 1)],
        body="<p>Tab\tand line.</p>", actor=editor,
    )  # fmt: skip
    ada.name, ada.slug = "Ada Moss", "a-moss"
    save_named(ada, actor=editor)
    gone = make_article("Gone")
    set_status([gone.pk], Status.WITHDRAWN, actor=editor, reason="Wrong.")
    Upload.objects.create(actor=editor, file_name="a.txt", content=bytes(range(256)) * 3)
    doomed = make_article("Never public", status="draft")
    number = doomed.pk
    delete_articles([number], actor=editor)
    return {"deleted": number, "editor": editor.pk}


@pytest.fixture
def target(tmp_path: Path) -> str:
    """Return the address of an empty database of SQLite."""
    return f"sqlite:///{tmp_path / 'copy.sqlite3'}"


@pytest.fixture
def set_up(target: str, empty_archive: Path) -> str:
    """Return the address of an archive that was set up and never used."""
    shutil.copy(empty_archive, target.removeprefix("sqlite:///"))
    return target


def here() -> str:
    """Return the address of the database that the tests are on."""
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{settings['NAME']}"
    host = settings["HOST"] or settings["OPTIONS"]["host"]
    return f"postgresql://{settings['USER']}@/{settings['NAME']}?host={host}"


def run(url: str, *arguments: str) -> str:
    """Run a program of ours on the database at *url*, as its users do; return what it printed."""
    result = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        raise CommandError(result.stderr)
    return result.stdout


def copied(to: str, *flags: str, source: str = "") -> str:
    return run(source or here(), "manage.py", "copy_archive", "--to", to, *flags)


def in_shell(url: str, code: str) -> str:
    return run(url, "manage.py", "shell", "--no-imports", "-c", code).strip().splitlines()[-1]


def digests(text: str) -> dict[str, tuple[str, str]]:
    """Return rows and hash by table, as the command prints them."""
    lines = re.findall(r"^ *(\d+)  (\w+) +([0-9a-f]{32})$", text, re.MULTILINE)
    return {table: (rows, digest) for rows, table, digest in lines}


def rows_of(target: str, table: str) -> int:
    with closing(sqlite3.connect(target.removeprefix("sqlite:///"))) as database:
        found = database.execute(f"SELECT count(*) FROM {table}")  # noqa: S608
        return int(found.fetchone()[0])


def test_every_table_arrives(archive: dict[str, Any], target: str, tmp_path: Path) -> None:
    found = digests(copied(target))
    wanted = {
        "articles_article", "articles_contribution", "articles_taggedarticle", "articles_part",
        "articles_searchdocument", "articles_publickey", "articles_pastaddress", "articles_upload",
        "articles_operation", "articles_fieldchange", "articles_sourceentry", "articles_importrun",
        "articles_contentversion", "authors_author", "auth_user", "auth_group", "auth_user_groups",
    }  # fmt: skip
    assert wanted <= set(found)
    for model in copying.tables():
        count = model._base_manager.count()
        assert rows_of(target, model._meta.db_table) == count, model
        assert found.get(model._meta.db_table, ("0",))[0] == str(count)
    with closing(sqlite3.connect(target.removeprefix("sqlite:///"))) as database:
        content = database.execute("SELECT content FROM articles_upload").fetchone()[0]
    assert content == bytes(range(256)) * 3
    # Another reader of everything, which knows nothing of the copy.
    paths = [tmp_path / "one.json", tmp_path / "other.json"]
    for url, path in zip((here(), target), paths, strict=True):
        run(url, "manage.py", "export_fixture", "--output", str(path))
    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert "Łódź" in paths[1].read_text(encoding="utf-8")


def test_the_copy_is_an_archive_in_step(archive: dict[str, Any], set_up: str) -> None:
    """Into a target that was set up and not used; elsewhere, into one that is empty."""
    copied(set_up)
    run(set_up, "manage.py", "check_archive")
    code = (
        "from articles.search import base; from articles.models import Article;"
        "print(base.search(Article.objects.published(), 'lodz').count())"
    )
    assert in_shell(set_up, code) == "1"


#: Makes an article and prints its number.
NEW = "from tests.factories import make_article; print(make_article('New', status='draft').pk)"


def test_what_was_deleted_keeps_its_number(archive: dict[str, Any], set_up: str) -> None:
    copied(set_up)
    assert int(in_shell(set_up, NEW)) > archive["deleted"]


def test_nothing_is_written_for_a_dry_run(archive: dict[str, Any], target: str) -> None:
    text = copied(target, "--dry-run")
    assert re.search(r"^ +\d+  articles_article$", text, re.MULTILINE)
    assert "Nothing was written." in text
    assert rows_of(target, "sqlite_master") == 0


def test_a_target_with_rows_is_refused(archive: dict[str, Any], set_up: str) -> None:
    copied(set_up)
    for flags in ((), ("--dry-run",)):
        with pytest.raises(CommandError, match="not empty"):
            copied(set_up, *flags)


def test_somebody_elses_database_is_refused(archive: dict[str, Any], target: str) -> None:
    with closing(sqlite3.connect(target.removeprefix("sqlite:///"))) as other:
        other.execute("CREATE TABLE theirs (id integer)")
        other.commit()
    with pytest.raises(CommandError, match="something else: theirs"):
        copied(target)


def test_the_archive_is_not_copied_into_itself(archive: dict[str, Any]) -> None:
    with pytest.raises(CommandError, match="the database that the archive is in"):
        copied(here())
    with pytest.raises(CommandError, match="--to must name"):
        copied("mysql://u:p@h/d")


#: Copies, with a table of which a row is changed on its way.
LOSSY = """
import django, sys
django.setup()
from django.core.management import call_command
from articles.models import Operation
from articles.writing import copying
send = copying._send
def lossy(model):
    found = send(model)
    if model is Operation:
        rows = Operation.objects.using(copying.TARGET)
        rows.filter(pk=rows.order_by("pk")[0].pk).update(reason="other")
    return found
copying._send = lossy
call_command("copy_archive", "--to", sys.argv[1])
"""


def test_a_copy_that_differs_is_not_kept(archive: dict[str, Any], target: str) -> None:
    with pytest.raises(CommandError, match=r"articles_operation: .* others arrived"):
        run(here(), "-c", LOSSY, target)
    assert rows_of(target, "articles_article") == rows_of(target, "auth_user") == 0


def test_there_and_back_again(archive: dict[str, Any], target: str) -> None:
    """PostgreSQL to SQLite and SQLite to PostgreSQL; on SQLite alone, two files."""
    first = digests(copied(target))
    name = f"copy_{uuid.uuid4().hex[:12]}"
    is_postgresql = connection.vendor == "postgresql"
    if is_postgresql:
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        back = here().replace(f"/{connection.settings_dict['NAME']}?", f"/{name}?")
    else:
        back = target.replace("copy.sqlite3", "back.sqlite3")
    try:
        assert digests(copied(back, source=target)) == first
        run(back, "manage.py", "check_archive")
        assert int(in_shell(back, NEW)) > archive["deleted"]
    finally:
        if is_postgresql:
            with connection.cursor() as cursor:
                cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_every_row_counts() -> None:
    def summary(*rows: tuple[Any, ...]) -> copying.TableCopy:
        return copying._summary(Article, iter(rows))

    one = summary((1, "a", None), (2, "b", {"x": 1, "y": [2]}))
    assert one == summary((2, "b", {"y": [2], "x": 1}), (1, "a", None))
    assert one != summary((1, "a", None))
    assert one != summary((1, "a", ""), (2, "b", {"x": 1, "y": [2]}))
    assert summary((b"\x00\xff",)) == summary((memoryview(b"\x00\xff"),))
    assert database("sqlite:///x.sqlite3")["NAME"] == "x.sqlite3"
