"""Listings each of which shows one habit that the parser must know: every entry is read whole.

``read_whole/`` has the form of ``heldout/`` (see ``test_heldout``), and so has ``archives/``: small
listings as archives, magazines, newspapers, journals, bibliographies, blogs and mails have them, in
seven languages, each read in full before the parser was run on it. Where an entry has no date, it
must say so; nothing may be wrong without a doubt, and no entry may be made up.
"""

from pathlib import Path

import pytest

from tests.listing.scoring import names, score


@pytest.mark.parametrize(
    "path", [*names("read_whole"), *names("archives")], ids=lambda path: path.stem
)
def test_each_entry_is_read_whole(path: Path) -> None:
    found = score(path)
    assert found.wrong == []
    assert (found.whole, found.dates, found.invented, found.undoubted) == (
        found.entries,
        found.entries,
        0,
        0,
    )


def test_there_are_enough_to_mean_something() -> None:
    assert len(names("read_whole")) >= 20
    assert len(names("archives")) >= 70
