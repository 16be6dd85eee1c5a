"""The catalogues of translations: up to date, whole, and what a German site says."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, override_settings
from django.utils import translation

from articles.choices import Status
from articles.models import Article
from articles.review.sentences import SENTENCES, said
from articles.writing.articles import set_status
from tests.conftest import ROOT
from tests.factories import make_article, make_series, make_tag
from tools import messages

CATALOGUES = sorted(messages.LOCALE.glob("*/LC_MESSAGES/django.po"))


@pytest.fixture(scope="module")
def now() -> Any:
    """What the interface says."""
    return messages.template()


# Catalogues


def test_german_is_among_the_languages() -> None:
    assert "de" in {path.parent.parent.name for path in CATALOGUES}


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parent.parent.name)
def test_a_catalogue_is_whole_and_the_archive_reads_it(path: Path, now: Any) -> None:
    catalog = messages.read(path)
    wrong = [*messages.stale_in(catalog, now), *messages.wrong_in(catalog)]
    assert wrong == [], "make messages, then translate what is new"
    assert path.with_suffix(".mo").read_bytes() == messages.compiled(catalog), "make messages"


@pytest.mark.parametrize(
    ("message", "translation", "said_of_it"),
    [
        ("A", "", "not translated: 'A'"),
        ("%(n)s of %(all)s", "%(n)s von allen", "other placeholders: '%(n)s of %(all)s'"),
        ("%d things", "%s Dinge", "other placeholders: '%d things'"),
        ("{count} left", "{zahl} übrig", "other placeholders: '{count} left'"),
        ("<b>one</b>", "<i>eins</i>", "other tags: '<b>one</b>'"),
        (("one", "%(n)s <b>all</b>"), ("eins", "%(n)s alle"), "other tags: "),
        (("one", "%(n)s"), ("%(n)s", ""), "not translated: "),
        (("one", "%(n)s"), ("eins", "%(n)s"), None),
    ],
    ids=str,
)
def test_what_is_wrong_with_a_translation_is_said(
    message: Any, translation: Any, said_of_it: str | None
) -> None:
    catalog = messages.Catalog(locale="de")
    catalog.add(message, translation)
    found = list(messages.wrong_in(catalog))
    assert len(found) == (said_of_it is not None)
    assert all(line.startswith(said_of_it or "") for line in found)


def test_what_is_new_and_what_is_gone_is_said() -> None:
    old, new = messages.Catalog(locale="de"), messages.Catalog(locale="de")
    old.add("gone", "weg")
    new.add("new")
    assert list(messages.stale_in(old, new)) == ["missing: 'new'", "no longer said: 'gone'"]


# Sentences of modules that know no Django

#: What a remark, a doubt or a refusal is made of in them, by the name of what is called; and the
#: place of its words there.
SPOKEN = {"Diagnostic": 2, "Doubt": 0, "NotNow": 0, "NotPossible": 0, "remark": 1}


def spoken() -> Iterator[tuple[str, str]]:
    """Yield what the parser, the checks and imports say, filled in: where, and the sentence."""
    folders = ("listing", "importing/undoing", "importing/uploads", "importing/formats", "review")
    paths = [path for name in folders for path in (ROOT / "articles" / name).rglob("*.py")]
    paths += (ROOT / "articles" / "importing").glob("*.py")
    for path in sorted(paths):
        for scope in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(scope, ast.FunctionDef):
                yield from ((f"{path.name}:{line}", text) for line, text in _said_in(scope))


def _said_in(function: ast.FunctionDef) -> Iterator[tuple[int, str]]:
    """Yield the texts that are said as such, and those that a ``message`` is made of first."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found = node.value if node.targets[0].id == "message" else None
        elif isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else node.func
            name = called if isinstance(called, str) else getattr(called, "id", "")
            place = SPOKEN.get(name, 99)
            found = node.args[place] if len(node.args) > place else None
        else:
            found = None
        if isinstance(found, ast.JoinedStr):
            parts = [part.value if isinstance(part, ast.Constant) else "7" for part in found.values]
            yield node.lineno, "".join(map(str, parts))
        elif isinstance(found, ast.Constant) and isinstance(found.value, str):
            yield node.lineno, found.value


#: What is filled in there is not a number but a word, or nothing.
FILLED = {
    "Run 7 is not undone7.": "Run 7 is not undone.",
    "7 is 7 than the date above it (7).": "7 is later than the date above it (7).",
    "7: 77.": "Scripts and forms were left out: 7.",
}


def test_what_the_pure_modules_say_can_be_said_in_german() -> None:
    found = list(spoken())
    assert len(found) > 100
    with translation.override("de"):
        said_now = {text: said(FILLED.get(text, text)) for _where, text in found if text}
        missing = [(where, text) for where, text in found if text and said_now[text] == text]
    assert missing == [], "put them into articles/review/sentences.py"


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_is_found_again_by_what_is_filled_into_it(sentence: str) -> None:
    with translation.override("de"):
        values = {
            name: "7" if name == "count" else f"x{name}"
            for name in re.findall(r"%\((\w+)\)s", sentence)
        }
        assert said(sentence % values) == translation.gettext(sentence) % values


@pytest.mark.parametrize(
    ("text", "german"),
    [
        ("“the” stands twice in a row.", "„the“ steht zweimal hintereinander."),
        ("The standfirst looks like a byline.", "Sieht nach einer Autorenzeile aus: Vorspann."),
        ("list.txt:4: the file is empty", "list.txt:4: die Datei ist leer"),
        ("3 articles removed, 1 name kept", "3 Artikel entfernt, 1 Name beibehalten"),
        ("Not imported: there is no headline.", "Nicht importiert: es gibt keine Überschrift."),
        ("Nobody says this.", "Nobody says this."),
        ("", ""),
    ],
    ids=lambda text: text[:20],
)
def test_what_was_stored_in_english_is_said_in_german(text: str, german: str) -> None:
    assert said(text) == text
    with translation.override("de"):
        assert said(text) == german


# A German site


@pytest.fixture
def german() -> Iterator[Client]:
    with override_settings(LANGUAGE_CODE="de"):
        yield Client()


@pytest.fixture
def article(db: None) -> Article:
    serial = make_series("Küste", kind="serial")
    for number in range(1, 1235):
        if number in {1, 3}:
            make_article(f"Teil {number}", series=[(serial, number)], published_on="1917-11-07")
    return make_article(
        "Die Glocke", authors=["Clara Weiß"], tags=[make_tag("Häfen")], series=[(serial, 4)],
        published_on="1917-03-07", key="abcd0000",
    )  # fmt: skip


def text_of(client: Client, url: str, status: int = 200) -> str:
    """Return what a page says, without its tags."""
    response = client.get(url, follow=True)
    assert response.status_code == status, url
    page = response.content.decode()
    assert '<html lang="de" dir="ltr">' in page
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


@pytest.mark.usefixtures("article")
def test_public_pages_in_german(german: Client) -> None:
    assert "3 Artikel aus dem Jahr 1917." in text_of(german, "/")
    said_of_list = text_of(german, "/articles/")
    assert "November 1917" in said_of_list
    assert "Sortieren nach Neueste Älteste" in said_of_list
    said_of_article = text_of(german, "/a/abcd0000/")
    assert "Von Clara Weiß 7. März 1917" in said_of_article
    assert "Serie Küste Teil 4 von 4" in said_of_article
    assert "Teil 2 ist nicht in diesem Archiv" in said_of_article
    assert "März 1917" in text_of(german, "/articles/1917/03/")
    assert "An diesem Tag" in text_of(german, "/on-this-day/11-07/")
    assert "Unter dieser Adresse ist nichts zu finden" in text_of(german, "/nothing/", 404)
    assert "Suche „Glocke“" in text_of(german, "/articles/?q=Glocke")


def test_a_tombstone_in_german(german: Client, article: Article) -> None:
    set_status([article.pk], Status.WITHDRAWN, actor=None, reason="Falsch.")
    page = text_of(german, "/a/abcd0000/", 410)
    assert "Unter dieser Adresse stand ein Artikel vom 7. März 1917." in page


@pytest.mark.usefixtures("article")
def test_feeds_say_their_language(german: Client) -> None:
    feed = german.get("/feed.atom").content.decode()
    assert 'xml:lang="de"' in feed
    assert "Neueste Artikel" in feed


@pytest.mark.usefixtures("article")
def test_english_stays_english_beside_german(german: Client) -> None:
    """What is kept of a page, and of its pieces, is kept by language."""
    seen = {}
    for language in ("en-gb", "de", "en-gb", "de"):
        with override_settings(LANGUAGE_CODE=language):
            page = german.get("/articles/").content.decode()
            assert seen.setdefault(language, page) == page
    assert "3 articles" in seen["en-gb"]
    assert "Artikel" not in seen["en-gb"]
    assert "Sort by" in seen["en-gb"]
    assert "3 Artikel" in seen["de"]
    assert "3 articles" not in seen["de"]
    assert "Sort by" not in seen["de"]


def test_numbers_and_plurals() -> None:
    from archive_site.jinja2 import articles_count, number, parts_count

    for language, many, one, parts in (
        ("en-gb", "1,234 articles", "1 article", "2 parts"),
        ("de", "1.234 Artikel", "1 Artikel", "2 Teile"),
    ):
        with translation.override(language):
            assert (articles_count(1234), articles_count(1)) == (many, one)
            assert number(1_000_000) == many[1].join(("1", "000", "000"))
            assert parts_count(2) == parts


@pytest.mark.usefixtures("article")
def test_the_admin_in_german(german: Client, admin_client: Client) -> None:
    page = text_of(admin_client, "/admin/articles/article/")
    for words in ("Artikel zur Änderung auswählen", "Überschrift und Reihe", "Nach Status"):
        assert words in page
    assert "Zurückziehen …" in page
    assert "Es gibt nichts" not in page


def test_the_admin_speaks_the_language_of_the_browser_if_it_is_translated(
    admin_client: Client,
) -> None:
    for asked, language in (
        ("de-AT,de;q=0.9", "de"), ("fr", "en-gb"), ("fr, de;q=0.5", "de"), ("en-US", "en"),
    ):  # fmt: skip
        response = admin_client.get("/admin/", headers={"accept-language": asked})
        assert f'<html lang="{language}"' in response.content.decode(), asked
        assert response["Content-Language"] == language


# Words of the site's own


@pytest.mark.slow
def test_a_site_says_a_sentence_in_its_own_words(tmp_path: Path, now: Any) -> None:
    own = tmp_path / "locale" / "de" / "LC_MESSAGES" / "django.po"
    own.parent.mkdir(parents=True)
    own.write_text('msgid "Latest"\nmsgstr "Frisch erschienen"\n', encoding="utf-8")
    assert list(messages.of_the_site(own, now, check=False)) == []
    asking = "from django.utils.translation import gettext as _; print(_('Latest'), _('Years'))"
    told = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", asking],
        cwd=ROOT, env={**os.environ, "SITE_DIR": str(tmp_path), "LANGUAGE_CODE": "de"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert told.stdout == "Frisch erschienen Jahre\n", told.stderr


def test_a_sentence_of_the_site_that_is_said_nowhere_is_told(tmp_path: Path, now: Any) -> None:
    own = tmp_path / "de" / "LC_MESSAGES" / "django.po"
    own.parent.mkdir(parents=True)
    own.write_text(
        'msgid "Latset"\nmsgstr "Frisch"\n\nmsgid "All %(articles)s"\nmsgstr "Alle"\n'
        '\nmsgid "Tags"\nmsgstr ""\n',
        encoding="utf-8",
    )
    assert list(messages.of_the_site(own, now, check=True)) == [
        "not said here: 'Latset'", "other placeholders: 'All %(articles)s'",
    ]  # fmt: skip
    assert not own.with_suffix(".mo").exists()


# Texts in other languages than the site's


@pytest.mark.parametrize("language", ["ar", "he", "fa", "ur-PK"])
def test_a_text_written_from_right_to_left_says_so(db: None, language: str) -> None:
    make_article("عنوان", standfirst="نص", body="<p>نص</p>", language=language, key="rtr00000")
    make_article("Bell", language="en", key="rtr11111")
    page = Client().get("/a/rtr00000/", follow=True).content.decode()
    assert '<html lang="en-gb" dir="ltr">' in page
    assert f'<article class="article" lang="{language}" dir="rtl">' in page
    # What the site says beside it is in the language of the site.
    assert '<div class="credit" lang="en-gb" dir="ltr">' in page
    listed = Client().get("/articles/").content.decode()
    assert f'lang="{language}" dir="rtl"' in listed
    assert 'lang="en" dir="rtl"' not in listed


def test_dates_and_words_around_a_foreign_text_are_those_of_the_site(
    german: Client, db: None
) -> None:
    make_article("Колокол", language="ru", key="rtr00000", published_on="1917-03")
    page = german.get("/a/rtr00000/", follow=True).content.decode()
    assert '<article class="article" lang="ru">' in page
    assert "März 1917" in page
