"""The start page and the filters that are kept on it."""

from collections.abc import Callable
from itertools import product
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.admin import selecting
from articles.admin.start import MOST_VIEWS
from articles.choices import Status
from articles.models import Article, SavedView
from articles.writing.articles import save_article, set_status
from articles.writing.changes import ArticleChange
from tests.admin.posting import LIST
from tests.admin.test_article_pages import imported
from tests.factories import make_article, make_author, make_series, make_tag

SignedIn = Callable[..., Client]

#: Session, account and permissions (4); the queue; four standing counts, the saved views, acts and
#: the headlines of their articles, runs, one's own bulk changes; who else signs in.
START_QUERIES = 15


def keep(client: Client, name: str, query: str, **more: Any) -> Any:
    return client.post(f"{LIST}views/add/", {"name": name, "query": query} | more, follow=True)


@pytest.mark.parametrize("number", [1, MOST_VIEWS + 2])
def test_the_start_page_asks_the_same_number_of_queries(signed_in: SignedIn, number: int) -> None:
    article, _entry = imported()
    client = signed_in("Editor")
    for place in range(number):
        save_article(ArticleChange(article=article, fields={"kicker": f"{place}"}), actor=None)
        make_article(f"Draft {place}", status="draft", published_on=None)
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/admin/").status_code == 200
    assert len(queries) == START_QUERIES, [query["sql"][:120] for query in queries]
    for place in range(number):
        keep(client, f"View {place}", "status=draft")
    with CaptureQueriesContext(connection) as queries:
        client.get("/admin/")
    assert len(queries) == START_QUERIES + min(number, MOST_VIEWS)


def test_it_says_what_is_under_way_and_who_did_what(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    user = client.user  # type: ignore[attr-defined]
    article, entry = imported()
    draft = make_article("A draft", status="draft")
    make_article("Later", visible_from="2999-01-01T00:00:00Z")
    save_article(
        ArticleChange(article=article, fields={"kicker": "K"}), actor=user, reason="As printed"
    )
    set_status([draft.pk], Status.IN_REVIEW, actor=user)
    response = client.get("/admin/")
    start = response.context["start"]
    assert [(view.title, view.count_text) for view in start.standing] == [
        ("Drafts", "0"), ("In review", "1"), ("Scheduled", "1"), ("Without a date", "0"),
    ]  # fmt: skip
    assert [(act.who, act.kind, act.title) for act in start.acts[:2]] == [
        ("editor", "bulk action", "A draft"), ("editor", "edit", article.headline),
    ]  # fmt: skip
    page = response.content.decode()
    assert "As printed" in page
    assert f"/admin/articles/importrun/{entry.run_id}/change/" in page
    for view in start.standing:
        assert client.get(view.url).status_code == 200


def test_many_are_not_counted_to_the_last(signed_in: SignedIn, monkeypatch: Any) -> None:
    monkeypatch.setattr(selecting, "COUNTED", 2)
    for number in range(4):
        make_article(f"Draft {number}", status="draft")
    start = signed_in("Editor").get("/admin/").context["start"]
    assert start.standing[0].count_text == "2+"


def test_a_contributor_sees_their_own(signed_in: SignedIn) -> None:
    client = signed_in("Contributor")
    user = client.user  # type: ignore[attr-defined]
    make_article("Canary7f3a", status="draft")
    make_article("Own", status="draft", owner=user.pk)
    keep(signed_in("Editor"), "Shared canary", "q=Canary7f3a", is_shared="1")
    response = client.get("/admin/")
    start = response.context["start"]
    assert [article.headline for article in start.own] == ["Own"]
    assert start.standing[0].count_text == "1"
    assert (list(start.acts), list(start.runs), list(start.saved)) == ([], [], [])
    assert b"anary" not in response.content


def test_a_filter_is_kept_and_counted(signed_in: SignedIn) -> None:
    make_article("A draft", status="draft", byline="By A")
    make_article("Another", status="draft")
    client = signed_in("Editor")
    listed = client.get(LIST, {"status": "draft", "byline": "1", "p": "1", "o": "2"})
    assert listed.context["view_query"] == "byline=1&status=draft"
    response = keep(client, "  With <b>byline</b> ", "status=draft&byline=1&p=3&o=1&_facets=True")
    assert "stands on the start page" in response.content.decode()
    view = SavedView.objects.get()
    assert (view.name, view.query, view.is_shared) == (
        "With <b>byline</b>", "byline=1&status=draft", False,
    )  # fmt: skip
    response = client.get("/admin/")
    assert response.context["start"].saved[0].count_text == "1"
    assert "With &lt;b&gt;byline&lt;/b&gt;" in response.content.decode()
    # The same name again replaces it.
    keep(client, "With <b>byline</b>", "status=draft", is_shared="1")
    view.refresh_from_db()
    assert (view.query, view.is_shared) == ("status=draft", True)


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("", "status=draft"), ("x", ""), ("x", "p=2&o=1"), ("x", "author=abc"), ("x", "run=-1"),
        ("x", "published_on__year=99999"), ("x", "q=" + "y" * 3000 + "&unknown=1" * 400),
        ("x", "headline__regex=.*"), ("x", "language=%00"), (" \x00 ", "status=draft"),
        ("x", "author=9999999999999999999999"),
    ],
)  # fmt: skip
def test_what_is_no_filter_is_not_kept(signed_in: SignedIn, name: str, query: str) -> None:
    response = keep(signed_in("Editor"), name, query)
    assert response.status_code == 200
    if "q=y" not in query:
        assert "A view needs a name" in response.content.decode()
        assert not SavedView.objects.exists()


def test_views_are_shared_and_deleted_by_their_owner(
    signed_in: SignedIn, account: Callable[..., User]
) -> None:
    one = signed_in("Editor")
    other = signed_in(user=account("Auditor", "other"))
    keep(one, "Shared", "status=draft", is_shared="1")
    keep(one, "Mine", "status=draft")
    assert [view.title for view in other.get("/admin/").context["start"].saved] == ["Shared"]
    for view in SavedView.objects.all():
        url = f"{LIST}views/{view.pk}/delete/"
        assert one.get(url).status_code == 404
        assert other.post(url).status_code == 404
        assert (
            signed_in("staff" if view.name == "Mine" else "Contributor").post(url).status_code
            == 404
        )
    assert SavedView.objects.count() == 2
    for view in SavedView.objects.all():
        one.post(f"{LIST}views/{view.pk}/delete/")
    assert not SavedView.objects.exists()
    assert signed_in(user=account("staff", "nobody")).post(f"{LIST}views/add/").status_code == 403
    assert one.get(f"{LIST}views/add/").status_code == 404


def test_a_contributors_view_is_never_shared(signed_in: SignedIn) -> None:
    keep(signed_in("Contributor"), "Own", "status=draft", is_shared="1")
    assert not SavedView.objects.get().is_shared


def test_a_view_of_what_is_gone_has_no_count(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    SavedView.objects.create(
        owner=client.user, name="Old", query="run=x"  # type: ignore[attr-defined]
    )  # fmt: skip
    assert client.get("/admin/").context["start"].saved[0].count_text == "–"


def test_a_query_string_selects_what_the_list_shows(signed_in: SignedIn) -> None:
    author, serial, tag = make_author("A One"), make_series("S"), make_tag("T")
    article, entry = imported()
    make_article("One", authors=[author], tags=[tag], status="draft", published_on="2021-02-03")
    make_article("Two", series=[serial], byline="By A", language="de-AT", published_on="2021-02")
    make_article("Three", authors=[author], status="in_review", published_on=None)
    make_article("Four", visible_from="2999-01-01T00:00:00Z", published_on="2021-12-31")
    make_article("Five", status="withdrawn", withdrawn_reason="x", published_on="2021")
    client = signed_in("Editor")
    user = client.user  # type: ignore[attr-defined]
    save_article(ArticleChange(article=article, fields={"kicker": "K"}), actor=user)
    choices: dict[str, list[Any]] = {
        "status": ["draft", "in_review", "scheduled", "published", "withdrawn"],
        "precision": ["day", "month", "year", "none"],
        "language": ["de", "en"],
        "author": [author.pk], "series": [serial.pk], "tag": [tag.pk], "byline": ["0", "1"],
        "changed": ["me"], "run": [entry.run_id], "listing": [entry.listing_id],
        "outcome": ["CREATE"], "q": ["one", "-two by"], "published_on__year": [2021],
    }  # fmt: skip
    queries = [{name: value} for name, values in choices.items() for value in values]
    queries += [
        {"status": status, "author": author.pk} for status, _more in product(choices["status"], "x")
    ]
    queries += [
        {"published_on__year": 2021, "published_on__month": 2},
        {"published_on__year": 2021, "published_on__month": 12, "published_on__day": 31},
        {"run": entry.run_id, "outcome": "CREATE"}, {"run": entry.run_id, "outcome": "UPDATE"},
    ]  # fmt: skip
    for query in queries:
        listed = {row.pk for row in client.get(LIST, query).context["cl"].result_list}
        found = selecting.articles_of(selecting.canonical(urlencode(query)), user)
        assert set(found.values_list("pk", flat=True)) == listed, query


@pytest.mark.parametrize(
    "query", ["published_on__year=2021&published_on__month=13", "published_on__year=0", "tag=x"]
)
def test_impossible_values_are_refused(signed_in: SignedIn, query: str) -> None:
    user = signed_in("Editor").user  # type: ignore[attr-defined]
    with pytest.raises(IncorrectLookupParameters):
        selecting.articles_of(query, user)


def test_what_one_may_not_see_is_never_selected(signed_in: SignedIn) -> None:
    make_article("Secret", status="draft")
    user = signed_in("Contributor").user  # type: ignore[attr-defined]
    for query in ("", "status=draft", "q=secret"):
        assert not selecting.articles_of(query, user).exists()
    assert Article.objects.exists()
