"""One click: suggestions, conflicts, entries and authors to choose. Refusals change nothing."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User

from articles.choices import FindingState, OperationKind
from articles.importing.deciding import candidates_of, choose_article, choose_authors
from articles.models import Article, FieldChange, Finding, Operation, SourceEntry
from articles.writing import suggestions
from articles.writing.articles import save_article
from articles.writing.changes import ArticleChange
from articles.writing.merging import merge_articles
from articles.writing.suggestions import CannotApply, apply_suggestion, decide_conflict
from authors.models import Author
from tests.factories import make_article, make_author
from tests.importing.listings import CHARTS, OLDEST, import_json, run, write_listing

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> User:
    return User.objects.create_user("ed", is_staff=True)


def edited(article: Article, editor: User, **fields: Any) -> Article:
    return save_article(ArticleChange(article=article, fields=fields), actor=editor)


def doubled(editor: User) -> tuple[Article, Finding]:
    article = edited(make_article("The lamp"), editor, standfirst="It is the the lamp.")
    return article, Finding.objects.get(code="doubled-word")


def test_a_suggestion_is_applied_in_one_operation(editor: User) -> None:
    article, finding = doubled(editor)
    written = apply_suggestion(finding.pk, actor=editor, expected_version=article.version)
    assert written.standfirst == "It is the lamp."
    finding.refresh_from_db()
    assert (finding.state, finding.settled_by) == (FindingState.RESOLVED, editor)
    operation = Operation.objects.latest("id")
    assert (operation.kind, operation.actor) == (OperationKind.EDIT, editor)
    changed = operation.changes.order_by("subject_type").values_list("subject_type", "field")
    assert list(changed) == [("article", "standfirst"), ("finding", "state")]


@pytest.mark.parametrize("seen", [True, False])
def test_a_suggestion_for_another_text_is_refused(editor: User, seen: bool) -> None:
    article, finding = doubled(editor)
    before = Operation.objects.count()
    moved = edited(article, editor, standfirst="Yes: it is the the lamp.")
    # By the version that was seen; or, as in a bulk action, by what stood there.
    expected = article.version if seen else None
    Finding.objects.filter(pk=finding.pk).update(suggestion=finding.suggestion)
    with pytest.raises(CannotApply, match=r"somebody saved|another text"):
        apply_suggestion(finding.pk, actor=editor, expected_version=expected)
    assert Operation.objects.count() == before + 1
    moved.refresh_from_db()
    assert moved.standfirst == "Yes: it is the the lamp."
    finding.refresh_from_db()
    assert finding.suggestion["fields"] == {"standfirst": "Yes: it is the lamp."}
    apply_suggestion(finding.pk, actor=editor, expected_version=moved.version)
    moved.refresh_from_db()
    assert moved.standfirst == "Yes: it is the lamp."


def test_a_refused_suggestion_whose_cause_is_gone_is_closed(editor: User) -> None:
    article, finding = doubled(editor)
    Article.objects.filter(pk=article.pk).update(standfirst="It is a lamp.")
    with pytest.raises(CannotApply):
        apply_suggestion(finding.pk, actor=editor)
    finding.refresh_from_db()
    assert (finding.state, finding.settled_by) == (FindingState.RESOLVED, None)


def test_what_cannot_be_applied_says_so(editor: User) -> None:
    _, finding = doubled(editor)
    with pytest.raises(CannotApply, match="no suggestion"):
        apply_suggestion(finding.pk, actor=editor, choice=7)
    with pytest.raises(CannotApply, match="no longer exists"):
        apply_suggestion(10**9, actor=editor)
    apply_suggestion(finding.pk, actor=editor)
    with pytest.raises(CannotApply, match="settled already"):
        apply_suggestion(finding.pk, actor=editor)


def test_many_are_applied_as_one_operation_and_others_are_named(editor: User) -> None:
    article = edited(
        make_article("The lamp lamp"), editor, standfirst="It is the the lampOn Monday it rang."
    )
    other = edited(make_article("Bell"), editor, standfirst="It is the the bell.")
    reading = Finding.objects.create(
        code="kicker-or-subtitle", message="Two readings", article=other, fingerprint="1",
        suggestion={"choices": [{"fields": {"kicker": "a"}, "was": {"kicker": ""}},
                                {"fields": {"kicker": "b"}, "was": {"kicker": ""}}]},
    )  # fmt: skip
    ids = list(Finding.objects.values_list("pk", flat=True))
    assert len(ids) == 5
    applied, refused = suggestions.apply_suggestions([*ids, 10**9], actor=editor)
    assert applied == 4
    assert len(refused) == 2
    assert any("Two readings" in text for text in refused)
    article.refresh_from_db()
    assert article.standfirst == "It is the lamp On Monday it rang."
    assert article.headline == "The lamp"
    assert Operation.objects.latest("id").kind == OperationKind.BULK
    reading.refresh_from_db()
    assert reading.state == FindingState.OPEN
    apply_suggestion(reading.pk, actor=editor, choice=1)
    other.refresh_from_db()
    assert other.kicker == "b"


def test_the_other_reading_of_a_listing_comes_with_its_source(editor: User, tmp_path: Path) -> None:
    run("import_listing", write_listing(tmp_path, CHARTS, OLDEST), "--yes")
    entry = SourceEntry.objects.get(article__headline="Charts that lie")
    finding = Finding.objects.create(
        code="kicker-or-subtitle", message="x", article=entry.article, source_entry=entry,
        fingerprint="1", evidence={"line": 3, "alternatives": [{}]},
        suggestion={"fields": {"kicker": "Charts", "headline": "That lie"},
                    "was": {"kicker": "", "headline": "Charts that lie"}},
    )  # fmt: skip
    apply_suggestion(finding.pk, actor=editor)
    changes = FieldChange.objects.filter(subject_type="article", field__in=("kicker", "headline"))
    assert {change.source_entry for change in changes} == {entry}
    report = import_json(write_listing(tmp_path, CHARTS, OLDEST))
    assert report["totals"]["unchanged"] == 2


# Conflicts


@pytest.fixture
def conflict(tmp_path: Path, editor: User) -> tuple[Article, Finding, Path]:
    path = write_listing(tmp_path, CHARTS, OLDEST)
    run("import_listing", path, "--yes")
    article = Article.objects.get(headline="Charts that lie")
    edited(article, editor, standfirst="Ours.", byline="By M. Oldcastle")
    new = (CHARTS[0], "By Mira Oldcastle and Tomasz Łęk, 2 May 2021", "Theirs, and newer.")
    run("import_listing", write_listing(tmp_path, new, OLDEST), "--yes")
    article.refresh_from_db()
    return article, Finding.objects.get(code="conflict"), path


def test_the_listings_value_is_taken_with_its_source(
    conflict: tuple[Article, Finding, Path], editor: User
) -> None:
    article, finding, path = conflict
    decide_conflict(
        finding.pk, {"standfirst": "take"}, actor=editor, expected_version=article.version
    )
    article.refresh_from_db()
    finding.refresh_from_db()
    assert article.standfirst == "Theirs, and newer."
    assert (finding.state, finding.settled_by) == (FindingState.RESOLVED, editor)
    change = FieldChange.objects.filter(field="standfirst").latest("id")
    assert change.source_entry == finding.source_entry
    assert change.operation.changes.filter(subject_type="finding", field="state").exists()
    assert import_json(path)["totals"]["conflict"] == 0


def test_ours_is_kept_and_the_same_value_never_asks_again(
    conflict: tuple[Article, Finding, Path], editor: User, tmp_path: Path
) -> None:
    article, finding, _ = conflict
    theirs = "Theirs, and newer."
    decide_conflict(finding.pk, {"standfirst": "keep"}, actor=editor)
    article.refresh_from_db()
    assert article.standfirst == "Ours."
    for text in (theirs, "Something else.", theirs):
        new = (*CHARTS[:2], text)
        import_json(write_listing(tmp_path, new, OLDEST))
    article.refresh_from_db()
    assert article.standfirst == "Ours."
    assert not Finding.objects.filter(code="conflict", state=FindingState.OPEN).exists()


def test_fields_are_decided_one_by_one_and_the_finding_waits(editor: User) -> None:
    article = make_article("Ours", standfirst="Ours.", authors=["Mira Oldcastle"])
    finding = Finding.objects.create(
        code="conflict", message="x", article=article, fingerprint="1",
        evidence={"fields": {
            "headline": {"imported": "Old", "source": "Theirs", "archive": "Ours"},
            "standfirst": {"imported": "Old.", "source": "Theirs.", "archive": "Ours."},
            "authors": {"source": [{"name": "Ana Brandt", "kind": "person", "role": "aut"},
                                   {"name": "Mira Oldcastle", "role": "trl"}]},
            "series": {"source": [{"title": "Charts", "kind": "serial", "part_number": 2}]},
            "visible_from": {"source": "2020-01-01T00:00:00Z"},
        }},
    )  # fmt: skip
    decide_conflict(finding.pk, {"headline": "take"}, actor=editor)
    finding.refresh_from_db()
    assert finding.state == FindingState.OPEN
    decide_conflict(finding.pk, {"standfirst": "keep", "authors": "take"}, actor=editor)
    decide_conflict(finding.pk, {"series": "take"}, actor=editor)
    with pytest.raises(CannotApply, match="by hand"):
        decide_conflict(finding.pk, {"visible_from": "take"}, actor=editor)
    decide_conflict(finding.pk, {"visible_from": "keep"}, actor=editor)
    finding.refresh_from_db()
    article.refresh_from_db()
    assert finding.state == FindingState.RESOLVED
    assert (article.headline, article.standfirst) == ("Theirs", "Ours.")
    assert article.credit.startswith("Ana Brandt")
    assert article.parts.get().part_number == 2


@pytest.mark.parametrize(
    "decisions", [{}, {"nonsense": "take"}, {"standfirst": "burn"}, {"standfirst": ""}]
)
def test_no_decision_is_made_of_nonsense(
    conflict: tuple[Article, Finding, Path], editor: User, decisions: dict[str, str]
) -> None:
    _, finding, _ = conflict
    with pytest.raises(CannotApply):
        decide_conflict(finding.pk, decisions, actor=editor)
    finding.refresh_from_db()
    assert finding.state == FindingState.OPEN


def test_a_conflict_is_not_decided_about_an_article_that_moved(
    conflict: tuple[Article, Finding, Path], editor: User
) -> None:
    article, finding, _ = conflict
    edited(article, editor, standfirst="Ours, again.")
    with pytest.raises(CannotApply, match="somebody saved"):
        decide_conflict(
            finding.pk, {"standfirst": "take"}, actor=editor, expected_version=article.version
        )
    article.refresh_from_db()
    assert article.standfirst == "Ours, again."


def test_a_name_of_two_authors_is_not_guessed(editor: User) -> None:
    article = make_article("Ours")
    make_author("J. Lamp", aliases=["Lamp"])
    make_author("K. Lamp", aliases=["Lamp"])
    finding = Finding.objects.create(
        code="conflict", message="x", article=article, fingerprint="1",
        evidence={"fields": {"authors": {"source": [{"name": "Lamp", "role": "aut"}]}}},
    )  # fmt: skip
    with pytest.raises(CannotApply, match="choose by hand"):
        decide_conflict(finding.pk, {"authors": "take"}, actor=editor)
    assert not article.contributions.exists()


# Entries that wait


@pytest.fixture
def waiting(tmp_path: Path) -> tuple[Finding, Path]:
    """An entry that may be either of two imported before."""
    one = ("The fog over the harbour in May", "By Ana Brandt, 5 May 2021", "Fog one.")
    two = ("The fog over the harbour in June", "By Ana Brandt, 5 May 2021", "Fog two.")
    run("import_listing", write_listing(tmp_path, one, two, OLDEST), "--yes")
    new = ("The fog over the harbour in Jule", "By Ana Brandt, 5 May 2021", "Fog three.")
    path = write_listing(tmp_path, OLDEST, new)
    import_json(path)
    return Finding.objects.get(code="entry-ambiguous"), path


def test_an_entry_is_one_of_its_candidates_at_once_and_for_ever(
    waiting: tuple[Finding, Path], editor: User
) -> None:
    finding, path = waiting
    articles = Article.objects.filter(headline__startswith="The fog")
    assert sorted(finding.evidence["candidates"]) == sorted(articles.values_list("pk", flat=True))
    chosen = articles.get(headline__endswith="June")
    choose_article(finding.pk, chosen.pk, actor=editor, publish=True)
    chosen.refresh_from_db()
    assert (chosen.headline, chosen.standfirst) == (
        "The fog over the harbour in Jule", "Fog three.",
    )  # fmt: skip
    finding.refresh_from_db()
    assert (finding.state, finding.article) == (FindingState.RESOLVED, chosen)
    change = FieldChange.objects.filter(field="headline").latest("id")
    assert change.source_entry == finding.source_entry
    report = import_json(path)
    assert (report["totals"]["unchanged"], report["totals"]["review"]) == (2, 0)
    assert not Finding.objects.filter(code="entry-ambiguous", state=FindingState.OPEN).exists()


def test_an_editors_value_stands_when_an_entry_is_chosen(
    waiting: tuple[Finding, Path], editor: User
) -> None:
    finding, path = waiting
    chosen = edited(Article.objects.get(headline__endswith="June"), editor, standfirst="Ours.")
    choose_article(finding.pk, chosen.pk, actor=editor, publish=True)
    chosen.refresh_from_db()
    assert chosen.standfirst == "Ours."
    conflict = Finding.objects.get(code="conflict")
    assert conflict.article == chosen
    decide_conflict(conflict.pk, {"standfirst": "take"}, actor=editor)
    chosen.refresh_from_db()
    assert chosen.standfirst == "Fog three."
    assert import_json(path)["totals"]["unchanged"] == 2


@pytest.mark.parametrize("publish", [True, False])
def test_an_entry_is_a_new_article(
    waiting: tuple[Finding, Path], editor: User, publish: bool
) -> None:
    finding, path = waiting
    before = Article.objects.count()
    made = choose_article(finding.pk, None, actor=editor, publish=publish)
    assert Article.objects.count() == before + 1
    made.refresh_from_db()
    assert made.status == ("published" if publish else "draft")
    assert made.credit == "Ana Brandt"
    entry = made.source_entries.get()
    assert (entry.pk, entry.change) == (finding.source_entry_id, "CREATE")
    report = import_json(path)
    assert (report["totals"]["unchanged"], report["totals"]["create"]) == (2, 0)
    with pytest.raises(CannotApply, match="does not wait"):
        choose_article(finding.pk, None, actor=editor, publish=True)


def test_no_other_article_can_be_chosen(waiting: tuple[Finding, Path], editor: User) -> None:
    finding, _ = waiting
    other = Article.objects.get(headline=OLDEST[0])
    for pk in (other.pk, 10**9, -1):
        with pytest.raises(CannotApply, match="none of those"):
            choose_article(finding.pk, pk, actor=editor, publish=True)
    finding.refresh_from_db()
    assert finding.state == FindingState.OPEN


def test_an_author_is_chosen_and_the_article_made(tmp_path: Path, editor: User) -> None:
    make_author("Ana Brandt")
    second = make_author("Ana Brandt")
    path = write_listing(tmp_path, OLDEST)
    import_json(path)
    finding = Finding.objects.get(code="author-ambiguous")
    assert set(finding.evidence["authors"]) == {"Ana Brandt"}
    for wrong in ({}, {"Ana Brandt": 10**9}):
        with pytest.raises(CannotApply, match="Choose one"):
            choose_authors(finding.pk, wrong, actor=editor, publish=True)
    made = choose_authors(finding.pk, {"Ana Brandt": second.pk}, actor=editor, publish=True)
    assert made.contributions.get().author == second
    finding.refresh_from_db()
    assert finding.state == FindingState.RESOLVED
    report = import_json(path)
    assert report["totals"]["unchanged"] == 1
    assert Article.objects.count() == 1


# A collective is nobody in particular

COLLECTIVE = ("Why the tide turned", "By our correspondents, 11 January 2021", "It had to.")


def collective(tmp_path: Path, *persons: str) -> Finding:
    """Return the doubt of an entry by a collective whose spelling leads to *persons*."""
    for name in persons:
        make_author(name, aliases=["our correspondents"])
    report = import_json(write_listing(tmp_path, COLLECTIVE))
    assert report["totals"]["review"] == 1
    return Finding.objects.get(code="author-ambiguous")


@pytest.mark.parametrize("persons", [["Ana Brandt"], ["Ana Brandt", "Ben Reed"]])
def test_an_entry_by_a_collective_is_not_given_to_a_person(
    tmp_path: Path, editor: User, persons: list[str]
) -> None:
    finding = collective(tmp_path, *persons)
    assert finding.evidence["authors"] == {}
    made = choose_authors(finding.pk, {}, actor=editor, publish=True)
    author = made.contributions.get().author
    assert (author.name, author.kind) == ("our correspondents", "collective")
    assert import_json(tmp_path / "tides.txt")["totals"]["unchanged"] == 1


def test_nor_if_an_old_finding_offers_the_person(tmp_path: Path, editor: User) -> None:
    finding = collective(tmp_path, "Ana Brandt")
    person = Author.objects.get()
    finding.evidence["authors"] = {"our correspondents": [person.pk]}
    finding.save()
    chosen = {"our correspondents": person.pk}
    made = choose_authors(finding.pk, chosen, actor=editor, publish=True)
    assert made.contributions.get().author.kind == "collective"
    assert not person.contributions.exists()


def test_it_is_given_to_the_collective_that_there_is(tmp_path: Path, editor: User) -> None:
    finding = collective(tmp_path, "Ana Brandt")
    board = make_author("Harbour desk", kind="collective", aliases=["our correspondents"])
    made = choose_authors(finding.pk, {}, actor=editor, publish=True)
    assert made.contributions.get().author == board


def test_a_chosen_article_keeps_its_collective_credit(tmp_path: Path, editor: User) -> None:
    """The person behind the spelling is not what the article is compared with."""
    person = make_author("Ana Brandt", aliases=["our correspondents"])
    desk = make_author("Harbour desk", kind="collective", aliases=["our correspondents"])
    article = make_article(
        COLLECTIVE[0], authors=[desk], published_on="2021-01", byline="By our correspondents"
    )
    report = import_json(write_listing(tmp_path, COLLECTIVE))
    assert report["totals"]["review"] == 1
    finding = Finding.objects.get(code="entry-ambiguous")
    choose_article(finding.pk, article.pk, actor=editor, publish=True)
    assert article.contributions.get().author == desk
    assert not person.contributions.exists()
    assert not Finding.objects.filter(code="conflict", evidence__fields__has_key="authors")


def test_an_entry_whose_candidate_was_merged_is_the_article_that_stays(
    waiting: tuple[Finding, Path], editor: User
) -> None:
    finding, _ = waiting
    stays, copy = (Article.objects.get(pk=pk) for pk in candidates_of(finding)[:2])
    merge_articles(stays.pk, copy.pk, actor=editor)
    chosen = choose_article(finding.pk, copy.pk, actor=editor, publish=True)
    assert chosen.pk == stays.pk
    assert SourceEntry.objects.filter(article=stays).exists()
    copy.refresh_from_db()
    assert (copy.status, copy.merged_into_id) == ("withdrawn", stays.pk)


def test_a_value_is_not_taken_over_one_that_the_conflict_never_spoke_of(
    conflict: tuple[Article, Finding, Path], editor: User
) -> None:
    article, finding, _ = conflict
    article.refresh_from_db()
    edited(article, editor, standfirst="Better still.")
    with pytest.raises(CannotApply, match="edited since"):
        decide_conflict(finding.pk, {"standfirst": "take"}, actor=editor)
    article.refresh_from_db()
    assert article.standfirst == "Better still."
