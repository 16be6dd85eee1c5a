"""How often a test is repeated that draws its cases by lot: a fifth of what it could stand in
`make test`; all of it in `make proof`, which runs `benchmarks/proof_properties.py`."""

import os

THOROUGH = "ARCHIVE_THOROUGH"


def times(most: int) -> int:
    """Return how often a test marked ``thorough`` is repeated that can be *most* times."""
    return most if os.environ.get(THOROUGH) == "1" else max(1, most // 5)
