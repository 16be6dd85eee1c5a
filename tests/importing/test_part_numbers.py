"""Places in series that a listing states: whose number it is, and what stands if both sides move
one."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User

from articles.choices import FindingState
from articles.importing.deciding import choose_article
from articles.importing.undoing.undo import UNDO, take_back
from articles.models import Article, Finding, ImportRun, Series
from articles.writing.articles import save_article
from articles.writing.changes import ArticleChange, Place
from articles.writing.suggestions import KEEP, TAKE, decide_conflict
from tests.importing.listings import import_json

pytestmark = pytest.mark.django_db

WATCH, NOTES = "The long watch", "Notes of a pilot"


@pytest.fixture
def editor() -> User:
    return User.objects.create_user("ed", is_staff=True)


def entry(headline: str, *series: str, byline: str = "Mira Oldcastle", day: int = 2) -> str:
    lines = [f"Headline: {headline}", f"Byline: {byline}", f"Date: 2021-05-{day:02d}"]
    return "\n".join([*lines, *(f"Series: {one}" for one in series or ("",))])


def listed(folder: Path, *entries: str, options: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """Import the entries; return what became of them."""
    path = folder / "page.txt"
    path.write_text("\n\n".join(["Listing: Tides", *entries]) + "\n", encoding="utf-8")
    found: list[dict[str, Any]] = import_json(path, *options)["listings"][0]["entries"]
    return found


def places(headline: str) -> dict[str, int | None]:
    article = Article.objects.get(headline=headline)
    return dict(article.parts.values_list("series__title", "part_number"))


def moved(editor: User, headline: str, **numbers: int | None) -> None:
    """Let an editor give the article exactly these places, by the first word of the series."""
    parts = [
        Place(Series.objects.get(title__icontains=word).pk, number)
        for word, number in numbers.items()
    ]
    article = Article.objects.get(headline=headline)
    save_article(ArticleChange(article=article, parts=parts), actor=editor)


def conflict() -> Finding:
    return Finding.objects.get(code="conflict", state=FindingState.OPEN)


def test_a_number_that_another_article_has_is_no_change(tmp_path: Path) -> None:
    first, second = entry("Fog", f"{WATCH} (serial, part 1)"), entry("Rope", f"{WATCH} (serial)")
    listed(tmp_path, first, second)
    twice = entry("Rope", f"{WATCH} (serial, part 1)")
    (_first, found) = listed(tmp_path, first, twice)
    assert (found["change"], found["fields"]) == ("UNCHANGED", {})
    assert [remark["code"] for remark in found["diagnostics"]] == ["part-number-taken"]
    assert places("Rope") == {WATCH: None}


def test_a_place_that_an_editor_numbered_does_not_go_with_the_listing(
    tmp_path: Path, editor: User
) -> None:
    listed(tmp_path, entry("Fog", f"{WATCH} (serial, part 1)"))
    moved(editor, "Fog", watch=3)
    (found,) = listed(tmp_path, entry("Fog"))
    assert (found["change"], list(found["conflicts"])) == ("CONFLICT", ["series"])
    assert places("Fog") == {WATCH: 3}
    decide_conflict(conflict().pk, {"series": TAKE}, actor=editor)
    assert places("Fog") == {}
    assert listed(tmp_path, entry("Fog"))[0]["change"] == "UNCHANGED"


def test_a_place_that_an_editor_took_away_and_the_listing_numbers_anew_is_asked_about(
    tmp_path: Path, editor: User
) -> None:
    listed(tmp_path, entry("Fog", f"{WATCH} (serial, part 1)"))
    moved(editor, "Fog")
    (found,) = listed(tmp_path, entry("Fog", f"{WATCH} (serial, part 2)"))
    assert (found["change"], list(found["conflicts"])) == ("CONFLICT", ["series"])
    assert places("Fog") == {}
    decide_conflict(conflict().pk, {"series": KEEP}, actor=editor)
    assert listed(tmp_path, entry("Fog", f"{WATCH} (serial, part 2)"))[0]["change"] == "UNCHANGED"
    assert places("Fog") == {}


def test_what_an_editor_added_stays_when_the_listings_places_are_taken(
    tmp_path: Path, editor: User
) -> None:
    other = entry("Rope", f"{NOTES} (column)", day=9)
    listed(tmp_path, entry("Fog", f"{WATCH} (serial, part 1)"), other)
    moved(editor, "Fog", watch=3, pilot=None)
    listed(tmp_path, entry("Fog"), other)
    decide_conflict(conflict().pk, {"series": TAKE}, actor=editor)
    assert places("Fog") == {NOTES: None}


# An entry that waited for an editor


@pytest.fixture
def typed(editor: User) -> Article:
    fields = {"headline": "Fog", "byline": "Ana Brandt", "published_on": "2021-05-02"}
    return save_article(ArticleChange(fields=fields), actor=editor)


def waiting(folder: Path, *series: str, options: tuple[str, ...] = ()) -> Finding:
    """Import an entry of which only an editor can say whether it is the article typed in."""
    (_other, found) = listed(
        folder, entry("Rope", f"{WATCH} (serial, part 1)", day=9), entry("Fog", *series),
        options=options,
    )  # fmt: skip
    assert found["change"] == "REVIEW"
    return Finding.objects.get(code="entry-ambiguous", state=FindingState.OPEN)


@pytest.mark.parametrize("is_new", [True, False])
def test_it_gets_the_numbers_that_are_free_and_the_tags_of_its_file(
    typed: Article, tmp_path: Path, editor: User, is_new: bool
) -> None:
    series = (f"{WATCH} (serial, part 1)", "Rooms of the house (serial, part 4)")
    finding = waiting(tmp_path, *series, options=("--tag", "By hand"))
    chosen = None if is_new else typed.pk
    article = choose_article(finding.pk, chosen, actor=editor, publish=True)
    found = dict(article.parts.values_list("series__title", "part_number"))
    assert found == {WATCH: None, "Rooms of the house": 4}
    assert sorted(article.tags.names()) == ["By hand", "Tides"]


def test_it_gets_the_tags_of_its_file_too_if_nobody_needs_to_decide_any_more(
    typed: Article, tmp_path: Path, editor: User
) -> None:
    options = ("--tag", "By hand")
    finding = waiting(tmp_path, options=options)
    Finding.objects.filter(pk=finding.pk).update(state=FindingState.DISMISSED)
    fields = {"headline": "Something else"}
    save_article(ArticleChange(article=typed, fields=fields), actor=editor)
    other = entry("Rope", f"{WATCH} (serial, part 1)", day=9)
    (_other, found) = listed(tmp_path, other, entry("Fog"), options=options)
    assert found["change"] == "CREATE"
    made = Article.objects.get(headline="Fog")
    assert sorted(made.tags.names()) == ["By hand", "Tides"]


def test_what_the_listing_took_away_meanwhile_goes(tmp_path: Path, editor: User) -> None:
    """Of the article that the entry is found to be."""
    fog = entry("The fog over the harbour in May", f"{WATCH} (serial, part 1)")
    again = entry("The fog over the harbour in June", f"{NOTES} (column)")
    listed(tmp_path, fog, again)
    (found,) = listed(tmp_path, entry("The fog over the harbour in Jule"))
    assert found["change"] == "REVIEW"
    finding = Finding.objects.get(code="entry-ambiguous", state=FindingState.OPEN)
    may = Article.objects.get(headline__endswith="May")
    article = choose_article(finding.pk, may.pk, actor=editor, publish=True)
    assert article == Article.objects.get(headline__endswith="Jule")
    assert article.parts.count() == 0


@pytest.mark.parametrize("is_new", [True, False])
def test_it_is_asked_about_again_if_its_import_is_undone_and_comes_again(
    typed: Article, tmp_path: Path, editor: User, is_new: bool
) -> None:
    draft = ("--status", "draft")
    finding = waiting(tmp_path, options=draft)
    choose_article(finding.pk, None if is_new else typed.pk, actor=editor, publish=True)
    take_back(ImportRun.objects.get(), UNDO, actor=editor)
    again = waiting(tmp_path, options=draft)
    assert again == finding
    article = choose_article(again.pk, typed.pk, actor=editor, publish=True)
    assert article == typed
    (_other, found) = listed(
        tmp_path, entry("Rope", f"{WATCH} (serial, part 1)", day=9), entry("Fog")
    )
    assert found["change"] == "UNCHANGED"
    assert Article.objects.filter(headline="Fog").count() == 1
