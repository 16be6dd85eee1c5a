"""The primary is away: readers go on, writers are told, and all is well when it is back.

``python -m benchmarks.proof_outage`` stops the primary of a PostgreSQL with two standbys for five
seconds while readers read; ``--full`` for sixty, ``--seconds`` for any other time. It prints what
everybody was told.
"""

import argparse
import http.client
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlencode

from tests.replicas.cluster import Cluster, Readers, Site, cluster, site, wait_for

ADDRESSES = ["/", "/articles/", "/articles/2020/03/01/a-bell/", "/authors/", "/articles/?q=bell"]
#: Seconds after its return within which all must be well.
SOON = 5.0


@dataclass
class Told:
    """What readers and writers were told during an outage."""

    seconds: float
    read: Counter[int] = field(default_factory=Counter)
    written: Counter[int] = field(default_factory=Counter)
    #: Whether each refusal said what is the matter, and when to try again.
    was_clear: bool = True
    back: float = 0.0


def sign_in(served: Site) -> tuple[int, str, str]:
    """Try to write: send the form of the sign-in page. Return status, Retry-After and words."""
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=30)
    try:
        form = urlencode({"username": "edith", "password": "long-enough-word"})
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", "/admin/login/", form, headers)
        response = connection.getresponse()
        body = response.read().decode("utf-8", "replace")
        return response.status, response.headers.get("Retry-After", ""), body
    finally:
        connection.close()


def outage(among: Cluster, seconds: float) -> Told:
    """Stop the primary of *among* for *seconds*; return what was told meanwhile."""
    told = Told(seconds)
    urls = [among.primary.url, *(standby.url for standby in among.standbys)]
    with site(among, urls[0], *urls[1:]) as served, Readers(served, ADDRESSES) as readers:
        readers.more()
        since = len(readers.answers)
        among.primary.stop("immediate")
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            status, again, words = sign_in(served)
            told.written[status] += 1
            told.was_clear &= status == 503 and bool(again) and "cannot be read just now" in words
            time.sleep(0.5)
        readers.more()
        among.primary.start()
        started = time.monotonic()
        # Forbidden is how a form without its token is told: the archive writes again.
        wait_for(lambda: sign_in(served)[0] != 503, 4 * SOON)
        told.back = time.monotonic() - started
        among.run("make_article('After')")
        wait_for(lambda: b"After" in served.get("/articles/")[2], 4 * SOON)
        readers.more()
        during = readers.answers[since:]
    told.read.update(status for _at, _address, status, _body in during)
    return told


def held(told: Told) -> bool:
    """Return whether it was as it should be."""
    return set(told.read) == {200} and told.was_clear and told.back < SOON


def main() -> int:
    """Run and print Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="sixty seconds instead of five")
    parser.add_argument("--seconds", type=float, default=5.0)
    options = parser.parse_args()
    with cluster(2) as among:
        among.run("make_article('A bell', authors=['Ada'], body='<p>It rang.</p>')")
        among.caught_up()
        told = outage(among, 60.0 if options.full else options.seconds)
    print(
        f"The primary of three PostgreSQL servers was away for {told.seconds:.0f} seconds."
        f" {sum(told.read.values()):,} pages were read meanwhile and after:"
        f" {dict(told.read)}. {sum(told.written.values())} attempts to sign in were told"
        f" {dict(told.written)}, {'each' if told.was_clear else 'not each'} with words and a time"
        f" to try again. Writing worked {told.back:.1f} s after the primary was back."
    )
    return 0 if held(told) else 1


if __name__ == "__main__":
    sys.exit(main())
