"""The project's files, as the tests of its shape read them."""

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = ("archive_site", "articles", "authors")
#: Not ours to judge: what tools and people leave in a working copy, as .gitignore has it.
LEFT_OUT = {".git", ".venv", "var", "__pycache__"}


@functools.cache
def files() -> tuple[Path, ...]:
    """Return every file of the project."""
    return tuple(sorted(_walk(ROOT)))


def _walk(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        name = path.name
        ours = name not in LEFT_OUT and not name.startswith(".venv") and not name.endswith("_cache")
        if not ours or name in {".hypothesis", "uv.lock"} or path.is_symlink():
            continue
        if path.is_dir():
            yield from _walk(path)
        else:
            yield path


@functools.cache
def modules(*, tests: bool = False) -> tuple[Path, ...]:
    """Return the Python files, without migrations; the tests' too if asked for."""
    return tuple(
        path
        for path in files()
        if path.suffix == ".py"
        and "migrations" not in path.parts
        and (tests or path.relative_to(ROOT).parts[0] != "tests")
    )


@functools.cache
def tree(path: Path) -> ast.Module:
    """Return the parsed module."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def places(path: Path, nodes: list[ast.AST]) -> list[str]:
    """Name where *nodes* stand."""
    return [f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}" for node in nodes]


def called(node: ast.AST) -> str:
    """Return the last name of what *node* calls: `filter` of `a.b.filter(…)`."""
    if not isinstance(node, ast.Call):
        return ""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""
