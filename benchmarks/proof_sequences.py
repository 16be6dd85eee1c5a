"""Random sequences of imports, edits, undos and redos: the archive does what its rules say.

`python -m benchmarks.proof_sequences` tries 20 sequences on SQLite; `--full` 200 on SQLite and
200 on PostgreSQL; `--sequences N` another number. Each is a life of up to 30 acts on an archive
of its own, followed step by step by a plain dictionary (tests/importing/model); after each act
both must say the same. If they do not, the shortest sequence that shows it is printed.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from benchmarks.databases import printed_on_each, sentence

STEPS = 30


def tried(count: int, seed: int) -> int:
    """Try *count* sequences on DATABASE_URL; print a line of figures, then what failed."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "archive_site.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from hypothesis import HealthCheck, Phase, settings
    from hypothesis import seed as seeded
    from hypothesis.stateful import run_state_machine_as_test

    from tests.importing.model.machine import Imports

    call_command("migrate", verbosity=0)
    sequences = 0
    with tempfile.TemporaryDirectory() as name:

        class Here(Imports):
            folder = Path(name)

            def __init__(self) -> None:
                nonlocal sequences
                sequences += 1
                super().__init__()

        problem = ""
        try:
            run_state_machine_as_test(
                seeded(seed)(Here),
                settings=settings(
                    max_examples=count,
                    stateful_step_count=STEPS,
                    deadline=None,
                    database=None,
                    phases=[Phase.generate, Phase.shrink],
                    suppress_health_check=list(HealthCheck),
                ),
            )
        except Exception as error:  # every exception is what this program looks for
            notes = "\n".join(getattr(error, "__notes__", ()))
            problem = f"{type(error).__name__}: {error}\n{notes}"
    acts = ", ".join(f"{number:,} {what}" for what, number in sorted(Imports.done.items()))
    print(f"{sequences:,} sequences with {sum(Imports.done.values()):,} acts ({acts})")
    if problem:
        print(problem)
    return 1 if problem else 0


def main() -> int:
    """Run and print Markdown; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="200 sequences on each database")
    parser.add_argument("--sequences", type=int, metavar="N", help="N sequences on SQLite")
    parser.add_argument("--seed", type=int, default=1926)
    parser.add_argument("--here", type=int, metavar="N", help="N sequences on DATABASE_URL")
    options = parser.parse_args()
    if options.here:
        return tried(options.here, options.seed)
    count = options.sequences or (200 if options.full else 20)
    arguments = ("--here", str(count), "--seed", str(options.seed))
    has_failed = False
    for name, is_wrong, lines in printed_on_each(
        "benchmarks.proof_sequences", *arguments, with_postgresql=options.full
    ):
        has_failed |= is_wrong
        verdict = "after each act archive and dictionary said the same"
        print(sentence(name, lines, options.seed, "**they differ:**" if is_wrong else verdict))
        if is_wrong:
            print("\n```", *lines[1:], "```", sep="\n")
    return 1 if has_failed else 0


if __name__ == "__main__":
    sys.exit(main())
