"""No list of the admin reads a large table from end to end: asked of the database.

And none counts to the end: `articles.admin.paging` says how far.
"""

import json
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.urls import reverse

from articles import clock
from articles.admin import article_filters, paging
from articles.choices import OperationKind
from articles.models import Article, Operation, Tag
from articles.search import base
from articles.writing.articles import save_article
from articles.writing.changes import ArticleChange
from tests.admin.test_article_pages import imported
from tests.factories import make_article, make_tag
from tests.site.test_plans import LARGE, marks, scans, statements

pytestmark = pytest.mark.slow

__all__ = ["marks"]

LIST = "/admin/articles/article/"
#: What may be read whole, by a piece of the statement, and why it stays small or short.
KNOWN = {
    'SELECT DISTINCT "articles_finding"."code"': "an index of short words",
    'GROUP BY "articles_finding"."code"': "an index of short words; what waits is worked off",
    # What readers do not see has no search document; it is the lesser part. Said to each database.
    "archive_fold": "drafts, scheduled and withdrawn ones are folded and compared word by word",
    "regexp_replace(normalize(": "the same",
    # With few articles SQLite would rather sort them; with many it reads the order of the list.
    'NOT ("articles_article"."byline" =': "most have one: fifty are found at once",
    '"articles_article"."body" = (\'\')': "a partial index, in the order of the list",
}


def addresses() -> list[str]:
    """Return every list, and the list of articles under its filters, in its orders and searched."""
    found = [
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for model in admin.site._registry
    ]
    article = Article.objects.order_by("pk")[0]
    queries = {
        "status": ["draft", "published", "scheduled", "withdrawn"], "precision": ["month", "none"],
        "byline": ["0", "1"], "lacking": ["byline", "standfirst", "body"], "finding": ["any"],
        "author": [article.contributions.all()[0].author_id], "tag": [Tag.objects.all()[0].pk],
        "series": [article.parts.all()[0].series_id], "changed": ["me"], "o": ["2", "-2", "-6"],
        "q": ["thing"], "published_on__year": ["1995"], "p": ["2"],
    }  # fmt: skip
    found += [
        f"{LIST}?{urlencode({name: value})}" for name, values in queries.items() for value in values
    ]
    complete = {"app_label": "articles", "model_name": "contribution", "field_name": "author"}
    found.append(f"{reverse('admin:autocomplete')}?{urlencode({**complete, 'term': 'per'})}")
    return [*found, "/admin/"]


def whole(sql: str, params: Any) -> list[str]:
    """Return the large tables that a statement reads from end to end whatever it finds.

    Lists here are in the order of an index that is not unique, so a few rows that are alike are
    sorted at the end; and what is counted up to a limit is read in any order.
    """
    if connection.vendor != "sqlite":
        return scans(sql, params)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        details = [row[3] for row in cursor.fetchall()]
    ends_early = " LIMIT " in sql and "USE TEMP B-TREE FOR ORDER BY" not in details
    names = {alias: table for table, alias in re.findall(r'"(\w+)" "?([A-Z]\d+)"?', sql)}
    read = [detail.split()[1] for detail in details if detail.startswith("SCAN ")]
    return [] if ends_early else [name for name in read if names.get(name, name) in LARGE]


def test_no_list_reads_a_whole_table(signed_in: object, marks: dict[str, str]) -> None:
    client: Client = signed_in("superuser")  # type: ignore[operator]
    make_article("Waits", status="draft")
    # Of a list of one page all is read.
    acts = [Operation(kind=OperationKind.EDIT, at=clock.now()) for _ in range(120)]
    Operation.objects.bulk_create(acts)
    seen: dict[str, tuple[str, list[str]]] = {}
    for address in addresses():
        for sql, params in statements(client, address):
            if sql not in seen and not any(piece in sql for piece in KNOWN):
                seen[sql] = (address, whole(sql, params))
    assert len(seen) > 60
    found = {f"{address}: {scan}": sql for sql, (address, each) in seen.items() for scan in each}
    assert sorted(found) == [], json.dumps(found, indent=1)


def test_a_long_list_is_counted_to_a_limit(
    signed_in: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "COUNTED", 120)
    client: Client = signed_in("superuser")  # type: ignore[operator]
    for number in range(125):
        make_tag(f"Tag {number:03d}")
    response = client.get("/admin/articles/tag/")
    assert "120+ tags" in " ".join(response.content.decode().split())
    changes = response.context["cl"]
    assert changes.paginator.num_pages == 3
    assert client.get("/admin/articles/tag/?p=3").status_code == 200
    # Beyond, filters and orders lead on.
    assert client.get("/admin/articles/tag/?p=4").status_code == 302
    few = client.get("/admin/articles/tag/?q=00").context["cl"]
    assert (few.result_count, str(few.result_count)) == (11, "11")


def test_what_filters_find_is_counted_to_the_same_limit(
    signed_in: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "COUNTED", 3)
    client: Client = signed_in("superuser")  # type: ignore[operator]
    for number in range(5):
        article = make_article(f"Article {number}")
    save_article(ArticleChange(article=article, fields={"byline": "By A One"}), actor=None)
    page = " ".join(client.get(f"{LIST}?_facets=True").content.decode().split())
    assert "published (3+)" in page
    assert "draft (0)" in page
    assert "with byline (1)" in page
    assert "5 articles" not in page
    assert "3+ articles" in page


def test_a_whole_table_is_noticed(marks: dict[str, str]) -> None:
    for sql, expected in [
        ('SELECT COUNT(*) FROM "articles_article"', True),
        ('SELECT * FROM "articles_article" ORDER BY "headline" LIMIT 5', True),
        ('SELECT DISTINCT upper("reason") FROM "articles_operation"', True),
        ('SELECT * FROM "articles_article" ORDER BY "sort_key" DESC, "id" DESC LIMIT 5', False),
        ('SELECT COUNT(*) FROM (SELECT 1 FROM "articles_article" LIMIT 5) subquery', False),
    ]:
        assert bool(whole(sql, None)) is expected, sql


def test_a_word_that_is_everywhere_shows_the_newest(
    signed_in: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "COUNTED", 3)
    monkeypatch.setattr(base, "RANK_LIMIT", 2)
    client: Client = signed_in("superuser")  # type: ignore[operator]
    for year in range(2001, 2006):
        make_article(f"Lamp of {year}", published_on=f"{year}-01-01")
    make_article("Lamp to come", status="draft", published_on="2000-01-01")

    def listed(query: str) -> list[str]:
        return [row.headline for row in client.get(f"{LIST}?{query}").context["cl"].result_list]

    newest = ["Lamp of 2005", "Lamp of 2004", "Lamp of 2003", "Lamp of 2002"]
    assert listed("q=lamp") == [*newest, "Lamp to come"]
    # What narrows it further asks about all that is found.
    assert listed("q=lamp&status=published") == [*newest, "Lamp of 2001"]
    assert listed("q=lamp&published_on__year=2001") == ["Lamp of 2001"]


@pytest.mark.parametrize("most", [0, 100])
def test_outcomes_are_found_however_many_have_them(
    signed_in: object, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(article_filters, "COUNTED", most)
    client: Client = signed_in("superuser")  # type: ignore[operator]
    article, _entry = imported()
    make_article("By hand")
    for value, found in (("CREATE", [article.pk]), ("UPDATE", [])):
        changes = client.get(f"{LIST}?outcome={value}").context["cl"]
        assert [row.pk for row in changes.result_list] == found
