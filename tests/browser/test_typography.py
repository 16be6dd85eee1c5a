"""How an article is set, as Chromium reckons it: measure, figures, the order of its heads, rest."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SiteBrowser
from tests.browser.test_reading import ARTICLE, reading
from tests.browser.test_site import archive
from tests.factories import make_article

pytestmark = pytest.mark.browser

__all__ = ["archive", "reading"]

#: How many characters stand in each line of the paragraphs, their last lines left out.
LINES = """() => [...document.querySelectorAll(".body > p")].flatMap(paragraph => {
    const lines = [];
    const texts = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        if (texts.currentNode.parentElement.closest(".anchor")) continue;
        const range = document.createRange();
        for (let place = 0; place < texts.currentNode.length; place++) {
            range.setStart(texts.currentNode, place);
            range.setEnd(texts.currentNode, place + 1);
            const top = Math.round(range.getBoundingClientRect().top);
            if (lines.at(-1)?.top === top) lines.at(-1).count += 1;
            else lines.push({ top, count: 1 });
        }
    }
    return lines.slice(0, -1).map(line => line.count);
})"""
#: What moves, fades or scrolls by itself, with each part and what stands before and after it.
MOTION = """() => [...document.querySelectorAll("*")].flatMap(element =>
    ["", "::before", "::after"].flatMap(part => {
        const style = getComputedStyle(element, part || null);
        const { transitionProperty, transitionDuration, animationName, scrollBehavior } = style;
        const fades = transitionProperty !== "none" && /[1-9]/.test(transitionDuration);
        const wrong = fades || animationName !== "none" || scrollBehavior !== "auto";
        return wrong ? [`${element.className || element.tagName}${part}`] : [];
    }))"""


def style(page: Page, selector: str, name: str) -> Any:
    """Return a property of the first of what *selector* names, as it is in force."""
    return page.locator(selector).first.evaluate(
        "(element, name) => getComputedStyle(element)[name]", name
    )


def size(page: Page, selector: str) -> float:
    return float(style(page, selector, "fontSize").removesuffix("px"))


@pytest.mark.parametrize("width", [1280, 1920])
def test_a_line_has_45_to_80_characters(
    site_browser: SiteBrowser, reading: None, width: int
) -> None:
    page = site_browser(viewport={"width": width, "height": 900})
    page.goto(ARTICLE)
    lines = page.evaluate(LINES)
    assert len(lines) > 40
    assert min(lines) >= 45
    assert max(lines) <= 80


def test_a_phone_has_room_for_30_characters(site_browser: SiteBrowser, reading: None) -> None:
    page = site_browser(viewport={"width": 390, "height": 844})
    page.goto(ARTICLE)
    lines = page.evaluate(LINES)
    assert min(lines) >= 30
    assert max(lines) <= 60


def test_figures_are_old_style_in_texts_and_lining_in_heads_and_tables(
    site_browser: SiteBrowser, reading: None
) -> None:
    page = site_browser()
    page.goto(ARTICLE)
    for text in (".body p", ".standfirst"):
        assert style(page, text, "fontVariantNumeric") == "oldstyle-nums", text
    for head in (".article h1", ".article .kicker", ".date time"):
        assert "lining-nums" in style(page, head, "fontVariantNumeric"), head
    page.goto("/articles/")
    for column in (".timeline .year", ".facet .count", ".entry-date time"):
        assert style(page, column, "fontVariantNumeric") == "lining-nums tabular-nums", column


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_each_head_weighs_what_it_is(site_browser: SiteBrowser, archive: None, width: int) -> None:
    make_article(
        "The tide", kicker="Harbour", subtitle="In which it turns", standfirst="It turned at noon.",
        published_on="2021-05-04", body="<p>At noon.</p><h2>Then</h2><p>It turned.</p>",
    )  # fmt: skip
    page = site_browser(viewport={"width": width, "height": 900})
    page.goto("/articles/2021/05/04/the-tide/")
    heads = ["h1", ".subtitle", ".standfirst", ".body p", ".kicker"]
    sizes = [size(page, f".article {head}") for head in heads]
    assert sizes == sorted(sizes, reverse=True)
    assert len(set(sizes)) == len(sizes)
    # The headline is half as large again as what follows it, and the only one that is bold.
    assert sizes[0] >= 1.5 * sizes[1]
    assert [style(page, f".article {head}", "fontWeight") for head in heads[:4]] == [
        "600", "400", "400", "400",
    ]  # fmt: skip
    assert style(page, ".article .subtitle", "fontStyle") == "italic"
    assert style(page, ".article .standfirst", "fontStyle") == "normal"
    assert size(page, ".subtitle") > size(page, ".body h2")


def test_nothing_moves_for_whoever_asks_for_rest(site_browser: SiteBrowser, reading: None) -> None:
    page = site_browser(reduced_motion="reduce")
    for address in ("/", "/articles/", ARTICLE, "/articles/2021/"):
        page.goto(address)
        assert page.evaluate(MOTION) == [], address
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    assert page.evaluate("document.getAnimations().length") == 0
    # For all others it does.
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate(MOTION) == ["skip"]
