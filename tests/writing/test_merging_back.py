"""Merging articles and taking it back: afterwards every row is what it was before."""

import pytest
from django.contrib.auth.models import User

from articles.choices import FindingState, OperationKind
from articles.models import Article, FieldChange, Finding, Operation, Tag
from articles.writing import checking
from articles.writing.articles import HasCopies, delete_articles, save_article
from articles.writing.changes import ArticleChange
from articles.writing.findings import review_saved, settle_findings
from articles.writing.merging import MergeRefused, merge_articles
from articles.writing.name_merging import merge_named
from articles.writing.state import lists_of
from articles.writing.unmerging import unmerge_article
from tests.factories import make_article, make_author, make_series, make_tag
from tests.writing import lives
from tests.writing.lives import archive, assert_same

pytestmark = pytest.mark.django_db

# Chance. The long run is `python -m benchmarks.proof_merging`.


@pytest.mark.parametrize("seed", range(20, 23))
def test_what_was_merged_in_one_act_comes_back_in_one_act(seed: int) -> None:
    assert lives.merged_in_one_act(seed)


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_merged_comes_back_as_it_was(seed: int) -> None:
    assert lives.merged_one_by_one(seed)


@pytest.mark.parametrize("seed", range(10, 12))
def test_in_whichever_order_merges_are_taken_back(seed: int) -> None:
    assert lives.taken_back_in_any_order(seed)


def test_a_second_role_of_an_author_is_given_back() -> None:
    author = make_author("Ana Brandt")
    survivor = make_article("One", authors=[author])
    copy = make_article("Two", authors=[(author, "trl")])
    merge_articles(survivor.pk, copy.pk, actor=None, credits=True)
    assert survivor.contributions.count() == 2
    unmerge_article(copy.pk, actor=None)
    assert list(survivor.contributions.values_list("author", "role")) == [(author.pk, "aut")]


def test_an_earlier_copy_waits_until_the_later_merge_is_taken_back() -> None:
    first, second, third = (make_article(f"Chain {name}", tags=[name]) for name in "abc")
    before = archive()
    merge_articles(second.pk, first.pk, actor=None)
    merge_articles(third.pk, second.pk, actor=None)
    with pytest.raises(MergeRefused, match=r"“Chain b”.*first"):
        unmerge_article(first.pk, actor=None)
    unmerge_article(second.pk, actor=None)
    unmerge_article(first.pk, actor=None)
    assert_same(archive(), before)


def test_a_tag_that_two_copies_brought_goes_with_the_last_of_them() -> None:
    survivor = make_article("One")
    copies = [make_article(name, tags=["Fog"]) for name in ("Two", "Three")]
    for copy in copies:
        merge_articles(survivor.pk, copy.pk, actor=None)
    unmerge_article(copies[0].pk, actor=None)
    assert list(survivor.tags.names()) == ["Fog"]
    unmerge_article(copies[1].pk, actor=None)
    assert not survivor.tags.exists()


def test_what_an_editor_gave_again_stays() -> None:
    survivor, copy = make_article("One"), make_article("Two", tags=["Fog"])
    merge_articles(survivor.pk, copy.pk, actor=None)
    fog = Tag.objects.get()
    for tags in ([], [fog.pk]):
        save_article(ArticleChange(article=Article(pk=survivor.pk), tags=tags), actor=None)
    unmerge_article(copy.pk, actor=None)
    assert list(survivor.tags.names()) == ["Fog"]


def test_the_ledger_says_only_what_happened() -> None:
    first, second, third = (make_article(f"Chain {name}") for name in "abc")
    merge_articles(second.pk, first.pk, actor=None)
    merge_articles(third.pk, second.pk, actor=None)
    unmerge_article(second.pk, actor=None)
    unmerge_article(first.pk, actor=None)
    merge_articles(third.pk, second.pk, actor=None)
    back = unmerge_article(second.pk, actor=None)
    moved = back.changes.filter(field="merged_into").values_list("subject_id", "old", "new")
    assert list(moved) == [(second.pk, third.pk, None)]
    for article in (first, second):
        last = FieldChange.objects.filter(subject_id=article.pk, field="merged_into").first()
        assert last is not None
        article.refresh_from_db()
        assert (last.new, article.merged_into_id) == (None, None)


def test_findings_that_the_merge_closed_are_open_again() -> None:
    editor = User.objects.create_user("ed")
    survivor = make_article("The harbour chain is raised")
    copy = make_article("The harbour chain is raised!", standfirst="It is the the chain.")
    read = {"code": "part-number-taken", "message": "Taken", "article": copy}
    Finding.objects.create(**read, fingerprint="1")
    review_saved([copy.pk])
    doubts = set(Finding.objects.values_list("pk", flat=True))
    assert len(doubts) == 3
    settled = Finding.objects.get(code="doubled-word")
    merge_articles(survivor.pk, copy.pk, actor=editor)
    assert not Finding.objects.filter(state=FindingState.OPEN).exists()
    # What somebody said of one meanwhile stands.
    settle_findings([settled.pk], FindingState.DISMISSED, actor=None)
    unmerge_article(copy.pk, actor=None)
    states = {row.code: (row.state, row.settled_by) for row in Finding.objects.all()}
    assert states == {
        "doubled-word": ("dismissed", None), "similar-headline": ("open", None),
        "part-number-taken": ("open", None),
    }  # fmt: skip


@pytest.mark.parametrize("names", ["tags", "series", "authors"])
def test_what_was_merged_on_by_name_is_followed(names: str) -> None:
    make = {"tags": make_tag, "series": make_series, "authors": make_author}[names]
    gone, stays, own = make("Bells"), make("Bells and chains"), make("Own")
    survivor = make_article("One", **{names: [own]})
    copy = make_article("Two", **{names: [gone]})
    merge_articles(survivor.pk, copy.pk, actor=None, credits=True)
    merge_named(stays, [gone], actor=None)
    unmerge_article(copy.pk, actor=None)
    listed = lists_of([survivor.pk, copy.pk])
    name = {"tags": "tags", "series": "parts", "authors": "credits"}[names]
    key = {"tags": "tag", "series": "series", "authors": "author"}[names]
    assert [item[key] for item in listed[survivor.pk][name]] == [own.pk]
    assert [item[key] for item in listed[copy.pk][name]] == [stays.pk]
    assert list(checking.check()) == []


def test_a_name_that_the_survivor_had_itself_stays_after_a_merge_of_names() -> None:
    gone, own = make_tag("Bells"), make_tag("Own")
    survivor, copy = make_article("One", tags=[own]), make_article("Two", tags=[gone])
    merge_articles(survivor.pk, copy.pk, actor=None)
    merge_named(own, [gone], actor=None)
    unmerge_article(copy.pk, actor=None)
    assert list(survivor.tags.names()) == ["Own"]


def test_only_a_number_that_is_taken_by_now_is_left_out() -> None:
    one, two = make_series("Serial one"), make_series("Serial two")
    survivor, copy = make_article("One"), make_article("Two", series=[(one, 2), (two, 5)])
    merge_articles(survivor.pk, copy.pk, actor=None, parts=False)
    make_article("Three", series=[(one, 2)])
    unmerge_article(copy.pk, actor=None)
    assert dict(copy.parts.values_list("series", "part_number")) == {one.pk: None, two.pk: 5}


def test_part_nought_is_a_number() -> None:
    serial = make_series("Serial")
    survivor = make_article("One", series=[(serial, 0)])
    copy = make_article("Two", series=[(serial, 1)])
    merge_articles(survivor.pk, copy.pk, actor=None)
    assert survivor.parts.get().part_number == 0


# What becomes of copies whose survivor goes


def test_a_survivor_is_not_deleted_under_its_copies() -> None:
    survivor, copy = (make_article(name, status="draft") for name in ("One", "Two"))
    merge_articles(survivor.pk, copy.pk, actor=None)
    before = Operation.objects.count()
    with pytest.raises(HasCopies, match="“Two” is merged into “One”"):
        delete_articles([survivor.pk], actor=None)
    assert Operation.objects.count() == before
    assert Article.objects.get(pk=copy.pk).merged_into_id == survivor.pk


def test_a_survivor_is_deleted_with_its_copies_or_after_they_left() -> None:
    rows = [make_article(name, status="draft") for name in ("One", "Two", "Three")]
    merge_articles(rows[0].pk, rows[1].pk, actor=None)
    merge_articles(rows[0].pk, rows[2].pk, actor=None)
    unmerge_article(rows[2].pk, actor=None)
    assert delete_articles([rows[0].pk, rows[1].pk], actor=None) == 2
    last = Operation.objects.latest("pk")
    assert last.kind == OperationKind.BULK
    assert Article.objects.get().pk == rows[2].pk
