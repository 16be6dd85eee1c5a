"""Rules of the house that a machine can hold: see CONTRIBUTING.md."""

import ast
from pathlib import Path

import pytest

from tests.architecture.sources import APPS, ROOT, called, files, modules, places, tree

LONGEST = 400
#: Raw SQL is for search engines, the lock of an import, how long a reader's page may wait for a
#: lock or a statement may take, the one row that every request reads, copies into another
#: database, and what a check reads.
RAW = (
    "articles/search/", "articles/importing/lock.py", "articles/writing/waiting.py",
    "articles/content_version.py", "articles/prepared.py", "archive_site/limits.py",
    "articles/writing/copying.py", "articles/redacting/purging.py",
    "articles/migrations/", "articles/bulk.py", "tools/",
    "benchmarks/footprint.py", "benchmarks/site.py",
)  # fmt: skip
#: The querysets decide what the public sees; the models hold the constraint that goes with it.
VISIBILITY = ("articles/querysets.py", "articles/models/")
QUERIES = {"filter", "exclude", "get", "get_or_create", "aggregate", "annotate", "Q", "When"}


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_the_tree_is_seen() -> None:
    seen = {name(path) for path in files()}
    assert {"manage.py", "README.md", "archive_site/settings.py", ".ci/run"} <= seen
    assert "articles/querysets.py" in {name(path) for path in modules()}


def test_packages_are_empty() -> None:
    full = [name(path) for path in modules(tests=True) if path.name == "__init__.py"
            and path.stat().st_size]  # fmt: skip
    assert full == ["articles/models/__init__.py"]


def test_every_package_is_one() -> None:
    folders = {path.parent for path in modules(tests=True) if path.parent != ROOT}
    folders -= {ROOT / "tools", ROOT / "benchmarks"}
    missing = [name(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()]
    assert missing == []


def test_no_module_is_too_long_to_read() -> None:
    long = {
        name(path): count
        for path in modules()
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST
    }
    assert long == {}


def test_no_module_is_a_drawer_for_everything() -> None:
    drawers = {"utils.py", "helpers.py", "services.py", "common.py", "misc.py"}
    assert [name(path) for path in modules() if path.name in drawers] == []


def test_no_signals() -> None:
    # The one that is allowed makes sure of the groups after each migrate.
    found = []
    for path in modules():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ImportFrom) and "signals" in (node.module or ""):
                names = {alias.name for alias in node.names}
                if (name(path), names) != ("articles/apps.py", {"post_migrate"}):
                    found += places(path, [node])
            if called(node) == "receiver":
                found += places(path, [node])
    assert found == []


def test_no_sql_outside_the_search_engines() -> None:
    found = []
    for path in modules():
        for node in ast.walk(tree(path)):
            raw = called(node) in {"extra", "RawSQL", "raw"}
            cursor = called(node) == "cursor" and not name(path).startswith(RAW)
            if raw or cursor:
                found += places(path, [node])
    assert found == []


def test_visibility_is_written_in_the_querysets_only() -> None:
    found = []
    for path in modules():
        if name(path).startswith(VISIBILITY) or path.relative_to(ROOT).parts[0] not in APPS:
            continue
        found += places(path, [node for node in ast.walk(tree(path)) if decides_visibility(node)])
    assert found == [], "use published() and scheduled()"


def decides_visibility(node: ast.AST) -> bool:
    """Tell whether *node* asks the database when something becomes visible, or what is public."""
    if called(node) not in QUERIES or not isinstance(node, ast.Call):
        return False
    return any(
        (keyword.arg or "").split("__")[-2:-1] == ["visible_from"]
        or ((keyword.arg or "").split("__")[-1] == "status" and is_published(keyword.value))
        for keyword in node.keywords
    )


def is_published(node: ast.expr) -> bool:
    """Tell whether *node* is the status of what the public may see."""
    if isinstance(node, ast.Attribute):
        return node.attr == "PUBLISHED"
    return isinstance(node, ast.Constant) and node.value == "published"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("Article.objects.filter(status=Status.PUBLISHED)", True),
        ("articles.exclude(article__status='published')", True),
        ("Q(visible_from__lte=now)", True),
        ("Q(article__visible_from__gt=now)", True),
        ("Article.objects.published()", False),
        ("form(status=Status.PUBLISHED)", False),
        ("Article.objects.filter(status=Status.DRAFT)", False),
    ],
)
def test_the_rule_of_visibility_sees(source: str, expected: bool) -> None:
    assert any(decides_visibility(node) for node in ast.walk(ast.parse(source))) is expected


def test_hostile_markup_is_parsed_by_nh3_only() -> None:
    # html.parser is quadratic on malformed input before Python 3.11.14.
    found = []
    for path in modules():
        for node in ast.walk(tree(path)):
            imported = isinstance(node, ast.ImportFrom | ast.Import) and (
                getattr(node, "module", None) == "html.parser"
                or "html.parser" in {alias.name for alias in node.names}
            )
            if imported or called(node) in {"strip_tags", "mark_safe"}:
                found += places(path, [node])
    assert found == []


def test_pure_modules_open_nothing() -> None:
    pure = ("articles/listing/", "articles/criteria.py", "articles/folding.py",
            "articles/cleaning.py", "articles/search/query.py", "articles/search/analysis.py",
            "articles/importing/plan.py", "articles/importing/report.py")  # fmt: skip
    found = []
    for path in modules():
        if name(path).startswith(pure) and path.name != "__main__.py":
            calls = {"open", "print", "now", "today", "read_text", "input"}
            found += places(path, [node for node in ast.walk(tree(path)) if called(node) in calls])
    assert found == []
