"""Statements that are written once find what the query sets find that they were written from."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from articles import clock
from articles.choices import Status
from articles.listed import rows_with
from articles.models import Article
from articles.prepared import Prepared
from articles.rows import rows_of
from articles.totals import AUTHORS
from articles.writing.articles import set_status
from tests.factories import make_article

pytestmark = pytest.mark.django_db


def test_rows_are_those_of_the_query_set(django_assert_num_queries: Callable[..., Any]) -> None:
    made = [
        make_article(
            f"Bell {number}",
            body="<p>It rang.</p>" if number % 2 else "",
            published_on=("2020", "2020-03", "2020-03-01")[number % 3],
        )
        for number in range(60)
    ]
    for count in (1, 49, 50, 60):
        keys = [article.sort_key or 0 for article in made[:count]]
        with django_assert_num_queries(1):
            found = rows_with(keys)
        expected = Article.objects.published().filter(sort_key__in=keys).for_list()
        assert sorted(found, key=lambda row: row.id) == rows_of(expected.order_by("id"))
    assert rows_with([]) == []


def test_it_is_asked_anew_at_each_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    now = clock.now()
    article = make_article("Bell", visible_from=now + datetime.timedelta(hours=1))
    keys = [article.sort_key or 0]
    assert rows_with(keys) == []
    monkeypatch.setattr(clock, "now", lambda: now + datetime.timedelta(hours=2))
    assert [row.id for row in rows_with(keys)] == [article.pk]
    set_status([article.pk], Status.WITHDRAWN, actor=None, reason="Wrong.")
    assert rows_with(keys) == []


def test_values_of_both_kinds_go_where_they_belong() -> None:
    first = make_article("One", authors=["Ada"], byline="By Ada")
    second = make_article("Two", authors=["Ben"])
    prepared = Prepared(
        lambda now, slug, pk: (
            Article.objects.published(now)
            .filter(Q(slug=slug) | Q(pk=pk))
            .order_by("pk")
            .values_list("pk", "published_on", "is_public", "created")[:5]
        ),
        str,
        int,
    )
    for _time in range(2):
        with CaptureQueriesContext(connection) as queries:
            rows = prepared.rows(first.slug, second.pk)
        assert len(queries) == 1
        first.refresh_from_db()
        assert rows[0] == (first.pk, first.published_on, True, first.created)
        assert [row[0] for row in rows] == [first.pk, second.pk]
        assert prepared.rows("none", 0) == []


def test_a_row_that_is_found_by_slug_is_whole() -> None:
    article = make_article("One", authors=["Ada Moss"])
    ada = article.contributions.get().author
    ada.bio = "Wrote."
    ada.save()
    found = AUTHORS.find("ADA-moss")
    assert found == ada
    assert (found.bio, found.updated) == ("Wrote.", ada.updated)
    assert AUTHORS.find("nobody") is None
