"""A small HTTP client that keeps many connections busy: requests a second, and how long each took.

``python -m benchmarks.client PORT --connections 8 --seconds 5 < addresses`` reads addresses, one
a line, asks for them in turn and prints its figures as JSON. A process of its own, so that its work
is not counted as the server's.
"""

import argparse
import asyncio
import json
import sys
import time
from itertools import cycle

from benchmarks.measuring import percentiles

#: ETags by address, for those who ask again.
Known = dict[str, str]


async def _ask(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, address: str, known: Known | None
) -> tuple[int, bool]:
    """Return the status of *address*, and whether the connection stays open."""
    again = f"If-None-Match: {known[address]}\r\n" if known and address in known else ""
    writer.write(f"GET {address} HTTP/1.1\r\nHost: localhost\r\n{again}\r\n".encode("ascii"))
    raw = await reader.readuntil(b"\r\n\r\n")
    head = raw.lower()
    status = int(head.split(b" ", 2)[1])
    if known is not None and b"\r\netag: " in head:
        start = head.index(b"\r\netag: ") + 8
        known[address] = raw[start:].split(b"\r", 1)[0].decode("ascii")
    if status == 304:
        return 200, b"\r\nconnection: close" not in head
    if b"\r\ntransfer-encoding: chunked" in head:
        while size := int((await reader.readline()).strip(), 16):
            await reader.readexactly(size + 2)
        await reader.readline()
    else:
        length = head.partition(b"\r\ncontent-length:")[2].split(b"\r", 1)[0]
        await reader.readexactly(int(length or 0))
    return status, b"\r\nconnection: close" not in head


async def _keep_busy(
    port: int,
    addresses: "cycle[str]",
    end: float,
    walls: list[float],
    failed: list[int],
    known: Known | None,
) -> None:
    reader = writer = None
    while time.perf_counter() < end:
        started = time.perf_counter()
        try:
            if reader is None or writer is None:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
            status, is_open = await _ask(reader, writer, next(addresses), known)
        except (OSError, asyncio.IncompleteReadError):
            # The server may close a connection between two requests: the next one is new.
            if writer is not None:
                writer.close()
            reader = writer = None
            failed.append(0)
            continue
        walls.append(time.perf_counter() - started)
        if status != 200:
            failed.append(status)
        if not is_open:
            writer.close()
            reader = writer = None
    if writer is not None:
        writer.close()


async def run(
    port: int,
    addresses: list[str],
    connections: int,
    seconds: float,
    *,
    conditional: bool = False,
) -> dict[str, float]:
    """Ask for *addresses* in turn on *connections* at once; return rate, times and failures.

    *conditional* sends the ETag of the answer before, as a browser does that asks again.
    """
    known: Known | None = {} if conditional else None
    walls: list[float] = []
    failed: list[int] = []
    started = time.perf_counter()
    turns = cycle(addresses)
    await asyncio.gather(
        *(
            _keep_busy(port, turns, started + seconds, walls, failed, known)
            for _number in range(connections)
        )
    )
    rate = len(walls) / (time.perf_counter() - started)
    return {"rate": rate, **percentiles(walls or [0.0]), "failed": len(failed)}


def main() -> int:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--conditional", action="store_true", help="send ETags back")
    options = parser.parse_args()
    addresses = [line.strip() for line in sys.stdin if line.strip()]
    figures = asyncio.run(
        run(
            options.port,
            addresses,
            options.connections,
            options.seconds,
            conditional=options.conditional,
        )
    )
    print(json.dumps(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
