"""What tests in Chromium do between an act and a look: wait for what is seen, never for a time.

An act that leads to another page is `follow` or `leads_on`: whatever is asked of a page while it
is being left may be answered by the old one, by the new one, or by neither. What a script changes
in place is waited for by `expect`, which looks again, or by `until`.
"""

import time
from collections.abc import Callable

from playwright.sync_api import Locator, Page

#: Scripts have run and pictures have come, and nothing fades or moves any more; what moves for ever
#: is not waited for.
_SETTLED = """async () => {
    await document.fonts.ready;
    const moving = () => document.getAnimations().filter(one =>
        one.playState === "running" && one.effect.getComputedTiming().endTime !== Infinity);
    for (let now = moving(); now.length; now = moving()) {
        await Promise.all(now.map(one => one.finished.catch(() => 0)));
    }
}"""


def leads_on(page: Page, act: Callable[[], object]) -> None:
    """Do *act* and wait for the page that it leads to, until that has all its parts and scripts."""
    with page.expect_navigation(wait_until="load"):
        act()


def follow(link: Locator) -> None:
    """Click on a link or a button that leads to another page, and wait for that."""
    leads_on(link.page, link.click)


def settled(page: Page) -> None:
    """Wait until the page is there as a whole and nothing of it moves."""
    page.wait_for_load_state("load")
    page.evaluate(_SETTLED)


def until(page: Page, condition: Callable[[], object], seconds: float = 60) -> None:
    """Wait until *condition* holds, and fail if it never does."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "It never came to be."
        page.wait_for_timeout(20)
