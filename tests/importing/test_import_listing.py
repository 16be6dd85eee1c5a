"""manage.py import_listing, from the file to the rows: plan, apply, run again, newer versions."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from articles.choices import FindingState, OperationKind
from articles.models import (
    Article,
    FieldChange,
    Finding,
    ImportRun,
    Operation,
    Series,
    SourceEntry,
    SourceListing,
    Tag,
)
from articles.writing import checking
from articles.writing.articles import delete_articles, save_article
from articles.writing.changes import ArticleChange
from authors.models import Author
from tests.factories import make_article, make_author
from tests.importing import listings
from tests.importing.listings import import_json, listing_text, run, write_listing

pytestmark = pytest.mark.django_db


@pytest.fixture
def listing(tmp_path: Path) -> Path:
    return write_listing(tmp_path, *listings.FIRST)


def counts() -> dict[str, int]:
    return {
        model.__name__: model._default_manager.count()
        for model in (Article, Author, Series, Tag, Finding, ImportRun, Operation, SourceEntry)
    }


def test_the_first_import_creates_everything_that_the_listing_says(listing: Path) -> None:
    report = import_json(listing)
    assert report["totals"] == {
        "entries": 8,
        "create": 8,
        "update": 0,
        "unchanged": 0,
        "conflict": 0,
        "review": 0,
        "reject": 0,
        "unclaimed_lines": 0,
        "public": 7,
    }
    article = Article.objects.get(headline="Charts that lie")
    assert (article.byline, article.credit) == ("Mira Oldcastle and Tomasz Łęk",) * 2
    assert str(article.published_on) == "2021-05-02"
    assert [tag.name for tag in article.tags.all()] == [listings.TOPIC]
    assert Author.objects.get(name="our correspondents").kind == "collective"
    assert not list(checking.check())


def test_series_come_from_the_evidence_of_the_listing(listing: Path) -> None:
    import_json(listing)
    serial = Series.objects.get(kind="serial")
    assert serial.title == "A history of the bell buoy"
    assert list(serial.parts.values_list("part_number", flat=True)) == [1, 2]
    column = Series.objects.get(kind="column")
    assert (column.title, column.parts.count()) == ("The keeper’s diary", 3)


def test_an_internal_slug_comes_in_as_a_draft_with_a_finding(listing: Path) -> None:
    import_json(listing)
    stub = Article.objects.get(headline="310 Bell buoy draft")
    assert stub.status == "draft"
    assert [finding.code for finding in stub.findings.all()] == ["internal-slug"]


def test_articles_of_one_day_keep_the_order_of_the_listing(tmp_path: Path) -> None:
    same_day = [(f"Entry {name}", "1 May 2021", "Text of it.") for name in ("one", "two", "three")]
    import_json(write_listing(tmp_path, *same_day))
    newest = Article.objects.published().newest_first().values_list("headline", flat=True)
    assert list(newest) == ["Entry one", "Entry two", "Entry three"]


def test_every_word_is_traceable_to_its_lines(listing: Path) -> None:
    import_json(listing)
    entry = SourceEntry.objects.get(article__headline="Charts that lie")
    lines = listing.read_text(encoding="utf-8").split("\n")
    assert entry.text == "\n".join(lines[entry.first_line - 1 : entry.last_line]).strip()
    assert entry.values["byline"] == "Mira Oldcastle and Tomasz Łęk"
    assert not FieldChange.objects.filter(subject_type="article").exists()


def test_a_dry_run_says_what_the_run_then_does_and_writes_nothing(listing: Path) -> None:
    before = counts()
    _, dry, _ = run("import_listing", listing, "--dry-run", "--format", "json")
    assert counts() == before
    assert json.loads(dry) == import_json(listing)


def test_a_second_run_changes_nothing(listing: Path) -> None:
    import_json(listing)
    before = counts()
    versions = list(Article.objects.order_by("id").values_list("id", "version", "updated"))
    report = import_json(listing)
    assert report["totals"]["unchanged"] == 8
    after = counts()
    assert after.pop("ImportRun") == before.pop("ImportRun") + 1
    assert after.pop("Operation") == before.pop("Operation") + 1
    assert after == before
    assert list(Article.objects.order_by("id").values_list("id", "version", "updated")) == versions
    assert SourceListing.objects.count() == 1


def newer(**replaced: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    entries = {
        "CHARTS": listings.CHARTS,
        "DIARY_3": listings.DIARY_3,
        "DIARY_2": listings.DIARY_2,
        "PART_2": listings.PART_2,
        "PART_1": listings.PART_1,
        "DIARY_1": listings.DIARY_1,
        "STUB": listings.STUB,
        "OLDEST": listings.OLDEST,
    }
    return (listings.NEW, *(entries | replaced).values())


def test_a_newer_version_creates_only_the_new_and_updates_only_the_reworded(
    listing: Path,
) -> None:
    import_json(listing)
    reworded = (*listings.CHARTS[:2], "Three charts disagree, and a fourth agrees with nobody.")
    write_listing(listing.parent, *newer(CHARTS=reworded))
    report = import_json(listing)
    totals = report["totals"]
    assert (totals["create"], totals["update"], totals["unchanged"]) == (1, 1, 7)
    changed = [entry for entry in report["listings"][0]["entries"] if entry["change"] == "UPDATE"]
    assert list(changed[0]["fields"]) == ["standfirst"]
    article = Article.objects.get(headline="Charts that lie")
    assert article.standfirst == reworded[2]
    change = FieldChange.objects.get(subject_type="article", subject_id=article.pk)
    assert (change.field, change.new) == ("standfirst", reworded[2])
    assert change.operation.kind == OperationKind.IMPORT
    assert change.source_entry is not None
    assert change.source_entry.listing.sha256 == report["listings"][0]["sha256"]
    assert not list(checking.check())


def test_a_newer_version_stores_text_and_values_only_where_they_differ(listing: Path) -> None:
    import_json(listing)
    write_listing(listing.parent, *newer())
    import_json(listing)
    second = SourceEntry.objects.filter(listing=SourceListing.objects.order_by("-id").first())
    assert second.filter(unchanged_from=None).count() == 1
    assert second.exclude(unchanged_from=None).filter(text="", values__isnull=True).count() == 8


def test_an_older_version_imported_again_is_what_the_source_says_last(listing: Path) -> None:
    first = listing.read_text(encoding="utf-8")
    import_json(listing)
    write_listing(listing.parent, *newer(CHARTS=(*listings.CHARTS[:2], "Reworded.")))
    second = listing.read_text(encoding="utf-8")
    import_json(listing)
    for text, standfirst in ((first, listings.CHARTS[2]), (second, "Reworded.")):
        listing.write_text(text, encoding="utf-8")
        import_json(listing)
        assert Article.objects.get(headline="Charts that lie").standfirst == standfirst
        assert import_json(listing)["totals"]["update"] == 0


def test_what_a_newer_version_no_longer_has_is_kept_and_reported(listing: Path) -> None:
    import_json(listing)
    write_listing(listing.parent, *listings.FIRST[:-1])
    code, out, _ = run("import_listing", listing, "--yes")
    assert code == 0
    assert "no longer in the listing, kept: 2021-01-11 Why the map room is locked" in out
    assert Article.objects.published().filter(headline="Why the map room is locked").exists()
    assert Finding.objects.filter(code="entry-gone").count() == 1


def edit(headline: str, **fields: Any) -> Article:
    article = Article.objects.get(headline=headline)
    return save_article(ArticleChange(article=article, fields=fields), actor=None)


def test_an_editors_correction_survives_a_re_import(listing: Path) -> None:
    import_json(listing)
    edit("Charts that lie", standfirst="Corrected.")
    assert import_json(listing)["totals"]["unchanged"] == 8
    assert Article.objects.get(headline="Charts that lie").standfirst == "Corrected."


def test_where_listing_and_editor_both_changed_the_editor_stands_and_both_are_recorded(
    listing: Path,
) -> None:
    import_json(listing)
    edit("Charts that lie", standfirst="Corrected.")
    write_listing(listing.parent, *newer(CHARTS=(*listings.CHARTS[:2], "Reworded.")))
    code, out, _ = run("import_listing", listing, "--yes", "--format", "json")
    assert code == 1
    assert json.loads(out)["totals"]["conflict"] == 1
    assert Article.objects.get(headline="Charts that lie").standfirst == "Corrected."
    finding = Finding.objects.get(code="conflict")
    assert finding.evidence["fields"]["standfirst"] == {
        "imported": listings.CHARTS[2],
        "source": "Reworded.",
        "archive": "Corrected.",
    }
    # The same conflict is not asked twice, and the next run has nothing new.
    assert import_json(listing)["totals"]["conflict"] == 0
    assert Finding.objects.filter(code="conflict").count() == 1


def test_a_doubt_that_an_editor_settled_is_not_asked_again(listing: Path) -> None:
    import_json(listing)
    Finding.objects.filter(code="internal-slug").update(state=FindingState.DISMISSED)
    write_listing(listing.parent, *newer())
    import_json(listing)
    assert Finding.objects.filter(code="internal-slug").count() == 1


def test_an_article_that_an_editor_deleted_stays_deleted(listing: Path) -> None:
    import_json(listing)
    stub = Article.objects.get(headline="310 Bell buoy draft")
    delete_articles([stub.pk], actor=None)
    report = import_json(listing)
    assert report["totals"]["unchanged"] == 8
    assert not Article.objects.filter(headline="310 Bell buoy draft").exists()


def test_an_article_typed_in_by_hand_is_matched_and_its_gaps_are_filled(listing: Path) -> None:
    article = make_article(
        "Charts that lie",
        byline="Mira Oldcastle and Tomasz Łęk",
        authors=["Mira Oldcastle", "Tomasz Łęk"],
        published_on="2021-05-02",
    )
    report = import_json(listing)
    entry = report["listings"][0]["entries"][0]
    assert (entry["change"], entry["article"]) == ("UPDATE", article.public_key.key)
    article.refresh_from_db()
    assert article.standfirst == listings.CHARTS[2]
    assert Article.objects.filter(headline="Charts that lie").count() == 1


def test_an_ambiguous_name_waits_for_an_editor(listing: Path) -> None:
    make_author("Ana Brandt")
    make_author("Ana Brandt", slug="ana-brandt-2")
    code, out, _ = run("import_listing", listing, "--yes", "--format", "json")
    assert code == 1
    assert json.loads(out)["totals"]["review"] == 1
    assert not Article.objects.filter(headline="Why the map room is locked").exists()
    entry = SourceEntry.objects.get(change="REVIEW")
    assert entry.article is None
    assert Finding.objects.filter(code="author-ambiguous", source_entry=entry).exists()


def test_an_alias_leads_to_its_author(listing: Path) -> None:
    author = make_author("Thomas Lenk", aliases=["Tomasz Lek"])
    import_json(listing)
    assert (
        Article.objects.get(headline="Charts that lie").credit == "Mira Oldcastle and Thomas Lenk"
    )
    assert not Author.objects.filter(name="Tomasz Łęk").exists()
    assert author.contributions.count() == 1


def test_an_entry_that_cannot_be_an_article_is_rejected_and_the_rest_goes_on(
    tmp_path: Path,
) -> None:
    path = write_listing(tmp_path, ("Word " * 150, "2 May 2021", "Text."), *listings.FIRST)
    code, out, _ = run("import_listing", path, "--yes", "--format", "json")
    assert code == 1
    totals = json.loads(out)["totals"]
    assert (totals["reject"], totals["create"]) == (1, 8)


def test_one_entry_is_no_entries(tmp_path: Path) -> None:
    path = write_listing(tmp_path, listings.FIRST[0])
    _, out, _ = run("import_listing", path, "--dry-run")
    assert out.splitlines()[1].endswith("): 1 entry")


def test_options_decide_status_source_and_tags(listing: Path) -> None:
    run("import_listing", listing, "--yes", "--status", "draft", "--source", "Desk", "--tag", "Sea")
    assert not Article.objects.published().exists()
    article = Article.objects.get(headline="Charts that lie")
    assert {tag.name for tag in article.tags.all()} == {"Sea", listings.TOPIC}
    assert ImportRun.objects.get().source.name == "Desk"


def test_the_setting_says_what_imported_articles_are(
    listing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "IMPORT_STATUS", "draft")
    run("import_listing", listing, "--yes")
    assert not Article.objects.published().exists()


def test_the_report_says_first_how_many_become_public(listing: Path) -> None:
    _, out, _ = run("import_listing", listing, "--dry-run")
    assert out.startswith("7 articles would become public.\n")
    _, out, _ = run("import_listing", listing, "--yes")
    assert out.startswith("7 articles became public.\n")


def test_the_csv_report_has_a_row_for_each_entry_and_no_formula(tmp_path: Path) -> None:
    path = write_listing(tmp_path, ("=SUM(A1)", "2 May 2021", "Text."), *listings.FIRST)
    _, out, _ = run("import_listing", path, "--dry-run", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert len(rows) == 9
    assert rows[0]["headline"] == "'=SUM(A1)"


def test_the_report_can_go_to_a_file(listing: Path, tmp_path: Path) -> None:
    target = tmp_path / "report.json"
    _, out, _ = run("import_listing", listing, "--dry-run", "--format", "json", "--output", target)
    assert out == ""
    assert json.loads(target.read_text(encoding="utf-8"))["version"] == 1
    code, _, err = run("import_listing", listing, "--dry-run", "--output", tmp_path / "no" / "x")
    assert code == 2
    assert "No such file" in err


def test_a_folder_stands_for_its_listings_and_the_worst_exit_code_wins(tmp_path: Path) -> None:
    write_listing(tmp_path, *listings.FIRST, name="a.txt")
    (tmp_path / "b.txt").write_text(listing_text(listings.NEW) + "\nA stray\n\n" * 8)
    (tmp_path / "notes.md").write_text("not a listing")
    code, out, _ = run("import_listing", tmp_path, "--yes")
    assert "a.txt" in out
    assert "b.txt" in out
    assert "notes.md" not in out
    assert code == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["missing.txt"], "no such file"),
        (["empty.txt"], "empty"),
        (["folder"], "no importable file"),
    ],
)
def test_what_cannot_be_read_is_named_and_nothing_is_written(
    tmp_path: Path, arguments: list[str], message: str
) -> None:
    (tmp_path / "empty.txt").write_text(" \n")
    (tmp_path / "folder").mkdir()
    good = write_listing(tmp_path, *listings.FIRST)
    code, out, err = run("import_listing", good, *[tmp_path / name for name in arguments], "--yes")
    assert (code, out) == (2, "")
    assert message in err
    assert arguments[0] in err
    assert not Article.objects.exists()


def test_a_failure_in_the_middle_leaves_nothing(
    listing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import DatabaseError

    from articles.importing import apply

    def fail(*args: Any) -> None:
        raise DatabaseError("the disk is full")

    before = counts()
    monkeypatch.setattr(apply, "record_findings", fail)
    code, _, err = run("import_listing", listing, "--yes")
    assert code == 3
    assert "rolled back: the disk is full" in err
    assert counts() == before


def test_an_interrupted_import_leaves_nothing(
    listing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from articles.importing import apply

    def interrupt(*args: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(apply, "record_findings", interrupt)
    code, _, err = run("import_listing", listing, "--yes")
    assert code == 130
    assert "rolled back" in err
    assert not Article.objects.exists()


def test_a_part_number_that_another_article_has_is_left_free(listing: Path) -> None:
    import_json(listing)
    serial = Series.objects.get(kind="serial")
    make_article("A rival third part", series=[(serial, 3)])
    third = ("A history of the bell buoy", "Part 3: Echo", "3 May 2021", "The bell rings again.")
    write_listing(listing.parent, third, *listings.FIRST)
    entry = import_json(listing)["listings"][0]["entries"][0]
    assert entry["change"] == "CREATE"
    assert "part-number-taken" in [remark["code"] for remark in entry["diagnostics"]]
    article = Article.objects.get(part_label="Part 3: Echo")
    assert article.parts.get().part_number is None


def test_an_unknown_dialect_is_refused_with_the_names_of_the_known(listing: Path) -> None:
    code, out, err = run("import_listing", listing, "--dry-run", "--dialect", "martian")
    assert (code, out) == (2, "")
    assert "no dialect is called 'martian'; known are classic, labelled" in err


def test_a_dialect_is_recorded_in_the_plan_and_used(tmp_path: Path) -> None:
    path = tmp_path / "labelled.txt"
    path.write_text("Headline: Fog signals\nDate: 2021-05-05\nTags: Fog; Sea\n", encoding="utf-8")
    _, out, _ = run(
        "import_listing", path, "--dry-run", "--format", "json", "--dialect", "labelled"
    )
    told = json.loads(out)["listings"][0]
    assert told["options"]["dialect"] == "labelled"
    assert told["entries"][0]["tags"] == ["Fog", "Sea"]
    _, out, _ = run("import_listing", path, "--dry-run", "--format", "json", "--dialect", "classic")
    assert json.loads(out)["totals"]["create"] == 0


def test_explain_says_which_rule_chose_what_and_imports_nothing(listing: Path) -> None:
    code, out, err = run("import_listing", listing, "--explain")
    assert code == 0, err
    assert out.startswith(f"{listing}: read as text\n")
    assert "dialect classic, confidence" in out
    assert out.count("Entry ") == 8
    assert "“Charts that lie”" in out
    assert not ImportRun.objects.exists()
    table = listing.parent / "table.csv"
    table.write_text("headline,date\nFog signals,2021-05-05\n", encoding="utf-8")
    _, out, _ = run("import_listing", table, "--explain")
    assert "read as csv\n  Its fields are named" in out
    assert run("import_listing", listing, "--explain", "--dialect", "martian")[0] == 2
    assert run("import_listing", "--explain", "--apply", "plan.json")[0] == 2


def test_every_role_that_a_byline_may_name_can_be_stored(tmp_path: Path) -> None:
    byline = (
        "By Ana Brandt, translated by Tomas Marek, edited by Ilse Nord, introduced by Petr Ulm,"
        " illustrated by Lena Quist, photographs by Oskar Pell, 3 May 2021"
    )
    path = write_listing(tmp_path, ("A tide in six hands", byline, "What each of them did."))
    code, _, err = run("import_listing", path, "--yes")
    assert code in {0, 1}, err
    article = Article.objects.get()
    roles = set(article.contributions.values_list("role", flat=True))
    assert roles == {"aut", "trl", "edt", "aui", "ill", "pht"}
