"""Find the programs that tests run; as root on Debian or Ubuntu, install those that are missing.

``python tools/programs.py browser servers`` looks for Chromium, and for the servers that an archive
may stand behind or beside: nginx, Redis, memcached and pgbouncer.
"""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
#: Debian's packages, with the names under which their programs may be found.
PACKAGES: dict[str, dict[str, tuple[str, ...]]] = {
    "browser": {"chromium": CHROMIUM},
    "servers": {
        "nginx-light": ("nginx",),
        "redis-server": ("redis-server",),
        "memcached": ("memcached",),
        "pgbouncer": ("pgbouncer",),
    },
}
PATIENCE = ["-o", "Acquire::Retries=3", "-o", "Acquire::http::Timeout=60"]
#: Debian keeps servers where only root looks for programs.
PATH = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin"))
REMEDY = (
    "The {group} tests need {packages}. Install it:\n"
    "  sudo apt-get update && sudo apt-get install {packages}\n"
    "{named}or leave these tests out on purpose: make test ARCHIVE_SKIP={group}"
)
NAMED = "or name one that is there: CHROMIUM=/path/to/chromium make test\n"


def find(names: tuple[str, ...]) -> str | None:
    """Return the path of the first of *names* that is a program here. The variable CHROMIUM names
    Chromium."""
    named = os.environ.get("CHROMIUM", "").strip()
    if names == CHROMIUM and named:
        return shutil.which(named)
    return next((path for name in names if (path := shutil.which(name, path=PATH))), None)


def missing(group: str) -> list[str]:
    """Return the packages of *group* whose program is not here."""
    return [package for package, names in PACKAGES[group].items() if find(names) is None]


@contextlib.contextmanager
def no_service_started(policy: Path = Path("/usr/sbin/policy-rc.d")) -> Iterator[None]:
    """Let packages be installed without their servers being started: tests start their own.

    https://people.debian.org/~hmh/invokerc.d-policyrc.d-specification.txt
    """
    if policy.exists():
        yield
        return
    policy.write_text("#!/bin/sh\nexit 101\n", encoding="ascii")
    policy.chmod(0o755)
    try:
        yield
    finally:
        policy.unlink(missing_ok=True)


def install(packages: list[str]) -> None:
    """Install Debian's *packages*, if that is ours to do."""
    apt = shutil.which("apt-get")
    named = os.environ.get("CHROMIUM", "").strip()
    if not packages or apt is None or os.geteuid() != 0 or (named and packages == ["chromium"]):
        return
    print(f"Missing; installing with apt-get: {', '.join(packages)} …", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with no_service_started():
        for command in (
            [apt, *PATIENCE, "-qq", "update"],
            [apt, *PATIENCE, "-qq", "-y", "--no-install-recommends", "install", *packages],
        ):
            result = subprocess.run(
                command, env=environment, check=False, stdout=subprocess.DEVNULL
            )
            if result.returncode:
                print(f"{' '.join(command)} failed.", file=sys.stderr)
                return


def main(groups: list[str]) -> None:
    """Make sure that the programs of *groups* are here, or fail with the command that helps."""
    install([package for group in groups for package in missing(group)])
    for group in groups:
        if packages := missing(group):
            named = NAMED if group == "browser" else ""
            sys.exit(REMEDY.format(group=group, packages=" ".join(packages), named=named))


if __name__ == "__main__":
    main(sys.argv[1:])
