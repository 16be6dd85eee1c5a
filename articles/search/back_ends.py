"""What the search of each database offers, and which module it is; see `articles.search.base`."""

from collections.abc import Sequence
from importlib import import_module
from typing import Protocol, cast

from django.db import connections

from articles.search.match import Among, Match

_MODULES = {"sqlite": "articles.search.sqlite", "postgresql": "articles.search.postgres"}


class BackEnd(Protocol):
    """What `sqlite` and `postgres` offer as module functions. *using* is a database alias."""

    def probe(self, using: str, match: Match, limit: int) -> list[int]:
        """Return the sort keys of all hits in any order; if they are more than *limit*, any
        *limit* + 1 of them."""

    def newest(
        self,
        using: str,
        match: Match,
        limit: int,
        offset: int,
        older_than: int | None,
        newer_than: int | None,
    ) -> list[int]:
        """As `Found.newest`."""

    def count(self, using: str, match: Match) -> int:
        """Return the number of hits."""

    def has_more(self, using: str, match: Match, limit: int) -> bool:
        """Return whether there are more than *limit* hits."""

    def surely_more(self, using: str, match: Match, limit: int) -> bool:
        """Return whether it is known without looking that there are more than *limit* hits."""

    def ids(self, using: str, match: Match, limit: int | None) -> Sequence[int] | None:
        """Return the article ids of all hits, in any order; None if they are more than *limit*."""

    def ranked(self, using: str, match: Match, keys: Sequence[int]) -> list[int]:
        """Return *keys*, which are hits of the part and few, by relevance."""

    def known(self, using: str, tokens: Sequence[str], most: int) -> dict[str, int]:
        """Return those of *tokens* that documents hold, with how many do, up to *most*."""

    def among(self, match: Match) -> Among:
        """Return the condition that an article's sort key is among the hits."""

    def among_keys(self, keys: Sequence[int]) -> Among:
        """Return the condition that an article's sort key is among *keys*."""

    def rebuild(self, using: str) -> None:
        """Make the full-text index anew from the table."""

    def check(self, using: str) -> list[str]:
        """Return the differences between table and index, in words."""

    def optimise(self, using: str) -> None:
        """Settle the index after much was written."""

    def migrated(self, using: str) -> None:
        """Renew what a migration lost of the statistics."""


def back_end(using: str) -> BackEnd:
    """Return the back end of the database *using*."""
    return cast(BackEnd, import_module(_MODULES[connections[using].vendor]))
