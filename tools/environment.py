"""Make the virtual environment from the hashed requirements, and make it anew when they change.

Runs before anything is installed, under whatever Python the machine has: standard library only.
"""

import hashlib
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036 (this line is what tells the user)
    sys.exit(
        f"Backfile needs Python 3.11 or later; {sys.executable} is {platform.python_version()}.\n"
        "Install a later one and name it: make serve PY=python3.13"
    )

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
#: What each stage installs, in order; the second needs the first.
STAGES = {
    "run": [ROOT / "requirements" / "run.txt"],
    "test": [ROOT / "requirements" / "run.txt", ROOT / "requirements" / "test.txt"],
}


def fingerprint(requirements: Path) -> str:
    """Name the interpreter, the place and the file that an installation was made from."""
    digest = hashlib.sha256()
    for part in (sys.version, sys.base_prefix, platform.machine(), str(VENV)):
        digest.update(part.encode() + b"\0")
    digest.update(requirements.read_bytes())
    return digest.hexdigest()


def stamp(requirements: Path) -> Path:
    """Return where the fingerprint of a finished installation is kept."""
    return VENV / f".installed-{requirements.stem}"


def is_current(requirements: Path) -> bool:
    """Tell whether *requirements* is installed, as it stands and by this interpreter."""
    path = stamp(requirements)
    return path.is_file() and path.read_text(encoding="ascii") == fingerprint(requirements)


def require_venv() -> None:
    """Stop with the remedy where Python comes without venv or ensurepip, as Debian's does."""
    missing = [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]
    if missing:
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        sys.exit(
            f"This Python ({sys.executable}) lacks {' and '.join(missing)}, so it cannot make a"
            " virtual environment.\n"
            f"On Debian or Ubuntu: apt-get install python{version}-venv (or python3-venv);"
            " then run make again."
        )


def make() -> None:
    """Make an empty environment, removing the one that is there."""
    require_venv()
    if VENV.is_symlink() or VENV.is_file():
        VENV.unlink()
    elif VENV.exists():
        shutil.rmtree(VENV)
    print(f"Making .venv with Python {platform.python_version()} …", flush=True)
    result = subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=False)
    if result.returncode:
        sys.exit("The virtual environment could not be made; the lines above say why.")


def install(requirements: Path) -> None:
    """Install *requirements*, each package held to its hash."""
    name = requirements.relative_to(ROOT)
    print(f"Installing {name} …", flush=True)
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--require-hashes", "--requirement", str(requirements)]
    environment = {**os.environ, "PIP_REQUIRE_VIRTUALENV": "0", "PIP_NO_INPUT": "1"}
    result = subprocess.run(command, check=False, env=environment)
    if result.returncode:
        sys.exit(
            f"pip could not install {name}; its last lines are above.\n"
            "Most often there is no network, or a proxy is in the way: see that pip reaches your"
            " package index (pip config list, HTTPS_PROXY), then run make again."
        )
    stamp(requirements).write_text(fingerprint(requirements), encoding="ascii")


def main() -> None:
    """Bring the environment to the stage named on the command line."""
    if len(sys.argv) != 2 or sys.argv[1] not in STAGES:
        sys.exit("usage: environment.py run|test")
    wanted = STAGES[sys.argv[1]]
    if all(is_current(requirements) for requirements in wanted):
        return
    # An addition goes on top; after a change what was there before has to go.
    changed = [path for path in wanted if stamp(path).exists() and not is_current(path)]
    if changed or not stamp(wanted[0]).exists():
        make()
    for requirements in wanted:
        if not is_current(requirements):
            install(requirements)


if __name__ == "__main__":
    main()
