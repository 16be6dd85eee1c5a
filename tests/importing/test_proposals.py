"""Proposals: what a listing suggests, and what an editor's confirmation of it does."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group, User

from articles.choices import FindingState, OperationKind
from articles.importing.apply import run_import
from articles.importing.near_names import Names, near_authors
from articles.importing.proposals import more_series
from articles.importing.records import Options, ParsedEntry, ParsedListing
from articles.importing.series import Inferred
from articles.models import Article, Finding, Operation, Part, Series, SourceEntry, Tag, TagAlias
from articles.writing import checking
from articles.writing.articles import delete_articles, save_article
from articles.writing.author_choices import author_choices, choose_author
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


def more(*entries: dict[str, Any]) -> list[dict[str, Any]]:
    return more_series(dict(enumerate(entries)), Inferred())


def test_a_beginning_of_three_headlines_is_proposed_as_a_column() -> None:
    diary = [entry(f"The keeper’s diary: {month}") for month in ("May", "June", "July")]
    (proposal,) = more(*diary, entry("Charts: a history"))
    assert proposal["code"] == "series-prefix"
    assert proposal["suggestion"]["series"]["title"] == "The keeper’s diary"
    assert len(proposal["suggestion"]["series"]["places"]) == 3
    assert more(*diary[:2]) == []
    assert more(diary[0], diary[0], diary[0]) == [], "one headline thrice is no column"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("The first part of a two-part article.", "The second part of a two-part article."),
        ("First of two articles on ropes.", "The second and final of two articles on ropes."),
        ("Part one of two.", "This is part 2 of 2."),
    ],
)
def test_standfirsts_that_count_their_parts_are_a_serial(first: str, second: str) -> None:
    (proposal,) = more(
        entry("How ropes end", standfirst=second, byline="A. B."),
        entry("Between", standfirst="Nothing of the kind.", byline="A. B."),
        entry("How ropes begin", standfirst=first, byline="A. B."),
    )
    assert proposal["code"] == "parts-in-standfirsts"
    assert proposal["suggestion"]["series"] == {
        "title": "How ropes begin",
        "kind": "serial",
        "places": [{"entry": 2, "part_number": 1}, {"entry": 0, "part_number": 2}],
    }


@pytest.mark.parametrize(
    "standfirsts",
    [
        ("The second part of a two-part article.",),
        ("The first of three articles.", "The third of three articles."),
        ("He took part in the first of two world fairs.", "Part of two minds."),
        ("The third part of a two-part article.", "The first part of a two-part article."),
    ],
)
def test_parts_that_are_not_all_there_make_no_serial(standfirsts: tuple[str, ...]) -> None:
    found = more(*(entry(f"N {n}", standfirst=text) for n, text in enumerate(standfirsts)))
    assert found == []


def test_standfirsts_that_name_their_series_are_proposed_together() -> None:
    text = "Part of a series on what the tide brings."
    (proposal,) = more(entry("A", standfirst=text), entry("B", standfirst=f"Read on. {text}"))
    assert proposal["suggestion"]["series"]["title"] == "What the tide brings"


def nobody(_name: str, _kind: str) -> None:
    """The archive knows nobody."""


def names(entries: Sequence[dict[str, Any]], earlier: Sequence[dict[str, Any]] = ()) -> Names:
    found = Names()
    for place, values in enumerate(entries):
        found.add(place, values)
    for values in earlier:
        found.add_earlier(values)
    return found


def pairs(*entries: dict[str, Any], same: dict[str, int] | None = None) -> list[tuple[str, str]]:
    return [
        (
            proposal["suggestion"]["alias"]["target"],
            proposal["suggestion"]["alias"]["spelling"],
        )
        for proposal in near_authors(names(entries), lambda name, _kind: (same or {}).get(name))
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mira Oldcastle", "Mira Oldcastel"),
        ("Mira Oldcastle", "Myra Oldcastle"),
        ("Mira Oldcastle", "M. Oldcastle"),
        ("Mira Oldcastle", "Mira J. Oldcastle"),
        ("Władysław Okręt", "Wladyslav Okret"),
    ],
)
def test_names_that_are_nearly_the_same_are_proposed(one: str, other: str) -> None:
    assert pairs(entry("A", one), entry("B", one), entry("C", other)) == [(one, other)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ann Lee", "Ann Lea"), ("Jon Weir", "Jan Weir"), ("Mira Oldcastle", "Peter Oldcastle"),
        ("Mira Oldcastle", "Mira Newcastle"), ("Mira Oldcastle", "MIRA OLDCASTLE"), ("Ann", "Anne"),
    ],
)  # fmt: skip
def test_other_names_are_left_alone(one: str, other: str) -> None:
    assert pairs(entry("A", one), entry("C", other)) == []


def test_an_initial_that_may_be_two_people_is_left_alone() -> None:
    rows = [entry("A", "Jonas Weir"), entry("B", "Johanna Weir"), entry("C", "J. Weir")]
    assert pairs(*rows) == []
    assert pairs(*rows[1:]) == [("J. Weir", "Johanna Weir")]


def test_names_of_other_kinds_and_of_one_author_are_left_alone() -> None:
    staff = entry("A")
    staff["authors"] = [{"name": "Mira Oldcastel", "kind": "collective", "role": "aut"}]
    assert pairs(entry("B", "Mira Oldcastle"), staff) == []
    both = [entry("A", "Mira Oldcastle"), entry("B", "M. Oldcastle")]
    assert pairs(*both, same={"Mira Oldcastle": 1, "M. Oldcastle": 1}) == []
    assert len(pairs(*both, same={"Mira Oldcastle": 1, "M. Oldcastle": 2})) == 1


def test_earlier_entries_are_compared_with_and_shown_side_by_side() -> None:
    earlier = [entry(f"Old {n}", "Mira Oldcastle") for n in range(8)]
    (proposal,) = near_authors(names([entry("New", "Mira Oldcastel")], earlier), nobody)
    one, other = proposal["evidence"]["names"]
    assert (one["name"], one["count"], len(one["entries"])) == ("Mira Oldcastle", 8, 5)
    assert other["entries"] == [{"published_on": "2020-01-01", "headline": "New"}]
    others = [*earlier, entry("x", "Myra Oldcastle")]
    assert near_authors(names([entry("New", "Else Body")], others), nobody) == []


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


def test_an_author_who_was_merged_meanwhile_leaves_nothing_to_do(imported: Path) -> None:
    mira, myra = Author.objects.order_by("pk")
    merge_named(mira, [myra], actor=None)
    assert confirm("author-spelling") == "Nothing was left to do."
    assert finding("author-spelling").state == FindingState.RESOLVED


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


# A spelling that several authors share, and collectives

SHARED = ("Why the map room is locked", "By Ana Brandt, 11 January 2021", "The key is kept.")
SHARED_2 = ("Why the map room is open", "By Ana Brandt, 12 January 2021", "The key is lost.")


@pytest.mark.django_db
def test_the_choice_for_a_shared_name_is_remembered_for_its_source(tmp_path: Path) -> None:
    _one, two = make_author("Ana Brandt"), make_author("Ana Brandt")
    path = write_listing(tmp_path, SHARED_2, SHARED)
    assert import_json(path)["totals"]["review"] == 2
    row = Finding.objects.filter(code="author-ambiguous").first()
    assert row is not None
    assert {str(choice.row) for choice in author_choices(row)} == {"Ana Brandt"}
    for wrong in (0, -1, "x", "1 OR 1=1", 10**40, None, make_author().pk):
        with pytest.raises(StaleProposal):
            choose_author(row, wrong, None)
    assert choose_author(row, str(two.pk), None) == 2
    report = import_json(path)
    assert report["totals"]["create"] == 2
    assert two.contributions.count() == 2
    third = ("Where the map room was", "By Ana Brandt, 14 January 2021", "The key fits.")
    other = write_listing(tmp_path, third, name="other.txt")
    assert import_json(other, "--source", "Another")["totals"]["review"] == 1


@pytest.mark.django_db
def test_the_article_that_settled_the_question_is_remembered_too(tmp_path: Path) -> None:
    one, two = make_author("Ana Brandt"), make_author("Ana Brandt")
    import_json(write_listing(tmp_path, SHARED))
    article = make_article(SHARED[0], authors=[two], published_on="2021-01-11")
    row = Finding.objects.get(code="author-ambiguous")
    SourceEntry.objects.filter(pk=row.source_entry_id).update(article=article)
    settle_findings([row.pk], FindingState.RESOLVED, actor=None)
    import_json(write_listing(tmp_path, SHARED_2, SHARED))
    assert Article.objects.get(headline=SHARED_2[0]).contributions.get().author == two
    settle_findings([row.pk], FindingState.OPEN, actor=None)
    third = ("Why the map room burns", "By Ana Brandt, 13 January 2021", "The key melts.")
    import_json(write_listing(tmp_path, third, SHARED_2, SHARED))
    assert not Article.objects.filter(headline=third[0]).exists()
    settle_findings([row.pk], FindingState.RESOLVED, actor=None)
    merge_named(one, [two], actor=None)
    import_json(write_listing(tmp_path, third, SHARED_2, SHARED))
    assert Article.objects.get(headline=third[0]).contributions.get().author == one


@pytest.mark.django_db
def test_a_choice_follows_the_author_who_was_merged(tmp_path: Path) -> None:
    _one, two, three = (make_author("Ana Brandt") for _ in range(3))
    import_json(write_listing(tmp_path, SHARED))
    choose_author(Finding.objects.get(code="author-ambiguous"), two.pk, None)
    merge_named(three, [two], actor=None)
    import_json(write_listing(tmp_path, SHARED_2, SHARED))
    assert three.contributions.count() == 2


@pytest.mark.django_db
def test_a_collective_is_never_credited_to_a_person_not_even_by_an_alias(tmp_path: Path) -> None:
    person = make_author("Mira Oldcastle", aliases=["our correspondents"])
    listed = ("The bell buoy", "By our correspondents, 20 February 2021", "It rings.")
    report = import_json(write_listing(tmp_path, listed))
    assert report["totals"]["review"] == 1
    said = report["listings"][0]["entries"][0]["diagnostics"]
    assert "never turned into one" in " ".join(remark["message"] for remark in said)
    assert not Article.objects.exists()
    save_named(person, aliases=[], actor=None)
    import_json(write_listing(tmp_path, listed))
    made = Author.objects.get(name="our correspondents")
    assert made.kind == "collective"
    save_named(person, aliases=["our correspondents"], actor=None)
    second = ("The second buoy", "By our correspondents, 21 February 2021", "It rings too.")
    assert import_json(write_listing(tmp_path, second, listed))["totals"]["create"] == 1
    assert made.contributions.count() == 2


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
