"""Find Chromium for the browser tests; as root on Debian or Ubuntu, install it if it is missing."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE = ["-o", "Acquire::Retries=3", "-o", "Acquire::http::Timeout=60"]
REMEDY = (
    "The browser tests need Chromium. Install it:\n"
    "  sudo apt-get update && sudo apt-get install chromium\n"
    "or name one that is there: CHROMIUM=/path/to/chromium make test\n"
    "or leave these tests out on purpose: make test ARCHIVE_SKIP=browser"
)


def find() -> str | None:
    """Return Chromium's path: the variable CHROMIUM, or the first that is on the PATH."""
    named = os.environ.get("CHROMIUM", "").strip()
    if named:
        return shutil.which(named)
    return next(filter(None, map(shutil.which, NAMES)), None)


def install() -> None:
    """Install Debian's package, if that is ours to do."""
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0 or os.environ.get("CHROMIUM", "").strip():
        return
    print("Chromium is missing; installing it with apt-get …", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        [apt, *PATIENCE, "-qq", "update"],
        [apt, *PATIENCE, "-qq", "-y", "--no-install-recommends", "install", "chromium"],
    ):
        result = subprocess.run(command, env=environment, check=False, stdout=subprocess.DEVNULL)
        if result.returncode:
            print(f"{' '.join(command)} failed.", file=sys.stderr)
            return


def main() -> None:
    """Make sure that there is a Chromium, or fail with the one command that helps."""
    if find() is None:
        install()
    if find() is None:
        sys.exit(REMEDY)


if __name__ == "__main__":
    main()
