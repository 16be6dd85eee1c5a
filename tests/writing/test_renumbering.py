"""The parts of a series numbered anew: one act, whatever numbers change hands."""

import pytest

from articles.models import Article, Operation, Part, Series
from articles.writing import checking, renumbering
from articles.writing.articles import save_article
from articles.writing.bulk_changes import begin_undo, can_be_undone, carry_on
from articles.writing.changes import ArticleChange, InvalidChange, Place, StaleVersion
from tests.factories import make_article, make_series

pytestmark = pytest.mark.django_db


def serial(*numbers: int | None) -> tuple[Series, list[Article]]:
    series = make_series("The long road")
    articles = [
        make_article(f"Part {place}", status="draft", series=[(series, number)])
        for place, number in enumerate(numbers)
    ]
    return series, articles


def seen(articles: list[Article]) -> dict[int, int]:
    return {one.pk: Article.objects.get(pk=one.pk).version for one in articles}


def numbers_of(series: Series) -> list[int | None]:
    rows = Part.objects.filter(series=series).order_by("article_id")
    return list(rows.values_list("part_number", flat=True))


def test_numbers_change_hands_in_one_act_and_come_back() -> None:
    series, articles = serial(*range(1, 251), None)
    wanted = {one.pk: 250 - place for place, one in enumerate(articles[:250])}
    wanted[articles[-1].pk] = 251
    count = Operation.objects.count()
    work = renumbering.renumber(
        series, wanted, seen(articles), may_change=lambda _one: True, actor=None, reason="Order"
    )
    assert work is not None
    assert (Operation.objects.count(), work.changed) == (count + 1, 251)
    assert numbers_of(series) == [*range(250, 0, -1), 251]
    assert can_be_undone(work.operation)
    undo = begin_undo(work.operation, actor=None)
    # More than one part of a work, and yet at once: halfway, two would have one number.
    undo = carry_on(undo.pk, lambda _one: True)
    assert (undo.finished is not None, undo.changed, undo.left) == (True, 251, [])
    assert numbers_of(series) == [*range(1, 251), None]
    assert list(checking.check()) == []


def test_nothing_is_written_where_nothing_differs() -> None:
    series, articles = serial(1, 2)
    count = Operation.objects.count()
    wanted: dict[int, int | None] = {articles[0].pk: 1, articles[1].pk: 2}
    done = renumbering.renumber(series, wanted, {}, may_change=lambda _one: False, actor=None)
    assert done is None
    assert Operation.objects.count() == count


def test_the_other_series_of_an_article_stays() -> None:
    series, articles = serial(1)
    column = make_series("Column", kind="column")
    save_article(
        ArticleChange(article=articles[0], parts=[Place(series.pk, 1), Place(column.pk, 7)]),
        actor=None,
    )
    renumbering.renumber(
        series, {articles[0].pk: 3}, seen(articles), may_change=lambda _one: True, actor=None
    )
    assert (numbers_of(series), numbers_of(column)) == ([3], [7])


def test_what_somebody_saved_meanwhile_is_not_lost() -> None:
    series, articles = serial(1, 2)
    before = seen(articles)
    save_article(ArticleChange(article=articles[0], parts=[Place(series.pk, 9)]), actor=None)
    with pytest.raises(StaleVersion, match="Part 0"):
        renumbering.renumber(
            series, {articles[0].pk: 3, articles[1].pk: 1}, before,
            may_change=lambda _one: True, actor=None,
        )  # fmt: skip
    save_article(ArticleChange(article=articles[1], parts=[]), actor=None)
    with pytest.raises(StaleVersion, match="left the series"):
        renumbering.renumber(
            series, {articles[1].pk: 5}, seen(articles), may_change=lambda _one: True, actor=None
        )
    assert numbers_of(series) == [9]


def test_what_may_not_be_is_refused_whole() -> None:
    series, articles = serial(1, 2)
    with pytest.raises(InvalidChange, match=r"parts"):
        renumbering.renumber(
            series, {articles[0].pk: 2}, seen(articles), may_change=lambda _one: True, actor=None
        )
    with pytest.raises(InvalidChange):
        renumbering.renumber(
            series, {articles[0].pk: 4, articles[1].pk: 5}, seen(articles),
            may_change=lambda one: one.pk == articles[0].pk, actor=None,
        )  # fmt: skip
    assert numbers_of(series) == [1, 2]
