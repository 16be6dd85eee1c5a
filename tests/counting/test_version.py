"""The content version moves with what readers see, and with nothing else."""

import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import clock, content_version
from articles.choices import Status
from articles.models import ContentChange
from articles.writing import admission
from articles.writing.articles import save_article, set_status
from articles.writing.changes import ArticleChange
from articles.writing.names import delete_named, save_named
from tests.factories import make_article, make_author

pytestmark = pytest.mark.django_db


def marks() -> tuple[str, int]:
    return content_version.read().mark, ContentChange.objects.count()


@pytest.mark.parametrize("address", ["/", "/articles/", "/articles/2020/03/01/seen/", "/feed.atom"])
def test_a_page_reads_the_version_once(client: Client, address: str) -> None:
    make_article("Seen", authors=["Ada"], tags=["Sea"], published_on="2020-03-01")
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    assert sum("articles_contentversion" in query["sql"] for query in queries) == 1


def test_outside_of_a_page_the_version_is_the_present_one() -> None:
    before = content_version.for_page()
    with content_version.of_page(before):
        make_article("Seen")
        assert content_version.for_page() == before
    assert content_version.for_page() == content_version.read() != before


def test_what_nobody_sees_moves_nothing() -> None:
    make_article("Seen", authors=["Ada"])
    before = marks()
    draft = make_article("Draft", status=Status.DRAFT, authors=["Ada", "Ben"])
    make_article("Later", visible_from=clock.now() + datetime.timedelta(days=1))
    change = ArticleChange(article=draft, fields={"headline": "Other"}, expected_version=1)
    draft = save_article(change, actor=None)
    set_status([draft.pk], Status.IN_REVIEW, actor=None)
    author = make_author("Cleo")
    author.bio = "Nobody reads this."
    save_named(author, actor=None)
    delete_named(author, actor=None)
    assert marks() == before


def test_what_is_scheduled_is_known_and_moves_the_version_when_it_is_due(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    due = clock.now() + datetime.timedelta(days=1)
    make_article("Seen")
    before = marks()
    later = make_article("Later", visible_from=due)
    assert content_version.read().next_due == due
    assert marks() == before
    monkeypatch.setattr(clock, "now", lambda: due)
    admission.forget_memory()
    assert admission.admit_due_if_passed() == 1
    assert marks() != before
    assert content_version.read().next_due is None
    seen = marks()
    set_status([later.pk], Status.WITHDRAWN, actor=None, reason="Wrong.")
    assert marks() != seen


def test_what_was_seen_moves_it() -> None:
    article = make_article("Seen", authors=["Ada"])
    set_status([article.pk], Status.WITHDRAWN, actor=None, reason="Wrong.")
    before = marks()
    article.refresh_from_db()
    # Its tombstone speaks of it.
    save_article(ArticleChange(article=article, fields={"headline": "Other"}), actor=None)
    assert marks() != before
