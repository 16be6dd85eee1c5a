"""A name that several authors share: the choice is remembered for its source."""

from pathlib import Path

import pytest

from articles.choices import FindingState
from articles.models import Article, Finding, SourceEntry
from articles.writing.author_choices import author_choices, choose_author
from articles.writing.findings import settle_findings
from articles.writing.name_merging import merge_named
from articles.writing.names import save_named
from articles.writing.proposals import (
    StaleProposal,
)
from authors.models import Author
from tests.factories import make_article, make_author
from tests.importing.listings import import_json, write_listing

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
