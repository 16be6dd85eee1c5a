"""Whatever editors do, in whatever order: no address that readers ever reached becomes unknown, and
none that they never reached says that something was there."""

import datetime
import random
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from articles import clock
from articles.choices import Status
from articles.models import Article, Operation, Series, Tag
from articles.writing import checking, versions
from articles.writing.articles import WasPublic, delete_articles, save_article, set_status
from articles.writing.bulk_changes import Act, begin_undo, begin_work, can_be_undone, carry_on
from articles.writing.changes import ArticleChange, Credit, InvalidChange, Place, StaleVersion
from articles.writing.merge_preview import MergeRefused
from articles.writing.merging import MergeRefused as NotMerged
from articles.writing.merging import merge_articles
from articles.writing.name_merging import merge_named
from articles.writing.name_unmerging import unmerge
from articles.writing.names import InUse, delete_named, save_named
from authors.models import Author
from tests.factories import make_article
from tests.thorough import times

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

SLUGS = ("sea", "tide", "foam")
DATES = ("1871", "1871-02", "1871-02-01", "1871-02-03", "1872-02-01")
KINDS: dict[type[Any], str] = {Author: "authors", Tag: "tags", Series: "series"}
PERIODS = {
    "/".join(("/articles", *date.split("-")[:count], ""))
    for date in (*DATES, "1872-02-03", "1871-02-02")
    for count in (1, 2, 3)
}
NAMES = {
    f"/{folder}/{slug}/{rest}"
    for folder in KINDS.values()
    for slug in SLUGS
    for rest in ("", "feed.atom")
    if slug == "sea" or not rest
}
ADDRESSES = (*sorted(PERIODS), *sorted(NAMES))
REFUSED = (InvalidChange, InUse, MergeRefused, NotMerged, StaleVersion, WasPublic)


class Nothing(Exception):
    """There is none left to do it to."""


class Desk:
    """Editors who do one thing after another, as *chance* has it."""

    def __init__(self, chance: random.Random, monkeypatch: pytest.MonkeyPatch) -> None:
        self.chance = chance
        self.now = datetime.datetime(2021, 5, 1, tzinfo=datetime.UTC)
        monkeypatch.setattr(clock, "now", lambda: self.now)
        self.merges: list[Operation] = []
        self.bulk: list[Operation] = []
        #: The addresses of articles, which readers may find as well.
        self.articles: set[str] = set()

    def act(self) -> str:
        """Do one thing, or fail to; return what was tried."""
        acts: tuple[Callable[[], None], ...] = (
            self.publish, self.publish, self.schedule, self.withdraw, self.show_again, self.edit,
            self.edit, self.edit, self.restore, self.bulk_change, self.undo_bulk, self.merge,
            self.unmerge, self.merge_two_articles, self.rename, self.rename, self.create_name,
            self.delete_name, self.delete_draft,
        )  # fmt: skip
        chosen = self.chance.choice(acts)
        try:
            chosen()
        except (*REFUSED, Nothing) as error:
            return f"{chosen.__name__} refused: {error}"
        self.articles |= {
            article.get_absolute_url() for article in Article.objects.exclude(published_on=None)
        }
        return chosen.__name__

    def _some(self, kind: type[Any]) -> Any:
        rows = list(kind.objects.order_by("pk"))
        if not rows:
            raise Nothing
        return self.chance.choice(rows)

    def _lists(self) -> dict[str, Any]:
        author, tag, series = (
            self._some(kind) if kind.objects.exists() else None for kind in KINDS
        )
        return {
            "credits": [Credit(author.pk)] if author and self.chance.random() < 0.7 else [],
            "tags": [tag.pk] if tag and self.chance.random() < 0.7 else [],
            "parts": [Place(series.pk)] if series and self.chance.random() < 0.7 else [],
        }

    def _make(self, **fields: Any) -> None:
        article = make_article(
            f"Bell {Article.objects.count()}", status="draft",
            published_on=self.chance.choice(DATES),
        )  # fmt: skip
        fields = {"status": "published", **fields}
        save_article(ArticleChange(article=article, fields=fields, **self._lists()), actor=None)

    def publish(self) -> None:
        self._make()

    def schedule(self) -> None:
        due = self.now + datetime.timedelta(minutes=self.chance.randrange(1, 20))
        self._make(visible_from=due.isoformat())

    def withdraw(self) -> None:
        article = self._some(Article)
        set_status([article.pk], Status.WITHDRAWN, actor=None, reason="Wrong.")

    def show_again(self) -> None:
        set_status([self._some(Article).pk], Status.PUBLISHED, actor=None)

    def edit(self) -> None:
        article, lists = self._some(Article), self._lists()
        fields = {"published_on": self.chance.choice(DATES)} if self.chance.random() < 0.5 else {}
        kept = {name: value for name, value in lists.items() if self.chance.random() < 0.5}
        save_article(ArticleChange(article=article, fields=fields, **kept), actor=None)

    def restore(self) -> None:
        article = self._some(Article)
        now = versions.values_now(article)
        earlier = self.chance.randrange(1, article.version + 1)
        values = versions.values_of_version("article", article, now, earlier)
        values.pop("status"), values.pop("visible_from")
        versions.restore(article, values, actor=None, expected_version=article.version)

    def bulk_change(self) -> None:
        kind, field = self.chance.choice(((Author, "credits"), (Tag, "tags"), (Series, "parts")))
        name, other = self._some(kind), self._some(kind)
        act = Act(self.chance.choice(("add", "remove", "replace")), (field,), one=name.pk,
                  other=other.pk)  # fmt: skip
        wanted = list(Article.objects.order_by("pk").values_list("pk", "version"))
        work = begin_work(act, wanted, actor=None)
        self.bulk.append(carry_on(work.pk, lambda _article: True).operation)

    def undo_bulk(self) -> None:
        if self.bulk and can_be_undone(operation := self.bulk.pop()):
            carry_on(begin_undo(operation, actor=None).pk, lambda _article: True)

    def merge(self) -> None:
        kind = self.chance.choice(list(KINDS))
        survivor, copy = self._some(kind), self._some(kind)
        if survivor != copy:
            self.merges.append(merge_named(survivor, [copy], actor=None))

    def unmerge(self) -> None:
        if self.merges:
            unmerge(self.merges.pop(), actor=None)

    def merge_two_articles(self) -> None:
        survivor, copy = self._some(Article), self._some(Article)
        if survivor != copy:
            merge_articles(survivor.pk, copy.pk, actor=None)

    def rename(self) -> None:
        row = self._some(self.chance.choice(list(KINDS)))
        row.slug = self.chance.choice(SLUGS)
        save_named(row, actor=None)

    def create_name(self) -> None:
        kind, slug = self.chance.choice(list(KINDS)), self.chance.choice(SLUGS)
        called = f"{slug} {self.chance.randrange(10**6)}"
        save_named(kind(**{"title" if kind is Series else "name": called}, slug=slug), actor=None)

    def delete_name(self) -> None:
        delete_named(self._some(self.chance.choice(list(KINDS))), actor=None)

    def delete_draft(self) -> None:
        delete_articles([self._some(Article).pk], actor=None)


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(times(10)))
def test_no_address_that_was_reached_becomes_unknown(
    client: Client, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    desk = Desk(random.Random(seed), monkeypatch)
    for kind in KINDS:
        for slug in SLUGS[:2]:
            save_named(kind(**{"title" if kind is Series else "name": slug}), actor=None)
    make_article("Draft", status="draft", published_on=DATES[-1])
    reached: set[str] = set()
    done: list[str] = []
    for _turn in range(30):
        done.append(desk.act())
        desk.now += datetime.timedelta(minutes=5)
        for address in (*ADDRESSES, *sorted(desk.articles)):
            response = client.get(address)
            told = f"{address} answers {response.status_code} after {', '.join(done)}"
            if response.status_code in (200, 301):
                reached.add(address)
            elif address in reached:
                assert response.status_code == 410, told
            elif address in ADDRESSES:
                # An article that moves after it was withdrawn takes its tombstone along.
                assert response.status_code == 404, told
            if response.status_code == 301:
                found = client.get(response["Location"])
                assert found.status_code in (200, 410), f"{told}: {response['Location']}"
    assert list(checking.check()) == []
