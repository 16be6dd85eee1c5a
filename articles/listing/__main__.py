"""Parse one listing and print it as JSON: ``python -m articles.listing FILE``.

Exit status: 0 parsed, 2 the file cannot be read as a listing (the reason is on standard error).
"""

import json
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

from articles.listing.parser import entry_as_json, parse, survey
from articles.listing.records import Entry, Topic, Unclaimed

_USAGE = "usage: python -m articles.listing FILE"
_LONGEST_LINE = 10_000_000


def main(arguments: list[str]) -> int:
    """Print the listing named in *arguments*; return the exit status."""
    if len(arguments) != 1 or arguments[0] in ("-h", "--help"):
        print(_USAGE, file=sys.stderr)
        return 0 if arguments[:1] in (["-h"], ["--help"]) else 2
    path = Path(arguments[0])
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return _fail(path, "not a regular file")
        knowledge = survey(_lines(path))
        _print(knowledge.topic, parse(_lines(path), knowledge))
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
