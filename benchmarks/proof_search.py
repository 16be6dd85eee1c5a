"""Hostile search texts against both databases: never an error, never more than what is public.

`python -m benchmarks.proof_search` asks 500 queries on SQLite; `--full` 20,000 on SQLite and
20,000 on PostgreSQL. The archive holds the sample and the demo, of which 8 articles are not public.
"""

import argparse
import os
import random
import sys
import time
from pathlib import Path

from benchmarks.databases import printed_on_each, sentence

PIECES = (
    "revolution", "tide", "Gomułka", "C++", "灯台", "маяк", "منارة", '"', "'", "''", '""', "*",
    "-", "--", "(", ")", "NEAR(", "NEAR/3", "AND", "OR", "NOT", "^", ":", "x:y", "headline:", "{",
    "}", "[", "]", "&", "|", "!", "<->", "\\", "/", "%", "_", ";", "--;", "\x00", "\ud800",
    "\u202e", "\u0301", "\u200b", "🧭", "o'brien", "hello-world", "a" * 300, "re*", "r*",
    '"the tide"',
    '-"the tide"', "-revolution", "1", "0x10", "$1", "%s", "{}", "to_tsquery", "'; DROP TABLE x",
    "\n", "\t", "\u00a0", "+", "~", "`", "=", "<mark>", "ﬁ", "İ", "ß", "e\u0301",
)  # fmt: skip


def text(random_: random.Random) -> str:
    """Return a random query text."""
    pieces = random_.choices(PIECES, k=random_.randrange(1, 9))
    return random_.choice(("", " ", " ", "  ")).join(pieces)


def ask(count: int, seed: int) -> int:
    """Ask *count* queries of DATABASE_URL; print a line of figures, then the problems."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "archive_site.settings")
    import django

    django.setup()
    from django.core.management import call_command

    from articles.models import Article
    from articles.search.base import search

    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        call_command("migrate", verbosity=0)
        call_command("import_sample", stdout=nowhere)
        call_command(
            "import_fixture", "fixtures/demo.json", yes=True, stdout=nowhere, stderr=nowhere
        )
    random_ = random.Random(seed)
    public = set(Article.objects.published().values_list("pk", flat=True))
    slowest, hits, problems = 0.0, 0, []
    for _ in range(count):
        wanted = text(random_)
        started = time.perf_counter()
        try:
            found = search(Article.objects.published(), wanted)
            rows = {row["id"] for row in found.rows(found.ranked(50, 0))}
            total = found.count()
        except Exception as error:  # every exception is what this program looks for
            problems.append(f"{wanted!r}: {error!r}")
            continue
        slowest = max(slowest, time.perf_counter() - started)
        hits += bool(rows)
        if not rows <= public or total > len(public):
            problems.append(f"{wanted!r}: found what is not public")
    print(f"{count:,} queries, {hits:,} with hits, the slowest {slowest * 1000:.0f} ms")
    print(*problems[:20], sep="\n")
    return 1 if problems else 0


def main() -> int:
    """Run and print Markdown; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="20,000 queries on each database")
    parser.add_argument("--seed", type=int, default=1905)
    parser.add_argument("--here", type=int, metavar="N", help="N queries on DATABASE_URL")
    options = parser.parse_args()
    if options.here:
        return ask(options.here, options.seed)
    count = 20_000 if options.full else 500
    arguments = ("--here", str(count), "--seed", str(options.seed))
    has_failed = False
    for name, is_wrong, lines in printed_on_each(
        "benchmarks.proof_search", *arguments, with_postgresql=options.full
    ):
        has_failed |= is_wrong
        verdict = "none raised an error or found what is not public"
        print(sentence(name, lines, options.seed, "**problems:**" if is_wrong else verdict))
        for line in filter(None, lines[1:]):
            print(f"  - `{line}`")
    return 1 if has_failed else 0


if __name__ == "__main__":
    sys.exit(main())
