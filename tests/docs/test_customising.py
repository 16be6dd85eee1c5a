"""docs/customising.md makes the site that it says: its files and commands, run as they stand."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from archive_site.environment import ENVIRONMENT
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

TEXT = (ROOT / "docs" / "customising.md").read_text(encoding="utf-8")
#: A name in a line of its own, and the file that follows.
FILES = dict(re.findall(r"^`([\w./]+)`\n\n```\w+\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL))

#: What an editor does in the admin, and what a reader sees then.
ACT = """
import json
from django.contrib.auth import get_user_model
from django.test import Client
from articles.models import Article, Series
edith = get_user_model().objects.create_superuser("edith", password="long-enough-word")
editor, reader = Client(HTTP_HOST="localhost"), Client(HTTP_HOST="localhost")
editor.force_login(edith, backend="django.contrib.auth.backends.ModelBackend")
public = list(Article.objects.published().newest_first()[5:8])
empty = {f"{p}-{n}": v for p in ("pins", "pins-2") for n, v in
         (("TOTAL_FORMS", 1), ("INITIAL_FORMS", 0), ("MIN_NUM_FORMS", 0), ("MAX_NUM_FORMS", 12))}
home = {**empty, "introduction": "A quarterly of lamps.", "lead": public[0].pk, "version": 0,
        "shows_on_this_day": "on", "shows_timeline": "on",
        "pins-0-article": public[1].pk, "pins-0-position": 2,
        "pins-2-0-series": Series.objects.order_by("pk")[0].pk, "pins-2-0-position": 1}
about = {"title": "About", "slug": "", "body": "<p>Who we are.</p>", "status": "published",
         "place": "footer", "position": 0}
codes = [editor.post("/admin/articles/homepage/1/change/", home).status_code,
         editor.post("/admin/articles/sitepage/add/", about).status_code]
pages = {}
for path in ("/", "/about/", "/nothing/", "/articles/"):
    pages[path] = reader.get(path).content.decode()
style = pages["/"].split('href="/static/site/site.')[1].split('"')[0]
answer = reader.get("/static/site/site." + style)
pages["style"] = b"".join(answer.streaming_content).decode()
print(json.dumps({"codes": codes, "pages": pages, "lead": public[0].headline,
                  "pin": public[1].headline}))
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The environment of the page's own command, beside a folder with the page's own files."""
    given = re.search(r'^SITE_NAME="([^"]+)" SITE_DIR=(\S+) make serve$', TEXT, re.MULTILINE)
    made = re.search(r"^mkdir -p (.+)$", TEXT, re.MULTILINE)
    assert given is not None
    assert made is not None
    own = tmp_path / Path(given[2]).name
    for folder in made[1].split():
        (tmp_path / Path(folder).relative_to("..")).mkdir(parents=True)
    for name, text in FILES.items():
        (own / name).write_text(text, encoding="utf-8")
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {
        **kept, "ARCHIVE_ENV": "local", "VAR_DIR": str(tmp_path / "var"), "SITE_NAME": given[1],
        "SITE_DIR": str(own),
    }  # fmt: skip


def manage(environment: dict[str, str], *arguments: str) -> str:
    result = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_the_page_has_the_files_it_speaks_of() -> None:
    assert set(FILES) == {
        "static/site.css", "static/logo.svg", "templates/home.html", "templates/_message.html",
    }  # fmt: skip


def test_it_names_settings_that_there_are() -> None:
    named = set(re.findall(r"^\| `([A-Z_]+)` \|", TEXT, re.MULTILINE))
    assert len(named) > 4
    assert named <= set(ENVIRONMENT)


def test_it_names_blocks_and_properties_that_there_are() -> None:
    for template in ("home", "base"):
        said = re.search(rf"blocks of `{template}.html`|those of `{template}.html`", TEXT)
        assert said is not None
        sentence = re.split(r"[;.](?=\s)", TEXT[said.end() :])[0]
        source = (ROOT / "templates" / f"{template}.html").read_text(encoding="utf-8")
        blocks = set(re.findall(r"{% block (\w+) %}", source))
        assert set(re.findall(r"`(\w+)`", sentence)) <= blocks, template
    style = (ROOT / "archive_site" / "static" / "site.css").read_text(encoding="utf-8")
    for name in re.findall(r"(--[a-z]+):", FILES["static/site.css"]):
        assert f"  {name}: " in style, name


def test_ten_minutes_make_another_site(
    environment: dict[str, str], empty_archive: Path, packed_static: Path
) -> None:
    manage(environment, "check", "--fail-level", "WARNING")
    shutil.copy(empty_archive, Path(environment["VAR_DIR"]) / "archive.sqlite3")
    shutil.copytree(packed_static, Path(environment["VAR_DIR"]) / "static")
    report = str(Path(environment["VAR_DIR"]) / "report.txt")
    manage(environment, "import_fixture", "fixtures/demo.json", "--yes", "--output", report)
    manage(environment, "collectstatic", "--noinput", "--verbosity", "0")
    found: dict[str, Any] = json.loads(
        manage(environment, "shell", "--no-imports", "-c", ACT).splitlines()[-1]
    )
    assert found["codes"] == [302, 302]
    pages = found["pages"]
    home = pages["/"]
    assert "<title>The Lamp</title>" in home
    assert "A quarterly of lamps." in home
    assert "Founded in 1987." in home
    assert found["lead"] in home.split('<article class="lead"')[1].split("</article>")[0]
    pinned = home.split('<ul class="pinned">')[1].split("</ul>")[0]
    assert found["pin"] in pinned.replace("&#39;", "'").replace("&amp;", "&")
    assert pinned.index("Series") < pinned.index(found["pin"][:10])
    assert "Who we are." in pages["/about/"]
    for path in ("/", "/about/", "/nothing/", "/articles/"):
        assert 'class="logo"' in pages[path], path
        assert 'alt="The Lamp" width="160" height="36"' in pages[path], path
        assert '<a href="/about/"' in pages[path].split('class="foot-links"')[1], path
    assert "--accent: #1d4f7c" in pages["style"]
