"""A name is removed wherever it stands, and stays away."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from articles.importing.identity import fingerprints
from articles.importing.reading import read_listing
from articles.models import Article, Finding, ImportRun, Redaction, SourceEntry
from articles.redacting import marks
from articles.redacting.marks import Known
from articles.redacting.redact import Wanted, make_plan
from articles.redacting.words import MARK, blank
from articles.writing import checking
from articles.writing.restoring import image_of
from authors.models import Author
from tests.importing.listings import import_json, run
from tests.redacting.everywhere import (
    NAME,
    TRACES,
    dump,
    files_of_sqlite,
    plant_name,
    traces,
)

REASON = "Order of the court of Ostrany, 12/2021"


def known(*spellings: str) -> Known:
    return Known(marks.marks_of_words(spellings))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("By Mira Oldcastle, today", f"By {MARK}, today"),
        ("MIRA\n  OLDCASTLE’s boat", f"{MARK}’s boat"),
        ("mira-oldcastle", MARK),
        ("Mira Oldcastler and Amira Oldcastle", "Mira Oldcastler and Amira Oldcastle"),
        ("<p>So <em>Mira</em> <b>Old</b>castle!</p>", f"<p>So <em>{MARK}</em><b></b>!</p>"),
        ("Mira&nbsp;Old&#99;astle &amp; co", f"{MARK} &amp; co"),
        ("Mi\u00adra Old\u200bcastle", MARK),
        ('<a href="/x/mira-oldcastle/?a=1">x</a>', '<a href="/x/removed/?a=1">x</a>'),
        ("https://example.org/?q=Mira%20Oldcastle", "https://example.org/?q=removed"),
        ("so https://example.org/Mira%20Oldcastle says", "so https://example.org/removed says"),
        ("<p>x.test/Mir%C3%A1_x and x.test/M%69ra%20Oldcastle</p>",
         "<p>x.test/Mir%C3%A1_x and x.test/removed</p>"),
        ("100% of 20%25 %zz", "100% of 20%25 %zz"),
        (r'{"by": "Mira\nOld\u0063astle", "to": "x"}', f'{{"by": "{MARK}", "to": "x"}}'),
        ("Mira. Nothing. Oldcastle", "Mira. Nothing. Oldcastle"),
    ],
)  # fmt: skip
def test_words_are_found_in_any_form(text: str, left: str) -> None:
    assert blank(text, known("Mira Oldcastle")) == left


@pytest.mark.parametrize(
    ("name", "text", "left"),
    [
        ("Gomułka", "pisze GOMULKA", f"pisze {MARK}"),
        ("山田太郎", "これは山田太郎です", f"これは{MARK}です"),
        ("Анна Ковач", "сказала анна ковач.", f"сказала {MARK}."),
        ("O'Brien", "by O’Brien", f"by {MARK}"),
    ],
)
def test_names_of_other_scripts_and_accents_are_found(name: str, text: str, left: str) -> None:
    assert blank(text, known(name)) == left


@pytest.fixture(autouse=True)
def var_dir(tmp_path: Path, settings: Any) -> None:
    settings.VAR_DIR = tmp_path / "var"
    settings.MEDIA_ROOT = settings.VAR_DIR / "media"
    settings.BACKUP_DIR = str(tmp_path / "backups")
    settings.VAR_DIR.mkdir()


@pytest.mark.django_db(transaction=True)
def test_a_name_is_nowhere_after_it_was_removed(tmp_path: Path) -> None:
    article = plant_name(tmp_path)
    before = dump()
    assert {table for table in before if any(word in before[table].lower() for word in TRACES)} >= {
        "articles_article", "articles_fieldchange", "articles_sourceentry", "articles_finding",
        "articles_searchdocument", "articles_upload", "articles_sheetrow", "authors_author",
        "authors_authoralias", "articles_pastaddress", "articles_tag", "articles_series",
        "articles_importrun", "articles_source", "articles_sourcelisting", "articles_operation",
        "articles_savedview", "articles_failedsearch", "django_admin_log", "articles_sitepage",
        "articles_sitelink", "articles_homepage", "articles_sheet",
    }  # fmt: skip
    planned = make_plan(Wanted(REASON, words=(NAME,)))
    assert dump() == before
    if connection.vendor == "sqlite":
        assert all(word.encode() in files_of_sqlite() for word in TRACES)
    code, _out, err = run("redact", "--words", NAME, "--reason", REASON, "--yes")
    assert (code, err) == (0, "")
    assert traces(*TRACES) == []
    if connection.vendor == "sqlite":
        content = files_of_sqlite()
        assert [word for word in TRACES if word.encode() in content] == []
    redaction = Redaction.objects.get()
    assert {step["place"] for step in planned.steps.as_json()} <= {
        step["place"] for step in redaction.totals
    }
    assert list(checking.check()) == []
    assert run("redact", "--check")[0] == 0
    article.refresh_from_db()
    assert article.headline == f"{MARK}, remembered"
    assert article.is_public
    assert "Nobody had read it before." in {row.standfirst for row in Article.objects.all()}


@pytest.mark.django_db(transaction=True)
def test_the_same_file_changes_nothing_and_a_new_one_brings_no_name(tmp_path: Path) -> None:
    plant_name(tmp_path)
    run("redact", "--words", NAME, "--reason", REASON, "--yes")
    articles = Article.objects.count()
    # What identifies an entry follows from what is left of it: nothing is kept of the name.
    read = read_listing(tmp_path / "page.txt")
    stored = SourceEntry.objects.order_by("ordinal").values_list("fingerprint", flat=True)
    assert list(stored) == fingerprints([entry.values for entry in read.entries])
    report = import_json(tmp_path / "page.txt", "--tag", NAME)
    assert report["totals"]["unchanged"] == report["totals"]["entries"] == 4
    assert Article.objects.count() == articles
    text = (tmp_path / "page.txt").read_text(encoding="utf-8")
    other = tmp_path / "other.txt"
    other.write_text(text.replace("May 2021", "June 2021"), encoding="utf-8")
    report = import_json(other, "--source", NAME)
    assert report["totals"]["create"] == 4
    assert [
        line
        for text in dump().values()
        for line in text.splitlines()
        if any(w in line.lower() for w in TRACES)
    ] == []
    found = Finding.objects.get(code="removed-words", import_run=ImportRun.objects.latest("pk"))
    assert "3 lost words" in found.message
    assert not Author.objects.filter(articles__isnull=False, name=MARK).exists()


@pytest.mark.django_db(transaction=True)
def test_neither_undo_nor_restore_brings_it_back(tmp_path: Path) -> None:
    article = plant_name(tmp_path)
    run("redact", "--words", NAME, "--reason", REASON, "--yes")
    number = ImportRun.objects.earliest("pk").pk
    for arguments in ([number], [number, "--redo"]):
        code, _out, err = run("undo_import", *arguments, "--yes")
        assert code in (0, 1), err
    assert [table for table, text in dump().items() if any(w in text.lower() for w in TRACES)] == []
    assert NAME not in str(image_of(article.__class__.objects.get(pk=article.pk)))
    assert list(checking.check()) == []


@pytest.mark.django_db(transaction=True)
def test_the_addresses_of_the_name_answer_410_and_lead_on_where_something_is_left(
    tmp_path: Path,
) -> None:
    article = plant_name(tmp_path)
    old = article.get_absolute_url()
    author = Author.objects.get(name=NAME)
    gone = author.get_absolute_url()
    assert Client().get(gone).status_code == 200
    run("redact", "--words", NAME, "--reason", REASON, "--yes")
    article.refresh_from_db()
    response = Client().get(old)
    assert (response.status_code, response["Location"]) == (301, article.get_absolute_url())
    response = Client().get(gone)
    assert response.status_code == 410
    assert "No longer available" in response.content.decode()
    assert not any(word in response.content.decode().lower() for word in TRACES)


@pytest.mark.django_db(transaction=True)
def test_what_is_typed_again_is_found(tmp_path: Path) -> None:
    from tests.factories import make_article

    plant_name(tmp_path)
    run("redact", "--words", NAME, "--reason", REASON, "--yes")
    assert run("redact", "--check")[:2] == (0, "Nothing that was removed is in the archive.\n")
    make_article("A note", standfirst=f"Written by {NAME.lower()}")
    code, out, _err = run("redact", "--check")
    assert code == 1
    assert "standfirst" in out
    assert not any(word in out.lower() for word in TRACES)
    assert run("check_archive")[0] == 1
    run("redact", "--lift", Redaction.objects.get().pk)
    assert run("redact", "--check")[0] == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "arguments",
    [
        ["--words", NAME],
        ["--words", "a", "--reason", REASON],
        ["--words", NAME, "--reason", f"{NAME} went to court"],
        ["--article", "nokeyatall", "--reason", REASON],
    ],
    ids=["no reason", "too short", "reason says it", "no such article"],
)
def test_what_cannot_be_meant_is_refused(arguments: list[str]) -> None:
    code, out, err = run("redact", *arguments, "--yes")
    assert (code, out) == (2, "")
    assert err
    assert not Redaction.objects.exists()


def test_a_key_of_its_own_is_in_every_fingerprint(settings: Any) -> None:
    first = marks.marks_of_words([NAME])
    old = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", []
    assert blank(NAME, Known(first)) == NAME
    settings.SECRET_KEY_FALLBACKS = [old]
    assert blank(NAME, Known(first)) == MARK
    assert marks.marks_of_words([NAME])[0].digest != first[0].digest


@pytest.mark.django_db(transaction=True)
def test_neither_a_fixture_nor_a_sheet_brings_it(tmp_path: Path) -> None:
    from articles.redacting import guard

    plant_name(tmp_path)
    fixture = tmp_path / "fixture.json"
    run("export_fixture", "--output", fixture)
    assert NAME in fixture.read_text(encoding="utf-8")
    run("redact", "--words", NAME, "--reason", REASON, "--yes")
    code, out, err = run("import_fixture", fixture, "--yes")
    assert code in (0, 1), out + err
    assert [table for table, text in dump().items() if any(w in text.lower() for w in TRACES)] == []
    assert guard.guarded_texts([{"kicker": f"By {NAME}"}]) == [{"kicker": f"By {MARK}"}]


@pytest.mark.django_db(transaction=True)
def test_a_table_shows_no_sample_of_what_lost_words(tmp_path: Path) -> None:
    plant_name(tmp_path)
    run("redact", "--words", NAME, "--reason", REASON, "--yes")
    table = tmp_path / "table.csv"
    table.write_text(
        f"Titel,Datum,{NAME}\nThe map,2021-06-02,{NAME}\n{NAME},2021-06-03,x\n", "utf-8"
    )
    told = json.dumps(import_json(table, "--dry-run")["listings"][0]["columns"]).lower()
    assert [word for word in TRACES if word in told] == []
    assert '"sample": "the map"' not in told
