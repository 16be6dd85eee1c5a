"""The plan file: what a dry run says is what --apply does, or nothing at all."""

import hashlib
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from articles.importing import report
from articles.models import Article, Finding, ImportRun, SourceEntry
from articles.writing import checking
from articles.writing.articles import delete_articles, save_article
from articles.writing.changes import ArticleChange
from tests.factories import make_article, make_author
from tests.importing import listings
from tests.importing.listings import import_json, listing_text, run, write_listing

pytestmark = pytest.mark.django_db

REWORDED = (*listings.CHARTS[:2], "Three charts disagree, and a fourth agrees with nobody.")


@pytest.fixture
def listing(tmp_path: Path) -> Path:
    return write_listing(tmp_path, *listings.FIRST)


@pytest.fixture
def plan(listing: Path) -> Path:
    return make_plan(listing)


def make_plan(*arguments: Any) -> Path:
    target = Path(arguments[0]).parent / "plan.json"
    code, _, err = run(
        "import_listing", *arguments, "--dry-run", "--format", "json", "--output", target
    )
    assert code in {0, 1}, err
    return target


def newer_plan(listing: Path) -> Path:
    """Import the first version; return the plan of one with a new and a reworded entry."""
    import_json(listing)
    write_listing(listing.parent, listings.NEW, REWORDED, *listings.FIRST[1:])
    return make_plan(listing)


def apply(plan: Path, *arguments: Any) -> tuple[int, str, str]:
    return run("import_listing", *arguments, "--apply", plan, "--format", "json")


def refused(plan: Path, *arguments: Any) -> str:
    """Apply a plan that must be refused with nothing written; return the words of it."""
    before = (Article.objects.count(), ImportRun.objects.count(), SourceEntry.objects.count())
    versions = list(Article.objects.order_by("id").values_list("id", "version"))
    code, out, err = apply(plan, *arguments)
    assert (code, out) == (2, "")
    assert "not applied, nothing was written" in err
    after = (Article.objects.count(), ImportRun.objects.count(), SourceEntry.objects.count())
    assert after == before
    assert list(Article.objects.order_by("id").values_list("id", "version")) == versions
    return err


def change(plan: Path, edit: Callable[[Any], None], *, seal: bool = True) -> None:
    """Edit a plan file; with *seal* its digests are made to fit."""
    told = json.loads(plan.read_text(encoding="utf-8"))
    edit(told)
    if seal:
        for item in told["listings"]:
            item["digest"] = report.digest(item)
    plan.write_text(json.dumps(told), encoding="utf-8")


def test_a_plan_is_applied_as_it_was_recorded(listing: Path) -> None:
    plan = newer_plan(listing)
    code, out, err = apply(plan)
    assert code == 0, err
    assert json.loads(out) == json.loads(plan.read_text(encoding="utf-8"))
    assert Article.objects.get(headline="Charts that lie").standfirst == REWORDED[2]
    assert Article.objects.filter(headline=listings.NEW[0]).exists()
    assert not list(checking.check())


def test_a_plan_applied_twice_is_refused_the_second_time(plan: Path) -> None:
    assert apply(plan)[0] == 0
    err = refused(plan)
    assert "entry lines 3-7: was CREATE, would now be UNCHANGED: Charts that lie" in err
    assert "and 3 more" in err


def test_a_dry_run_of_a_plan_says_whether_it_still_holds(plan: Path) -> None:
    code, _, _ = apply(plan, "--dry-run")
    assert code == 0
    assert not Article.objects.exists()
    make_article("A rival", published_on="2021-05-02")
    assert apply(plan, "--dry-run")[0] == 0
    make_article(
        "Charts that lie", byline="Mira Oldcastle and Tomasz Łęk", published_on="2021-05-02"
    )
    assert "was CREATE, would now be UPDATE" in refused(plan, "--dry-run")


def test_changed_bytes_are_refused(plan: Path, listing: Path) -> None:
    listing.write_bytes(listing.read_bytes() + b"\n")
    err = refused(plan)
    assert "tides.txt: the file has changed: its SHA-256 was" in err


def test_a_listing_that_was_moved_is_named_after_apply(plan: Path, listing: Path) -> None:
    target = listing.rename(listing.parent / "elsewhere.txt")
    assert "no such file" in refused(plan) or "not a regular file" in refused(plan)
    other = listing.parent / "other.txt"
    other.write_text("Something else\n", encoding="utf-8")
    assert "other.txt: no listing of the plan has its content" in refused(plan, other)
    code, _, err = apply(plan, target)
    assert code == 0, err
    assert Article.objects.count() == 8
    assert ImportRun.objects.get().source.name == listings.TOPIC


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--status", "draft"], "--status is not what the plan was made with (published)"),
        (["--source", "Desk"], "--source is not what the plan was made with (Tides of Ostrany)"),
        (["--tag", "Sea"], "--tag is not what the plan was made with (nothing)"),
    ],
)
def test_other_options_are_refused(plan: Path, arguments: list[str], named: str) -> None:
    assert named in refused(plan, *arguments)


def test_the_plan_brings_its_own_options(listing: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = make_plan(listing, "--status", "draft", "--source", "Desk", "--tag", "Sea")
    monkeypatch.setattr(settings, "IMPORT_STATUS", "published")
    assert apply(plan, "--source", "Desk", "--tag", "Sea")[0] == 0
    assert not Article.objects.published().exists()
    article = Article.objects.get(headline="Charts that lie")
    assert {tag.name for tag in article.tags.all()} == {"Sea", listings.TOPIC}
    assert ImportRun.objects.get().source.name == "Desk"


def edit(headline: str, **fields: Any) -> None:
    article = Article.objects.get(headline=headline)
    save_article(ArticleChange(article=article, fields=fields), actor=None)


def test_an_article_saved_since_is_refused(listing: Path) -> None:
    plan = newer_plan(listing)
    edit("Charts that lie", pages="3–4")
    key = Article.objects.get(headline="Charts that lie").public_key.key
    err = refused(plan)
    assert f"entry lines 9-13: article {key} moved from version 1 to 2: Charts that lie" in err


def test_an_update_that_became_a_conflict_is_refused(listing: Path) -> None:
    plan = newer_plan(listing)
    edit("Charts that lie", standfirst="Corrected.")
    err = refused(plan)
    assert "was UPDATE, would now be CONFLICT of standfirst" in err
    assert "moved from version 1 to 2" in err
    assert not Finding.objects.filter(code="conflict").exists()


def test_an_article_that_is_not_touched_may_move(listing: Path) -> None:
    plan = newer_plan(listing)
    edit("Why the map room is locked", standfirst="Corrected.")
    assert apply(plan)[0] == 0


def test_a_deleted_article_is_refused(listing: Path) -> None:
    import_json(listing)
    stub = ("310 Bell buoy draft", "18 January 2021", "A standfirst that was missing before.")
    write_listing(listing.parent, *listings.FIRST[:-2], stub, listings.OLDEST)
    plan = make_plan(listing)
    delete_articles([Article.objects.get(headline=stub[0]).pk], actor=None)
    assert "was UPDATE, would now be UNCHANGED" in refused(plan)


def test_a_name_that_leads_to_someone_else_now_is_refused(plan: Path) -> None:
    make_author("Thomas Lenk", aliases=["Tomasz Łęk"])
    assert "its authors, series or tags lead elsewhere now: Charts that lie" in refused(plan)


def test_a_name_that_became_ambiguous_is_refused(plan: Path) -> None:
    make_author("Ana Brandt")
    make_author("Ana Brandt", slug="ana-brandt-2")
    assert "was CREATE, would now be REVIEW: Why the map room is locked" in refused(plan)


def test_several_listings_are_applied_together(tmp_path: Path) -> None:
    first = write_listing(tmp_path, *listings.FIRST, name="a.txt")
    # Of another source, with an author whom only the first listing makes.
    fog = ("Fog signals", "By Mira Oldcastle, 3 June 2021", "Heard, not seen.")
    second = tmp_path / "b.txt"
    second.write_text(listing_text(fog, topic="Signals"), encoding="utf-8")
    plan = make_plan(first, second)
    code, out, err = apply(plan)
    assert code == 0, err
    assert json.loads(out)["totals"]["create"] == 9
    assert not list(checking.check())


def test_listings_that_touch_each_other_are_refused_whole(tmp_path: Path) -> None:
    first = write_listing(tmp_path, *listings.FIRST, name="a.txt")
    second = write_listing(tmp_path, *listings.FIRST[:3], name="b.txt")
    err = refused(make_plan(first, second))
    assert "b.txt: entry lines 3-7: was CREATE, would now be UNCHANGED" in err
    assert "one after the other" in err or "and 1 more" in err


HOSTILE = {
    "empty": "",
    "text": "Not a plan at all.",
    "truncated": '{"version": 1, "listings": [{"path": "a',
    "list": "[1, 2]",
    "deep": '{"version": ' + "[" * 200_000,
    "number": '{"version": 1, "listings": [' + "9" * 5000 + "]}",
    "constant": '{"version": 1, "listings": [NaN]}',
    "old": '{"version": 1, "listings": [{"path": "a.txt", "entries": []}]}',
    "newer": '{"version": 2, "listings": []}',
    "true": '{"version": true, "listings": []}',
    "none": '{"version": 1, "listings": []}',
    "text for a list": '{"version": 1, "listings": "all"}',
    "surrogate": '{"version": 1, "listings": ["\\ud800"]}',
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_plan_is_refused_in_words(tmp_path: Path, text: str) -> None:
    path = tmp_path / "plan.json"
    path.write_text(text, encoding="utf-8")
    code, out, err = run("import_listing", "--apply", path)
    assert (code, out) == (2, "")
    assert str(path) in err
    assert "Traceback" not in err
    assert len(err) < 500


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"\0" * 100, b'{"version": 1, "x": "\xff"}'])
def test_bytes_that_are_no_text_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "plan.json"
    path.write_bytes(content)
    assert run("import_listing", "--apply", path)[0] == 2


def test_a_folder_a_missing_file_and_a_huge_one_are_refused(tmp_path: Path) -> None:
    huge = tmp_path / "huge.json"
    with huge.open("wb") as file:
        file.truncate(300 * 2**20)
    for path, words in (
        (tmp_path, "no such file"), (tmp_path / "no.json", "no such file"), (huge, "256 MiB"),
    ):  # fmt: skip
        code, _, err = run("import_listing", "--apply", path)
        assert code == 2
        assert words in err


def _set(*path: Any, to: Any) -> Callable[[Any], None]:
    def edit(told: Any) -> None:
        for step in path[:-1]:
            told = told[step]
        told[path[-1]] = to

    return edit


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("path",), 7), (("path",), ""), (("path",), "a\0b"), (("path",), "x" * 5000),
        (("sha256",), "no hash"), (("source",), None), (("entries",), {}), (("entries",), [1]),
        (("options",), []), (("options", "status"), "withdrawn"), (("options", "tags"), "Sea"),
        (("options", "dialect"), 4), (("entries", 0, "lines"), [1]),
        (("entries", 0, "change"), "DELETE"), (("entries", 0, "fields"), None),
    ],
)  # fmt: skip
def test_a_plan_whose_values_make_no_sense_is_refused(
    plan: Path, path: tuple[Any, ...], value: Any
) -> None:
    change(plan, _set("listings", 0, *path, to=value))
    code, _, err = apply(plan)
    assert code == 2
    assert "listing 1" in err
    assert not Article.objects.exists()


def test_a_plan_edited_by_hand_is_refused(plan: Path) -> None:
    change(plan, _set("listings", 0, "entries", 0, "headline", to="Mine"), seal=False)
    code, _, err = apply(plan)
    assert code == 2
    assert "the digest does not fit" in err


def test_a_plan_edited_and_sealed_still_does_only_what_the_listing_says(plan: Path) -> None:
    change(plan, _set("listings", 0, "entries", 0, "headline", to="Mine"))
    assert "is now read differently (headline): Mine" in refused(plan)
    change(plan, _set("listings", 0, "entries", 0, "headline", to="Charts that lie"))
    change(plan, lambda told: told["listings"][0]["entries"].pop())
    assert "the file was read as 7 entries, and is now read as 8 entries" in refused(plan)


def test_a_plan_that_names_another_file_shows_nothing_of_it(plan: Path) -> None:
    change(plan, _set("listings", 0, "path", to="/etc/passwd"))
    err = refused(plan)
    assert "/etc/passwd: the file has changed" in err
    assert "root:" not in err


def test_without_a_listing_and_without_a_plan_there_is_nothing_to_do() -> None:
    code, _, err = run("import_listing")
    assert code == 2
    assert "Name a listing" in err


def test_the_report_in_pieces_is_the_report_at_once(listing: Path, tmp_path: Path) -> None:
    other = tmp_path / "b.txt"
    other.write_text("Nothing that is an entry\n", encoding="utf-8")
    for paths in ([listing], [other], [listing, other]):
        _, text, _ = run("import_listing", *paths, "--dry-run", "--format", "json")
        told = json.loads(text)
        assert text == json.dumps(told, ensure_ascii=False, indent=2) + "\n"
        for item in told["listings"]:
            assert item["digest"] == report.digest(item)
            without = {name: value for name, value in item.items() if name != "digest"}
            assert item["digest"] == hashlib.sha256(report.canonical(without)).hexdigest()


def test_the_report_of_a_plan_does_not_overwrite_it(plan: Path) -> None:
    before = plan.read_bytes()
    code, _, err = run("import_listing", "--apply", plan, "--output", plan)
    assert code == 2
    assert "would overwrite the plan" in err
    assert plan.read_bytes() == before


def test_a_plan_of_standard_input_wants_it_again(
    listing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = listing.read_bytes()

    def given(data: bytes) -> None:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))

    given(content)
    plan = listing.parent / "plan.json"
    run("import_listing", "-", "--dry-run", "--format", "json", "--output", plan)
    given(content + b"\n")
    assert "-: the file has changed" in refused(plan)
    given(content)
    assert apply(plan)[0] == 0
    assert Article.objects.count() == 8
