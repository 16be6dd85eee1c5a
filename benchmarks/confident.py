"""What is wrong carries a doubt: readings that are sure and wrong, in listings that were distorted.

`python -m benchmarks.confident` takes the listings of tests/listing that the parser reads right,
distorts each in `--each` ways, drawn by lot, that change nothing of what an editor would read in it
or change it in a known way, and counts the entries that are read otherwise without a doubt. A
distortion hits a whole file, as a form of listing does that the parser does not know. Deterministic
for `--seed`; `--only NAME` tries one distortion, `--show` prints the first wrong entries of each
file. Exit code 1 if more than one entry in fifty is sure and wrong.
"""

import argparse
import copy
import random
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from articles.listing.parser import entry_as_json, parse, survey
from articles.listing.records import Entry
from benchmarks.distorting import DISTORTIONS, Listing, fields_of, listing_of

LISTINGS = Path(__file__).resolve().parent.parent / "tests" / "listing"
#: The set that nobody opens.
BLIND = "heldout_thirteenth"
#: Confidence from which an entry is sure, and fewest entries of a listing to distort.
SURE, FEWEST = 0.8, 4
#: Share of the entries that may be sure and wrong.
MOST_WRONG = 0.02


@dataclass(slots=True)
class Count:
    """What became of the entries of distorted listings."""

    files: int = 0
    entries: int = 0
    right: int = 0
    right_doubted: int = 0
    confident_wrong: int = 0
    shown: list[str] = field(default_factory=list)

    def add(self, other: "Count") -> None:
        for name in ("files", "entries", "right", "right_doubted", "confident_wrong"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.shown += other.shown


def same(expected: dict[str, Any], read: dict[str, Any]) -> list[str]:
    """Return the fields that were read otherwise; how texts are broken into lines is no matter."""

    def plain(value: Any) -> Any:
        if isinstance(value, list):
            return [plain(each) for each in value]
        return " ".join(value.split()) if isinstance(value, str) else value

    return [name for name in expected if plain(expected[name]) != plain(read[name])]


def count(listing: Listing) -> Count:
    """Read *listing* and count; an entry is told by where its headline stands."""
    lines = listing.texts()
    place_of: dict[int, int] = {}
    for number, line in enumerate(listing.lines, 1):
        if line is not None and line.entry is not None:
            for _, role in line.segments:
                if role == "headline":
                    place_of.setdefault(line.entry, number)
    expected = {place_of[ordinal]: entry for ordinal, entry in listing.entries.items()}
    found = Count(1, len(expected))
    knowledge = survey(lines)
    name = knowledge.layout.layout if knowledge.layout is not None else knowledge.dialect
    for item in parse(lines, knowledge):
        if not isinstance(item, Entry):
            continue
        read = entry_as_json(item)
        sure = read["confidence"] >= SURE and not read["diagnostics"]
        number = next((s.line for s in item.spans if s.role == "headline"), item.first_line)
        truth = expected.get(number)
        wrong = same(truth, fields_of(read)) if truth is not None else ["no such entry"]
        found.right += not wrong
        found.right_doubted += not wrong and not sure
        if wrong and sure:
            found.confident_wrong += 1
            said = [(n, truth and truth.get(n), read.get(n)) for n in wrong]
            found.shown.append(f"{name} | {read['headline'][:60]} | {said}")
    return found


def sources() -> list[Path]:
    """Return the listings that are read wholly right."""
    return sorted(path for path in LISTINGS.glob("*/*.txt") if path.parent.name != BLIND)


def read_right(path: Path) -> Listing | None:
    """Return the listing of *path*; None where not every entry of it is read right."""
    from tests.listing.scoring import aligned, lines_of, truth_of, wrong_fields

    lines = lines_of(path)
    if not path.with_suffix(".json").exists():
        return None
    truth = truth_of(path)
    if not isinstance(truth, dict) or "entries" not in truth:
        return None
    read = [entry_as_json(e) for e in parse(lines, survey(lines)) if isinstance(e, Entry)]
    if len(read) < FEWEST:
        return None
    for expected, entry in aligned(truth["entries"], read):
        if expected is None or entry is None or wrong_fields(expected, entry):
            return None
    return listing_of(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--each", type=int, default=4, help="distortions of a listing")
    parser.add_argument("--only", action="append", help="distortions to try")
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--files", default="")
    options = parser.parse_args()
    total: dict[str, Count] = {}
    names = options.only or list(DISTORTIONS)
    for path in sources():
        if options.files not in f"{path.parent.name}/{path.stem}":
            continue
        whole = read_right(path)
        if whole is None:
            continue
        draw = random.Random(f"{options.seed} {path.parent.name}/{path.stem}")
        drawn = names if len(names) <= options.each else draw.sample(names, options.each)
        for name in drawn:
            listing = copy.deepcopy(whole)
            if not DISTORTIONS[name](listing, draw):
                continue
            found = count(listing)
            for line in found.shown[: options.show]:
                sys.stdout.write(f"{name} {path.parent.name}/{path.stem} | {line}\n")
            if found.confident_wrong and options.show:
                sys.stdout.write(f"   {name} {path.stem}: {found.confident_wrong}\n")
            total.setdefault(name, Count()).add(found)
    total["all"] = Count()
    for name in names:
        if name in total:
            total["all"].add(total[name])
    sys.stdout.write(
        f"{'':34}{'files':>7}{'entries':>9}{'right':>8}{'doubted':>9}{'sure, wrong':>13}\n"
    )
    for name, one in total.items():
        sys.stdout.write(
            f"{name:34}{one.files:7}{one.entries:9}{one.right:8}{one.right_doubted:9}"
            f"{one.confident_wrong:13}\n"
        )
    return total["all"].confident_wrong > MOST_WRONG * total["all"].entries


if __name__ == "__main__":
    sys.exit(main())
