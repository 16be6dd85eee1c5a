"""Statements that are written once find what the query sets find that they were written from."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model, Q
from django.test.utils import CaptureQueriesContext

from articles import clock, detailed
from articles.choices import Status
from articles.listed import rows_with
from articles.models import Article, PublicKey
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


def test_whole_objects_are_those_of_the_query_set(
    django_assert_num_queries: Callable[..., Any],
) -> None:
    made = make_article(
        "Bell", authors=["Ada", "Ben"], tags=["Sea", "Salt"], published_on="2020-03",
        body="<p>It rang.</p>", key="abcd0000",
    )  # fmt: skip
    dates = [datetime.date(2020, 3, 4), datetime.date(2020, 3, 4), datetime.date(2020, 3, 1),
             datetime.date(2020, 1, 1)]  # fmt: skip
    for _time in range(2):
        with django_assert_num_queries(1):
            (found,) = detailed.public_at({"bell", "Bell"}, *dates)
        (expected,) = Article.objects.filter(pk=made.pk).for_detail()
        assert values_of(found) == values_of(expected)
        with django_assert_num_queries(2):
            detailed.load_links(found)
        with django_assert_num_queries(0):
            assert values_of(found.public_key) == values_of(expected.public_key)
            for name, link in (("contributions", "author"), ("tagged_articles", "tag")):
                pairs = zip(getattr(found, name).all(), getattr(expected, name).all(), strict=True)
                for one, other in pairs:
                    assert values_of(one) == values_of(other)
                    assert values_of(getattr(one, link)) == values_of(getattr(other, link))
        assert detailed.public_at({"bell"}, *[datetime.date(2021, 1, 1)] * 4) == []


def test_what_is_not_linked_is_not_there() -> None:
    made = make_article("Bell", published_on="2020-03-01")
    PublicKey.objects.filter(article=made).delete()
    (found,) = detailed.public_at({"bell"}, *[datetime.date(2020, 3, 1)] * 4)
    assert getattr(found, "public_key", None) is None
    detailed.load_links(found)
    assert [*found.contributions.all(), *found.tagged_articles.all()] == []


def values_of(item: Model) -> dict[str, Any]:
    """Return what stands in the columns of *item*."""
    return {field.attname: getattr(item, field.attname) for field in item._meta.concrete_fields}


def test_a_row_that_is_found_by_slug_is_whole() -> None:
    article = make_article("One", authors=["Ada Moss"])
    ada = article.contributions.get().author
    ada.bio = "Wrote."
    ada.save()
    found = AUTHORS.find("ADA-moss")
    assert found == ada
    assert (found.bio, found.updated) == ("Wrote.", ada.updated)
    assert AUTHORS.find("nobody") is None
