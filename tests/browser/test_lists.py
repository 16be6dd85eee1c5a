"""Lists in Chromium: filters in place, by key and by pointer, the timeline, the back button."""

import contextlib
from typing import Any

import pytest
from playwright.sync_api import Error, Page, Route, expect

from tests.browser.conftest import SiteBrowser
from tests.browser.waiting import follow, leads_on, until
from tests.factories import make_article, make_articles, make_author, make_series, make_tag

pytestmark = pytest.mark.browser


@pytest.fixture
def archive(live_server: object, transactional_db: None) -> None:
    """Sixty articles over twenty years, by more authors than a facet shows."""
    sea, law = make_tag("Sea"), make_tag("Law")
    column = make_series("Weekly", kind="column")
    people = [make_author(f"Person {number}") for number in range(20)]
    make_author("Ada Moss")
    make_articles(*(
        {
            "headline": f"Bell {number}" if number % 3 else f"Harbour {number}",
            "kicker": "Tides" if number % 4 else "", "standfirst": "It rang." if number % 2 else "",
            "body": "<p>A bell.</p>" if number % 5 else "",
            "language": "de" if number % 7 == 0 else "en",
            "published_on": f"{1900 + number % 20}-05-04", "tags": [sea] if number % 2 else [law],
            "authors": [people[number % 20]], "series": [column] if number % 6 == 0 else [],
        }
        for number in range(60)
    ))  # fmt: skip
    make_article("Ours", authors=["Ada Moss"], published_on="1911-01-01", tags=[sea, law])


def facet_link(page: Page, facet: str, value: str) -> Any:
    """Return the link of a value in the sidebar."""
    return page.locator(f'[data-facet="{facet}"] li', has_text=value).locator("a").first


def finding(page: Page) -> str:
    """Return the list and all around it, as it stands in the page, and what a search keeps."""
    return str(
        page.evaluate(
            """() => {
                const form = document.querySelector("form.search");
                const field = document.getElementById("q");
                return JSON.stringify([document.title, document.getElementById("found").innerHTML,
                    [...new FormData(form)], field.placeholder, field.labels[0].textContent]);
            }"""
        )
    ).replace(' open=\\"\\"', "")


def test_a_filter_changes_the_list_in_place(site_browser: SiteBrowser, archive: None) -> None:
    page, plain = site_browser(), site_browser()
    page.goto("/articles/")
    page.evaluate("window.kept = true")
    for facet, value in (("tags", "Sea"), ("decades", "1910s"), ("languages", "English")):
        facet_link(page, facet, value).click()
        expect(facet_link(page, facet, value)).to_have_attribute("aria-current", "true")
        # Where a keyboard was, it stays.
        expect(facet_link(page, facet, value)).to_be_focused()
        expect(page.locator("body > [role=status]")).to_have_text(
            page.locator(".total").inner_text()
        )
        plain.goto(page.url)
        assert finding(page) == finding(plain)
    assert page.url.endswith("/articles/?tag=sea&language=en&decade=1910")
    assert page.evaluate("window.kept") is True
    # Back and on again, each as it was.
    page.go_back()
    expect(page.locator(".chips li")).to_have_count(3)
    assert page.url.endswith("/articles/?tag=sea&decade=1910")
    page.go_back()
    page.go_back()
    expect(page.locator(".chips")).to_have_count(0)
    assert page.url.endswith("/articles/")
    page.go_forward()
    expect(page.locator(".chips li")).to_have_count(1)
    plain.goto(page.url)
    assert finding(page) == finding(plain)
    assert page.evaluate("window.kept") is True


def test_leaving_out_orders_views_pages_and_chips(site_browser: SiteBrowser, archive: None) -> None:
    page = site_browser()
    page.goto("/articles/")
    page.evaluate("window.kept = true")
    page.locator('[data-facet="tags"] .leave', has_text="Sea").click()
    page.wait_for_url("**/articles/?not_tag=sea")
    expect(facet_link(page, "tags", "Sea")).to_be_focused()
    expect(page.locator(".chips .out")).to_contain_text("Not tagged Sea")
    page.get_by_role("link", name="Remove Not tagged Sea").click()
    page.wait_for_url("**/articles/")
    expect(page.locator(".total")).to_be_focused()
    page.get_by_role("link", name="Headline").click()
    page.wait_for_url("**/articles/?sort=headline")
    expect(page.get_by_role("link", name="Headline")).to_be_focused()
    page.get_by_role("link", name="Dense").click()
    page.wait_for_url("**/articles/?sort=headline&view=dense")
    expect(page.locator(".dense .entry").first).to_contain_text("Bell 1")
    page.get_by_role("link", name="Next").click()
    page.wait_for_url("**page=2")
    expect(page.locator(".range")).to_have_text("51–61")
    assert page.evaluate("document.querySelector('.total').getBoundingClientRect().top >= 0")
    # A search from here keeps what is in force.
    page.locator("#q").fill("bell")
    leads_on(page, lambda: page.locator("#q").press("Enter"))
    assert page.url.endswith("/articles/?view=dense&q=bell")
    assert page.evaluate("window.kept") is None


def test_the_newest_answer_counts_and_a_failure_is_a_plain_click(
    site_browser: SiteBrowser, archive: None
) -> None:
    page = site_browser()
    page.goto("/articles/")
    page.evaluate("window.kept = true")
    held: list[Route] = []
    page.route("**/articles/?tag=law", lambda route: held.append(route))
    facet_link(page, "tags", "Law").click()
    until(page, lambda: held)
    facet_link(page, "tags", "Sea").click()
    page.wait_for_url("**/articles/?tag=sea")
    expect(page.locator(".chips li")).to_have_count(1)
    assert len(held) == 1
    # The older answer comes too late, and changes nothing.
    page.unroute("**/articles/?tag=law")
    late = page.request.get("/articles/?tag=law").text()
    with contextlib.suppress(Error):
        held[0].fulfill(body=late, content_type="text/html")
    page.wait_for_timeout(300)
    expect(page.locator(".chips")).to_contain_text("Sea")
    assert page.url.endswith("/articles/?tag=sea")
    assert page.evaluate("window.kept") is True
    # The server does not answer the script, but does answer a browser.
    page.route(
        "**/articles/?tag=sea&year=1905",
        lambda route: (
            route.abort() if route.request.resource_type == "fetch" else route.continue_()
        ),
    )
    facet_link(page, "years", "1919").wait_for()
    page.locator(".timeline a", has_text="1905").click()
    page.wait_for_url("**/articles/?tag=sea&year=1905")
    expect(page.locator(".chips li")).to_have_count(3)
    assert page.evaluate("window.kept") is None
    site_browser.complaints.clear()


def test_keys_that_open_elsewhere_are_left_to_the_browser(
    site_browser: SiteBrowser, archive: None
) -> None:
    page = site_browser()
    page.goto("/articles/")
    with page.context.expect_page() as opened:
        facet_link(page, "tags", "Sea").click(modifiers=["Control"])
    opened.value.wait_for_url("**/articles/?tag=sea")
    assert page.url.endswith("/articles/")


def test_facets_by_keyboard(site_browser: SiteBrowser, archive: None) -> None:
    page = site_browser(viewport={"width": 1280, "height": 900})
    page.goto("/articles/")
    page.locator("#since").focus()
    seen = []
    for _press in range(12):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate(
                "document.activeElement.innerText || document.activeElement.id"
                " || document.activeElement.name"
            )
        )
        box = page.evaluate("document.activeElement.getBoundingClientRect().toJSON()")
        # Large enough for a finger (WCAG 2.2, 2.5.8), and seen to have the focus.
        assert box["height"] >= 24, seen
        assert box["width"] >= 24, seen
        style = "getComputedStyle(document.activeElement).outlineStyle"
        assert page.evaluate(style) == "solid", seen
    assert seen[0] == "until"
    names = [" ".join(text.replace("−", "").split()) for text in seen]
    assert names[2] == "Years as a table"
    assert names[3] == "find-authors"
    assert names[5].endswith("– 4 articles") or "articles" in names[5]
    assert names[6].startswith("Leave out Person")
    page.keyboard.press("Shift+Tab")
    focused = page.evaluate("document.activeElement.querySelector('.value, bdi').textContent")
    page.keyboard.press("Enter")
    page.wait_for_url("**author=person-*")
    expect(page.locator(":focus .value, :focus bdi").first).to_have_text(focused)


def test_narrow_screens_keep_the_filters_open(site_browser: SiteBrowser, archive: None) -> None:
    page = site_browser(viewport={"width": 390, "height": 844})
    page.goto("/articles/")
    page.locator(".filters > summary").click()
    facet_link(page, "tags", "Law").click()
    page.wait_for_url("**/articles/?tag=law")
    expect(page.locator(".filters > summary")).to_have_text("Filters (1)")
    expect(facet_link(page, "tags", "Law")).to_be_focused()
    expect(facet_link(page, "tags", "Law")).to_be_visible()


def test_a_period_is_dragged_on_the_timeline(site_browser: SiteBrowser, archive: None) -> None:
    page = site_browser(viewport={"width": 1280, "height": 900})
    page.goto("/articles/?tag=sea")
    page.evaluate("window.kept = true")

    def bar(year: int) -> Any:
        found = page.locator(".timeline li", has_text=str(year)).bounding_box()
        assert found
        return found["x"] + found["width"] / 2, found["y"] + 20

    page.mouse.move(*bar(1911))
    page.mouse.down()
    page.mouse.move(*bar(1907))
    page.mouse.move(*bar(1905))
    expect(page.locator(".timeline .dragged-over")).to_have_count(7)
    page.mouse.up()
    page.wait_for_url("**/articles/?tag=sea&since=1905&until=1911")
    expect(page.locator(".timeline .within")).to_have_count(4)
    expect(page.locator("#since")).to_have_value("1905")
    assert page.evaluate("window.kept") is True
    # A click is still a click.
    page.mouse.click(*bar(1907))
    page.wait_for_url("**year=1907**")
    # The same by keys.
    page.goto("/articles/")
    page.locator("#since").fill("1905")
    page.locator("#until").fill("1911")
    page.locator("#until").press("Enter")
    page.wait_for_url("**/articles/?since=1905&until=1911")
    expect(page.locator(".chips li")).to_have_count(3)


def test_what_is_chosen_on_a_long_timeline_is_seen(
    site_browser: SiteBrowser, archive: None
) -> None:
    page = site_browser(viewport={"width": 390, "height": 844})
    page.goto("/articles/?year=1901")
    expect(page.locator(".timeline [aria-current]")).to_be_in_viewport()
    expect(page.locator(".timeline a", has_text="1919")).not_to_be_in_viewport()
    page.goto("/articles/")
    expect(page.locator(".timeline a", has_text="1919")).to_be_in_viewport()


def test_without_javascript_all_of_it_is_there(site_browser: SiteBrowser, archive: None) -> None:
    page = site_browser(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    page.goto("/articles/?tag=sea")
    page.locator("#since").fill("1905")
    follow(page.get_by_role("button", name="Show"))
    assert page.url.endswith("/articles/?tag=sea&since=1905&until=")
    expect(page.locator(".chips li")).to_have_count(3)
    page.goto("/articles/")
    page.locator("#find-authors").fill("person 7")
    follow(page.locator('[data-facet="authors"]').get_by_role("button", name="Find"))
    follow(page.get_by_role("link", name="Person 7 – 3 articles"))
    assert page.url.endswith("/articles/?author=person-7")
    page.goto("/articles/?tag=law")
    follow(page.get_by_role("link", name="Years as a table"))
    follow(page.get_by_role("link", name="1908"))
    assert page.url.endswith("/articles/?tag=law&year=1908")


def test_a_long_facet_answers_while_one_types(site_browser: SiteBrowser, archive: None) -> None:
    page = site_browser(viewport={"width": 1280, "height": 900})
    page.goto("/articles/")
    values = page.locator('[data-facet="authors"] .values li')
    first = values.first.inner_text()
    page.locator("#find-authors").press_sequentially("person 1")
    expect(values.first).to_contain_text("Person 1")
    expect(values).to_have_count(11)
    status = page.locator("[data-find] + [role=status]")
    expect(status).to_have_text("Found: 11")
    page.locator("#find-authors").press_sequentially("7")
    expect(values).to_have_count(1)
    expect(status).to_have_text("Found: 1")
    # Name and count in one, and the way to leave it out, as before the search.
    page.get_by_role("link", name="Person 17 – 3 articles", exact=True).wait_for()
    page.get_by_role("link", name="Leave out Person 17", exact=True).wait_for()
    facet_link(page, "authors", "Person 17").click()
    page.wait_for_url("**/articles/?author=person-17")
    expect(page.locator(".chips li")).to_have_count(1)
    page.goto("/articles/")
    page.locator("#find-authors").fill("zz")
    expect(values).to_have_count(0)
    # That there are none is seen, not only said.
    expect(status).to_have_text("Nothing here begins like that.")
    assert status.bounding_box()["width"] > 100  # type: ignore[index]
    page.locator("#find-authors").fill("")
    expect(values.first).to_have_text(first, use_inner_text=True)
    expect(status).to_have_text("Found: 12")
    assert status.bounding_box()["width"] <= 1  # type: ignore[index]
    page.goto("/articles/by/authors/")
    page.locator("#find-authors").fill("ada")
    expect(page.locator(".all-values .values li")).to_have_count(1)
    expect(status).to_have_text("Found: 1")


def test_what_was_meant_is_found_in_place(site_browser: SiteBrowser, archive: None) -> None:
    page = site_browser()
    page.goto("/articles/?q=harbuor")
    page.get_by_role("link", name="harbour").click()
    page.wait_for_url("**/articles/?q=harbour")
    expect(page.locator("#q")).to_have_value("harbour")
    expect(page.locator("mark").first).to_have_text("Harbour")


def test_a_long_filter_leaves_its_word_whole(site_browser: SiteBrowser, archive: None) -> None:
    tag = make_tag("History of the harbours and the former lighthouses of the northern coast")
    make_article("A bell", tags=[tag])
    page = site_browser(viewport={"width": 390, "height": 844})
    page.goto(f"/articles/?tag={tag.slug}")
    word = page.locator(".chips .dimension")
    expect(word).to_have_text("Tag")
    assert word.evaluate("element => element.getClientRects()[0].height < 30")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
