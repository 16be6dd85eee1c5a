"""The sitemap, robots.txt, and a crawler that follows every link of the demo to an end."""

import re
from collections import deque
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from selectolax.lexbor import LexborHTMLParser

from articles import sitemaps
from articles.choices import Status
from articles.models import Article, Series, SitePage, Tag
from articles.writing.articles import set_status
from articles.writing.site import save_site
from authors.models import Author
from tests.conftest import ROOT
from tests.factories import make_article, make_articles, make_author, make_series, make_tag

pytestmark = pytest.mark.django_db

SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
HOST = "http://testserver"


def body_of(response: Any) -> bytes:
    body: bytes = b"".join(response.streaming_content) if response.streaming else response.content
    return body


def locations(client: Client, path: str) -> dict[str, str | None]:
    """Return the addresses of a sitemap or of its index, with their dates."""
    response = client.get(path)
    assert response.status_code == 200, path
    assert response["Content-Type"] == "application/xml; charset=utf-8"
    root = ElementTree.fromstring(body_of(response))  # noqa: S314  it is ours
    found = {}
    for item in root:
        address = item.findtext(f"{SPACE}loc") or ""
        assert address.startswith(f"{HOST}/")
        found[address.removeprefix(HOST)] = item.findtext(f"{SPACE}lastmod")
    return found


def whole(client: Client) -> dict[str, str | None]:
    """Return all addresses of all pages of the sitemap."""
    found: dict[str, str | None] = {}
    for path in locations(client, "/sitemap.xml"):
        page = locations(client, path)
        assert page, f"{path} is empty"
        assert not found.keys() & page.keys(), "an address stands twice"
        found |= page
    return found


@pytest.fixture
def filled(db: None) -> None:
    """Some of everything, public and not."""
    ada, sea, tides = make_author("Ada Moss"), make_tag("Sea & <sky>"), make_series("Tides")
    make_article("Bell", authors=[ada], tags=[sea], series=[(tides, 1)])
    make_article("Colours", published_on="2019-05")
    make_article("Draft", status="draft", authors=["Nobody Yet"], tags=["Hidden"])
    gone = make_article("Gone", authors=["Past Person"], published_on="1901")
    set_status([gone.pk], Status.WITHDRAWN, actor=None, reason="Wrong.")
    save_site(SitePage(), {"title": "About", "status": "published"}, actor=None)
    save_site(SitePage(), {"title": "Plans"}, actor=None)


def test_every_public_address_stands_in_it_once(client: Client, filled: None) -> None:
    found = whole(client)
    assert {path for path in found if not path.startswith(("/searching", "/new"))} == {
        "/", "/articles/", "/authors/", "/series/", "/tags/", "/about/",
        "/articles/2020/", "/articles/2019/", "/articles/2020/03/01/bell/",
        "/articles/2019/05/colours/", "/authors/ada-moss/", "/tags/sea-sky/", "/series/tides/",
    }  # fmt: skip
    for path in found:
        assert client.get(path).status_code == 200, path


def test_dates_are_those_of_the_last_change(client: Client, filled: None) -> None:
    found = whole(client)
    article = Article.objects.get(headline="Bell")
    expected = f"{article.updated:%Y-%m-%dT%H:%M:%SZ}"
    assert found["/articles/2020/03/01/bell/"] == expected
    # An author's page changes with the newest article on it.
    assert (found["/authors/ada-moss/"] or "") >= expected
    assert (found["/tags/sea-sky/"] or "") == expected
    assert locations(client, "/sitemap.xml")["/sitemap-articles-1.xml"] is not None


def test_the_index_dates_every_page(
    client: Client, filled: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemaps, "PAGE", 1)
    monkeypatch.setattr(sitemaps, "RECENT", 1)
    index = locations(client, "/sitemap.xml")
    assert len(index) > 5
    for path, date in index.items():
        assert date is not None, path
        assert date == max(filter(None, locations(client, path).values())), path
    # Of more pages it would be too much to ask.
    monkeypatch.setattr(sitemaps, "EXACT", 0)
    monkeypatch.setattr(sitemaps, "RECENT", 1_000)
    dated = {path for path, date in locations(client, "/sitemap.xml").items() if date}
    assert dated == {path for path in index if "articles" in path}


def test_it_is_paged_by_id(client: Client, filled: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "PAGE", 2)
    before = whole(client)
    pages = [path for path in locations(client, "/sitemap.xml") if "articles" in path]
    numbers = {sitemaps.page_of(row.pk) for row in Article.objects.published()}
    assert pages == [f"/sitemap-articles-{number}.xml" for number in sorted(numbers)]
    monkeypatch.undo()
    assert whole(client) == before


@pytest.mark.parametrize(
    "path",
    ["/sitemap-articles-2.xml", "/sitemap-articles-0.xml", "/sitemap-drafts-1.xml",
     "/sitemap-articles-99999999999999999999.xml", "/sitemap-pages-2.xml"],
)  # fmt: skip
def test_there_are_no_other_pages(client: Client, filled: None, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_page_that_lost_all_its_addresses_is_gone(client: Client) -> None:
    article = make_article(
        authors=[make_author("Ada Moss")], tags=["Sea"], series=[make_series("Tides")]
    )
    pages = [path for path in locations(client, "/sitemap.xml") if "pages" not in path]
    assert len(pages) == 4
    set_status([article.pk], Status.WITHDRAWN, actor=None, reason="Wrong.")
    assert {client.get(path).status_code for path in pages} == {410}
    for kind in ("articles", "authors", "tags", "series", "drafts"):
        for number in (0, 7, 10**20):
            assert client.get(f"/sitemap-{kind}-{number}.xml").status_code == 404


def test_a_page_of_what_was_never_public_is_unknown(client: Client) -> None:
    draft = make_article(
        status="draft",
        authors=[make_author("Ada Moss")],
        tags=["Sea"],
        series=[make_series("Tides")],
    )
    set_status([draft.pk], Status.WITHDRAWN, actor=None, reason="Wrong.")
    for kind in ("articles", "authors", "tags", "series"):
        assert client.get(f"/sitemap-{kind}-1.xml").status_code == 404


def test_an_empty_archive_has_one(client: Client) -> None:
    assert list(locations(client, "/sitemap.xml")) == ["/sitemap-pages-1.xml"]


def test_a_page_is_one_look_however_many_stand_on_it(client: Client, filled: None) -> None:
    make_articles(*({"headline": f"More {n}", "authors": [f"Person {n}"]} for n in range(30)))
    for path, most in (("/sitemap.xml", 11), ("/sitemap-articles-1.xml", 1),
                       ("/sitemap-authors-1.xml", 3), ("/sitemap-pages-1.xml", 2)):  # fmt: skip
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            body_of(client.get(path))
        asked = [query for query in queries if "contentversion" not in query["sql"]]
        assert len(asked) <= most, path


def test_robots_name_it(client: Client) -> None:
    text = client.get("/robots.txt").content.decode()
    assert f"Sitemap: {HOST}/sitemap.xml\n" in text


# A crawler


class Robots:
    """What robots.txt (RFC 9309) allows; its patterns have ``*`` only."""

    def __init__(self, client: Client) -> None:
        lines = client.get("/robots.txt").content.decode().splitlines()
        closed = [line.removeprefix("Disallow: ") for line in lines if line.startswith("Disallow")]
        self._closed = [re.compile(re.escape(path).replace(r"\*", ".*")) for path in closed]

    def allows(self, address: str) -> bool:
        return not any(pattern.match(address) for pattern in self._closed)


def crawl(client: Client, most: int) -> tuple[set[str], set[str]]:
    """Follow every link that a crawler may follow; return what was asked, and what of it may be
    indexed. Fails after *most* addresses, and at any that is broken."""
    robots = Robots(client)
    waiting, seen = deque(["/"]), {"/"}
    indexed = set()
    while waiting:
        address = waiting.popleft()
        assert len(seen) <= most, f"no end: {address}"
        response = client.get(address)
        if response.status_code in (301, 302):
            links = [response["Location"]]
        else:
            assert response.status_code == 200, address
            if not response["Content-Type"].startswith("text/html"):
                continue
            tree = LexborHTMLParser(response.content.decode())
            meta = tree.css_first('meta[name="robots"]')
            said = str(meta.attributes["content"]) if meta is not None else ""
            if "noindex" not in said:
                indexed.add(address)
            if "nofollow" in said:
                continue
            links = [
                str(link.attributes["href"])
                for link in tree.css("a[href], link[rel=alternate]")
                if "nofollow" not in (link.attributes.get("rel") or "")
            ]
        for link in links:
            parts = urlsplit(urljoin(HOST + address, link))
            target = parts.path + (f"?{parts.query}" if parts.query else "")
            is_here = f"{parts.scheme}://{parts.netloc}" == HOST
            if is_here and target not in seen and robots.allows(target):
                seen.add(target)
                waiting.append(target)
    return seen, indexed


@pytest.mark.slow
def test_a_crawler_comes_to_an_end(client: Client, tmp_path: Path) -> None:
    report = str(tmp_path / "report.txt")
    call_command("import_fixture", str(ROOT / "fixtures/demo.json"), yes=True, output=report)
    rows = sum(model.objects.count() for model in (Article, Author, Tag, Series))
    # Pages and feeds of each, years, months and days, and one for each day of the year.
    seen, indexed = crawl(client, most=6 * rows + 366 + 200)
    assert all("&" not in address for address in seen)
    assert not any("?q=" in address for address in seen)
    public = set(whole(client))
    assert public <= seen
    assert public <= indexed


def test_single_filters_are_indexed_and_combinations_are_not(client: Client, filled: None) -> None:
    for query, expected in (
        ("", ""), ("?page=1", ""), ("?language=en", ""), ("?author=ada-moss", ""),
        ("?author=ada-moss&tag=sea-sky", "noindex, nofollow"),
        ("?language=en&year=2020", "noindex, nofollow"), ("?q=bell", "noindex, "),
    ):  # fmt: skip
        text = client.get(f"/articles/{query}").content.decode()
        found = re.search(r'<meta name="robots" content="([^"]+)"', text)
        said = found[1] if found else ""
        assert said.startswith(expected) if expected else said == "", query
