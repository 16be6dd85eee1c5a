"""History, comparing and restoring, in the pages of the admin."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.choices import OperationKind
from articles.models import Article, Operation
from articles.writing.articles import save_article
from articles.writing.changes import ArticleChange, Credit, Place
from articles.writing.names import save_named
from tests.admin.posting import LIST
from tests.admin.test_article_pages import imported
from tests.factories import make_article, make_author, make_series, make_tag

SignedIn = Callable[..., Client]

#: Session, account and permissions (4); article, count, operations, changes, names of what is
#: numbered, the entry that made it, and whether the ledger itself has its import.
HISTORY_QUERIES = 9
#: Session, account and permissions (4); article, the operation, its position, credits, tags and
#: parts (3), the values then.
COMPARE_QUERIES = 11


def versions_url(article: Article) -> str:
    return f"{LIST}{article.pk}/versions/"


def save(article: Article, actor: User | None = None, **change: Any) -> Operation:
    lists = {name: change.pop(name) for name in ("credits", "tags", "parts") if name in change}
    save_article(ArticleChange(article=article, fields=change, **lists), actor=actor)
    return Operation.objects.filter(kind=OperationKind.EDIT).order_by("-id")[0]


def restore(client: Client, article: Article, query: str, *fields: str, **more: Any) -> Any:
    article.refresh_from_db()
    data = {"fields": fields, "version": article.version, "reason": ""} | more
    return client.post(f"{versions_url(article)}?{query}", data, follow=True)


@pytest.mark.parametrize("number", [1, 24])
def test_the_history_asks_the_same_number_of_queries(signed_in: SignedIn, number: int) -> None:
    author, tag = make_author("A One"), make_tag("T")
    article = make_article()
    for place in range(number):
        save(
            article, headline=f"H {place}", standfirst=f"S {place}", tags=[tag.pk][: place % 2],
            credits=[Credit(author.pk)][: place % 2],
        )  # fmt: skip
    client = signed_in("Editor")
    ContentType.objects.get_for_model(Article)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(f"{LIST}{article.pk}/history/").status_code == 200
    assert len(queries) == HISTORY_QUERIES, [query["sql"][:120] for query in queries]


@pytest.mark.parametrize("number", [1, 30])
def test_comparing_asks_the_same_number_of_queries(signed_in: SignedIn, number: int) -> None:
    authors = [make_author(f"Author {place}") for place in range(number)]
    article = make_article("First")
    first = Operation.objects.order_by("-id")[0]
    for place in range(number):
        save(article, headline=f"H {place}", credits=[Credit(row.pk) for row in authors])
    client = signed_in("Auditor")
    with CaptureQueriesContext(connection) as queries:
        response = client.get(versions_url(article), {"from": first.pk})
    assert response.status_code == 200
    assert len(queries) == COMPARE_QUERIES, [query["sql"][:120] for query in queries]


def test_any_two_versions_are_compared_word_by_word(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    article = make_article("The long road", kicker="One")
    first = save(article, kicker="Two")
    second = save(article, headline="The winding road", credits=[Credit(make_author("A One").pk)])
    save(article, kicker="Three")
    page = client.get(versions_url(article), {"from": first.pk, "to": second.pk}).content.decode()
    assert "The <del>long</del> road" in page
    assert "The <ins>winding</ins> road" in page
    assert "<ins>A One</ins>" in page
    assert "Three" not in page
    assert "Restore what is ticked" not in page
    turned = client.get(versions_url(article), {"from": second.pk, "to": first.pk})
    assert "The <ins>winding</ins> road" in turned.content.decode()
    same = client.get(versions_url(article), {"from": second.pk, "to": second.pk})
    assert "The two versions are the same" in same.content.decode()


def test_the_history_leads_to_versions(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    article = make_article("One")
    last = save(article, headline="Two")
    page = client.get(f"{LIST}{article.pk}/history/").content.decode()
    assert f'{versions_url(article)}?before={last.pk}&amp;field=headline"' in page
    seen = client.get(versions_url(article), {"before": last.pk, "field": "headline"})
    assert [row.name for row in seen.context["rows"] if row.is_chosen] == ["headline"]
    assert "Restore …" not in signed_in("Auditor").get(
        f"{LIST}{article.pk}/history/"
    ).content.decode()  # fmt: skip


def test_an_import_stands_in_the_same_history_and_can_be_given_again(signed_in: SignedIn) -> None:
    article, entry = imported()
    save(article, headline="Reworded")
    client = signed_in("Editor")
    page = client.get(f"{LIST}{article.pk}/history/").content.decode()
    assert f"run {entry.run_id}" in page
    assert f"{versions_url(article)}?from=0" in page
    restore(client, article, "from=0", "headline")
    article.refresh_from_db()
    assert article.headline == "Ivar Smilga"


def test_one_field_is_restored_and_the_act_is_recorded(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    article = make_article("One", kicker="A")
    last = save(article, headline="Two", kicker="B")
    response = restore(client, article, f"before={last.pk}", "kicker", reason="The first was right")
    assert "Restored: kicker." in response.content.decode()
    article.refresh_from_db()
    assert (article.headline, article.kicker) == ("Two", "A")
    act = Operation.objects.order_by("-id")[0]
    assert (act.kind, act.reason) == (OperationKind.RESTORE, "The first was right")
    assert act.actor == client.user  # type: ignore[attr-defined]
    assert "The first was right" in response.content.decode()


def test_credits_tags_and_parts_are_restored(signed_in: SignedIn) -> None:
    serial = make_series("Smilga")
    article = make_article(authors=["A One"], tags=["T"], series=[(serial, 2)])
    last = save(article, credits=[], tags=[], parts=[])
    restore(signed_in("Editor"), article, f"before={last.pk}", "credits", "tags", "parts")
    article.refresh_from_db()
    assert article.credit == "A One"
    assert (article.tagged_articles.get().tag.name, article.parts.get().part_number) == ("T", 2)


def test_a_part_that_is_taken_meanwhile_is_said(signed_in: SignedIn) -> None:
    serial = make_series("Smilga")
    article = make_article(series=[(serial, 2)], kicker="A")
    last = save(article, parts=[], kicker="B")
    other = make_article()
    save(other, parts=[Place(serial.pk, 2)])
    page = restore(signed_in("Editor"), article, f"before={last.pk}", "parts", "kicker")
    assert "Nothing was restored. Series: Another article is already this part" in (
        page.content.decode()
    )
    article.refresh_from_db()
    assert article.kicker == "B"


def test_a_restore_over_somebody_elses_save_is_refused(signed_in: SignedIn) -> None:
    article = make_article("One")
    last = save(article, headline="Two")
    old = article.version + 1
    save(article, kicker="Theirs")
    page = restore(signed_in("Editor"), article, f"before={last.pk}", "headline", version=old)
    assert "somebody saved this meanwhile" in page.content.decode()
    article.refresh_from_db()
    assert (article.headline, article.kicker) == ("Two", "Theirs")


@pytest.mark.parametrize("version", ["", "x", "9" * 30, "-1", "٢"])
def test_a_restore_needs_the_version(signed_in: SignedIn, version: str) -> None:
    article = make_article("One")
    last = save(article, headline="Two")
    restore(signed_in("Editor"), article, f"before={last.pk}", "headline", version=version)
    article.refresh_from_db()
    assert article.headline == "Two"


@pytest.mark.parametrize(
    "query",
    ["", "from=x", "from=999999", "before=999999", f"from={'9' * 30}", "from=0&to=x", "from=٣"],
)
def test_an_unknown_version_is_not_found(signed_in: SignedIn, query: str) -> None:
    article = make_article("One")
    assert signed_in("Editor").get(f"{versions_url(article)}?{query}").status_code == 404


def test_another_rows_operation_is_no_version(signed_in: SignedIn) -> None:
    article = make_article("One")
    secret = save(make_article("Other"), headline="Canary7f3a")
    response = signed_in("Editor").get(versions_url(article), {"from": secret.pk})
    assert response.status_code == 404


# Who may


def test_only_who_may_change_restores(signed_in: SignedIn) -> None:
    article = make_article("One")
    last = save(article, headline="Two")
    for role in ("Auditor", "Importer", "Contributor", "staff"):
        client = signed_in(role)
        seen = client.get(versions_url(article), {"before": last.pk})
        assert seen.status_code == (200 if role in {"Auditor", "Importer"} else 404 if
                                    role == "Contributor" else 403), role  # fmt: skip
        response = restore(client, article, f"before={last.pk}", "headline")
        assert response.status_code in {403, 404}, role
    assert Client().post(versions_url(article)).status_code == 302
    article.refresh_from_db()
    assert article.headline == "Two"


def test_a_contributor_restores_own_drafts_but_reaches_no_state(signed_in: SignedIn) -> None:
    client = signed_in("Contributor")
    user = client.user  # type: ignore[attr-defined]
    article = make_article("One", status="draft", owner=user.pk, correction_note="secret")
    first = Operation.objects.order_by("-id")[0]
    save(article, status="in_review", headline="Two", correction_note="")
    save(article, status="draft")
    restore(client, article, f"from={first.pk}", "headline")
    article.refresh_from_db()
    assert article.headline == "One"
    page = restore(client, article, f"from={first.pk}", "correction_note")
    assert "Choose what is to be restored" in page.content.decode()
    article.refresh_from_db()
    assert article.correction_note == ""


def test_restoring_reaches_no_state_that_the_form_would_not(
    signed_in: SignedIn, account: Callable[..., User]
) -> None:
    user = account("staff", "deskhand")
    user.user_permissions.add(
        *Permission.objects.filter(codename__in=["change_article", "view_article"])
    )
    client = signed_in(user=user)
    # A draft that the ledger says was published once: nobody but a publisher may make it so again.
    article = make_article("One", status="published", visible_from="2999-01-01T00:00:00Z")
    last = save(article, status="draft", owner=user.pk)
    for field in ("status", "owner", "visible_from"):
        restore(client, article, f"before={last.pk}", field)
        article.refresh_from_db()
        assert (article.status, article.owner) == ("draft", user), field
    editor = signed_in("Editor")
    restore(editor, article, f"before={last.pk}", "status")
    article.refresh_from_db()
    assert article.status == "published"


def test_what_was_public_becomes_no_draft_by_restoring(signed_in: SignedIn) -> None:
    article = make_article("One", status="draft")
    last = save(article, status="published")
    restore(signed_in("superuser"), article, f"before={last.pk}", "status")
    article.refresh_from_db()
    assert article.status == "published"


def test_names_are_compared_and_restored(signed_in: SignedIn) -> None:
    author = make_author("Clara Weiss", bio="One")
    author.bio, author.name = "Two", "Klara Weiss"
    save_named(author, actor=None)
    last = Operation.objects.order_by("-id")[0]
    client = signed_in("Editor")
    url = f"/admin/authors/author/{author.pk}/versions/?before={last.pk}"
    page = client.get(url).content.decode()
    assert "<del>Clara</del> Weiss" in page
    response = client.post(url, {"fields": ["bio"], "version": 2, "reason": ""}, follow=True)
    assert "Restored: " in response.content.decode()
    author.refresh_from_db()
    assert (author.bio, author.name, author.version) == ("One", "Klara Weiss", 3)
    assert signed_in("Auditor").post(url, {"fields": ["name"], "version": 3}).status_code == 403


def test_hostile_values_are_text(signed_in: SignedIn) -> None:
    hostile = "<script>alert(1)</script>"
    article = make_article(hostile, kicker="plain")
    last = save(article, headline="<img src=x>", kicker=hostile)
    client = signed_in("Editor")
    for url in (f"{LIST}{article.pk}/history/", f"{versions_url(article)}?before={last.pk}"):
        page = client.get(url).content
        assert b"<script>alert" not in page
        assert b"<img src=x" not in page


def test_a_long_body_takes_little_room_in_the_history(signed_in: SignedIn) -> None:
    body = "".join(f"<p>Paragraph {number}</p>" for number in range(20_000))
    article = make_article(body=body)
    for number in range(5):
        save(article, body=body.replace("Paragraph 9999<", f"Changed {number}<"))
    page = signed_in("Editor").get(f"{LIST}{article.pk}/history/").content.decode()
    assert "<ins>Changed" in page
    assert len(page) < 100_000
