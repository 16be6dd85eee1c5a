"""Versions of a listing over time: pages that roll on, entries that return, editors in between."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from articles.choices import FindingState
from articles.models import Article, Finding, ImportRun, Series, SourceEntry
from articles.writing import checking
from articles.writing.articles import delete_articles, save_article
from articles.writing.changes import ArticleChange, Place
from articles.writing.names import delete_named, save_named
from authors.models import Author
from tests.factories import make_article, make_author, make_series
from tests.importing import listings
from tests.importing.listings import import_json, run

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def everything_agrees(db: None) -> Any:
    yield
    assert list(checking.check()) == []


def entry(headline: str, date: str, by: str = "Ann Lee", text: str = "") -> tuple[str, ...]:
    standfirst = text or f"What there is to say about it: {headline.lower()}, in a sentence."
    return (headline, f"By {by}, {date}", standfirst)


class Page:
    """A topic page that changes."""

    def __init__(self, folder: Path, topic: str = "Tides") -> None:
        self.path = folder / "page.txt"
        self.topic = topic

    def holds(self, *entries: Sequence[str], options: Sequence[str] = ()) -> dict[str, Any]:
        """Import the page with these entries; return the totals and the changes."""
        text = "\n\n".join([self.topic, *(line for item in entries for line in item)]) + "\n"
        self.path.write_text(text, encoding="utf-8")
        report = import_json(self.path, *options)
        changes = [item["change"] for item in report["listings"][0]["entries"]]
        return {**report["totals"], "changes": changes, "gone": report["listings"][0]["gone"]}


@pytest.fixture
def topic_page(tmp_path: Path) -> Page:
    return Page(tmp_path)


def headlines() -> list[str]:
    return list(Article.objects.newest_first().values_list("headline", flat=True))


def test_a_page_that_rolls_on_makes_new_articles_and_keeps_the_old(topic_page: Page) -> None:
    weeks = [
        ("This week on the coast", f"{name} {text}", f"{day} 2017", f"{text}.")
        for name, text, day in (
            ("December 4-10:", "The harbour freezes over", "4 December"),
            ("November 27-December 3:", "The first ice is seen", "27 November"),
            ("November 20-26:", "A storm takes the pier", "20 November"),
            ("November 13-19:", "Herring come back in numbers", "13 November"),
        )
    ]
    topic_page.holds(*weeks[1:])
    result = topic_page.holds(*weeks[:-1])
    assert result["changes"] == ["CREATE", "UNCHANGED", "UNCHANGED"]
    assert [item["headline"] for item in result["gone"]] == [weeks[-1][1]]
    assert Article.objects.count() == 4


def test_a_page_of_equal_headlines_that_rolls_on_makes_new_articles(topic_page: Page) -> None:
    topic_page.holds(entry("Letters", "20 May 2020", text="One."))
    result = topic_page.holds(entry("Letters", "27 May 2020", text="Two."))
    assert result["changes"] == ["CREATE"]
    assert Article.objects.count() == 2


def test_another_article_in_the_same_place_is_another_article(topic_page: Page) -> None:
    first, last = entry("Alpha of the bay", "3 May 2020"), entry("Omega of the bay", "1 May 2020")
    topic_page.holds(first, entry("Herring and the long winter", "2 May 2020", "Ann Lee"), last)
    result = topic_page.holds(
        first, entry("Why coal matters more than ever", "2 May 2020", "Bob Ray"), last
    )
    assert result["changes"] == ["UNCHANGED", "CREATE", "UNCHANGED"]
    assert Article.objects.filter(headline="Herring and the long winter").exists()


def test_what_may_be_several_entries_waits_until_an_editor_says_so(topic_page: Page) -> None:
    old = [
        entry("The Chronicle of Hamburg", "1 May 2020"),
        entry("The Chronicle of Homburg", "1 May 2020"),
    ]
    new = entry("The Chronicle of Himburg", "1 May 2020")
    topic_page.holds(*old)
    for _ in range(4):
        assert topic_page.holds(new)["changes"] == ["REVIEW"]
    assert SourceEntry.objects.filter(change="REVIEW").count() == 1
    assert Article.objects.count() == 2
    Finding.objects.filter(code="entry-ambiguous").update(state=FindingState.DISMISSED)
    assert topic_page.holds(new)["changes"] == ["CREATE"]


def test_a_second_author_of_the_name_does_not_touch_what_is_there(topic_page: Page) -> None:
    old = entry("Ropes", "1 May 2020")
    topic_page.holds(old)
    second = make_author("Ann Lee")
    result = topic_page.holds(entry("Knots", "2 May 2020"), old)
    assert result["changes"] == ["REVIEW", "UNCHANGED"]
    delete_named(second, actor=None)
    assert topic_page.holds(entry("Knots", "2 May 2020"), old)["changes"] == ["CREATE", "UNCHANGED"]
    assert Article.objects.count() == 2


def test_an_older_version_between_two_newer_ones_loses_nobody(topic_page: Page) -> None:
    alpha, beta = entry("Alpha", "2 May 2020"), entry("Beta and the boats", "1 May 2020")
    topic_page.holds(alpha, beta)
    topic_page.holds(alpha, entry("Beta and the old boats", "1 May 2020"))
    topic_page.holds(alpha, beta)
    result = topic_page.holds(entry("Alpha", "2 May 2020", text="Said anew, and better."), beta)
    assert result["changes"] == ["UPDATE", "UNCHANGED"]
    assert sorted(headlines()) == ["Alpha", "Beta and the boats"]


def test_an_entry_that_stands_twice_is_two_articles(topic_page: Page) -> None:
    twice = entry("Again", "1 May 2020")
    topic_page.holds(twice)
    assert topic_page.holds(twice, twice)["changes"] == ["CREATE", "UNCHANGED"]
    changed = entry("Again", "1 May 2020", text="Both were reworded by the page's editors.")
    assert topic_page.holds(changed, changed)["changes"] == ["UPDATE", "UPDATE"]
    assert Article.objects.count() == 2


def test_the_old_and_the_new_wording_together_are_two_articles(topic_page: Page) -> None:
    old, new = entry("The harbour wall", "1 May 2020"), entry("The harbour walls", "1 May 2020")
    topic_page.holds(old)
    topic_page.holds(new)
    topic_page.holds(new, old)
    assert sorted(headlines()) == ["The harbour wall", "The harbour walls"]


def part(number: int, day: int, label: str = "") -> tuple[str, ...]:
    return (
        "A history of rope",
        label or f"Part {number}",
        f"By Ann Lee, {day} May 2020",
        f"What stands in the piece of {day} May, in a sentence.",
    )


def numbers() -> dict[str, int | None]:
    return {
        str(row.article.published_on): row.part_number
        for row in Series.objects.get(kind="serial").parts.select_related("article")
    }


def test_an_editors_series_survives_a_number_that_is_taken(topic_page: Page) -> None:
    topic_page.holds(part(3, 3), part(2, 2), part(1, 1))
    third = Article.objects.get(published_on="2020-05-03")
    picked = make_series("Editor's pick", kind="column")
    serial = Series.objects.get(kind="serial")
    save_article(
        ArticleChange(article=third, parts=[Place(serial.pk, 3), Place(picked.pk)]), actor=None
    )
    make_article("A rival", published_on="2019-01-01", series=[(serial, 4)])
    topic_page.holds(part(4, 3), part(2, 2), part(1, 1))
    assert third.parts.filter(series=picked).exists()
    assert third.parts.get(series=serial).part_number is None


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 3, 1), (4, 3, 2)])
def test_parts_are_renumbered_in_one_run(topic_page: Page, order: tuple[int, int, int]) -> None:
    topic_page.holds(part(1, 3), part(2, 2), part(3, 1))
    topic_page.holds(*(part(number, day) for number, day in zip(order, (3, 2, 1), strict=True)))
    assert numbers() == {
        "2020-05-03": order[0],
        "2020-05-02": order[1],
        "2020-05-01": order[2],
    }
    result = topic_page.holds(*(part(n, day) for n, day in zip(order, (3, 2, 1), strict=True)))
    assert result["unchanged"] == 3


def test_a_new_article_takes_the_number_that_an_old_one_gives_up(topic_page: Page) -> None:
    topic_page.holds(part(2, 3), part(1, 2))
    result = topic_page.holds(part(3, 3), part(2, 2), part(1, 1))
    assert result["changes"] == ["UPDATE", "UPDATE", "CREATE"]
    assert numbers() == {"2020-05-03": 3, "2020-05-02": 2, "2020-05-01": 1}


def test_tags_added_by_option_are_no_words_of_the_source(topic_page: Page) -> None:
    item = entry("Ropes", "1 May 2020")
    topic_page.holds(item, options=["--tag", "Extra"])
    assert topic_page.holds(item)["changes"] == ["UNCHANGED"]
    assert topic_page.holds(item, options=["--tag", "Extra"])["changes"] == ["UNCHANGED"]
    assert topic_page.holds(item, options=["--tag", "Other"])["changes"] == ["UPDATE"]
    assert {tag.name for tag in Article.objects.get().tags.all()} == {"Tides", "Extra", "Other"}


def test_a_tag_that_an_editor_renamed_is_still_that_tag(topic_page: Page) -> None:
    item = entry("Ropes", "1 May 2020")
    topic_page.holds(item)
    tag = Article.objects.get().tags.get()
    tag.name = "Tidal matters"
    save_named(tag, actor=None)
    result = topic_page.holds(entry("Knots", "2 May 2020"), item)
    assert result["changes"] == ["CREATE", "UNCHANGED"]
    assert [row.name for row in Article.objects.get(headline="Knots").tags.all()] == [
        "Tidal matters"
    ]


def test_an_entry_of_a_run_is_never_rewritten_by_a_later_one(topic_page: Page) -> None:
    item = entry("Ropes", "1 May 2020")
    topic_page.holds(item)
    reworded = entry("Ropes", "1 May 2020", text="Said anew, and better.")
    topic_page.holds(reworded)
    before = list(SourceEntry.objects.order_by("id").values())
    topic_page.holds(item)
    assert list(SourceEntry.objects.order_by("id").values())[: len(before)] == before
    assert [run_.entries.count() for run_ in ImportRun.objects.order_by("id")] == [1, 1, 1]


def test_a_long_topic_finds_its_source_again(tmp_path: Path) -> None:
    topic_page = Page(tmp_path, topic="Tides and currents of the " + "very " * 70 + "long coast")
    item = entry("Ropes", "1 May 2020")
    topic_page.holds(item)
    assert topic_page.holds(item)["changes"] == ["UNCHANGED"]
    assert ImportRun.objects.values("source").distinct().count() == 1


def test_a_headline_too_long_for_a_series_is_imported_without_one(topic_page: Page) -> None:
    title = "A history of rope, " + "told at length, " * 22
    one, two = (title, "Part 1", *part(1, 1)[2:]), (title, "Part 2", *part(2, 2)[2:])
    assert topic_page.holds(two, one)["create"] == 2
    assert not Series.objects.exists()


def test_a_name_of_two_hundred_letters_is_imported(topic_page: Page) -> None:
    name = "Ann " + "L" + "e" * 195
    assert topic_page.holds(entry("Ropes", "1 May 2020", name))["create"] == 1
    assert Author.objects.filter(name__startswith="Ann L").exists()


def test_two_spellings_of_one_author_are_one_credit(topic_page: Page) -> None:
    make_author("Ann Lee", aliases=["Anne Leigh"])
    topic_page.holds(entry("Ropes", "1 May 2020", "Ann Lee and Anne Leigh"))
    result = topic_page.holds(entry("Ropes", "1 May 2020", "Ann Lee and Anne Leigh", "Said anew."))
    assert result["changes"] == ["UPDATE"]
    assert Article.objects.get().contributions.count() == 1


def test_an_own_listing_of_the_samples_topic_is_a_source_of_its_own(tmp_path: Path) -> None:
    run("import_sample")
    topic = "History of Russia & the former Soviet Union"
    topic_page = Page(tmp_path, topic=topic)
    # The first entry of the sample, with a standfirst of its own, and one that is new.
    same = (
        "Dear Comrades: Russian film about the 1962 Novocherkassk massacre",
        "By Clara Weiss, 9 February 2021",
        "The words that the page itself has here, in a sentence.",
    )
    mine = entry("A new article of my own", "10 February 2021")
    assert topic_page.holds(mine, same)["changes"] == ["CREATE", "UPDATE"]
    _, out, _ = run("remove_sample")
    assert "99 articles of the sample removed, 1 kept" in out
    assert headlines() == ["A new article of my own", same[0]]
    assert topic_page.holds(mine, same)["unchanged"] == 2


def test_the_sample_does_not_come_into_an_archive_in_use(topic_page: Page) -> None:
    topic_page.holds(entry("Ropes", "1 May 2020"))
    _, out, _ = run("import_sample")
    assert "has articles of its own" in out
    assert headlines() == ["Ropes"]


def test_a_failure_names_its_file(topic_page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import DatabaseError

    from articles.importing import apply

    def fail(*args: Any) -> None:
        raise DatabaseError("the disk is full")

    topic_page.path.write_text(
        listings.listing_text(entry("Ropes", "1 May 2020")), encoding="utf-8"
    )
    monkeypatch.setattr(apply, "record_findings", fail)
    code, _, err = run("import_listing", topic_page.path, "--yes")
    assert code == 3
    assert "page.txt: failed and rolled back: the disk is full" in err


OLD_ROPES = ("The ropewalk in winter", "1 May 2020")


def test_what_was_rejected_and_comes_in_a_form_that_can_be_read_waits_no_more(
    tmp_path: Path,
) -> None:
    path = tmp_path / "list.csv"

    def imported(**dates: str) -> dict[str, Any]:
        rows = [f"The {name} is raised;Ann Lee;{date}" for name, date in dates.items()]
        path.write_text("\n".join(["Title;Author;Date", *rows]) + "\n", encoding="utf-8")
        return import_json(path)

    def waiting() -> int:
        return Finding.objects.filter(state=FindingState.OPEN, article=None).count()

    assert imported(chain="soon", buoy="later")["totals"]["reject"] == 2
    both = waiting()
    assert imported(chain="soon", buoy="2 May 2021")["totals"]["create"] == 1
    one = waiting()
    assert 0 < one < both
    corrected = imported(chain="5 May 2021", buoy="2 May 2021")
    assert corrected["totals"]["create"] == 1
    # Nothing of it was ever here that could be missed.
    assert corrected["listings"][0]["gone"] == []
    assert waiting() == 0
    # An undo asks again, and so does a listing that goes back.
    code, _, _ = run("undo_import", ImportRun.objects.latest("id").pk, "--yes")
    assert (code, waiting()) == (0, one)
    imported(chain="5 May 2021", buoy="2 May 2021")
    assert waiting() == 0
    imported(chain="soon", buoy="2 May 2021")
    assert Finding.objects.filter(code="rejected", state=FindingState.OPEN).count() == 1
    imported(buoy="2 May 2021")
    assert not Finding.objects.filter(code="rejected", state=FindingState.OPEN).exists()


def test_an_entry_that_was_gone_and_returns_reworded_is_its_old_article(topic_page: Page) -> None:
    other = entry("Else", "9 May 2020")
    topic_page.holds(other, entry(*OLD_ROPES))
    assert topic_page.holds(other)["gone"]
    result = topic_page.holds(other, entry("The ropewalk in the winter", "1 May 2020"))
    assert result["changes"] == ["UNCHANGED", "UPDATE"]
    assert headlines() == ["Else", "The ropewalk in the winter"]


def test_an_entry_that_returns_under_a_new_headline_is_known_by_its_standfirst(
    topic_page: Page,
) -> None:
    other, text = entry("Else", "9 May 2020"), "The hemp froze on the hooks, and the walk stood."
    topic_page.holds(other, entry(*OLD_ROPES, text=text))
    topic_page.holds(other)
    result = topic_page.holds(other, entry("Winter comes to the ropewalk", "1 May 2020", text=text))
    assert result["changes"] == ["UNCHANGED", "UPDATE"]


def test_an_entry_that_returns_and_may_be_several_waits(topic_page: Page) -> None:
    other = entry("Else", "9 May 2020")
    old = [entry("The Chronicle of Hamburg", "1 May 2020"), entry("The Chronicle of Homburg", "1 May 2020")]  # fmt: skip  # noqa: E501
    topic_page.holds(other, *old)
    topic_page.holds(other)
    assert topic_page.holds(other, entry("The Chronicle of Himburg", "1 May 2020"))["changes"] == [
        "UNCHANGED",
        "REVIEW",
    ]
    assert Article.objects.count() == 3


@pytest.mark.parametrize(
    ("headline", "date", "by"),
    [
        ("The ropewalk in the winter", "2 May 2020", "Ann Lee"),
        ("The ropewalk in a summer of storms", "1 May 2020", "Ann Lee"),
        ("The ropewalk in the winter", "1 May 2020", "Bob Ray"),
    ],
)
def test_what_is_not_clearly_the_entry_that_was_gone_is_a_new_one(
    topic_page: Page, headline: str, date: str, by: str
) -> None:
    other = entry("Else", "9 May 2020")
    topic_page.holds(other, ("The ropewalk in winter", "By Ann Lee, 1 May 2020", "A first text."))
    topic_page.holds(other)
    result = topic_page.holds(other, (headline, f"By {by}, {date}", "Something else is said here."))
    assert sorted(result["changes"]) == ["CREATE", "UNCHANGED"]


def test_a_deleted_article_stays_deleted_when_its_entry_returns_reworded(topic_page: Page) -> None:
    other = entry("Else", "9 May 2020")
    topic_page.holds(other, entry(*OLD_ROPES), options=["--status", "draft"])
    delete_articles([Article.objects.get(headline=OLD_ROPES[0]).pk], actor=None)
    topic_page.holds(other)
    result = topic_page.holds(other, entry("The ropewalk in the winter", "1 May 2020"))
    assert result["changes"] == ["UNCHANGED", "UNCHANGED"]
    assert headlines() == ["Else"]


def test_what_a_page_said_last_counts_even_if_it_changed_nothing(topic_page: Page) -> None:
    first, second = (
        (entry("The chain", "3 May 2021", text=text), entry("The bell", "2 May 2021"))
        for text in ("The first wording of it.", "The second wording of it.")
    )
    topic_page.holds(*first)
    assert topic_page.holds(*second)["changes"][0] == "UPDATE"
    article = Article.objects.get(headline="The chain")
    wording = {"standfirst": "The first wording of it."}
    save_article(ArticleChange(article=article, fields=wording), actor=None)
    assert topic_page.holds(*first)["changes"][0] == "UNCHANGED"
    assert topic_page.holds(*second)["changes"][0] == "UPDATE"
    article.refresh_from_db()
    assert article.standfirst == "The second wording of it."
