"""Where whole pages are kept: in this process, and beside it in a store that all nodes share.

A page is kept under its address with the mark of the version that it was made from, and is given
out for that mark only. So nothing is ever taken out for being wrong: what is old is not found.
"""

import contextlib
import hashlib
import json
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from django.core.exceptions import ImproperlyConfigured

#: Scheme, host, path and query of a request, as they were sent.
Address = tuple[str, str, str, str]

#: Bytes of the largest page that is kept.
LARGEST = 1_000_000
#: Bytes that a page costs beside its body, about.
OVERHEAD = 1_000
#: Seconds: how long a shared store keeps a page, waits for an answer, and is left alone after one
#: that did not come.
SHARED_AGE = 3600
SHARED_WAIT = 0.25
SHARED_REST = 5.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Kept:
    """A page as it was made, with the headers that belong to it."""

    body: bytes
    headers: tuple[tuple[str, str], ...]

    def dump(self) -> bytes:
        """Return the page as bytes: its headers in one line of JSON, then its body."""
        return json.dumps(self.headers).encode() + b"\n" + self.body

    @classmethod
    def load(cls, data: bytes) -> "Kept":
        """Read what `dump` wrote. Raises `ValueError` for anything else."""
        head, separator, body = data.partition(b"\n")
        headers = json.loads(head)
        if not separator or not isinstance(headers, list):
            raise ValueError("not a page")
        return cls(body, tuple((str(name), str(value)) for name, value in headers))


class _Room:
    """Pages up to a number of bytes; those that were not asked for longest go first."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.used = 0
        self._pages: OrderedDict[Address, tuple[str, Kept]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, address: Address, mark: str) -> Kept | None:
        with self._lock:
            found = self._pages.get(address)
            if found is None or found[0] != mark:
                return None
            self._pages.move_to_end(address)
            return found[1]

    def put(self, address: Address, mark: str, page: Kept) -> None:
        with self._lock:
            old = self._pages.pop(address, None)
            if old is not None:
                self.used -= _cost(old[1])
            self._pages[address] = (mark, page)
            self.used += _cost(page)
            while self.used > self.size:
                _address, (_mark, gone) = self._pages.popitem(last=False)
                self.used -= _cost(gone)


def _cost(page: Kept) -> int:
    return len(page.body) + OVERHEAD


class SharedStore(Protocol):
    """What is asked of Redis and memcached alike."""

    def get(self, key: str) -> bytes | None: ...

    def put(self, key: str, value: bytes) -> None: ...

    def close(self) -> None:
        """Let go of the connections."""


class PageStore:
    """The pages of this process, and behind them those of a shared store, if there is one.

    Plain addresses have a room of their own: there are as many as the archive has pages, while
    queries can be made up without end, and would crowd them out.
    """

    def __init__(self, size: int, shared: SharedStore | None = None) -> None:
        self._plain = _Room(size // 2)
        self._queries = _Room(size - size // 2)
        self._shared = shared
        self._resting_until = 0.0

    @property
    def used(self) -> int:
        """Bytes in use."""
        return self._plain.used + self._queries.used

    def get(self, address: Address, mark: str) -> Kept | None:
        """Return the page at *address* made from *mark*, or None."""
        room = self._room(address)
        found = room.get(address, mark)
        if found is None and self._shared is not None:
            shared = self._shared
            data = self._try(lambda: shared.get(_key(address, mark)))
            if data is not None:
                with contextlib.suppress(ValueError):
                    found = Kept.load(data)
                    room.put(address, mark, found)
        return found

    def put(self, address: Address, mark: str, page: Kept) -> None:
        """Keep *page*, unless it is too large."""
        if len(page.body) > LARGEST:
            return
        self._room(address).put(address, mark, page)
        if self._shared is not None:
            shared = self._shared
            self._try(lambda: shared.put(_key(address, mark), page.dump()))

    def close(self) -> None:
        """Let go of the connections to the shared store."""
        if self._shared is not None:
            self._shared.close()

    def _room(self, address: Address) -> _Room:
        return self._queries if address[3] else self._plain

    def _try(self, act: Callable[[], Any]) -> Any:
        """Ask the shared store; without it everything is slower, and nothing else."""
        if time.monotonic() < self._resting_until:
            return None
        try:
            return act()
        except Exception as error:
            _log.warning("The shared store of pages does not answer: %s", error)
            self._resting_until = time.monotonic() + SHARED_REST
            return None


def _key(address: Address, mark: str) -> str:
    return hashlib.sha256(
        "\n".join((*address, mark)).encode("utf-8", "surrogateescape")
    ).hexdigest()


class _Redis:
    def __init__(self, url: str) -> None:
        import redis

        wait = SHARED_WAIT
        self._client = redis.Redis.from_url(url, socket_timeout=wait, socket_connect_timeout=wait)

    def get(self, key: str) -> bytes | None:
        found: Any = self._client.get(f"backfile:{key}")
        return found if isinstance(found, bytes) else None

    def put(self, key: str, value: bytes) -> None:
        self._client.set(f"backfile:{key}", value, ex=SHARED_AGE)

    def close(self) -> None:
        self._client.close()


class _Memcached:
    def __init__(self, server: str) -> None:
        from pymemcache.client.base import PooledClient

        wait = SHARED_WAIT
        self._client = PooledClient(server, timeout=wait, connect_timeout=wait, max_pool_size=16)

    def get(self, key: str) -> bytes | None:
        found: Any = self._client.get(f"backfile:{key}")
        return found if isinstance(found, bytes) else None

    def put(self, key: str, value: bytes) -> None:
        # With an answer: without one, whoever asks next may be told that there is nothing.
        self._client.set(f"backfile:{key}", value, expire=SHARED_AGE, noreply=False)

    def close(self) -> None:
        self._client.close()


def shared_store(url: str) -> SharedStore | None:
    """Return the store at *url*: ``redis://``, ``rediss://``, ``unix://`` (a socket of Redis),
    ``memcached://HOST:PORT`` or ``memcached:///SOCKET``; None if it is empty."""
    kind, _, rest = url.partition("://")
    if not url:
        return None
    if rest and kind in {"redis", "rediss", "unix"}:
        return _Redis(url)
    if rest and kind == "memcached":
        return _Memcached(rest)
    raise ImproperlyConfigured("CACHE_URL must begin with redis://, rediss:// or memcached://.")
