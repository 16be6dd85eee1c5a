"""What no file of the project may hold, whatever its kind."""

import re
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, files

#: Put together here, so that this file does not hold what it looks for.
MACHINE = re.compile(
    "|".join(
        [
            r"/(?:home|Users)/[a-z]",
            "/" + r"root/",
            "/" + r"work/",
            r"/builds?" + r"/[a-z]",
            r"--(?:extra-)?index" + r"-url",
            "find" + r"-links",
            r"registry *= *[\"']http",
            "pypi" + r"\.org",
            "python" + "hosted",
        ]
    )
)
UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")
INLINE = re.compile(
    r"<style\b|<script\b(?![^>]*\bsrc=)|\sstyle\s*=|\son[a-z]+\s*=\s*[\"'{]|javascript:",
    re.IGNORECASE,
)
BINARY = {".ico", ".png", ".jpg", ".woff2", ".gz", ".mo", ".pyc"}


def lines() -> list[tuple[Path, int, str]]:
    """Return every line of every text file that is ours."""
    found = []
    for path in files():
        if path.suffix in BINARY:
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            assert "data" in path.parts, f"{path.relative_to(ROOT)} is not UTF-8"
            continue
        found += [(path, number, line) for number, line in enumerate(text.split("\n"), 1)]
    return found


@pytest.mark.parametrize(
    ("pattern", "places"),
    [(MACHINE, ""), (UNFINISHED, ""), (INLINE, "templates/")],
    ids=["machine", "unfinished", "inline"],
)
def test_no_file_holds(pattern: re.Pattern[str], places: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}"
        for path, number, line in lines()
        if path.relative_to(ROOT).as_posix().startswith(places) and pattern.search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        (MACHINE, "cd /" + "root/backfile", True),
        (MACHINE, "https://example.org/articles/", False),
        (INLINE, "<script>alert(1)</script>", True),
        (INLINE, '<p style="color: red">', True),
        (INLINE, '<a onclick="f()">', True),
        (INLINE, '<script src="{{ static("site.js") }}" defer></script>', False),
        (INLINE, '<p class="style">', False),
    ],
)
def test_the_rules_see(pattern: re.Pattern[str], text: str, expected: bool) -> None:
    assert bool(pattern.search(text)) is expected


def test_requirements_are_hashed_and_name_no_address() -> None:
    for stem in ("run", "test"):
        text = (ROOT / "requirements" / f"{stem}.txt").read_text(encoding="utf-8")
        assert "://" not in text
        logical = re.sub(r"\\\n\s*", " ", text)
        pins = [line for line in logical.splitlines() if line and not line.lstrip().startswith("#")]
        assert pins
        assert [pin for pin in pins if "==" not in pin or "--hash=sha256:" not in pin] == []


def test_what_runs_is_pinned_alike_for_the_tests() -> None:
    def pins(stem: str) -> set[str]:
        text = (ROOT / "requirements" / f"{stem}.txt").read_text(encoding="utf-8")
        return set(re.findall(r"^[a-z0-9._-]+(?:\[[a-z,]+\])?==\S+", text, re.MULTILINE))

    assert pins("run") <= pins("test")
