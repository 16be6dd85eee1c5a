"""What is the same on every path: numbers of parts, reasons that can be read, who may give what."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from articles.cleaning import HIGHEST_PART, is_blank
from articles.models import Article, BulkWork, Finding, Operation, Part
from articles.writing import bulk_changes
from articles.writing.articles import save_article, set_status
from articles.writing.bulk_changes import Act, begin_work
from articles.writing.changes import ArticleChange, InvalidChange, Place
from articles.writing.lists import PARKED
from tests.admin.posting import LIST, change_url, errors_of, form_of
from tests.admin.test_bulk import bulk_url, change, go_on, look
from tests.factories import make_article, make_series

SignedIn = Callable[..., Client]


# Numbers of parts


@pytest.mark.parametrize("number", [HIGHEST_PART + 1, PARKED[5], 3_000_000_000, 10**20])
def test_a_number_that_is_too_high_is_said_to_be(signed_in: SignedIn, number: int) -> None:
    client, article, serial = signed_in("Editor"), make_article("One"), make_series(kind="serial")
    data = form_of(article, parts=[{"series": serial.pk, "part_number": number}])
    answer = client.post(change_url(article), data)
    assert answer.status_code == 200
    assert str(HIGHEST_PART) in errors_of(answer)
    assert not Part.objects.exists()
    places = next(one for one in answer.context["inline_admin_formsets"] if one.opts.model is Part)
    assert f"at most {HIGHEST_PART}" in str(places.formset.forms[0].errors["part_number"])
    assert not answer.context["adminform"].form.non_field_errors()


def test_the_highest_number_is_taken(signed_in: SignedIn) -> None:
    client, article, serial = signed_in("Editor"), make_article("One"), make_series(kind="serial")
    data = form_of(article, parts=[{"series": serial.pk, "part_number": HIGHEST_PART}])
    assert client.post(change_url(article), data).status_code == 302
    assert Part.objects.get().part_number == HIGHEST_PART


def test_a_higher_number_of_before_stays_and_its_article_can_be_saved(signed_in: SignedIn) -> None:
    client, serial = signed_in("Editor"), make_series(kind="serial")
    article = make_article("One", series=[(serial, 7)])
    Part.objects.update(part_number=40_000, position=40_000)
    assert client.post(change_url(article), form_of(article, kicker="New")).status_code == 302
    article.refresh_from_db()
    assert (article.kicker, Part.objects.get().part_number) == ("New", 40_000)
    article = Article.objects.get()
    page = client.get(f"/admin/articles/series/{serial.pk}/parts/").content.decode()
    assert 'max="40000"' in page
    for number, kept in (("40000", 40_000), ("40001", 40_000), ("3", 3)):
        client.post(
            f"/admin/articles/series/{serial.pk}/parts/",
            {f"number-{article.pk}": number, f"version-{article.pk}": article.version},
        )
        assert Part.objects.get().part_number == kept


def test_writers_refuse_a_new_number_that_is_too_high() -> None:
    article, serial = make_article("One"), make_series(kind="serial")
    change = ArticleChange(article=article, parts=[Place(serial.pk, HIGHEST_PART + 1)])
    with pytest.raises(InvalidChange, match="at most 32767"):
        save_article(change, actor=None)
    with pytest.raises(InvalidChange, match="at most 32767"):
        make_article("Two", series=[(serial, HIGHEST_PART + 1)])


# Reasons

BLANKS = ["", " ", "\u200b", "\u00a0\u2003", "\u3164", "\u2800\u115f", "\u0301", "\u00ad\u200d"]


@pytest.mark.parametrize("text", BLANKS, ids=ascii)
def test_what_nobody_sees_is_blank(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["a", "?", "…", "日本", "\u200bx", "é", "🜁", "1"], ids=ascii)
def test_what_anybody_sees_is_not(text: str) -> None:
    assert not is_blank(text)


@pytest.mark.parametrize("reason", ["\u200b", "\u3164", "\u00ad"], ids=ascii)
def test_a_reason_that_nobody_sees_is_none(signed_in: SignedIn, reason: str) -> None:
    client, article = signed_in("Editor"), make_article("One")
    data = form_of(article, status="withdrawn", withdrawn_reason=reason)
    assert "Say why it is withdrawn" in errors_of(client.post(change_url(article), data))
    data = {"action": "withdraw", "_selected_action": article.pk, "apply": "1", "reason": reason}
    assert "Say why it is withdrawn" in client.post(LIST, data).content.decode()
    asked = bulk_url(f"ids={article.pk}", do="withdraw", withdrawn_reason=reason)
    assert "Say why it is withdrawn" in client.get(asked).content.decode()
    with pytest.raises(InvalidChange, match="Say why"):
        set_status([article.pk], "withdrawn", actor=None, reason=reason)  # type: ignore[arg-type]
    article.refresh_from_db()
    assert article.status == "published"


# Moments and years that no calendar has


@pytest.mark.parametrize(
    ("zone", "day"), [("Pacific/Auckland", "0001-01-01"), ("America/Lima", "9999-12-31")]
)
def test_a_moment_beyond_the_calendar_is_said_to_be(
    signed_in: SignedIn, settings: Any, zone: str, day: str
) -> None:
    settings.TIME_ZONE = zone
    client, article = signed_in("Editor"), make_article("One", status="draft")
    hour = "00:30:00" if day.startswith("0001") else "23:30:00"
    data = form_of(article, visible_from_0=day, visible_from_1=hour)
    answer = client.post(change_url(article), data)
    assert answer.status_code == 200
    assert "visible_from" in errors_of(answer)


@pytest.mark.parametrize(
    "query",
    ["year=9999", "year=9999&{}month=12", "year=9999&{}month=12&{}day=31"],
)
def test_the_last_year_has_a_list(signed_in: SignedIn, query: str) -> None:
    client = signed_in("Editor")
    make_article("Last", published_on="9999-12-31")
    make_article("One")
    name = "published_on__"
    full = f"{name}{query.replace('{}', name)}"
    listed = client.get(f"{LIST}?{full}").context["cl"].result_list
    assert [row.headline for row in listed] == ["Last"]
    assert look(client, full, do="clear", field="kicker").total == 1


@pytest.mark.parametrize("query", ["9999&{}month=13", "9999&{}month=2&{}day=30", "0"])
def test_a_date_that_is_none_is_no_filter(signed_in: SignedIn, query: str) -> None:
    asked = query.replace("{}", "published_on__")
    answer = signed_in("Editor").get(f"{LIST}?published_on__year={asked}")
    assert answer.status_code == 302


# Who may give what, in bulk


def limited(signed_in: SignedIn, *codenames: str) -> Client:
    user = User.objects.create_user("limited", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return signed_in(user=user)


@pytest.mark.parametrize("field", ["correction_note", "visible_from", "owner"])
def test_what_the_form_does_not_offer_is_not_given_in_bulk(
    signed_in: SignedIn, colleague: User, field: str
) -> None:
    client = limited(signed_in, "view_article", "change_article")
    article = make_article("One", status="draft", owner=colleague.pk)
    values = {"correction_note": "A note", "visible_from": "2999-01-01 10:00", "owner": "limited"}
    act = {"do": "set", "field": field, "value": values[field]}
    answer = client.get(bulk_url(f"ids={article.pk}", **act))
    assert answer.context["preview"] is None
    assert "valid choice" in str(answer.context["form"].errors)
    # Nor by work that was begun while one might.
    user = User.objects.get(username="limited")
    value = str(user.pk) if field == "owner" else "2999-01-01T10:00:00Z"
    wanted = [(article.pk, article.version)]
    work = go_on(client, begin_work(Act("set", (field,), value), wanted, actor=user))
    assert (work.changed, work.left_count) == (0, 1)


def test_more_fields_are_set_in_bulk(signed_in: SignedIn, colleague: User) -> None:
    client = signed_in("superuser")
    article = make_article("One", status="draft")
    of = f"ids={article.pk}"
    for field, value in (
        ("standfirst", "What it is about"), ("published_on", "1938-04"),
        ("visible_from", "2999-01-01 10:00"), ("owner", colleague.username),
    ):  # fmt: skip
        assert change(client, of, do="set", field=field, value=value).changed == 1, field
    article.refresh_from_db()
    assert article.standfirst == "What it is about"
    assert (article.published_on, article.date_precision) == (datetime.date(1938, 4, 1), "month")
    assert article.visible_from is not None
    assert article.visible_from.year in {2998, 2999}
    assert article.owner_id == colleague.pk
    # And taken back, one after the other.
    for work in BulkWork.objects.order_by("-pk"):
        client.post(f"{LIST}bulk/{work.pk}/undo/")
        go_on(client, BulkWork.objects.order_by("-pk")[0])
    article = Article.objects.get()
    assert (article.standfirst, article.owner_id, article.visible_from) == ("", None, None)
    assert change(client, of, do="set", field="owner", value=colleague.username).changed == 1
    assert change(client, of, do="clear", field="owner").changed == 1
    article.refresh_from_db()
    assert article.owner_id is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("published_on", "1938-13"), ("published_on", "soon"), ("visible_from", "soon"),
        ("visible_from", "2020-01-01 25:00"), ("owner", "nobody"), ("language", "klingon!"),
    ],
)  # fmt: skip
def test_a_value_that_is_none_is_said_to_be(signed_in: SignedIn, field: str, value: str) -> None:
    answer = signed_in("superuser").get(bulk_url("", do="set", field=field, value=value))
    assert answer.context["form"].errors.keys() == {"value"}


# What was begun is not begun again


def test_a_change_is_begun_once(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    article = make_article("One", status="draft")
    url = bulk_url(f"ids={article.pk}", do="set", field="publication", value="The Star")
    digest = client.get(url).context["preview"].digest
    first, second = (client.post(url, {"digest": digest}) for _press in range(2))
    assert first["Location"] == second["Location"]
    work = go_on(client, BulkWork.objects.get())
    # Nor when it is done.
    assert client.post(url, {"digest": digest})["Location"] == f"{LIST}bulk/{work.pk}/"
    assert BulkWork.objects.count() == 1
    assert Operation.objects.filter(kind="bulk").count() == 1
    undo = [client.post(f"{LIST}bulk/{work.pk}/undo/")["Location"] for _press in range(2)]
    assert undo[0] == undo[1]
    assert Operation.objects.filter(kind="undo").count() == 1


def test_the_same_change_of_another_state_is_another(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    article = make_article("One", status="draft", publication="Before")
    act = {"do": "set", "field": "publication", "value": "The Star"}
    first = change(client, f"ids={article.pk}", **act)
    article.refresh_from_db()
    save_article(ArticleChange(article=article, fields={"publication": "Again"}), actor=None)
    assert change(client, f"ids={article.pk}", **act).pk != first.pk


def test_two_presses_at_once_begin_one(signed_in: SignedIn) -> None:
    user = signed_in("Editor").user  # type: ignore[attr-defined]
    article = make_article("One", status="draft")
    act = Act("clear", ("kicker",), agreed="x")
    wanted = [(article.pk, article.version)]
    assert begin_work(act, wanted, actor=user) == begin_work(act, wanted, actor=user)
    other = User.objects.get(username="colleague")
    assert begin_work(act, wanted, actor=other) != bulk_changes.begun(act, actor=user)


# Findings


@pytest.fixture
def finding() -> Finding:
    return Finding.objects.create(
        code="stray-line", message="A doubt", article=make_article("One"), fingerprint="1"
    )


def test_what_somebody_else_settled_is_not_settled_otherwise(
    signed_in: SignedIn, finding: Finding
) -> None:
    client, url = signed_in("Editor"), f"/admin/articles/finding/{finding.pk}/"
    page = client.get(f"{url}change/").content.decode()
    assert f'name="was-{finding.pk}" value="open"' in page
    assert (
        f'name="was-{finding.pk}" value="open"'
        in client.get("/admin/articles/finding/").content.decode()
    )
    Finding.objects.update(state="dismissed")
    seen = {f"was-{finding.pk}": "open"}
    for data, where in (
        ({"state": "resolved"}, f"{url}settle/"),
        ({"action": "resolve", "_selected_action": finding.pk}, "/admin/articles/finding/"),
    ):
        answer = client.post(where, data | seen, follow=True)
        assert "since you opened this page" in answer.content.decode()
        finding.refresh_from_db()
        assert finding.state == "dismissed"
    client.post(f"{url}settle/", {"state": "open", f"was-{finding.pk}": "dismissed"})
    finding.refresh_from_db()
    assert finding.state == "open"


def test_a_page_that_does_not_say_what_it_showed_settles_nothing(
    signed_in: SignedIn, finding: Finding
) -> None:
    client, queue = signed_in("Editor"), "/admin/articles/finding/"
    chosen = {"action": "resolve", "_selected_action": finding.pk}
    settled = {"state": "resolved"}
    for data, where in (
        (settled, f"{queue}{finding.pk}/settle/"),
        (settled | {f"was-{finding.pk}": ""}, f"{queue}{finding.pk}/settle/"),
        (settled | {"select_across": "1"}, f"{queue}{finding.pk}/settle/"),
        ({}, f"{queue}{finding.pk}/apply/"),
        ({"decision": "keep:*"}, f"{queue}{finding.pk}/decide/"),
        ({"article": "new"}, f"{queue}{finding.pk}/choose/"),
        ({}, f"{queue}{finding.pk}/confirm/"),
        (chosen, queue),
        (chosen | {"select_across": "0"}, queue),
        (chosen | {"action": "apply"}, queue),
    ):
        answer = client.post(where, data, follow=True)
        assert "since you opened this page" in answer.content.decode()
        finding.refresh_from_db()
        assert finding.state == "open"
    # A whole filter shows one page of itself only.
    client.post(queue, chosen | {"select_across": "1"})
    finding.refresh_from_db()
    assert finding.state == "resolved"
