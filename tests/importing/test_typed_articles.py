"""Articles typed in by hand, when a listing brings them: matched, or held for an editor, never
made twice; and articles found by the permanent key that an entry states."""

from pathlib import Path
from typing import Any

import pytest

from articles.choices import FindingState
from articles.importing.plan import make_plan
from articles.importing.records import Options, ParsedEntry, ParsedListing, Plan
from articles.importing.snapshot import Snapshot
from articles.models import Article, Finding
from articles.writing.articles import delete_articles, save_article
from articles.writing.changes import ArticleChange
from tests.factories import make_article, make_author, make_series
from tests.importing.listings import import_json, write_listing

pytestmark = pytest.mark.django_db

ENTRY = (
    "The harbour chain is raised",
    "By Mira Oldcastle, 5 May 2021",
    "The chain was last seen in the year of the long fog.",
)


def brought(folder: Path, *entries: tuple[str, ...]) -> dict[str, Any]:
    """Import a listing of *entries*; return the report of the first."""
    listing = import_json(write_listing(folder, *(entries or (ENTRY,))))["listings"][0]
    entry: dict[str, Any] = listing["entries"][0]
    return entry


def typed(**fields: Any) -> Article:
    values: dict[str, Any] = {
        "headline": ENTRY[0],
        "byline": "Mira Oldcastle",
        "authors": ["Mira Oldcastle"],
        "published_on": "2021-05-05",
        "standfirst": ENTRY[2],
        "tags": ["Tides of Ostrany"],
    }
    return make_article(**values | fields)


def test_an_equal_article_is_unchanged(tmp_path: Path) -> None:
    article = typed()
    entry = brought(tmp_path)
    assert (entry["change"], entry["article"]) == ("UNCHANGED", article.public_key.key)
    assert Article.objects.count() == 1


@pytest.mark.parametrize("byline", ["By Mira Oldcastle", "by Mira Oldcastle", "Von Mira Oldcastle"])
def test_a_byline_is_compared_by_what_it_says(tmp_path: Path, byline: str) -> None:
    article = typed(byline=byline)
    entry = brought(tmp_path)
    assert (entry["change"], entry["conflicts"]) == ("UNCHANGED", {})
    assert entry["article"] == article.public_key.key
    article.refresh_from_db()
    assert article.byline == byline
    assert not Finding.objects.exists()


@pytest.mark.parametrize(
    "byline", ["Bymira Oldcastle", "By Mira Oldcastle and Ana Brandt", "Staff"]
)
def test_a_byline_that_says_something_else_is_asked_about(tmp_path: Path, byline: str) -> None:
    typed(byline=byline)
    assert brought(tmp_path)["change"] == "REVIEW"


def test_an_editors_byline_stands_when_the_listing_comes_to_say_the_same(tmp_path: Path) -> None:
    brought(tmp_path)
    article = Article.objects.get(headline=ENTRY[0])
    save_article(
        ArticleChange(article=article, fields={"byline": "By Mira Oldcastle & Ana Brandt"}),
        actor=None,
    )
    both = (ENTRY[0], "By Mira Oldcastle and Ana Brandt, 5 May 2021", ENTRY[2])
    entry = brought(tmp_path, both)
    assert "byline" not in {**entry["conflicts"], **entry["fields"]}
    article.refresh_from_db()
    assert article.byline == "By Mira Oldcastle & Ana Brandt"


@pytest.mark.parametrize(
    ("fields", "filled"),
    [
        ({"standfirst": ""}, ["standfirst"]),
        ({"byline": ""}, ["byline"]),
        ({"byline": "", "authors": []}, ["byline", "authors"]),
        ({"authors": []}, ["authors"]),
        ({"tags": []}, ["tags"]),
        ({"tags": ["Chains"]}, ["tags"]),
    ],
)
def test_what_is_empty_is_filled(tmp_path: Path, fields: dict[str, Any], filled: list[str]) -> None:
    article = typed(**fields)
    entry = brought(tmp_path)
    assert (entry["change"], list(entry["fields"])) == ("UPDATE", filled)
    article.refresh_from_db()
    assert article.byline == "Mira Oldcastle"
    assert article.credit == "Mira Oldcastle"
    assert article.standfirst == ENTRY[2]
    assert "Tides of Ostrany" in {tag.name for tag in article.tags.all()}
    assert Article.objects.count() == 1
    assert brought(tmp_path)["change"] == "UNCHANGED"


@pytest.mark.parametrize(
    ("fields", "differing"),
    [
        ({"standfirst": "Said in other words."}, ["standfirst"]),
        ({"headline": "THE HARBOUR CHAIN IS RAISED"}, ["headline"]),
        ({"headline": "The hárbour chain is raised"}, ["headline"]),
        ({"byline": "mira oldcastle"}, ["byline"]),
        ({"authors": ["Tomasz Łęk"]}, ["authors"]),
        ({"authors": ["Mira Oldcastle", "Tomasz Łęk"]}, ["authors"]),
    ],
)
def test_what_differs_is_a_conflict_and_the_editor_stands(
    tmp_path: Path, fields: dict[str, Any], differing: list[str]
) -> None:
    article = typed(**fields)
    entry = brought(tmp_path)
    assert (entry["change"], list(entry["conflicts"])) == ("CONFLICT", differing)
    assert entry["article"] == article.public_key.key
    assert Article.objects.count() == 1
    before = (article.headline, article.standfirst, article.byline, article.credit)
    article.refresh_from_db()
    assert (article.headline, article.standfirst, article.byline, article.credit) == before


def test_a_series_of_the_editor_stays_beside_what_the_listing_says(tmp_path: Path) -> None:
    article = typed(series=[make_series("Editor's pick", kind="column")])
    assert brought(tmp_path)["change"] == "UNCHANGED"
    assert article.parts.get().series.title == "Editor's pick"


def test_a_missing_kicker_is_filled(tmp_path: Path) -> None:
    article = typed(headline="March", byline="", standfirst="In March the lamp was out twice.")
    diary = [
        ("The keeper’s diary", name, "By Mira Oldcastle, 5 " + name + " 2021", "It was quiet.")
        for name in ("March", "February", "January")
    ]
    save_article(ArticleChange(article=article, fields={"published_on": "2021-03-05"}), actor=None)
    entry = brought(tmp_path, *diary)
    assert entry["kicker"] == "The keeper’s diary"
    assert entry["article"] == article.public_key.key
    assert next(iter(entry["fields"])) == "kicker"
    assert Article.objects.count() == 3


@pytest.mark.parametrize(
    "fields",
    [
        {"published_on": "2021-05"},
        {"published_on": "2021"},
        {"byline": "M. Oldcastle"},
        {"kicker": "A kicker that the listing has not", "byline": "M. Oldcastle"},
    ],
)
def test_what_is_only_weakly_equal_waits_for_an_editor(
    tmp_path: Path, fields: dict[str, Any]
) -> None:
    article = typed(**fields)
    for _ in range(2):
        entry = brought(tmp_path)
        assert (entry["change"], entry["article"]) == ("REVIEW", None)
    assert Article.objects.count() == 1
    finding = Finding.objects.get(code="entry-ambiguous")
    assert finding.evidence["alternatives"][0]["article"] == article.public_key.key
    # "Not a problem": it is another article.
    Finding.objects.update(state=FindingState.DISMISSED)
    assert brought(tmp_path)["change"] == "CREATE"
    assert Article.objects.count() == 2


def test_an_editor_who_makes_it_equal_settles_it_too(tmp_path: Path) -> None:
    article = typed(published_on="2021-05")
    assert brought(tmp_path)["change"] == "REVIEW"
    save_article(ArticleChange(article=article, fields={"published_on": "2021-05-05"}), actor=None)
    entry = brought(tmp_path)
    assert (entry["change"], entry["article"]) == ("UNCHANGED", article.public_key.key)


def test_two_articles_that_it_may_be_wait_for_an_editor(tmp_path: Path) -> None:
    typed(byline="")
    typed(byline="", slug="another")
    assert brought(tmp_path)["change"] == "REVIEW"


def test_two_entries_that_may_be_it_wait_for_an_editor(tmp_path: Path) -> None:
    typed(byline="")
    other = (ENTRY[0], "By Ana Brandt, 5 May 2021", "Another piece under the same headline.")
    path = write_listing(tmp_path, ENTRY, other)
    entries = import_json(path)["listings"][0]["entries"]
    assert [entry["change"] for entry in entries] == ["REVIEW", "REVIEW"]


def test_a_less_exact_listing_waits_too(tmp_path: Path) -> None:
    typed()
    assert brought(tmp_path, (ENTRY[0], "By Mira Oldcastle, May 2021", ENTRY[2]))["change"] == (
        "REVIEW"
    )


def test_another_article_of_the_day_is_another(tmp_path: Path) -> None:
    typed(headline="The harbour chain is lowered")
    assert brought(tmp_path)["change"] == "CREATE"


def test_what_another_source_brought_is_no_article_typed_in_by_hand(tmp_path: Path) -> None:
    brought(tmp_path)
    path = write_listing(
        tmp_path, (ENTRY[0], "By Ana Brandt, 5 May 2021", "Another piece."), name="other.txt"
    )
    assert import_json(path, "--source", "Other")["totals"]["create"] == 1


# -- permanent keys ---------------------------------------------------------------------------


def planned(*all_values: dict[str, Any], source: str = "Tides") -> Plan:
    """Return the plan of entries whose values are stated, keys among them."""
    entries = [
        ParsedEntry(
            place, place + 1, place + 1, "text", {"headline": "H", "published_on": "2021-05-05"} | v
        )
        for place, v in enumerate(all_values)
    ]
    listing = ParsedListing(
        "a.txt", "0" * 64, 1, "utf-8", "text", source, len(entries), True, entries
    )
    return make_plan(listing, source, Options(status="published"), Snapshot())


def test_a_key_leads_to_its_article_whatever_the_rest_says() -> None:
    article = typed()
    plan = planned({"key": article.public_key.key, "headline": "Other", "published_on": "2020"})
    (entry,) = plan.entries
    assert entry.article is not None
    assert (entry.article.id, entry.change) == (article.pk, "CONFLICT")


def test_nobody_is_said_to_have_changed_what_comes_for_the_first_time(tmp_path: Path) -> None:
    typed(standfirst="Something else altogether.")
    brought(tmp_path)
    finding = Finding.objects.get(code="conflict")
    assert finding.message == "Listing and editor differ in standfirst; the editor's value stands."


def test_an_entry_with_a_key_is_given_no_topic_and_no_series() -> None:
    article = typed()
    plan = planned({"key": article.public_key.key, "headline": ENTRY[0], "tags": []})
    assert plan.entries[0].change == "UNCHANGED"
    assert plan.entries[0].values["tags"] == []


def test_an_unknown_key_is_remarked_on_and_says_nothing() -> None:
    plan = planned({"key": "zzzzzzzz"}, {"headline": "Other"})
    assert [entry.change for entry in plan.entries] == ["CREATE", "CREATE"]
    assert [remark["code"] for remark in plan.proposals] == ["key-unknown"]
    assert "zzzzzzzz" in plan.proposals[0]["message"]


def test_a_key_alone_opens_no_draft() -> None:
    article = typed(status="draft")
    key = article.public_key.key
    plan = planned({"key": key, "headline": "Guessed"})
    assert plan.entries[0].article is None
    assert [remark["code"] for remark in plan.proposals] == ["key-unknown"]
    plan = planned({"key": key, "headline": ENTRY[0], "byline": "Mira Oldcastle"})
    assert plan.entries[0].article is not None
    assert not plan.proposals


def test_a_key_that_two_entries_state_leads_from_the_first_only() -> None:
    article = typed()
    plan = planned({"key": article.public_key.key}, {"key": article.public_key.key})
    assert [entry.change for entry in plan.entries] == ["CONFLICT", "REJECT"]
    assert plan.entries[1].article is None


def test_the_key_of_a_deleted_article_leaves_it_deleted() -> None:
    article = typed(status="draft")
    key = article.public_key.key
    delete_articles([article.pk], actor=None)
    plan = planned({"key": key})
    assert plan.entries[0].change == "UNCHANGED"
    assert [remark["code"] for remark in plan.entries[0].diagnostics] == ["deleted-here"]


def test_a_key_takes_an_article_from_the_entry_that_had_it(tmp_path: Path) -> None:
    brought(tmp_path)
    article = Article.objects.get()
    values = {"headline": ENTRY[0], "byline": "Mira Oldcastle"}
    plan = planned({"key": article.public_key.key}, values, source="Tides of Ostrany")
    assert plan.entries[0].article is not None
    assert plan.entries[0].known is not None
    assert plan.entries[1].article is None


def test_a_name_of_two_authors_means_the_one_that_is_credited() -> None:
    first = make_author("Ana Brandt")
    make_author("Ana Brandt", slug="ana-brandt-2")
    article = typed(authors=[first], byline="Ana Brandt")
    credit = {"name": "Ana Brandt", "kind": "person", "role": "aut"}
    plan = planned(
        {
            "key": article.public_key.key, "headline": ENTRY[0], "byline": "Ana Brandt",
            "authors": [credit], "standfirst": ENTRY[2],
        }
    )  # fmt: skip
    assert plan.entries[0].change == "UNCHANGED"
