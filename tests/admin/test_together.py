"""One doubt of a whole listing is one row of the queue, and one act settles it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.admin import bulk_running
from articles.choices import FindingState
from articles.importing.uploads import acts as processes
from articles.models import Article, BulkWork, Finding, Operation
from articles.review.together import MOST_APART
from articles.writing import bulk_changes
from tests.admin.test_findings import LIST_QUERIES, QUEUE, marks, said
from tests.factories import make_article
from tests.importing.listings import run, write_listing

SignedIn = Callable[..., Client]

MANY = MOST_APART + 5
#: The list's own, what stands for all of a doubt (2), and the examples (1).
JOINED_QUERIES = LIST_QUERIES + 2


def odd(number: int = MANY, *, key: str = "k", **fields: Any) -> list[Finding]:
    """Store so many findings of one doubt, each of an article of its own, with a suggestion."""
    articles = [make_article(f"The lamp {place} | Mail") for place in range(number)]
    return Finding.objects.bulk_create(
        Finding(
            code="field-implausible", message="Nearly every headline ends with the like of “Mail”.",
            article=article, fingerprint=f"{key} {article.pk}", together=key,
            suggestion={
                "fields": {"headline": f"The lamp {place}"},
                "was": {"headline": f"The lamp {place} | Mail"},
            },
            **fields,
        )
        for place, article in enumerate(articles)
    )  # fmt: skip


def press(client: Client, finding: Finding, act: str) -> Any:
    data = {"together": act, "_selected_action": ""} | marks()
    return client.post(f"{QUEUE}{finding.pk}/together/", data)


def states() -> set[str]:
    return set(Finding.objects.filter(together="k").values_list("state", flat=True))


@pytest.mark.parametrize("number", [MANY, MANY + 40])
def test_one_doubt_is_one_row_with_examples(signed_in: SignedIn, number: int) -> None:
    rows = odd(number)
    Finding.objects.create(code="stray-line", message="A stray line", fingerprint="1")
    client = signed_in("Editor")
    client.get(QUEUE)
    with CaptureQueriesContext(connection) as asked:
        page = client.get(QUEUE)
    assert len(asked) == JOINED_QUERIES, [query["sql"][:150] for query in asked]
    text = page.content.decode()
    assert {row.pk for row in page.context["cl"].result_list} == {
        rows[-1].pk, Finding.objects.get(code="stray-line").pk,
    }  # fmt: skip
    assert f"{number} findings have it" in text
    assert "Apply to all" in text
    for one in rows[-3:]:
        assert f"{QUEUE}{one.pk}/change/" in text
    assert f"{QUEUE}{rows[0].pk}/change/" not in text


def test_the_start_page_counts_it_once(signed_in: SignedIn) -> None:
    odd()
    odd(3, key="few")
    page = signed_in("Editor").get("/admin/").content.decode()
    assert "<b>4</b> findings wait" in page
    assert f"{MANY} findings, one doubt for each listing" in page


def test_few_stand_each_for_itself(signed_in: SignedIn) -> None:
    odd(MOST_APART)
    page = signed_in("Editor").get(QUEUE)
    assert page.context["cl"].result_count == MOST_APART
    assert "Apply to all" not in page.content.decode()


def test_all_of_them_are_listed_and_one_article_shows_its_own(signed_in: SignedIn) -> None:
    rows = odd()
    client = signed_in("Editor")
    for query, count in (
        ("code=field-implausible&together=k", MANY), (f"article={rows[0].article_id}", 1),
        ("q=headline", MANY), ("state=all", MANY), ("code=field-implausible", 1),
    ):  # fmt: skip
        assert client.get(f"{QUEUE}?{query}").context["cl"].result_count == count, query


def test_no_problem_is_said_of_all_once_and_taken_back_once(signed_in: SignedIn) -> None:
    rows = odd()
    other = odd(2, key="other")[0]
    client = signed_in("Editor")
    response = press(client, rows[-1], "dismiss")
    assert f"{MANY} findings are now “not a problem”" in said(client, response).lower()
    assert states() == {"dismissed"}
    other.refresh_from_db()
    assert other.state == FindingState.OPEN
    operation = Operation.objects.latest("id")
    assert operation.changes.filter(subject_type="finding").count() == MANY
    assert Finding.objects.filter(settled_by=client.user).count() == MANY  # type: ignore[attr-defined]
    query = "?code=field-implausible&together=k&state=dismissed"
    chosen = {
        "action": "reopen",
        "select_across": "1",
        "_selected_action": [rows[0].pk],
        "index": 0,
    }
    client.post(f"{QUEUE}{query}", chosen | marks())
    assert states() == {"open"}


@pytest.mark.parametrize("across", ["0", "1"])
def test_the_row_is_ticked_for_all_that_it_stands_for(signed_in: SignedIn, across: str) -> None:
    rows = odd()
    client = signed_in("Editor")
    page = client.get(QUEUE).content.decode()
    mark = {f"together-{rows[-1].pk}": "k"}
    assert f'name="together-{rows[-1].pk}" value="k"' in page
    chosen = {
        "action": "dismiss", "select_across": across, "_selected_action": [rows[-1].pk], "index": 0,
    }  # fmt: skip
    client.post(QUEUE, chosen | marks() | mark)
    assert states() == {"dismissed"}


def test_a_row_of_the_whole_list_is_ticked_for_itself(signed_in: SignedIn) -> None:
    rows = odd()
    chosen = {"action": "dismiss", "_selected_action": [rows[-1].pk], "index": 0}
    signed_in("Editor").post(f"{QUEUE}?together=k", chosen | marks())
    assert Finding.objects.filter(state="dismissed").count() == 1


def test_what_they_suggest_is_applied_to_all_and_taken_back(
    signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: str, lock: int) -> None:
        raise OSError("no process here")

    monkeypatch.setattr(processes, "launch", refuse)
    rows = odd()
    moved = rows[0].article
    assert moved is not None
    Article.objects.filter(pk=moved.pk).update(headline="Something else")
    client = signed_in("Editor")
    response = press(client, rows[-1], "apply")
    work = BulkWork.objects.get()
    assert response.headers["Location"].endswith(f"/bulk/{work.pk}/")
    assert press(client, rows[-1], "apply").headers["Location"] == response.headers["Location"]
    user = client.user  # type: ignore[attr-defined]
    work = bulk_running.part(work, user)
    assert (work.changed, work.left_count) == (MANY - 1, 1)
    heads = set(Article.objects.values_list("headline", flat=True))
    assert heads == {"Something else", *(f"The lamp {place}" for place in range(1, MANY))}
    assert Finding.objects.filter(state="open").get() == rows[0]
    article = rows[1].article
    assert article is not None
    change = work.operation.changes.get(subject_id=article.pk, field="headline")
    assert (change.old, change.new) == ("The lamp 1 | Mail", "The lamp 1")
    undo = bulk_changes.begin_undo(work.operation, actor=user)
    assert bulk_running.part(undo, user).changed == MANY - 1
    article.refresh_from_db()
    assert article.headline == "The lamp 1 | Mail"
    assert states() == {"open"}


def test_what_is_no_doubt_of_a_listing_is_not_settled_so(signed_in: SignedIn) -> None:
    finding = Finding.objects.create(code="stray-line", message="A stray line", fingerprint="1")
    client = signed_in("Editor")
    assert press(client, finding, "dismiss").status_code == 404
    assert client.get(f"{QUEUE}{finding.pk}/together/").status_code == 405


def table(folder: Path, name: str, *rows: str) -> Path:
    path = folder / name
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_what_an_import_says_of_a_whole_file_is_one_doubt(
    signed_in: SignedIn, tmp_path: Path
) -> None:
    rows = [f"The lamp of pier {place},Ana Brandt" for place in range(MANY)]
    path = table(tmp_path, "t.csv", "headline,byline", *rows)
    run("import_listing", path, "--yes")
    assert len(set(Finding.objects.filter(code="rejected").values_list("together"))) == 1
    assert Finding.objects.filter(code="rejected").count() == MANY
    page = signed_in("Editor").get(f"{QUEUE}?code=rejected")
    assert page.context["cl"].result_count == 1
    assert f"{MANY} findings have it" in page.content.decode()


def test_entries_that_a_newer_version_lacks_are_one_doubt(tmp_path: Path) -> None:
    entries = [
        (f"Lamp {place} of the pier", f"By Ana Brandt, {1 + place} May 2021", "Text of it.")
        for place in range(MANY)
    ]
    run("import_listing", write_listing(tmp_path, *entries), "--yes")
    run("import_listing", write_listing(tmp_path, *entries[:2]), "--yes")
    gone = Finding.objects.filter(code="entry-gone")
    assert gone.count() == MANY - 2
    assert len(set(gone.values_list("together"))) == 1
    assert "" not in gone.values_list("together", flat=True)
