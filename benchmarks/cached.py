"""Pages from memory against the least that Django can do, in one run.

``python -m benchmarks.cached /articles/ /`` serves the archive that DATABASE_URL names and
`benchmarks.hello`, asks both in turn at the same load, and prints requests a second and the ratio:
of whole pages, and of 304. The archive must not have changed within the last ten seconds.
"""

import argparse
import statistics
import sys
from collections.abc import Sequence

from benchmarks import serving

ROUNDS = 3


def measure(addresses: Sequence[str], connections: int, seconds: float) -> dict[str, float]:
    """Return the median rates, in requests a second, of hello, of whole pages and of 304."""
    rates: dict[str, list[float]] = {"hello": [], "page": [], "304": []}
    hello = serving.server("benchmarks.hello:application")
    with hello as yardstick, serving.server(CACHE_MB="32") as archive:
        options = {"connections": connections, "seconds": seconds}
        serving.load(archive, addresses, connections=1, seconds=1)
        for _round in range(ROUNDS):
            rates["hello"].append(serving.load(yardstick, ["/"], **options)["rate"])
            rates["page"].append(serving.load(archive, addresses, **options)["rate"])
            known = serving.load(archive, addresses, conditional=True, **options)
            rates["304"].append(known["rate"])
    return {name: statistics.median(found) for name, found in rates.items()}


def main() -> int:
    """Print the rates."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("addresses", nargs="+", help="addresses of public pages")
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=5.0)
    options = parser.parse_args()
    rates = measure(options.addresses, options.connections, options.seconds)
    for name, rate in rates.items():
        print(f"{name:<6}{rate:>8.0f} requests/s  {rate / rates['hello']:>6.0%} of hello")
    return 0


if __name__ == "__main__":
    sys.exit(main())
