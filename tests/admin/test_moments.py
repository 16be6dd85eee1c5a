"""A moment that the site's clock leaves out or shows twice is explained, not stored by guess."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.admin.posting import form_of
from tests.factories import make_article

SignedIn = Callable[..., Client]


def scheduled(client: Client, day: str, hour: str) -> Any:
    article = make_article("One", status="draft")
    data = form_of(article, status="published", visible_from_0=day, visible_from_1=hour)
    response = client.post(f"/admin/articles/article/{article.pk}/change/", data)
    article.refresh_from_db()
    return article.visible_from, response


@pytest.mark.parametrize(
    ("day", "hour", "said"),
    [
        ("2031-03-30", "02:30:00", "leaves 02:30 out: it is put forward. Choose 01:30 or 03:30."),
        ("2031-10-26", "02:30:00", "shows 02:30 twice: it is put back."),
    ],
)
def test_it_says_why_and_what_to_type(
    signed_in: SignedIn, settings: Any, day: str, hour: str, said: str
) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    stored, response = scheduled(signed_in("Editor"), day, hour)
    assert stored is None
    errors = str(response.context["adminform"].form.errors["visible_from"])
    assert f"On {day} the clock in Europe/Berlin {said}" in errors


def test_other_moments_are_those_of_the_sites_clock(signed_in: SignedIn, settings: Any) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    stored, _response = scheduled(signed_in("Editor"), "2031-10-26", "03:30:00")
    assert stored == datetime.datetime(2031, 10, 26, 2, 30, tzinfo=datetime.UTC)
