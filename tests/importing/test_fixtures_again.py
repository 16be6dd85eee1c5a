"""Fixtures imported again: what the source said last, moves within one file, hostile text."""

import gc
import json
import time
from pathlib import Path
from typing import Any

import pytest

from articles.importing.fixtures import apply as fixture_apply
from articles.importing.fixtures.archive import export_fixture, read_fixture
from articles.importing.fixtures.format import InvalidFixture, fixture_text, parse_fixture
from articles.models import Article, FieldChange, Finding, PastAddress, Series, SourceEntry
from articles.writing import checking, names
from articles.writing.articles import save_article
from articles.writing.changes import ArticleChange
from authors.models import Author
from tests.importing.listings import run
from tests.importing.test_fixtures import minimal

FIRST, SECOND, THIRD = "0123abcd", "1123abcd", "2123abcd"


def article(key: str = FIRST, **values: Any) -> dict[str, Any]:
    row: dict[str, Any] = minimal()["articles"][0]
    return row | {"key": key, "slug": f"s-{key}", "published_on": "2020-01-01"} | values


def author(**values: Any) -> dict[str, Any]:
    row = {"slug": "ann", "name": "Ann", "kind": "person", "sort_name": "Ann", "bio": "",
           "born": "", "died": "", "external_ids": {}, "aliases": []}  # fmt: skip
    return row | values


def serial(**values: Any) -> dict[str, Any]:
    row = {"slug": "tides", "title": "Tides", "kind": "serial", "description": "", "aliases": []}
    return row | values


def part(number: int | None) -> list[dict[str, Any]]:
    return [{"series": "tides", "part_number": number}]


def fixture(**lists: Any) -> dict[str, Any]:
    return {"version": 1, "authors": [], "series": [], "tags": [], "articles": [], **lists}


class Importer:
    """Imports contents as versions of one file, or of another with *name*."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, content: dict[str, Any], name: str = "a.json") -> dict[str, Any]:
        path = self.folder / name
        path.write_text(json.dumps(content), encoding="utf-8")
        code, out, err = run("import_fixture", path, "--yes", "--format", "json")
        assert out, err
        assert not list(checking.check())
        report: dict[str, Any] = json.loads(out)
        return {"code": code, **report}


@pytest.fixture
def imported(tmp_path: Path) -> Importer:
    return Importer(tmp_path)


def get(key: str = FIRST) -> Article:
    return Article.objects.get(public_key__key=key)


def ledger() -> list[tuple[str, Any, Any]]:
    rows = FieldChange.objects.filter(subject_type="article").order_by("id")
    return list(rows.values_list("field", "old", "new"))


@pytest.mark.django_db
class TestVersions:
    def test_an_older_file_imported_again_is_what_the_source_said_last(
        self, imported: Importer
    ) -> None:
        one, two, three = (
            fixture(articles=[article(standfirst=text), article(SECOND)])
            for text in ("One.", "Two.", "Three.")
        )
        for content, text in ((one, "One."), (two, "Two."), (one, "One."), (two, "Two.")):
            imported(content)
            assert get().standfirst == text
        report = imported(three)
        assert (get().standfirst, report["totals"]["conflict"]) == ("Three.", 0)
        count = SourceEntry.objects.count()
        imported(three)
        assert SourceEntry.objects.count() == count

    def test_what_an_editor_saves_between_plan_and_apply_is_planned_anew(
        self, imported: Importer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        imported(fixture(authors=[author(bio="One.")]))
        path = tmp_path / "a.json"
        path.write_text(json.dumps(fixture(authors=[author(bio="Two.")])), encoding="utf-8")
        read, listing = read_fixture(path)
        make = fixture_apply.plan_fixture
        plans = [make(read, listing, "a.json")]
        person = Author.objects.get()
        person.bio = "The editor's."
        names.save_named(person, actor=None)
        monkeypatch.setattr(
            fixture_apply, "plan_fixture", lambda *given: plans.pop() if plans else make(*given)
        )
        plan, _ = fixture_apply.run_fixture_import(read, listing, "a.json")
        assert [named.change for named in plan.named] == ["CONFLICT"]
        assert Author.objects.get().bio == "The editor's."

    def test_values_are_compared_as_they_are_stored(self, imported: Importer) -> None:
        first = article(headline=" A  b", body="<p>x<script>y</script>", slug="CAFE\u0301",
                        visible_from="2020-01-02T00:00Z")  # fmt: skip
        imported(fixture(articles=[first]))
        assert (get().headline, get().slug) == ("A b", "caf\u00e9")
        changed = {
            "headline": "C",
            "body": "<p>z</p>",
            "slug": "d",
            "visible_from": "2020-01-03T00:00:00Z",
        }
        report = imported(fixture(articles=[first | changed]))
        assert report["totals"]["conflict"] == 0
        assert (get().headline, get().slug, get().body) == ("C", "d", "<p>z</p>")


@pytest.mark.django_db
class TestTranslations:
    def test_the_original_may_be_in_another_file(self, imported: Importer) -> None:
        imported(fixture(articles=[article(FIRST)]))
        imported(fixture(articles=[article(SECOND, translation_of=FIRST)]), "b.json")
        imported(fixture(articles=[article(THIRD)]), "c.json")
        imported(fixture(articles=[article(THIRD, translation_of=FIRST)]), "c.json")
        assert get(SECOND).translation_of == get(THIRD).translation_of == get(FIRST)

    def test_an_unknown_original_is_a_finding_until_it_comes(self, imported: Importer) -> None:
        content = fixture(articles=[article(SECOND, translation_of=FIRST)])
        report = imported(content)
        remarks = report["listings"][0]["entries"][0]["diagnostics"]
        assert [remark["code"] for remark in remarks] == ["translation-unknown"]
        assert Finding.objects.get().code == "translation-unknown"
        assert get(SECOND).translation_of is None
        assert imported(content)["totals"]["unchanged"] == 1
        imported(fixture(articles=[article(FIRST)]), "b.json")
        imported(content)
        assert get(SECOND).translation_of == get(FIRST)
        imported(fixture(articles=[article(SECOND)]))
        assert get(SECOND).translation_of is None


@pytest.mark.django_db
class TestMoves:
    def test_a_new_article_takes_the_number_that_another_gives_up(self, imported: Importer) -> None:
        imported(fixture(series=[serial()], articles=[article(FIRST, parts=part(1))]))
        rows = [article(FIRST, parts=part(2)), article(SECOND, parts=part(1))]
        imported(fixture(series=[serial()], articles=rows))
        assert [get(key).parts.get().part_number for key in (FIRST, SECOND)] == [2, 1]
        assert [field for field, _, _ in ledger()] == ["parts"]
        (_, old, new), version = ledger()[0], get().version
        assert (old[0]["part_number"], new[0]["part_number"], version) == (1, 2, 2)

    def test_a_number_that_is_given_up_for_none_leaves_its_trace(self, imported: Importer) -> None:
        imported(fixture(series=[serial()], articles=[article(FIRST, parts=part(1))]))
        rows = [article(FIRST, parts=part(None)), article(SECOND, parts=part(1))]
        imported(fixture(series=[serial()], articles=rows))
        assert [old[0]["part_number"] for _, old, _ in ledger()] == [1]
        assert get().version == 2

    def test_addresses_are_exchanged(self, imported: Importer) -> None:
        imported(fixture(articles=[article(FIRST, slug="a"), article(SECOND, slug="b")]))
        swapped = [article(FIRST, slug="b"), article(SECOND, slug="a")]
        imported(fixture(articles=swapped))
        assert (get(FIRST).slug, get(SECOND).slug) == ("b", "a")
        assert sorted(ledger()) == [("slug", "a", "b"), ("slug", "b", "a")]
        assert get(FIRST).version == 2
        assert not PastAddress.objects.exists()

    def test_a_new_article_takes_the_address_that_another_gives_up(
        self, imported: Importer
    ) -> None:
        imported(fixture(articles=[article(FIRST, slug="a")]))
        moved = article(FIRST, slug="a", published_on="2020-01-02")
        content = fixture(articles=[moved, article(SECOND, slug="a")])
        imported(content)
        assert get(FIRST).get_absolute_url() == "/articles/2020/01/02/a/"
        assert get(SECOND).get_absolute_url() == "/articles/2020/01/01/a/"
        assert ledger() == [("published_on", "2020-01-01", "2020-01-02")]
        assert imported(content)["totals"]["unchanged"] == 2


@pytest.mark.django_db
class TestNamed:
    @pytest.mark.parametrize(
        "values",
        [
            {"aliases": ["Ann"]},
            {"aliases": ["Zoe", "Bea", "zoe"]},
            {"aliases": [f"{'Long ' * 60}name"]},
            {"bio": "two \r\n\r\n\r\nlines "},
            {"sort_name": ""},
            {"name": " Ann  Lee", "slug": "ne\u0301e"},
            {"external_ids": {"viaf": "1", "orcid": "2"}},
        ],
    )
    def test_a_second_run_changes_nothing(self, values: Any, imported: Importer) -> None:
        content = fixture(authors=[author(**values)])
        imported(content)
        version, count = Author.objects.get().version, FieldChange.objects.count()
        assert imported(content)["code"] == 0
        _, out, _ = run("import_fixture", imported.folder / "a.json", "--dry-run")
        assert "UPDATE" not in out
        assert (Author.objects.get().version, FieldChange.objects.count()) == (version, count)

    def test_what_an_editor_filled_in_is_no_conflict(self, imported: Importer) -> None:
        content = fixture(authors=[author()])
        imported(content)
        person = Author.objects.get()
        person.bio = "The editor's."
        person.external_ids = {"viaf": "1"}
        names.save_named(person, aliases=["Annie"], actor=None)
        assert imported(content)["code"] == 0
        assert Author.objects.get().bio == "The editor's."
        assert names.aliases_of(Author.objects.get()) == ["Annie"]

    def test_a_rename_keeps_the_old_spelling_and_the_editors(self, imported: Importer) -> None:
        imported(fixture(series=[serial(aliases=["A"])]))
        names.save_named(Series.objects.get(), aliases=["A", "B"], actor=None)
        content = fixture(series=[serial(title="Ebb", aliases=["A"])])
        for _ in range(3):
            assert imported(content)["code"] == 0
            assert names.aliases_of(Series.objects.get()) == ["A", "B", "Tides"]
        assert Series.objects.get().version == 3


@pytest.mark.django_db
class TestHostileText:
    def test_what_no_database_holds_is_cleaned_away(self, imported: Importer) -> None:
        content = fixture(
            authors=[author(external_ids={"viaf\x00": "1\x00\ud800"}, aliases=["B\ud800ea"])],
            articles=[article(headline="A\x00\ud800B", standfirst="C\x00D")],
        )
        imported(content)
        assert (get().headline, get().standfirst) == ("AB", "CD")
        assert Author.objects.get().external_ids == {"viaf": "1"}
        assert imported(content)["totals"]["unchanged"] == 1
        assert "\\u0000" not in export_fixture()

    def test_an_export_is_text_that_can_be_written_and_read(self) -> None:
        names.save_named(Author(name="Ann", external_ids={"b": 1, "a": "x"}), actor=None)
        save_article(ArticleChange(fields={"headline": "A"}), actor=None)
        text = export_fixture()
        assert text.encode()
        assert parse_fixture(text).authors[0]["external_ids"] == {"a": "x", "b": "1"}


def test_lone_surrogates_are_not_exported() -> None:
    assert fixture_text(fixture(authors=[author(external_ids={"a": "x\ud800y"})])).encode()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"version": 1', '"version": 1, "x": ' + "9" * 5000, "too many digits"),
        ('"part_number": 7', '"part_number": ' + "9" * 5000, "too many digits"),
        ('"part_number": 7', '"part_number": NaN', "NaN is no number"),
        ('"part_number": 7', '"part_number": -Infinity', "-Infinity is no number"),
        ('"viaf": "1"', '"viaf": 1', r"authors\[0\].external_ids: must be an object of texts"),
        ('"viaf": "1"', '"viaf": ["1"]', r"authors\[0\].external_ids: must be"),
        ('"viaf": "1"', '"viaf": ' + "[" * 900 + "]" * 900, "fixture|external_ids"),
        ('"slug": "tides", "t', '"slug": "\\u200b", "t', r"series\[0\].slug: must be one segment"),
        ('"born": ""', '"born": "", "\\ud800x": 1', r"authors\[0\].x: there is no such field"),
        ('"version": 1', '"version": 1, "articles\\u0000": [1]', "articles: there is no such list"),
        ('"visible_from": null', '"visible_from": "2020-99-99T00:00:00Z"', "must be a moment"),
        ('"contributions": []', '"contributions": [{"author": "ann", "role": "aut"}, '
         '{"author": "ann", "role": "aut"}]', r"articles\[0\].contributions: an author stands"),
    ],
)  # fmt: skip
def test_what_is_hostile_is_refused_with_its_place(old: str, new: str, message: str) -> None:
    content = fixture(
        authors=[author(external_ids={"viaf": "1"})],
        series=[serial()],
        articles=[article(parts=part(7))],
    )
    text = json.dumps(content)
    assert text.count(old) == 1
    with pytest.raises(InvalidFixture, match=message):
        parse_fixture(text.replace(old, new))


def test_reading_takes_time_in_proportion_to_the_file() -> None:
    def seconds(count: int) -> float:
        rows = [article(f"{number:08d}", standfirst="x" * 2000) for number in range(count)]
        text = json.dumps(fixture(articles=rows), indent=2)
        # Else all that earlier tests left in memory is looked through meanwhile.
        gc.disable()
        try:
            start = time.process_time()
            assert len(parse_fixture(text).articles) == count
            return time.process_time() - start
        finally:
            gc.enable()

    seconds(10)
    # Eight times as much; in proportion to the square it would be 64.
    assert min(seconds(4000) for _ in range(2)) < 20 * min(seconds(500) for _ in range(3)) + 0.5
