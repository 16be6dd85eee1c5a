"""Small archives made by chance, whose articles are merged; taken back, every row is what it was.

A few of them are tried in test_merging_back.py, many by benchmarks/proof_merging.py.
"""

import itertools
import random
from typing import Any

from django.contrib.auth.models import User

from articles.choices import FindingState, OperationKind, Status
from articles.models import Article, Finding, Operation, PastAddress, PublicKey
from articles.writing import checking
from articles.writing.articles import save_article, set_status
from articles.writing.changes import ArticleChange
from articles.writing.findings import review_saved, settle_findings
from articles.writing.merging import MergeRefused, merge_all, merge_articles
from articles.writing.state import columns_of, lists_of
from articles.writing.unmerging import unmerge_article
from tests.factories import make_article, make_author, make_series, make_tag

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
        wrong = differing(now[name], then[name])
        assert wrong == {}, wrong
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


def merged_one_by_one(seed: int) -> int:
    """Merge article by article and take each merge back, the last first; return how many merges."""
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
    return len(stack) - 1


def merged_in_one_act(seed: int) -> int:
    """Merge several articles at once, too, and take each act back; return how many acts."""
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
    return merges


def taken_back_in_any_order(seed: int) -> int:
    """Merge, and take the merges back in an order by chance; return how many merges."""
    lives = Lives(seed)
    before = archive()
    copies = [copy for _ in range(8) if (copy := lives.merge()) is not None]
    merges = len(copies)
    while copies:
        for copy in lives.random.sample(copies, len(copies)):
            try:
                unmerge_article(copy, actor=None)
            except MergeRefused:
                continue  # an earlier one of a chain: its turn comes
            break
        else:
            raise AssertionError(f"none of {copies} can be taken back")
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
    return merges
