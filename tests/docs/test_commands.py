"""Every command that a document tells the reader to type exists, with the flags it is given."""

import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from tests.conftest import ROOT
from tests.docs.test_importing import documented
from tests.importing import listings
from tests.importing.listings import write_listing

DOCUMENTS = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "deploy").glob("*")]
)
MAKE = re.compile(r"(?:^|[`&|;(]|sudo|exec)\s*make ((?:-C \S+ )?[^`|;&#\n]+)", re.MULTILINE)
MANAGE = re.compile(r"(?:manage\.py|deploy/manage) ([a-z_]+)([^`|;&#\n]*)")
PATHS = re.compile(r"\]\(([^)#:\s]+)\)")


def commands(pattern: re.Pattern[str]) -> list[tuple[str, ...]]:
    """Return what *pattern* finds in all documents, each once, with the document's name."""
    found = {}
    for path in DOCUMENTS:
        for match in pattern.finditer(path.read_text(encoding="utf-8")):
            found.setdefault(match.groups(), path.name)
    return [(name, *groups) for groups, name in found.items()]


@cache
def makefile() -> str:
    return (ROOT / "Makefile").read_text(encoding="utf-8")


@cache
def help_of(command: str) -> str:
    """Return what `manage.py COMMAND --help` says."""
    found = load_command_class(get_commands()[command], command)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", "200")
        return found.create_parser("manage.py", command).format_help()


def test_the_documents_are_read() -> None:
    names = {path.name for path in DOCUMENTS}
    assert {"README.md", "CONTRIBUTING.md", "deployment.md", "manage"} <= names
    assert len(commands(MAKE)) > 8
    assert len(commands(MANAGE)) > 12


@pytest.mark.parametrize(("document", "line"), commands(MAKE))
def test_make_target_exists(document: str, line: str) -> None:
    words = re.sub(r"^-C \S+ ", "", line).split()
    targets = [word for word in words if re.fullmatch("[a-z]+", word)]
    assert targets, f"{document}: make {line} names no target"
    assert re.search(rf"^{targets[0]}:.*## ", makefile(), re.MULTILINE), f"{document}: make {line}"
    for variable in re.findall(r"([A-Z_]+)=", line):
        assert re.search(rf"^{variable} \?=", makefile(), re.MULTILINE) or variable in {
            "DATABASE_URL"
        }, f"{document}: {variable}"


@pytest.mark.parametrize(("document", "command", "rest"), commands(MANAGE))
def test_command_and_its_flags_exist(document: str, command: str, rest: str) -> None:
    text = help_of(command)
    for flag in re.findall(r"(?<!\S)(--[a-z-]+)", rest):
        assert re.search(rf"(?<![\w-]){flag}(?![\w-])", text), f"{document}: {command} {flag}"


def test_every_target_is_in_the_help() -> None:
    documented = set(re.findall(r"^([a-z]+):.*## ", makefile(), re.MULTILINE))
    assert documented == {
        "bench", "check", "clean", "demo", "dev", "help", "install", "lock", "messages", "pictures",
        "proof", "serve", "test",
    }  # fmt: skip
    result = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert documented == set(re.findall(r"^  make ([a-z]+) ", result.stdout, re.MULTILINE))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_to_files(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    missing = [link for link in PATHS.findall(text) if not (path.parent / link).exists()]
    assert missing == []


@pytest.mark.slow
def test_the_programs_of_the_page_about_importing_run(tmp_path: Path) -> None:
    """They have databases of their own, if any, whichever the archive of the tests is on."""
    write_listing(tmp_path, *listings.FIRST, name="listing.txt")
    programs = [words for words in documented() if words[0] == "-m"]
    assert len(programs) > 1
    for words in programs:
        # A benchmark runs as it stands, on a five-hundredth of what it is for, and leaves out all
        # counts but the first.
        smaller = [str(int(word) // 500) if word.isdigit() else word for word in words]
        if "--counts" in words:
            smaller += ["--budget", "1"]
        result = subprocess.run(
            [sys.executable, *smaller],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 0, f"{words}: {result.stderr}"
