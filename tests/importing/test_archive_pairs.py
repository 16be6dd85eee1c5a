"""Names that the archive has in two spellings: found, kept in the queue, and let go again."""

import random
import time
from collections.abc import Iterable
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from articles.choices import FindingState, OperationKind
from articles.importing.archive_pairs import compare, find_pairs, pair_codes
from articles.importing.near_pairs import Row, near_pairs, near_to
from articles.importing.near_tags import is_near
from articles.models import Finding, Operation
from articles.writing import checking
from articles.writing.findings import settle_findings
from articles.writing.name_merging import merge_named
from articles.writing.name_unmerging import unmerge
from articles.writing.names import delete_named, save_named
from articles.writing.proposals import StaleProposal, confirm_proposal, read_proposal
from authors.models import Author
from tests.factories import make_article, make_author, make_series, make_tag
from tests.importing.listings import import_json, run, write_listing

MAKE: dict[str, Any] = {"author": make_author, "tag": make_tag, "series": make_series}
KINDS = {"author": "person", "tag": "topic", "series": "serial"}
#: Of each kind, two spellings of one thing.
TWINS = {
    "author": ("Mira Oldcastle", "Myra Oldcastle"),
    "tag": ("Trade unions", "Trade-Union"),
    "series": ("The long road", "The long roads"),
}
every_kind = pytest.mark.parametrize("subject", TWINS)


def rows_of(subject: str, names: Iterable[str]) -> list[Row]:
    return [(pk, KINDS[subject], name) for pk, name in enumerate(names, 1)]


def twins(subject: str, **more: Any) -> tuple[Any, Any]:
    one, other = TWINS[subject]
    return MAKE[subject](one, **more), MAKE[subject](other, **more)


def find(*codes: str, dry_run: bool = False) -> tuple[dict[str, int], dict[str, int]]:
    _count, done = find_pairs(codes or pair_codes(), dry_run=dry_run)
    return done.opened, done.closed


def states() -> list[str]:
    return list(Finding.objects.order_by("pk").values_list("state", flat=True))


# Which are alike


@pytest.mark.parametrize(
    ("subject", "one", "other"),
    [
        ("author", "Clara Weiss", "Klara Weiss"),
        ("author", "Clara Weiss", "C. Weiss"),
        ("author", "Clara Weiss", "Clara Maria Weiss"),
        ("author", "Clara Weiss", "Clara Weis"),
        ("author", "Clara Weiss", "clara  weiss"),
        ("tag", "Trade union", "Trade unions"),
        ("tag", "trade-unions", "Trade unions"),
        ("tag", "C++", "c++"),
        ("tag", "Международное право", "Международное праву"),
        ("series", "The long roads", "The long road"),
        ("series", "日本の道を歩く", "日本の道を歩く"),
    ],
)
def test_two_spellings_of_one_thing(subject: str, one: str, other: str) -> None:
    first, second = rows_of(subject, [one, other])
    assert near_pairs(subject, [first, second]) == {(1, 2)}
    assert near_to(subject, first, [second]) == near_to(subject, second, [first]) == {(1, 2)}


@pytest.mark.parametrize(
    ("subject", "one", "other"),
    [
        ("author", "Anna Berg", "Clara Weiss"),
        ("author", "Carl Weiss", "Clara Weiss"),
        ("author", "Ada", "Ida"),
        ("author", "Weiss", "Clara Weiss"),
        ("author", ".", "Clara Weiss"),
        ("tag", "World War I", "World War II"),
        ("tag", "Rats", "Cats"),
        ("series", "Week 1 of the strike", "Week 2 of the strike"),
    ],
)
def test_two_things(subject: str, one: str, other: str) -> None:
    first, second = rows_of(subject, [one, other])
    assert near_pairs(subject, [first, second], [(1, 2)]) == set()
    assert near_to(subject, first, [second]) == set()


@every_kind
def test_kinds_are_never_mixed(subject: str) -> None:
    first, (_pk, _kind, name) = rows_of(subject, TWINS[subject])
    second = (2, "another", name)
    assert near_pairs(subject, [first, second], [(1, 2)]) == set()
    assert near_to(subject, first, [second]) == set()


def test_an_initial_that_may_be_two_people_is_left_alone() -> None:
    rows = rows_of("author", ["J. Weir", "Joan Weir", "Jeremy Weir"])
    assert near_pairs("author", rows) == set()
    assert near_to("author", rows[0], rows[1:]) == set()
    assert near_to("author", rows[1], [rows[0], rows[2]]) == set()


letters = st.text("abes", min_size=3, max_size=16)


@given(st.lists(letters, min_size=2, max_size=30, unique=True))
def test_no_pair_of_tags_is_missed(names: list[str]) -> None:
    every = combinations(rows_of("tag", names), 2)
    expected = {(one[0], other[0]) for one, other in every if is_near(one[2], other[2])}
    assert near_pairs("tag", rows_of("tag", names)) == expected


@given(st.sampled_from(sorted(TWINS)), st.data())
def test_what_waits_since_a_name_was_saved_is_not_let_go_by_a_look_at_all(
    subject: str, data: st.DataObject
) -> None:
    word = st.sampled_from(["a", "anna", "anne", "hanna", "berg", "bergs", "werg", "of"])
    names = st.lists(word, min_size=1, max_size=3).map(" ".join)
    row, *others = rows_of(subject, data.draw(st.lists(names, min_size=2, max_size=8)))
    waiting = near_to(subject, row, others)
    assert near_pairs(subject, [row, *others], waiting) >= waiting


@every_kind
def test_very_many_names_take_seconds(subject: str) -> None:
    drawn = random.Random(7)
    parts = [f"{a}{b}{c}" for a in "bdgklmnprst" for b in "aeiou" for c in ("n", "rg", "l", "ss")]
    names = {
        f"{drawn.choice(parts)}{drawn.choice(parts)} {drawn.choice(parts)}{drawn.choice(parts)}"
        for _ in range(20_000)
    }
    begun = time.monotonic()
    near_pairs(subject, rows_of(subject, sorted(names)))
    # Each compared with each takes minutes.
    assert time.monotonic() - begun < 30


# What waits in the queue


@pytest.mark.django_db
@every_kind
def test_names_of_the_archive_wait_in_the_queue_and_are_merged(subject: str) -> None:
    one, other = twins(subject)
    code = f"{subject}-spelling"
    if subject != "series":
        make_article(**{f"{subject}s": [other]})
    else:
        make_article(series=[(other, 1)])
    assert find(dry_run=True) == ({code: 1}, {})
    assert not Finding.objects.exists()
    assert find() == ({code: 1}, {})
    row = Finding.objects.get()
    # The one that more stands on is to stay.
    assert row.message == f"“{one}” may be “{other}”."
    assert find() == ({}, {})
    proposal = read_proposal(row)
    assert (proposal.target, proposal.copy) == (other, one)
    assert [side.article_count for side in proposal.others] == [1, 0]
    with pytest.raises(StaleProposal, match="look at both"):
        confirm_proposal(row, None, shown="")
    done = confirm_proposal(row, None, shown=proposal.token)
    assert (done.operation.kind, states()) == (OperationKind.MERGE, [FindingState.RESOLVED])
    assert list(type(one).objects.all()) == [other]
    assert find() == ({}, {})
    assert not list(checking.check())


@pytest.mark.django_db
@every_kind
def test_a_pair_ends_by_a_merge_and_waits_again_when_that_is_taken_back(subject: str) -> None:
    one, other = twins(subject)
    find()
    operation = merge_named(one, [other], actor=None)
    assert states() == [FindingState.RESOLVED]
    undo = unmerge(operation, actor=None).operation
    assert states() == [FindingState.OPEN]
    for by in (operation, undo):
        assert by is not None
        assert by.changes.filter(subject_type="finding", field="state").count() == 1
    assert find() == ({}, {})


@pytest.mark.django_db
@every_kind
def test_what_is_no_problem_is_remembered(subject: str) -> None:
    one, other = twins(subject)
    find()
    settle_findings([Finding.objects.get().pk], FindingState.DISMISSED, actor=None)
    assert find() == ({}, {})
    assert compare(one) == []
    # Also under other names.
    setattr(other, "title" if subject == "series" else "name", f"{other}s")
    save_named(other, actor=None)
    compare(other)
    assert find() == ({}, {})
    assert states() == [FindingState.DISMISSED]
    # And when the two were one for a while.
    unmerge(merge_named(one, [other], actor=None), actor=None)
    assert states() == [FindingState.DISMISSED]


@pytest.mark.django_db
@every_kind
def test_a_pair_ends_when_one_is_deleted_or_is_of_another_kind(subject: str) -> None:
    one, other = twins(subject)
    find()
    another = {"author": "organisation", "tag": "place", "series": "column"}[subject]
    other.kind = another
    save_named(other, actor=None)
    assert compare(other) == []
    assert states() == [FindingState.RESOLVED]
    other.kind = one.kind
    save_named(other, actor=None)
    assert len(compare(other)) == 1
    assert states() == [FindingState.OPEN]
    type(other).objects.filter(pk=other.pk).update(kind=another)
    assert find() == ({}, {f"{subject}-spelling": 1})
    type(other).objects.filter(pk=other.pk).update(kind=one.kind)
    assert find() == ({f"{subject}-spelling": 1}, {})
    delete_named(other, actor=None)
    assert states() == [FindingState.RESOLVED]
    assert find() == ({}, {})


@pytest.mark.django_db
def test_a_renamed_pair_says_so_and_one_that_is_none_any_more_ends() -> None:
    one, other = twins("author")
    find()
    other.name = "Mira Oldcastl"
    save_named(other, actor=None)
    (row,) = compare(other)
    assert row.message == "“Mira Oldcastl” may be “Mira Oldcastle”."
    assert read_proposal(row).copy == other
    other.name = "Anna Berg"
    save_named(other, actor=None)
    assert compare(other) == []
    assert states() == [FindingState.RESOLVED]
    one.name = "Anna Bergs"
    save_named(one, actor=None)
    assert [row.message for row in compare(one)] == ["“Anna Berg” may be “Anna Bergs”."]
    assert states() == [FindingState.OPEN]


@pytest.mark.django_db
def test_a_merge_ends_every_pair_of_what_goes_and_no_other() -> None:
    names = ("Mira Oldcastle", "Myra Oldcastle", "Mura Oldcastle")
    mira, myra, mura = map(make_author, names)
    find()
    assert len(states()) == 3
    operation = merge_named(mira, [myra], actor=None)
    left = Finding.objects.get(state=FindingState.OPEN)
    assert left.evidence["pair"] == [mira.pk, mura.pk]
    assert find() == ({}, {})
    unmerge(operation, actor=None)
    assert set(states()) == {FindingState.OPEN}


@pytest.mark.django_db
def test_an_import_and_the_archive_ask_once(tmp_path: Path) -> None:
    entries = (
        ("On salt", "By Myra Oldcastle, 8 May 2021", "It is salt."),
        ("On fog", "By Mira Oldcastle, 7 May 2021", "It is fog."),
        ("On rope", "By Mira Oldcastle, 6 May 2021", "It is rope."),
    )
    import_json(write_listing(tmp_path, *entries))
    assert Finding.objects.get(code="author-spelling").source_entry is not None
    assert find("author-spelling") == ({}, {})
    mira, myra = Author.objects.order_by("name")
    assert compare(myra) == []
    assert Finding.objects.filter(code="author-spelling").count() == 1
    # The other way round: what waits here, or is settled here, no import asks.
    Finding.objects.all().delete()
    assert find("author-spelling") == ({"author-spelling": 1}, {})
    settle_findings([Finding.objects.get().pk], FindingState.DISMISSED, actor=None)
    new = ("On tar", "By Myra Oldcastle, 11 May 2021", "It is black.")
    import_json(write_listing(tmp_path, new, *entries))
    assert myra.contributions.count() == 2
    assert mira.contributions.count() == 2
    assert Finding.objects.filter(code="author-spelling").count() == 1


@pytest.mark.django_db
def test_a_look_at_all_asks_the_same_number_of_queries_for_any_number_of_pairs() -> None:
    twins("author")
    find()
    counts = []
    for number in (1, 40):
        for place in range(number):
            surname = f"{chr(97 + place % 26)}{chr(97 + place // 26)}{chr(97 + number % 26)}" * 2
            make_author(f"Anna Karla {surname}")
            make_author(f"Anna {surname}")
        with CaptureQueriesContext(connection) as queries:
            assert find("author-spelling") == ({"author-spelling": number}, {})
        counts.append(len(queries))
    assert counts[0] == counts[1] < 16


@pytest.mark.django_db
def test_find_doubts_compares_names_too() -> None:
    for subject in TWINS:
        twins(subject)
    _, dry, _ = run("find_doubts", "--dry-run")
    assert "0 articles looked at, 6 names compared; 3 findings would be opened" in dry
    assert not Finding.objects.exists()
    _, one, _ = run("find_doubts", "--code", "tag-spelling")
    assert "tag-spelling: 1 opened, 0 closed (One tag, two spellings?)" in one
    assert "2 names compared" in one
    _, out, _ = run("find_doubts")
    assert "author-spelling: 1 opened" in out
    assert "series-spelling: 1 opened" in out
    assert "2 findings opened, 0 closed" in out
    assert not Operation.objects.filter(kind=OperationKind.MERGE).exists()
