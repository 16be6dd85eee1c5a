"""Chromium before the site as it is deployed: hashed static files, served by WhiteNoise."""

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect
from pytest_django.live_server_helper import LiveServer

from tests.conftest import PACKED

FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]
#: How many times slower than it is the browser works: for whoever looks for races.
SLOWER = float(os.environ.get("ARCHIVE_BROWSER_SLOWER", "1"))
#: Milliseconds: no act may take longer. Generous: the machine of the tests may have much to do.
PATIENCE = 90_000
expect.set_options(timeout=PATIENCE / 2)


class SiteBrowser:
    """Opens pages of the site and notes what the browser complains of."""

    def __init__(self, browser: Browser, base_url: str) -> None:
        self.browser = browser
        self.base_url = base_url
        self.contexts: list[BrowserContext] = []
        self.complaints: list[str] = []

    def __call__(self, **options: Any) -> Page:
        """Open a page in a context of its own with Playwright's *options*."""
        context = self.browser.new_context(base_url=self.base_url, **options)
        context.set_default_timeout(PATIENCE)
        self.contexts.append(context)
        page = context.new_page()
        if SLOWER > 1:
            slow_down(page)
        page.on("console", self.on_console)
        page.on("requestfailed", self.on_failure)
        page.on("pageerror", lambda error: self.complaints.append(f"exception: {error}"))
        return page

    def on_console(self, message: ConsoleMessage) -> None:
        """Note errors and warnings, but not that a page which is meant to be a 4xx is one."""
        if message.type in {"error", "warning"} and "status of 4" not in message.text:
            self.complaints.append(f"{message.type}: {message.text}")

    def on_failure(self, request: Request) -> None:
        """Note requests that failed, but not those of a page that was left meanwhile."""
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"failed: {request.url} ({request.failure})")


def slow_down(page: Page) -> None:
    """Let scripts and styles of *page* take longer, and every answer come later."""
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    late = {"offline": False, "latency": 100 * SLOWER}
    session.send(
        "Network.emulateNetworkConditions",
        {**late, "downloadThroughput": -1, "uploadThroughput": -1},
    )


class Answering:
    """The application, and how many requests it is at work on."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self.application = application
        self.lock = threading.Lock()
        self.at_work = 0

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer a request."""
        self.count(1)
        try:
            return Answer(self.application(environ, start_response), lambda: self.count(-1))
        except BaseException:
            self.count(-1)
            raise

    def count(self, more: int) -> None:
        """Note that a request has begun, or has ended."""
        with self.lock:
            self.at_work += more

    def rest(self) -> None:
        """Wait until no request is being answered."""
        end = time.monotonic() + PATIENCE / 1000
        while self.at_work:
            assert time.monotonic() < end, f"{self.at_work} requests have no end."
            time.sleep(0.01)


class Answer:
    """The parts of an answer; tells when they have been sent or given up."""

    def __init__(self, parts: Iterable[bytes], at_end: Callable[[], None]) -> None:
        self.parts = parts
        self.at_end = at_end

    def __iter__(self) -> Iterator[bytes]:
        """Give the parts."""
        return iter(self.parts)

    def close(self) -> None:
        """End it, as the server does with every answer."""
        try:
            getattr(self.parts, "close", lambda: None)()
        finally:
            self.at_end()


@pytest.fixture(scope="session", autouse=True)
def orm_beside_playwright() -> Iterator[None]:
    """Let tests use the ORM although Playwright runs an event loop in their thread."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the machine's own Chromium; Playwright's is never downloaded."""
    names = [os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome"]
    found = next(filter(None, (shutil.which(name) for name in names if name)), None)
    assert found, "no Chromium: apt-get install chromium, or set CHROMIUM to one"
    return {**browser_type_launch_args, "executable_path": found, "args": FLAGS}


@pytest.fixture(scope="session")
def collected_static(packed_static: Path) -> Iterator[Path]:
    """Have the static files as a deployment has them, with their manifest."""
    with override_settings(STATIC_ROOT=packed_static, STORAGES=PACKED):
        yield packed_static


@pytest.fixture(scope="session")
def live_server(collected_static: Path) -> Iterator[LiveServer]:
    """Serve the site in a thread; static files by WhiteNoise, not by Django's test handler."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.contrib.staticfiles.handlers.StaticFilesHandler", Answering)
        server = LiveServer("127.0.0.1")
    yield server
    server.stop()


@pytest.fixture
def site_browser(browser: Browser, live_server: LiveServer) -> Iterator[SiteBrowser]:
    """Give pages of the site: `page = site_browser(color_scheme="dark"); page.goto("/articles/")`.

    Whatever the browser complains of while the test runs (an exception, a refused or failed
    request, a violation of the content policy) fails the test, unless it clears `complaints`.
    """
    opener = SiteBrowser(browser, live_server.url)
    yield opener
    for context in opener.contexts:
        context.close()
    # Else it would be answered from tables that are just being emptied.
    live_server.thread.httpd.get_app().rest()
    assert opener.complaints == []
