"""manage.py export_listing: what is written plans no change when it is read again."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.choices import Role, SeriesKind, Status
from articles.cleaning import clean_line
from articles.importing.apply import run_import
from articles.importing.export import CHUNK, listing_chunks
from articles.importing.plan import make_plan
from articles.importing.reading import read_listing
from articles.importing.records import Options
from articles.importing.snapshot import Snapshot
from articles.listing.label_words import KINDS, ROLES
from articles.models import Article, Finding, ImportRun, Source
from articles.site_rights import rights_of
from articles.writing.articles import save_article, set_status
from articles.writing.changes import ArticleChange
from authors.models import Author, AuthorKind
from tests.factories import make_article, make_author, make_series, make_tag
from tests.importing import listings
from tests.importing.listings import import_json, run, write_listing
from tests.thorough import times

pytestmark = pytest.mark.django_db

FIELDS = (
    "kicker", "headline", "subtitle", "part_label", "byline", "standfirst", "published_on",
    "language", "source_url", "publication", "volume", "issue", "pages",
)  # fmt: skip


def export(*arguments: Any) -> str:
    out = io.StringIO()
    call_command("export_listing", *map(str, arguments), stdout=out, stderr=io.StringIO())
    return out.getvalue()


def refused(*arguments: Any) -> str:
    with pytest.raises(CommandError) as caught:
        export(*arguments)
    assert caught.value.returncode == 2
    return str(caught.value)


def write(folder: Path, text: str) -> Path:
    path = folder / "export.txt"
    path.write_text(text, encoding="utf-8")
    return path


def changes(path: Path, *arguments: Any) -> dict[str, int]:
    """Return the totals of a dry run that are not nought, without those of entries."""
    code, out, err = run("import_listing", path, "--dry-run", "--format", "json", *arguments)
    assert code == 0, out + err
    totals = json.loads(out)["totals"]
    return {name: number for name, number in totals.items() if number and name != "entries"}


# -- the round trip ---------------------------------------------------------------------------


def test_what_is_exported_plans_no_change(tmp_path: Path) -> None:
    import_json(write_listing(tmp_path, *listings.FIRST))
    text = export("--source", listings.TOPIC)
    assert text.startswith(f"Listing: {listings.TOPIC}\n\nHeadline: Charts that lie\n")
    assert changes(write(tmp_path, text)) == {"unchanged": 7}
    assert changes(write(tmp_path, text), "--source", "Another") == {"unchanged": 7}
    assert changes(write(tmp_path, export("--drafts"))) == {"unchanged": 8}


def test_the_original_listing_plans_no_change_after_the_export_was_imported(
    tmp_path: Path,
) -> None:
    original = write_listing(tmp_path, *listings.FIRST)
    import_json(original)
    path = write(tmp_path, export("--source", listings.TOPIC, "--drafts"))
    assert import_json(path)["totals"]["unchanged"] == 8
    assert import_json(original)["totals"]["unchanged"] == 8
    assert Article.objects.count() == 8


def test_an_editors_corrections_are_exported_and_stand(tmp_path: Path) -> None:
    original = write_listing(tmp_path, *listings.FIRST)
    import_json(original)
    article = Article.objects.get(headline="Charts that lie")
    save_article(
        ArticleChange(
            article=article,
            fields={
                "headline": "Charts: that “err”",
                "kicker": "By Nobody, 3 May 2021",
                "standfirst": "Corrected.\n\nHeadline: none\n.\n  indented",
                "published_on": "2021-05",
                "publication": "The Ostrany Gazette",
                "body": "<p>A body that no listing states.</p>",
            },
            credits=[],
            tags=[],
        ),
        actor=None,
    )
    path = write(tmp_path, export("--source", listings.TOPIC))
    assert changes(path) == {"unchanged": 7}
    assert import_json(path)["totals"]["unchanged"] == 7
    article.refresh_from_db()
    assert article.body == "<p>A body that no listing states.</p>"
    assert (article.headline, article.credit) == ("Charts: that “err”", "")
    assert not article.tags.exists()


def test_an_export_edited_by_hand_updates_what_was_edited(tmp_path: Path) -> None:
    import_json(write_listing(tmp_path, *listings.FIRST))
    text = export("--source", listings.TOPIC).replace(
        "Headline: Charts that lie", "Headline: Charts that err"
    )
    assert import_json(write(tmp_path, text))["totals"]["update"] == 1
    assert Article.objects.filter(headline="Charts that err").exists()


def corrected(standfirst: str) -> Article:
    article = Article.objects.get(headline="Charts that lie")
    return save_article(
        ArticleChange(article=article, fields={"standfirst": standfirst}), actor=None
    )


def test_an_export_is_not_taken_for_what_the_source_says(tmp_path: Path) -> None:
    original = write_listing(tmp_path, *listings.FIRST)
    import_json(original)
    corrected("Corrected.")
    path = write(tmp_path, export("--source", listings.TOPIC))
    assert import_json(path)["totals"]["unchanged"] == 7
    # The page still says what it said, and the correction stands.
    assert import_json(original)["totals"]["unchanged"] == 8
    assert Article.objects.get(headline="Charts that lie").standfirst == "Corrected."
    # A newer page that rewords it is a conflict, as without the export.
    reworded = (*listings.CHARTS[:2], "Reworded by the page.")
    write_listing(tmp_path, reworded, *listings.FIRST[1:])
    report = import_json(original)
    assert list(report["listings"][0]["entries"][0]["conflicts"]) == ["standfirst"]
    # The same export again, after another correction, changes nothing either.
    corrected("Corrected again.")
    assert import_json(path)["totals"]["unchanged"] == 7
    assert Article.objects.get(headline="Charts that lie").standfirst == "Corrected again."


def test_a_selection_is_no_newer_version_of_its_page(tmp_path: Path) -> None:
    original = write_listing(tmp_path, *listings.FIRST)
    import_json(original)
    key = Article.objects.get(headline="Charts that lie").public_key.key
    path = write(tmp_path, export("--source", listings.TOPIC, "--key", key))
    assert import_json(path)["listings"][0]["gone"] == []
    assert not Finding.objects.filter(code="entry-gone").exists()
    write_listing(tmp_path, *listings.FIRST[:-1])
    gone = import_json(original)["listings"][0]["gone"]
    assert [entry["headline"] for entry in gone] == [listings.OLDEST[0]]


def test_an_article_typed_in_by_hand_follows_its_exports(tmp_path: Path) -> None:
    make_article("By hand", standfirst="First.", published_on="2021-05-02")
    path = write(tmp_path, export())
    assert import_json(path)["totals"]["unchanged"] == 1
    path.write_text(path.read_text(encoding="utf-8").replace("First.", "Second."), encoding="utf-8")
    assert import_json(path)["totals"]["update"] == 1
    path.write_text(path.read_text(encoding="utf-8").replace("Second.", "Third."), encoding="utf-8")
    assert import_json(path)["totals"]["update"] == 1
    assert Article.objects.get().standfirst == "Third."


#: What listings, labels, lists and escapes are made of.
_TRAPS = [
    ":", ";", ",", ".", "(", ")", "“", "”", '"', "'", "’", "\\", "\\u{41}", "—", " ", "  ", "\t",
    "\u00a0", "é", "Ł", "Ж", "日本", "🙂", "<b>", "&amp;", "By ", "Key", "Headline: ", "Tags:",
    "Part 2", "12", "2021-05-02", "= ", "#", "‎", "a", "B",
]  # fmt: skip
lines_ = st.lists(st.sampled_from(_TRAPS), max_size=6).map(lambda parts: "".join(parts)[:80])
headlines_ = lines_.map(lambda text: f"H{text}").map(clean_line)
blocks = st.lists(lines_, max_size=4).map("\n".join)
NAMES = (
    ("Ana Brandt", "person"), ("O’Neil & Sons; Ltd", "organisation"), ("Łęk, Tomasz", "person"),
    ("our correspondents", "collective"), ("Press Office: Ostrany (press)", "organisation"),
    ("A Name (translator)", "person"),
)  # fmt: skip
SITE_RIGHTS = "© Tidewater: “reprint” only with leave; (none) else"
TAGS = ("Sea, salt", "a; b", "C++", "Île", "Key: x", "(none)")
SERIES = (("The bay: a history", "serial"), ("Letters (serial)", "column"), ("Notes", "column"))
articles_ = st.fixed_dictionaries(
    {
        "headline": headlines_,
        "kicker": lines_,
        "subtitle": lines_,
        "part_label": st.one_of(lines_, st.sampled_from(["", "Part 2: Silence", "Part two", "3"])),
        "byline": lines_,
        "standfirst": blocks,
        "published_on": st.sampled_from(["2021", "2021-05", "2021-05-02", "2021-05-03"]),
        "language": st.sampled_from(["en-gb", "de", "pt-BR"]),
        "source_url": st.sampled_from(["", "https://example.org/a?b=1;c#d"]),
        "publication": lines_,
        "volume": st.sampled_from(["", "IV", "12"]),
        "pages": st.sampled_from(["", "3–4"]),
        "rights": st.sampled_from(["", "", "© The heirs: all", SITE_RIGHTS]),
        "credits": st.lists(
            st.tuples(st.sampled_from(NAMES), st.sampled_from(["aut", "trl", "ive"])),
            max_size=3,
            unique=True,
        ),
        "tags": st.lists(st.sampled_from(TAGS), max_size=3, unique=True),
        "series": st.lists(st.sampled_from(SERIES), max_size=2, unique=True),
        "status": st.sampled_from(["published", "published", "draft"]),
    }
)


def _make(drawn: list[dict[str, Any]]) -> None:
    authors = {name: make_author(name, kind=kind) for name, kind in NAMES}
    series = {(title, kind): make_series(title, kind=kind) for title, kind in SERIES}
    tags = {name: make_tag(name) for name in TAGS}
    for place, values in enumerate(drawn, 1):
        fields = dict(values)
        credits = fields.pop("credits")
        make_article(
            **fields
            | {
                "authors": [(authors[name], role) for (name, _), role in credits],
                "tags": [tags[name] for name in values["tags"]],
                "series": [
                    (series[one], place if one[1] == "serial" else None) for one in values["series"]
                ],
            }
        )


def _listed() -> list[dict[str, Any]]:
    """Return what a listing can say of each article, newest first."""
    ids = list(Article.objects.newest_first().values_list("id", flat=True))
    states = Snapshot().states(ids)
    kinds = dict(Author.objects.values_list("id", "kind"))
    found = []
    for pk in ids:
        values = states[pk].values
        row = {name: values[name] or "" for name in FIELDS}
        # What holds for it: whether that is its own statement or the archive's is the archive's.
        row["rights"] = rights_of(values["rights"])
        row["credits"] = [
            (one["name"], kinds[one["author"]], one["role"]) for one in values["authors"]
        ]
        row["tags"] = sorted(values["tags"])
        row["series"] = sorted(
            (one["title"], one["kind"], one["part_number"] or 0) for one in values["series"]
        )
        found.append(row)
    return found


def comes_back(drawn: list[dict[str, Any]], folder: Path) -> None:
    """Make an archive, export it, plan it, and import it into an empty one: all is as it was."""
    options = Options(status="draft")
    with transaction.atomic():
        _make(drawn)
        before = _listed()
        text = export("--drafts")
        listing = read_listing(write(folder, text))
        plan = make_plan(listing, "Any", options, Snapshot())
        assert [planned.change for planned in plan.entries] == ["UNCHANGED"] * len(drawn)
        assert not plan.proposals
        assert not listing.unclaimed_lines
        transaction.set_rollback(True)
    assert not Article.objects.exists()
    with transaction.atomic():
        plan, _ = run_import(listing, "Any", options)
        assert [planned.change for planned in plan.entries] == ["CREATE"] * len(drawn)
        assert _listed() == before
        transaction.set_rollback(True)


def often(count: int) -> settings:
    checks = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
    return settings(max_examples=count, deadline=None, suppress_health_check=checks)


@pytest.mark.thorough
@often(times(75))
@given(drawn=st.lists(articles_, min_size=1, max_size=5), site=st.sampled_from(["", SITE_RIGHTS]))
def test_any_archive_comes_back_as_it_was(
    drawn: list[dict[str, Any]], site: str, tmp_path: Path
) -> None:
    with override_settings(RIGHTS=site):
        comes_back(drawn, tmp_path)


# -- the selection ----------------------------------------------------------------------------


def test_only_what_is_public_is_exported_unless_drafts_are_asked_for(tmp_path: Path) -> None:
    make_article("Public")
    make_article("Draft", status="draft")
    make_article("Later", visible_from="2999-01-01T00:00:00Z")
    gone = make_article("Gone")
    set_status([gone.pk], Status.WITHDRAWN, actor=None, reason="It was false")
    assert "Headline: Public" in export()
    assert not any(name in export() for name in ("Draft", "Later", "Gone"))
    everything = export("--drafts")
    assert all(f"Headline: {name}" in everything for name in ("Public", "Draft", "Later"))
    assert "Gone" not in everything


def test_a_draft_without_a_date_is_counted_and_left_out() -> None:
    make_article("Dated")
    make_article("Undated", status="draft", published_on=None)
    out, err = io.StringIO(), io.StringIO()
    call_command("export_listing", "--drafts", stdout=out, stderr=err)
    assert "Undated" not in out.getvalue()
    assert "1 articles written; 1 without a date left out." in err.getvalue()


def test_the_query_is_that_of_the_public_lists() -> None:
    author = make_author("Ana Brandt")
    make_article("Wanted lamp", authors=[author], published_on="2021-05-02", tags=["Sea"])
    make_article("Other year", authors=[author], published_on="2020-05-02")
    make_article("Other author", published_on="2021-05-02")
    assert export("--query", f"author={author.slug}&year=2021").count("Headline:") == 1
    assert export("--query", "?q=lamp").count("Headline:") == 1
    assert export("--query", "year=2021&month=5&year=2020").count("Headline:") == 3
    assert "Headline: Other author" in export("--query", "byline=without&year=2021")
    assert "Nothing to export" in refused("--query", "author=nobody")


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--query", "auhtor=a"], "auhtor chooses no articles"),
        (["--query", "year=soon"], "year: “soon” is not a whole number"),
        (["--query", "page=2"], "page chooses no articles"),
        (["--source", "Nobody"], "There is no source “Nobody”"),
        (["--key", "zzzzzzzz"], "has the key zzzzzzzz"),
        (["--drafts", "--query", "year=2020"], "leave out --drafts"),
    ],
)
def test_a_selection_that_makes_no_sense_is_refused(arguments: list[str], named: str) -> None:
    make_article("One")
    assert named in refused(*arguments)


def test_keys_choose_articles_and_open_no_draft() -> None:
    one, two, draft = make_article("One"), make_article("Two"), make_article("X", status="draft")
    text = export("--key", one.public_key.key.upper(), "--key", two.public_key.key)
    assert text.count("Headline:") == 2
    assert "--drafts" in refused("--key", draft.public_key.key)
    assert "Headline: X" in export("--drafts", "--key", draft.public_key.key)


def test_a_source_is_what_it_brought(tmp_path: Path) -> None:
    make_article("By hand")
    import_json(write_listing(tmp_path, *listings.FIRST))
    text = export("--source", "TIDES of Ostrany")
    assert text.count("Headline:") == 7
    assert "By hand" not in text


def test_many_articles_are_written_in_pieces() -> None:
    from articles.choices import OperationKind
    from articles.writing import operations
    from articles.writing.articles import write_articles

    fields = {"published_on": "2021-05-02", "status": "published"}
    write_articles(
        [ArticleChange(fields=fields | {"headline": f"H{n}"}) for n in range(CHUNK + 10)],
        operations.begin(OperationKind.EDIT),
    )
    pieces = list(listing_chunks(Article.objects.published(), "All"))
    assert [number for _, number in pieces] == [0, CHUNK, 10]


# -- the file ---------------------------------------------------------------------------------


def test_a_file_is_there_when_it_is_whole(tmp_path: Path) -> None:
    make_article("One")
    target = tmp_path / "out.txt"
    assert export("--output", target) == ""
    assert target.read_text(encoding="utf-8") == export()
    assert [path.name for path in tmp_path.iterdir()] == ["out.txt"]
    assert "No such file" in refused("--output", tmp_path / "no" / "out.txt")


def test_an_import_of_an_export_is_a_run_of_its_source(tmp_path: Path) -> None:
    import_json(write_listing(tmp_path, *listings.FIRST))
    import_json(write(tmp_path, export("--source", listings.TOPIC)))
    assert Source.objects.count() == 1
    assert ImportRun.objects.count() == 2


def test_a_standfirst_of_many_lines_is_read_back(tmp_path: Path) -> None:
    text = "\n".join(f"Line {n} says: By Nobody, {n} May 2021." for n in range(1, 29)) * 3
    make_article("Long", standfirst=text, published_on="2021-05-02")
    assert changes(write(tmp_path, export())) == {"unchanged": 1}


def test_every_role_and_kind_can_be_written() -> None:
    assert set(Role.values) <= set(ROLES)
    assert set(SeriesKind.values) == {"serial", "column"}
    assert set(AuthorKind.values) == set(KINDS)
