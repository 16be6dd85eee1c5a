"""The articles before and after, in the list that an editor came from."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Article
from articles.writing.articles import save_article
from articles.writing.changes import ArticleChange
from tests.admin.posting import LIST, change_url, form_of
from tests.factories import make_article, make_articles

SignedIn = Callable[..., Client]


def some() -> list[Article]:
    """Return articles in every state and with every kind of date, some on one day."""
    return [
        make_article("One", published_on="2020-03-01"),
        make_article("Two", published_on="2020-03-01", status="draft"),
        make_article("Three", published_on=None, status="draft"),
        make_article("Four", published_on="1938"),
        make_article("Five", published_on=None, status="draft"),
        make_article("Six", published_on="2021-01-01", status="withdrawn", withdrawn_reason="x"),
        make_article("Seven", published_on="1999-05", status="in_review"),
    ]


def form(client: Client, article: Article, query: str) -> Any:
    filters = urlencode({"_changelist_filters": query}) if query else ""
    return client.get(f"{change_url(article)}?{filters}")


@pytest.mark.parametrize(
    "query",
    ["", "status=draft", "o=2", "o=-2", "o=1", "o=-1.2", "o=6", "o=-6", "q=e", "status=draft&o=2",
     "published_on__year=2020", "o=99.x.-"],
)  # fmt: skip
def test_they_follow_the_list_whatever_its_order(signed_in: SignedIn, query: str) -> None:
    some()
    client = signed_in("Editor")
    listed = [row.pk for row in client.get(f"{LIST}?{query}").context["cl"].result_list]
    assert listed
    for place, pk in enumerate(listed):
        found = form(client, Article.objects.get(pk=pk), query).context["neighbours"]
        before = listed[place - 1] if place else None
        after = listed[place + 1] if place + 1 < len(listed) else None
        assert (found.before and found.before.pk, found.after and found.after.pk) == (
            before, after,
        ), (query, place)  # fmt: skip


def test_links_and_saving_keep_the_filter(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    _one, two, three, _four, five, *_more = some()
    page = form(client, three, "status=draft&o=-2").content.decode()
    tail = "_changelist_filters=status%3Ddraft%26o%3D-2"
    assert f'href="{change_url(two)}?{tail}"' in page
    assert f'<button type="submit" name="_next" value="{two.pk}"' in page
    url = f"{change_url(three)}?{tail}"
    # It leaves the filter by being saved: the next one is still the next one.
    data = form_of(three, published_on="2020", status="published", _next=two.pk)
    response = client.post(url, data)
    assert response["Location"] == f"{change_url(two)}?{tail}"
    three.refresh_from_db()
    assert three.status == "published"
    response = client.get(response["Location"])
    assert "“<a href=" in response.content.decode()
    assert five.pk


def test_what_is_refused_goes_nowhere(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    one, two, *_more = some()
    response = client.post(change_url(one), form_of(one, headline="", _next=two.pk))
    assert response.status_code == 200
    save_article(ArticleChange(article=one, fields={"kicker": "K"}), actor=None)
    data = form_of(one, kicker="Mine", _next=two.pk) | {"version": 1}
    assert "merge-heading" in client.post(change_url(one), data).content.decode()


def test_the_next_may_be_gone(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    one = make_article("One")
    for gone in ("999999", "x", "-1", "9" * 30):
        response = client.post(change_url(one), form_of(Article.objects.get(), _next=gone))
        assert (response.status_code, response["Location"]) == (302, LIST)


def test_contributors_are_led_through_their_own(signed_in: SignedIn) -> None:
    client = signed_in("Contributor")
    own = [
        make_article(f"Own {number}", status="draft", owner=client.user.pk)  # type: ignore[attr-defined]
        for number in range(2)
    ]
    other = make_article("Another's", status="draft")
    found = form(client, own[0], "").context["neighbours"]
    assert (found.before.headline, found.after) == ("Own 1", None)
    data = form_of(own[0], _next=other.pk)
    response = client.post(change_url(own[0]), data)
    assert response["Location"] == LIST


def test_an_impossible_filter_leads_nowhere(signed_in: SignedIn) -> None:
    article = make_article("One")
    response = form(signed_in("Editor"), article, "author=x")
    assert (response.status_code, response.context["neighbours"]) == (200, None)


@pytest.mark.parametrize("number", [3, 40])
def test_nothing_is_counted_or_skipped(signed_in: SignedIn, number: int) -> None:
    make_articles(*({"published_on": f"2020-03-{place % 28 + 1:02}"} for place in range(number)))
    article = Article.objects.order_by("sort_key")[number // 2]
    client = signed_in("Editor")
    form(client, article, "")
    with CaptureQueriesContext(
        connection,
    ) as seen:
        form(client, article, "status=published&o=-2")
    own = [one["sql"] for one in seen if "LIMIT 1" in one["sql"] and "headline" in one["sql"]]
    own = [sql for sql in own if "ORDER BY" in sql and "sort_key" in sql]
    assert len(own) == 2
    assert not [one for one in seen if "COUNT(" in one["sql"] or "OFFSET" in one["sql"]]
