"""The listing parser under mutated documents: no crash, none slow, every character accounted for.

`python -m benchmarks.proof_parser` tries 2,000 documents, `--full` 200,000. Deterministic for a
seed, which it prints. Exit code 1 if one document broke a promise; the document is printed.
"""

import argparse
import os
import random
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise
from pathlib import Path

from articles.listing.parser import parse, survey
from articles.listing.records import Span, Unclaimed

SAMPLE = Path(__file__).resolve().parent.parent / "fixtures" / "listings" / "history-of-russia.txt"
SLOW = 1.0
ODD = (
    "\x00", "\u200b", "\u202e", "\ufeff", "\u2028", "\u0301" * 20, "By ", "Part 2: ", " – ", "“",
    "9 February 2021", "31 February 2021", "By A and B, 1 May 2020", ":", "\t", "\u00a0", "日本語",
    "\ud800", "🧭", "Volume I: ", "zzz999 ", "(Part II)", ", ", "1 January 0000", "x" * 5000,
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


def problem_of(lines: Sequence[str]) -> str | None:
    """Parse *lines*; return what went wrong, or None."""
    started = time.perf_counter()
    try:
        items = list(parse(lines, survey(lines)))
    except Exception as error:  # every exception is what this program looks for
        return f"raised {error!r}"
    seconds = time.perf_counter() - started
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


def work(seed: int, count: int) -> tuple[int, float, list[str]]:
    """Try *count* documents; return how many lines, the slowest time, and the problems."""
    random_ = random.Random(seed)
    lines = SAMPLE.read_text(encoding="utf-8").split("\n")
    total, slowest, problems = 0, 0.0, []
    for _ in range(count):
        document = mutated(lines, random_)
        total += len(document)
        started = time.perf_counter()
        problem = problem_of(document)
        slowest = max(slowest, time.perf_counter() - started)
        if problem:
            problems.append(f"{problem}\n{document!r}")
    return total, slowest, problems


def main() -> int:
    """Run and print Markdown; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="200,000 documents")
    parser.add_argument("--seed", type=int, default=1921)
    options = parser.parse_args()
    count = 200_000 if options.full else 2_000
    workers = os.cpu_count() or 1
    started = time.perf_counter()
    with ProcessPoolExecutor(workers) as pool:
        results = list(
            pool.map(
                work,
                range(options.seed, options.seed + workers),
                [count // workers] * workers,
            )
        )
    seconds = time.perf_counter() - started
    problems = [problem for _, _, found in results for problem in found]
    tried = count // workers * workers
    print(
        f"{tried:,} mutated documents with {sum(lines for lines, _, _ in results):,} lines"
        f" (seed {options.seed}): {len(problems)} broke a promise (no exception, no document over"
        f" {SLOW:.0f} s, each character of a line that is not blank in exactly one span)."
        f" The slowest took {max(slow for _, slow, _ in results) * 1000:.0f} ms;"
        f" {tried / seconds:,.0f} documents a second."
    )
    for problem in problems[:5]:
        print(f"\n```\n{problem}\n```")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
