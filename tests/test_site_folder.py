"""`SITE_DIR`, the site's own folder: what stands in place of ours, and what is said of it."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core import checks
from django.test import Client, override_settings

from archive_site import release, site_folder
from archive_site.checks import own_folder_is_fit
from tests.conftest import ROOT
from tests.test_settings import production, show

LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 60"><path d="M0 0h300v60H0z"/></svg>'
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A site's own folder with something of everything."""
    files = {
        "templates/home.html": '{% extends "backfile/home.html" %}\n'
        '{% block front %}<p class="own">Own words</p>{{ super() }}{% endblock %}\n',
        "templates/_own.html": "<p>Own</p>\n",
        "templates/404.html": '{% extends "backfile/404.html" %}\n'
        '{% block text %}{% include "_own.html" %}{% endblock %}\n',
        "templates/admin/base_site.html": '{% extends "admin/base_site.html" %}\n',
        "static/site.css": ":root { --accent: #1b4b8f; }\n",
        "static/logo.svg": LOGO,
        "static/pictures/sea.txt": "sea\n",
        "README.md": "Ours.\n",
    }
    for name, text in files.items():
        path = tmp_path / "own" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "own"


@pytest.fixture
def environment(folder: Path, tmp_path: Path) -> dict[str, str]:
    """Return what a process of such a site is started with."""
    return {
        **production(str(tmp_path / "var")), "SITE_DIR": str(folder), "SITE_NAME": "Own Review",
        "ARCHIVE_ENV": "local", "PYTHONWARNINGS": "error",
    }  # fmt: skip


def manage(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


ASK = """
import sys
from django.test import Client
client = Client(HTTP_HOST="localhost", raise_request_exception=False)
for path in sys.stdin.read().split():
    answer = client.get(path)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    print("==", path, answer.status_code, answer.get("Content-Security-Policy", ""))
    print(body.decode())
"""


def asked(environment: dict[str, str], *paths: str) -> dict[str, str]:
    """Return what a site answers to each of *paths*, its first line the status and the policy."""
    result = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", ASK.replace(
            "sys.stdin.read().split()", repr(list(paths)))],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    parts = re.split(r"^== (\S+) ", result.stdout, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


@pytest.mark.slow
def test_a_whole_site_of_its_own(
    environment: dict[str, str], empty_archive: Path, packed_static: Path
) -> None:
    assert manage(environment, "check", "--fail-level", "WARNING").returncode == 0
    shutil.copy(empty_archive, Path(environment["VAR_DIR"]) / "archive.sqlite3")
    shutil.copytree(packed_static, Path(environment["VAR_DIR"]) / "static")
    assert manage(environment, "collectstatic", "--noinput").returncode == 0
    found = asked(environment, "/", "/nothing/", "/authors/", "/admin/login/")
    home = found["/"]
    assert home.startswith("200 ")
    assert "default-src 'none'" in home.splitlines()[0]
    assert '<p class="own">Own words</p>' in home
    assert "Search headlines" in home
    assert "<p>Own</p>" in found["/nothing/"]
    assert "Own Review" in found["/admin/login/"]
    for name, text in found.items():
        if name == "/admin/login/":
            continue
        sheets = re.findall(r'<link rel="stylesheet" href="([^"]+)">', text)
        assert len(sheets) == 2, name
        # Ours first, and both under hashed names, which are kept for ever.
        assert re.fullmatch(r"/static/site\.[0-9a-f]{12}\.css", sheets[0])
        assert re.fullmatch(r"/static/site/site\.[0-9a-f]{12}\.css", sheets[1])
        logo = re.search(r'<img class="logo" src="([^"]+)" alt="Own Review" width="300" ', text)
        assert logo is not None, name
    served = asked(environment, sheets[1], logo[1], "/static/site/pictures/sea.txt")
    assert "--accent: #1b4b8f" in served[sheets[1]]
    assert "<svg" in served[logo[1]]
    assert [text[:3] for text in served.values()] == ["200", "200", "200"]


def test_without_one_nothing_is_different(client: Client, db: None) -> None:
    text = client.get("/").content.decode()
    assert text.count('rel="stylesheet"') == 1
    assert "logo" not in text


@pytest.fixture
def own(folder: Path) -> Iterator[Path]:
    """Let the site of this process have the folder, as far as it asks for it at run time."""
    with override_settings(SITE_DIR=folder):
        yield folder


def ids(found: list[checks.CheckMessage]) -> list[str]:
    return [str(message.id) for message in found]


def test_a_good_folder_has_no_complaint(own: Path) -> None:
    with engines(own):
        assert own_folder_is_fit(None) == []


def engines(own: Path) -> Any:
    """Let templates be looked for in *own* first, as the settings do."""
    from django.conf import settings

    found = [
        {**engine, "DIRS": [own / "templates", *engine["DIRS"]]} for engine in settings.TEMPLATES
    ]
    return override_settings(TEMPLATES=found)


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with override_settings(SITE_DIR=tmp_path / "none"):
        found = own_folder_is_fit(None)
    assert ids(found) == ["backfile.E001"]
    assert str(tmp_path / "none") in found[0].msg


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("about.html", "{% if %}", "line 1"),
        ("about.html", "<p>\n\n{% endblock %}", "line 3"),
        ("about.html", "{{ nothing|unheard }}", "unheard"),
        ("about.html", '{% extends "none.html" %}', "none.html"),
        ("base.html", '{% extends "base.html" %}', 'ours is "backfile/base.html"'),
        ("admin/index.html", "{% blok %}", "blok"),
    ],
)
def test_a_template_that_cannot_be_used_is_an_error(
    own: Path, name: str, text: str, said: str
) -> None:
    path = own / "templates" / name
    path.write_text(text, encoding="utf-8")
    with engines(own):
        found = own_folder_is_fit(None)
    assert ids(found) == ["backfile.E002"]
    assert str(path) in found[0].msg
    assert said in found[0].msg


@pytest.mark.parametrize(
    ("text", "is_refused"),
    [
        ('<p style="color: red">', True), ("<style>p {}</style>", True),
        ("<script>1</script>", True),
        ('<a href="/" onclick="x()">', True), ('<script src="/x.js" defer></script>', False),
        ('<script type="application/ld+json">{}</script>', False), ("<p>style = x</p>", False),
    ],
    ids=str,
)  # fmt: skip
def test_what_the_content_policy_refuses_is_a_warning(
    own: Path, text: str, is_refused: bool
) -> None:
    (own / "templates" / "about.html").write_text(f"<p>\n{text}", encoding="utf-8")
    with engines(own):
        found = own_folder_is_fit(None)
    assert ids(found) == (["backfile.W007"] if is_refused else [])
    assert not is_refused or "line 2" in found[0].msg


def test_a_file_in_the_wrong_place_is_a_warning(own: Path) -> None:
    (own / "site.css").write_text("p {}", encoding="utf-8")
    (own / ".git").mkdir()
    with engines(own):
        found = own_folder_is_fit(None)
    assert ids(found) == ["backfile.W006"]
    assert "site.css" in found[0].msg


def test_the_command_line_says_it(environment: dict[str, str], folder: Path) -> None:
    result = manage(environment | {"SITE_DIR": f"{folder}-not"}, "check")
    assert result.returncode == 1
    assert "there is no such folder" in result.stderr


def test_the_size_of_a_logo_is_known_before_it_arrives(own: Path) -> None:
    assert site_folder.logo() == site_folder.Picture("site/logo.svg", 300, 60)


def test_of_a_png_too(tmp_path: Path) -> None:
    (tmp_path / "static").mkdir()
    head = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x2c\x00\x00\x00\x50"
    (tmp_path / "static" / "logo.png").write_bytes(head)
    with override_settings(SITE_DIR=tmp_path):
        assert site_folder.logo() == site_folder.Picture("site/logo.png", 300, 80)


def test_each_change_of_the_folder_is_another_release(own: Path) -> None:
    marks = [release.mark.__wrapped__()]
    for name in ("templates/home.html", "static/site.css", "static/logo.svg"):
        (own / name).write_text("changed", encoding="utf-8")
        marks.append(release.mark.__wrapped__())
    assert len(set(marks)) == 4


def test_where_the_folder_lies_is_of_no_account(own: Path, tmp_path: Path) -> None:
    mark = release.mark.__wrapped__()
    there = own.rename(tmp_path / "elsewhere")
    with override_settings(SITE_DIR=there):
        assert release.mark.__wrapped__() == mark


def test_a_relative_path_is_below_the_code(tmp_path: Path) -> None:
    environment = production(str(tmp_path))
    assert show("s.SITE_DIR", environment | {"SITE_DIR": "own"}) == str(ROOT / "own")
    assert show("s.SITE_DIR", environment) == "None"
    dirs = show("[str(p) for p in s.LOCALE_PATHS]", environment | {"SITE_DIR": "/own"})
    assert dirs == str(["/own/locale", str(ROOT / "locale")])
    assert os.environ.get("SITE_DIR") is None
