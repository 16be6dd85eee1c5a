"""One change to a whole archive: looked at, carried out and taken back by the pages of the admin.

``python -m benchmarks.bulk`` builds an archive of 10,000 articles on SQLite in a temporary folder,
signs in as an editor, and does with all of it what an editor may do at once: set a field, add a
tag, find and replace in three fields, withdraw, and publish what was withdrawn. Each change is
carried out as it is by default, by a process of its own that the page looks at; it is taken back as
where none can be started, by the page itself, a part with each request. Then the index is compared
with the articles (`manage.py check_archive`).

``--database postgres`` does it on a throw-away PostgreSQL, ``--articles`` says how many,
``--json FILE`` keeps the figures, ``--results`` writes the table into RESULTS.md.
"""

import argparse
import datetime
import hashlib
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import urlencode

from benchmarks import results
from benchmarks.databases import ROOT, printed
from benchmarks.measuring import collect_static

ARTICLES = 10_000
#: Seconds after which the server ends a request: `archive_site/gunicorn.py`.
LIMIT = 30.0
#: Seconds between two looks of the page at a process that moves, as in its script.
LOOK = 0.7
#: Seconds after which a change that does not end is given up.
PATIENCE = 3600.0


class Editor:
    """Somebody at the desk, whose requests are counted and timed."""

    def __init__(self) -> None:
        from django.contrib.auth import get_user_model
        from django.contrib.auth.models import Group
        from django.test import Client
        from django.urls import reverse

        users: Any = get_user_model()._default_manager
        user = users.create_user("measure-bulk", is_staff=True)
        user.groups.add(Group.objects.get(name="Editor"))
        self.client = Client(SERVER_NAME="localhost")
        self.client.force_login(user)
        self.page = reverse("admin:articles_bulk")
        self.walls: list[float] = []

    def ask(self, method: str, address: str, data: Any = None, **headers: str) -> Any:
        """Return the answer to one request. Raises `RuntimeError` if it is an error."""
        started = time.perf_counter()
        answer: Any = getattr(self.client, method)(address, data, headers=headers)
        self.walls.append(time.perf_counter() - started)
        if answer.status_code not in (200, 302):
            raise RuntimeError(f"{address} answered {answer.status_code}")
        return answer

    def follow(self, address: str) -> dict[str, Any]:
        """Do what the script of the page of a work does until it is finished."""
        asked, end = False, time.perf_counter() + PATIENCE
        while time.perf_counter() < end:
            now = self.ask("get", address, accept="application/json").json()
            if not now["finished"] and not now["moving"]:
                fields = {"here": "1"} if asked else {}
                now = self.ask("post", address, fields, accept="application/json").json()
                asked = True
            if now["finished"]:
                return self._ended(address)
            time.sleep(LOOK if now["moving"] else 0)
        raise RuntimeError(f"{address} did not end")

    def _ended(self, address: str) -> dict[str, Any]:
        from articles.models import BulkWork

        work = BulkWork.objects.defer("wanted").get(pk=address.rstrip("/").rpartition("/")[2])
        self.ask("get", address)
        return {"total": work.total, "changed": work.changed, "left": work.left_count}

    def figures(self, started: float, ended: dict[str, Any]) -> dict[str, Any]:
        """Return what an act took since *started*, and forget its requests."""
        figures = {
            "requests": len(self.walls),
            "longest": max(self.walls),
            "seconds": time.perf_counter() - started,
            **ended,
        }
        self.walls = []
        return figures


def _acts() -> dict[str, dict[str, Any]]:
    from articles.models import Tag

    # The rarest tag: what it is added to had it not.
    tag = Tag.objects.order_by("-pk")[0]
    return {
        "set a field": {"do": "set", "field": "rights", "value": "© The heirs, as measured"},
        "add a tag": {"do": "tag-add", "tag": tag.pk},
        "find and replace in headline, standfirst and body": {
            "do": "find",
            "fields_searched": ["headline", "standfirst", "body"],
            "text": "the",
            "replacement": "this",
        },
        "withdraw": {"do": "withdraw", "withdrawn_reason": "Measured and taken back"},
        "publish": {"do": "publish"},
    }


def _held() -> str:
    """Return a digest of what the acts change: heads, texts, status, rights, tags."""
    from articles.models import Article, TaggedArticle

    digest = hashlib.sha256()
    fields = ("pk", "headline", "standfirst", "body", "status", "withdrawn_reason", "rights")
    for row in Article.objects.order_by("pk").values_list(*fields).iterator():
        digest.update(repr(row).encode())
    pairs = TaggedArticle.objects.order_by("content_object", "tag")
    for pair in pairs.values_list("content_object", "tag").iterator():
        digest.update(repr(pair).encode())
    return digest.hexdigest()


def _measure(editor: Editor) -> list[dict[str, Any]]:
    """Return what each act on every article takes, and what taking it back does."""
    rows: list[dict[str, Any]] = []
    acts = _acts()
    publish = acts.pop("publish")
    for name, act in acts.items():
        before = _held()
        work = _do(editor, rows, name, act)
        if name == "withdraw":
            # Only what readers do not see can be published.
            withdrawn = _held()
            published = _do(editor, rows, "publish", publish)
            _take_back(editor, rows, "publish", published, withdrawn)
        _take_back(editor, rows, name, work, before)
    return rows


def _do(editor: Editor, rows: list[dict[str, Any]], name: str, act: dict[str, Any]) -> str:
    """Look at *act* on every article and carry it out; add its figures, return its address."""
    address = f"{editor.page}?{urlencode({'of': '', **act}, doseq=True)}"
    started = time.perf_counter()
    text = editor.ask("get", address).content.decode()
    preview = editor.walls[-1]
    digest = re.search(r'name="digest" value="([0-9a-f]+)"', text)
    if digest is None:
        raise RuntimeError(f"{name}: there is nothing to be changed")
    work: str = editor.ask("post", address, {"digest": digest[1], "reason": "Measured"})["Location"]
    ended = editor.follow(work)
    rows.append({"name": name, "preview": preview, **editor.figures(started, ended)})
    _told(rows)
    return work


def _take_back(
    editor: Editor, rows: list[dict[str, Any]], name: str, work: str, before: str
) -> None:
    """Undo *work*, which did *name*, by the page; add its figures, and whether all is as before."""
    from articles.importing.uploads import acts

    started = time.perf_counter()
    with mock.patch.object(acts, "launch", side_effect=OSError("no processes here")):
        ended = editor.follow(editor.ask("post", f"{work}undo/")["Location"])
    figures = editor.figures(started, ended)
    # Of what was withdrawn, the same is public again.
    name, is_as_before = f"{name}, taken back", _held() == before
    rows.append({"name": name, "preview": None, **figures, "is_as_before": is_as_before})
    _told(rows)


def _told(rows: list[dict[str, Any]]) -> None:
    print(f"{rows[-1]['name']}: {rows[-1]['seconds']:.0f} s", file=sys.stderr, flush=True)


def measure_all(articles: int) -> dict[str, Any]:
    """Fill DATABASE_URL, which is empty, with *articles*; return the figures."""
    printed(dict(os.environ), "manage.py", "migrate", "--verbosity", "0")
    printed(dict(os.environ), "-m", "benchmarks.corpus", str(articles))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "archive_site.settings")
    import django

    django.setup()
    from django.db import connection

    from articles.models import Article
    from articles.writing import bulk_changes, checking

    collect_static()
    load = os.getloadavg()[0]
    editor = Editor()
    rows = _measure(editor)
    return {
        "articles": Article.objects.count(),
        "database": "SQLite" if connection.vendor == "sqlite" else "PostgreSQL",
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "machine": f"{os.cpu_count()} cores, Python {platform.python_version()}",
        "load": (load, os.getloadavg()[0]),
        "part": bulk_changes.PART,
        "rows": rows,
        "faults": len(list(checking.check())),
    }


def table(figures: dict[str, Any]) -> str:
    """Return the figures as Markdown."""
    rows = figures["rows"]
    before, after = figures["load"]
    longest = max(row["longest"] for row in rows)
    over = "**over** the" if longest > LIMIT else "the"
    is_moved = any(row.get("is_as_before") is False for row in rows)
    faults = figures["faults"] or "no"
    lines = [
        f"{figures['articles']:,} articles on {figures['database']}; {figures['machine']};"
        f" {figures['date']}. Load average {before:.1f} before, {after:.1f} after.",
        "",
        f"Longest request {longest:.1f} s, {over} server's limit being {LIMIT:.0f} s. A process of"
        " its own carries a change out, and the page looks at it; taken back it is by the page,"
        f" {figures['part']} articles a request. check_archive finds {faults} differences."
        + (" What was taken back is **not** as before." if is_moved else " All is as before."),
        "",
        "| change | preview s | requests | longest s | s in all | articles | changed | left |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for row in rows:
        preview = "" if row["preview"] is None else f"{row['preview']:.1f}"
        lines.append(
            f"| {row['name']} | {preview} | {row['requests']} | {row['longest']:.1f} |"
            f" {row['seconds']:.0f} | {row['total']:,} | {row['changed']:,} | {row['left']:,} |"
        )
    return "\n".join(lines)


def main() -> int:
    """Build, measure, print Markdown and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=ARTICLES)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--json", metavar="FILE", help="write the figures to FILE")
    parser.add_argument("--results", action="store_true", help="write the table into RESULTS.md")
    parser.add_argument("--here", metavar="FILE", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here:
        found = json.dumps(measure_all(options.articles))
        Path(options.here).write_text(found, encoding="utf-8")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        file = f"{folder}/figures.json"
        this = [sys.executable, "-m", "benchmarks.bulk", "--here", file]
        this += ["--articles", str(options.articles)]
        if options.database == "postgres":
            this = [sys.executable, "tools/with_postgres.py", *this]
        local = {**os.environ, "ARCHIVE_ENV": "local", "VAR_DIR": folder, "CACHE_MB": "0"}
        local["DATABASE_URL"] = f"sqlite:///{folder}/archive.sqlite3"
        local.pop("DJANGO_SETTINGS_MODULE", None)
        subprocess.run(this, cwd=ROOT, env=local, stdout=sys.stderr, check=True)
        figures = json.loads(Path(file).read_text(encoding="utf-8"))
    text = table(figures)
    print(text)
    if options.json:
        Path(options.json).write_text(json.dumps(figures, indent=1), encoding="utf-8")
    if options.results:
        title = f"Changes to many: {figures['articles']:,} articles, {figures['database']}"
        results.write(title, text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
