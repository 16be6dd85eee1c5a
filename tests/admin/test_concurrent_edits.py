"""Many sessions on one article (no update is lost): forms, list actions, restores, and the writers.

On PostgreSQL they run beside each other; on SQLite one after the other, and the same holds.
"""

import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client

from articles.models import Article, FieldChange, Operation
from articles.writing import admission, checking
from articles.writing.articles import save_article
from articles.writing.changes import ArticleChange, StaleVersion
from tests.admin.posting import LIST, change_url, form_of
from tests.factories import make_article

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

THREADS = 8
#: Seconds: a thread that takes longer hangs.
LIMIT = 300.0


@pytest.fixture(autouse=True)
def fresh_memory() -> Iterator[None]:
    admission.forget_memory()
    yield
    admission.forget_memory()


def editors() -> list[Client]:
    """Return a signed-in session of an account of its own for each thread."""
    clients = []
    for number in range(THREADS):
        user = User.objects.create_user(f"editor{number}", is_staff=True)
        user.groups.add(Group.objects.get(name="Editor"))
        client = Client()
        client.force_login(user)
        clients.append(client)
    return clients


def together(act: Callable[[int], Any]) -> None:
    """Run *act* in all threads, which start at the same moment; raise what one of them raised."""
    failures: list[BaseException] = []
    start = threading.Barrier(THREADS)

    def run(number: int) -> None:
        try:
            start.wait(LIMIT)
            act(number)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=run, args=(number,), daemon=True) for number in range(THREADS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LIMIT)
    assert not [thread for thread in threads if thread.is_alive()], "a thread hangs"
    if failures:
        raise failures[0]


#: What somebody is told whose change met another one.
BUSY = "Somebody else is changing this just now"


def test_of_many_saves_each_is_written_or_refused() -> None:
    # SQLite lets one writer in after the other, whose turns are long: fewer meet as often.
    attempts = 200 if connection.vendor == "postgresql" else 50
    article = make_article()
    counts: Counter[str] = Counter()
    lock = threading.Lock()

    def act(number: int) -> None:
        for attempt in range(attempts):
            version = Article.objects.values_list("version", flat=True).get(pk=article.pk)
            change = ArticleChange(
                article=article,
                fields={"kicker": f"{number}/{attempt}"},
                expected_version=version,
            )
            try:
                save_article(change, actor=None)
                outcome = "saved"
            except StaleVersion:
                outcome = "refused"
            with lock:
                counts[outcome] += 1

    together(act)
    article.refresh_from_db()
    assert counts["saved"] + counts["refused"] == THREADS * attempts
    assert article.version == 1 + counts["saved"]
    # Each stands in the ledger, and each old value is the one before.
    rows = FieldChange.objects.filter(subject_id=article.pk, field="kicker").order_by("id")
    steps = list(rows.values_list("old", "new"))
    assert len(steps) == counts["saved"]
    assert all(one[1] == two[0] for one, two in pairwise(steps))
    assert article.kicker == steps[-1][1]
    assert list(checking.check()) == []


def test_forms_actions_and_restores_meet_and_nothing_is_lost() -> None:
    article = make_article("First", status="draft")
    first = Operation.objects.order_by("-id")[0]
    clients = editors()
    counts: Counter[str] = Counter()
    lock = threading.Lock()

    def edit(client: Client, text: str) -> str:
        data = form_of(Article.objects.get(pk=article.pk), standfirst=text)
        response = client.post(change_url(article), data)
        assert response.status_code in {200, 302}
        if response.status_code == 200:
            # The second editor sees the merge: theirs, and what was typed. (The test client's
            # contexts are those of all threads; the page is this one's.)
            page = response.content.decode()
            # Or, on a database that one writer locks, that somebody else was quicker.
            assert "merge-heading" in page or BUSY in page, re.findall(
                r'(?s)class="error.*?</', page
            )
            assert f"{text}</textarea>" in page
            return "refused"
        return "saved"

    def bulk(client: Client, text: str) -> str:
        now = Article.objects.get(pk=article.pk)
        data = {"_selected_action": article.pk, f"seen-{article.pk}": now.version}
        if now.status == "published":
            data |= {"action": "withdraw", "apply": "1", "reason": text}
        else:
            data |= {"action": "publish"}
        response = client.post(LIST, data, follow=True)
        said = response.content.decode().partition("messagelist")[2].partition("</ul>")[0]
        if BUSY in said:
            return "refused"
        assert "published" in said or "withdrawn" in said, said
        return "refused" if "Nothing" in said or "None of" in said else "saved"

    def restore(client: Client, text: str) -> str:
        version = Article.objects.values_list("version", flat=True).get(pk=article.pk)
        data = {"fields": ["standfirst"], "version": version, "reason": text}
        response = client.post(f"{LIST}{article.pk}/versions/?from={first.pk}", data)
        return "saved" if response.status_code == 302 else "refused"

    def act(number: int) -> None:
        way = (edit, edit, edit, edit, edit, bulk, bulk, restore)[number]
        for attempt in range(15):
            outcome = way(clients[number], f"{number}/{attempt}")
            with lock:
                counts[outcome] += 1
                counts[f"{way.__name__} {outcome}"] += 1

    together(act)
    article.refresh_from_db()
    assert counts["saved"] + counts["refused"] == THREADS * 15
    acts = FieldChange.objects.filter(subject_id=article.pk, subject_type="article", id__gt=0)
    written = acts.exclude(operation=first).values("operation").distinct().count()
    assert article.version == 1 + written
    # An action that found nothing to do, or a restore of what is there, is saved without a change.
    assert written <= counts["saved"]
    for field in ("standfirst", "status"):
        rows = acts.filter(field=field).order_by("id").values_list("old", "new")
        steps = [(old or "", new or "") for old, new in rows]
        assert all(one[1] == two[0] for one, two in pairwise(steps)), field
        assert (getattr(article, field) or "") == steps[-1][1], field
    assert counts["edit saved"] > 0
    assert list(checking.check()) == []
