"""The public site in Chromium: whole without scripts and styles, in other colours, on paper."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from articles.choices import Status
from articles.writing.articles import set_status
from tests.browser.conftest import SiteBrowser
from tests.browser.waiting import follow
from tests.factories import make_article, make_articles, make_author, make_series, make_tag

pytestmark = pytest.mark.browser

#: WCAG 2.2, levels A and AA, as axe names them.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LONG = "An extraordinarily long headline, in which causes, circumstances and consequences are " * 5
WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"


@pytest.fixture
def archive(live_server: object, transactional_db: None) -> None:
    """Articles in several scripts with everything an article can have."""
    ada = make_author("Ada Moss", bio="Wrote for the harbour pages.", born="1871", died="1949")
    sea, ledger = make_tag("Sea"), make_series("Ledger", kind="serial")
    weekly = make_series("Weekly", kind="column")
    bell = make_article(
        "A bell", kicker="Tides", subtitle="In which it rings", standfirst="It rang.",
        body="<p>A bell.</p><h2>Then</h2><blockquote><p>Silence.</p></blockquote>"
        '<p><a href="https://example.org/">Elsewhere</a></p>',
        authors=[ada, "Ben Reed"], byline="By A. Moss", tags=[sea, "C++", "日本語"],
        series=[(ledger, 2), weekly], correction_note="Two bells.", publication="Tidewater",
    )  # fmt: skip
    for number in (1, 4, 7):
        make_article(f"Part {number}", series=[(ledger, number)], authors=[ada], tags=[sea])
    make_article(
        "Колокол", language="ru", published_on="2020-03", translation_of=bell.pk, series=[weekly]
    )
    make_article(
        "الجرس", kicker="المد", language="ar", published_on="2020", translation_of=bell.pk,
        authors=["ليلى المرسى"], body="<p>كانت المنارة مظلمة.</p>",
    )  # fmt: skip
    make_article(
        LONG, authors=[ada, *(f"Person {number} de la Montmorency" for number in range(9))]
    )
    make_article(WORD, language="de", tags=[WORD], authors=[WORD], standfirst=WORD)
    make_articles(
        *(
            {"headline": f"Of {year}", "published_on": f"{year}-05-04", "tags": [f"Tag {year}"]}
            for year in range(1950, 2020, 2)
        )
    )
    gone = make_article("Gone", key="g0ne0000")
    set_status([gone.pk], Status.WITHDRAWN, actor=None, reason="Wrong.")


def violations(page: Page) -> list[str]:
    """Return what axe finds wrong with *page*."""
    found: Any = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
    return [
        f"{item['id']}: {node['html'][:160]}"
        for item in found.response["violations"]
        for node in item["nodes"]
    ]


@pytest.mark.parametrize("width", [390, 1280])
def test_a_reader_without_javascript_finds_an_article(
    site_browser: SiteBrowser, archive: None, width: int
) -> None:
    page = site_browser(java_script_enabled=False, viewport={"width": width, "height": 900})
    page.goto("/articles/")
    summary = page.locator(".filters > summary")
    assert summary.is_visible() is (width == 390)
    if width == 390:
        assert not page.locator("#facet-tags").is_visible()
        summary.click()
    follow(page.get_by_role("link", name="Sea – 4 articles"))
    assert page.url.endswith("/articles/?tag=sea")
    assert page.locator(".total").inner_text().startswith("4 articles")
    follow(page.locator(".entry .headline a", has_text="A bell"))
    assert page.locator("h1").inner_text() == "A bell"
    follow(page.locator(".dots a").last)
    assert page.locator("h1").inner_text() == "Part 7"
    page.fill("#q", "bell")
    follow(page.locator(".search button"))
    assert page.locator("mark").first.inner_text() == "bell"
    follow(page.locator(".chips a").first)
    assert page.url.endswith("/articles/")


def test_forced_colours_and_print_are_whole(site_browser: SiteBrowser, archive: None) -> None:
    page = site_browser(forced_colors="active", reduced_motion="reduce")
    for address in ("/", "/articles/2020/03/01/a-bell/"):
        page.goto(address)
        assert page.locator("h1").count() == 1
    page.emulate_media(media="print")
    assert not page.locator(".search").is_visible()
    assert page.locator(".article h1").is_visible()
    assert page.locator(".series-box").first.is_visible()


def test_without_styles_all_is_said_in_order(site_browser: SiteBrowser, archive: None) -> None:
    page = site_browser(viewport={"width": 900, "height": 900})
    page.route("**/*.css", lambda route: route.fulfill(body="", content_type="text/css"))
    for address in (
        "/",
        "/articles/?tag=sea",
        "/articles/2020/03/01/a-bell/",
        "/authors/ada-moss/",
    ):
        page.goto(address)
        # Nothing that styles keep small takes the page for itself.
        for drawing in page.locator("svg").all():
            box = drawing.bounding_box()
            assert box is not None
            assert box["height"] <= 24, address
        assert page.locator("h1").bounding_box()["y"] < 900  # type: ignore[index]
    page.goto("/articles/?tag=sea")
    assert "Newest Oldest Headline" in page.locator(".orders").first.inner_text()
    assert "Ada Moss and Ben Reed full text" in page.locator(".byline", has_text="Ben").inner_text()
