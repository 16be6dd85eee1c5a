"""Imports, edits, undos and redos in any order: nothing crashes, and the archive stays in step."""

import random
from pathlib import Path

import pytest

from articles.choices import Status
from articles.importing.undoing.undo import REDO, UNDO, NotPossible, take_back
from articles.models import Article, ImportRun, SourceEntry
from articles.writing import checking
from articles.writing.articles import delete_articles, set_status
from tests.importing import listings
from tests.importing.undoing import archive_rows, edit, entry, import_entries
from tests.thorough import times

pytestmark = pytest.mark.django_db

#: Three versions of one listing: entries come, go, are reworded, dated anew, renumbered.
FIRST = [entry(n) for n in range(8)] + [listings.PART_2, listings.PART_1, listings.STUB]
SECOND = [
    entry(20), *(entry(n, "Reworded text") for n in range(4)), *(entry(n) for n in range(4, 8)),
    (listings.PART_2[0], "Part 3: Silence", *listings.PART_2[2:]), listings.PART_1,
]  # fmt: skip
THIRD = [
    *(entry(n, byline="By Tomasz Łęk and Mira Oldcastle") for n in range(6)),
    (listings.PART_1[0], "Part 2: Noise", "By our correspondents, 20 February 2021", "Another."),
    (listings.PART_1[0], "By our correspondents, 20 February 2021", listings.PART_1[2]),
]


class Sequence:
    """One random life of an archive. The seed makes it the same on every run."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.random = random.Random(seed)
        self.folder = folder

    def step(self) -> str:
        """Do one thing; return what."""
        what = self.random.choice(
            ["import", "import", "edit", "status", "delete", "undo", "undo", "redo", "redo"]
        )
        done = getattr(self, f"do_{what}")()
        problems = list(checking.check())
        assert problems == [], (what, done, problems)
        return f"{what} {done}"

    def do_import(self) -> str:
        name = self.random.choice(["FIRST", "SECOND", "THIRD"])
        status = self.random.choice(["draft", "published"])
        tags = self.random.choice([(), ("--tag", "Extra"), ("--source", "Another")])
        run = import_entries(self.folder, *globals()[name], status=status, options=tags)
        return f"{run.pk} {name} {status} {tags}"

    def _article(self) -> Article | None:
        ids = sorted(Article.objects.values_list("pk", flat=True))
        return Article.objects.get(pk=self.random.choice(ids)) if ids else None

    def do_edit(self) -> str:
        article = self._article()
        if article is None:
            return "nothing"
        name = self.random.choice(["kicker", "standfirst", "headline", "slug"])
        edit(article, **{name: f"mine-{self.random.randrange(1000)}"})
        return f"{article.pk} {name}"

    def do_status(self) -> str:
        article = self._article()
        if article is None or article.published_on is None:
            return "nothing"
        status = self.random.choice([Status.PUBLISHED, Status.WITHDRAWN])
        if status == Status.WITHDRAWN and not article.was_public:
            return "nothing"
        set_status([article.pk], status, actor=None, reason="a test")
        return f"{article.pk} {status}"

    def do_delete(self) -> str:
        article = self._article()
        if article is None or article.was_public:
            return "nothing"
        delete_articles([article.pk], actor=None)
        return str(article.pk)

    def _take_back(self, action: str) -> str:
        runs = list(ImportRun.objects.order_by("pk"))
        if not runs:
            return "nothing"
        run = self.random.choice(runs)
        try:
            plan = take_back(run, action)
        except NotPossible as refusal:
            assert (run.undone is None) == (action == REDO)
            return str(refusal)
        run.refresh_from_db()
        assert (run.undone is None) == (action == REDO)
        stay = {row.id for row in plan.articles if row.outcome != "removed" and row.id > 0}
        missing = stay - set(Article.objects.values_list("pk", flat=True))
        assert {row.id for row in plan.articles if row.outcome == "blocked"} >= missing
        return str(plan.totals())

    def do_undo(self) -> str:
        return self._take_back(UNDO)

    def do_redo(self) -> str:
        return self._take_back(REDO)


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(times(20)))
def test_any_order_keeps_the_archive_in_step(tmp_path: Path, seed: int) -> None:
    sequence = Sequence(seed, tmp_path)
    story = [f"import {sequence.do_import()}"]
    try:
        story += [sequence.step() for _ in range(14)]
    finally:
        print("\n".join(story))  # noqa: T201  pytest shows it if the test fails
    assert not SourceEntry.objects.filter(article__isnull=False).exclude(
        article__in=Article.objects.all()
    )


@pytest.mark.slow
def test_a_long_life_keeps_the_archive_in_step(tmp_path: Path) -> None:
    # Many more are led by `python -m benchmarks.proof_sequences`.
    sequence = Sequence(1000, tmp_path)
    story = []
    try:
        for _ in range(80):
            story.append(sequence.step())
    finally:
        print("\n".join(story))  # noqa: T201


@pytest.mark.parametrize("seed", range(4))
def test_undone_from_the_newest_to_the_oldest_no_draft_is_left(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    before = archive_rows(keys=False)
    runs = [
        import_entries(tmp_path, *chance.choice([FIRST, SECOND, THIRD]), status="draft")
        for _ in range(4)
    ]
    imported = archive_rows("version", "updated", "contribution.id", "taggedarticle.id", "part.id")
    for run in reversed(runs):
        plan = take_back(run, UNDO)
        assert not plan.leaves_something
    assert archive_rows(keys=False) == before
    for run in runs:
        plan = take_back(run, REDO)
        assert not plan.leaves_something
    assert (
        archive_rows("version", "updated", "contribution.id", "taggedarticle.id", "part.id")
        == imported
    )
    assert list(checking.check()) == []
