"""What the next import knows after runs were undone, redone, and articles deleted in between."""

from pathlib import Path
from typing import Any

import pytest

from articles.importing.deciding import choose_article
from articles.models import Article, Finding, ImportRun
from articles.writing import checking
from articles.writing.articles import delete_articles
from tests.factories import make_article, make_author
from tests.importing.listings import run as run_command
from tests.importing.undoing import archive_rows, edit, import_entries, redo, undo

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def everything_agrees(db: None) -> Any:
    yield
    assert list(checking.check()) == []


def piece(headline: str, date: str = "3 May 2020", by: str = "Ann Lee", text: str = "") -> Any:
    standfirst = text or f"What there is to say about it: {headline.lower()}, in a sentence."
    return (headline, f"By {by}, {date}", standfirst)


def changes(folder: Path, *entries: Any, status: str = "draft") -> dict[str, int]:
    """Import these entries; return how many did what."""
    run = import_entries(folder, *entries, status=status)
    names = ("create", "update", "unchanged", "conflict", "review", "reject")
    return {name: run.totals[name] for name in names if run.totals[name]}


def delete(article: Article) -> None:
    delete_articles([article.pk], actor=None)


# What an undo removed, no editor deleted


def test_a_blocked_redo_does_not_make_the_entries_deleted(tmp_path: Path) -> None:
    item = piece("The harbour wall")
    first = import_entries(tmp_path, item, status="draft")
    undo(first)
    second = import_entries(tmp_path, item, status="draft")
    assert redo(first).totals()["articles_blocked"] == 1
    undo(second)
    assert changes(tmp_path, item) == {"create": 1}


def test_a_redo_blocked_by_another_article_does_not_make_the_entry_deleted(tmp_path: Path) -> None:
    item = piece("The harbour wall")
    run = import_entries(tmp_path, item, status="draft")
    undo(run)
    rival = make_article("The harbour wall", published_on="2020-05-03", status="draft")
    assert redo(run).totals()["articles_blocked"] == 1
    delete(rival)
    assert changes(tmp_path, item) == {"create": 1}


def test_an_update_whose_article_an_undo_removed_is_no_deletion(tmp_path: Path) -> None:
    item, reworded = piece("The harbour wall"), piece("The harbour wall", text="Said anew.")
    first = import_entries(tmp_path, item, status="draft")
    second = import_entries(tmp_path, reworded, status="draft")
    undo(second)
    undo(first)
    redo(second)
    assert changes(tmp_path, reworded) == {"create": 1}


def test_a_redone_article_that_an_editor_deletes_stays_deleted(tmp_path: Path) -> None:
    item = piece("The harbour wall")
    run = import_entries(tmp_path, item, status="draft")
    undo(run)
    redo(run)
    delete(Article.objects.get())
    assert changes(tmp_path, item) == {"unchanged": 1}
    assert not Article.objects.exists()


# What an editor deleted, in any version


def test_a_deleted_entry_of_several_versions_is_not_asked_about(tmp_path: Path) -> None:
    other = piece("Ropes and their makers", "1 May 2020")
    import_entries(tmp_path, other, piece("The Chronicle of Hamburg"), status="draft")
    import_entries(tmp_path, other, piece("The Chronicle of Homburg"), status="draft")
    delete(Article.objects.get(published_on="2020-05-03"))
    import_entries(tmp_path, other, status="draft")
    assert changes(tmp_path, other, piece("The Chronicle of Himburg")) == {"unchanged": 2}
    assert Article.objects.count() == 1


def test_a_deleted_entry_reworded_later_is_not_asked_about(tmp_path: Path) -> None:
    other = piece("Ropes and their makers", "1 May 2020")
    import_entries(tmp_path, other, piece("The Chronicle of Hamburg"), status="draft")
    delete(Article.objects.get(published_on="2020-05-03"))
    reworded = piece("The Chronicle of Homburg")
    assert changes(tmp_path, other, reworded) == {"unchanged": 2}
    import_entries(tmp_path, other, status="draft")
    assert changes(tmp_path, other, piece("The Chronicle of Himburg")) == {"unchanged": 2}
    assert changes(tmp_path, other, reworded) == {"unchanged": 2}
    assert Article.objects.count() == 1


def test_a_new_article_like_a_deleted_one_is_made(tmp_path: Path) -> None:
    import_entries(tmp_path, piece("The Chronicle of Hamburg"), status="draft")
    import_entries(tmp_path, piece("The Chronicle of Homburg"), status="draft")
    delete(Article.objects.get())
    # The first wording is the deleted entry, so that the other one is another article, as it
    # would be if nobody had deleted anything.
    both = piece("The Chronicle of Hamburg"), piece("The Chronicle of Himburg")
    assert changes(tmp_path, *both) == {"create": 1, "unchanged": 1}
    assert Article.objects.get().headline == "The Chronicle of Himburg"


# What an undo left to an editor


def test_a_corrected_date_finds_the_article_that_an_undo_kept(tmp_path: Path) -> None:
    run = import_entries(tmp_path, piece("The harbour wall"))
    edit(Article.objects.get(), kicker="Mine")
    undo(run)
    assert changes(tmp_path, piece("The harbour wall", "4 May 2020")) == {"update": 1}
    article = Article.objects.get()
    assert (str(article.published_on), article.kicker) == ("2020-05-04", "Mine")


def test_a_corrected_date_finds_what_a_newer_undone_run_left(tmp_path: Path) -> None:
    old = piece("Ropes and their makers", "1 January 2020")
    import_entries(tmp_path, old)
    run = import_entries(tmp_path, piece("The harbour wall"), old)
    edit(Article.objects.get(headline="The harbour wall"), kicker="Mine")
    undo(run)
    result = changes(tmp_path, piece("The harbour wall", "4 May 2020"), old)
    assert result == {"update": 1, "unchanged": 1}


def test_what_an_undo_left_is_not_missed_by_the_next_listing(tmp_path: Path) -> None:
    run = import_entries(tmp_path, piece("The harbour wall"))
    edit(Article.objects.get(), kicker="Mine")
    undo(run)
    other = import_entries(tmp_path, piece("Ropes and their makers", "1 January 2020"))
    assert other.report["gone"] == 0


def test_a_file_imported_twice_is_the_newest_when_its_first_run_is_undone(tmp_path: Path) -> None:
    old, new = piece("The harbour wall"), piece("Ropes and their makers", "1 January 2020")
    import_entries(tmp_path, old, status="draft")
    first = import_entries(tmp_path, new, old, status="draft")
    import_entries(tmp_path, new, old, status="draft")
    undo(first)
    result = changes(tmp_path, new, piece("The harbour wall", "4 May 2020"))
    assert result == {"create": 1, "update": 1}
    assert Article.objects.count() == 2


def test_a_file_imported_again_remembers_the_article_of_another_source(tmp_path: Path) -> None:
    def of_page(name: str, *entries: Any) -> ImportRun:
        return import_entries(tmp_path, *entries, options=["--source", name])

    of_page("Another page", piece("The harbour wall"))
    first = of_page("A page", piece("The harbour wall"))
    of_page("A page", piece("The harbour wall"))
    undo(first)
    again = of_page("A page", piece("The harbour wall"))
    reworded = of_page("A page", piece("The old harbour wall"))
    assert (again.totals["unchanged"], reworded.totals["update"]) == (1, 1)
    assert Article.objects.count() == 1


# What was said last


def test_words_that_waited_were_not_said_last(tmp_path: Path) -> None:
    import_entries(tmp_path, piece("The harbour wall", text="As it was."), status="draft")
    second = make_author("Bob Ray")
    make_author("Bob Ray")
    new = piece("The harbour wall", by="Bob Ray", text="Said anew.")
    assert changes(tmp_path, new) == {"review": 1}
    assert Article.objects.get().standfirst == "As it was."
    newer = piece("The harbour wall", text="Said anew.")
    assert changes(tmp_path, newer) == {"update": 1}
    assert Article.objects.get().standfirst == "Said anew."
    assert second.name == "Bob Ray"


def test_words_that_were_rejected_were_not_said_last(tmp_path: Path) -> None:
    other = piece("Ropes and their makers", "1 January 2020")
    import_entries(tmp_path, piece("The harbour wall", text="As it was."), other)
    long = "The harbour wall" + " and more" * 70
    assert changes(tmp_path, piece(long, text="Said anew."), other)["reject"] == 1
    newer = piece("The harbour wall", text="Said anew.")
    assert changes(tmp_path, newer, other) == {"update": 1, "unchanged": 1}
    assert Article.objects.get(published_on="2020-05-03").standfirst == "Said anew."


def test_what_a_version_leaves_out_was_said_by_the_one_before(tmp_path: Path) -> None:
    def page(text: str, link: str = "") -> dict[str, int]:
        path = tmp_path / "tides.txt"
        head = "Listing: Tides of Ostrany\n\nHeadline: The harbour wall\nDate: 2020-05-03\n"
        path.write_text(f"{head}Standfirst: {text}\n{link}", encoding="utf-8")
        return changes_of(path)

    assert page("One.", "Link: https://example.org/1\n") == {"create": 1}
    assert page("Two.") == {"update": 1}
    # Nobody here changed the link: what the page says now stands.
    assert page("Two.", "Link: https://example.org/2\n") == {"update": 1}
    article = Article.objects.get()
    assert article.source_url == "https://example.org/2"
    edit(article, source_url="https://example.org/mine")
    assert page("Three.") == {"update": 1}
    # The page says what it said last: there is no conflict with the editor.
    assert page("Three.", "Link: https://example.org/2\n") == {"unchanged": 1}
    article.refresh_from_db()
    assert article.source_url == "https://example.org/mine"


def changes_of(path: Path) -> dict[str, int]:
    code, out, err = run_command("import_listing", path, "--yes", "--status", "draft")
    assert code in (0, 1), out + err
    totals = ImportRun.objects.latest("id").totals
    names = ("create", "update", "unchanged", "conflict", "review", "reject")
    return {name: totals[name] for name in names if totals[name]}


# What waits


def test_an_entry_that_a_standing_run_brings_goes_on_waiting(tmp_path: Path) -> None:
    old = [piece("The Chronicle of Hamburg"), piece("The Chronicle of Homburg")]
    import_entries(tmp_path, *old)
    new = piece("The Chronicle of Himburg")
    first = import_entries(tmp_path, new)
    other = piece("Ropes and their makers", "1 January 2020")
    assert changes(tmp_path, new, other) == {"review": 1, "create": 1}
    undo(first)
    # Nobody said which entry it is: it is not taken for a new one.
    assert changes(tmp_path, new, other)["review"] == 1


def test_a_chosen_article_is_not_compared_with_what_an_undone_run_said(tmp_path: Path) -> None:
    def page(first: str, text: str) -> Any:
        return piece(first, text=text), piece("The Chronicle of Homburg")

    import_entries(tmp_path, *page("The Chronicle of Hamburg", "As it was."))
    article = Article.objects.get(headline="The Chronicle of Hamburg")
    undo(import_entries(tmp_path, *page("The Chronicle of Hamburg", "Said anew.")))
    assert changes(tmp_path, piece("The Chronicle of Himburg", text="Said anew.")) == {"review": 1}
    finding = Finding.objects.get(code="entry-ambiguous")
    choose_article(finding.pk, article.pk, actor=None, publish=False)
    article.refresh_from_db()
    assert article.standfirst == "Said anew."


# Redone in the end


def test_what_a_redo_could_not_bring_back_comes_with_the_next_one(tmp_path: Path) -> None:
    entries = piece("The harbour wall"), piece("Ropes and their makers", "1 January 2020")
    run = import_entries(tmp_path, *entries, status="draft")
    imported = archive_rows()
    undo(run)
    rival = make_article("The harbour wall", published_on="2020-05-03", status="draft")
    assert redo(run).totals()["articles_blocked"] == 1
    undo(run)
    delete(rival)
    assert not redo(run).leaves_something
    found = archive_rows()
    found.pop("PublicKey"), imported.pop("PublicKey")  # that of the other article is reserved
    assert found == imported


def test_what_an_editor_deleted_between_two_undos_stays_deleted(tmp_path: Path) -> None:
    run = import_entries(tmp_path, piece("The harbour wall"), status="draft")
    undo(run)
    redo(run)
    delete(Article.objects.get())
    undo(run)
    redo(run)
    assert not Article.objects.exists()
    assert changes(tmp_path, piece("The harbour wall")) == {"unchanged": 1}
