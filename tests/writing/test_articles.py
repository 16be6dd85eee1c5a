"""The writers of articles: one transaction for row, ledger, key, addresses, index and totals."""

import datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from articles import clock
from articles.choices import OperationKind, Status
from articles.models import (
    Article,
    ContentVersion,
    Contribution,
    FacetTotal,
    FieldChange,
    Operation,
    Part,
    PastAddress,
    PublicKey,
    SearchDocument,
)
from articles.models.article import sort_key_of
from articles.writing import checking, operations
from articles.writing.articles import (
    WasPublic,
    delete_articles,
    save_article,
    set_status,
    write_articles,
)
from articles.writing.changes import ArticleChange, Credit, InvalidChange, Place, StaleVersion
from tests.factories import make_article, make_author, make_series, make_tag

pytestmark = pytest.mark.django_db


def change(article: Article, **fields: Any) -> Article:
    return save_article(ArticleChange(article=article, fields=fields), actor=None)


def total(term: str) -> int:
    found = FacetTotal.objects.filter(term=term).first()
    return found.count if found else 0


@pytest.fixture(autouse=True)
def everything_agrees(db: None) -> Any:
    yield
    assert list(checking.check()) == []


def test_a_new_article_has_key_sort_key_slug_credit_document_and_totals() -> None:
    article = make_article(
        "Władysław’s lamp", authors=["Ana Brandt", "Jon Weir", "Mira Voss"], tags=["Sea"]
    )
    article.refresh_from_db()
    assert article.slug == "wladyslaws-lamp"
    assert article.credit == "Ana Brandt, Jon Weir and Mira Voss"
    assert article.published_on is not None
    assert article.sort_key == sort_key_of(article.published_on, article.pk)
    assert len(article.public_key.key) == 8
    assert SearchDocument.objects.get(article=article).sort_key == article.sort_key
    assert (total("all"), total("y2020"), total("m202003")) == (1, 1, 1)
    assert total(f"a{article.authors.first().pk}") == 1  # type: ignore[union-attr]


def test_a_draft_is_in_no_index_and_no_total() -> None:
    article = make_article(status="draft", tags=["Sea"])
    assert not SearchDocument.objects.exists()
    assert not FacetTotal.objects.exists()
    assert not article.tagged_articles.get().is_public
    change(article, status="published")
    assert total("all") == 1
    assert article.tagged_articles.get().is_public


def test_an_edit_is_one_operation_with_a_row_for_each_changed_field() -> None:
    article = make_article("Old", kicker="Same")
    before = Operation.objects.count()
    change(article, headline="New", kicker="Same", standfirst="More")
    assert Operation.objects.count() == before + 1
    operation = Operation.objects.latest("id")
    assert operation.kind == OperationKind.EDIT
    rows = {row.field: (row.old, row.new) for row in operation.changes.all()}
    assert rows == {"headline": ("Old", "New"), "standfirst": ("", "More")}
    article.refresh_from_db()
    assert article.version == 2


def test_a_change_that_alters_nothing_writes_nothing() -> None:
    article = make_article("Same", authors=["Ana Brandt"], tags=["Sea"])
    article.refresh_from_db()
    version = ContentVersion.objects.get().version
    save_article(
        ArticleChange(
            article=article,
            fields={"headline": "Same"},
            credits=[Credit(article.contributions.get().author_id)],
            tags=[article.tagged_articles.get().tag_id],
            parts=[],
        ),
        actor=None,
    )
    again = Article.objects.get(pk=article.pk)
    assert (again.version, again.updated) == (article.version, article.updated)
    assert ContentVersion.objects.get().version == version


def test_credits_tags_and_parts_are_fields_with_list_values() -> None:
    article = make_article(authors=["Ana Brandt"])
    author, tag, series = make_author("Jon Weir"), make_tag("Sea"), make_series("Bay")
    save_article(
        ArticleChange(
            article=article,
            credits=[Credit(author.pk, "trl")],
            tags=[tag.pk],
            parts=[Place(series.pk, 2)],
        ),
        actor=None,
    )
    rows = {row.field: row.new for row in Operation.objects.latest("id").changes.all()}
    assert rows == {
        "credits": [{"author": author.pk, "name": "Jon Weir", "role": "trl"}],
        "tags": [{"tag": tag.pk, "name": "Sea"}],
        "parts": [{"series": series.pk, "title": "Bay", "part_number": 2}],
    }


def test_who_saves_over_someone_elses_save_is_refused_and_nothing_is_lost() -> None:
    article = make_article("One")
    opened = article.version
    change(article, headline="Two")
    with pytest.raises(StaleVersion):
        save_article(
            ArticleChange(article=article, fields={"kicker": "x"}, expected_version=opened),
            actor=None,
        )
    article.refresh_from_db()
    assert (article.headline, article.kicker) == ("Two", "")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"headline": " "}, "headline"),
        ({"headline": "x" * 501}, "headline"),
        ({"published_on": "2020-02-30"}, "published_on"),
        ({"published_on": None}, "published_on"),
        ({"source_url": "javascript:alert(1)"}, "source_url"),
        ({"status": "secret"}, "status"),
        ({"language": "English, mostly"}, "language"),
        ({"slug": "a/b"}, "slug"),
        ({"visible_from": "tomorrow"}, "visible_from"),
    ],
)
def test_what_may_not_be_written_names_its_field_and_writes_nothing(
    fields: dict[str, Any], field: str
) -> None:
    article = make_article("Kept")
    before = FieldChange.objects.count()
    with pytest.raises(InvalidChange) as caught:
        change(article, **fields)
    assert list(caught.value.errors) == [field]
    assert FieldChange.objects.count() == before
    assert Article.objects.get(pk=article.pk).headline == "Kept"


def test_hostile_text_is_cleaned_at_the_door() -> None:
    article = make_article(
        "A\x00b\x0bc\u202e  d",
        standfirst="One\r\n\r\n\r\n\r\ntwo\ufeff",
        body='<p onclick="x">Hi<script>alert(1)</script></p>',
    )
    article.refresh_from_db()
    assert article.headline == "Abc d"
    assert article.standfirst == "One\n\ntwo"
    assert article.body == "<p>Hi</p>"


def test_two_articles_of_one_day_never_share_an_address() -> None:
    slugs = [make_article("Same").slug for _ in range(3)]
    assert slugs == ["same", "same-2", "same-3"]
    assert make_article("Same", published_on="2020-03-02").slug == "same"
    chosen = make_article("Other")
    with pytest.raises(InvalidChange, match="same-2"):
        change(chosen, slug="same-2")


def test_a_moved_article_keeps_its_old_address() -> None:
    article = make_article("Same", slug="old")
    change(article, slug="new")
    change(article, published_on="2019-05")
    paths = set(PastAddress.objects.filter(article=article).values_list("path", flat=True))
    assert paths == {"articles/2020/03/01/old/", "articles/2020/03/01/new/"}
    change(article, published_on="2020-03-01", slug="old")
    paths = set(PastAddress.objects.filter(article=article).values_list("path", flat=True))
    assert paths == {"articles/2020/03/01/new/", "articles/2019/05/new/"}


def test_a_draft_that_moves_leaves_no_address_behind() -> None:
    article = make_article("Draft", status="draft")
    change(article, slug="elsewhere")
    assert not PastAddress.objects.exists()


def test_a_new_date_moves_the_document_with_it() -> None:
    article = make_article(tags=["Sea"])
    change(article, published_on="2011-11-11")
    article.refresh_from_db()
    assert SearchDocument.objects.get().sort_key == article.sort_key
    assert article.tagged_articles.get().sort_key == article.sort_key
    assert (total("y2020"), total("y2011")) == (0, 1)


def test_a_date_known_to_the_month_or_year_is_stored_as_such() -> None:
    month, year = make_article(published_on="1999-07"), make_article(published_on="1998")
    month.refresh_from_db()
    assert (str(month.published_on), month.date_precision) == ("1999-07-01", "month")
    assert (month.published_text(), year.published_text()) == ("1999-07", "1998")
    assert total("m199901") == 0


def test_withdrawing_keeps_reason_and_time_and_takes_it_out_of_everything() -> None:
    article = make_article(tags=["Sea"])
    set_status([article.pk], Status.WITHDRAWN, actor=None, reason="Plagiarism.")
    article.refresh_from_db()
    assert article.withdrawn_at is not None
    assert article.withdrawn_reason == "Plagiarism."
    assert not SearchDocument.objects.exists()
    assert total("all") == 0
    set_status([article.pk], Status.PUBLISHED, actor=None)
    article.refresh_from_db()
    assert article.withdrawn_at is None
    assert total("all") == 1


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"status": "draft"}, "status"),
        ({"status": "in_review"}, "status"),
        ({"visible_from": "2099-01-01T00:00:00Z"}, "visible_from"),
    ],
)
def test_what_was_public_is_hidden_by_withdrawal_only(fields: dict[str, Any], field: str) -> None:
    article = make_article()
    with pytest.raises(InvalidChange) as caught:
        change(Article.objects.get(pk=article.pk), **fields)
    assert list(caught.value.errors) == [field]
    scheduled = make_article(visible_from="2098-01-01T00:00:00Z")
    change(Article.objects.get(pk=scheduled.pk), **fields)


def test_the_address_of_a_year_is_not_taken_for_a_month() -> None:
    assert make_article("05", published_on="1999").slug == "article-05"
    assert make_article("05", published_on="1999-07").slug == "05"
    assert make_article("05", published_on="1999-07-02").slug == "05"


def test_what_was_public_is_never_deleted() -> None:
    article, draft = make_article(), make_article(status="draft")
    with pytest.raises(WasPublic):
        delete_articles([draft.pk, article.pk], actor=None)
    assert Article.objects.count() == 2


def test_a_deleted_draft_leaves_its_key_reserved_and_its_words_in_the_ledger() -> None:
    draft = make_article("Gone", status="draft")
    key = draft.public_key.key
    delete_articles([draft.pk], actor=None)
    assert PublicKey.objects.get(key=key).article is None
    row = FieldChange.objects.get(subject_id=draft.pk, field="headline", new__isnull=True)
    assert row.old == "Gone"


def test_one_part_of_a_series_is_one_article() -> None:
    series = make_series("Bay")
    make_article(series=[(series, 1)])
    with pytest.raises(InvalidChange) as caught:
        make_article(series=[(series, 1)])
    assert list(caught.value.errors) == ["parts"]
    assert Article.objects.count() == 1


def test_parts_can_swap_their_numbers_in_one_operation() -> None:
    series = make_series("Bay")
    one, two = make_article(series=[(series, 1)]), make_article(series=[(series, 2)])
    with transaction.atomic():
        write_articles(
            [
                ArticleChange(article=one, parts=[Place(series.pk, 2)]),
                ArticleChange(article=two, parts=[Place(series.pk, 1)]),
            ],
            operations.begin(OperationKind.BULK),
        )
    assert {part.article_id: part.part_number for part in Part.objects.all()} == {
        one.pk: 2,
        two.pk: 1,
    }


def test_the_same_author_stands_once_in_a_role_but_may_have_two() -> None:
    author = make_author("Ana Brandt")
    article = make_article(authors=[(author, "aut"), (author, "trl")])
    assert article.contributions.count() == 2
    with pytest.raises(InvalidChange):
        save_article(
            ArticleChange(article=article, credits=[Credit(author.pk), Credit(author.pk)]),
            actor=None,
        )
    assert Contribution.objects.count() == 2


def test_scheduled_articles_are_admitted_when_due(monkeypatch: pytest.MonkeyPatch) -> None:
    from articles.writing.admission import admit_due_if_passed, forget_memory

    due = clock.now() + datetime.timedelta(hours=1)
    make_article(visible_from=due)
    assert ContentVersion.objects.get().next_due == due
    forget_memory()
    assert admit_due_if_passed() == 0
    assert total("all") == 0
    later = due + datetime.timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    forget_memory()
    assert admit_due_if_passed() == 1
    assert total("all") == 1
    assert ContentVersion.objects.get().next_due is None
    assert list(checking.check()) == []
    monkeypatch.undo()
    # The clock went back: the check sees that the index is ahead of it, and repairs it.
    assert list(checking.check()) != []
    checking.repair()


def test_a_failed_write_leaves_index_and_totals_alone() -> None:
    make_article("One")
    version = ContentVersion.objects.get().version
    operation = operations.begin(OperationKind.BULK)
    good = ArticleChange(fields={"headline": "Two", "published_on": "2020", "status": "published"})
    bad = ArticleChange(fields={"headline": "Three", "published_on": "never"})
    with pytest.raises(InvalidChange):
        write_articles([good, bad], operation)
    assert ContentVersion.objects.get().version == version
    assert total("all") == 1


@pytest.mark.parametrize(
    "values",
    [
        {"headline": ""},
        {"slug": ""},
        {"status": "secret"},
        {"date_precision": "era"},
        {"status": "published", "published_on": None},
        {"status": "published", "visible_from": None},
        {"status": "withdrawn", "withdrawn_at": None},
    ],
)
def test_the_database_refuses_what_no_writer_writes(values: dict[str, Any]) -> None:
    article = make_article()
    with pytest.raises(IntegrityError), transaction.atomic():
        Article.objects.filter(pk=article.pk).update(**values)


def test_a_status_that_all_have_is_no_operation() -> None:
    article = make_article()
    before = Operation.objects.count()
    assert set_status([article.pk], Status.PUBLISHED, actor=None) == []
    assert set_status([], Status.PUBLISHED, actor=None) == []
    assert Operation.objects.count() == before


@pytest.mark.slow
def test_any_number_of_articles_can_be_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    # More than one statement takes on SQLite (250,000 variables) and PostgreSQL (65,535).
    many = range(1_000_000, 1_260_000)
    drafts = [make_article(status="draft").pk for _ in range(3)]
    from articles.choices import FindingState
    from articles.writing.findings import settle_findings

    monkeypatch.setattr("articles.writing.index.BATCH", 100_000)
    assert len(set_status([*drafts, *many], Status.IN_REVIEW, actor=None)) == 3
    assert settle_findings(many, FindingState.RESOLVED, actor=None) == 0
    assert delete_articles([*drafts, *many], actor=None) == 3


def test_many_articles_are_changed_and_deleted_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("articles.writing.index.batches.__defaults__", (2,))
    drafts = [make_article(status="draft", authors=["Ana"], tags=["Sea"]).pk for _ in range(5)]
    assert len(set_status(drafts, Status.IN_REVIEW, actor=None)) == 5
    assert delete_articles(drafts, actor=None) == 5
    assert not Article.objects.exists()
    assert PublicKey.objects.filter(article=None).count() == 5


def test_the_months_of_early_years_are_counted() -> None:
    make_article(published_on="0999-01-05")
    assert (total("y0999"), total("m099901")) == (1, 1)
