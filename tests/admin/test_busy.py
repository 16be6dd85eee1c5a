"""Somebody else holds what is to be changed: a sentence, and nothing half done."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.test import Client

from articles.admin import busy
from articles.models import Article, Finding, Operation
from articles.writing import index
from tests.admin.posting import LIST, change_url, errors_of, form_of
from tests.factories import make_article, make_author

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

SignedIn = Callable[..., Client]
#: Seconds: for longer than anything here takes, on a busy machine, too.
LIMIT = 120.0


@contextmanager
def somebody_else_writes(article: Article) -> Iterator[None]:
    """Let another connection hold an article and all that is public, while we wait for a moment."""
    held, done = threading.Event(), threading.Event()

    def writer() -> None:
        with transaction.atomic():
            Article.objects.filter(pk=article.pk).update(kicker="theirs")
            index.lock_content_version()
            held.set()
            done.wait(LIMIT)
        connection.close()

    thread = threading.Thread(target=writer, daemon=True)
    thread.start()
    assert held.wait(LIMIT)
    with connection.cursor() as cursor:
        is_sqlite = connection.vendor == "sqlite"
        cursor.execute("PRAGMA busy_timeout = 100" if is_sqlite else "SET lock_timeout = '100ms'")
    try:
        yield
    finally:
        done.set()
        thread.join(LIMIT)
        connection.close()


def conflict(article: Article) -> Finding:
    fields = {"kicker": {"imported": "", "source": "Listed", "archive": article.kicker}}
    return Finding.objects.create(
        code="conflict", message="Both", article=article, fingerprint="1",
        evidence={"fields": fields},
    )  # fmt: skip


def posts(client: Client, article: Article) -> list[tuple[str, dict[str, Any]]]:
    """Return what an editor may send that changes *article*."""
    other, finding = make_article("The bell"), conflict(article)
    merging = "/admin/articles/finding/merge/"
    author = article.authors.get()
    twin = make_author("Anna Brandt")
    names = {"_selected_action": [author.pk, twin.pk], "action": "merge", "survivor": author.pk,
             f"version-{author.pk}": 1, f"version-{twin.pk}": 1, "apply": "1"}  # fmt: skip
    return [
        (f"/admin/articles/finding/{finding.pk}/decide/",
         {"decision": "take:kicker", "version": article.version, f"was-{finding.pk}": "open"}),
        (f"{merging}?survivor={other.pk}&copy={article.pk}",
         {"survivor": other.pk, "copy": article.pk, "survivor_version": other.version,
          "copy_version": article.version}),
        (LIST, {"_selected_action": [article.pk], "action": "withdraw", "apply": "1",
                "reason": "It was false"}),
        ("/admin/authors/author/", names),
    ]  # fmt: skip


@pytest.mark.parametrize("place", range(4), ids=["decide", "merge", "withdraw", "merge names"])
def test_who_comes_second_is_told_so_and_nothing_is_changed(
    signed_in: SignedIn, place: int
) -> None:
    client = signed_in("Editor")
    article = make_article("The lamp", authors=[make_author("Ana Brandt")])
    path, data = posts(client, article)[place]
    client.get("/admin/")  # a session that needs no writing
    before = Operation.objects.count()
    with somebody_else_writes(article):
        response = client.post(path, data, HTTP_REFERER=f"http://testserver{LIST}")
        assert response.status_code == 302, response
    said = [str(message) for message in client.get(LIST).context["messages"]]
    assert said == [busy.sentence()]
    assert Operation.objects.count() == before
    article.refresh_from_db()
    assert (article.kicker, article.status, article.version) == ("theirs", "published", 1)
    assert Finding.objects.get().state == "open"


def test_a_form_keeps_what_was_typed(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    article = make_article("The lamp")
    data = form_of(article, headline="The lamp that I typed")
    with somebody_else_writes(article):
        response = client.post(change_url(article), data)
        assert response.status_code == 200
    assert busy.sentence() in errors_of(response)
    assert "The lamp that I typed" in response.content.decode()


def test_another_failure_of_the_database_is_no_such_case() -> None:
    assert not busy.is_busy(OperationalError("no such table: articles"))
