"""No page of readers reads a whole table: asked of the database, statement by statement."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from articles.choices import Status
from articles.counting import live
from articles.writing.articles import set_status
from tests.factories import make_article, make_articles, make_author, make_series, make_tag
from tests.site.test_privacy import addresses

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

#: Tables that grow with the articles. Others hold a row for each name, import, account or total.
LARGE = {
    "articles_article", "articles_contribution", "articles_taggedarticle", "articles_part",
    "articles_searchdocument", "articles_publickey", "articles_pastaddress",
    "articles_sourceentry", "articles_fieldchange", "articles_finding", "articles_operation",
}  # fmt: skip
#: Those of names, whose sizes the plans depend on as well.
NAMES = {"authors_author", "articles_series", "articles_tag"}
#: Pages that show a row for each author, series or tag, and so have to read them all.
WHOLE = {"/authors/", "/series/", "/tags/"}

_WHOLE_INPUT = {"Sort", "Aggregate", "Hash"}


@pytest.fixture
def marks(db: None) -> dict[str, str]:
    """Fill an archive with some of everything; return what stands in its addresses."""
    _forget_sizes()
    author, tag = make_author("Shared Author"), make_tag("Shared")
    series = make_series("Shared series", kind="serial")
    make_articles(*(
        {
            "headline": f"Public thing {number}" if number else "Public thing",
            "authors": [author, f"Person {number % 7}"],
            "tags": [tag, f"Tag {number % 5}"],
            "series": [(series, number + 1)],
            "published_on": f"{1990 + number % 30}-03-{number % 28 + 1:02d}"
            if number
            else "2020-03-01",
            "key": "pub11cxx" if not number else None,
            "body": "<p>The bell rang, sealed.</p>" if number % 3 else "",
        }
        for number in range(60)
    ))  # fmt: skip
    gone = make_article("Gone", key="g0ne0000", slug="slug-gone", published_on="1871-02-03")
    set_status([gone.pk], Status.WITHDRAWN, actor=None, reason="Wrong.")
    # What a process reads once, when it starts to count.
    live.current()
    return {
        "token": "bell", "slug": "slug-gone", "author": "person-1", "tag": "tag-1",
        "series": "shared-series", "key": "g0ne0000",
    }  # fmt: skip


def _forget_sizes() -> None:
    """Let PostgreSQL know nothing of the size of its tables, whatever ran before.

    ANALYZE writes sizes past the transaction that it runs in; an emptied table has none.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {', '.join(sorted(LARGE | NAMES))} CASCADE")


def statements(client: Client, address: str) -> list[tuple[str, Any]]:
    """Return what the page at *address* asks the database."""
    found: list[tuple[str, Any]] = []

    def keep(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().upper().startswith(("SELECT", "WITH")):
            found.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        client.get(address)
    return found


def scans(sql: str, params: Any) -> list[str]:
    """Return the large tables that a statement reads from end to end.

    Neither database has statistics here: each takes its tables for large ones.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
            return list(_scans_of_sqlite(sql, [row[3] for row in cursor.fetchall()]))
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        plan = cursor.fetchone()[0]
    plan = json.loads(plan) if isinstance(plan, str) else plan
    return list(_scans_of_postgresql(plan[0]["Plan"], is_limited=False))


def _scans_of_sqlite(sql: str, details: list[str]) -> Iterator[str]:
    """A scan in the order of an index ends early if the statement has a limit."""
    names = {alias: table for table, alias in re.findall(r'"(\w+)" "?([A-Z]\d+)"?', sql)}
    is_sorted = any("TEMP B-TREE" in detail for detail in details)
    for detail in details:
        match = re.match(r"SCAN (\w+)(.*)", detail)
        if match is None or "VIRTUAL TABLE" in match[2]:
            continue
        table = names.get(match[1], match[1])
        ends_early = "USING" in match[2] and " LIMIT " in sql and not is_sorted
        if table in LARGE and not ends_early:
            yield f"{table}: {detail}"


def _scans_of_postgresql(node: dict[str, Any], *, is_limited: bool) -> Iterator[str]:
    """A sort or an aggregate reads all of what is below it, whatever limit is above."""
    kind = node["Node Type"]
    table = node.get("Relation Name")
    is_whole = not any(name in node for name in ("Index Cond", "Recheck Cond"))
    is_read = kind == "Seq Scan" or not is_limited
    if table in LARGE and is_whole and is_read:
        yield f"{table}: {kind}"
    limited = kind == "Limit" or (is_limited and kind not in _WHOLE_INPUT)
    for below in node.get("Plans", ()):
        yield from _scans_of_postgresql(below, is_limited=limited)


def test_no_page_reads_a_whole_table(client: Client, marks: dict[str, str]) -> None:
    seen: dict[str, tuple[str, list[str]]] = {}
    for address in addresses(marks):
        if address.split("?")[0] in WHOLE:
            continue
        for sql, params in statements(client, address):
            if sql not in seen:
                seen[sql] = (address, scans(sql, params))
    assert len(seen) > 40
    found = {f"{address}: {scan}": sql for sql, (address, each) in seen.items() for scan in each}
    assert sorted(found) == [], json.dumps(found, indent=1)


def test_a_whole_table_is_noticed(marks: dict[str, str]) -> None:
    for sql, expected in [
        ('SELECT * FROM "articles_article" WHERE "headline" = \'x\'', True),
        ('SELECT COUNT(*) FROM "articles_article"', True),
        ('SELECT * FROM "articles_article" ORDER BY "headline" LIMIT 5', True),
        ('SELECT * FROM "articles_article" ORDER BY "sort_key" DESC LIMIT 5', False),
        ('SELECT * FROM "articles_article" WHERE "id" = 3', False),
        ('SELECT * FROM "articles_contribution" U0 WHERE U0."position" > 5', True),
    ]:
        assert bool(scans(sql, None)) is expected, sql
