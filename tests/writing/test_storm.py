"""Merging, taking back, confirming and deciding at once, in threads: no deadlock, nothing half."""

import contextlib
import itertools
import random
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from articles.choices import FindingState
from articles.importing import apply
from articles.models import Article, Finding, Series
from articles.writing import checking
from articles.writing.articles import save_article
from articles.writing.changes import ArticleChange, InvalidChange, StaleVersion
from articles.writing.findings import hold, settle_findings
from articles.writing.merge_preview import MergeRefused as NamesRefused
from articles.writing.merging import MergeRefused, merge_articles
from articles.writing.name_merging import merge_named
from articles.writing.name_unmerging import merges_into, unmerge
from articles.writing.names import save_named
from articles.writing.proposals import StaleProposal, confirm_proposal
from articles.writing.suggestions import CannotApply, apply_suggestions, decide_conflict
from articles.writing.unmerging import unmerge_article
from authors.models import Author
from tests.factories import make_article, make_author, make_series
from tests.importing.listings import CHARTS, import_json, write_listing
from tests.writing.test_concurrency import MOMENT, together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

#: What a writer may answer to somebody who comes too late. A deadlock is no answer.
ANSWERS = (
    MergeRefused, NamesRefused, StaleVersion, StaleProposal, CannotApply, InvalidChange,
    Author.DoesNotExist, IndexError,
)  # fmt: skip
_numbers = itertools.count()


class Storm:
    """An archive of few rows, on which everybody wants to do everything."""

    def __init__(self) -> None:
        self.authors = [make_author(f"Ana Brandt {letter}") for letter in "ABCD"]
        self.serial = make_series("The keeper")
        self.articles = [
            make_article(f"The lamp {n}", authors=[self.authors[n % 4]], tags=["Fog"])
            for n in range(6)
        ]
        for article in self.articles:
            self.doubt(article)

    def doubt(self, article: Article) -> None:
        """Put a conflict, a suggestion and a proposal about an article into the queue."""
        fields = {"kicker": {"imported": "", "source": "Of lamps", "archive": article.kicker}}
        number = next(_numbers)
        places = [{"article": article.pk, "part_number": number + 1}]
        for code, evidence, suggestion in (
            ("conflict", {"fields": fields}, None),
            ("kicker-or-subtitle", {}, {"fields": {"subtitle": "x"}, "was": {"subtitle": ""}}),
            ("series-prefix", {}, {"series": {"title": "The keeper", "kind": "serial",
                                              "spellings": [f"Keeper {number}"],
                                              "places": places}}),
        ):  # fmt: skip
            Finding.objects.create(
                code=code, message=code, article=article, fingerprint=f"{code} {number}",
                evidence=evidence, suggestion=suggestion,
            )  # fmt: skip

    def act(self, chance: random.Random) -> None:
        acts: list[Callable[[random.Random], Any]] = [
            self.merge, self.unmerge, self.confirm, self.decide, self.apply, self.settle,
            self.merge_names, self.unmerge_names, self.rename, self.save,
        ]  # fmt: skip
        with contextlib.suppress(*ANSWERS):
            chance.choice(acts)(chance)

    def finding(self, chance: random.Random, code: str) -> Finding:
        return chance.choice(list(Finding.objects.filter(code=code)))

    def merge(self, chance: random.Random) -> None:
        survivor, copy = chance.sample(self.articles, 2)
        merge_articles(survivor.pk, copy.pk, actor=None, credits=True)

    def unmerge(self, chance: random.Random) -> None:
        unmerge_article(chance.choice(self.articles).pk, actor=None)

    def confirm(self, chance: random.Random) -> None:
        confirm_proposal(self.finding(chance, "series-prefix"), None)

    def decide(self, chance: random.Random) -> None:
        decision = {"kicker": chance.choice(["take", "keep"])}
        decide_conflict(self.finding(chance, "conflict").pk, decision, actor=None)

    def apply(self, chance: random.Random) -> None:
        rows = list(Finding.objects.filter(code="kicker-or-subtitle"))
        apply_suggestions([row.pk for row in chance.sample(rows, 3)], actor=None)

    def settle(self, chance: random.Random) -> None:
        ids = list(Finding.objects.values_list("pk", flat=True))
        state = chance.choice([FindingState.OPEN, FindingState.RESOLVED])
        settle_findings(chance.sample(ids, 6), state, actor=None)

    def merge_names(self, chance: random.Random) -> None:
        rows = list(Author.objects.order_by("pk"))
        survivor, copy = rows[0], chance.choice(rows[1:])
        merge_named(survivor, [copy], actor=None)

    def unmerge_names(self, chance: random.Random) -> None:
        unmerge(merges_into(chance.choice(list(Author.objects.all())))[0], actor=None)

    def rename(self, chance: random.Random) -> None:
        row = Series.objects.get()
        row.title = f"The keeper {chance.randint(1, 9)}"
        save_named(row, actor=None)

    def save(self, chance: random.Random) -> None:
        article = Article.objects.get(pk=chance.choice(self.articles).pk)
        change = ArticleChange(article=article, fields={"kicker": str(chance.random())})
        save_article(change, actor=None)


@pytest.mark.parametrize("seed", range(2))
def test_a_storm_of_editors_has_no_deadlock(seed: int) -> None:
    storm = Storm()
    start = threading.Barrier(4)

    def editor(number: int) -> None:
        chance = random.Random(seed * 10 + number)
        start.wait(20)
        for _ in range(20 if connection.vendor == "postgresql" else 8):
            storm.act(chance)

    together(*(lambda number=number: editor(number) for number in range(4)))
    assert list(checking.check()) == []
    for article in Article.objects.merged():
        assert article.merged_into is not None
        assert article.merged_into.merged_into_id is None


def test_an_import_and_a_merge_wait_for_each_other_in_one_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What moves a part is written first: here the article with the greater number.
    moving = (
        "A history of the bell",
        "Part 2: Silence",
        "By Ana Brandt, 20 February 2021",
        "Bell.",
    )
    first = ("A history of the bell", "By Ana Brandt, 19 May 2020", "Hung.")
    import_json(write_listing(tmp_path, moving, first, CHARTS))
    low, high = sorted(Article.objects.exclude(headline=CHARTS[0]).values_list("pk", flat=True))
    if Article.objects.get(pk=high).part_label == "":
        low, high = high, low
    new = [
        (moving[0], "Part 3: Silence", *moving[2:]),
        (*first[:2], "Hung again."),
        (*CHARTS[:2], "Reworded."),
    ]
    path = write_listing(tmp_path, *new)
    written = threading.Event()
    stock = apply.write_articles

    def slow(*args: Any, **more: Any) -> Any:
        done = stock(*args, **more)
        written.set()
        time.sleep(MOMENT)
        return done

    # As it is in an import of thousands: what is written together is in order, all of it is not.
    monkeypatch.setattr(apply, "_chunks", lambda entries: ([planned] for planned in entries))
    monkeypatch.setattr(apply, "write_articles", slow)

    def merger() -> None:
        written.wait(20)
        with contextlib.suppress(*ANSWERS):
            merge_articles(low, high, actor=None)

    together(lambda: import_json(path), merger)
    assert Article.objects.get(pk=low).standfirst == "Hung again."
    assert list(checking.check()) == []


def test_findings_may_be_locked_in_pieces() -> None:
    article = make_article()
    first, second = (
        Finding.objects.create(code="stray-line", message=n, article=article, fingerprint=n)
        for n in "ab"
    )
    held = threading.Event()

    def writer() -> None:
        with transaction.atomic():
            hold([second.pk])
            held.set()
            time.sleep(MOMENT)
            hold([first.pk])

    def settler() -> None:
        assert held.wait(20)
        settle_findings([first.pk, second.pk], FindingState.RESOLVED, actor=None)

    together(writer, settler)
    assert not Finding.objects.filter(state=FindingState.OPEN).exists()
