"""Forms that nobody was given: extra rows, other ids, fields that were not there."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.test import Client

from articles.models import Article, Contribution, Part
from articles.writing.state import columns_of, lists_of
from tests.admin.posting import form_of
from tests.factories import make_article, make_author, make_series

SignedIn = Callable[..., Client]


def state() -> dict[int, Any]:
    articles = {article.pk: article for article in Article.objects.all()}
    lists = lists_of(articles)
    return {pk: columns_of(article) | lists[pk] for pk, article in articles.items()}


def post(client: Client, article: Article, **fields: Any) -> Any:
    url = f"/admin/articles/article/{article.pk}/change/"
    return client.post(url, form_of(article, **fields))


def pair() -> tuple[Article, Article]:
    one = make_author("Clara Weiss")
    return (
        make_article("Mine", status="draft", authors=[one], series=[(make_series("Smilga"), 1)]),
        make_article("Theirs", authors=[make_author("Ines Ort")]),
    )


@pytest.mark.parametrize("prefix", ["contributions", "parts"])
def test_a_row_of_another_article_stays_there(signed_in: SignedIn, prefix: str) -> None:
    mine, theirs = pair()
    before = state()[theirs.pk]
    row = Contribution.objects.get(article=theirs)
    other = Part.objects.first()
    post(
        signed_in("Editor"),
        mine,
        **{
            f"{prefix}-INITIAL_FORMS": "1",
            f"{prefix}-0-id": row.pk if prefix == "contributions" else other.pk if other else 0,
            f"{prefix}-0-article": theirs.pk,
            f"{prefix}-0-DELETE": "on",
            "id": theirs.pk,
            "pk": theirs.pk,
        },
    )
    assert state()[theirs.pk] == before
    assert Contribution.objects.filter(article=theirs).count() == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"contributions-TOTAL_FORMS": "100000"},
        {"contributions-TOTAL_FORMS": "-1"},
        {"contributions-TOTAL_FORMS": "x"},
        {"contributions-TOTAL_FORMS": ""},
        {"parts-INITIAL_FORMS": "999"},
        {"contributions-0-author": "999999"},
        {"contributions-0-author": "x"},
        {"parts-0-series": "-1"},
        {"contributions-0-role": "xyz"},
    ],
    ids=str,
)
def test_a_forged_count_or_choice_changes_nothing_else(
    signed_in: SignedIn, fields: dict[str, str]
) -> None:
    mine, theirs = pair()
    before = state()
    response = post(signed_in("Editor"), mine, **fields)
    assert response.status_code in {200, 302, 400}
    after = state()
    assert after[theirs.pk] == before[theirs.pk]
    assert after.keys() == before.keys()


@pytest.mark.parametrize("name", ["_saveasnew", "_popup", "_to_field", "_addanother"])
def test_a_button_that_was_not_there_makes_no_article(signed_in: SignedIn, name: str) -> None:
    mine, _theirs = pair()
    before = state()
    post(signed_in("Editor"), mine, **{name: "1"})
    assert state().keys() == before.keys()


@pytest.mark.parametrize("value", ["", "0", "headline", "owner__password"])
def test_no_field_is_named_by_which_to_find_an_article(signed_in: SignedIn, value: str) -> None:
    mine, _theirs = pair()
    client = signed_in("Chief editor")
    for page in ("change", "delete", "history"):
        url = f"/admin/articles/article/{mine.pk}/{page}/?_to_field={value}"
        response = client.get(url)
        assert response.status_code == (200 if not value or page == "history" else 400), page


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "published"},
        {"owner": "1"},
        {"visible_from_0": "2020-01-01", "visible_from_1": "00:00:00"},
        {"is_public": "on"},
        {"first_public_at": "2020-01-01"},
        {"correction_note": "Mine"},
        {"withdrawn_reason": "Mine"},
        {"version": "999"},
        {"sort_key": "1"},
        {"merged_into": "1"},
    ],
    ids=str,
)
def test_a_contributor_sets_no_field_that_the_form_has_not(
    signed_in: SignedIn, fields: dict[str, str]
) -> None:
    client = signed_in("Contributor")
    owner = client.user.pk  # type: ignore[attr-defined]
    mine = make_article("Mine", status="draft", owner=owner)
    row = Article.objects.values().get(pk=mine.pk)
    post(client, mine, **fields)
    after = Article.objects.values().get(pk=mine.pk)
    unseen = {"updated", "version"}
    assert {name: row[name] for name in row.keys() - unseen} == {
        name: after[name] for name in after.keys() - unseen
    }


def links() -> list[tuple[str, str, str]]:
    """Return every (app, model, field) that leads from one model to another."""
    return [
        (model._meta.app_label, model._meta.model_name or "", field.name)
        for model in apps.get_models()
        for field in model._meta.get_fields(include_hidden=True)
        if field.is_relation and getattr(field, "remote_field", None)
    ]


@pytest.mark.parametrize("role", ["staff", "Contributor", "Auditor", "Importer"])
def test_autocomplete_shows_what_the_role_sees_and_no_more(signed_in: SignedIn, role: str) -> None:
    make_article("Hidden canary", status="draft")
    client = signed_in(role)
    request = client.get("/admin/").wsgi_request
    answered = 0
    for app, model, field in links():
        query = f"app_label={app}&model_name={model}&field_name={field}"
        response = client.get(f"/admin/autocomplete/?{query}&term=")
        assert response.status_code in {200, 403, 404}, query
        if response.status_code != 200:
            continue
        answered += 1
        found = apps.get_model(app, model)._meta.get_field(field)
        target = admin.site._registry[found.remote_field.model]  # type: ignore[union-attr,index]
        assert target.has_view_permission(request), query
        if found.remote_field.model is Article and role == "Contributor":  # type: ignore[union-attr]
            assert "canary" not in response.content.decode()
    assert bool(answered) == (role != "staff")


def test_autocomplete_of_accounts_needs_the_right_to_see_them(signed_in: SignedIn) -> None:
    query = "/admin/autocomplete/?app_label=articles&model_name=article&field_name=owner"
    editor = signed_in("Editor")
    assert editor.get(query).status_code == 403
    editor.user.user_permissions.add(  # type: ignore[attr-defined]
        Permission.objects.get(codename="view_user")
    )
    assert editor.get(query).status_code == 200
