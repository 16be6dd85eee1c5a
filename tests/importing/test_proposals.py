"""Proposals of an import in the queue, and what an editor's confirmation of one does."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group, User

from articles.choices import FindingState, OperationKind
from articles.importing.apply import run_import
from articles.importing.records import Options, ParsedEntry, ParsedListing
from articles.models import Article, Finding, Operation, Part, Series, Tag, TagAlias
from articles.writing import checking
from articles.writing.articles import delete_articles, save_article
from articles.writing.changes import ArticleChange, Place
from articles.writing.findings import settle_findings
from articles.writing.name_merging import merge_named
from articles.writing.name_unmerging import unmerge
from articles.writing.names import aliases_of, save_named
from articles.writing.proposals import (
    StaleProposal,
    confirm_proposal,
    is_proposal,
    may_confirm,
    read_proposal,
)
from authors.models import Author
from tests.factories import make_article, make_author, make_series, make_tag
from tests.importing.listings import import_json, write_listing

# What a file suggests


def entry(headline: str, *authors: str, **values: Any) -> dict[str, Any]:
    return {
        "headline": headline,
        "published_on": "2020-01-01",
        "authors": [{"name": name, "kind": "person", "role": "aut"} for name in authors],
        **values,
    }


# What an editor confirms

LETTER_2 = ("Letters to the keeper", "On damp", "By Mira Oldcastle, 9 May 2021", "It is damp.")


LETTER_1 = ("Letters to the keeper", "On salt", "By Myra Oldcastle, 8 May 2021", "It is salt.")


PLAIN = tuple(
    (headline, f"By Mira Oldcastle, {day} April 2021", "The lamp was out.")
    for day, headline in ((3, "Who paints stairs"), (2, "A year of fog"), (1, "The lost key"))
)


ALONE = ("How bells are cast", "Part 2: Tin", "By Mira Oldcastle, 20 March 2021", "It melts.")


LISTING = (LETTER_2, LETTER_1, *PLAIN, ALONE)


@pytest.fixture
def imported(db: None, tmp_path: Path) -> Path:
    path = write_listing(tmp_path, *LISTING)
    import_json(path)
    return path


def finding(code: str) -> Finding:
    return Finding.objects.get(code=code)


def confirm(code: str) -> str:
    return confirm_proposal(finding(code), None).sentence


def again(path: Path) -> dict[str, int]:
    """Import *path* again; return the totals that are not 0."""
    totals = import_json(path)["totals"]
    assert not list(checking.check())
    return {name: number for name, number in totals.items() if number and name != "entries"}


def test_a_confirmed_kicker_is_a_column_and_stays_one(imported: Path) -> None:
    sentence = confirm("series-proposal")
    assert sentence == "A new series “Letters to the keeper” is made with 2 articles."
    series = Series.objects.get()
    assert set(series.parts.values_list("article__headline", flat=True)) == {"On damp", "On salt"}
    row = finding("series-proposal")
    assert row.state == FindingState.RESOLVED
    operation = Operation.objects.latest("pk")
    assert operation.kind == OperationKind.EDIT
    assert set(operation.changes.values_list("subject_type", flat=True)) == {
        "article", "series", "finding",
    }  # fmt: skip
    assert again(imported) == {"unchanged": 6}
    new = ("Letters to the keeper", "On rope", "By Mira Oldcastle, 10 May 2021", "It is rope.")
    assert again(write_listing(imported.parent, new, *LISTING))["create"] == 1
    assert Part.objects.filter(series=series).count() == 3
    assert Finding.objects.filter(code="series-proposal").count() == 1


def diary(*months: str) -> ParsedListing:
    """Return a file whose headlines were read whole, as those of a table are."""
    entries = [
        ParsedEntry(
            ordinal=place,
            first_line=place,
            last_line=place,
            text=month,
            values={"headline": f"The keeper’s diary: {month}", "published_on": "2021-04"},
        )
        for place, month in enumerate(months)
    ]
    name = "-".join(months)
    return ParsedListing(name, name, 1, "utf-8", "csv", None, 9, True, entries)


@pytest.mark.django_db
def test_a_confirmed_beginning_of_headlines_holds_for_the_next_import() -> None:
    options = Options(status="published")
    run_import(diary("March", "February", "January"), "Diary", options)
    confirm("series-prefix")
    series = Series.objects.get(title="The keeper’s diary")
    assert series.parts.count() == 3
    plan, _run = run_import(diary("April", "March", "February", "January"), "Diary", options)
    assert (plan.totals()["create"], plan.totals()["unchanged"]) == (1, 3)
    assert series.parts.count() == 4
    assert not list(checking.check())


@pytest.mark.django_db
def test_what_is_dismissed_is_not_asked_again_by_a_newer_listing() -> None:
    options = Options(status="published")
    run_import(diary("March", "February", "January"), "Diary", options)
    settle_findings([finding("series-prefix").pk], FindingState.DISMISSED, actor=None)
    run_import(diary("May", "April", "March", "February", "January"), "Diary", options)
    assert finding("series-prefix").state == FindingState.DISMISSED
    assert not Series.objects.exists()


def test_a_confirmed_part_makes_its_serial_and_the_other_part_finds_it(imported: Path) -> None:
    confirm("part-alone")
    series = Series.objects.get(title="How bells are cast")
    assert (series.kind, series.parts.get().part_number) == ("serial", 2)
    other = (
        "How bells are cast",
        "Part 1: Copper",
        "By Mira Oldcastle, 19 March 2021",
        "It glows.",
    )
    again(write_listing(imported.parent, *LISTING, other))
    assert sorted(series.parts.values_list("part_number", flat=True)) == [1, 2]


def test_a_confirmed_author_is_merged_and_the_old_spelling_leads_on(imported: Path) -> None:
    row = finding("author-spelling")
    proposal = read_proposal(row)
    assert proposal.is_merge
    assert [(str(one.row), one.article_count) for one in proposal.others] == [
        ("Mira Oldcastle", 5), ("Myra Oldcastle", 1),
    ]  # fmt: skip
    confirmed = confirm_proposal(row, None)
    assert confirmed.sentence == "“Myra Oldcastle” is merged into “Mira Oldcastle”."
    assert confirmed.operation.kind == OperationKind.MERGE
    author = Author.objects.get()
    assert aliases_of(author) == ["Myra Oldcastle"]
    assert again(imported) == {"unchanged": 6}
    new = ("On tar", "By Myra Oldcastle, 11 May 2021", "It is black.")
    again(write_listing(imported.parent, new, *LISTING))
    assert Author.objects.get() == author
    assert author.contributions.count() == 7
    assert Article.objects.get(headline="On tar").credit == "Mira Oldcastle"
    assert Article.objects.get(headline="On tar").byline == "Myra Oldcastle"
    unmerge(confirmed.operation, actor=None)
    assert finding("author-spelling").state == FindingState.OPEN
    assert Article.objects.get(headline="On salt").credit == "Myra Oldcastle"
    assert not list(checking.check())
    assert again(imported) == {"unchanged": 7}


def test_a_spelling_close_to_a_column_joins_it(imported: Path) -> None:
    confirm("series-proposal")
    series = Series.objects.get()
    new = ("Letters to the old keeper", "On rats", "By Mira Oldcastle, 12 May 2021", "They are.")
    path = write_listing(imported.parent, new, *LISTING)
    again(path)
    assert confirm("series-spelling") == (
        "1 article is put into “Letters to the keeper”."
        " “Letters to the old keeper” leads to “Letters to the keeper”."
    )
    assert aliases_of(series) == ["Letters to the old keeper"]
    assert series.parts.count() == 3
    assert again(path) == {"unchanged": 7}


def test_two_authors_who_are_two_stay_so(imported: Path) -> None:
    row = finding("author-spelling")
    settle_findings([row.pk], FindingState.DISMISSED, actor=None)
    new = ("On tar", "By Myra Oldcastle, 11 May 2021", "It is black.")
    again(write_listing(imported.parent, new, *LISTING))
    assert finding("author-spelling").state == FindingState.DISMISSED
    assert Author.objects.count() == 2


def test_a_proposal_is_confirmed_once(imported: Path) -> None:
    row = finding("series-proposal")
    confirm_proposal(row, None)
    with pytest.raises(StaleProposal, match="settled already"):
        confirm_proposal(row, None)


def test_an_article_that_is_gone_or_numbered_otherwise_is_a_clear_refusal(imported: Path) -> None:
    series = make_series("How bells are cast", kind="serial")
    make_article("Another", series=[(series, 2)])
    before = Operation.objects.count()
    with pytest.raises(StaleProposal, match="Another article is part 2 of “How bells are cast”"):
        confirm("part-alone")
    article = Article.objects.get(headline="How bells are cast")
    save_article(ArticleChange(article=article, parts=[Place(series.pk, 7)]), actor=None)
    with pytest.raises(StaleProposal, match="is part 7 already"):
        confirm("part-alone")
    assert Operation.objects.count() == before + 1
    assert finding("part-alone").state == FindingState.OPEN


def test_a_deleted_article_is_a_clear_refusal(db: None, tmp_path: Path) -> None:
    import_json(write_listing(tmp_path, *LISTING), "--status", "draft")
    delete_articles([Article.objects.get(headline="On damp").pk], actor=None)
    with pytest.raises(StaleProposal, match="no longer in the archive"):
        confirm("series-proposal")
    assert not Series.objects.exists()


def test_merged_columns_and_tags_take_the_next_import(imported: Path) -> None:
    confirm("series-proposal")
    letters = make_series("Letters", kind="column")
    merge_named(letters, [Series.objects.get(title="Letters to the keeper")], actor=None)
    topic = Tag.objects.get()
    sea = make_tag("The sea")
    operation = merge_named(sea, [topic], actor=None)
    new = ("Letters to the keeper", "On rope", "By Mira Oldcastle, 10 May 2021", "It is rope.")
    totals = again(write_listing(imported.parent, new, *LISTING))
    assert totals == {"create": 1, "unchanged": 6, "public": 1}
    rope = Article.objects.get(headline="On rope")
    assert (list(Series.objects.all()), list(Tag.objects.all())) == ([letters], [sea])
    assert (rope.parts.get().series, rope.tagged_articles.get().tag) == (letters, sea)
    unmerge(operation, actor=None)
    assert rope.tagged_articles.get().tag == sea, "it came after the merge"
    assert Article.objects.get(headline="On salt").tagged_articles.get().tag == topic
    assert not list(checking.check())


def test_a_place_that_an_editor_took_away_stays_away(imported: Path) -> None:
    confirm("series-proposal")
    salt = Article.objects.get(headline="On salt")
    save_article(ArticleChange(article=salt, parts=[]), actor=None)
    assert again(imported)["unchanged"] == 6
    assert not salt.parts.exists()


def test_what_an_editor_did_meanwhile_is_extended_not_repeated(imported: Path) -> None:
    series = make_series("Letters to the Keeper", kind="column")
    salt = Article.objects.get(headline="On salt")
    save_article(ArticleChange(article=salt, parts=[Place(series.pk)]), actor=None)
    assert confirm("series-proposal") == "1 article is put into “Letters to the Keeper”."
    assert Series.objects.get() == series
    assert series.parts.count() == 2


def test_an_author_who_was_merged_meanwhile_is_not_asked_about(imported: Path) -> None:
    mira, myra = Author.objects.order_by("pk")
    operation = merge_named(mira, [myra], actor=None)
    assert finding("author-spelling").state == FindingState.RESOLVED
    unmerge(operation, actor=None)
    assert finding("author-spelling").state == FindingState.OPEN
    assert confirm("author-spelling") == "“Myra Oldcastle” is merged into “Mira Oldcastle”."


def test_a_collective_is_not_merged_into_a_person_by_a_proposal(imported: Path) -> None:
    row = finding("author-spelling")
    myra = Author.objects.get(name="Myra Oldcastle")
    myra.kind = "collective"
    save_named(myra, actor=None)
    assert not read_proposal(row).is_merge
    make_author("Myra Oldcastle", kind="collective")
    assert Author.objects.filter(kind="person").count() == 1


HOSTILE: list[Any] = [
    None, [], {}, "series", {"series": None}, {"series": {"title": "", "kind": "serial"}},
    {"series": {"title": "X", "kind": "novel", "places": []}},
    {"series": {"title": "X" * 400, "kind": "serial", "places": []}},
    {"series": {"title": "X", "kind": "serial", "places": [{"article": -1}]}},
    {"series": {"title": "X", "kind": "serial", "places": [{"article": "1 OR 1=1"}]}},
    {"series": {"title": "X", "kind": "serial", "places": [{"article": True}]}},
    {"series": {"title": "X", "kind": "serial", "places": [{"article": 2**31 - 1}]}},
    {"series": {"title": "X", "kind": "serial", "places": [{"article": 10**30}]}},
    {"series": {"title": "X", "kind": "serial", "places": [7, None, "x"]}},
    {"series": {"title": "X", "kind": "serial", "places": {"article": 1}}},
    {"series": {"title": "X", "kind": "serial", "places": [{"entry": 0, "part_number": -2}]}},
    {"series": {"title": "X", "kind": "serial", "places": [], "spellings": 7}},
    {"series": {"title": "X", "kind": "serial"}, "alias": {}},
    {"alias": {"of": "finding", "target": 1, "spelling": "x"}},
    {"alias": {"of": ["author"], "target": 1, "spelling": "x"}},
    {"alias": {"of": "author", "target": 10**30, "spelling": "x"}},
    {"alias": {"of": "author", "target": None, "spelling": "x"}},
    {"alias": {"of": "author", "target": "Nobody", "spelling": "x"}},
    {"alias": {"of": "series", "target": "Nobody", "spelling": "x", "places": "all"}},
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("suggestion", HOSTILE, ids=str)
def test_a_hostile_suggestion_is_refused_and_writes_nothing(suggestion: Any) -> None:
    row = Finding.objects.create(
        code="x", message="A doubt", suggestion=suggestion, fingerprint="x", evidence={}
    )
    with pytest.raises(StaleProposal):
        confirm_proposal(row, None)
    with pytest.raises(StaleProposal):
        read_proposal(row)
    assert isinstance(may_confirm(User(is_superuser=True, is_active=True), row), bool)
    assert not Operation.objects.exists()
    row.refresh_from_db()
    assert row.state == FindingState.OPEN


@pytest.mark.django_db
def test_a_tag_learns_a_spelling_or_is_merged() -> None:
    sea = make_tag("Sea")
    ask = {"alias": {"of": "tag", "target": sea.pk, "spelling": "The sea"}}
    row = Finding.objects.create(code="x", message="x", suggestion=ask, fingerprint="1")
    assert confirm_proposal(row, None).sentence == "“The sea” leads to “Sea”."
    assert TagAlias.objects.filter(tag=sea, name="The sea").exists()
    ocean = make_tag("Ocean")
    article = make_article(tags=[ocean])
    ask = {"alias": {"of": "tag", "target": sea.pk, "spelling": "Ocean"}}
    row = Finding.objects.create(code="x", message="x", suggestion=ask, fingerprint="2")
    confirm_proposal(row, None)
    assert list(article.tags.all()) == [sea]


@pytest.mark.django_db
def test_who_may_confirm_may_do_what_is_done() -> None:
    def user(group: str) -> User:
        made = User.objects.create_user(group)
        made.groups.add(Group.objects.get(name=group))
        return made

    asks: list[Any] = [
        {"series": {"title": "X", "kind": "serial", "places": []}},
        {"alias": {"of": "author", "target": 1, "spelling": "x"}},
        {"alias": {"of": "tag", "target": 1, "spelling": "x"}},
    ]
    rows = [
        Finding.objects.create(code="x", message="x", suggestion=ask, fingerprint=str(n))
        for n, ask in enumerate(asks)
    ]
    assert all(is_proposal(row.suggestion) for row in rows)
    for group, allowed in (
        ("Contributor", False), ("Importer", False), ("Auditor", False), ("Editor", True),
        ("Chief editor", True),
    ):  # fmt: skip
        account = user(group)
        assert [may_confirm(account, row) for row in rows] == [allowed] * 3, group


@pytest.mark.django_db
def test_two_names_become_one_only_if_that_was_shown() -> None:
    target = make_author("Mira Oldcastle")
    finding = Finding.objects.create(
        code="author-spelling",
        message="Two spellings of one name?",
        fingerprint="mira",
        suggestion={"alias": {"of": "author", "spelling": "Mira Oldcastel", "target": target.pk}},
    )
    shown = read_proposal(finding)
    assert not shown.is_merge
    twin = make_author("Mira Oldcastel")
    make_article("Hers", authors=[twin])
    for token in (shown.token, ""):
        with pytest.raises(StaleProposal):
            confirm_proposal(finding, None, shown=token)
    assert Author.objects.filter(pk=twin.pk).exists()
    finding.refresh_from_db()
    confirm_proposal(finding, None, shown=read_proposal(finding).token)
    assert not Author.objects.filter(pk=twin.pk).exists()
