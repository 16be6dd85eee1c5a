"""Findings follow what articles say: opened, closed by themselves, remembered once dismissed."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management.base import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.choices import FindingState
from articles.models import Article, FieldChange, Finding, Operation, SourceEntry
from articles.writing.articles import save_article
from articles.writing.changes import ArticleChange
from articles.writing.findings import review_all, review_saved, settle_findings
from tests.factories import make_article, make_series
from tests.importing.listings import CHARTS, NEW, OLDEST, STUB, run, write_listing

pytestmark = pytest.mark.django_db

RUN_TOGETHER = (
    "The fog bell",
    "By Ana Brandt, 6 May 2021",
    "It rang at nightOn Monday it cracked.",
)
FULL = [
    (f"Entry {word} of the ledger", "By Ana Brandt, 3 May 2021", f"It says {word} and no more.")
    for word in ("alpha", "bravo", "charlie", "delta")
]


@pytest.fixture
def editor() -> User:
    return User.objects.create_user("ed", is_staff=True)


def saved(article: Article, editor: User, **fields: Any) -> Article:
    return save_article(ArticleChange(article=article, fields=fields), actor=editor)


def states(**query: Any) -> dict[str, str]:
    return dict(Finding.objects.filter(**query).values_list("code", "state"))


def test_an_import_raises_doubts_with_a_suggestion_and_their_lines(tmp_path: Path) -> None:
    run("import_listing", write_listing(tmp_path, RUN_TOGETHER, OLDEST), "--yes")
    finding = Finding.objects.get(code="run-together")
    assert finding.article == Article.objects.get(headline="The fog bell")
    assert finding.source_entry is not None
    assert finding.source_entry.article == finding.article
    assert finding.suggestion["fields"] == {"standfirst": "It rang at night On Monday it cracked."}


def test_parser_and_check_raise_one_finding_for_one_doubt(tmp_path: Path) -> None:
    entry = ("The fog bell", "By Ana Brandt, 6 May 2021", "It rang the the nightOn Monday “all.")
    run("import_listing", write_listing(tmp_path, entry, STUB, OLDEST), "--yes")
    codes = sorted(Finding.objects.values_list("code", flat=True))
    assert codes == ["doubled-word", "internal-slug", "run-together", "unbalanced-quotes"]


def test_dismissed_is_remembered_by_every_later_import(tmp_path: Path, editor: User) -> None:
    run("import_listing", write_listing(tmp_path, RUN_TOGETHER, STUB, OLDEST), "--yes")
    settle_findings(
        Finding.objects.values_list("pk", flat=True), FindingState.DISMISSED, actor=editor
    )
    run("import_listing", write_listing(tmp_path, NEW, RUN_TOGETHER, STUB, OLDEST), "--yes")
    reworded = (*RUN_TOGETHER[:2], f"{RUN_TOGETHER[2]} Nobody came.")
    run("import_listing", write_listing(tmp_path, reworded, STUB, OLDEST), "--yes")
    assert "Nobody came" in Article.objects.get(headline="The fog bell").standfirst
    assert states(code__in=("run-together", "internal-slug")) == {
        "run-together": "dismissed", "internal-slug": "dismissed",
    }  # fmt: skip
    review_all()
    assert states(code="run-together") == {"run-together": "dismissed"}


def test_a_save_closes_what_is_mended_and_opens_what_is_new(tmp_path: Path, editor: User) -> None:
    run("import_listing", write_listing(tmp_path, STUB, OLDEST), "--yes")
    stub = Article.objects.get(status="draft")
    assert states(article=stub) == {"internal-slug": "open"}
    saved(stub, editor, headline="The bell buoy and the the fog")
    assert states(article=stub) == {"internal-slug": "resolved", "doubled-word": "open"}
    closed = Finding.objects.get(code="internal-slug")
    assert closed.settled is not None
    assert closed.settled_by is None
    change = FieldChange.objects.get(subject_type="finding", subject_id=closed.pk)
    assert change.operation == Operation.objects.latest("id")
    assert (change.old, change.new) == ("open", "resolved")


def test_a_doubt_that_comes_back_opens_again_unless_somebody_settled_it(editor: User) -> None:
    article = saved(make_article("A quiet lamp"), editor, standfirst="It is the the lamp.")
    finding = Finding.objects.get(article=article, code="doubled-word")
    saved(article, editor, standfirst="It is the lamp.")
    saved(article, editor, standfirst="It is the the lamp.")
    finding.refresh_from_db()
    assert finding.state == FindingState.OPEN
    settle_findings([finding.pk], FindingState.RESOLVED, actor=editor)
    saved(article, editor, standfirst="It is still the the lamp.")
    finding.refresh_from_db()
    assert finding.state == FindingState.RESOLVED
    assert Finding.objects.count() == 1


def test_another_reading_that_an_editor_types_in_settles_its_finding(editor: User) -> None:
    article = make_article("A storm", subtitle="How it came")
    finding = Finding.objects.create(
        code="kicker-or-subtitle", message="x", article=article, fingerprint="1",
        suggestion={
            "fields": {"kicker": "A storm", "headline": "How it came", "subtitle": ""},
            "was": {"kicker": "", "headline": "A storm", "subtitle": "How it came"},
        },
    )  # fmt: skip
    saved(article, editor, standfirst="No matter.")
    finding.refresh_from_db()
    assert finding.state == FindingState.OPEN
    saved(article, editor, kicker="A storm", headline="How it came", subtitle="")
    finding.refresh_from_db()
    assert finding.state == FindingState.RESOLVED


def test_a_finding_of_the_parser_is_taken_over_with_what_was_decided(editor: User) -> None:
    article = make_article(standfirst="It rang at nightOn Monday.")
    for state in FindingState.values:
        Finding.objects.all().delete()
        Finding.objects.create(
            code="run-together", message="old words", article=article, fingerprint="1", state=state,
            evidence={"line": 3, "alternatives": []}, settled_by=editor,
        )  # fmt: skip
        review_saved([article.pk])
        finding = Finding.objects.get()
        assert finding.state == state
        assert finding.fingerprint != "1"


def test_what_only_the_parser_sees_stays_open_until_the_text_changes(editor: User) -> None:
    article = make_article("The lamp", standfirst="A quiet night.")
    finding = Finding.objects.create(
        code="run-together", message="x", article=article, fingerprint="1",
        evidence={
            "line": 3, "alternatives": [],
            "values": {"kicker": "", "headline": "The lamp", "standfirst": "A quiet night."},
        },
    )  # fmt: skip
    saved(article, editor, language="de")
    finding.refresh_from_db()
    assert finding.state == FindingState.OPEN
    saved(article, editor, standfirst="A loud night.")
    finding.refresh_from_db()
    assert finding.state == FindingState.RESOLVED


def test_gone_entries_are_reported_and_the_report_ends_when_they_return(tmp_path: Path) -> None:
    both = write_listing(tmp_path, CHARTS, OLDEST)
    run("import_listing", both, "--yes")
    text = both.read_text(encoding="utf-8")
    run("import_listing", write_listing(tmp_path, NEW, OLDEST), "--yes")
    finding = Finding.objects.get(code="entry-gone")
    assert finding.state == FindingState.OPEN
    both.write_text(text, encoding="utf-8")
    run("import_listing", both, "--yes")
    finding.refresh_from_db()
    assert (finding.state, finding.settled_by) == (FindingState.RESOLVED, None)
    run("import_listing", write_listing(tmp_path, NEW, OLDEST), "--yes")
    finding.refresh_from_db()
    assert finding.state == FindingState.OPEN
    settle_findings([finding.pk], FindingState.DISMISSED, actor=None)
    both.write_text(text, encoding="utf-8")
    run("import_listing", both, "--yes")
    run("import_listing", write_listing(tmp_path, NEW, OLDEST), "--yes")
    finding.refresh_from_db()
    assert finding.state == FindingState.DISMISSED


def test_a_missing_standfirst_is_a_doubt_where_the_others_have_one(tmp_path: Path) -> None:
    bare = ("The lamp is out", "By Ana Brandt, 7 May 2021")
    run("import_listing", write_listing(tmp_path, *FULL, OLDEST, bare), "--yes")
    (finding,) = Finding.objects.filter(code="missing-standfirst")
    assert finding.article is not None
    assert finding.article.headline == "The lamp is out"
    finding.delete()
    review_all()
    assert Finding.objects.filter(code="missing-standfirst").count() == 1
    made = make_article("Typed in by hand")
    save_article(
        ArticleChange(article=made, fields={"kicker": "x"}), actor=User.objects.create_user("x")
    )
    assert not made.findings.exists()


def test_a_part_waits_for_the_one_before(editor: User) -> None:
    serial = make_series("The bell buoy")
    third = make_article("Part three", series=[(serial, 3)])
    saved(third, editor, kicker="x")
    finding = Finding.objects.get(code="part-gap")
    assert finding.article == third
    second = make_article("Part two", published_on="2020-02-01")
    from articles.writing.changes import Place

    save_article(ArticleChange(article=second, parts=[Place(serial.pk, 2)]), actor=editor)
    finding.refresh_from_db()
    assert finding.state == FindingState.RESOLVED
    assert Finding.objects.get(state="open").article == second


def test_what_a_proposal_says_of_several_a_check_does_not_say_of_one(editor: User) -> None:
    text = "This is the second part of a two-part history of the bell."
    proposed, alone = make_article("One", standfirst=text), make_article("Two", standfirst=text)
    Finding.objects.create(
        code="parts-in-standfirsts", message="x", fingerprint="1", state=FindingState.DISMISSED,
        suggestion={"series": {"title": "The bell", "kind": "serial",
                               "places": [{"entry": 1, "article": proposed.pk}]}},
    )  # fmt: skip
    review_all()
    assert Finding.objects.get(code="part-in-standfirst").article == alone


def test_two_like_articles_are_found_whichever_was_saved(editor: User) -> None:
    first = make_article("The harbour chain is raised")
    second = make_article("The harbour chain is raised!", published_on="2020-03-03")
    withdrawn = make_article("The harbour chain is raised.", status="withdrawn")
    saved(first, editor, kicker="x")
    finding = Finding.objects.get(code="similar-headline")
    assert (finding.article, finding.other_article) == (second, first)
    assert finding.suggestion == {"merge": first.pk}
    saved(second, editor, headline="Another thing altogether")
    finding.refresh_from_db()
    assert finding.state == FindingState.RESOLVED
    assert not withdrawn.findings.exists()


def test_low_confidence_ends_with_an_editors_save(tmp_path: Path, editor: User) -> None:
    run("import_listing", write_listing(tmp_path, CHARTS, OLDEST), "--yes")
    entry = SourceEntry.objects.get(article__headline="Charts that lie")
    SourceEntry.objects.filter(pk=entry.pk).update(confidence=0.3)
    review_all()
    finding = Finding.objects.get(code="low-confidence")
    assert finding.article == entry.article
    assert entry.article is not None
    saved(entry.article, editor, kicker="Looked at")
    finding.refresh_from_db()
    assert finding.state == FindingState.RESOLVED


def test_find_doubts_looks_at_everything(editor: User) -> None:
    make_article("One", standfirst="It is the the lamp.")
    make_article("Two", standfirst="He left “the room.", status="draft")
    make_article("Three", standfirst="It is the the lamp.", status="withdrawn")
    code, out, _ = run("find_doubts", "--dry-run")
    assert code == 0
    assert "2 findings would be opened" in out
    assert not Finding.objects.exists()
    _, out, _ = run("find_doubts", "--code", "doubled-word")
    assert "doubled-word: 1 opened, 0 closed (A word twice in a row)" in out
    assert states() == {"doubled-word": "open"}
    Article.objects.filter(headline="One").update(standfirst="It is the lamp.")
    _, out, _ = run("find_doubts")
    assert "doubled-word: 0 opened, 1 closed" in out
    assert states() == {"doubled-word": "resolved", "unbalanced-quotes": "open"}
    _, out, _ = run("find_doubts")
    assert "0 findings opened, 0 closed" in out
    assert "2 articles looked at" in out
    with pytest.raises(CommandError, match="There is no check nonsense"):
        run("find_doubts", "--code", "nonsense")


def test_a_dry_run_counts_what_the_run_then_does() -> None:
    for place in range(12):
        make_article("The harbour chain is raised", published_on=f"2020-03-{place % 2 + 1:02}")
    _, dry, _ = run("find_doubts", "--dry-run")
    _, real, _ = run("find_doubts")
    assert dry.replace(" would be", "").replace("would be ", "") == real


def test_a_review_asks_the_same_number_of_queries_for_any_number_of_articles() -> None:
    counts = []
    for number in (1, 40):
        ids = [
            make_article(f"Number {number} {place}", standfirst="It is the the lamp.").pk
            for place in range(number)
        ]
        with CaptureQueriesContext(connection) as queries:
            review_saved(ids)
        counts.append(len(queries))
    assert counts[0] == counts[1] < 16


def test_no_working_title_becomes_public_by_an_import(tmp_path: Path) -> None:
    run("import_listing", write_listing(tmp_path, STUB, OLDEST), "--yes", "--status", "published")
    finding = Finding.objects.get(code="internal-slug")
    assert finding.article not in Article.objects.published()
    assert not Article.objects.published().filter(findings__code="internal-slug").exists()


def test_no_format_brings_a_working_title_to_readers(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    rows = "230 Smithers,2021-05-01,\n417 tannery draft,2021-05-03,Ana Brandt\n"
    path.write_text(f"headline,date,byline\n{rows}The lamp,2021-05-02,\n")
    run("import_listing", path, "--yes", "--status", "published")
    public = Article.objects.published()
    assert list(public.values_list("headline", flat=True)) == ["The lamp"]
    held = Finding.objects.filter(code="internal-slug")
    assert held.count() == 2
    assert not public.filter(findings__in=held).exists()
