"""Every kind of public page in Chromium, in light and dark, narrow, wide and with large text.

Each address is opened once, warm and as it is served, and looked at from all sides in place: what
axe finds, whether anything is wider than the window, what was sent for it, whether anything moved
while it arrived, and what is left of it without its style sheets. A picture of it, wide and light,
and one of a phone in the dark are left in the folder that ``ARCHIVE_PICTURES`` names, if it does.
"""

import datetime
import gzip
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.contrib.auth import get_user_model
from django.test import override_settings
from PIL import Image
from playwright.sync_api import Page, Response

from articles import indexes, portraits
from articles.choices import Status
from articles.models import Article, HomePage, SiteLink, SitePage
from articles.preview_links import preview_path
from articles.writing.articles import set_status
from articles.writing.names import save_named
from articles.writing.site import save_site
from authors.models import Author
from tests.browser import failing
from tests.browser.conftest import SiteBrowser
from tests.browser.test_admin_pages import COLOURS
from tests.browser.test_reading import ARTICLE, reading
from tests.browser.test_site import LONG, RULES, WORD, archive
from tests.browser.waiting import settled
from tests.factories import make_article, make_articles, make_series
from tests.site.test_privacy import patterns
from tools.pictures import WANTED, leave

pytestmark = pytest.mark.browser

__all__ = ["archive", "reading"]

ROOT = Path(__file__).resolve().parents[2]
#: For each public view that answers with a page, by its name, where it is looked at.
PAGES: dict[str, list[str]] = {
    "home": ["/"],
    "page": ["/about/", "/past/"],
    "article-list": [
        "/articles/", "/articles/?view=dense", "/articles/?sort=headline&view=dense",
        "/articles/?tag=sea&not_tag=clocks&not_author=ada-moss", "/articles/?since=1955&until=1962",
        "/articles/?q=bell", "/articles/?q=harbuor", "/articles/?q=nothing-here&year=2020",
        "/articles/?q=bell&year=2020&tag=sea", "/articles/?year=x", "/articles/?page=2",
    ],
    "values": [
        "/articles/by/authors/", "/articles/by/tags/?find=zz", "/articles/by/years/?tag=sea",
    ],
    "searching": ["/searching/"],
    "author-list": ["/authors/"],
    "author-letter": ["/authors/letter/M/"],
    "author": ["/authors/maud-oake/", "/authors/ada-moss/", "/authors/past-person/"],
    "series-list": ["/series/"],
    "series": ["/series/ledger/", "/series/weekly/"],
    "tag-list": ["/tags/"],
    "tag-letter": ["/tags/letter/S/"],
    "tag": ["/tags/sea/"],
    "year": ["/articles/2020/", "/articles/1950/"],
    "month": ["/articles/2021/06/"],
    "day": ["/articles/2021/06/08/"],
    "day-of-year": ["/on-this-day/06-08/", "/on-this-day/01-01/", "/on-this-day/02-29/"],
    "new": ["/new/"],
    "reading-list": [
        "/list/", "/list/?keys=cccc0000,bbbb0000,zzzzzzzz", "/list/?keys=cccc0000&add=nonsense!",
    ],
    "article-day": [
        ARTICLE, f"{ARTICLE}?list=cccc0000,bbbb0000", "/articles/2020/03/01/scanned/",
        "/articles/2020/03/01/潮待ちの灯/", "/articles/2020/03/01/forty/",
    ],
    "article-month": ["/articles/2020/03/колокол/"],
    "article-year": ["/articles/2020/الجرس/"],
    "permanent": ["/a/g0ne0000/", "/a/redacted/"],
    "preview": ["{preview}"],
}  # fmt: skip
#: Views that answer with a file, or lead elsewhere.
NO_PAGES = {
    "sitemap", "sitemap-page", "feed", "author-feed", "series-feed", "tag-feed", "robots",
    "security", "favicon", "icon", "card", "article-card", "article-bib", "article-ris",
    "reading-list-bib", "reading-list-ris", "attachment", "picture", "suggest",
    "on-this-day", "random",
}  # fmt: skip
#: Processes that tests run in may share the work.
PARTS = 2
#: What may be sent for a page, files that are kept for the next one included; and how many
#: requests it may take once they are.
MOST_BYTES, MOST_REQUESTS = 60_000, 3
OVER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
#: How far things moved, as Chromium reckons it, and the bytes of each file, with those now sent.
MEASURE = """() => new Promise(done => {
    let moved = 0;
    new PerformanceObserver(list => {
        for (const entry of list.getEntries()) moved += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
    const files = performance.getEntriesByType("resource").filter(
        file => !file.name.includes("favicon"));
    setTimeout(() => done({ moved, files: files.map(
        file => [file.name, file.encodedBodySize, file.transferSize]) }), 30);
})"""
EVERY_RULE = {"type": "tag", "values": RULES}
#: The style sheets are read once for a page, for the one rule that asks them.
AXE = """([runOnly, preload]) => axe.run(document, {
    runOnly, resultTypes: ["violations"], iframes: false, preload,
}).then(found => found.violations.flatMap(
    wrong => wrong.nodes.map(node => `${wrong.id}: ${node.html.slice(0, 160)}`)))"""
#: What is wrong with the page without its style sheets: words that only they show, counts that
#: stand there twice, links that run into each other, fields that nothing names.
PLAIN = r"""() => {
    const words = text => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) || [];
    const said = () => new Set(words(document.body.innerText));
    const sheets = [...document.styleSheets];
    const styled = said();
    const wrong = [];
    for (const sheet of sheets) sheet.disabled = true;
    const plain = said();
    /* What is folded away is there at a press; wide sheets show some of it unfolded. */
    for (const folded of document.querySelectorAll("details:not([open])")) {
        const texts = document.createTreeWalker(folded, NodeFilter.SHOW_TEXT);
        while (texts.nextNode()) words(texts.currentNode.data).forEach(word => plain.add(word));
    }
    const lost = [...styled].filter(word => !plain.has(word));
    if (lost.length) wrong.push(`lost: ${lost.join(" ")}`);
    for (const sign of document.querySelectorAll("[aria-hidden=true]:not(svg)")) {
        if (sign.checkVisibility() && /\p{N}/u.test(sign.innerText)) {
            wrong.push(`said twice: ${sign.parentElement.innerText}`);
        }
    }
    for (const link of document.querySelectorAll("a")) {
        const next = link.nextSibling;
        if (next && next.nodeName === "A" && getComputedStyle(link).display === "inline"
            && link.innerText && next.innerText) {
            wrong.push(`not apart: ${link.innerText}|${next.innerText}`);
        }
    }
    for (const drawn of document.querySelectorAll("svg, img, input, button")) {
        const { width } = drawn.getBoundingClientRect();
        if (width > (drawn.nodeName === "svg" ? 100 : innerWidth)) {
            wrong.push(`blown up: ${drawn.outerHTML.slice(0, 100)}`);
        }
    }
    for (const field of document.querySelectorAll("input:not([type=hidden]), select, textarea")) {
        if (!field.checkVisibility()) continue;
        if (![...field.labels].some(label => label.innerText.trim())) {
            wrong.push(`no label: ${field.name}`);
        }
        if (!field.form.querySelector("button")) wrong.push(`no button: ${field.name}`);
    }
    const skip = document.querySelector("a");
    if (skip.hash !== "#main" || !skip.innerText || skip.getBoundingClientRect().top > 50) {
        wrong.push("no way past what comes first");
    }
    for (const sheet of sheets) sheet.disabled = false;
    return wrong;
}"""


@pytest.fixture
def everything(reading: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An archive with everything that any page can show; give the address of a preview."""
    monkeypatch.setattr(indexes, "MOST", 3)
    with override_settings(
        MEDIA_ROOT=tmp_path, CORRECTIONS_EMAIL="desk@example.org", ROOT_URLCONF=failing.__name__
    ):
        picture = io.BytesIO()
        Image.linear_gradient("L").resize((700, 900)).save(picture, "PNG")
        picture.seek(0)
        maud = Author.objects.get(slug="maud-oake")
        maud.bio, maud.portrait = "Of the coast.", portraits.make(picture, credit="By Ben Reed")
        save_named(maud, actor=None)
        lead = make_article(f"The lead. {LONG}"[:500], standfirst="It rang.", kicker="Tides")
        crowd = make_article("Forty", authors=[f"Person {n} Moss" for n in range(40)])
        make_article(
            "Scanned", rights="© The board", source_url="https://example.org/", authors=[maud],
            body="<h3>Bank</h3><p>A wall.</p><h4>Low</h4><p>Is lower.</p><pre>a  b</pre>"
            f"<table><tr><th>Tide</th><td>{WORD}</td></tr></table><ul><li>One</li></ul>",
        )  # fmt: skip
        make_article(
            "潮待ちの灯", language="ja", authors=["灯台守"], standfirst="港の話。",
            slug="潮待ちの灯",
            body="<p>灯台の灯が消えた夜のことを、港の人びとは長く語り継いだ。</p>" * 3,
        )  # fmt: skip
        make_articles(*(
            {"headline": f"{LONG} {n}"[-300:], "published_on": f"2019-{n % 12 + 1:02d}"}
            for n in range(30)
        ))  # fmt: skip
        tides = make_series("Long tides", kind="serial", description="Of the sea. " * 20)
        home: dict[str, Any] = {"introduction": "A quarterly of lamps.", "lead": lead.pk}
        hard = Article.objects.filter(headline__in=["الجرس", WORD])
        home["pins"] = [{"article": found.pk} for found in (crowd, *hard)]
        home["pins"].append({"series": tides.pk})
        save_site(HomePage(pk=1), home, actor=None)
        body = "<h2>Who</h2><p>We are <a href='https://example.org/'>us</a>.</p>"
        for title in ("About", "Past"):
            found = SitePage()
            fields = {"title": title, "body": body, "status": "published", "place": "footer"}
            save_site(found, fields, actor=None)
        save_site(SitePage.objects.get(slug="past"), {"status": "draft"}, actor=None)
        shop = {"label": "Shop", "address": "https://shop.example/", "place": "header"}
        save_site(SiteLink(), shop, actor=None)
        past = make_article("Past", authors=["Past Person"])
        removed = make_article("Removed", key="redacted")
        set_status([past.pk, removed.pk], Status.WITHDRAWN, actor=None, reason="Wrong.")
        editor = get_user_model().objects.create_user("edith", is_staff=True, is_superuser=True)
        draft = make_article("Draft", status="draft", published_on=None, body="<p>To come.</p>")
        yield preview_path(draft.pk, editor.pk, datetime.timedelta(days=1))


def test_every_kind_of_page_is_named() -> None:
    assert set(PAGES) | NO_PAGES == {pattern.name for pattern in patterns()}
    assert not set(PAGES) & NO_PAGES


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_from_all_sides(site_browser: SiteBrowser, everything: str, part: int) -> None:
    page = site_browser(viewport={"width": 1280, "height": 900})
    # From here on a browser has what pages share.
    for address in ("/", ARTICLE):
        page.goto(address, wait_until="networkidle")
    addresses = [address for group in PAGES.values() for address in group]
    addresses += ["/nothing/", *(f"/failing/{status}/" for status in failing.ANSWERS)]
    addresses = addresses[part::PARTS]
    wrong: dict[str, list[str]] = {}
    for address in addresses:
        response = page.goto(address.format(preview=everything), wait_until="load")
        assert response is not None
        found = [*sent(page, response), *seen(page)]
        if found:
            wrong[address] = found
        if WANTED:
            name = address.strip("/").replace("/", "-").replace("?", "-") or "home"
            photographs(page, name.format(preview="preview"))
    assert page.context.cookies() == []
    # That a page which is meant to be a 500 is one.
    complaints = [said for said in site_browser.complaints if "status of 5" not in said]
    site_browser.complaints.clear()
    assert complaints == []
    assert not wrong, "\n".join(
        f"{address}: {said}" for address in wrong for said in wrong[address]
    )


def sent(page: Page, response: Response) -> list[str]:
    """Return what is wrong with how the page arrived."""
    wrong = []
    headers = response.all_headers()
    if "default-src 'none'" not in headers.get("content-security-policy", ""):
        wrong.append("It has no strict policy.")
    if "set-cookie" in headers:
        wrong.append("It sets a cookie.")
    measured = page.evaluate(MEASURE)
    if measured["moved"]:
        wrong.append(f"Things moved while it arrived: {measured['moved']}")
    # The server in front packs pages (deploy/nginx.conf); files are packed already.
    weight = len(gzip.compress(response.body(), 6)) + sum(
        size for _name, size, _now in measured["files"]
    )
    if weight > MOST_BYTES:
        wrong.append(f"It weighs {weight} bytes.")
    now = [name for name, _size, sent_now in measured["files"] if sent_now]
    if 1 + len(now) > MOST_REQUESTS:
        wrong.append(f"It takes further requests: {now}")
    return wrong


def seen(page: Page) -> list[str]:
    """Return what is wrong with how the page looks; leave it wide, in the light."""
    page.evaluate(AXE_SCRIPT)
    wrong: list[str] = []

    def look(name: str, rules: dict[str, Any] = EVERY_RULE) -> None:
        settled(page)
        found = page.evaluate(AXE, [rules, name == "wide"])
        wrong.extend(f"{name}: {said}" for said in found)
        if (over := page.evaluate(OVER)) > 0:
            wrong.append(f"{name}: {over} pixels too wide")

    look("wide")
    wrong.extend(f"plain: {said}" for said in page.evaluate(PLAIN))
    page.emulate_media(color_scheme="dark")
    look("wide, dark", COLOURS)
    page.set_viewport_size({"width": 320, "height": 900})
    if page.locator(".filters > summary").is_visible():
        page.locator(".filters > summary").click()
    look("narrow, dark")
    page.emulate_media(color_scheme="light")
    look("narrow", COLOURS)
    page.set_viewport_size({"width": 640, "height": 900})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    look("large text")
    page.evaluate("document.documentElement.style.fontSize = ''")
    page.set_viewport_size({"width": 1920, "height": 900})
    if (over := page.evaluate(OVER)) > 0:
        wrong.append(f"on a wall: {over} pixels too wide")
    page.set_viewport_size({"width": 1280, "height": 900})
    return wrong


def photographs(page: Page, name: str) -> None:
    """Leave a picture of the page wide and in the light, and one of a phone in the dark."""
    leave(page, f"{name}-wide")
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 390, "height": 844})
    leave(page, f"{name}-phone")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 900})


def test_what_is_wrong_is_seen(site_browser: SiteBrowser, archive: None) -> None:
    page = site_browser(viewport={"width": 1280, "height": 900})
    page.goto("/")
    assert seen(page) == []
    page.evaluate("document.querySelector('.front-line').style.color = '#ddd'")
    page.evaluate("document.querySelector('.front').style.minInlineSize = '120rem'")
    page.evaluate("document.querySelector('.count > [hidden]').hidden = false")
    page.evaluate("document.querySelector('.skip').remove()")
    found = " ".join(seen(page))
    assert "plain: said twice" in found
    assert "plain: no way past" in found
    assert "wide: color-contrast" in found
    assert "large text: color-contrast" in found
    assert "narrow, dark: 16" in found
    assert "narrow: 16" in found
