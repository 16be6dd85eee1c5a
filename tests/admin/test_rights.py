"""Who may do what to articles: the groups of permissions.toml, by page, form and action."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group, Permission, User
from django.test import Client

from articles.choices import Status
from articles.models import Article, Operation
from articles.permissions import ensure_groups, read_groups
from tests.admin.posting import ADD, LIST, change_url, errors_of, form_of
from tests.factories import make_article, make_author, make_tag

SignedIn = Callable[..., Client]

EVERYONE = ("Contributor", "Editor", "Chief editor", "Importer", "Auditor", "staff")


def state() -> list[Any]:
    """Return everything that an action on articles could change."""
    return [
        list(Article.objects.order_by("pk").values()),
        Operation.objects.count(),
        list(User.objects.order_by("pk").values("pk", "is_superuser", "password")),
    ]


def choose(client: Client, action: str, *articles: Article, **more: Any) -> Any:
    data = {"action": action, "_selected_action": [article.pk for article in articles]}
    return client.post(LIST, data | more)


#: The rows of the table in docs/editing.md, and what each lets one do: see others' articles, see
#: the form of one, change a draft, change what is public, publish, delete a draft, add.
ROWS = {
    "see it in the list, its form and its history": "LV",
    "change it while it is a draft": "C",
    "change it when it is published": "P",
    "publish it, withdraw it": "U",
    "delete it, if it was never public": "D",
    "and enter a new one": "A",
}


def documented() -> dict[str, str]:
    """Return what each role may do, as the page for editors says."""
    page = (settings.BASE_DIR / "docs/editing.md").read_text(encoding="utf-8")
    table = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in page.split("With an article that belongs to somebody else")[1].splitlines()
        if line.startswith("|")
    ]
    roles, rows = table[0][1:], {row[0]: row[1:] for row in table[2:]}
    assert rows.keys() == ROWS.keys()
    return {
        role: "".join(ROWS[name] for name, cells in rows.items() if cells[place] == "yes")
        for place, role in enumerate(roles)
    }


MATRIX = {"superuser": "LVCPUAD", **documented(), "staff": ""}


@pytest.mark.parametrize("role", MATRIX)
def test_matrix_of_others_articles(signed_in: SignedIn, role: str) -> None:
    rights = MATRIX[role]
    client = signed_in(role)
    draft = make_article("Draft", status="draft")
    public = make_article("Public")

    listed = client.get(LIST)
    assert (listed.status_code == 200) == bool({"L", "A"} & set(rights))
    assert (b"Public" in listed.content) == ("L" in rights)
    for article in (draft, public):
        for page in ("change", "history"):
            response = client.get(f"{LIST}{article.pk}/{page}/")
            assert (response.status_code == 200) == ("V" in rights), page
            assert (article.headline.encode() in response.content) == ("V" in rights)

    for article, letter in ((draft, "C"), (public, "P")):
        before = state()
        client.post(change_url(article), form_of(article, kicker="Changed"))
        assert (state() != before) == (letter in rights), letter

    before = state()
    client.post(ADD, form_of(headline="Added"))
    assert (state() != before) == ("A" in rights)

    for article, action, more in (
        (draft, "publish", {}),
        (public, "withdraw", {"apply": "1", "reason": "a reason"}),
    ):
        article.refresh_from_db()
        before = state()
        choose(client, action, article, **more)
        assert (state() != before) == ("U" in rights), action

    other = make_article("Other draft", status="draft")
    before = state()
    choose(client, "delete", other, apply="1")
    client.post(f"{LIST}{other.pk}/delete/", {"post": "yes"})
    assert (state() != before) == ("D" in rights)


def test_a_contributor_has_own_drafts_and_nothing_else(signed_in: SignedIn) -> None:
    client = signed_in("Contributor")
    user = client.user  # type: ignore[attr-defined]
    assert client.post(ADD, form_of(headline="Own")).status_code == 302
    own = Article.objects.get()
    assert (own.owner, own.status) == (user, Status.DRAFT)
    assert client.post(change_url(own), form_of(own, status="in_review")).status_code == 302
    own.refresh_from_db()
    assert own.status == Status.IN_REVIEW
    before = state()
    assert client.post(f"{LIST}{own.pk}/delete/", {"post": "yes"}).status_code == 403
    choose(client, "delete", own, apply="1")
    assert state() == before


@pytest.mark.parametrize("status", ["published", "withdrawn", "nonsense"])
def test_a_contributor_reaches_no_other_state(signed_in: SignedIn, status: str) -> None:
    client = signed_in("Contributor")
    own = make_article("Own", status="draft", owner=client.user.pk)  # type: ignore[attr-defined]
    before = state()
    forged = form_of(
        own, status=status, visible_from_0="2020-01-01", visible_from_1="00:00:00",
        withdrawn_reason="x", _save="Save",
    )  # fmt: skip
    client.post(change_url(own), forged)
    client.post(ADD, forged | {"published_on": "2020-01-01"})
    choose(client, "publish", own)
    choose(client, "withdraw", own, apply="1", reason="x")
    client.post(LIST, {"action": "publish", "select_across": "1", "_selected_action": own.pk})
    assert state() == before


def test_fields_that_a_contributor_has_not_are_ignored(signed_in: SignedIn) -> None:
    client = signed_in("Contributor")
    user = client.user  # type: ignore[attr-defined]
    other = User.objects.create_user("other")
    own = make_article("Own", status="draft", owner=user.pk)
    forged = form_of(
        own, kicker="New", owner=other.pk, visible_from_0="2020-01-01",
        visible_from_1="00:00:00", correction_note="x", id=999, sort_key=1,
        first_public_at_0="2020-01-01", credit="x",
    )  # fmt: skip
    response = client.post(change_url(own), forged)
    assert response.status_code == 302, errors_of(response)
    own.refresh_from_db()
    assert (own.kicker, own.owner, own.correction_note) == ("New", user, "")
    assert own.first_public_at is None


def test_what_was_published_is_out_of_a_contributors_hands(signed_in: SignedIn) -> None:
    client = signed_in("Contributor")
    own = make_article("Own", owner=client.user.pk)  # type: ignore[attr-defined]
    before = state()
    assert client.get(change_url(own)).status_code == 200
    assert client.post(change_url(own), form_of(own, headline="X")).status_code == 403
    assert state() == before


def test_others_drafts_leak_through_no_field(signed_in: SignedIn) -> None:
    client = signed_in("Contributor")
    secret = make_article("Canary7f3a", status="draft")
    own = make_article("Own", status="draft", owner=client.user.pk)  # type: ignore[attr-defined]
    response = client.post(change_url(own), form_of(own, translation_of=secret.pk))
    assert response.status_code == 200
    assert b"Canary7f3a" not in response.content
    for query in ({"q": "Canary7f3"}, {"author": 1}, {}):
        assert b"Canary7f3a" not in client.get(LIST, query).content


def test_autocomplete_shows_what_the_role_may_see(signed_in: SignedIn) -> None:
    make_author("Canary Author")
    make_tag("Canary Tag")
    make_article("Canary Article", status="draft")
    User.objects.create_user("canary-user")
    triples = {
        ("articles", "contribution", "author"): set(EVERYONE) - {"staff"},
        ("articles", "taggedarticle", "tag"): set(EVERYONE) - {"staff"},
        ("articles", "article", "translation_of"): {
            "Editor", "Chief editor", "Importer", "Auditor",
        },
        ("articles", "article", "owner"): {"Chief editor", "Auditor"},
        ("articles", "finding", "article"): {"Editor", "Chief editor", "Importer", "Auditor"},
        ("articles", "article", "nonsense"): set(),
        ("auth", "user", "groups"): set(),
        ("x", "y", "z"): set(),
    }  # fmt: skip
    for role in EVERYONE:
        client = signed_in(role)
        for (app, model, field), allowed in triples.items():
            query = {"app_label": app, "model_name": model, "field_name": field, "term": "canary"}
            response = client.get("/admin/autocomplete/", query)
            seen = b"anary" in response.content.replace(b"term=canary", b"")
            assert seen == (role in allowed), (role, app, model, field)


def test_a_role_with_change_but_not_publish_leaves_readers_pages_alone(
    signed_in: SignedIn, account: Callable[..., User]
) -> None:
    user = account("staff", "deskhand")
    user.user_permissions.add(
        *Permission.objects.filter(codename__in=["change_article", "view_article"])
    )
    client = signed_in(user=user)
    public, draft = make_article("Public"), make_article("Draft", status="draft")
    before = state()
    client.post(change_url(public), form_of(public, kicker="X"))
    client.post(change_url(draft), form_of(draft, status="published"))
    assert state() == before
    assert client.post(change_url(draft), form_of(draft, kicker="X")).status_code == 302


def test_groups_are_made_sure_of_and_additions_stay() -> None:
    extra = Permission.objects.get(codename="delete_author")
    editors = Group.objects.get(name="Editor")
    editors.permissions.add(extra)
    editors.permissions.remove(Permission.objects.get(codename="publish_article"))
    Group.objects.get(name="Auditor").delete()
    for _time in range(2):
        ensure_groups(apps.get_app_config("articles"), using="default")
        assert set(Group.objects.values_list("name", flat=True)) == set(read_groups())
        codes = set(editors.permissions.values_list("codename", flat=True))
        assert {"delete_author", "publish_article"} <= codes


def test_an_auditor_can_change_nothing() -> None:
    for _app, codename in read_groups()["Auditor"]:
        assert codename.startswith("view_")
