"""Writers beside each other, as real threads: no deadlock, nothing stale, and no page that waits.

On SQLite they come one after the other; what is promised holds there as well.
"""

import contextlib
import datetime
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from articles import clock
from articles.models import Article, ContentVersion, Finding
from articles.writing import admission, checking, index, lists
from articles.writing.articles import save_article
from articles.writing.changes import ArticleChange, Credit, Place, StaleVersion
from articles.writing.name_merging import merge_named
from articles.writing.names import delete_named, save_named
from articles.writing.proposals import StaleProposal, confirm_proposal
from authors.models import Author
from tests.factories import make_article, make_author, make_series, make_tag

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

#: Seconds: no thread may take longer, and what another one needs to come to its lock.
LIMIT, MOMENT = 60.0, 0.4


@pytest.fixture(autouse=True)
def fresh_memory() -> Iterator[None]:
    admission.forget_memory()
    yield
    admission.forget_memory()


def together(*acts: Callable[[], Any]) -> None:
    """Run *acts* in threads at once; raise what one of them raised."""
    failures: list[BaseException] = []

    def run(act: Callable[[], Any]) -> None:
        try:
            act()
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,), daemon=True) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LIMIT)
    assert not [thread for thread in threads if thread.is_alive()], "a thread hangs"
    if failures:
        raise failures[0]


def due_article(**fields: Any) -> Article:
    """Return an article that is due, after it was stored as scheduled."""
    article = make_article(visible_from=clock.now() + datetime.timedelta(hours=1), **fields)
    # As if the hour were over.
    Article.objects.filter(pk=article.pk).update(visible_from=clock.now())
    ContentVersion.objects.update(next_due=clock.now())
    article.refresh_from_db()
    assert Article.objects.due().exists()
    return article


@pytest.mark.parametrize("changes", [{"name": "New Name"}, {"name": "New Name", "slug": "new"}])
def test_an_author_is_renamed_while_an_editor_credits_them(changes: dict[str, str]) -> None:
    author = make_author("Old Name")
    article = make_article()
    written = threading.Event()

    def editor() -> None:
        with transaction.atomic():
            save_article(ArticleChange(article=article, credits=[Credit(author.pk)]), actor=None)
            written.set()
            time.sleep(MOMENT)

    def renamer() -> None:
        assert written.wait(LIMIT)
        row = Author.objects.get(pk=author.pk)
        for name, value in changes.items():
            setattr(row, name, value)
        save_named(row, actor=None)

    together(editor, renamer)
    article.refresh_from_db()
    assert article.credit == "New Name"
    assert list(checking.check()) == []


def test_an_author_is_renamed_while_an_article_of_theirs_is_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    author = make_author("Old Name")
    named, renamed = threading.Event(), threading.Event()
    credit_new = lists.credit_new

    def slow(*arguments: Any) -> None:
        credit_new(*arguments)
        named.set()
        renamed.wait(MOMENT)

    monkeypatch.setattr(lists, "credit_new", slow)

    def creator() -> None:
        fields = {"headline": "New", "published_on": "2021-01-01", "status": "published"}
        save_article(ArticleChange(fields=fields, credits=[Credit(author.pk)]), actor=None)

    def renamer() -> None:
        assert named.wait(LIMIT)
        row = Author.objects.get(pk=author.pk)
        row.name = "New Name"
        save_named(row, actor=None)
        renamed.set()

    together(creator, renamer)
    assert Article.objects.get().credit == "New Name"
    assert list(checking.check()) == []


def test_an_editor_saves_an_article_while_it_is_admitted() -> None:
    article = due_article()
    locked = threading.Event()

    def editor() -> None:
        with transaction.atomic():
            Article.objects.select_for_update().get(pk=article.pk)
            locked.set()
            time.sleep(MOMENT)
            save_article(ArticleChange(article=article, fields={"kicker": "x"}), actor=None)

    def reader() -> None:
        assert locked.wait(LIMIT)
        admission.admit_due()

    together(editor, reader)
    assert Article.objects.get().is_public
    assert list(checking.check()) == []


def test_an_article_that_an_editor_held_and_let_go_is_admitted_after_all() -> None:
    article = due_article()
    locked, tried = threading.Event(), threading.Event()

    def editor() -> None:
        with transaction.atomic():
            Article.objects.select_for_update().get(pk=article.pk)
            locked.set()
            assert tried.wait(LIMIT)
            transaction.set_rollback(True)

    def reader() -> None:
        assert locked.wait(LIMIT)
        # What others write meanwhile does not forget it either.
        assert admission.admit_due_if_passed() == 0
        if connection.vendor == "postgresql":
            index_touch()
        tried.set()

    together(editor, reader)
    admission.forget_memory()
    assert admission.admit_due_if_passed() == 1
    assert Article.objects.get().is_public


def index_touch() -> None:
    with transaction.atomic():
        index.touch()


def test_a_page_does_not_wait_for_a_writer_when_an_article_falls_due() -> None:
    address = due_article(headline="Due today").get_absolute_url()
    held, done = threading.Event(), threading.Event()

    def importer() -> None:
        with transaction.atomic():
            index.lock_content_version()
            held.set()
            assert done.wait(LIMIT)

    def reader() -> None:
        try:
            assert held.wait(LIMIT)
            client = Client()
            started = time.monotonic()
            responses = [client.get("/") for _ in range(5)]
            # The importer goes on for as long as there are readers.
            assert time.monotonic() - started < LIMIT / 4
            assert {response.status_code for response in responses} == {200}
            assert "max-age=0" in responses[-1]["Cache-Control"]
            # Its own page is open by the clock; lists have it as soon as it can be admitted.
            assert "Due today" in client.get(address).content.decode()
        finally:
            done.set()

    together(importer, reader)
    assert not Article.objects.get().is_public
    admission.forget_memory()
    assert "Due today" in Client().get("/").content.decode()
    assert Article.objects.get().is_public
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout")
            assert cursor.fetchone() == (20_000,)


def test_a_failed_attempt_is_not_repeated_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError

    due_article()
    attempts = []

    def locked() -> int:
        attempts.append(1)
        raise OperationalError("database is locked")

    monkeypatch.setattr(admission, "admit_due", locked)
    assert [admission.admit_due_if_passed() for _ in range(3)] == [0, 0, 0]
    assert len(attempts) == 1
    monkeypatch.setattr(admission, "MEMORY", 0.0)
    time.sleep(0.01)
    assert admission.admit_due_if_passed() == 0
    assert len(attempts) == 2


MAKERS: dict[str, Callable[..., Any]] = {
    "credits": make_author, "tags": make_tag, "parts": make_series,
}  # fmt: skip


def standing(name: str, pk: int) -> dict[str, Any]:
    return {name: {"credits": [Credit(pk)], "tags": [pk], "parts": [Place(pk)]}[name]}


@pytest.mark.parametrize("act", ["merge", "delete"])
@pytest.mark.parametrize("name", MAKERS)
def test_what_is_merged_or_deleted_meanwhile_is_credited_to_nobody(name: str, act: str) -> None:
    survivor, copy = MAKERS[name]("Ana Brandt"), MAKERS[name]("Anna Brandt")
    article, pk = make_article(), copy.pk
    gone = threading.Event()

    def merger() -> None:
        with transaction.atomic():
            if act == "merge":
                merge_named(survivor, [copy], actor=None)
            else:
                delete_named(copy, actor=None)
            gone.set()
            time.sleep(MOMENT)

    def editor() -> None:
        assert gone.wait(LIMIT)
        change = ArticleChange(article=article, **standing(name, pk))
        with pytest.raises(StaleVersion, match="merged or deleted just now"):
            save_article(change, actor=None)

    together(merger, editor)
    assert Article.objects.get().version == article.version
    assert list(checking.check()) == []


@pytest.mark.parametrize("name", MAKERS)
def test_what_was_credited_first_is_merged_too(name: str) -> None:
    survivor, copy = MAKERS[name]("Ana Brandt"), MAKERS[name]("Anna Brandt")
    article = make_article()
    written = threading.Event()

    def editor() -> None:
        with transaction.atomic():
            change = ArticleChange(article=article, **standing(name, copy.pk))
            save_article(change, actor=None)
            written.set()
            time.sleep(MOMENT)

    def merger() -> None:
        assert written.wait(LIMIT)
        try:
            merge_named(survivor, [copy], actor=None)
        except StaleVersion:
            # Somebody was saving: the second try sees it.
            merge_named(survivor, [copy], actor=None)

    together(editor, merger)
    rows = {"credits": "contributions", "tags": "tagged_articles", "parts": "parts"}
    row = getattr(article, rows[name]).get()
    assert survivor.pk in {getattr(row, f"{link}_id", None) for link in ("author", "tag", "series")}
    assert list(checking.check()) == []


def test_a_confirmed_proposal_writes_over_no_editors_place() -> None:
    column = make_series("Other column", kind="column")
    make_series("The keeper", kind="serial")
    article, other = make_article("One"), make_article("Two")
    places = [{"article": article.pk, "part_number": 1}, {"article": other.pk, "part_number": 2}]
    finding = Finding.objects.create(
        code="series-prefix",
        message="They begin alike.",
        article=article,
        fingerprint="keeper",
        suggestion={"series": {"title": "The keeper", "kind": "serial", "places": places}},
    )
    saved = threading.Event()

    def edit() -> None:
        with transaction.atomic():
            save_article(ArticleChange(article=article, parts=[Place(column.pk)]), actor=None)
            saved.set()
            time.sleep(MOMENT)

    def confirm() -> None:
        saved.wait(LIMIT)
        with contextlib.suppress(StaleProposal):
            confirm_proposal(finding, None)

    together(edit, confirm)
    assert article.parts.filter(series=column).exists()
    assert list(checking.check()) == []
