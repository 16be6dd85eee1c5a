"""Figures: they are right, they are for whom they should be, and they follow nobody."""

import csv
import datetime
import io
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from archive_site.caching import KEEP
from archive_site.pages import SOUGHT
from archive_site.searches import SearchMiddleware
from articles import clock, figures
from articles.gaps import ORDER, lacking
from articles.models import Article, FailedSearch
from articles.redacting import remains
from articles.redacting.redact import Wanted, redact
from articles.writing import failed_searches
from articles.writing.articles import save_article
from articles.writing.changes import ArticleChange
from tests.admin.test_article_pages import imported
from tests.factories import make_article, make_articles

PAGE = "/admin/figures/"
SignedIn = Callable[..., Client]


def table(client: Client, name: str) -> list[list[str]]:
    text = client.get(f"{PAGE}{name}.csv").content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def number(rows: list[list[str]], label: str) -> list[str]:
    return next(row[1:] for row in rows if row[0] == label)


def test_statuses_and_years(signed_in: SignedIn) -> None:
    make_article("One", published_on="1938-04-17", language="pl")
    make_article("Two", published_on="1938")
    make_article("Three", published_on="2020-02", status="draft")
    make_article("Four", published_on="", status="draft")
    client = signed_in("Auditor")
    rows = table(client, "statuses")
    assert [number(rows, one) for one in ("draft", "published", "in all")] == [["2"], ["2"], ["4"]]
    assert table(client, "years")[1:] == [
        ["2020", "1", "0", "0", "0"], ["1938", "0", "0", "2", "0"],
        ["without a date", "1", "0", "0", "0"],
    ]  # fmt: skip
    assert number(table(client, "languages"), "Polish") == ["1"]


def test_gaps_lead_to_what_they_count(signed_in: SignedIn) -> None:
    make_article("One", byline="By A.", standfirst="S", body="<p>B</p>")
    make_article("Two", standfirst="S")
    make_article("Three", status="draft")
    client = signed_in("Editor")
    rows = table(client, "gaps")
    counts = {"byline": "2", "standfirst": "1", "body": "2"}
    for name, label in (("byline", "no byline"), ("standfirst", "no standfirst"),
                        ("body", "no text")):  # fmt: skip
        assert number(rows, label) == [counts[name]]
        listed = client.get(f"/admin/articles/article/?lacking={name}")
        assert str(listed.context["cl"].result_count) == counts[name]
        assert f"?lacking={name}" in client.get(PAGE).content.decode()


@pytest.mark.parametrize("name", ["byline", "standfirst", "body"])
def test_gaps_are_counted_and_listed_by_their_index(name: str) -> None:
    rows = Article.objects.filter(lacking(name))
    if connection.vendor == "postgresql":
        # On a few rows its planner reads the table.
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
    for query in (rows.order_by(ORDER).values("pk"), rows.order_by().values("sort_key")):
        assert f"article_without_{name}" in query.explain()


def test_sources_count_what_stands(signed_in: SignedIn) -> None:
    _article, entry = imported()
    make_article("By hand")
    rows = table(signed_in("Editor"), "sources")
    assert number(rows, entry.run.source.name) == [str(entry.run.totals["create"]), "1"]
    entry.run.undone = clock.now()
    entry.run.save()
    assert len(figures.sources().rows) == 0


def test_edits_by_colleague_and_month(signed_in: SignedIn, monkeypatch: Any) -> None:
    client = signed_in("Chief editor")
    user = client.user  # type: ignore[attr-defined]
    article = make_article("One", actor=user, status="draft")
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now.replace(day=1) - datetime.timedelta(days=2))
    save_article(ArticleChange(article=article, fields={"kicker": "K"}), actor=user)
    monkeypatch.setattr(clock, "now", lambda: now)
    heads, row = table(client, "colleagues")
    assert heads[1] == f"{now:%Y-%m}"
    assert row[:4] == ["chief-editor", "1", "1", "0"]
    # Whoever does not see accounts does not see what others do.
    editor = signed_in("Editor")
    assert editor.get(f"{PAGE}colleagues.csv").status_code == 403
    assert "Edits by colleague" not in editor.get(PAGE).content.decode()


@pytest.mark.parametrize("path", ["", "years.csv", "searches.csv", "colleagues.csv"])
def test_who_sees_no_articles_sees_no_figures(signed_in: SignedIn, path: str) -> None:
    for role in ("Contributor", "staff"):
        assert signed_in(role).get(PAGE + path).status_code == 403
    assert Client().get(PAGE + path).status_code == 302


def test_unknown_figures_are_not_found(signed_in: SignedIn) -> None:
    assert signed_in("Auditor").get(f"{PAGE}visitors.csv").status_code == 404


def test_the_start_page_leads_there(signed_in: SignedIn) -> None:
    assert PAGE in signed_in("Editor").get("/admin/").content.decode()
    assert PAGE not in signed_in("Contributor").get("/admin/").content.decode()


@pytest.mark.parametrize("count", [1, 40])
def test_the_page_asks_the_same_number_of_queries(signed_in: SignedIn, count: int) -> None:
    make_articles(*({"published_on": str(1900 + place)} for place in range(count)))
    for place in range(count):
        FailedSearch.objects.create(month="2026-11-01", text=f"q {place}", count=1)
    client = signed_in("Auditor")
    with CaptureQueriesContext(connection) as queries:
        assert client.get(PAGE).status_code == 200
    # Session, account and rights (4), whether there is a review; each table one, gaps one for each,
    # colleagues one a month.
    assert len(queries) == 4 + 1 + 4 + 3 + 12, [query["sql"][:80] for query in queries]


# Searches


def search(client: Client, text: str, **more: str) -> None:
    assert client.get("/articles/", {"q": text, **more}).status_code == 200


def counted() -> dict[str, int]:
    return dict(FailedSearch.objects.values_list("text", "count"))


def test_a_search_that_finds_nothing_is_counted_folded(client: Client) -> None:
    make_article("Something")
    search(client, "Île  Perdue")
    search(client, "ile perdue")
    search(client, "something")
    search(client, "")
    assert counted() == {"ile perdue": 2}
    assert FailedSearch.objects.get().month == clock.now().date().replace(day=1)
    fields = {field.name for field in FailedSearch._meta.get_fields()}
    assert fields == {"id", "month", "text", "count"}


def test_what_filters_left_nothing_of_is_no_failed_search(client: Client) -> None:
    make_article("Something", published_on="2020")
    search(client, "something", year="1900")
    assert counted() == {}


@pytest.mark.parametrize("text", ["ann@example.org", "call 030 1234 567", "1" * 9])
def test_what_may_name_a_person_is_counted_without_its_text(client: Client, text: str) -> None:
    search(client, text)
    assert counted() == {"": 1}


@pytest.mark.django_db(transaction=True)
def test_a_name_that_was_removed_is_counted_without_its_text(client: Client) -> None:
    redact(Wanted("Order 12/2021", words=("Mira Oldcastle",)), actor=None)
    for text in ("Mira Oldcastle", "letters of mira oldcastle", "mira"):
        search(client, text)
    assert counted() == {"": 2, "mira": 1}
    assert list(remains.find()) == []


def test_the_table_is_bounded(client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(failed_searches, "MOST", 3)
    for place in range(6):
        search(client, f"nothing like {'abcdef'[place]}")
    search(client, "nothing like a")
    assert sum(counted().values()) == 7
    assert counted()[""] == 3
    assert counted()["nothing like a"] == 2


def test_memory_is_bounded(monkeypatch: Any) -> None:
    monkeypatch.setattr(failed_searches, "MOST_WAITING", 2)
    for text in ("a", "b", "c", "d", "a"):
        failed_searches.note(text)
    failed_searches.store(str)
    assert counted() == {"a": 2, "b": 1, "": 2}


def test_what_cannot_be_stored_now_is_stored_later(client: Client, monkeypatch: Any) -> None:
    def away(_found: Any) -> None:
        raise DatabaseError

    with monkeypatch.context() as patch:
        patch.setattr(failed_searches, "_write", away)
        search(client, "nothing")
    assert counted() == {}
    search(client, "nothing")
    assert counted() == {"nothing": 2}


def test_its_page_is_not_kept_else_it_would_be_counted_once() -> None:
    request = HttpRequest()
    request.method, request.META = "GET", {SOUGHT: "nothing", KEEP: "etag"}

    class Answer(HttpResponse):
        def close(self) -> None:
            """Tell nobody that the request is over, which would end the connection of the test."""

    response = SearchMiddleware(lambda _request: Answer())(request)
    assert KEEP not in request.META
    response.close()
    assert counted() == {"nothing": 1}


def test_an_answer_without_a_body_is_not_kept_either() -> None:
    request = HttpRequest()
    request.method, request.META = "HEAD", {SOUGHT: "nothing", KEEP: "etag"}
    SearchMiddleware(lambda _request: HttpResponse())(request)
    assert KEEP not in request.META


def test_what_readers_searched_for_is_no_formula_in_any_program(
    client: Client, signed_in: Callable[..., Client]
) -> None:
    search(client, "x;=1+1")
    text = signed_in("Editor").get("/admin/figures/searches.csv").content.decode("utf-8-sig")
    assert '"x;=1+1"' in text


def test_no_reader_waits_for_another_to_store(client: Client) -> None:
    """While one thread stores, others leave theirs to it."""
    with failed_searches._storing:
        done = threading.Thread(target=failed_searches.store, args=(str,))
        done.start()
        done.join(timeout=5)
        assert not done.is_alive()


def test_the_page_shows_searches_and_csv_holds_no_formula(
    signed_in: SignedIn, client: Client
) -> None:
    FailedSearch.objects.create(month=clock.now().date().replace(day=1), text="=cmd()", count=7)
    FailedSearch.objects.create(month="2001-01-01", text="long ago", count=9)
    editor = signed_in("Editor")
    assert table(editor, "searches")[1:] == [["'=cmd()", "7"]]
    assert "long ago" not in editor.get(PAGE).content.decode()
