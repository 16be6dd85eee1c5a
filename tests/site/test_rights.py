"""Rights statements: of an article, of a source, of the whole archive; shown and exported."""

import html
import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from articles.importing.export import listing_chunks
from articles.models import Article, Source
from articles.sheets import export, reading
from articles.writing.bulk_acts import SETTABLE
from articles.writing.sources import set_source_rights
from tests.factories import make_article
from tests.importing import listings
from tests.importing.listings import import_json, run, write_listing

pytestmark = pytest.mark.django_db

RIGHTS = "© The Harbour Board & heirs; reprinting only with leave"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"


def page_of(article: Article) -> str:
    response = Client().get(article.get_absolute_url())
    assert response.status_code == 200
    return response.content.decode()


def data_of(page: str) -> dict[str, Any]:
    text = page.split('<script type="application/ld+json">')[1].split("</script>")[0]
    found: dict[str, Any] = json.loads(text)
    return found


def test_a_statement_stands_on_the_page_and_in_what_it_tells_machines() -> None:
    page = page_of(make_article("Fog", rights=RIGHTS))
    assert "© The Harbour Board &amp; heirs; reprinting only with leave" in page
    assert data_of(page)["copyrightNotice"] == RIGHTS
    page = page_of(make_article("Mist", rights=LICENCE))
    assert f'<a rel="license" href="{LICENCE}">' in page
    assert data_of(page)["license"] == LICENCE
    page = page_of(make_article("Haze"))
    assert "copyrightNotice" not in data_of(page)
    assert "<dt>Rights</dt>" not in page


def test_what_holds_for_the_archive_stands_where_an_article_says_nothing(settings: Any) -> None:
    settings.RIGHTS = "All rights reserved"
    page = page_of(make_article("Haze"))
    assert "<dt>Rights</dt>" in page
    assert data_of(page)["copyrightNotice"] == "All rights reserved"
    assert data_of(page_of(make_article("Fog", rights=RIGHTS)))["copyrightNotice"] == RIGHTS


def exported(article: Article, tmp_path: Path) -> dict[str, Any]:
    """Return the rights of *article* by the name of what states them."""
    assert article.public_key is not None
    feed = Client().get("/feed.atom").content.decode()
    bib = Client().get(f"/a/{article.public_key.key}.bib").content.decode()
    ris = Client().get(f"/a/{article.public_key.key}.ris").content.decode()
    text = "".join(chunk for chunk, _ in listing_chunks(Article.objects.all(), "All"))
    run("export_fixture", "--output", tmp_path / "all.json")
    fixture = json.loads((tmp_path / "all.json").read_text(encoding="utf-8"))
    sheets = {}
    for kind in ("xlsx", "csv", "exact"):
        pieces = export.pieces(Article.objects.all(), kind, with_body=False, site="")
        name = f"sheet.{export.SUFFIXES[kind]}"
        sheets[kind] = reading.read(name, b"".join(pieces), 2).lines[0].texts["rights"]
    return {
        "page": data_of(page_of(article)).get("copyrightNotice", ""),
        "feed": html.unescape(_between(feed, "<rights>", "</rights>")),
        "bib": _between(bib, "copyright = {", "}").replace(r"\&", "&"),
        "ris": _between(ris, "N1  - Rights: ", "\r"),
        "listing": _between(text, "Rights: ", "\n"),
        "fixture": fixture["articles"][0].get("rights", ""),
        **sheets,
    }


def _between(text: str, start: str, end: str) -> str:
    return text.partition(start)[2].partition(end)[0]


@pytest.mark.parametrize("of_site", ["", "All rights reserved"])
@pytest.mark.parametrize(
    ("own", "of_source"),
    [(RIGHTS, ""), (RIGHTS, "© The source"), ("", "© The source & others"), ("", "")],
)
def test_every_export_states_what_holds(
    tmp_path: Path, settings: Any, own: str, of_source: str, of_site: str
) -> None:
    settings.RIGHTS = of_site
    text = "Listing: Sea\n\nHeadline: {}\nPublished: 2 May 2021\n"
    path = tmp_path / "sea.txt"
    path.write_text(text.format("Fog"), encoding="utf-8")
    import_json(path)
    Article.objects.all().delete()
    set_source_rights(Source.objects.get().pk, of_source, actor=None)
    stated = f"Rights: {own}\n" if own else ""
    path.write_text(text.format("Mist") + stated, encoding="utf-8")
    import_json(path)
    found = exported(Article.objects.get(), tmp_path)
    assert found == dict.fromkeys(found, own or of_source or of_site)


def test_rights_are_set_in_bulk() -> None:
    assert "rights" in SETTABLE


def test_what_is_written_as_a_listing_reads_back(tmp_path: Path) -> None:
    make_article("Fog", rights=RIGHTS)
    path = tmp_path / "export.txt"
    run("export_listing", "--output", path)
    assert import_json(path)["totals"]["unchanged"] == 1
    path.write_text(path.read_text().replace("heirs", "descendants"))
    assert import_json(path)["totals"]["update"] == 1
    assert "descendants" in Article.objects.get().rights


def test_new_articles_are_given_the_statement_of_their_source(tmp_path: Path) -> None:
    import_json(write_listing(tmp_path, listings.CHARTS, listings.OLDEST))
    source = Source.objects.get()
    set_source_rights(source.pk, RIGHTS, actor=None)
    report = import_json(
        write_listing(tmp_path, listings.NEW, listings.CHARTS, listings.OLDEST, name="new.txt")
    )
    assert report["totals"]["create"] == 1
    assert dict(Article.objects.values_list("headline", "rights")) == {
        "The harbour chain is raised": RIGHTS,
        "Charts that lie": "",
        "Why the map room is locked": "",
    }
    again = import_json(tmp_path / "new.txt")
    assert again["totals"]["unchanged"] == 3


def test_a_fixture_without_the_field_is_still_read(tmp_path: Path) -> None:
    make_article("Fog", rights=RIGHTS, tags=["Harbour"])
    path = tmp_path / "all.json"
    run("export_fixture", "--output", path)
    content = json.loads(path.read_text())
    for rows, name in ((content["articles"], "rights"), (content["tags"], "external_ids")):
        for row in rows:
            row.pop(name, None)
    path.write_text(json.dumps(content))
    code, _out, err = run("import_fixture", path, "--dry-run")
    assert code in (0, 1), err
