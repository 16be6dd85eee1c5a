"""The listing parser under mutated documents: no crash, none slow, every character accounted for.

`python -m benchmarks.proof_parser` tries 2,000 documents, `--full` 1,000,000, `--documents` any
other number; two in three are read in the dialect that is recognised, the others in one drawn by
lot. Deterministic for a seed, which it prints. Exit code 1 if one document broke a promise; the
document is printed.

A full run takes hours. It keeps what it has done in ``var/proof-parser.jsonl``, so that one which
was stopped goes on where it was; what another parser did counts for nothing. `--so-far` prints what
is there.
`--speed N` measures instead how fast one core reads a made-up listing of N entries, both passes
together, in processor time: in the classic dialect, with credits of a form of their own (these the
parser derives), and in the labelled dialect. Exit code 1 if one is read in another, or not whole.
"""

import argparse
import hashlib
import json
import os
import random
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from itertools import pairwise
from pathlib import Path
from typing import Any

from articles.listing.labelled_text import write_entry
from articles.listing.parser import dialect_names, parse, survey
from articles.listing.records import Entry, Span, Unclaimed

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "fixtures" / "listings" / "history-of-russia.txt"
#: Documents of a full run, of a batch, and where a full run keeps what it has done.
FULL, BATCH = 1_000_000, 2_000
FILE = Path(os.environ.get("VAR_DIR") or ROOT / "var") / "proof-parser.jsonl"
SLOW = 1.0
ODD = (
    "\x00", "\u200b", "\u202e", "\ufeff", "\u2028", "\u0301" * 20, "By ", "Part 2: ", " – ", "“",
    "9 February 2021", "31 February 2021", "By A and B, 1 May 2020", ":", "\t", "\u00a0", "日本語",
    "\ud800", "🧭", "Volume I: ", "zzz999 ", "(Part II)", ", ", "1 January 0000", "x" * 5000,
    "July 4, 2019", "7/4/19", "13.02.2021", "2022-04-19", "Mira Oldcastle · 13 September 2022",
    "A Quill | The Vell Courier | January 2020", "Von Orla Quill, 3. März 2021", "14 марта 2018 г.",
    "3 May 2020The pumps started.", "By Orla Quill29 August 2022", " (8 December 2018)",
    "POLITICS ",
    "Essays", "Read more", "Home > News > Ferries", "No. 12, Spring 2019", "Title: Ferry",
    "2021", "March 2021", "12 March – Ferry", "3 May 2020\tFerry\tOrla Quill", "[12] ",
    " | ", " (Ida Meer)",
    "Quill, O. (2020). Ferry. Paper, 12(3), 3–10.", " ..... 12",
    "Posted on 3 May 2020 by Orla Quill",
    "The board met twice before noon and", "settled nothing at all.", "Title | Date | Author",
    "By Orla Quill20 May 20206 min read", "9 May 2030, page 3", "Translated by Ida Meer",
    "PR 2019/14", "№ 4 (May)", "« ", " »", "Vell Courier, Vol. 3, No. 4, ", " -- ", "09:14 ",
    "QuaysFerry sinksBy Ida MeerMay 9, 2030", "QuaysWaxBy Ida MeerMay 8, 2030",
    "May 7, 2030May 8, 2030",
    "Date: 9 May 2030", "Orla Quill", "  indented", "\\u{41}", "Listing: Harbours", "• ",
)  # fmt: skip


def mutated(lines: Sequence[str], random_: random.Random) -> list[str]:
    """Return a piece of *lines* with up to a dozen random changes."""
    start = random_.randrange(len(lines))
    found = list(lines[start : start + random_.randrange(1, 60)])
    for _ in range(random_.randrange(12)):
        place = random_.randrange(len(found)) if found else 0
        match random_.randrange(8):
            case 0 if found:
                del found[place]
            case 1:
                found.insert(place, random_.choice(lines))
            case 2:
                found.insert(place, random_.choice(ODD))
            case 3 if found:
                line = found[place]
                cut = random_.randrange(len(line) + 1)
                found[place] = line[:cut] + random_.choice(ODD) + line[cut:]
            case 4 if found:
                line = found[place]
                cut = random_.randrange(len(line) + 1)
                found[place : place + 1] = [line[:cut], line[cut:]]
            case 5 if len(found) > 1:
                found[place - 1 : place + 1] = ["".join(found[place - 1 : place + 1])]
            case 6 if found:
                other = random_.randrange(len(found))
                found[place], found[other] = found[other], found[place]
            case _:
                found.insert(place, "")
    return found


def problem_of(lines: Sequence[str], dialect: str | None = None) -> str | None:
    """Parse *lines* in *dialect*; return what went wrong, or None."""
    started = time.process_time()
    try:
        items = list(parse(lines, survey(lines, dialect)))
    except Exception as error:  # every exception is what this program looks for
        return f"raised {error!r}"
    seconds = time.process_time() - started
    if seconds > SLOW:
        return f"took {seconds:.1f} s"
    by_line: dict[int, list[Span]] = defaultdict(list)
    for item in items:
        for span in [item.span] if isinstance(item, Unclaimed) else item.spans:
            by_line[span.line].append(span)
    for number, line in enumerate(lines, 1):
        spans = sorted(by_line.pop(number, []), key=lambda span: span.start)
        text = "".join(line[span.start : span.end] for span in spans)
        if text != (line if line.strip() else ""):
            return f"line {number} is not covered: {text!r}"
        if any(one.end != two.start for one, two in pairwise(spans)):
            return f"line {number} has spans that overlap"
    return f"spans on lines that do not exist: {sorted(by_line)}" if by_line else None


def work(seed: int, batch: int, count: int) -> dict[str, Any]:
    """Try *count* documents, those of a *batch*; return how many lines they had, the slowest and
    all seconds of processor time, and the problems."""
    random_ = random.Random(f"{seed} {batch}")
    names = dialect_names()
    lines = SAMPLE.read_text(encoding="utf-8").split("\n")
    total, slowest, problems, begun = 0, 0.0, [], time.process_time()
    for _ in range(count):
        document = mutated(lines, random_)
        total += len(document)
        started = time.process_time()
        dialect = random_.choice(names) if random_.randrange(3) == 0 else None
        problem = problem_of(document, dialect)
        slowest = max(slowest, time.process_time() - started)
        if problem:
            problems.append(f"{problem} (dialect {dialect})\n{document!r}")
    return {
        "batch": batch, "documents": count, "lines": total, "slowest": slowest,
        "seconds": time.process_time() - begun, "problems": problems,
    }  # fmt: skip


def tried(seed: int, count: int, file: Path | None) -> Iterator[dict[str, Any]]:
    """Yield the batches of *count* documents: those that *file* has of this parser, then the others
    as they end, each written to it."""
    mark = {"parser": version(), "seed": seed}
    done: dict[int, dict[str, Any]] = {}
    if file is not None and file.exists():
        for line in file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if mark.items() <= row.items():
                done[row["batch"]] = row
    yield from done.values()
    sizes = {
        batch: min(BATCH, count - batch * BATCH)
        for batch in range(-(-count // BATCH))
        if batch not in done
    }
    with ProcessPoolExecutor(os.cpu_count() or 1) as pool:
        waiting = [pool.submit(work, seed, batch, size) for batch, size in sizes.items()]
        for future in as_completed(waiting):
            row = mark | future.result()
            if file is not None:
                file.parent.mkdir(parents=True, exist_ok=True)
                with file.open("a", encoding="utf-8") as kept:
                    kept.write(json.dumps(row) + "\n")
            yield row


def version() -> str:
    """Return a mark of the parser, this program and the sample: what was tried is theirs."""
    files = [Path(__file__), SAMPLE, *sorted((ROOT / "articles" / "listing").rglob("*.py"))]
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()[:12]


_WEEKS = "The board met twice before noon and settled nothing at all, as its clerk records."
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def made_up(count: int, dialect: str) -> list[str]:
    """Return the lines of an ordinary listing of *count* entries, newest first."""
    lines = ["Harbours and canals", ""] if dialect != "labelled" else []
    for number in range(count):
        left = count - number
        year, month, day = 1990 + left // 1600, left // 130 % 12, 1 + left // 5 % 28
        headline = f"Ferry {number} sinks off the coast of Vell as board debates toll"
        byline = f"{('Orla Quill', 'Ida Meer', 'Sandy Eng and James Macready')[number % 3]}"
        kicker = ("This week on the quays", "Obituary")[number % 2] if number % 5 == 0 else None
        standfirst = f"{_WEEKS} It was sitting {number}." if number % 12 else None
        if dialect == "labelled":
            values = {
                "kicker": kicker, "headline": headline, "byline": byline, "standfirst": standfirst,
                "published_on": f"{year}-{month + 1:02d}-{day:02d}",
            }  # fmt: skip
            lines += [*write_entry(values), ""]
            continue
        date = f"{day} {_MONTHS[month]} {year}"
        credit = f"{byline} · {date}" if dialect != "classic" else f"By {byline}, {date}"
        for line in (kicker, headline, credit, standfirst):
            lines += [line, ""] if line else []
    return lines


#: What is made up, and the dialect in which the parser should read it.
MEASURED = (
    ("classic", "classic"),
    ("credit-after-headline", "derived"),
    ("labelled", "labelled"),
)


def measure(count: int) -> int:
    """Print how many entries a second are read; return the exit code."""
    wrong = 0
    for made, dialect in MEASURED:
        lines = made_up(count, made)
        started = time.process_time()
        knowledge = survey(lines)
        surveyed = time.process_time()
        found = sum(isinstance(item, Entry) for item in parse(lines, knowledge))
        ended = time.process_time()
        print(
            f"{knowledge.dialect}: {found:,} entries, {found / (ended - started):,.0f} a second"
            f" (survey {surveyed - started:.2f} s, parse {ended - surveyed:.2f} s)"
        )
        wrong += (found, knowledge.dialect) != (count, dialect)
    return 1 if wrong else 0


def main() -> int:
    """Run and print Markdown; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="1,000,000 documents")
    parser.add_argument("--so-far", action="store_true", help="what a full run has done, no more")
    parser.add_argument("--documents", type=int, default=2_000)
    parser.add_argument("--speed", type=int, metavar="N", help="measure N entries instead")
    parser.add_argument("--seed", type=int, default=1921)
    options = parser.parse_args()
    if options.speed:
        return measure(options.speed)
    count = FULL if options.full or options.so_far else options.documents
    file = FILE if options.full or options.so_far else None
    batches = list(tried(options.seed, 0 if options.so_far else count, file))
    problems = [problem for batch in batches for problem in batch["problems"]]
    documents = sum(batch["documents"] for batch in batches)
    seconds = sum(batch["seconds"] for batch in batches)
    slowest = max((batch["slowest"] for batch in batches), default=0.0)
    part = f" of {count:,}" if documents < count else ""
    print(
        f"{documents:,}{part} mutated documents with {sum(batch['lines'] for batch in batches):,}"
        f" lines (seed {options.seed}): {len(problems)} broke a promise (no exception, no document"
        f" over {SLOW:.0f} s of processor time, each character of a line that is not blank in one"
        f" span). The slowest took {slowest * 1000:.0f} ms; {documents / max(seconds, 0.001):,.0f}"
        " documents a second of processor time."
    )
    for problem in problems[:5]:
        print(f"\n```\n{problem}\n```")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
