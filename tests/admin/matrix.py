"""Asking every address of the site as every role, and saying what came of it in one letter each."""

import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver
from django.urls.resolvers import URLResolver
from django_otp.plugins.otp_totp.models import TOTPDevice

from articles import clock
from articles.models import (
    Article,
    BulkWork,
    FieldChange,
    Finding,
    HomePage,
    Operation,
    Redaction,
    SavedView,
    Series,
    Sheet,
    SiteLink,
    SitePage,
    Tag,
    Upload,
)
from articles.writing import accounts as accounts_of
from articles.writing.articles import save_article
from articles.writing.bulk_changes import Act, begin_work
from articles.writing.changes import ArticleChange
from articles.writing.site import save_site
from authors.models import Author
from tests.admin.posting import form_of
from tests.admin.posting import rows as rows_of_form
from tests.admin.test_article_pages import imported
from tests.admin.test_uploads import planned
from tests.drawing import drawn
from tests.factories import make_article, make_author, make_series, make_tag

DATA = Path(__file__).with_name("matrix.toml")
#: In the order of the letters in the file. "closed" is a deactivated account, "reader" one without
#: staff status, "staff" one in no group, "demoted" one that was an editor when it signed in.
ROLES = (
    "anonymous", "closed", "reader", "staff", "demoted", "Contributor", "Editor", "Chief editor",
    "Importer", "Auditor", "User manager", "superuser",
)  # fmt: skip
#: Roles that may see no article of others.
BLIND = (*ROLES[:6], "User manager")
#: In the headline of what they may not see.
CANARY = "Canary7f3a"
_STATUSES = {200: "2", 403: "-", 404: "4", 405: "5"}
_WRITES = ("INSERT", "UPDATE", "DELETE")


def read() -> dict[str, Any]:
    """Return the data file."""
    with DATA.open("rb") as file:
        return tomllib.load(file)


def routes(resolver: Any = None, before: str = "") -> Iterator[str]:
    """Yield the route of every address that the site answers, as its patterns spell it."""
    for one in (resolver or get_resolver()).url_patterns:
        route = before + str(one.pattern)
        if "<app_label>" in route:
            # A choice of applications, in whatever order they are registered.
            route = before + "<app_label>/"
        route = route.replace("(?P<url>.*)$", "nowhere")
        if isinstance(one, URLResolver):
            yield from routes(one, route)
        else:
            yield route


def accounts() -> dict[str, Client]:
    """Return a signed-in session for each role."""
    clients = {}
    for role in ROLES:
        client = Client(raise_request_exception=True)
        if role != "anonymous":
            user = User.objects.create_user(
                role.lower().replace(" ", "-"),
                is_staff=role not in {"reader", "closed"},
                is_superuser=role == "superuser",
            )
            if group := Group.objects.filter(name=role).first():
                user.groups.add(group)
            client.force_login(user)
            if role == "closed":
                user.groups.add(Group.objects.get(name="Editor"))
                User.objects.filter(pk=user.pk).update(is_active=False, is_staff=True)
            if role == "demoted":
                user.groups.add(Group.objects.get(name="Editor"))
                assert client.get("/admin/articles/article/").status_code == 200
                user.groups.clear()
            client.user = user  # type: ignore[attr-defined]
        clients[role] = client
    return clients


def objects() -> dict[str, Any]:
    """Return one row of every kind that an address names."""
    _article, entry = imported()
    draft = make_article(f"{CANARY} draft", status="draft")
    save_article(ArticleChange(article=draft, fields={"kicker": "K"}), actor=None)
    draft.refresh_from_db()
    other = User.objects.create_user("somebody", is_staff=True)
    return {
        "articles/article": draft,
        "authors/author": make_author("Clara Weiss"),
        "articles/series": make_series("Smilga"),
        "articles/tag": make_tag("History"),
        "articles/finding": Finding.objects.create(
            code="stray-line", message=f"{CANARY} doubt", article=draft, fingerprint="1"
        ),
        "articles/importrun": entry.run,
        "articles/sourcelisting": entry.listing,
        "articles/source": entry.run.source,
        "articles/operation": Operation.objects.order_by("-id")[0],
        "articles/upload": planned(other),
        "articles/redaction": Redaction.objects.create(
            kind="words", at=clock.now(), reason="An order", key_name="0" * 16
        ),
        "articles/sitepage": save_site(SitePage(), {"title": "About"}, actor=None),
        "articles/sitelink": save_site(SiteLink(), {"label": "A", "address": "/a/"}, actor=None),
        "articles/homepage": save_site(HomePage(pk=1), {"introduction": "Hello"}, actor=None),
        "auth/user": other,
        "auth/group": Group.objects.order_by("pk")[0],
        "first operation": Operation.objects.order_by("id")[0],
        "bulk": begin_work(Act("clear", ("kicker",)), [(draft.pk, draft.version)], actor=other),
        "sheet": Sheet.objects.create(actor=other, file_name="x.csv"),
        "view": SavedView.objects.create(owner=other, name=CANARY, query="status=draft"),
    }


def address(route: str, rows: dict[str, Any]) -> str:
    """Return an address of *route* with the ids of *rows* in it."""
    path = "/" + route
    kind = "/".join(route.split("/")[1:3])
    pk = rows[kind].pk if kind in rows else 0
    if "views/<int:pk>" in route:
        pk = rows["view"].pk
    if "sheet/<int:pk>" in route:
        pk = rows["sheet"].pk
    if "bulk/<int:pk>" in route:
        pk = rows["bulk"].pk
    if "new/<slug:kind>" in route:
        path += "?name=Anna"
    operation = rows["first operation"].pk
    for name, value in {
        "<path:object_id>": pk, "<str:object_id>": pk, "<int:pk>": pk,
        "<int:operation_id>": operation,
        "<slug:name>": "years", "<slug:kind>": "author", "<uidb64>": "x", "<token>": "y",
        "<id>": pk, "<path:content_type_id>": 1, "<app_label>": "articles",
    }.items():  # fmt: skip
        path = path.replace(name, str(value))
    return path


def posted(route: str, rows: dict[str, Any]) -> dict[str, Any]:
    """Return what a person with all rights would send there."""
    article: Article = rows["articles/article"]
    author: Author = rows["authors/author"]
    tail = route.removeprefix("admin/")
    if tail.endswith("<path:object_id>/delete/"):
        row = rows.get(tail.removesuffix("/<path:object_id>/delete/"))
        mark = accounts_of.mark_of(row) if tail.startswith("auth/") else getattr(row, "version", "")
        return {"post": "yes", "seen": mark}
    named = {"kind": "topic", "description": "", "slug": "", "aliases": "", "version": 1}
    return {
        "articles/article/add/": form_of(headline="New"),
        "articles/article/<path:object_id>/change/": form_of(article, kicker="Changed"),
        "articles/article/<path:object_id>/versions/": {
            "fields": ["kicker"], "version": article.version, "reason": "",
        },
        "articles/article/<path:object_id>/share/": {"days": 7},
        "articles/article/new/<slug:kind>/": {"name": "Anna Berg", "kind": "person", "seen": ""},
        "articles/article/<path:object_id>/quick/": {
            "headline": "Changed", "status": article.status, "published_on": "2020-03-01",
            "version": article.version,
        },
        "articles/series/<path:object_id>/parts/": {f"number-{article.pk}": "7"},
        "articles/article/picture/": {"file": SimpleUploadedFile("p.png", drawn("PNG", (3, 2)))},
        "articles/article/views/add/": {"name": "New", "query": "status=draft"},
        "articles/article/bulk/": {"digest": "x", "reason": ""},
        "articles/article/": {"action": "publish", "_selected_action": article.pk},
        "auth/user/add/": {
            "username": "new", "role": Group.objects.get(name="Editor").pk, "email": "",
        },
        "auth/user/<path:object_id>/change/": {
            "username": "renamed", "email": "", "is_active": "on", "groups": [],
            "mark": accounts_of.mark_of(rows["auth/user"]),
        },
        "articles/tag/add/": named | {"name": "New tag"},
        "articles/series/add/": named | {"title": "New series", "kind": "serial"},
        "authors/author/add/": named
        | {"name": "New author", "kind": "person", "sort_name": "", "bio": "",
           "external_ids": "{}"},
        "authors/author/<path:object_id>/change/": named
        | {"name": "Renamed", "kind": "person", "sort_name": "x", "bio": "", "slug": author.slug,
           "external_ids": "{}"},
        "articles/sitepage/add/": {"title": "Imprint", "status": "published", "position": 0},
        "articles/sitepage/<path:object_id>/change/": {
            "title": "New", "slug": "x", "status": "published", "position": 0, "version": 1,
        },
        "articles/sitelink/add/": {
            "label": "B", "address": "/b/", "place": "header", "position": 0,
        },
        "articles/sitelink/<path:object_id>/change/": {
            "label": "B", "address": "/b/", "place": "header", "position": 0, "version": 1,
        },
        "articles/homepage/<path:object_id>/change/": {
            "introduction": "New", "version": 1, **rows_of_form("pins", []),
            **rows_of_form("pins-2", []),
        },
        "articles/finding/": {
            "action": "dismiss", "_selected_action": rows["articles/finding"].pk,
            f"was-{rows['articles/finding'].pk}": "open",
        },
        "articles/importrun/<path:object_id>/undo/": {"reason": "x", "digest": "x"},
    }.get(tail, {"post": "yes", f"was-{rows['articles/finding'].pk}": "open"})  # fmt: skip


def state() -> list[Any]:
    """Return all that somebody could want to change."""
    models = (
        Article, Author, Series, Tag, Finding, SavedView, Upload, User, Group, Operation,
        FieldChange, BulkWork, SitePage, SiteLink, HomePage, Sheet, TOTPDevice,
        User.groups.through, User.user_permissions.through,
    )  # fmt: skip
    unseen = {"last_login"}
    return [
        [
            {name: value for name, value in row.items() if name not in unseen}
            for row in model._default_manager.order_by("pk").values()
        ]
        for model in models
    ]


def letter(client: Client, ask: Callable[[], Any], before: list[Any]) -> tuple[str, bytes]:
    """Return what came of one request as a letter, and the page. Nothing stays written.

    2: a page. 3: to the sign-in. >: to another page. -: refused. 4: not there. 5: not so.
    W: it was done: what was *before* has changed.
    """
    cookies = client.cookies.copy()
    # The log of a whole test has a limit.
    connection.queries_log.clear()
    with transaction.atomic():
        with CaptureQueriesContext(connection) as queries:
            response = ask()
            content = (
                b"".join(response.streaming_content) if response.streaming else response.content
            )
        is_done = any(query["sql"].startswith(_WRITES) for query in queries) and state() != before
        transaction.set_rollback(True)
    # Whoever signed out here is asked again elsewhere.
    client.cookies = cookies
    if is_done:
        return "W", content
    if response.status_code in {301, 302}:
        return ("3" if "/login/" in response["Location"] else ">"), content
    return _STATUSES[response.status_code], content


# What each role may do to an article in each state

STATES = ("own draft", "draft", "in review", "scheduled", "published", "withdrawn")


def in_state(state: str, owner: User) -> Article:
    """Return an article in *state*: one of the statuses, "own draft" or "scheduled"."""
    # Years apart, so that none is taken for a copy of another.
    dated = f"{1950 + 5 * STATES.index(state)}-03-01"
    article = make_article("One", status="draft", kicker="Before", published_on=dated)
    first = {"kicker": "After"}
    fields: dict[str, Any] = {
        "own draft": {"owner": owner.pk},
        "draft": {},
        "in review": {"status": "in_review"},
        "scheduled": {"status": "published", "visible_from": "2999-01-01T00:00:00Z"},
        "published": {"status": "published"},
        "withdrawn": {"status": "published"},
    }[state]
    save_article(ArticleChange(article=article, fields=first | fields), actor=None)
    if state == "withdrawn":
        gone = {"status": "withdrawn", "withdrawn_reason": "Doubtful"}
        save_article(ArticleChange(article=article, fields=gone), actor=None)
    return Article.objects.get(pk=article.pk)


def _form(**fields: Any) -> Callable[[Client, Article], Any]:
    def ask(client: Client, article: Article) -> Any:
        return client.post(f"/admin/articles/article/{article.pk}/change/",
                           form_of(article, **fields))  # fmt: skip

    return ask


def _give(client: Client, article: Article) -> Any:
    somebody = User.objects.get(username="closed")
    return _form(owner=somebody.pk)(client, article)


def _action(name: str) -> Callable[[Client, Article], Any]:
    def ask(client: Client, article: Article) -> Any:
        data = {
            "action": name, "_selected_action": article.pk, "apply": "1", "reason": "A reason",
            f"seen-{article.pk}": article.version,
        }  # fmt: skip
        return client.post("/admin/articles/article/", data)

    return ask


def _quick(**fields: Any) -> Callable[[Client, Article], Any]:
    def ask(client: Client, article: Article) -> Any:
        data = {
            "headline": article.headline, "status": article.status, "version": article.version,
            "published_on": f"{article.published_on}", **fields,
        }  # fmt: skip
        return client.post(f"/admin/articles/article/{article.pk}/quick/", data)

    return ask


def _in_bulk(**act: Any) -> Callable[[Client, Article], Any]:
    def ask(client: Client, article: Article) -> Any:
        url = f"/admin/articles/article/bulk/?{urlencode({'of': f'ids={article.pk}', **act})}"
        shown = client.get(url)
        preview = shown.context["preview"] if shown.status_code == 200 else None
        response = client.post(url, {"digest": preview.digest if preview else "x"})
        if response.status_code == 302 and "/login/" not in response["Location"]:
            return client.post(response["Location"])
        return response

    return ask


def _restore(name: str) -> Callable[[Client, Article], Any]:
    def ask(client: Client, article: Article) -> Any:
        # As it was when it was made, a draft, or before it was withdrawn.
        operations = Operation.objects.filter(
            changes__subject_type="article", changes__subject_id=article.pk
        )
        earlier = operations.distinct().order_by("-id")[1]
        return client.post(
            f"/admin/articles/article/{article.pk}/versions/?from={earlier.pk}",
            {"fields": [name], "version": article.version, "reason": ""},
        )

    return ask


def _page(name: str, *, post: bool = False) -> Callable[[Client, Article], Any]:
    def ask(client: Client, article: Article) -> Any:
        url = f"/admin/articles/article/{article.pk}/{name}/"
        data = {"post": "yes", "days": 7, "seen": article.version}
        return client.post(url, data) if post else client.get(url)

    return ask


ACTS: dict[str, Callable[[Client, Article], Any]] = {
    "see its form": _page("change"),
    "see its history": _page("history"),
    "preview it": _page("preview"),
    "make a link to a preview": _page("share", post=True),
    "change a field by form": _form(kicker="Changed"),
    "make it a draft by form": _form(status="draft"),
    "send it to review by form": _form(status="in_review"),
    "publish by form": _form(status="published", visible_from_0="", visible_from_1=""),
    "schedule by form": _form(
        status="published", visible_from_0="2999-12-31", visible_from_1="10:00:00"
    ),
    "withdraw by form": _form(status="withdrawn", withdrawn_reason="A reason"),
    "give it away by form": _give,
    "publish by action": _action("publish"),
    "withdraw by action": _action("withdraw"),
    "publish in the list": _quick(status="published"),
    "withdraw in the list": _quick(status="withdrawn"),
    "publish in bulk": _in_bulk(do="publish"),
    "withdraw in bulk": _in_bulk(do="withdraw", withdrawn_reason="A reason"),
    "delete by action": _action("delete"),
    "delete by page": _page("delete", post=True),
    "restore a field": _restore("kicker"),
    "restore a status": _restore("status"),
}
