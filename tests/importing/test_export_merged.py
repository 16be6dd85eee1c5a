"""An export that was made before articles were merged is read back without harm."""

from pathlib import Path
from typing import Any

import pytest

from articles.models import Article, Finding, SourceEntry
from articles.writing.merging import merge_articles
from articles.writing.unmerging import unmerge_article
from tests.factories import make_article, make_author, make_series
from tests.importing.listings import import_json, run
from tests.importing.test_export import export, write

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["copy first", "survivor first"])
def both(request: pytest.FixtureRequest) -> tuple[Article, Article]:
    """Two articles about the same, in either order of the export: the survivor and the copy."""
    days = ("2021-05-02", "2021-05-03")
    if request.param == "copy first":
        days = days[1], days[0]
    serial = make_series("The keeper")
    copy = make_article(
        "Charts that lye", published_on=days[1], standfirst="Three charts.", tags=["Charts"],
        authors=[(make_author("Ana Brandt"), "trl")], series=[(serial, 2)], byline="By Ana Brandt",
    )  # fmt: skip
    survivor = make_article("Charts that lie", published_on=days[0], standfirst="Three charts.")
    return survivor, copy


def totals(path: Path, *arguments: Any) -> dict[str, int]:
    found = import_json(path, *arguments)["totals"]
    return {name: number for name, number in found.items() if number and name != "entries"}


@pytest.mark.parametrize("options", [{}, {"tags": False, "parts": False}], ids=["all", "nothing"])
def test_both_entries_are_unchanged(
    both: tuple[Article, Article], tmp_path: Path, options: dict[str, bool]
) -> None:
    survivor, copy = both
    path = write(tmp_path, export())
    merge_articles(survivor.pk, copy.pk, actor=None, **options)
    parts = list(survivor.parts.values_list("series", "part_number"))
    for _again in range(2):
        assert totals(path) == {"unchanged": 2}
    assert run("import_listing", path, "--dry-run")[0] == 0
    assert not Finding.objects.filter(code__in=["conflict", "rejected", "key-unknown"]).exists()
    assert list(survivor.parts.values_list("series", "part_number")) == parts
    entries = SourceEntry.objects.filter(values__headline="Charts that lye")
    assert set(entries.values_list("article", flat=True)) == {copy.pk}
    unmerge_article(copy.pk, actor=None)
    assert totals(path) == {"unchanged": 2}


def test_the_copy_alone_is_unchanged(both: tuple[Article, Article], tmp_path: Path) -> None:
    survivor, copy = both
    text = export()
    head, *entries = text.split("\n\nHeadline: ")
    own = next(entry for entry in entries if entry.startswith("Charts that lye"))
    merge_articles(survivor.pk, copy.pk, actor=None)
    path = write(tmp_path, f"{head}\n\nHeadline: {own}")
    assert totals(path) == {"unchanged": 1}
    # What was edited in the file reaches the one that stays.
    path = write(tmp_path, f"{head}\n\nHeadline: {own}".replace("Three charts.", "Four charts."))
    assert totals(path) == {"update": 1}
    survivor.refresh_from_db()
    assert (survivor.headline, survivor.standfirst) == ("Charts that lie", "Four charts.")
    copy.refresh_from_db()
    assert copy.standfirst == "Three charts."


def test_what_was_edited_of_the_survivor_is_taken(
    both: tuple[Article, Article], tmp_path: Path
) -> None:
    survivor, copy = both
    text = export().replace("Headline: Charts that lie\n", "Headline: Charts that lied\n")
    import_json(write(tmp_path, export()))
    merge_articles(survivor.pk, copy.pk, actor=None)
    assert totals(write(tmp_path, text)) == {"update": 1, "unchanged": 1}
    survivor.refresh_from_db()
    assert survivor.headline == "Charts that lied"


def test_a_chain_of_merges_leads_to_the_last(tmp_path: Path) -> None:
    rows = [make_article(f"Chain {n}", published_on=f"2021-05-0{n}") for n in range(1, 4)]
    path = write(tmp_path, export())
    merge_articles(rows[1].pk, rows[0].pk, actor=None)
    merge_articles(rows[2].pk, rows[1].pk, actor=None)
    assert totals(path) == {"unchanged": 3}


def test_one_key_twice_is_still_refused(both: tuple[Article, Article], tmp_path: Path) -> None:
    survivor, copy = both
    text = export()
    merge_articles(survivor.pk, copy.pk, actor=None)
    entries = text.split("\n\nHeadline: ", 1)[1]
    path = write(tmp_path, f"{text}\nHeadline: {entries}")
    assert totals(path)["reject"] == 2
