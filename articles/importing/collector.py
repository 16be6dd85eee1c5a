"""How often Python looks for reference cycles while a whole listing is held in memory."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

#: Allocations before the youngest objects are looked through, and how many such looks before the
#: next older ones are: Python's own are 700, 10, 10.
THRESHOLDS = (100_000, 50, 1000)


@contextmanager
def rare_collections() -> Iterator[None]:
    """Look for reference cycles more rarely: going through all entries again and again takes up
    to a third of the time of an import, and finds next to nothing. May be nested."""
    before = gc.get_threshold()
    gc.set_threshold(*THRESHOLDS)
    try:
        yield
    finally:
        gc.set_threshold(*before)
