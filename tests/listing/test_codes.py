"""The table of diagnostic codes names every code that the package gives, and no other."""

import re
from pathlib import Path

from articles.listing import records

PACKAGE = Path(records.__file__).parent


def test_table_of_codes_is_complete() -> None:
    table = set(re.findall(r"^``([a-z-]+)``", records.__doc__ or "", re.MULTILINE))
    source = "".join(
        p.read_text(encoding="utf-8") for p in PACKAGE.glob("*.py") if p.stem != "records"
    )
    given = set(re.findall(r"Diagnostic\(\s*\"([a-z-]+)\"", source))
    given |= set(re.findall(r"\"([a-z]+-(?:or-)?[a-z]+)\"", source)) & table
    assert given == table
