"""Articles of small archives made by chance are merged, and taken back: all is as it was.

`python -m benchmarks.proof_merging` tries 10 archives in each of three ways on SQLite: one merge
after the other, several articles in one act, and taken back in any order. `--full` tries 60 in
each way on SQLite and on PostgreSQL. What the archives are made of, and what must hold, is that of
the tests (tests/writing/lives.py).
"""

import argparse
import os
import sys

from benchmarks.databases import printed_on_each, sentence


def tried(count: int, seed: int) -> int:
    """Try *count* archives in each way on DATABASE_URL; print a line of figures, then what failed.
    Nothing stays written."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "archive_site.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import transaction

    from articles.counting import live
    from tests.writing import lives

    call_command("migrate", verbosity=0)
    merges, problems = 0, []
    for way in (lives.merged_one_by_one, lives.merged_in_one_act, lives.taken_back_in_any_order):
        for number in range(seed, seed + count):
            # What is kept of the archive before, whose versions have the numbers of this one's.
            live.forget()
            with transaction.atomic():
                try:
                    merges += way(number)
                except Exception as error:  # every exception is what this program looks for
                    problems.append(f"{way.__name__}, {number}: {error!r}")
                transaction.set_rollback(True)
    print(f"{3 * count:,} archives with {merges:,} merges")
    print(*problems[:20], sep="\n")
    return 1 if problems else 0


def main() -> int:
    """Run and print Markdown; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="60 in each way on each database")
    parser.add_argument("--seed", type=int, default=1848)
    parser.add_argument("--here", type=int, metavar="N", help="N in each way on DATABASE_URL")
    options = parser.parse_args()
    if options.here:
        return tried(options.here, options.seed)
    count = 60 if options.full else 10
    arguments = ("--here", str(count), "--seed", str(options.seed))
    has_failed = False
    for name, is_wrong, lines in printed_on_each(
        "benchmarks.proof_merging", *arguments, with_postgresql=options.full
    ):
        has_failed |= is_wrong
        verdict = "taken back, every row was what it had been"
        print(sentence(name, lines, options.seed, "**problems:**" if is_wrong else verdict))
        for line in filter(None, lines[1:]):
            print(f"  - `{line}`")
    return 1 if has_failed else 0


if __name__ == "__main__":
    sys.exit(main())
