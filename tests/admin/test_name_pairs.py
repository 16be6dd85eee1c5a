"""Two spellings of one name that are entered by hand: said at once, kept in the queue, merged."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.choices import FindingState
from articles.models import Finding
from tests.admin.posting import LIST
from tests.admin.test_other_pages import KINDS
from tests.factories import make_article, make_author

SignedIn = Callable[..., Client]

QUEUE = "/admin/articles/finding/"
#: Of each list, two spellings of one thing, and what makes one in the form of an article.
TWINS = {
    "authors/author": ("Mira Oldcastle", "Myra Oldcastle", "author", "person"),
    "articles/tag": ("Trade unions", "Trade-Union", "tag", "topic"),
    "articles/series": ("The long road", "The long roads", "series", "serial"),
}
every_kind = pytest.mark.parametrize("where", TWINS)


def add(client: Client, where: str, name: str, **fields: Any) -> str:
    """Send the form of a new row; return the page that follows."""
    _model, title, _make, blank = KINDS[where]
    response = client.post(f"/admin/{where}/add/", blank | {title: name} | fields, follow=True)
    assert response.redirect_chain
    return response.content.decode()


def rename(client: Client, where: str, row: Any, **fields: Any) -> str:
    _model, title, _make, blank = KINDS[where]
    data = blank | {title: str(row), "kind": row.kind, "slug": row.slug, "version": row.version}
    response = client.post(f"/admin/{where}/{row.pk}/change/", data | fields, follow=True)
    assert response.redirect_chain
    return response.content.decode()


WARNING = "This may be the same in another spelling, and waits in the queue:"


@every_kind
def test_a_second_spelling_is_said_on_saving_and_waits(signed_in: SignedIn, where: str) -> None:
    model, title, _make, _blank = KINDS[where]
    one, other, _subject, _kind = TWINS[where]
    client = signed_in("Editor")
    assert WARNING not in add(client, where, one)
    assert not Finding.objects.exists()
    page = add(client, where, other)
    row = Finding.objects.get()
    said = f'{WARNING} <a href="{QUEUE}{row.pk}/change/">“{other}” may be “{one}”.</a>'
    assert said in page
    assert row.state == FindingState.OPEN
    # Saving something else of it does not ask again.
    second = model.objects.get(**{title: other})
    assert WARNING not in rename(client, where, second, aliases="A further spelling")
    second.refresh_from_db()
    assert WARNING not in rename(client, where, second, **{title: "Quite another matter"})
    row.refresh_from_db()
    assert row.state == FindingState.RESOLVED
    second.refresh_from_db()
    assert said in rename(client, where, second, **{title: other})


@every_kind
def test_one_made_in_the_form_of_an_article_waits_too(signed_in: SignedIn, where: str) -> None:
    _model, _title, make, _blank = KINDS[where]
    one, other, subject, kind = TWINS[where]
    row = make(one)
    data = {"name": other, "kind": kind, "seen": str(row.pk)}
    assert "id" in signed_in("Editor").post(f"{LIST}new/{subject}/", data).json()
    found = Finding.objects.get()
    assert (found.code, found.message) == (f"{subject}-spelling", f"“{other}” may be “{one}”.")


@every_kind
def test_the_page_shows_both_and_merges_them_either_way(signed_in: SignedIn, where: str) -> None:
    model, title, make, _blank = KINDS[where]
    one, other, _subject, _kind = TWINS[where]
    client, first = signed_in("Editor"), make(one)
    add(client, where, other)
    row, second = Finding.objects.get(), model.objects.get(**{title: other})
    url = f"{QUEUE}{row.pk}/"
    response = client.get(f"{url}change/")
    page = response.content.decode()
    assert f"“{other}” is merged into “{one}”." in page
    assert f'<h3 dir="auto">{one}</h3>' in page
    assert f'<h3 dir="auto">{other}</h3>' in page
    # The other way round it is chosen on the page that merges any.
    assert f'<form method="post" action="/admin/{where}/">' in page
    chosen = {"action": "merge", "_selected_action": [first.pk, second.pk]}
    assert client.post(f"/admin/{where}/", chosen).templates[0].name == "admin/names/choose.html"
    shown = {"shown": response.context["proposal"].token, f"was-{row.pk}": "open"}
    client.post(f"{url}confirm/", shown)
    assert model.objects.get() == first
    row.refresh_from_db()
    assert (row.state, row.settled_by) == (FindingState.RESOLVED, client.user)  # type: ignore[attr-defined]


@every_kind
def test_a_merge_by_hand_ends_it(signed_in: SignedIn, where: str) -> None:
    model, title, make, _blank = KINDS[where]
    one, other, _subject, _kind = TWINS[where]
    client, first = signed_in("Editor"), make(one)
    add(client, where, other)
    second = model.objects.get(**{title: other})
    client.post(
        f"/admin/{where}/",
        {
            "action": "merge", "_selected_action": [first.pk, second.pk], "survivor": second.pk,
            f"version-{first.pk}": first.version, f"version-{second.pk}": second.version,
            "apply": "1",
        },
    )  # fmt: skip
    assert model.objects.get() == second
    assert Finding.objects.get().state == FindingState.RESOLVED


def test_no_problem_is_not_said_again(signed_in: SignedIn) -> None:
    client, where = signed_in("Editor"), "authors/author"
    first = make_author("Mira Oldcastle")
    add(client, where, "Myra Oldcastle")
    row = Finding.objects.get()
    answer = {"state": "dismissed", f"was-{row.pk}": "open"}
    client.post(f"{QUEUE}{row.pk}/settle/", answer)
    first.refresh_from_db()
    assert WARNING not in rename(client, where, first, name="Mira Oldcastel")
    assert Finding.objects.get().state == FindingState.DISMISSED


def test_kinds_are_never_mixed(signed_in: SignedIn) -> None:
    make_author("Mira Oldcastle")
    page = add(signed_in("Editor"), "authors/author", "Myra Oldcastle", kind="organisation")
    assert WARNING not in page
    assert not Finding.objects.exists()


def test_who_has_no_queue_is_not_led_there(signed_in: SignedIn, account: Any) -> None:
    make_author("Mira Oldcastle")
    user = account("staff")
    for name in ("add_author", "view_author", "change_author"):
        user.user_permissions.add(Permission.objects.get(codename=name))
    assert WARNING not in add(signed_in(user=user), "authors/author", "Myra Oldcastle")
    assert Finding.objects.get().state == FindingState.OPEN


@every_kind
def test_saving_asks_the_same_number_of_queries_beside_any_number_of_names(
    signed_in: SignedIn, where: str
) -> None:
    _model, _title, make, _blank = KINDS[where]
    one, other, _subject, _kind = TWINS[where]
    client = signed_in("Editor")
    make_article()
    counts = []
    for number, mark in ((0, "?"), (1, "."), (60, "!")):
        for place in range(number):
            # A tag is there once.
            make(f"{one}{mark * (place + 1)}" if "tag" in where else one)
        name = f"{other}{mark}" if "tag" in where else other
        before = Finding.objects.count()
        with CaptureQueriesContext(connection) as queries:
            client.post(f"/admin/{where}/add/", KINDS[where][3] | {KINDS[where][1]: name})
        assert Finding.objects.count() - before >= number
        counts.append(len(queries))
    assert counts[1] == counts[2] <= counts[0] + 11


def test_articles_stand_beside_each_name(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    make_article("On salt", authors=[make_author("Mira Oldcastle")])
    add(client, "authors/author", "Myra Oldcastle")
    page = client.get(f"{QUEUE}{Finding.objects.get().pk}/change/").content.decode()
    assert "On salt" in page


def test_of_several_some_are_named(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    for _ in range(5):
        make_author("Mira Oldcastle")
    page = add(client, "authors/author", "Myra Oldcastle")
    assert page.count("“Myra Oldcastle” may be “Mira Oldcastle”.</a>") == 3
    assert Finding.objects.filter(state=FindingState.OPEN).count() == 5
