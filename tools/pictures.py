"""Make the pictures of the README from the running archive: `make pictures`.

Starts the sample and the demo in throw-away databases, on free loopback ports, and photographs
them with Chromium into docs/pictures/. Tests in Chromium take theirs by the same code: see `leave`.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "pictures"
#: The folder for pictures of what tests see; they take none where it is not named.
WANTED = os.environ.get("ARCHIVE_PICTURES", "")
CHROMIUM_OPTIONS = [
    "--no-sandbox", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run", "--disable-quic", "--disable-gpu",
    "--disable-dev-shm-usage",
]  # fmt: skip
PASSWORD = "only for these pictures"  # noqa: S105  of a database that is gone a minute later
MAKE_EDITOR = f"""
from django.contrib.auth import get_user_model
get_user_model().objects.create_superuser("editor", password={PASSWORD!r})
"""


def take(page: Page, path: Path) -> None:
    """Write what *page* shows in its window, as PNG, into *path*."""
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path, animations="disabled")


def leave(page: Page, name: str) -> None:
    """Keep a picture of *page* for whoever looks at what a test saw, if they are `WANTED`."""
    if WANTED:
        take(page, Path(WANTED) / f"{name}.png")


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def manage(environment: dict[str, str], *arguments: str) -> None:
    """Run manage.py; fail if it fails."""
    subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        check=True,
    )


@contextmanager
def site(*import_command: str, name: str) -> Iterator[str]:
    """Serve an archive filled by *import_command*; yield its address."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "ARCHIVE_ENV": "local", "VAR_DIR": folder, "SITE_NAME": name}
        environment.pop("DATABASE_URL", None)
        manage(environment, "migrate", "--verbosity", "0")
        manage(environment, *import_command)
        manage(environment, "shell", "--no-imports", "-c", MAKE_EDITOR)
        manage(environment, "collectstatic", "--noinput", "--verbosity", "0")
        server = subprocess.Popen(
            [
                Path(sys.executable).with_name("gunicorn"),
                "--config",
                "archive_site/gunicorn.py",
                "--bind",
                f"127.0.0.1:{port}",
            ],
            cwd=ROOT,
            env=environment,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_for(address)
            yield address
        finally:
            server.terminate()
            server.wait()


def wait_for(address: str) -> None:
    """Wait until *address* answers, at most half a minute."""
    for _ in range(150):
        try:
            with urllib.request.urlopen(address):  # noqa: S310  an http address made above
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
    sys.exit(f"{address} does not answer.")


def photograph(
    browser: Browser,
    address: str,
    shots: dict[str, tuple[str, int, str]],
    *,
    signed_in: bool = False,
) -> None:
    """Take each of *shots*: file name to (path, width, light or dark)."""
    for file_name, (path, width, scheme) in shots.items():
        context = browser.new_context(
            viewport={"width": width, "height": 820},
            color_scheme=scheme,  # type: ignore[arg-type]
            locale="en-GB",
            device_scale_factor=1,
        )
        page = context.new_page()
        if signed_in:
            page.goto(f"{address}/admin/login/?next=/admin/")
            page.fill("#id_username", "editor")
            page.fill("#id_password", PASSWORD)
            page.click("input[type=submit]")
        page.goto(address + path)
        take(page, FOLDER / f"{file_name}.png")
        context.close()
        print(f"docs/pictures/{file_name}.png")


def main() -> None:
    """Make all pictures."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not chromium:
        sys.exit("Chromium is missing: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_OPTIONS)
        with site("import_sample", name="Backfile") as address:
            photograph(
                browser,
                address,
                {
                    "list": ("/articles/?author=clara-weiss&year=2018", 1280, "light"),
                    "search": ("/articles/?q=revolution", 390, "light"),
                    "serial": (
                        "/series/capitalist-restoration-in-russia-a-balance-sheet/",
                        1280,
                        "light",
                    ),
                },
            )
            photograph(
                browser,
                address,
                {
                    "admin-list": ("/admin/articles/article/", 1280, "light"),
                    "admin-article": ("/admin/articles/article/2/change/", 1280, "light"),
                    "admin-findings": ("/admin/articles/finding/", 1280, "light"),
                    "admin-run": ("/admin/articles/importrun/1/change/", 1280, "light"),
                },
                signed_in=True,
            )
        with site(
            "import_fixture", "fixtures/demo.json", "--yes", name="The Tidewaiter"
        ) as address:
            photograph(
                browser,
                address,
                {
                    "home": ("/", 1280, "light"),
                    "article": ("/articles/1998/09/21/the-keepers-of-gannet-stair/", 1280, "light"),
                    "article-dark": ("/articles/?q=tide", 390, "dark"),
                },
            )
        browser.close()


if __name__ == "__main__":
    main()
