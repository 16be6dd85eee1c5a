"""Make the pictures of docs/editing.md from the running admin: `make pictures`, or this alone.

Starts the sample in a throw-away database and works in it as an editor does, a step before each
picture, so that a picture cannot show what the admin does not do. What a step does not find fails
the program.
"""

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from playwright.sync_api import Browser, Page, sync_playwright

from tools.pictures import CHROMIUM_OPTIONS, FOLDER, PASSWORD, site, take

LIST = "/admin/articles/article/"
Step = Callable[[Browser, str, Page], None]


def sign_in(browser: Browser, address: str, *, width: int = 1280, height: int = 820) -> Page:
    """Return a page of the editor, who is signed in."""
    context = browser.new_context(
        base_url=address,
        viewport={"width": width, "height": height},
        color_scheme="light",
        locale="en-GB",
    )
    page = context.new_page()
    page.goto("/admin/login/?next=/admin/")
    page.fill("#id_username", "editor")
    page.fill("#id_password", PASSWORD)
    page.click("input[type=submit]")
    return page


def _start(browser: Browser, address: str, page: Page) -> None:
    page.goto(f"{LIST}?byline=0")
    page.get_by_text("Keep this filter …").click()
    page.get_by_label("Name", exact=True).fill("Nobody named yet")
    page.get_by_role("button", name="Keep", exact=True).click()
    page.goto("/admin/")


def _list(browser: Browser, address: str, page: Page) -> None:
    page.goto(f"{LIST}?q=revolution")


def _form(browser: Browser, address: str, page: Page) -> None:
    page.goto(LIST)
    page.locator("#result_list .field-headline_shown a").first.click()
    page.locator("#id_headline").wait_for()


def _three_columns(browser: Browser, address: str, page: Page) -> None:
    _form(browser, address, page)
    other = sign_in(browser, address)
    other.goto(page.url)
    page.locator("#id_kicker").fill("From the archive")
    for one, text in ((other, "As they would have it"), (page, "As you would have it")):
        one.locator("#id_subtitle").fill(text)
        one.get_by_role("button", name="Save", exact=True).click()
    page.locator("#merge-heading").wait_for()
    other.context.close()


def _history(browser: Browser, address: str, page: Page) -> None:
    page.get_by_role("button", name="Take yours").first.click()
    page.get_by_role("button", name="Save and continue editing").click()
    page.get_by_text("You may edit it again below").wait_for()
    page.get_by_role("link", name="History").click()
    page.wait_for_url("**/history/")


def _bulk(browser: Browser, address: str, page: Page) -> None:
    page.goto(f"{LIST}bulk/?of=q%3Drevolution")
    page.locator("#id_do").select_option("find")
    page.get_by_label("headline").check()
    page.locator("#id_text").fill("Revolution")
    page.locator("#id_replacement").fill("Revolutions")
    page.get_by_label("Whole words only").check()
    page.get_by_role("button", name="Look at it").click()
    page.locator("#preview-heading").wait_for()
    page.locator("#preview-heading").scroll_into_view_if_needed()


def _names(browser: Browser, address: str, page: Page) -> None:
    for name in ("Ines Ort", "Ines Orth"):
        page.goto("/admin/authors/author/add/")
        page.locator("#id_name").fill(name)
        page.get_by_role("button", name="Save", exact=True).click()
        page.locator(".messagelist").wait_for()
    page.goto("/admin/authors/author/?q=ines+ort")
    for box in page.locator("input.action-select").all():
        box.check()
    page.locator("select[name=action]").select_option("merge")
    page.locator("button[name=index]").click()
    page.locator("#content h1", has_text="Merge").wait_for()


def _queue(browser: Browser, address: str, page: Page) -> None:
    page.goto("/admin/articles/finding/")


def _figures(browser: Browser, address: str, page: Page) -> None:
    page.goto("/admin/figures/")


#: Each picture, in the order in which they are taken, with what is done before.
STEPS: dict[str, Step] = {
    "guide-list": _list,
    "guide-form": _form,
    "guide-three-columns": _three_columns,
    "guide-history": _history,
    "guide-bulk": _bulk,
    "guide-names": _names,
    "guide-queue": _queue,
    "guide-figures": _figures,
    "guide-start": _start,
}


def main() -> None:
    """Make all pictures of the guide."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not chromium:
        sys.exit("Chromium is missing: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_OPTIONS)
        with site("import_sample", name="Backfile") as address:
            page = sign_in(browser, address)
            for name, step in STEPS.items():
                step(browser, address, page)
                take(page, FOLDER / f"{name}.png")
                print(f"docs/pictures/{name}.png")
        browser.close()


if __name__ == "__main__":
    main()
