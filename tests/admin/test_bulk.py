"""Changing many articles at once, in the pages of the admin."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from articles.models import Article, BulkWork, Operation
from articles.writing import bulk_changes
from articles.writing.articles import save_article
from articles.writing.changes import ArticleChange
from tests.admin.posting import LIST
from tests.factories import make_article, make_author, make_tag

SignedIn = Callable[..., Client]

FIND = {"do": "find", "fields_searched": ["headline"], "text": "cat", "replacement": "hen"}


def bulk_url(of: str, **act: Any) -> str:
    return f"{LIST}bulk/?{urlencode({'of': of, **act}, doseq=True)}"


def look(client: Client, of: str, **act: Any) -> Any:
    response = client.get(bulk_url(of, **act))
    assert response.status_code == 200
    return response.context["preview"]


def change(client: Client, of: str, **act: Any) -> BulkWork:
    preview = look(client, of, **act)
    response = client.post(bulk_url(of, **act), {"digest": preview.digest, "reason": "Because"})
    assert response.status_code == 302
    work = BulkWork.objects.order_by("-id")[0]
    assert response["Location"] == f"{LIST}bulk/{work.pk}/"
    return go_on(client, work)


def go_on(client: Client, work: BulkWork) -> BulkWork:
    while work.finished is None:
        client.post(f"{LIST}bulk/{work.pk}/")
        work.refresh_from_db()
    return work


def test_a_selection_and_a_filter_lead_to_the_page(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    one, two = make_article("A cat", status="draft"), make_article("A cat too", status="draft")
    data = {"action": "choose", "_selected_action": [one.pk], "select_across": "0"}
    response = client.post(f"{LIST}?status=draft", data, follow=True)
    assert response.context["total"] == 1
    response = client.post(f"{LIST}?status=draft&o=1", data | {"select_across": "1"}, follow=True)
    assert (response.context["total"], response.context["of"]) == (2, "status=draft")
    assert two.pk


def test_nothing_is_changed_by_looking(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    make_article("A <b>cat</b>", status="draft")
    make_article("A dog", status="draft")
    count = Operation.objects.count()
    response = client.get(bulk_url("status=draft", **FIND))
    preview = response.context["preview"]
    assert (len(preview.wanted), preview.unchanged, preview.places) == (1, 1, 1)
    page = response.content.decode()
    assert "&lt;b&gt;<del>cat</del><ins>hen</ins>&lt;/b&gt;" in page
    assert (Operation.objects.count(), BulkWork.objects.count()) == (count, 0)


def test_it_is_carried_out_and_taken_back(signed_in: SignedIn, monkeypatch: Any) -> None:
    client = signed_in("Editor")
    for number in range(5):
        make_article(f"A cat {number}", status="draft")
    work = change(client, "status=draft", **FIND)
    assert set(Article.objects.values_list("headline", flat=True)) == {
        f"A hen {number}" for number in range(5)
    }
    assert work.operation.reason == "Because"
    assert work.operation.actor == client.user  # type: ignore[attr-defined]
    page = client.get(f"{LIST}bulk/{work.pk}/").content.decode()
    assert "5 articles were changed" in page
    assert "Take it back" in page
    history = client.get(f"{LIST}{Article.objects.all()[0].pk}/history/").content.decode()
    assert "bulk action" in history
    response = client.post(f"{LIST}bulk/{work.pk}/undo/")
    undo = go_on(client, BulkWork.objects.order_by("-id")[0])
    assert response["Location"] == f"{LIST}bulk/{undo.pk}/"
    assert Article.objects.filter(headline__contains="cat").count() == 5
    page = client.get(f"{LIST}bulk/{undo.pk}/").content.decode()
    assert "Taken back on 5 articles" in page
    assert "Take it back" not in page
    client.post(f"{LIST}bulk/{work.pk}/undo/")
    assert BulkWork.objects.count() == 2


def test_the_script_is_told_how_far_it_is(signed_in: SignedIn, monkeypatch: Any) -> None:
    monkeypatch.setattr(bulk_changes.carry_on, "__kwdefaults__", {"limit": 2, "may_reach": None})
    client = signed_in("Editor")
    for number in range(3):
        make_article(f"A cat {number}")
    preview = look(client, "", **FIND)
    client.post(bulk_url("", **FIND), {"digest": preview.digest})
    work = BulkWork.objects.get()
    page = client.get(f"{LIST}bulk/{work.pk}/").content.decode()
    assert 'max="3" value="0"' in page
    said = [
        client.post(f"{LIST}bulk/{work.pk}/", headers={"accept": "application/json"}).json()
        for _time in range(2)
    ]
    assert said == [
        {"done": 2, "total": 3, "finished": False, "moving": False},
        {"done": 3, "total": 3, "finished": True, "moving": False},
    ]


def test_what_moved_since_the_preview_is_shown_again(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    article = make_article("A cat")
    digest = look(client, "", **FIND).digest
    save_article(ArticleChange(article=article, fields={"kicker": "K"}), actor=None)
    response = client.post(bulk_url("", **FIND), {"digest": digest})
    assert "somebody saved one of the articles meanwhile" in response.content.decode()
    assert not BulkWork.objects.exists()


@pytest.mark.parametrize(
    ("act", "message"),
    [
        ({"do": "find", "text": "", "fields_searched": ["headline"]}, "Say what is to be found"),
        ({"do": "find", "text": "x"}, "Choose at least one field"),
        ({"do": "find", "text": "x", "fields_searched": ["slug"]}, "valid choice"),
        ({"do": "set", "field": "kicker"}, "Say what it shall be"),
        ({"do": "set", "field": "status", "value": "published"}, "valid choice"),
        ({"do": "set", "field": "language", "value": "<b>"}, "language code"),
        ({"do": "set", "field": "source_url", "value": "javascript:x"}, "http"),
        ({"do": "clear", "field": "language"}, "has a language"),
        ({"do": "tag-add"}, "Choose one"),
        ({"do": "tag-add", "tag": "x"}, "valid choice"),
        ({"do": "tag-replace", "tag": "1"}, "Choose one"),
        ({"do": "nonsense"}, "valid choice"),
    ],
)
def test_impossible_acts_are_refused(
    signed_in: SignedIn, act: dict[str, Any], message: str
) -> None:
    make_article("A cat")
    make_tag("T")
    client = signed_in("Editor")
    response = client.get(bulk_url("", **act))
    assert message in response.content.decode()
    assert response.context["preview"] is None
    client.post(bulk_url("", **act), {"digest": "x"})
    assert not BulkWork.objects.exists()


def test_tags_and_authors(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    tag, author = make_tag("Left Opposition"), make_author("Clara Weiss")
    article = make_article("One", tags=["Old"])
    preview = look(client, "", do="tag-add", tag=tag.pk)
    assert "<ins>; Left Opposition</ins>" in str(preview.samples[0][1][0][1])
    change(client, "", do="tag-add", tag=tag.pk)
    change(client, "", do="author-add", author=author.pk, role="trl")
    assert article.tagged_articles.count() == 2
    assert article.contributions.get().role == "trl"


def test_who_may(signed_in: SignedIn, account: Callable[..., User]) -> None:
    make_article("A cat")
    work = change(signed_in("Editor"), "", **FIND)
    for role in ("Contributor", "Importer", "Auditor", "staff"):
        client = signed_in(role)
        for url in (bulk_url("", **FIND), f"{LIST}bulk/{work.pk}/", f"{LIST}bulk/{work.pk}/undo/"):
            assert client.post(url, {"digest": "x"}).status_code == 403, (role, url)
            assert client.get(url).status_code == 403, (role, url)
        assert b"Change in bulk" not in client.get(LIST).content
    # Who may change but not publish: what readers see stays.
    user = account("staff", "deskhand")
    user.user_permissions.add(
        *Permission.objects.filter(codename__in=["change_article", "view_article"])
    )
    client = signed_in(user=user)
    make_article("A cat, public")
    make_article("A cat, draft", status="draft")
    preview = look(client, "", **FIND)
    assert (len(preview.wanted), preview.forbidden) == (1, 1)
    change(client, "", **FIND)
    assert set(Article.objects.values_list("headline", flat=True)) == {
        "A hen", "A cat, public", "A hen, draft",
    }  # fmt: skip


def test_nobody_goes_on_with_the_work_of_another(
    signed_in: SignedIn, account: Callable[..., User]
) -> None:
    make_article("A cat")
    client = signed_in("Editor")
    client.post(bulk_url("", **FIND), {"digest": look(client, "", **FIND).digest})
    work = BulkWork.objects.get()
    other = signed_in(user=account("Editor", "other"))
    assert other.post(f"{LIST}bulk/{work.pk}/").status_code == 403
    assert other.get(f"{LIST}bulk/{work.pk}/").status_code == 200
    assert client.get(f"{LIST}bulk/999/").status_code == 404


def test_more_than_the_most_is_said(signed_in: SignedIn, monkeypatch: Any) -> None:
    monkeypatch.setattr(bulk_changes, "MOST", 2)
    for number in range(3):
        make_article(f"A cat {number}")
    response = signed_in("Editor").get(bulk_url("", **FIND))
    assert "More than 2 articles are chosen" in response.content.decode()
    assert response.context["preview"] is None


@pytest.mark.parametrize("of", ["author=x", "published_on__year=99999"])
def test_an_impossible_filter_is_not_found(signed_in: SignedIn, of: str) -> None:
    assert signed_in("Editor").get(bulk_url(of)).status_code == 404


@pytest.mark.parametrize("number", [1, 60])
def test_looking_asks_the_same_number_of_queries(
    signed_in: SignedIn, number: int, django_assert_num_queries: Any
) -> None:
    for place in range(number):
        make_article(f"A cat {place}", tags=[f"T {place}"])
    client = signed_in("Editor")
    # Session, account and permissions (4); how many, which, and the articles.
    with django_assert_num_queries(7):
        client.get(bulk_url("", **FIND))
