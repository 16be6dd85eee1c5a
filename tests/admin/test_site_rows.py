"""Pages, links and the home page in the admin: forms that hand over to the writers."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from articles.models import FieldChange, HomePage, Operation, Pin, SiteLink, SitePage
from articles.writing.articles import delete_articles, save_article
from articles.writing.changes import ArticleChange
from articles.writing.site import save_site
from tests.admin.posting import delete, rows
from tests.factories import make_article, make_series

SignedIn = Callable[..., Client]

PAGES = "/admin/articles/sitepage/"
HOME = "/admin/articles/homepage/1/change/"


def page_form(row: SitePage | None = None, **fields: Any) -> dict[str, Any]:
    names = ("title", "slug", "body", "status", "place", "position")
    stored = {name: getattr(row, name) for name in (*names, "version")} if row else {}
    data = {"title": "About", "slug": "", "body": "<p>Hi</p>", "status": "draft",
            "place": "footer", "position": 0}  # fmt: skip
    return {**data, **stored, **fields}


def home_form(
    version: int = 0, articles: list[Any] | None = None, series: list[Any] | None = None,
    **fields: Any,
) -> dict[str, Any]:  # fmt: skip
    return {
        "introduction": "",
        "lead": "",
        "shows_on_this_day": "on",
        "shows_timeline": "on",
        "version": version,
        **rows("pins", articles or []),
        **rows("pins-2", series or []),
        **fields,
    }


def test_a_page_is_made_changed_and_seen(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    assert client.post(f"{PAGES}add/", page_form()).status_code == 302
    row = SitePage.objects.get()
    assert (row.slug, row.status) == ("about", "draft")
    url = f"{PAGES}{row.pk}/change/"
    assert client.post(url, page_form(row, status="published")).status_code == 302
    assert client.get("/about/").status_code == 200
    assert b"/about/" in client.get(url).content
    operation = Operation.objects.order_by("-id")[0]
    assert operation.actor == client.user  # type: ignore[attr-defined]
    history = client.get(f"{PAGES}{row.pk}/history/").content.decode()
    assert "published" in history


def test_a_reserved_address_is_refused_in_the_form(signed_in: SignedIn) -> None:
    response = signed_in("Editor").post(f"{PAGES}add/", page_form(slug="articles"))
    assert response.status_code == 200
    assert "is the address of something else" in response.content.decode()
    assert not SitePage.objects.exists()


def test_a_page_that_was_public_is_not_deleted(signed_in: SignedIn) -> None:
    row = save_site(SitePage(), page_form(status="published"), actor=None)
    client = signed_in("Chief editor")
    response = client.post(f"{PAGES}{row.pk}/delete/", {"post": "yes"}, follow=True)
    assert "is not deleted" in response.content.decode()
    draft = save_site(SitePage(), page_form(title="Draft"), actor=None)
    delete(client, f"{PAGES}{draft.pk}/delete/")
    assert list(SitePage.objects.all()) == [row]


def test_two_saves_of_one_page_are_brought_together(signed_in: SignedIn) -> None:
    row = save_site(SitePage(), page_form(body="<p>One.</p>"), actor=None)
    save_site(row, {"title": "Them"}, actor=None)
    client = signed_in("Editor")
    stale = page_form(row, title="About", body="<p>Mine.</p>", version=1)
    response = client.post(f"{PAGES}{row.pk}/change/", stale)
    text = response.content.decode()
    assert response.status_code == 200
    assert "Nothing is saved yet" in text
    assert 'value="Them"' in text
    assert "Mine." in text


def test_an_earlier_page_is_restored(signed_in: SignedIn) -> None:
    row = save_site(SitePage(), page_form(body="<p>First.</p>"), actor=None)
    first = Operation.objects.order_by("-id")[0]
    save_site(row, {"body": "<p>Second.</p>"}, actor=None)
    client = signed_in("Editor")
    url = f"{PAGES}{row.pk}/versions/?from={first.pk}"
    assert "First" in client.get(url).content.decode()
    client.post(url, {"fields": ["body"], "version": 2, "reason": ""})
    row.refresh_from_db()
    assert (row.body, row.version) == ("<p>First.</p>", 3)


def test_a_link_is_made(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    data = {"label": "Shop", "address": "https://shop.test/", "place": "header", "position": 3}
    assert client.post("/admin/articles/sitelink/add/", data).status_code == 302
    assert SiteLink.objects.get().label == "Shop"
    response = client.post("/admin/articles/sitelink/add/", data | {"address": "javascript:1"})
    assert "is neither" in response.content.decode()


def test_the_home_page_is_saved_for_the_first_time_and_again(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    lead, one, two = (make_article(name) for name in ("Lead", "One", "Two"))
    series = make_series("Tides")
    assert client.get("/admin/articles/homepage/")["Location"] == HOME
    assert client.get(HOME).status_code == 200
    assert not HomePage.objects.exists()
    data = home_form(
        introduction="Hello",
        lead=lead.pk,
        articles=[{"article": one.pk, "position": 3}, {"article": two.pk, "position": 1}],
        series=[{"series": series.pk, "position": 2}],
    )
    assert client.post(HOME, data).status_code == 302
    home = HomePage.objects.get()
    assert (home.introduction, home.lead, home.version) == ("Hello", lead, 1)
    pins = list(Pin.objects.values_list("article__headline", "series__title"))
    assert pins == [("Two", None), (None, "Tides"), ("One", None)]
    shown = client.get(HOME).content.decode()
    assert "One" in shown
    assert "Tides" in shown
    # Taken off by being left out; what is unchanged is not recorded again.
    count = FieldChange.objects.count()
    again = home_form(
        version=1, introduction="Hello", lead=lead.pk,
        articles=[{"article": two.pk, "position": 1}, {"article": "", "position": 7}],
    )  # fmt: skip
    assert client.post(HOME, again).status_code == 302
    assert list(Pin.objects.values_list("article__headline", flat=True)) == ["Two"]
    assert FieldChange.objects.count() == count + 1
    history = client.get("/admin/articles/homepage/1/history/").content.decode()
    assert "Two; Tides; One" in history.replace("<del>", "").replace("</del>", "")


def test_an_article_is_pinned_once(signed_in: SignedIn) -> None:
    one = make_article("One")
    twice = [{"article": one.pk, "position": 1}, {"article": one.pk, "position": 2}]
    response = signed_in("Editor").post(HOME, home_form(articles=twice))
    assert "stands here twice" in response.content.decode()
    assert not HomePage.objects.exists()


def test_a_late_save_of_the_home_page_asks(signed_in: SignedIn) -> None:
    save_site(HomePage(pk=1), {"introduction": "Them"}, actor=None)
    client = signed_in("Editor")
    response = client.post(HOME, home_form(version=0, introduction="Me"))
    assert "Nothing is saved yet" in response.content.decode()
    assert HomePage.objects.get().introduction == "Them"


@pytest.mark.parametrize("value", ["x", "9" * 30, "0", "²"])
def test_forged_choices_are_refused(signed_in: SignedIn, value: str) -> None:
    client = signed_in("Editor")
    for data in (home_form(lead=value), home_form(articles=[{"article": value, "position": 1}])):
        assert client.post(HOME, data).status_code == 200
    assert not HomePage.objects.exists()


def test_headlines_that_one_may_not_read_stay_pinned_without_being_told(
    account: Callable[..., User], signed_in: SignedIn
) -> None:
    public, hidden = make_article("Public one"), make_article("Hidden one", status="draft")
    other = make_article("Other hidden one", status="draft")
    save_site(HomePage(pk=1), {"pins": [{"article": hidden.pk}]}, actor=None)
    user = account("staff", "web")
    names = ["view_homepage", "change_homepage"]
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    client = signed_in("staff", user)
    page = client.get(HOME).content.decode()
    assert "Hidden one" not in page
    assert f"number {hidden.pk}" in page
    pinned = [{"article": one.pk, "position": 1} for one in (hidden, other)]
    response = client.post(HOME, home_form(version=1, articles=pinned))
    assert response.status_code == 200
    assert "idden one" not in response.content.decode()
    pinned[1]["article"] = public.pk
    assert client.post(HOME, home_form(version=1, articles=pinned)).status_code == 302
    assert [pin.article for pin in Pin.objects.order_by("position")] == [hidden, public]
    history = client.get("/admin/articles/homepage/1/history/").content.decode()
    assert "Public one" in history
    assert "idden one" not in history
    user.user_permissions.set(Permission.objects.filter(codename="view_homepage"))
    page = client.get(HOME).content.decode()
    assert "Public one" in page
    assert "idden one" not in page


def test_there_is_one_home_page(signed_in: SignedIn) -> None:
    client = signed_in("superuser")
    assert client.get("/admin/articles/homepage/add/").status_code == 403
    assert client.get("/admin/articles/homepage/2/change/").status_code == 302
    assert client.post("/admin/articles/homepage/1/delete/", {"post": "yes"}).status_code == 403


def test_the_history_of_the_home_page_names_what_is_pinned_as_it_is_called_now(
    signed_in: SignedIn,
) -> None:
    one, draft = make_article("One"), make_article("Draft", status="draft")
    pins = [{"article": one.pk}, {"article": draft.pk}]
    save_site(HomePage(pk=1), {"pins": pins}, actor=None)
    save_article(ArticleChange(article=one, fields={"headline": "Renamed"}), actor=None)
    delete_articles([draft.pk], actor=None)
    history = signed_in("Editor").get("/admin/articles/homepage/1/history/").content.decode()
    assert "Renamed; Draft" in history.replace("<ins>", "").replace("</ins>", "")
