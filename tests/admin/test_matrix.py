"""The permission matrix: every address and every role; every act on an article in every state.

What is right stands in `matrix.toml`. A new address needs a line there, and someone who has thought
about who may ask it.
"""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from articles.writing.articles import delete_articles, save_article
from articles.writing.changes import ArticleChange, Credit, Place
from tests.admin import matrix
from tests.admin.matrix import ACTS, BLIND, CANARY, ROLES, STATES
from tests.admin.posting import form_of
from tests.factories import make_article, make_series

pytestmark = pytest.mark.slow

EXPECTED = matrix.read()


def asked() -> tuple[str, ...]:
    """Return the roles that are tried. Who may what is decided in Python: on a second database it
    is enough that what is refused, and all that is not, works there too."""
    few = ("anonymous", "Contributor", "Chief editor", "superuser")
    return ROLES if connection.vendor == "sqlite" else few


def rewound(data: dict[str, Any]) -> dict[str, Any]:
    """Return *data* with its files at their beginning, to be sent once more."""
    for value in data.values():
        if isinstance(value, SimpleUploadedFile):
            value.seek(0)
    return data


def test_every_address_has_a_line_and_every_line_an_address() -> None:
    found = set(matrix.routes())
    known = set(EXPECTED["routes"]) | set(EXPECTED["public"])
    assert found - known == set(), "who may ask these? Write it into tests/admin/matrix.toml"
    assert known - found == set(), "no such address any more"


def test_the_check_above_sees_a_new_address(monkeypatch: pytest.MonkeyPatch) -> None:
    one = next(iter(EXPECTED["routes"]))
    monkeypatch.delitem(EXPECTED["routes"], one)
    with pytest.raises(AssertionError, match="who may ask these"):
        test_every_address_has_a_line_and_every_line_an_address()


def test_no_address_answers_anybody_whom_it_should_not() -> None:
    clients, rows = matrix.accounts(), matrix.objects()
    before = matrix.state()
    wrong = []
    for route, expected in EXPECTED["routes"].items():
        url = matrix.address(route, rows)
        query = "?from=0" if route.endswith("/versions/") else ""
        data = matrix.posted(route, rows)
        for role in asked():
            client, place = clients[role], ROLES.index(role)

            def get(client: Any = client, url: str = url + query) -> Any:
                return client.get(url)

            def post(client: Any = client, url: str = url + query, data: Any = data) -> Any:
                return client.post(url, rewound(data))

            for method, ask in (("get", get), ("post", post)):
                letter, content = matrix.letter(client, ask, before)
                if letter != expected[method][place]:
                    wrong.append((method, route, role, expected[method][place], letter))
                if method == "get" and role in BLIND and CANARY.encode() in content:
                    wrong.append((method, route, role, "sees what is not theirs"))
    assert wrong == []


def test_no_page_of_a_contributor_tells_of_the_drafts_of_others() -> None:
    clients, rows = matrix.accounts(), matrix.objects()
    client, draft = clients["Contributor"], rows["articles/article"]
    serial = make_series("Tides", kind="serial")
    author, tag = rows["authors/author"], rows["articles/tag"]
    make_article("Seen by readers", series=[(serial, 1)], published_on="2020-01-01")
    linked = ArticleChange(
        article=draft, credits=[Credit(author.pk)], tags=[tag.pk], parts=[Place(serial.pk, 3)]
    )
    save_article(linked, actor=None)
    own = make_article("Own", status="draft", owner=client.user.pk)  # type: ignore[attr-defined]
    gone = make_article(f"{CANARY} deleted", status="draft")
    for original in (gone.pk, draft.pk):
        change = ArticleChange(article=own, fields={"translation_of": original})
        own = save_article(change, actor=None)
    delete_articles([gone.pk], actor=None)
    rows |= {"articles/article": own, "articles/series": serial}
    before = matrix.state()
    opened, wrong = set(), []
    for route in EXPECTED["routes"]:
        query = "?from=0" if route.endswith("/versions/") else ""
        url = matrix.address(route, rows) + query
        letter, content = matrix.letter(client, lambda: client.get(url), before)  # noqa: B023
        if letter == "2":
            opened.add(route)
        if CANARY.encode() in content:
            wrong.append(route)
    assert wrong == []
    form = "admin/articles/article/<path:object_id>/"
    assert {f"{form}change/", f"{form}history/", f"{form}versions/"} <= opened
    assert "admin/articles/series/<path:object_id>/change/" in opened
    # Somebody saved it meanwhile: both versions are laid side by side.
    late = client.post(f"/admin/{form[6:]}change/".replace("<path:object_id>", str(own.pk)),
                       form_of(own, version=1, translation_of="", headline="Late"))  # fmt: skip
    assert "Nothing is saved yet" in late.content.decode()
    assert CANARY not in late.content.decode()
    page = client.get(f"/admin/articles/series/{serial.pk}/change/").content.decode()
    assert "Seen by readers" in page
    assert "Tides" in page
    for kind in ("authors/author", "articles/tag", "articles/series"):
        listed = client.get(f"/admin/{kind}/").context["cl"].result_list
        assert {row.article_count for row in listed} == {0}, kind
        listed = clients["Editor"].get(f"/admin/{kind}/").context["cl"].result_list
        assert max(row.article_count for row in listed) > 0, kind


def test_readers_pages_take_no_orders_and_tell_no_secrets() -> None:
    clients, rows = matrix.accounts(), matrix.objects()
    before = matrix.state()
    article = rows["articles/article"]
    values = {
        "<str:key>": article.public_key.key, "<str:slug>": article.slug, "<yyyy:year>": "2020",
        "<mm:month>": "03", "<dd:day>": "01", "<str:token>": "x", "<str:name>": "x",
    }  # fmt: skip
    wrong = []
    for route in EXPECTED["public"]:
        url = "/" + route
        for name, value in values.items():
            url = url.replace(name, value)
        for role in ("anonymous", "reader", "Contributor", "superuser"):
            letter, content = matrix.letter(clients[role], lambda: clients[role].get(url), before)  # noqa: B023
            if letter not in "2>4" or CANARY.encode() in content:
                wrong.append((route, role, letter))
            letter, _content = matrix.letter(clients[role], lambda: clients[role].post(url), before)  # noqa: B023
            if letter != "5":
                wrong.append((route, role, "POST", letter))
    assert wrong == []


def test_every_act_has_a_line_for_each_state() -> None:
    assert {act: set(lines) for act, lines in EXPECTED["acts"].items()} == {
        act: set(STATES) for act in ACTS
    }


@pytest.mark.parametrize("state", STATES)
def test_nobody_reaches_a_state_that_their_role_may_not(state: str) -> None:
    clients = matrix.accounts()
    article = matrix.in_state(state, clients["Contributor"].user)  # type: ignore[attr-defined]
    before = matrix.state()
    found, expected = {}, {}
    for name, act in ACTS.items():
        found[name] = "".join(
            matrix.letter(client, lambda: act(client, article), before)[0]  # noqa: B023
            for client in (clients[role] for role in asked())
        )
        letters = dict(zip(ROLES, EXPECTED["acts"][name][state], strict=True))
        expected[name] = "".join(letters[role] for role in asked())
    assert found == expected
