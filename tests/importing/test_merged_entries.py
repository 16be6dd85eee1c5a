"""What listings say of an article that was merged into another one."""

from pathlib import Path
from typing import Any

import pytest

from articles.importing.merged import leads
from articles.models import Article
from articles.writing.merging import merge_articles
from tests.factories import make_article
from tests.importing.listings import import_json
from tests.importing.model.texts import LINKS, Piece, listing_text
from tests.importing.test_versions import Page, entry

COPY, OTHER_COPY, SURVIVOR = 1, 2, 9


@pytest.mark.parametrize("is_newest", [True, False])
def test_every_wording_of_a_copy_leads_on(is_newest: bool) -> None:
    rows = [("then", COPY, False), ("now", COPY, is_newest), ("apart", 5, True)]
    assert leads(rows, {COPY: SURVIVOR}) == {"then": SURVIVOR, "now": SURVIVOR}


def test_a_survivor_with_an_entry_of_its_own_follows_that_alone() -> None:
    rows = [("then", COPY, False), ("now", COPY, True), ("own", SURVIVOR, False)]
    assert leads(rows, {COPY: SURVIVOR}) == {"then": None, "now": None}


def test_of_two_copies_the_one_in_the_newest_listing_leads_on() -> None:
    rows = [("a", COPY, False), ("b", OTHER_COPY, True), ("c", COPY, False)]
    led = dict.fromkeys((COPY, OTHER_COPY), SURVIVOR)
    assert leads(rows, led) == {"a": None, "b": SURVIVOR, "c": None}


@pytest.mark.django_db
def test_a_listing_that_goes_back_to_an_earlier_wording_is_followed(tmp_path: Path) -> None:
    page = Page(tmp_path)
    rope = entry("A ledger of ropes at the north gate", "2 May 2021")
    page.holds(rope, entry("Fog over the bay", "9 May 2021"))
    page.holds(entry("A ledger of ropes at the south gate", "2 May 2021"))
    other = Page(tmp_path, "Harbours")
    other.holds(entry("The ledger of the ropes", "3 May 2021"))
    survivor = Article.objects.get(headline="The ledger of the ropes")
    merge_articles(survivor.pk, Article.objects.get(headline__contains="south").pk, actor=None)
    again = (rope[0], rope[1], "What is said of it now.")
    assert page.holds(again)["changes"] == ["CONFLICT"]
    survivor.refresh_from_db()
    assert survivor.source_entries.count() == 1


@pytest.mark.django_db
def test_of_two_entries_of_a_page_that_are_merged_the_report_says_so(tmp_path: Path) -> None:
    page = Page(tmp_path)
    both = [entry("A ledger of ropes", "2 May 2021"), entry("The ledger of ropes", "3 May 2021")]
    page.holds(*both)
    kept, copy = (Article.objects.get(headline=headline) for headline, *_ in both)
    merge_articles(kept.pk, copy.pk, actor=None)
    page.holds(entry("Fog over the bay", "9 May 2021"), *both)
    entries = import_json(page.path)["listings"][0]["entries"]
    assert [one["change"] for one in entries] == ["UNCHANGED"] * 3
    codes = [[remark["code"] for remark in one["diagnostics"]] for one in entries]
    assert "merged-here" in codes[2]
    assert "deleted-here" not in codes[2]


@pytest.mark.django_db
def test_what_the_copy_was_given_last_counts_field_by_field(tmp_path: Path) -> None:
    """A version that says nothing of a field leaves what one before it said, of copies too."""
    path = tmp_path / "page.txt"

    def listed(**said: int) -> dict[str, Any]:
        path.write_text(listing_text("Tides", (Piece(0, byline=1, **said),)), encoding="utf-8")
        return import_json(path, "--source", "Page")

    listed(link=0)
    listed(link=-1, standfirst=1)
    survivor, copy = make_article("Another thing"), Article.objects.get(byline="Ana Brandt")
    merge_articles(survivor.pk, copy.pk, actor=None)
    (entry,) = listed(link=1, standfirst=1)["listings"][0]["entries"]
    assert entry["conflicts"]["source_url"] == {
        "imported": LINKS[0], "source": LINKS[1], "archive": None,
    }  # fmt: skip
