"""Removing on legal grounds in the browser: look first, then confirm what was shown."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from articles.models import Article, Redaction
from tests.factories import make_article

pytestmark = pytest.mark.django_db(transaction=True)

PLACE = "/admin/articles/redaction/remove/"
NAME = "Zephirine Quallenhorst"
REASON = "Order of the court of Ostrany"


@pytest.fixture(autouse=True)
def var_dir(tmp_path: Path, settings: Any) -> None:
    settings.VAR_DIR = tmp_path / "var"
    settings.MEDIA_ROOT = settings.VAR_DIR / "media"
    settings.VAR_DIR.mkdir()


@pytest.fixture
def chief() -> Client:
    user = User.objects.create_user("chief", is_staff=True)
    user.groups.add(Group.objects.get(name="Chief editor"))
    client = Client()
    client.force_login(user)
    return client


def text_of(response: Any) -> str:
    return str(response.content.decode())


def digest_in(page: str) -> str:
    return page.split('name="digest" value="')[1].split('"')[0]


def test_what_is_shown_is_what_is_removed(chief: Client) -> None:
    article = make_article(f"A walk with {NAME}", standfirst=f"{NAME} walks.")
    asked = {"words": NAME, "reason": REASON}
    page = text_of(chief.post(PLACE, {**asked, "look": "yes"}))
    assert "Articles: headline" in page
    assert f"<del>A walk with {NAME}</del>" in page
    article.refresh_from_db()
    assert NAME in article.headline
    response = chief.post(PLACE, {**asked, "remove": "yes", "digest": digest_in(page)})
    record = Redaction.objects.get()
    assert response["Location"] == f"/admin/articles/redaction/{record.pk}/change/"
    article.refresh_from_db()
    assert article.headline == "A walk with […]"
    page = text_of(chief.get(response["Location"]))
    assert REASON in page
    assert "Zephirine" not in page
    assert record.actor is not None
    assert record.actor.get_username() == "chief"


def test_nothing_is_removed_if_the_archive_moved(chief: Client) -> None:
    make_article(f"A walk with {NAME}")
    asked = {"words": NAME, "reason": REASON}
    digest = digest_in(text_of(chief.post(PLACE, {**asked, "look": "yes"})))
    make_article(f"Another walk with {NAME}")
    page = text_of(chief.post(PLACE, {**asked, "remove": "yes", "digest": digest}))
    assert "Nothing was removed" in page
    assert not Redaction.objects.exists()
    assert Article.objects.filter(headline__contains=NAME).count() == 2


def test_a_refusal_stands_on_the_page(chief: Client) -> None:
    page = text_of(chief.post(PLACE, {"words": NAME, "reason": f"As {NAME} wanted", "look": "yes"}))
    assert "The reason must not hold what is to be removed" in page
    page = text_of(chief.post(PLACE, {"key": "00000000", "reason": REASON, "look": "yes"}))
    assert "There is no article with the key" in page


def test_a_large_archive_is_left_to_the_command(
    chief: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_article(NAME)
    make_article("Another")
    monkeypatch.setattr("articles.admin.redactions.MOST", 1)
    key = Article.objects.get(headline=NAME).public_key.key
    for asked in ({"words": NAME}, {"key": key}):
        for act in ({"look": "yes"}, {"remove": "yes"}):
            page = text_of(chief.post(PLACE, {**asked, **act, "reason": REASON}))
            assert "too large to be looked through here" in page
            assert "What would go" not in page
    assert not Redaction.objects.exists()


def test_an_editor_may_not(chief: Client) -> None:
    user = User.objects.create_user("editor", is_staff=True)
    user.groups.add(Group.objects.get(name="Editor"))
    client = Client()
    client.force_login(user)
    assert client.get(PLACE).status_code == 403
    assert client.post(PLACE, {"words": NAME, "reason": REASON}).status_code == 403
