"""What a removal meets at its edges: edits saved meanwhile, names recorded elsewhere, sheets."""

import threading
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection

from articles.folding import fold
from articles.models import Article, FieldChange, HomePage, SheetRow, Source
from articles.redacting import named, remains
from articles.redacting.redact import Wanted, redact
from articles.redacting.words import MARK
from articles.sheets import export, intake
from articles.writing import bulk_changes
from articles.writing.articles import save_article
from articles.writing.changes import ArticleChange, StaleVersion
from articles.writing.site import save_site
from authors.models import Author
from tests.factories import make_article, make_series
from tests.redacting.everywhere import NAME

REASON = "Order of the court of Ostrany, 12/2021"
#: Seconds that the other thread is given to come in between, and that it may take at all.
MOMENT, LIMIT = 0.5, 30.0

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def var_dir(tmp_path: Path, settings: Any) -> None:
    settings.VAR_DIR = tmp_path / "var"
    settings.MEDIA_ROOT = settings.VAR_DIR / "media"
    settings.BACKUP_DIR = str(tmp_path / "backups")
    settings.VAR_DIR.mkdir()


@pytest.mark.slow
def test_an_edit_that_is_saved_meanwhile_is_not_overwritten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    article = make_article("Fog", body=f"<p>{NAME} spoke.</p>")
    version, told = article.version, []
    row = named.WordsRemoval._row
    threads: list[threading.Thread] = []

    def edit() -> None:
        found = Article.objects.get(pk=article.pk)
        change = ArticleChange(
            article=found,
            fields={"body": f"<p>{NAME} spoke. An hour of work.</p>"},
            expected_version=version,
        )
        try:
            save_article(change, actor=None)
        except StaleVersion:
            told.append("stale")
        finally:
            connection.close()

    def slow(self: Any, model: Any, *arguments: Any) -> None:
        if model is Article and not threads:
            threads.append(threading.Thread(target=edit, daemon=True))
            threads[0].start()
            threads[0].join(MOMENT)
        row(self, model, *arguments)

    monkeypatch.setattr(named.WordsRemoval, "_row", slow)
    redact(Wanted(REASON, words=(NAME,)), actor=None)
    threads[0].join(LIMIT)
    assert not threads[0].is_alive()
    article.refresh_from_db()
    # The editor is told, or the work stands.
    assert told or "An hour of work." in article.body


def test_an_open_form_of_the_home_page_does_not_bring_the_words_back() -> None:
    home = save_site(HomePage(pk=1), {"introduction": f"By {NAME}"}, actor=None)
    redact(Wanted(REASON, words=(NAME,)), actor=None)
    with pytest.raises(StaleVersion):
        save_site(
            HomePage(pk=1),
            {"introduction": f"By {NAME}, and others"},
            actor=None,
            expected_version=home.version,
        )


def test_a_removed_headline_stays_in_no_record_of_the_home_page() -> None:
    headline = "The verdict against the quenchard in full length"
    article = make_article(headline, body="<p>One two three four five six seven eight nine.</p>")
    series = make_series("Tides")
    pins = [{"article": article.pk}, {"series": series.pk}]
    home = save_site(HomePage(pk=1), {"pins": pins}, actor=None)
    # As rows were recorded once.
    named_pins = [{"article": article.pk, "name": headline}, {"series": series.pk, "name": "Tides"}]
    FieldChange.objects.create(
        operation=FieldChange.objects.latest("pk").operation, subject_type="home",
        subject_id=home.pk, field="pins", old=named_pins, new=None,
    )  # fmt: skip
    redact(Wanted(REASON, key=article.public_key.key), actor=None)
    rows = FieldChange.objects.filter(field="pins").order_by("pk").values_list("old", "new")
    assert list(rows) == [
        (None, pins),
        ([{"article": article.pk, "name": ""}, {"series": series.pk, "name": "Tides"}], None),
    ]
    assert list(remains.find()) == []


def test_several_sources_lose_their_names() -> None:
    for name in (f"Letters of {NAME}", "Letters of Z. Quallenhorst"):
        Source.objects.create(name=name, key=fold(name))
    redact(Wanted(REASON, words=(NAME, "Z. Quallenhorst")), actor=None)
    assert set(Source.objects.values_list("name", flat=True)) == {f"Letters of {MARK}"}
    assert Source.objects.values("key").distinct().count() == 2
    assert list(remains.find()) == []


def sheet_of(article: Article, *authors: str) -> Any:
    """Return the plan of a sheet in which *article* has these authors."""
    was = b"Nils Ost"
    rows = Article.objects.filter(pk=article.pk)
    data = b"".join(export.pieces(rows, "exact", with_body=False, site=""))
    assert was in data
    return intake.look_at(
        "sheet.csv",
        data.replace(was, "; ".join(authors).encode()),
        actor=User.objects.get(),
        may_change=lambda _article: True,
        may_add=lambda _field: True,
    )


def carry_out(sheet: Any, versions: list[tuple[int, int]]) -> None:
    work = bulk_changes.begin_work(
        bulk_changes.Act("sheet", one=sheet.pk), versions, actor=User.objects.get()
    )
    bulk_changes.carry_on(work.pk, lambda _article: True)


def authors_of(article: Article) -> list[str]:
    return [credit.author.name for credit in article.contributions.order_by("position")]


def test_a_sheet_with_a_removed_name_makes_no_author_of_the_mark() -> None:
    User.objects.create(username="editor")
    article = make_article("Fog", authors=["Nils Ost"])
    redact(Wanted(REASON, words=(NAME,)), actor=None)
    sheet = sheet_of(article, "Nils Ost", NAME, "Bo Ek")
    assert MARK not in str(sheet.remarks)
    carry_out(sheet, list(sheet.rows.values_list("article_id", "version")))
    assert authors_of(article) == ["Nils Ost", "Bo Ek"]
    assert not Author.objects.filter(name__contains=MARK).exists()


def test_a_series_without_a_name_stays_where_a_sheet_leaves_it() -> None:
    User.objects.create(username="editor")
    article = make_article("Fog", authors=["Nils Ost"], series=[(make_series(NAME), 2)])
    redact(Wanted(REASON, words=(NAME,)), actor=None)
    article.refresh_from_db()
    sheet = sheet_of(article, "Bo Ek")
    assert [list(row.values) for row in sheet.rows.all()] == [["credits"]]
    carry_out(sheet, list(sheet.rows.values_list("article_id", "version")))
    assert article.parts.count() == 1


def test_the_rows_of_a_sheet_that_waits_go_with_the_name() -> None:
    User.objects.create(username="editor")
    article = make_article("Fog", authors=["Nils Ost"])
    sheet = sheet_of(article, "Nils Ost", NAME)
    redact(Wanted(REASON, words=(NAME,)), actor=None)
    assert not SheetRow.objects.exists()
    carry_out(sheet, [(article.pk, article.version)])
    assert authors_of(article) == ["Nils Ost"]
    assert not Author.objects.filter(name__contains=MARK).exists()
