"""No request keeps the database busy for ever, and none asks for more than it may."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from archive_site import limits
from tests.factories import make_article
from tests.site.conftest import text_of

#: A statement that would take minutes.
ENDLESS = {
    "sqlite": "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 1e10)"
    " SELECT count(*) FROM n",
    "postgresql": "SELECT pg_sleep(600)",
}


def endless(*arguments: Any) -> Any:
    """Ask for what takes too long."""
    with connection.cursor() as cursor:
        cursor.execute(ENDLESS[connection.vendor])
        return cursor.fetchall()


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch, transactional_db: None) -> Iterator[None]:
    """Limits that a test can wait for; connections that later tests have to themselves."""
    monkeypatch.setattr(limits, "PUBLIC_SECONDS", 0.2)
    monkeypatch.setattr(limits, "ADMIN_SECONDS", 0.2)
    yield
    connection.close()


def test_the_limits_are_those_that_are_promised() -> None:
    from importlib.util import module_from_spec, spec_from_file_location

    # As a site has them: the tests' own are longer.
    spec = spec_from_file_location("limits_of_a_site", limits.__file__)
    assert spec is not None
    assert spec.loader is not None
    fresh = module_from_spec(spec)
    spec.loader.exec_module(fresh)
    assert (fresh.PUBLIC_SECONDS, fresh.ADMIN_SECONDS) == (3.0, 30.0)


def test_a_page_that_takes_too_long_is_stopped(
    client: Client, short: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from articles.views import home

    with monkeypatch.context() as patch:
        patch.setattr(home, "year_totals", endless)
        response = client.get("/")
    page = text_of(response)
    assert response.status_code == 503
    assert "took too long" in page
    assert 'href="/authors/"' in page
    assert response["Cache-Control"] == "private, no-store"
    assert response["Retry-After"] == "5"
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "ETag" not in response
    # Whoever comes next on the same connection is served.
    assert client.get("/").status_code == 200


def test_a_page_of_the_admin_is_stopped_too(
    editor_client: Client, short: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from articles.admin import articles as admin

    with monkeypatch.context() as patch:
        patch.setattr(admin.ArticleAdmin, "get_queryset", endless)
        response = editor_client.get("/admin/articles/article/")
    assert response.status_code == 503
    assert "took too long" in text_of(response)
    assert editor_client.get("/admin/articles/article/").status_code == 200


def test_editors_have_more_time_than_readers(
    editor_client: Client, short: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "ADMIN_SECONDS", 60.0)
    seen: list[float] = []

    def note(seconds: float, using: str) -> Any:
        seen.append(seconds)
        return kept(seconds, using)

    kept = limits.limited
    monkeypatch.setattr(limits, "limited", note)
    editor_client.get("/admin/")
    editor_client.get("/articles/")
    editor_client.get("/admin/")
    assert seen == [60.0, 0.2, 60.0]


@pytest.mark.parametrize("seconds", [0.1, 60.0])
def test_each_request_has_its_own_limit(seconds: float, transactional_db: None) -> None:
    """One connection serves readers and editors in turn."""
    for other in (60.0, 0.1, seconds):
        with limits.limited(other):
            pass
    try:
        with limits.limited(seconds), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SHOW statement_timeout")
                assert cursor.fetchone()[0] == {0.1: "100ms", 60.0: "1min"}[seconds]
            elif seconds < 1:
                with pytest.raises(Exception, match="interrupted"):
                    endless()
    finally:
        connection.close()


def test_outside_of_a_request_nothing_is_limited(transactional_db: None) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            assert cursor.fetchone()[0] == "0"
        return
    with limits.limited(0.01):
        pass
    with connection.cursor() as cursor:
        cursor.execute(ENDLESS["sqlite"].replace("1e10", "300000"))
        assert cursor.fetchone() == (300_000,)


def test_an_error_of_ours_is_no_503(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import OperationalError

    from articles.views import home

    def fail() -> None:
        raise OperationalError("no such table: x")

    monkeypatch.setattr(home, "year_totals", fail)
    assert client.get("/").status_code == 500


NUMBERS = ["0", "-1", "2147483648", "9223372036854775808", "1" + "0" * 30, "9" * 5000, "1e9", "٣",
           "", "1.0", "0x10", " 1", "١٩٩٩", "+1"]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["page", "after", "before", "year", "month"])
def test_numbers_at_the_edge_are_400_or_404(client: Client, name: str) -> None:
    make_article("A bell")
    for value in NUMBERS:
        for extra in ({}, {"year": "2020"}, {"q": "bell"}):
            response = client.get("/articles/", {**extra, name: value})
            assert response.status_code in {200, 302, 400, 404}, (name, value[:40])
    many = client.get("/articles/", {name: ["1"] * 3000})
    assert many.status_code in {200, 400, 404}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "status"), [(1, 200), (20, 200), (21, 400), (1000, 400), (5000, 400)]
)
@pytest.mark.parametrize("name", ["author", "tag", "series", "not_tag"])
def test_twenty_filter_values_and_no_more(
    client: Client, name: str, values: int, status: int
) -> None:
    response = client.get("/articles/", {name: [f"x{number}" for number in range(values)]})
    assert response.status_code == status


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("length", "status"), [(200, 200), (201, 400), (3900, 400), (100_000, 400)]
)
def test_two_hundred_characters_and_no_more(client: Client, length: int, status: int) -> None:
    assert client.get("/articles/", {"q": "b" * length}).status_code == status


@pytest.mark.django_db
def test_pages_by_number_end_and_the_way_on_does_not(client: Client) -> None:
    from articles.filters import MAX_PAGE, PAGE_SIZE

    assert MAX_PAGE * PAGE_SIZE == 10_000
    assert client.get(f"/articles/?page={MAX_PAGE + 1}").status_code == 400
    assert client.get("/articles/?after=1").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    ["the", "a", "%", "_", "*", "''", '"', "a*", "the of and to in a is", "OR " * 60, "a OR " * 40,
     '"the of"', "NEAR(a b)", "-a", "^a", "a:b", "\\", "(" * 100, "b" * 200, "é" * 200],
)  # fmt: skip
def test_odd_searches_are_answered(client: Client, text: str) -> None:
    make_article("The bell of the harbour", body="<p>The of and to in a is</p>")
    assert client.get("/articles/", {"q": text}).status_code in {200, 302, 400}
