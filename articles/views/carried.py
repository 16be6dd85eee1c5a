"""The reading list that a reader brings along from page to page: ``?list=`` and the keys on it."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from articles.picks import MOST, picks_text, read_picks


def list_url(keys: Sequence[str]) -> str:
    """Return the address of a list."""
    address = reverse("reading-list")
    return f"{address}?keys={picks_text(keys)}" if keys else address


def list_context(request: HttpRequest, key: str) -> dict[str, Any]:
    """Return the way to the reader's list with the article *key* on it, and what links to other
    articles take along of the list. What is no key in the address is left out."""
    keys, _others = read_picks(request.GET.get("list", "")[:5000])
    brought = keys[:MOST]
    wanted = list(dict.fromkeys([*brought, key]))[:MOST] if key else brought
    return {
        "list_url": list_url(wanted),
        "list_count": len(brought),
        "is_listed": key in brought,
        "carried": f"?list={picks_text(brought)}" if brought else "",
    }
