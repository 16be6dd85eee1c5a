"""The page on which the parts of a serial are put in order."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from articles.models import Article, BulkWork, Operation, Part, Series
from articles.writing.articles import save_article
from articles.writing.changes import ArticleChange, Place
from tests.admin.posting import LIST
from tests.factories import make_article, make_series

SignedIn = Callable[..., Client]


def serial(*numbers: int | None) -> tuple[Series, list[Article]]:
    series = make_series("The long road")
    articles = [make_article(f"Part {place}") for place in range(len(numbers))]
    for article, number in zip(articles, numbers, strict=True):
        save_article(ArticleChange(article=article, parts=[Place(series.pk, number)]), actor=None)
    return series, articles


def url_of(series: Series) -> str:
    return f"/admin/articles/series/{series.pk}/parts/"


def typed(articles: list[Article], *numbers: Any) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for article, number in zip(articles, numbers, strict=True):
        version = Article.objects.values_list("version", flat=True).get(pk=article.pk)
        data |= {f"number-{article.pk}": number, f"version-{article.pk}": version}
    return data


def numbers_of(series: Series) -> list[int | None]:
    rows = Part.objects.filter(series=series).order_by("article_id")
    return list(rows.values_list("part_number", flat=True))


def test_numbers_are_typed_and_taken_back(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    series, articles = serial(1, 2, None)
    page = client.get(f"/admin/articles/series/{series.pk}/change/").content.decode()
    assert url_of(series) in page
    assert client.get(url_of(series)).status_code == 200
    data = typed(articles, 2, 1, 3) | {"reason": "As printed"}
    response = client.post(url_of(series), data, follow=True)
    assert "3 parts have a new number" in response.content.decode()
    assert numbers_of(series) == [2, 1, 3]
    work = BulkWork.objects.get()
    assert (work.operation.reason, work.operation.actor) == ("As printed", client.user)  # type: ignore[attr-defined]
    client.post(f"{LIST}bulk/{work.pk}/undo/")
    undo = BulkWork.objects.order_by("-id")[0]
    client.post(f"{LIST}bulk/{undo.pk}/")
    assert numbers_of(series) == [1, 2, None]


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        (("2", "2"), "More than one part has the number 2"),
        (("0", "2"), "A number is between"),
        (("x", "2"), "A number is between"),
        (("32768", "2"), "A number is between"),
    ],
)
def test_what_is_no_order_is_refused_and_stays_typed(
    signed_in: SignedIn, numbers: tuple[str, str], message: str
) -> None:
    client = signed_in("Editor")
    series, articles = serial(1, 2)
    count = Operation.objects.count()
    page = client.post(url_of(series), typed(articles, *numbers)).content.decode()
    assert "Nothing was changed" in page
    assert message in page
    assert f'name="number-{articles[0].pk}" value="{numbers[0]}"' in page
    assert (numbers_of(series), Operation.objects.count()) == ([1, 2], count)


def test_a_save_meanwhile_is_named_and_stands(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    series, articles = serial(1, 2)
    data = typed(articles, 2, 1)
    save_article(ArticleChange(article=articles[0], fields={"kicker": "K"}), actor=None)
    page = client.post(url_of(series), data).content.decode()
    assert "Somebody saved “Part 0”" in page
    assert numbers_of(series) == [1, 2]


def test_articles_of_others_are_not_numbered(signed_in: SignedIn) -> None:
    """What is posted names articles; only parts of this series are touched."""
    client = signed_in("Editor")
    series, articles = serial(1)
    other = make_article("Elsewhere")
    data = typed([*articles, other], 5, 6)
    assert "left the series" in client.post(url_of(series), data).content.decode()
    assert (numbers_of(series), other.parts.count()) == ([1], 0)


def test_who_may(signed_in: SignedIn) -> None:
    series, articles = serial(1, 2)
    column = make_series("Column", kind="column")
    for role in ("Contributor", "Importer", "Auditor", "staff"):
        client = signed_in(role)
        assert client.get(url_of(series)).status_code == 403
        assert client.post(url_of(series), typed(articles, 2, 1)).status_code == 403
    assert signed_in("Editor").get(url_of(column)).status_code == 404
    assert numbers_of(series) == [1, 2]


@pytest.mark.parametrize("number", [1, 40])
def test_the_page_asks_the_same_number_of_queries(
    signed_in: SignedIn, number: int, django_assert_num_queries: Any
) -> None:
    series, _articles = serial(*range(1, number + 1))
    client = signed_in("Editor")
    # Session, account and permissions (4); the series, its numbered parts, and those without.
    with django_assert_num_queries(7):
        client.get(url_of(series))
