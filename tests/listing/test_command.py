"""``python -m articles.listing FILE``: JSON on standard output, no settings, no database."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DATA = Path(__file__).parent / "data"


def _run(*arguments: str, seed: int | None = None) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("DJANGO")}
    if seed is not None:
        environment["PYTHONHASHSEED"] = str(seed)
    return subprocess.run(
        [sys.executable, "-X", "utf8", "-m", "articles.listing", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )


def test_prints_topic_entries_and_unclaimed_lines() -> None:
    result = _run(str(DATA / "tidewater.txt"))
    assert (result.returncode, result.stderr) == (0, "")
    found = json.loads(result.stdout)
    expected = json.loads((DATA / "tidewater.json").read_text(encoding="utf-8"))
    assert list(found) == ["topic", "entries", "unclaimed_lines"]
    assert found["topic"] == expected["topic"]
    assert [e["headline"] for e in found["entries"]] == [e["headline"] for e in expected["entries"]]


def test_a_file_is_printed_alike_each_time() -> None:
    path = Path(__file__).parent / "dialects" / "17-german.txt"
    first, *others = (_run(str(path), seed=seed).stdout for seed in (1, 2, 3))
    assert '"alternatives": [{' in first
    assert others == [first, first]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("Café".encode("cp1252"), "not UTF-8"),
        ("Harbours".encode("utf-16"), "not UTF-8"),
        (b"Harbours\0\n", "NUL"),
    ],
)
def test_wrong_files_are_named_with_the_reason(content: bytes, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "wrong.txt"
    path.write_bytes(content)
    result = _run(str(path))
    assert (result.returncode, result.stdout) == (2, "")
    assert reason in result.stderr
    assert "wrong.txt" in result.stderr
    assert "Traceback" not in result.stderr


def test_missing_file_directory_and_usage(tmp_path: Path) -> None:
    for arguments in ([str(tmp_path / "none.txt")], [str(tmp_path)], [], ["a", "b"]):
        result = _run(*arguments)
        assert result.returncode == 2
        assert result.stderr
        assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    "content", ["", "\n\n", "\ufeffHarbours\r\n\r\nFerry\r\n\r\n9 May 2030\r\n"]
)
def test_empty_files_and_other_line_ends(content: str, tmp_path: Path) -> None:
    path = tmp_path / "listing.txt"
    path.write_text(content, encoding="utf-8", newline="")
    result = _run(str(path))
    assert result.returncode == 0
    found = json.loads(result.stdout)
    assert [e["headline"] for e in found["entries"]] == (["Ferry"] if content.strip() else [])
    assert found["topic"] == ("Harbours" if content.strip() else None)


def test_the_package_needs_neither_django_nor_settings() -> None:
    program = (
        "import sys; import articles.listing.parser, articles.listing.__main__; "
        "sys.exit(any(name.split('.')[0] == 'django' for name in sys.modules))"
    )
    result = subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False, timeout=60)
    assert result.returncode == 0
