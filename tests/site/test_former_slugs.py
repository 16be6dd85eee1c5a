"""A filter by a slug of the past leads on to the list by the present one, in one step."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import PastAddress
from articles.writing.name_merging import merge_named
from articles.writing.names import save_named
from tests.factories import make_article, make_articles, make_author, make_series, make_tag

pytestmark = pytest.mark.django_db

KINDS: dict[str, tuple[Callable[..., Any], str]] = {
    "author": (make_author, "authors"),
    "tag": (make_tag, "tags"),
    "series": (make_series, "series"),
}
every_kind = pytest.mark.parametrize("kind", KINDS)


def renamed(row: Any, slug: str) -> Any:
    row.slug = slug
    return save_named(row, actor=None)


def leads(client: Client, address: str) -> str:
    """Return where *address* leads, which must answer at once."""
    response = client.get(address)
    assert response.status_code == 301, response.status_code
    target: str = response["Location"]
    assert client.get(target).status_code == 200
    return target


@every_kind
def test_after_a_rename_and_after_two(client: Client, kind: str) -> None:
    make, argument = KINDS[kind]
    row = make("Quillon")
    make_article(**{argument: [row]})
    renamed(renamed(row, "harrow"), "lowell")
    for slug in ("quillon", "harrow", "Quillon"):
        assert leads(client, f"/articles/?{kind}={slug}") == f"/articles/?{kind}=lowell"


@every_kind
def test_after_a_merge_with_all_else_that_was_asked_for(client: Client, kind: str) -> None:
    make, argument = KINDS[kind]
    survivor, copy = make("Quillon"), make("Harrow")
    make_article("Bells", **{argument: [copy]}, byline="By one")
    merge_named(survivor, [copy], actor=None)
    address = f"/articles/?{kind}=harrow&year=2020&q=bells&sort=oldest&utm_source=x"
    assert leads(client, address) == f"/articles/?q=bells&{kind}=quillon&year=2020&sort=oldest"
    # Both names of one are one.
    both = f"/articles/?{kind}=harrow&{kind}=quillon"
    assert leads(client, both) == f"/articles/?{kind}=quillon"


def test_two_dimensions_at_once_are_one_step(client: Client) -> None:
    author, tag = make_author("Quillon"), make_tag("Sea")
    make_article(authors=[author], tags=[tag])
    renamed(author, "harrow")
    renamed(tag, "ocean")
    address = "/articles/?author=quillon&tag=sea&author=nobody"
    assert leads(client, address) == "/articles/?author=harrow&author=nobody&tag=ocean"


def test_the_place_in_the_list_is_kept(client: Client) -> None:
    author = make_author("Quillon")
    make_articles(*[{"authors": [author]}] * 51)
    renamed(author, "harrow")
    for place in ("page=2", "after=0", "before=0"):
        target = leads(client, f"/articles/?author=quillon&{place}")
        assert target == f"/articles/?author=harrow&{place}"
    assert client.get("/articles/?author=quillon&page=3").status_code == 301
    assert client.get("/articles/?author=harrow&page=3").status_code == 404
    assert client.get("/articles/?author=nobody&page=2").status_code == 404


@every_kind
def test_what_readers_may_not_know_leads_nowhere(client: Client, kind: str) -> None:
    make, argument = KINDS[kind]
    row = make("Quillon")
    make_article(**{argument: [row]}, status="draft")
    never = client.get(f"/articles/?{kind}=quillo0")
    renamed(row, "harrow")
    hidden = client.get(f"/articles/?{kind}=quillon")
    assert hidden.status_code == never.status_code == 200
    assert hidden.content.replace(b"quillon", b"") == never.content.replace(b"quillo0", b"")
    assert PastAddress.objects.count() == 1


def test_present_slugs_are_not_looked_up_among_former_ones(client: Client) -> None:
    author = make_author("Quillon")
    make_article(authors=[author])
    renamed(author, "harrow")
    client.get("/robots.txt")
    with CaptureQueriesContext(connection) as queries:
        client.get("/articles/?author=harrow")
    assert not [query for query in queries if "pastaddress" in query["sql"]]
