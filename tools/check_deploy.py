"""Run Django's deployment check on the production settings: one warning fails."""

import os
import secrets
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: What the caller's shell may set and a trial of the plain production settings must not see.
KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV")


def production(folder: str) -> dict[str, str]:
    """Return the smallest environment that the archive runs under in production."""
    return {
        **{name: os.environ[name] for name in KEPT if name in os.environ},
        "ARCHIVE_ENV": "production",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "ALLOWED_HOSTS": "archive.example",
        "VAR_DIR": folder,
    }


def main() -> None:
    """Check with a throw-away key and folder."""
    command = [sys.executable, str(ROOT / "manage.py"), "check", "--deploy"]
    command += ["--fail-level", "WARNING"]
    with tempfile.TemporaryDirectory(prefix="backfile-deploy-") as folder:
        result = subprocess.run(command, env=production(folder), cwd=ROOT, check=False)
    sys.exit(result.returncode)


if __name__ == "__main__":
    main()
