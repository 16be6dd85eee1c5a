"""Parse one listing and print it as JSON: ``python -m articles.listing FILE``.

``--dialect NAME`` reads it in that dialect instead of the one it seems to be written in;
``--explain`` prints instead, entry by entry, which rule chose which line for which role.

Exit status: 0 parsed, 2 wrong usage, or the file cannot be read as a listing (the reason is on
standard error).
"""

import argparse
import json
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

from articles.listing.explaining import explain, explain_remarks
from articles.listing.parser import dialect_names, entry_as_json, parse, survey
from articles.listing.records import Entry, Survey, Topic, Unclaimed

_LONGEST_LINE = 10_000_000


def main(arguments: list[str]) -> int:
    """Print the listing named in *arguments*; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m articles.listing", description="Parse one listing and print it as JSON."
    )
    parser.add_argument("file", type=Path, help="a listing as plain text, in UTF-8")
    parser.add_argument(
        "--dialect", metavar="NAME", choices=dialect_names(),
        help=f"read it in this dialect: {', '.join(dialect_names())}",
    )  # fmt: skip
    parser.add_argument(
        "--explain", action="store_true", help="print why each line is read as it is"
    )
    try:
        options = parser.parse_args(arguments)
    except SystemExit as stop:
        return int(stop.code or 0)
    path: Path = options.file
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return _fail(path, "not a regular file")
        knowledge = survey(_lines(path), options.dialect)
        items = parse(_lines(path), knowledge)
        if options.explain:
            _explain(knowledge, items)
        else:
            _print(knowledge.topic, items)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has gone (``| head``): say nothing, and nothing at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except UnicodeDecodeError as error:
        return _fail(path, f"not UTF-8 text (byte {error.object[error.start]:#04x})")
    except ValueError as error:
        return _fail(path, str(error))
    except OSError as error:
        return _fail(path, error.strerror or str(error))
    return 0


def _explain(knowledge: Survey, items: Iterator[Topic | Entry | Unclaimed]) -> None:
    order = {True: "day first", False: "month first", None: "unknown or not needed"}
    print(f"Dialect: {knowledge.dialect}. Topic: {knowledge.topic or 'none'}.")
    print(f"Dates: {knowledge.order}; order of day and month in figures: ", end="")
    print(f"{order[knowledge.day_first]}.")
    for remark in explain_remarks(knowledge.diagnostics):
        print(f"Remark: {remark}")
    for item in items:
        if isinstance(item, Entry):
            print("", *explain(item), sep="\n")
        elif isinstance(item, Unclaimed):
            print(f"\nLine {item.line}, {item.span.role}: {item.reason}: {item.text.strip()[:80]}")


def _print(topic: str | None, items: Iterator[Topic | Entry | Unclaimed]) -> None:
    unclaimed: list[int] = []
    separator = ""
    print("{")
    print(f'"topic": {json.dumps(topic, ensure_ascii=False)},')
    print('"entries": [', end="")
    for item in items:
        if isinstance(item, Entry):
            print(f"{separator}\n{json.dumps(entry_as_json(item), ensure_ascii=False)}", end="")
            separator = ","
        elif not isinstance(item, Topic) and item.span.role == "unclaimed":
            unclaimed.append(item.line)
    print("\n],")
    print(f'"unclaimed_lines": {json.dumps(unclaimed)}')
    print("}")


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8-sig", newline=None) as file:
        while line := file.readline(_LONGEST_LINE):
            if "\0" in line:
                raise ValueError("contains NUL characters: a binary file, or UTF-16 text")
            if len(line) == _LONGEST_LINE:
                raise ValueError(f"has a line of more than {_LONGEST_LINE:,} characters")
            yield line.removesuffix("\n")


def _fail(path: Path, reason: str) -> int:
    print(f"{path}: {reason}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
