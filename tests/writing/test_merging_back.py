"""Merging articles and taking it back: afterwards every row is what it was before."""

import itertools
import random
from typing import Any

import pytest
from django.contrib.auth.models import User

from articles.choices import FindingState, OperationKind, Status
from articles.models import (
    Article,
    FieldChange,
    Finding,
    Operation,
    PastAddress,
    PublicKey,
    Tag,
)
from articles.writing import checking
from articles.writing.articles import HasCopies, delete_articles, save_article, set_status
from articles.writing.changes import ArticleChange
from articles.writing.findings import review_saved, settle_findings
from articles.writing.merging import MergeRefused, merge_all, merge_articles
from articles.writing.name_merging import merge_named
from articles.writing.state import columns_of, lists_of
from articles.writing.unmerging import unmerge_article
from tests.factories import make_article, make_author, make_series, make_tag

pytestmark = pytest.mark.django_db

ROLES = ("aut", "trl", "edt")
WORDS = ("lamp", "bell", "chain", "fog")


def archive() -> dict[str, Any]:
    """Return all that a merge could touch, moments of saving and versions apart."""
    ids = list(Article.objects.order_by("pk").values_list("pk", flat=True))
    lists = lists_of(ids)
    return {
        "articles": {
            article.pk: {
                **columns_of(article), **lists[article.pk], "merged_into": article.merged_into_id,
                "withdrawn_at": article.withdrawn_at, "first_public": article.first_public_at,
                "is_public": article.is_public, "credit": article.credit,
                "places": sorted(article.parts.values_list("series", "position")),
                "order": list(article.contributions.values_list("position", "author", "role")),
            }
            for article in Article.objects.filter(pk__in=ids)
        },
        "addresses": sorted(PastAddress.objects.values_list("path", "article")),
        "keys": sorted(PublicKey.objects.values_list("key", "article")),
        "findings": {
            row["id"]: row for row in Finding.objects.order_by("pk").values()
        },
    }  # fmt: skip


def assert_same(now: dict[str, Any], then: dict[str, Any]) -> None:
    """A doubt that came with the merge, and ended with it, is no difference."""
    new = now["findings"].keys() - then["findings"].keys()
    assert {
        pk: now["findings"].pop(pk) for pk in new if now["findings"][pk]["state"] == "open"
    } == {}
    for pk in new:
        del now["findings"][pk]
    for row in now["findings"].values():
        if row["state"] == "resolved" and row["settled_by_id"] is None:
            # What ended by itself, began again and ended again did so at another moment.
            row["settled"] = then["findings"][row["id"]]["settled"]
    for name in ("articles", "findings"):
        assert differing(now[name], then[name]) == {}
    assert now == then
    assert list(checking.check()) == []


def differing(now: dict[int, Any], then: dict[int, Any]) -> dict[Any, Any]:
    return {
        (pk, name): (row[name], value)
        for pk, row in now.items()
        for name, value in then.get(pk, {}).items()
        if row[name] != value
    }


class Lives:
    """A small archive made by chance; the seed makes it the same on every run."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.editor = User.objects.create_user("ed")
        self.authors = [
            make_author(name) for name in ("Ana Brandt", "Jon Weir", "Mira Low", "Ida Ek")
        ]
        self.tags = [make_tag() for _ in range(4)]
        self.series = [make_series(), make_series(), make_series(kind="column")]
        self.free = [(series, number) for series in self.series[:2] for number in range(1, 9)]
        self.random.shuffle(self.free)
        for _ in range(6):
            self.make()

    def some(self, rows: list[Any], most: int = 3) -> list[Any]:
        return self.random.sample(rows, self.random.randint(0, min(most, len(rows))))

    def make(self) -> None:
        credits = self.some([*itertools.product(self.authors, ROLES)], 4)
        places = {place[0].pk: place for place in self.some(self.free, 2)}
        self.free = [place for place in self.free if place not in places.values()]
        column = self.some([(self.series[2], None)], 1)
        article = make_article(
            f"The {self.random.choice(WORDS)} of the {self.random.choice(WORDS)}",
            published_on=f"2020-03-{self.random.randint(1, 4):02d}",
            status=self.random.choice(["published", "published", "draft", "in_review"]),
            standfirst=self.random.choice(["", "It is the the lamp.", "The first part of it."]),
            authors=credits,
            tags=self.some(self.tags),
            series=[*places.values(), *column],
        )
        if self.random.random() < 0.3:
            save_article(ArticleChange(article=article, fields={"slug": f"s{article.pk}"}),
                         actor=None)  # fmt: skip
        if article.was_public and self.random.random() < 0.2:
            set_status([article.pk], Status.WITHDRAWN, actor=None, reason="It was false")
        review_saved([article.pk])
        if self.random.random() < 0.3:
            ids = article.findings.values_list("pk", flat=True)
            settle_findings(ids[:1], FindingState.DISMISSED, actor=None)

    def merge(self) -> int | None:
        """Merge two articles by chance; return the copy, None if it was refused."""
        survivor, copy = self.random.sample(list(Article.objects.order_by("pk")), 2)
        chosen = {name: self.random.random() < 0.7 for name in ("tags", "parts", "credits")}
        try:
            merge_articles(survivor.pk, copy.pk, actor=self.editor, **chosen)
        except MergeRefused:
            return None
        return copy.pk

    def merge_many(self) -> int | None:
        """Merge two or three articles into another by chance, in one act; return a copy."""
        count = self.random.choice((2, 3))
        survivor, *copies = self.random.sample(list(Article.objects.order_by("pk")), count + 1)
        chosen = {name: self.random.random() < 0.7 for name in ("tags", "parts", "credits")}
        try:
            merge_all(survivor.pk, [copy.pk for copy in copies], actor=self.editor, **chosen)
        except MergeRefused:
            return None
        return self.random.choice(copies).pk


@pytest.mark.parametrize("seed", range(20, 30))
def test_what_was_merged_in_one_act_comes_back_in_one_act(seed: int) -> None:
    lives = Lives(seed)
    stack = [(0, archive())]
    for step in range(16):
        before = archive()
        if (copy := lives.merge_many() if step % 2 else lives.merge()) is not None:
            stack.append((copy, before))
    for copy, before in reversed(stack[1:]):
        unmerge_article(copy, actor=None)
        assert_same(archive(), before)
    assert_same(archive(), stack[0][1])
    merges = Operation.objects.filter(kind=OperationKind.MERGE).count()
    assert merges == len(stack) - 1


@pytest.mark.parametrize("seed", range(10))
def test_whatever_is_merged_comes_back_as_it_was(seed: int) -> None:
    lives = Lives(seed)
    stack = [(0, archive())]
    for _ in range(12):
        before = archive()
        if (copy := lives.merge()) is not None:
            stack.append((copy, before))
    for copy, before in reversed(stack[1:]):
        unmerge_article(copy, actor=None)
        assert_same(archive(), before)
    assert_same(archive(), stack[0][1])


@pytest.mark.parametrize("seed", range(10, 16))
def test_in_whichever_order_merges_are_taken_back(seed: int) -> None:
    lives = Lives(seed)
    before = archive()
    copies = [copy for _ in range(8) if (copy := lives.merge()) is not None]
    while copies:
        copy = lives.random.choice(copies)
        try:
            unmerge_article(copy, actor=None)
        except MergeRefused:
            continue  # an earlier one of a chain: its turn comes
        copies.remove(copy)
        assert list(checking.check()) == []
    now = archive()
    for pk, values in before["articles"].items():
        theirs = now["articles"][pk]
        assert {item["tag"] for item in theirs["tags"]} == {item["tag"] for item in values["tags"]}
        assert theirs["parts"] == values["parts"]
        assert theirs["merged_into"] is None
        assert theirs["status"] == values["status"]
    left = {pk: row["state"] for pk, row in before["findings"].items()}
    assert {pk: now["findings"][pk]["state"] for pk in left} == left


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
