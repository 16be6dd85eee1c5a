"""Authors, series, tags, findings, runs, the ledger: what is not an article."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from taggit.models import Tag as StockTag

from articles.choices import FindingState
from articles.models import (
    Article,
    FieldChange,
    Finding,
    ImportRun,
    Operation,
    Series,
    Source,
    SourceEntry,
    SourceListing,
    Tag,
)
from articles.search.base import search
from authors.models import Author
from tests.admin.posting import delete
from tests.admin.test_article_pages import imported
from tests.factories import make_article, make_author, make_series, make_tag

SignedIn = Callable[..., Client]

KINDS: dict[str, tuple[Any, str, Callable[..., Any], dict[str, Any]]] = {
    "authors/author": (
        Author, "name", make_author,
        {"kind": "person", "sort_name": "", "external_ids": "{}", "bio": "", "slug": ""},
    ),
    "articles/series": (
        Series, "title", make_series, {"kind": "serial", "description": "", "slug": ""},
    ),
    # As a form posts it whose identifiers were emptied.
    "articles/tag": (
        Tag, "name", make_tag,
        {"kind": "topic", "description": "", "slug": "", "external_ids": ""},
    ),
}  # fmt: skip


def linked(where: str, obj: Any) -> Article:
    """Return an article on which *obj* stands."""
    kind = where.split("/")[1]
    return make_article(**{{"author": "authors", "tag": "tags"}.get(kind, "series"): [obj]})


@pytest.mark.parametrize("where", KINDS)
def test_names_are_saved_by_the_writer(signed_in: SignedIn, where: str) -> None:
    model, title, _make, blank = KINDS[where]
    client = signed_in("Editor")
    data = blank | {title: " Władysław  Gomułka ", "aliases": "Gomulka, W.\r\n\r\nWiesław\n"}
    response = client.post(f"/admin/{where}/add/", data)
    assert response.status_code == 302, response.context["adminform"].form.errors
    obj = model.objects.get()
    assert (str(obj), obj.slug, obj.version) == ("Władysław Gomułka", "wladyslaw-gomulka", 1)
    assert set(obj.aliases.values_list("name", flat=True)) == {
        "Władysław Gomułka", "Gomulka, W.", "Wiesław",
    }  # fmt: skip
    article = linked(where, obj)
    shown = client.get(f"/admin/{where}/{obj.pk}/change/").content.decode()
    assert "Gomulka, W.\nWiesław</textarea>" in shown
    response = client.post(
        f"/admin/{where}/{obj.pk}/change/",
        blank | {title: "Gomulka", "slug": obj.slug, "aliases": "Wiesław", "version": 1},
    )
    assert response.status_code == 302, response.context["adminform"].form.errors
    obj.refresh_from_db()
    assert (str(obj), obj.version) == ("Gomulka", 2)
    assert search(Article.objects.filter(pk=article.pk), "gomulka").count() == 1
    history = client.get(f"/admin/{where}/{obj.pk}/history/").content.decode()
    assert "<del>Władysław Gomułka</del>" in history
    assert "editor</h3>" in history


@pytest.mark.parametrize("where", KINDS)
def test_a_stale_name_is_a_clear_error(signed_in: SignedIn, where: str) -> None:
    model, title, make, blank = KINDS[where]
    client = signed_in("Editor")
    obj = make("First")
    url = f"/admin/{where}/{obj.pk}/change/"
    good = blank | {title: "Second", "slug": obj.slug, "version": 1}
    assert client.post(url, good).status_code == 302
    response = client.post(url, good | {title: "Third"})
    assert response.status_code == 200
    assert "editor saved this at" in str(response.context["adminform"].form.errors)
    assert "Third" in response.content.decode()
    assert str(model.objects.get()) == "Second"


@pytest.mark.parametrize("where", KINDS)
def test_a_save_without_a_change_is_no_act(signed_in: SignedIn, where: str) -> None:
    _model, title, make, blank = KINDS[where]
    obj = make("First")
    before = Operation.objects.count()
    fields = blank | {title: "First", "slug": obj.slug, "version": 1}
    if where == "authors/author":
        fields["sort_name"] = obj.sort_name
    response = signed_in("Editor").post(f"/admin/{where}/{obj.pk}/change/", fields)
    assert response.status_code == 302
    assert Operation.objects.count() == before


@pytest.mark.parametrize("where", KINDS)
@pytest.mark.parametrize(
    ("fields", "message"),
    [({"{title}": ""}, "required"), ({"slug": "taken"}, "taken"), ({"slug": "a/b"}, "slug")],
)
def test_refusals_of_names(
    signed_in: SignedIn, where: str, fields: dict[str, str], message: str
) -> None:
    _model, title, make, blank = KINDS[where]
    make("Other", slug="taken")
    given = {name.replace("{title}", title): value for name, value in fields.items()}
    response = signed_in("Editor").post(
        f"/admin/{where}/add/", blank | {title: "New", "aliases": "kept"} | given
    )
    assert response.status_code == 200
    assert message in str(response.context["adminform"].form.errors)
    assert "kept" in response.content.decode()


@pytest.mark.parametrize("where", KINDS)
def test_names_are_found_by_any_spelling(signed_in: SignedIn, where: str) -> None:
    _model, _title, make, _blank = KINDS[where]
    make("Władysław Gomułka", aliases=["Comrade Wiesław"])
    make("Someone Else")
    client = signed_in("Editor")
    for text in ("gomulka", "WLADYSLAW", "wieslaw comrade", "Gomułka Wład"):
        response = client.get(f"/admin/{where}/", {"q": text})
        found = [str(obj) for obj in response.context["cl"].result_list]
        assert found == ["Władysław Gomułka"], text
    for text in ("'", "%", "_", "\\", "x" * 3000):
        assert client.get(f"/admin/{where}/", {"q": text}).status_code == 200


@pytest.mark.parametrize("where", KINDS)
def test_what_is_in_use_is_not_deleted(signed_in: SignedIn, where: str) -> None:
    model, _title, make, _blank = KINDS[where]
    client = signed_in("Chief editor")
    used, unused, third = make("Used"), make("Unused"), make("Third")
    linked(where, used)
    response = client.post(f"/admin/{where}/{used.pk}/delete/", {"post": "yes"}, follow=True)
    assert "articles stand on it" in response.content.decode()
    delete(client, f"/admin/{where}/{third.pk}/delete/")
    response = client.post(
        f"/admin/{where}/",
        {"action": "delete_unused", "_selected_action": [used.pk, unused.pk]},
        follow=True,
    )
    assert "articles stand on them: Used" in response.content.decode()
    assert list(model.objects.all()) == [used]
    before = signed_in("Editor").post(f"/admin/{where}/{used.pk}/delete/", {"post": "yes"})
    assert before.status_code == 403


def test_tags_of_taggit_are_not_offered() -> None:
    assert not admin.site.is_registered(StockTag)
    assert admin.site.is_registered(Tag)


def test_findings_are_settled_and_the_ledger_knows(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    article, entry = imported()
    finding = Finding.objects.create(
        code="stray-line", message="A <b>stray</b> line", article=article, source_entry=entry,
        evidence={"lines": [11]}, suggestion={"kicker": "x"}, fingerprint="1",
    )  # fmt: skip
    url = "/admin/articles/finding/"
    shown = client.get(url).content.decode()
    assert "A &lt;b&gt;stray&lt;/b&gt; line" in shown
    assert article.headline in shown
    page = client.get(f"{url}{finding.pk}/change/").content.decode()
    assert "lines: 11" in page
    assert "topic.txt" in page
    for action, state in (
        ("dismiss", FindingState.DISMISSED), ("resolve", FindingState.RESOLVED),
        ("reopen", FindingState.OPEN),
    ):  # fmt: skip
        was = {f"was-{finding.pk}": finding.state}
        client.post(url, {"action": action, "_selected_action": finding.pk} | was)
        finding.refresh_from_db()
        assert finding.state == state
        is_open = state == FindingState.OPEN
        expected = None if is_open else client.user  # type: ignore[attr-defined]
        assert (finding.settled is None, finding.settled_by) == (is_open, expected)
    assert FieldChange.objects.filter(subject_type="finding").count() == 3
    for role in ("Auditor", "Contributor"):
        was = {f"was-{finding.pk}": finding.state}
        signed_in(role).post(url, {"action": "dismiss", "_selected_action": finding.pk} | was)
        finding.refresh_from_db()
        assert finding.state == FindingState.OPEN


def test_the_report_of_a_run(signed_in: SignedIn) -> None:
    article, entry = imported()
    client = signed_in("Importer")
    shown = client.get("/admin/articles/importrun/").content.decode()
    assert "topic.txt" in shown
    url = f"/admin/articles/importrun/{entry.run_id}/change/"
    report = client.get(url).content.decode()
    assert "Ivar Smilga" in report
    assert "1 article became public" in report
    assert '<span class="number">99</span>' in report
    assert "11–17" in report
    for query in ("?outcome=CREATE", "?outcome=nonsense", "?p=x", "?p=999"):
        assert client.get(url + query).status_code == 200
    listed = client.get(f"/admin/articles/article/?run={entry.run_id}&outcome=CREATE")
    assert article.headline in listed.content.decode()


#: Of a source, only the rights that it states are for writing.
READ_ONLY = (ImportRun, Operation, Source, SourceListing, Finding)


@pytest.mark.parametrize("model", READ_ONLY)
def test_records_are_for_reading(signed_in: SignedIn, model: Any) -> None:
    _article, entry = imported()
    Finding.objects.create(code="x", message="x", fingerprint="1")
    obj = model.objects.order_by("pk")[0]
    client = signed_in("superuser")
    name = f"admin:articles_{model._meta.model_name}"
    assert client.get(reverse(f"{name}_changelist")).status_code == 200
    assert client.get(reverse(f"{name}_change", args=[obj.pk])).status_code == 200
    before = model.objects.values().get(pk=obj.pk)
    for url in (reverse(f"{name}_add"), reverse(f"{name}_delete", args=[obj.pk])):
        assert client.post(url, {"post": "yes"}).status_code == 403
    changed = client.post(reverse(f"{name}_change", args=[obj.pk]), {"name": "Forged"})
    assert changed.status_code == (302 if model is Source else 403)
    assert model.objects.values().get(pk=obj.pk) == before
    client.post(
        reverse(f"{name}_changelist"),
        {"action": "delete_selected", "_selected_action": obj.pk, "post": "yes"},
    )
    assert model.objects.filter(pk=obj.pk).exists()
    assert SourceEntry.objects.filter(pk=entry.pk).exists()


def test_an_operation_shows_its_changes(signed_in: SignedIn) -> None:
    article = make_article("One", authors=["A One"])
    operation = Operation.objects.order_by("-id")[0]
    shown = signed_in("Auditor").get(f"/admin/articles/operation/{operation.pk}/change/")
    assert f"article {article.pk}" in shown.content.decode()
    assert "A One" in shown.content.decode()


def test_every_page_opens_for_a_superuser_and_none_for_strangers(signed_in: SignedIn) -> None:
    client, stranger = signed_in("superuser"), Client()
    for model, model_admin in admin.site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        url = reverse(f"{name}_changelist")
        # Of what there is one only, the list leads to its form.
        assert client.get(url, follow=True).status_code == 200
        assert stranger.get(url).status_code == 302
        if model_admin.has_add_permission(client.get(url).wsgi_request):
            assert client.get(reverse(f"{name}_add")).status_code == 200
