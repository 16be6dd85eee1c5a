"""Listings and fixtures state the rights that hold for each article; read back they are no change:
what an article does not state itself is not made its own. Sheets: tests/admin/test_sheet_rights."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from articles.importing.deciding import choose_article
from articles.importing.fixtures.apply import plan_fixture, run_fixture_import
from articles.importing.fixtures.archive import export_fixture, read_fixture
from articles.importing.stated import own_rights
from articles.models import Article, Finding, Source
from articles.writing.sources import set_source_rights
from tests.factories import make_article
from tests.importing.listings import import_json, run
from tests.importing.test_export import export, often, write
from tests.stated_rights import OWN, SITE, edit, owned

pytestmark = pytest.mark.django_db

LICENCE = "https://example.org/licence"


@pytest.fixture(autouse=True)
def site(settings: Any) -> None:
    settings.RIGHTS = SITE


@pytest.mark.parametrize(
    ("stated", "own", "of_site", "found"),
    [
        (SITE, "", SITE, ""),
        (SITE, OWN, SITE, SITE),
        (SITE, SITE, SITE, SITE),
        (OWN, "", SITE, OWN),
        (OWN, "", "", OWN),
        ("", "", "", ""),
        ("", OWN, SITE, ""),
    ],
)
def test_what_an_article_states_itself(stated: str, own: str, of_site: str, found: str) -> None:
    assert own_rights(stated, own, of_site) == found


# -- listings ---------------------------------------------------------------------------------


def test_a_listing_states_what_holds_and_reads_back(tmp_path: Path) -> None:
    make_article("Fog", rights=OWN)
    make_article("Mist")
    text = export()
    assert (text.count(f"Rights: {OWN}"), text.count(f"Rights: {SITE}")) == (1, 1)
    report = import_json(write(tmp_path, text))
    assert report["totals"]["unchanged"] == 2
    assert owned() == {"Fog": OWN, "Mist": ""}


def test_in_an_archive_with_another_statement_it_becomes_the_articles(
    tmp_path: Path, settings: Any
) -> None:
    make_article("Mist")
    path = write(tmp_path, export())
    settings.RIGHTS = "© Somebody else"
    assert import_json(path)["totals"]["update"] == 1
    assert owned() == {"Mist": SITE}


def test_what_was_read_once_is_no_change_when_the_archive_states_something_else(
    tmp_path: Path, settings: Any
) -> None:
    make_article("Mist", standfirst="Over the bay.")
    path = write(tmp_path, export())
    import_json(path)
    settings.RIGHTS = "© Somebody else"
    assert import_json(path)["totals"]["unchanged"] == 1
    path.write_text(path.read_text(encoding="utf-8").replace("the bay", "us"), encoding="utf-8")
    assert import_json(path)["totals"]["update"] == 1
    # Written anew it states what holds now, which is none of the article's own either.
    assert "Rights: © Somebody else" in export()
    assert import_json(write(tmp_path, export()))["totals"]["unchanged"] == 1
    assert owned() == {"Mist": ""}


def test_what_was_counted_as_none_is_no_conflict_later(tmp_path: Path) -> None:
    make_article("Mist")
    path = write(tmp_path, export())
    import_json(path)
    path.write_text(path.read_text(encoding="utf-8").replace(SITE, OWN), encoding="utf-8")
    assert import_json(path)["totals"]["update"] == 1
    assert owned() == {"Mist": OWN}


def test_what_an_editor_stated_stands_against_the_archives(tmp_path: Path) -> None:
    article = make_article("Mist")
    path = write(tmp_path, export())
    edit(article, OWN)
    report = import_json(path)
    assert report["totals"]["conflict"] == 1
    assert owned() == {"Mist": OWN}


def test_new_articles_beside_the_statement_of_their_source(tmp_path: Path) -> None:
    text = "Listing: Sea\n\nHeadline: Fog\nPublished: 2 May 2021\nRights: {}\n"
    first, second = tmp_path / "first.txt", tmp_path / "second.txt"
    first.write_text(text.format(SITE), encoding="utf-8")
    import_json(first)
    assert owned() == {"Fog": ""}
    set_source_rights(Source.objects.get().pk, OWN, actor=None)
    second.write_text(text.format(SITE).replace("Fog", "Mist"), encoding="utf-8")
    import_json(second)
    # The source's new articles are given another one: the archive's was meant.
    assert owned() == {"Fog": "", "Mist": SITE}


# -- fixtures ---------------------------------------------------------------------------------


def of_archive(rights: list[str], target: Path) -> None:
    """Make an archive, write it as a fixture, plan it, bring it into an empty one."""
    with transaction.atomic():
        for number, text in enumerate(rights):
            make_article(f"Fog {number}", rights=text)
        target.write_text(export_fixture(), encoding="utf-8")
        plan = plan_fixture(*read_fixture(target), "Any")
        assert [planned.change for planned in plan.entries] == ["UNCHANGED"] * len(rights)
        transaction.set_rollback(True)
    with transaction.atomic():
        run_fixture_import(*read_fixture(target), "Any")
        assert export_fixture() == target.read_text(encoding="utf-8")
        transaction.set_rollback(True)


@often(12)
@given(
    rights=st.lists(st.sampled_from(["", OWN, SITE]), min_size=1, max_size=3),
    of_site=st.sampled_from(["", SITE]),
)
def test_a_fixture_comes_back_byte_for_byte(
    rights: list[str], of_site: str, tmp_path: Path
) -> None:
    with override_settings(RIGHTS=of_site):
        of_archive(rights, tmp_path / "all.json")


def test_a_fixture_states_what_holds_and_reads_back(tmp_path: Path, settings: Any) -> None:
    make_article("Fog", rights=OWN)
    mist = make_article("Mist")
    target = tmp_path / "all.json"
    run("export_fixture", "--output", target)
    rows = json.loads(target.read_text(encoding="utf-8"))["articles"]
    assert {row["headline"]: row["rights"] for row in rows} == {"Fog": OWN, "Mist": SITE}
    run("import_fixture", target, "--yes")
    assert owned() == {"Fog": OWN, "Mist": ""}
    settings.RIGHTS = "© Somebody else"
    run("import_fixture", target.rename(tmp_path / "another.json"), "--yes")
    assert owned() == {"Fog": OWN, "Mist": SITE}
    mist.refresh_from_db()
    assert mist.version == 2


def test_a_fixture_makes_no_statement_of_the_archives_in_an_empty_one(tmp_path: Path) -> None:
    target = tmp_path / "all.json"
    with transaction.atomic():
        make_article("Mist")
        target.write_text(export_fixture(), encoding="utf-8")
        transaction.set_rollback(True)
    run("import_fixture", target, "--yes")
    assert owned() == {"Mist": ""}


# -- what an editor decides -------------------------------------------------------------------


def waiting(folder: Path, rights: str) -> Finding:
    """Import two articles, then one that may be either and states *rights*; the source's new
    articles are given `OWN` by then."""
    entry = "Headline: The fog over the harbour in {}\nByline: Ana Brandt\nPublished: 5 May 2021\n"
    path = folder / "fog.txt"
    path.write_text(
        "Listing: Fog\n\n" + entry.format("May") + "\n" + entry.format("June"), encoding="utf-8"
    )
    import_json(path)
    set_source_rights(Source.objects.get().pk, OWN, actor=None)
    stated = f"Rights: {rights}\n" if rights else ""
    path.write_text("Listing: Fog\n\n" + entry.format("Jule") + stated, encoding="utf-8")
    import_json(path)
    return Finding.objects.get(code="entry-ambiguous")


@pytest.mark.parametrize(("stated", "given"), [("", OWN), (SITE, SITE), (LICENCE, LICENCE)])
def test_what_waited_is_given_what_other_new_articles_are(
    tmp_path: Path, stated: str, given: str
) -> None:
    finding = waiting(tmp_path, stated)
    assert choose_article(finding.pk, None, actor=None, publish=True).rights == given


@pytest.mark.parametrize(("stated", "given"), [("", ""), (SITE, ""), (LICENCE, LICENCE)])
def test_what_turns_out_to_be_an_article_of_the_archive(
    tmp_path: Path, stated: str, given: str
) -> None:
    finding = waiting(tmp_path, stated)
    article = Article.objects.get(headline__endswith="June")
    choose_article(finding.pk, article.pk, actor=None, publish=True)
    article.refresh_from_db()
    assert article.rights == given
