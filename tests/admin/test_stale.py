"""No save, and no deletion, undoes what somebody else saved since the page was opened."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from PIL import Image

from articles.models import Article, Attachment, FieldChange, SitePage
from articles.writing.articles import save_article
from articles.writing.attachments import attach, describe
from articles.writing.changes import ArticleChange
from articles.writing.names import save_named
from articles.writing.site import save_site
from tests.admin.posting import LIST, delete
from tests.factories import make_article, make_author, make_series, make_tag

SignedIn = Callable[..., Client]


def fields_of(response: Any) -> dict[str, Any]:
    """Return what a browser would send of the form that is shown."""
    form = response.context["adminform"].form
    data = {}
    for field in form:
        value = field.value()
        if value is True:
            value = "on"
        if isinstance(value, list):
            value = [getattr(one, "pk", one) for one in value]
        if value not in (None, False):
            data[field.html_name] = value
    return data


def changed_article(row: Any) -> None:
    save_article(ArticleChange(article=row, fields={"standfirst": "Hours of work"}), actor=None)


def changed_name(row: Any) -> None:
    stored = type(row)._default_manager.get(pk=row.pk)
    save_named(stored, aliases=["Another spelling"], actor=None)


def changed_page(row: Any) -> None:
    save_site(row, {"title": "Hours of work"}, actor=None)


def changed_account(row: Any) -> None:
    row.groups.add(Group.objects.get(name="Auditor"))


def changed_group(row: Any) -> None:
    Group.objects.filter(pk=row.pk).update(name="Another")


KINDS: dict[str, tuple[Callable[[], Any], Callable[[Any], None]]] = {
    "articles/article": (lambda: make_article("Draft", status="draft"), changed_article),
    "articles/series": (make_series, changed_name),
    "articles/tag": (make_tag, changed_name),
    "authors/author": (make_author, changed_name),
    "articles/sitepage": (
        lambda: save_site(SitePage(), {"title": "Imprint"}, actor=None),
        changed_page,
    ),
    "auth/user": (lambda: User.objects.create_user("gone", is_staff=True), changed_account),
    "auth/group": (lambda: Group.objects.create(name="Own"), changed_group),
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_somebody_saved_since_is_not_deleted(signed_in: SignedIn, kind: str) -> None:
    make, change = KINDS[kind]
    row = make()
    client = signed_in("superuser")
    url = f"/admin/{kind}/{row.pk}/delete/"
    seen = client.get(url).context["seen"]
    assert seen
    change(row)
    for stale in (seen, ""):
        answer = client.post(url, {"post": "yes", "seen": stale}, follow=True)
        assert "Nothing was deleted." in answer.content.decode()
        assert answer.request["PATH_INFO"] == url
        assert type(row)._default_manager.filter(pk=row.pk).exists()
    delete(client, url)
    assert not type(row)._default_manager.filter(pk=row.pk).exists()


def test_who_saved_it_is_said_before_it_is_deleted(signed_in: SignedIn, account: Any) -> None:
    article = make_article("Draft", status="draft")
    client = signed_in("Chief editor")
    url = f"{LIST}{article.pk}/delete/"
    seen = client.get(url).context["seen"]
    change = ArticleChange(article=article, fields={"standfirst": "Hours of work"})
    save_article(change, actor=account("Editor", "nina"))
    said = client.post(url, {"post": "yes", "seen": seen}, follow=True).content.decode()
    assert "nina saved this at" in said
    assert "standfirst" in said


def test_a_whole_filter_is_deleted_as_it_was_shown(signed_in: SignedIn) -> None:
    article = make_article("Draft", status="draft")
    client = signed_in("Chief editor")
    data = {"action": "delete", "_selected_action": [article.pk], "select_across": "1"}
    asked = client.post(f"{LIST}?status=draft", data)
    data["digest"] = asked.context["digest"]
    changed_article(article)
    answer = client.post(f"{LIST}?status=draft", data | {"apply": "1"}, follow=True)
    assert "Nothing was deleted." in answer.content.decode()
    assert Article.objects.filter(pk=article.pk).exists()
    data["digest"] = client.post(f"{LIST}?status=draft", data).context["digest"]
    client.post(f"{LIST}?status=draft", data | {"apply": "1"})
    assert not Article.objects.filter(pk=article.pk).exists()


def test_a_role_that_somebody_gave_meanwhile_is_not_taken_again(
    signed_in: SignedIn, account: Any
) -> None:
    manager = signed_in(user=account("staff", "manager"))
    manager.user.groups.add(Group.objects.get(name="User manager"))  # type: ignore[attr-defined]
    client, other = signed_in("superuser"), account("Contributor", "other")
    url = f"/admin/auth/user/{other.pk}/change/"
    first, second = fields_of(manager.get(url)), fields_of(client.get(url))
    first["groups"] = [Group.objects.get(name="Editor").pk]
    assert manager.post(url, first).status_code == 302
    second["first_name"] = "Ann"
    answer = client.post(url, second)
    said = answer.content.decode()
    assert answer.status_code == 200
    assert "manager saved this at" in said
    assert "Stored now: Editor" in said
    assert 'value="Ann"' in said
    other.refresh_from_db()
    assert (other.first_name, [group.name for group in other.groups.all()]) == ("", ["Editor"])
    # What is saved next was looked at.
    again = fields_of(answer) | {"groups": first["groups"]}
    assert client.post(url, again).status_code == 302
    other.refresh_from_db()
    assert (other.first_name, [group.name for group in other.groups.all()]) == ("Ann", ["Editor"])


@pytest.mark.parametrize("mark", ["", "0" * 64])
def test_an_account_is_not_saved_from_a_form_of_no_state(
    signed_in: SignedIn, account: Any, mark: str
) -> None:
    client, other = signed_in("superuser"), account("Contributor", "other")
    url = f"/admin/auth/user/{other.pk}/change/"
    data = fields_of(client.get(url)) | {"first_name": "Ann", "mark": mark}
    assert client.post(url, data).status_code == 200
    assert not User.objects.filter(first_name="Ann").exists()


def test_a_group_is_not_saved_over_another_save(signed_in: SignedIn) -> None:
    client, group = signed_in("superuser"), Group.objects.create(name="Own")
    url = f"/admin/auth/group/{group.pk}/change/"
    stale = fields_of(client.get(url))
    assert client.post(url, stale | {"name": "Theirs"}).status_code == 302
    answer = client.post(url, stale | {"name": "Mine"})
    assert "Stored now: Theirs" in answer.content.decode()
    assert Group.objects.get(pk=group.pk).name == "Theirs"
    assert FieldChange.objects.filter(subject_type="group", subject_id=group.pk).count() == 1


def test_a_mark_stands_once_in_each_form(signed_in: SignedIn, account: Any) -> None:
    client = signed_in("superuser")
    group = Group.objects.get(name="Editor")
    for url in (
        f"/admin/auth/user/{account('Contributor', 'other').pk}/change/",
        f"/admin/auth/group/{group.pk}/change/",
        "/admin/auth/group/add/",
    ):
        assert client.get(url).content.decode().count('name="mark"') == 1, url


def test_whether_words_are_kept_is_said_by_the_browser_alone(client: Client) -> None:
    note = '<p class="kept-note" hidden>If you were writing: what you typed is kept'
    strict = Client(enforce_csrf_checks=True)
    for answer in (
        client.get("/admin/login/", {"next": f"{LIST}add/"}),
        strict.post("/admin/login/", {"username": "a", "password": "b"}),
    ):
        said = answer.content.decode()
        assert note in said
        assert "admin-kept-note" in said


def test_what_is_brought_back_is_no_error(signed_in: SignedIn) -> None:
    tag, client = make_tag("Fog"), signed_in("Editor")
    url = f"/admin/articles/tag/{tag.pk}/change/"
    data = fields_of(client.get(url)) | {"description": "Typed", "_kept": "1"}
    said = client.post(url, data).content.decode()
    assert said.count("This is what you typed before. Nothing of it is saved yet.") == 1
    assert "Please correct" not in said
    assert "Typed</textarea>" in said
    # Nor is what is wrong with it, until somebody tries to save it.
    wrong = data | {"name": "", "aliases": "x" * 9000}
    said = client.post(url, wrong).content.decode()
    assert said.count("This is what you typed before.") == 1
    assert "Please correct" not in said
    assert "errorlist" not in said
    del wrong["_kept"]
    assert "Please correct" in client.post(url, wrong).content.decode()
    tag.refresh_from_db()
    assert (tag.name, tag.description) == ("Fog", "")


def test_a_mark_tells_nothing_of_an_account(signed_in: SignedIn, account: Any) -> None:
    one, two = account("Contributor", "one"), account("Contributor", "two")
    client = signed_in("superuser")
    marks = {fields_of(client.get(f"/admin/auth/user/{row.pk}/change/"))["mark"]
             for row in (one, two)}  # fmt: skip
    assert len(marks) == 2
    assert {len(mark) for mark in marks} == {64}


# Files


@pytest.fixture
def file(tmp_path: Any, settings: Any) -> Attachment:
    settings.MEDIA_ROOT = tmp_path / "media"
    out = io.BytesIO()
    Image.new("L", (4, 3), 200).save(out, "PNG")
    row = attach(make_article("Fog"), out.getvalue(), title="Page 3", actor=None)
    assert row is not None
    return row


def form_of_file(client: Client, file: Attachment) -> dict[str, Any]:
    (row,) = client.get(f"{LIST}{file.article_id}/files/").context["rows"]
    return {field.html_name: field.value() or "" for field in row["form"]}


def test_what_is_said_of_a_file_is_not_saved_over_another_save(
    signed_in: SignedIn, file: Attachment
) -> None:
    client, url = signed_in("Editor"), f"{LIST}{file.article_id}/files/"
    stale = form_of_file(client, file) | {f"{file.pk}-position": "0"}
    describe(file.pk, {"title": "Theirs"}, actor=None)
    mine = stale | {f"{file.pk}-title": "Mine", f"save-{file.pk}": "yes"}
    answer = client.post(url, mine)
    said = answer.content.decode()
    assert "Somebody changed it since" in said
    assert 'Title <q dir="auto">Theirs</q>' in said
    assert 'value="Mine"' in said
    file.refresh_from_db()
    assert file.title == "Theirs"
    (row,) = answer.context["rows"]
    mine[f"{file.pk}-mark"] = row["form"]["mark"].value()
    client.post(url, mine)
    file.refresh_from_db()
    assert file.title == "Mine"


def test_a_file_that_was_described_meanwhile_is_not_taken_off(
    signed_in: SignedIn, file: Attachment
) -> None:
    client, url = signed_in("Editor"), f"{LIST}{file.article_id}/files/"
    stale = form_of_file(client, file) | {f"remove-{file.pk}": "yes"}
    describe(file.pk, {"title": "Theirs"}, actor=None)
    assert "was not changed" in client.post(url, stale).content.decode()
    assert Attachment.objects.get().title == "Theirs"
    client.post(url, form_of_file(client, file) | {f"remove-{file.pk}": "yes"})
    assert not Attachment.objects.exists()


def test_a_file_that_is_gone_is_said_to_be(signed_in: SignedIn, file: Attachment) -> None:
    client, url = signed_in("Editor"), f"{LIST}{file.article_id}/files/"
    stale = form_of_file(client, file) | {f"save-{file.pk}": "yes"}
    Attachment.objects.all().delete()
    answer = client.post(url, stale, follow=True)
    assert "The file was taken off meanwhile." in answer.content.decode()


def test_a_draft_to_which_a_file_was_attached_meanwhile_is_not_deleted(
    signed_in: SignedIn, file: Attachment
) -> None:
    article = make_article("Draft", status="draft")
    client, url = signed_in("Chief editor"), f"{LIST}{article.pk}/delete/"
    seen = client.get(url).context["seen"]
    chosen = {"action": "delete", "_selected_action": article.pk}
    chosen["digest"] = client.post(LIST, chosen).context["digest"]
    Attachment.objects.filter(pk=file.pk).update(article=article)
    for answer in (
        client.post(url, {"post": "yes", "seen": seen}, follow=True),
        client.post(LIST, chosen | {"apply": "1"}, follow=True),
    ):
        assert "Nothing was deleted." in answer.content.decode()
    assert Article.objects.filter(pk=article.pk).exists()
