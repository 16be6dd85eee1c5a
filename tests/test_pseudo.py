"""Every page in a language in which each message stands in brackets: nothing may stand outside.

What stands outside is written into a page or a program without being marked for translation, or
was kept in another language.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.test import Client, override_settings

from articles.choices import Status
from articles.importing.formats import recognising as formats
from articles.listing.recognising import dialect_names
from articles.models import HomePage, SiteLink, SitePage
from articles.writing.articles import set_status
from articles.writing.names import save_named
from articles.writing.site import save_site
from tests import pseudo
from tests.admin import matrix
from tests.admin.test_uploads import planned
from tests.conftest import ROOT
from tests.factories import make_article, make_articles, make_author, make_series, make_tag

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

#: What is the same in every language: the names of formats, and of dialects of listings.
SAME = {"Backfile", "BibTeX", "RIS", *formats.names(), *dialect_names()}
#: What Django and other packages say in English only: a picture's name, those of yes and no, and
#: what groups and their rights are made of.
DJANGOS = {
    "Search", "True", "False", "Group-permission relationship", "Group-permission relationships",
    "User-group relationship", "User-group relationships", "Group_permissions object",
    "User_groups object", "Otp_Static", "Otp_Totp", "static device", "static token", "TOTP device",
    "access attempt expiration",
}  # fmt: skip


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("locale")
    pseudo.write(folder)
    return folder


@pytest.fixture
def in_brackets(catalogue: Path) -> Iterator[None]:
    with override_settings(LANGUAGE_CODE=pseudo.LANGUAGE, LOCALE_PATHS=[catalogue]):
        yield


#: Columns that hold codes or sentences of ours, and not what people typed.
OURS = {"code", "codename", "field", "subject_type", "input_format", "message", "model"}
#: A listing of which no word that is shown is one of ours.
LISTING = """Приливы

Колокол на буе

By Анна Мох, 9 February 2021

Колокол звонит, и никто не спрашивает почему.

Тишина

By Борис Рид, 8 February 2021

"""


def data() -> set[str]:
    """Return every text of the database: what people typed, and not the interface."""
    found: set[str] = set()
    for model in apps.get_models():
        fields = [
            field.attname
            for field in model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField)
            and not field.choices
            and field.name not in OURS
        ]
        for values in model._default_manager.values_list(*fields) if fields else ():
            found |= {value for value in values if value}
    return found


def check(pages: Iterable[tuple[str, str]], known: set[str]) -> None:
    wrong = {}
    for url, page in pages:
        assert pseudo.OPEN in page, url
        if found := pseudo.unsaid(page, known | SAME):
            wrong[url] = list(dict.fromkeys(found))
    assert not wrong, "\n".join("\n     ".join((url, *found)) for url, found in wrong.items())


def asked(client: Client, urls: Iterable[str]) -> Iterator[tuple[str, str]]:
    for url in urls:
        response = client.get(url)
        page = "" if response.streaming else response.content.decode()
        if "html" in response.get("Content-Type", "") and page:
            yield url, page


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ("<p>⟦Page⟧ 3</p>", []),
        ("<p>⟦<b>3</b> things⟧ left</p>", ["left"]),
        ("<p>⟦Cut sho…</p><p>Hello</p>", ["Hello"]),
        ('<img alt="Hello">', ["Hello"]),
        ('<a aria-label="⟦Next⟧ Hello" title="⟦Next⟧">›</a>', ["Hello"]),
        ('<button data-copy-label="Copy">⟦Copy⟧</button>', ["Copy"]),
        ('<input type="submit" value="Save"><input value="typed">', ["Save"]),
        ("<p>⟦By⟧ Clara Weiss</p>", []),
        ("<p>By Clara Weiss</p>", ["By"]),
        ("<p>Clara Weissbach</p>", ["Clara Weissbach"]),
        ('<html lang="da"><p lang="en">Hello</p><p lang="da">Ours</p></html>', ["Ours"]),
        ("<script>say('Hello')</script><code>author:x</code>", []),
        ("<p>https://example.org/hello /authors/hello/</p>", []),
    ],
)
def test_what_stands_outside_is_found(page: str, found: list[str]) -> None:
    assert pseudo.unsaid(page, {"Clara Weiss"}) == found


#: What the two languages of templates write, with what a message says.
_WRITTEN = re.compile(
    r"{%-?\s*blocktrans(?:late)?\b.*?{%-?\s*endblocktrans(?:late)?\s*-?%}"
    r"|{%\s*block (?:bodyclass|coltype|page_class)\b.*?endblock[^%]*%}"
    r"|{%-?\s*comment\b.*?endcomment\s*-?%}|{#.*?#}|{%.*?%}|{{.*?}}",
    re.DOTALL,
)
#: What a macro writes into a tag.
_ATTRIBUTE = re.compile(r'[a-z-]+=" *"')


def test_no_template_has_words_beside_its_messages() -> None:
    wrong = {}
    for path in sorted((ROOT / "templates").rglob("*.html")):
        text = _ATTRIBUTE.sub(" ", _WRITTEN.sub(" ", path.read_text(encoding="utf-8")))
        if found := pseudo.unsaid(text, SAME):
            wrong[str(path.relative_to(ROOT))] = found
    assert wrong == {}


@pytest.mark.usefixtures("in_brackets")
def test_admin() -> None:
    rows = matrix.objects()
    rows["articles/upload"] = planned(rows["auth/user"], LISTING)
    client = matrix.accounts()["superuser"]
    urls = [
        matrix.address(route, rows) + ("?from=0" if route.endswith("/versions/") else "")
        for route in matrix.read()["routes"]
    ]
    check(asked(client, urls), data() | DJANGOS | {matrix.CANARY, "doubt", "Tides"})


PUBLIC = (
    "/", "/articles/", "/articles/?page=1", "/articles/?q=колокол", "/articles/?q=нет",
    "/articles/?q=foo:bar", "/articles/?sort=headline&view=dense", "/articles/?year=x",
    "/articles/?author={author}&tag={tag}&series={serial}&not_tag={other}&year=2020&month=3",
    "/articles/?language=en&body=with&byline=without&since=2001&until=2021&decade=2020",
    "/articles/by/authors/", "/articles/by/tags/?find=м", "/articles/by/series/",
    "/articles/by/years/", "/searching/", "/articles/2020/", "/articles/2020/03/",
    "/articles/2020/03/01/", "{first}", "{second}", "{gone}", "/on-this-day/",
    "/on-this-day/03-01/", "/on-this-day/02-29/", "/on-this-day/09-09/", "/new/", "/list/",
    "/list/?keys=abcd0000,efgh1111", "/list/?keys=none0000", "/authors/", "/authors/{author}/",
    "/authors/letter/А/", "/tags/", "/tags/{tag}/", "/tags/letter/М/", "/series/",
    "/series/{serial}/", "/series/{column}/", "/страница/", "/nothing/", "/articles/2020/03/01/x/",
    "/articles/1066/", "/feed.atom", "/tags/{tag}/feed.atom", "/authors/{author}/feed.atom",
)  # fmt: skip


def archive() -> dict[str, str]:
    """Fill an archive in Cyrillic: no word of it is one of ours. Return the slugs."""
    anna, boris = make_author("Анна Мох"), make_author("Борис Рид", aliases=["Б. Рид"])
    for field in ("born", "died"):
        setattr(anna, field, "1917")
    save_named(anna, aliases=None, actor=None)
    sea, other = make_tag("Море"), make_tag("Маяк")
    serial = make_series("Приливы", kind="serial", description="Части одного целого.")
    column = make_series("Дневник", kind="column")
    one = make_article(
        "Колокол на буе", authors=[anna, boris, (boris, "trl")], tags=[sea, other],
        series=[(serial, 1), column], kicker="Море", subtitle="О воде",
        standfirst="Колокол звонит.", body="<p>Колокол.</p><p>Вода.</p>", byline="Ан. Мох",
        key="abcd0000", publication="Бюллетень", volume="3", issue="7", pages="4-5", language="ru",
        source_url="https://море.example/1", correction_note="Было неверно.",
    )  # fmt: skip
    two = make_article(
        "Тишина", authors=[anna], tags=[sea], series=[(serial, 3), column], language="ar",
        published_on="2019-03", translation_of=one.pk, key="efgh1111",
    )  # fmt: skip
    make_articles(*(
        {"headline": f"Письмо {number}", "published_on": f"{1900 + number * 2}-03-01",
         "tags": [other]}
        for number in range(60)
    ))  # fmt: skip
    gone = make_article("Ушло", published_on="2018-04-05", key="g0ne0000")
    addresses = {"first": one.get_absolute_url(), "second": two.get_absolute_url()}
    addresses["gone"] = gone.get_absolute_url()
    set_status([gone.pk], Status.WITHDRAWN, actor=None, reason="Ошибка.")
    page = {"title": "Страница", "body": "<p>Текст.</p>", "status": "published"}
    save_site(SitePage(), page, actor=None)
    save_site(SiteLink(), {"label": "Ссылка", "address": "/страница/"}, actor=None)
    pins = [{"article": one.pk}, {"series": serial.pk}]
    save_site(HomePage(pk=1), {"lead": two.pk, "pins": pins}, actor=None)
    return addresses | {
        "author": anna.slug, "tag": sea.slug, "other": other.slug, "serial": serial.slug,
        "column": column.slug,
    }  # fmt: skip


@pytest.mark.usefixtures("in_brackets")
def test_public_pages(settings: Any) -> None:
    settings.SITE_NAME, settings.CORRECTIONS_EMAIL = "Архив", "a@example.org"
    marks = archive()
    # What was made and kept in English may not come again in another language.
    urls = [url.format(**marks) for url in PUBLIC]
    with override_settings(LANGUAGE_CODE="en-gb"):
        for url in urls:
            Client().get(url)
    # What was typed, what of it is no filter, and where the article may be read.
    check(asked(Client(), urls), {"foo:bar", "year", "море.example"})


@pytest.mark.usefixtures("in_brackets")
def test_an_empty_archive() -> None:
    urls = ("/", "/articles/", "/authors/", "/tags/", "/series/", "/new/", "/on-this-day/")
    check(asked(Client(), urls), set())
