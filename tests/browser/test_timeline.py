"""Timelines in Chromium: a period is dragged, typed and read on every page that has one."""

import re
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SiteBrowser
from tests.browser.waiting import follow, leads_on, settled
from tests.factories import make_articles, make_author, make_series, make_tag

pytestmark = pytest.mark.browser

#: Pages where no list changes in place, and where a period dragged there leads.
PAGES = {
    "/": "/articles/?since=1903&until=1906",
    "/articles/1905/": "/articles/?since=1903&until=1906",
    "/articles/1905/05/": "/articles/?since=1903&until=1906",
    "/authors/ada-moss/": "/articles/?author=ada-moss&since=1903&until=1906",
    "/tags/sea/": "/articles/?tag=sea&since=1903&until=1906",
    "/series/weekly/": "/articles/?series=weekly&since=1903&until=1906",
}


@pytest.fixture
def archive(live_server: object, transactional_db: None) -> None:
    """An article a year, from 1901 to 1908."""
    ada, sea = make_author("Ada Moss"), make_tag("Sea")
    weekly = make_series("Weekly", kind="column")
    make_articles(
        *(
            {
                "headline": f"Bell {year}",
                "published_on": f"{year}-05-04",
                "authors": [ada],
                "tags": [sea],
                "series": [weekly],
            }
            for year in range(1901, 1909)
        )
    )


def bar(page: Page, year: int) -> tuple[float, float]:
    """Return the middle of the bar of *year*."""
    box = page.locator(".timeline li", has_text=str(year)).bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + 20


def drag(page: Page, *years: int) -> None:
    """Drag a pointer from the first of *years* by way of the others to the last."""
    page.mouse.move(*bar(page, years[0]))
    page.mouse.down()
    for year in years[1:]:
        page.mouse.move(*bar(page, year), steps=3)
    page.mouse.up()


@pytest.mark.parametrize("address", PAGES)
def test_a_period_is_dragged_everywhere(
    site_browser: SiteBrowser, archive: None, address: str
) -> None:
    page = site_browser(viewport={"width": 1280, "height": 900})
    page.goto(address)
    leads_on(page, lambda: drag(page, 1903, 1907, 1906))
    assert page.url.endswith(PAGES[address])
    expect(page.locator(".total")).to_have_text("4 articles")
    # Whoever comes back finds the page as it was, and a click is a click again.
    leads_on(page, page.go_back)
    expect(page.locator("#since")).to_have_value("")
    expect(page.locator(".dragged-over")).to_have_count(0)
    leads_on(page, lambda: page.mouse.click(*bar(page, 1904)))
    assert "1904" in page.url


def test_a_drag_that_comes_back_chooses_nothing(site_browser: SiteBrowser, archive: None) -> None:
    page = site_browser(viewport={"width": 1280, "height": 900})
    page.goto("/tags/sea/")
    drag(page, 1903, 1905, 1903)
    expect(page.locator(".dragged, .dragged-over")).to_have_count(0)
    leads_on(page, lambda: page.mouse.click(*bar(page, 1903)))
    assert page.url.endswith("/articles/?tag=sea&year=1903")


def touch(page: Page, *years: int) -> None:
    """Draw a finger from one bar over others to the last."""
    session = page.context.new_cdp_session(page)

    def send(kind: str, *points: tuple[float, float]) -> None:
        session.send(
            "Input.dispatchTouchEvent",
            {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]},
        )

    places = [bar(page, year) for year in years]
    send("touchStart", places[0])
    for (x, y), (to_x, to_y) in pairwise(places):
        for step in range(1, 9):
            send("touchMove", (x + (to_x - x) * step / 8, y + (to_y - y) * step / 8))
    send("touchEnd")


def test_a_finger_drags_over_what_it_need_not_scroll(
    site_browser: SiteBrowser, archive: None
) -> None:
    page = site_browser(viewport={"width": 390, "height": 844}, has_touch=True)
    page.goto("/authors/ada-moss/")
    settled(page)
    expect(page.locator(".timeline")).to_have_class(re.compile("whole"))
    leads_on(page, lambda: touch(page, 1906, 1903))
    assert page.url.endswith(PAGES["/authors/ada-moss/"])


def test_a_finger_scrolls_a_long_timeline(site_browser: SiteBrowser, archive: None) -> None:
    make_articles(
        *(
            {
                "headline": f"Bell {year}",
                "published_on": f"{year}-05-04",
                "authors": ["Ada Moss"],
            }
            for year in range(1909, 1930)
        )
    )
    page = site_browser(viewport={"width": 390, "height": 844}, has_touch=True)
    page.goto("/")
    settled(page)
    line = page.locator(".timeline")
    expect(line).not_to_have_class(re.compile("whole"))
    before = line.evaluate("line => line.scrollLeft")
    touch(page, 1922, 1927)
    page.wait_for_function(
        "before => document.querySelector('.timeline').scrollLeft < before", arg=before
    )
    expect(page.locator(".dragged-over")).to_have_count(0)
    assert page.url.endswith("/")


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("address", PAGES)
def test_a_period_is_typed_and_the_years_are_a_table(
    site_browser: SiteBrowser, archive: None, address: str, scripts: bool
) -> None:
    page = site_browser(viewport={"width": 390, "height": 844}, java_script_enabled=scripts)
    page.goto(address)
    page.locator("#since").focus()
    page.keyboard.type("1903")
    page.keyboard.press("Tab")
    page.keyboard.type("1906")
    leads_on(page, lambda: page.keyboard.press("Enter"))
    assert page.url.endswith(PAGES[address])
    page.goto(address)
    follow(page.get_by_role("link", name="Years as a table"))
    rows: list[Any] = page.get_by_role("row").all_inner_texts()
    assert [row.split() for row in rows] == [
        ["Year", "Articles"],
        *([str(year), "1"] for year in range(1908, 1900, -1)),
    ]
