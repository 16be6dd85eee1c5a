"""Versions of a row, read back from the ledger, and given again."""

from typing import Any

import pytest

from articles.choices import OperationKind
from articles.models import Article, FieldChange, Operation
from articles.writing import checking, versions
from articles.writing.articles import save_article
from articles.writing.changes import ArticleChange, Credit, InvalidChange, Place, StaleVersion
from articles.writing.name_merging import merge_named
from articles.writing.names import delete_named, save_named
from articles.writing.state import LISTS
from tests.factories import make_article, make_author, make_series, make_tag

pytestmark = pytest.mark.django_db


def save(article: Article, **change: Any) -> Operation:
    fields = {name: change.pop(name) for name in list(change) if name not in LISTS}
    save_article(ArticleChange(article=article, fields=fields, **change), actor=None)
    return Operation.objects.order_by("-id")[0]


def at(article: Article, operation: Operation) -> dict[str, Any]:
    row = Article.objects.get(pk=article.pk)
    place = versions.position("article", row.pk, operation.pk)
    return versions.values_at("article", row, versions.values_now(row), place)


def test_every_version_is_what_the_row_was() -> None:
    weiss, talbot = make_author("Clara Weiss"), make_author("Ann Talbot")
    serial, tag = make_series("Smilga"), make_tag("History")
    article = make_article("One")
    steps: list[dict[str, Any]] = [
        {"headline": "Two", "credits": [Credit(weiss.pk), Credit(talbot.pk, "trl")]},
        {"published_on": "2019-05", "parts": [Place(serial.pk, 3)]},
        {"tags": [tag.pk], "body": "<p>Text</p>", "status": "withdrawn", "withdrawn_reason": "x"},
        {"tags": [], "headline": "Four", "credits": [Credit(talbot.pk)]},
        {"status": "published", "headline": "One", "parts": []},
    ]
    seen = []
    for step in steps:
        operation = save(article, **step)
        seen.append((operation, versions.values_now(Article.objects.get(pk=article.pk))))
    for operation, values in seen:
        assert at(article, operation) == values


def test_a_version_takes_one_query(django_assert_num_queries: Any) -> None:
    article = make_article("One")
    for number in range(20):
        save(article, headline=f"Version {number}", kicker=f"{number}")
    row = Article.objects.get(pk=article.pk)
    now = versions.values_now(row)
    with django_assert_num_queries(1):
        versions.values_at("article", row, now, 1)


def test_a_whole_version_is_given_again_by_one_operation() -> None:
    weiss, serial, tag = make_author("Clara Weiss"), make_series("Smilga"), make_tag("History")
    article = make_article(
        "One", authors=[weiss], tags=[tag], series=[(serial, 2)], kicker="K", published_on="2020-03"
    )
    first = Operation.objects.order_by("-id")[0]
    before = versions.values_now(Article.objects.get(pk=article.pk))
    save(article, headline="Two", kicker="", published_on="2021", credits=[], tags=[], parts=[])
    count = Operation.objects.count()
    row = Article.objects.get(pk=article.pk)
    versions.restore(
        row, at(article, first), actor=None, expected_version=2, reason="Better", version=first
    )
    article.refresh_from_db()
    assert versions.values_now(article) == before
    assert (article.version, article.credit) == (3, "Clara Weiss")
    last = Operation.objects.order_by("-id")[0]
    assert (last.kind, last.reason, last.parent) == (OperationKind.RESTORE, "Better", first)
    assert Operation.objects.count() == count + 1
    # The address that it had meanwhile leads on.
    assert article.past_addresses.count() == 1
    assert list(checking.check()) == []


def test_one_field_is_given_again_and_the_rest_stays() -> None:
    article = make_article("One", kicker="A")
    save(article, headline="Two", kicker="B")
    row = Article.objects.get(pk=article.pk)
    versions.restore(row, {"kicker": "A"}, actor=None, expected_version=2)
    article.refresh_from_db()
    assert (article.headline, article.kicker) == ("Two", "A")


def test_a_stale_restore_writes_nothing() -> None:
    article = make_article("One")
    save(article, headline="Two")
    row = Article.objects.get(pk=article.pk)
    save(article, kicker="Theirs")
    with pytest.raises(StaleVersion):
        versions.restore(row, {"headline": "One"}, actor=None, expected_version=2)
    assert Article.objects.get(pk=article.pk).headline == "Two"
    assert not Operation.objects.filter(kind=OperationKind.RESTORE).exists()


def test_what_was_merged_leads_on_and_what_is_gone_is_named() -> None:
    one, two, lost = make_author("A One"), make_author("A. One"), make_author("Lost")
    article = make_article(authors=[two, one])
    first = Operation.objects.order_by("-id")[0]
    save(article, credits=[Credit(lost.pk)])
    second = Operation.objects.order_by("-id")[0]
    save(article, credits=[])
    merge_named(one, [two], actor=None)
    delete_named(lost, actor=None)
    row = Article.objects.get(pk=article.pk)
    values = {"credits": at(article, first)["credits"]}
    versions.restore(row, values, actor=None, expected_version=row.version)
    assert [credit.author for credit in row.contributions.all()] == [one]
    row.refresh_from_db()
    values = {"credits": at(article, second)["credits"]}
    with pytest.raises(InvalidChange, match="No longer exists: Lost"):
        versions.restore(row, values, actor=None, expected_version=row.version)


def test_nothing_is_withdrawn_without_a_reason_by_restoring() -> None:
    article = make_article("One")
    save(article, status="withdrawn", withdrawn_reason="Doubtful")
    save(article, status="published", withdrawn_reason="")
    row = Article.objects.get(pk=article.pk)
    with pytest.raises(InvalidChange, match="Say why"):
        versions.restore(row, {"status": "withdrawn"}, actor=None, expected_version=row.version)
    versions.restore(
        row, {"status": "withdrawn", "withdrawn_reason": "Doubtful"}, actor=None,
        expected_version=row.version,
    )  # fmt: skip
    assert Article.objects.get(pk=article.pk).status == "withdrawn"


def test_names_have_versions_too() -> None:
    author = make_author("Clara Weiss", aliases=["C. Weiss"], bio="One")
    article = make_article(authors=[author])
    before = versions.values_now(author)
    author.name, author.bio = "Klara Weiß", ""
    save_named(author, aliases=[], actor=None)
    change = FieldChange.objects.filter(subject_type="author", field="name").latest("id")
    place = versions.before_position("author", author.pk, change.operation_id)
    then = versions.values_at("author", author, versions.values_now(author), place)
    assert then == before
    versions.restore(author, then, actor=None, expected_version=2)
    author.refresh_from_db()
    now = versions.values_now(author)
    # The name it had meanwhile stays a spelling that leads to it, as after any rename.
    assert now == before | {"aliases": ["C. Weiss", "Klara Weiß"]}
    article.refresh_from_db()
    assert article.credit == "Clara Weiss"
    assert Operation.objects.latest("id").kind == OperationKind.RESTORE
    assert list(checking.check()) == []
