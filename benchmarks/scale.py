"""How the cost of each kind of page grows with the archive.

``python -m benchmarks.scale`` measures 10,000 and 100,000 articles on SQLite, as
`benchmarks.site` does; ``--articles N …`` others, ``--database postgres`` there. ``--from FILE …``
reads what `benchmarks.site` kept with ``--json`` instead.
"""

import argparse
import json
import math
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import results
from benchmarks.site import site

#: No page may cost more than this many times as much at ten times as many articles.
AIM = 1.5


def table(runs: Sequence[dict[str, Any]]) -> str:
    """Return the growth over *runs*, which are figures of `benchmarks.site`, as Markdown."""
    runs = sorted(runs, key=lambda run: run["articles"])
    costs = [{_subject(page["name"]): page["cpu"] for page in run["pages"]} for run in runs]
    heads = [f"{run['articles']:,}" for run in runs]
    lines = [
        f"CPU ms of a page on {runs[0]['database']}, and how many times as much the last archive"
        f" costs as the one before (aim: {AIM}).",
        "",
        f"| page | {' | '.join(heads)} | growth |",
        "| --- |" + " ---: |" * (len(runs) + 1),
    ]
    for name in costs[-1]:
        known = [cost.get(name) for cost in costs]
        cells = ["" if cost is None else f"{cost:.1f}" for cost in known]
        growth = ""
        if len(known) > 1 and known[-1] is not None and known[-2]:
            times = known[-1] / known[-2]
            growth = f"{times:.1f}" + (" **over**" if times > AIM else "")
        lines.append(f"| {name} | {' | '.join(cells)} | {growth} |")
    return "\n".join(lines)


def _subject(name: str) -> str:
    """Searches are named by their hits, which grow with the archive: those of one number of hits
    are compared by their order of magnitude."""
    if not name.startswith("search, ") or " hits" not in name:
        return name
    number, _, rest = name.removeprefix("search, ").partition(" hits")
    hits = int(number.replace(",", ""))
    rounded = 10 ** round(math.log10(max(hits, 1)))
    return f"search, about {rounded:,} hits{rest}"


def main() -> int:
    """Measure, or read, and print Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, nargs="+", default=[10_000, 100_000], metavar="N")
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--seconds", type=float, default=1.5, help="for each figure")
    parser.add_argument("--from", dest="files", nargs="+", metavar="FILE", help="figures kept")
    parser.add_argument("--results", action="store_true", help="write the table into RESULTS.md")
    options = parser.parse_args()
    if options.files:
        runs = [json.loads(Path(file).read_text(encoding="utf-8")) for file in options.files]
    else:
        runs = [
            site(count, options.database, seconds=options.seconds, load=False, at="", rounds=3)
            for count in options.articles
        ]
    text = table(runs)
    print(text)
    if options.results:
        results.write(f"Growth: {runs[0]['database']}", text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
