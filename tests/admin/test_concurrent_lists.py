"""Many sessions on the same rows, by quick edit, bulk change and numbering: no update is lost.

On PostgreSQL they run beside each other; on SQLite one after the other, and the same holds.
"""

import threading
from collections import Counter
from itertools import pairwise
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from articles.models import Article, BulkWork, FieldChange, Part
from articles.writing import checking
from articles.writing.bulk_changes import Act, begin_work
from tests.admin.posting import LIST
from tests.admin.test_concurrent_edits import BUSY, THREADS, editors, fresh_memory, together
from tests.factories import make_article, make_series

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
__all__ = ["fresh_memory"]

ROUNDS = 6


def quick(client: Client, pk: int, **fields: Any) -> str:
    """Save a row in place as its list showed it; return whether it was "saved" or "refused"."""
    article = Article.objects.get(pk=pk)
    data = {
        "version": article.version, "headline": article.headline, "status": article.status,
        "published_on": "1938", **fields,
    }  # fmt: skip
    response = client.post(f"{LIST}{pk}/quick/", data)
    if response.status_code == 302:
        return "refused"  # on a database that one writer locks, somebody else was quicker
    assert response.status_code == 200
    if response["Content-Type"].startswith("application/json"):
        return "saved"
    page = response.content.decode()
    assert "Nothing is saved yet" in page or BUSY in page
    return "refused"


def chain(pk: int, field: str) -> list[Any]:
    """Return the values that *field* had, one after the other; each act began where one ended."""
    rows = FieldChange.objects.filter(subject_type="article", subject_id=pk, field=field)
    steps = list(rows.order_by("id").values_list("old", "new"))
    assert all(one[1] == two[0] for one, two in pairwise(steps))
    return [new for _old, new in steps]


def test_rows_edited_in_place_by_many() -> None:
    article = make_article("First", status="draft", published_on="1938")
    clients = editors()
    counts: Counter[str] = Counter()
    lock = threading.Lock()

    def act(number: int) -> None:
        for attempt in range(ROUNDS):
            outcome = quick(clients[number], article.pk, headline=f"{number}/{attempt}")
            with lock:
                counts[outcome] += 1

    together(act)
    article.refresh_from_db()
    assert counts.total() == THREADS * ROUNDS
    assert article.version == 1 + counts["saved"]
    values = chain(article.pk, "headline")
    assert len(values) == counts["saved"] + 1
    assert article.headline == values[-1]
    assert list(checking.check()) == []


def test_a_bulk_change_carried_on_twice_meets_editors() -> None:
    articles = [make_article(f"A cat {n}", status="draft", published_on="1938") for n in range(24)]
    clients = editors()
    owner = clients[0]
    actor = Client()
    actor.cookies = owner.cookies
    user_id = int(owner.session["_auth_user_id"])
    work = begin_work(
        Act("find", ("headline",), "hen", "cat"),
        [(one.pk, one.version) for one in articles],
        actor=User.objects.get(pk=user_id),
    )
    edited: Counter[int] = Counter()
    lock = threading.Lock()

    def act(number: int) -> None:
        if number < 2:
            for _attempt in range(200):
                (owner, actor)[number].post(f"{LIST}bulk/{work.pk}/", {"here": "1"})
                if BulkWork.objects.get(pk=work.pk).finished is not None:
                    return
            pytest.fail("it never ended")
        for place in range(ROUNDS):
            pk = articles[(number * ROUNDS + place) % len(articles)].pk
            headline = Article.objects.values_list("headline", flat=True).get(pk=pk)
            if quick(clients[number], pk, headline=f"{headline} +{number}") == "saved":
                with lock:
                    edited[pk] += 1

    together(act)
    work.refresh_from_db()
    assert work.changed + work.left_count == work.total == len(articles)
    left = {pk for pk, _reason in work.left}
    for article in articles:
        article.refresh_from_db()
        values = chain(article.pk, "headline")
        # What an editor saved stands, and what the bulk change did stands beneath it.
        assert values[-1] == article.headline
        assert article.version == 1 + edited[article.pk] + (article.pk not in left)
        assert ("cat" in article.headline) is (article.pk in left) or edited[article.pk]
    assert list(checking.check()) == []


def test_parts_numbered_by_many_at_once() -> None:
    series = make_series("The long road")
    articles = [
        make_article(f"Part {n}", series=[(series, n + 1)], status="draft", published_on="1938")
        for n in range(6)
    ]
    clients = editors()
    counts: Counter[str] = Counter()
    lock = threading.Lock()

    def act(number: int) -> None:
        for attempt in range(ROUNDS):
            data: dict[str, Any] = {}
            rows = dict(Article.objects.values_list("pk", "version"))
            for place, article in enumerate(articles):
                data[f"number-{article.pk}"] = (place + number + attempt) % 6 + 1
                data[f"version-{article.pk}"] = rows[article.pk]
            url = f"/admin/articles/series/{series.pk}/parts/"
            response = clients[number].post(url, data, follow=True)
            said = response.content.decode().partition("messagelist")[2].partition("</ul>")[0]
            with lock:
                counts["saved" if "new number" in said else "refused"] += 1

    together(act)
    numbers = Part.objects.filter(series=series).values_list("part_number", flat=True)
    assert sorted(numbers) == [1, 2, 3, 4, 5, 6]
    assert BulkWork.objects.count() == counts["saved"] > 0
    for article in articles:
        article.refresh_from_db()
        assert article.version == 1 + len(chain(article.pk, "parts")) - _first(article.pk)
    assert list(checking.check()) == []


def _first(pk: int) -> int:
    """Return 1 if the ledger has the first numbers of an article, which is no version more."""
    rows = FieldChange.objects.filter(subject_type="article", subject_id=pk, field="parts")
    return int(rows.order_by("id")[0].old in (None, []))
