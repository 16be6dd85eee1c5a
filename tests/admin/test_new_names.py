"""Creating an author, a tag or a series where one is missing, with a look at what is alike."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from articles.choices import OperationKind
from articles.models import FieldChange, Operation, Series, Tag
from authors.models import Author
from tests.admin.posting import ADD, LIST, change_url
from tests.factories import make_article, make_author, make_series, make_tag

SignedIn = Callable[..., Client]


KINDS = {"author": "person", "tag": "topic", "series": "serial"}


def offer(client: Client, kind: str, name: str) -> Any:
    response = client.get(f"{LIST}new/{kind}/", {"name": name})
    assert response.status_code == 200
    return response.json()


def make(client: Client, kind: str, name: str, /, **more: Any) -> Any:
    data = {"name": name, "kind": KINDS[kind], "seen": ""} | more
    return client.post(f"{LIST}new/{kind}/", data).json()


@pytest.mark.parametrize(
    ("kind", "name", "there"),
    [
        ("author", "Klara Weiss", "Clara Weiss"),
        ("author", "C. Weiss", "Clara Weiss"),
        ("author", "Clara  WEISS", "Clara Weiss"),
        ("author", "Clara Maria Weiss", "Clara Weiss"),
        ("author", "Clara Weis", "Clara Weiss"),
        ("tag", "Trade union", "Trade unions"),
        ("tag", "trade-unions", "Trade unions"),
        ("series", "The long roads", "The long road"),
    ],
)
def test_what_is_alike_is_shown_and_nothing_made(
    signed_in: SignedIn, kind: str, name: str, there: str
) -> None:
    made = {"author": make_author, "tag": make_tag, "series": make_series}[kind](there)
    count = Operation.objects.count()
    found = offer(signed_in("Editor"), kind, name)
    assert [row["text"] for row in found["near"]] == [there]
    assert found["near"][0]["id"] == made.pk
    assert Operation.objects.count() == count


@pytest.mark.parametrize(
    ("kind", "name", "there"),
    [
        ("author", "Anna Berg", "Clara Weiss"),
        ("author", "Carl Weiss", "Clara Weiss"),
        ("tag", "World War II", "World War I"),
        ("series", "Week 2 of the strike", "Week 1 of the strike"),
    ],
)
def test_what_is_not_alike_is_not(signed_in: SignedIn, kind: str, name: str, there: str) -> None:
    {"author": make_author, "tag": make_tag, "series": make_series}[kind](there)
    assert offer(signed_in("Editor"), kind, name)["near"] == []


def test_an_alias_is_enough(signed_in: SignedIn) -> None:
    author = make_author("Clara Weiss", aliases=["Kassandra"])
    make_article(authors=[author])
    client = signed_in("Editor")
    found = offer(client, "author", "kassandra")
    assert found["near"] == [{"id": author.pk, "text": "Clara Weiss", "note": "person · 1 article"}]


def test_kinds_are_never_mixed(signed_in: SignedIn) -> None:
    body = make_author("Harbour Committees", kind="organisation")
    client = signed_in("Editor")
    assert offer(client, "author", "Harbour Committee")["kind"] == "organisation"
    near = offer(client, "author", "Harbour Committee")["near"]
    assert [row["id"] for row in near] == [body.pk]
    # As a person it is like none; but a name that leads to a row is shown, whatever the row is.
    assert "id" in make(client, "author", "Harbour Committee")
    assert Author.objects.get(name="Harbour Committee").kind == "person"
    found = make(client, "author", "Harbour Committees")
    assert found["near"][0]["note"] == "organisation · 0 articles"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Anna Berg", "person"),
        ("Editorial Board", "collective"),
        ("Harbour Institute", "organisation"),
    ],
)
def test_bodies_are_not_taken_for_persons(signed_in: SignedIn, name: str, kind: str) -> None:
    assert offer(signed_in("Editor"), "author", name)["kind"] == kind


def test_it_is_made_by_the_writer(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    made = make(client, "author", "Anna  Berg")
    author = Author.objects.get()
    assert made == {"id": author.pk, "text": "Anna Berg"}
    assert (author.sort_name, author.slug) == ("Berg, Anna", "anna-berg")
    operation = Operation.objects.order_by("-id")[0]
    assert (operation.kind, operation.actor) == (OperationKind.EDIT, client.user)  # type: ignore[attr-defined]
    changes = FieldChange.objects.filter(operation=operation, subject_type="author")
    assert changes.get(field="name").new == "Anna Berg"
    assert make(client, "tag", "Docks", kind="place")["text"] == "Docks"
    assert Tag.objects.get().kind == "place"
    assert make(client, "series", "Letters", kind="column")["text"] == "Letters"
    assert Series.objects.get().kind == "column"


def test_what_was_not_seen_is_shown_first(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    author = make_author("Clara Weiss")
    found = make(client, "author", "Klara Weiss")
    assert [row["id"] for row in found["near"]] == [author.pk]
    assert Author.objects.count() == 1
    assert "id" in make(client, "author", "Klara Weiss", seen=str(author.pk))
    # Two people may share a name.
    seen = ",".join(map(str, Author.objects.values_list("pk", flat=True)))
    assert "id" in make(client, "author", "Clara Weiss", seen=seen)
    assert Author.objects.count() == 3


def test_a_tag_is_there_once(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    tag = make_tag("Île")
    found = make(client, "tag", "île", seen=str(tag.pk))
    assert (found["is_taken"], [row["id"] for row in found["near"]]) == (True, [tag.pk])
    assert Tag.objects.count() == 1


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"name": ""}, 400), ({"name": " \x00 "}, 400), ({"name": "x" * 290}, 400),
        ({"name": "A", "kind": "planet"}, 400), ({"name": "A", "kind": ""}, 400),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(signed_in: SignedIn, data: dict[str, str], status: int) -> None:
    client = signed_in("Editor")
    response = client.post(f"{LIST}new/author/", {"kind": "person", **data})
    assert (response.status_code, bool(response.json()["error"])) == (status, True)
    assert not Author.objects.exists()
    assert client.get(f"{LIST}new/article/", {"name": "A"}).status_code == 404
    assert client.put(f"{LIST}new/author/").status_code == 405


def test_only_who_may_add_one(signed_in: SignedIn, account: Callable[..., User]) -> None:
    for role in ("Importer", "Auditor", "staff"):
        client = signed_in(role)
        assert client.get(f"{LIST}new/author/", {"name": "A"}).status_code == 403
        assert client.post(f"{LIST}new/author/", {"name": "A", "kind": "person"}).status_code == 403
    user = account("staff", "typist")
    user.user_permissions.add(Permission.objects.get(codename="add_article"))
    client = signed_in(user=user)
    assert client.get(f"{LIST}new/tag/", {"name": "A"}).status_code == 403
    assert b"data-create" not in client.get(ADD).content
    user.user_permissions.add(
        Permission.objects.get(codename="add_tag", content_type__app_label="articles")
    )
    page = signed_in(user=user).get(ADD).content
    assert page.count(b"data-create") == 1
    assert not Author.objects.exists()


def test_the_form_offers_it_and_keeps_the_stock_link(signed_in: SignedIn) -> None:
    page = signed_in("Editor").get(change_url(make_article())).content.decode()
    for kind in ("author", "tag", "series"):
        assert f'data-create="{LIST}new/{kind}/"' in page
    assert 'id="add_id_tags"' in page
    assert 'id="add_id_contributions-0-author"' in page


@pytest.mark.parametrize("number", [1, 60])
def test_looking_asks_the_same_number_of_queries(
    signed_in: SignedIn, number: int, django_assert_num_queries: Any
) -> None:
    for place in range(number):
        make_author(f"Clara Weis{'s' * (place % 3)}")
    client = signed_in("Editor")
    # Session, account and permissions (4); spellings, likes, rows and their counts.
    with django_assert_num_queries(8):
        client.get(f"{LIST}new/author/", {"name": "Clara Weiss"})
