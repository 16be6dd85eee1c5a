"""The benchmark of imports works: a short run of it, whatever the times."""

import json
from pathlib import Path

import pytest

from benchmarks.imports import growth, measured, write_results
from tests.benchmarks.test_programs import run


@pytest.mark.slow
def test_rates_memory_and_growth_are_measured(tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    text = run(
        tmp_path, "benchmarks.imports", "--counts", "40", "80", "--keyed", "--json", str(file)
    )
    figures = json.loads(file.read_text(encoding="utf-8"))
    assert [one["entries"] for one in figures] == [40, 80]
    for one in figures:
        assert (one["new"]["create"], one["again"]["unchanged"]) == (one["entries"],) * 2
        assert one["keyed"]["unchanged"] == one["entries"]
        for name in ("new", "again", "keyed"):
            for step in ("read", "plan", "apply"):
                assert one[name][step]["wall"] > 0
                assert one[name][step]["peak"] > 10
    assert text.count("| SQLite | 80 |") == 6
    assert "| SQLite | 40 to 80 | new |" in text
    again = run(tmp_path, "benchmarks.imports", "--read", str(file))
    assert again.split() == text.split()


def test_growth_is_told_for_an_entry() -> None:
    def figures(entries: int, cpu: float, peak: float) -> dict[str, object]:
        steps = {
            step: {"wall": cpu, "cpu": cpu, "peak": peak} for step in ("read", "plan", "apply")
        }
        return {"database": "SQLite", "entries": entries, "new": steps, "again": steps}

    new, again = growth([figures(1000, 1.0, 80.0), figures(2000, 3.0, 81.0)])
    assert new == "| SQLite | 1,000 to 2,000 | new | 1.50 | 1,049 |"
    assert again == new.replace("new", "again")
    other = {**figures(5000, 1.0, 80.0), "database": "PostgreSQL"}
    assert list(growth([figures(1000, 1.0, 80.0), other])) == []


def test_each_database_has_a_section_of_the_results(tmp_path: Path) -> None:
    steps = {step: {"wall": 1.0, "cpu": 0.5, "peak": 80.0} for step in ("read", "plan", "apply")}
    figures = [
        {"database": database, "entries": entries, "new": steps, "again": steps}
        for database in ("SQLite", "PostgreSQL")
        for entries in (1_000, 10_000)
    ]
    file = tmp_path / "RESULTS.md"
    write_results(figures, file)
    text = file.read_text(encoding="utf-8")
    assert text.index("## Imports: PostgreSQL") < text.index("## Imports: SQLite")
    rates = "20,000 | 20,000 | 20,000 | 10,000 | 80 | 80 | 80"
    assert f"| SQLite | 10,000 | new, by processor time | {rates} |" in text
    assert "| PostgreSQL | 1,000 to 10,000 | again |" in text


def test_counts_beyond_the_budget_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(measured({}, [1_000_000], "SQLite", budget=-1.0)) == []
    assert "SQLite, 1,000,000 entries: left out" in capsys.readouterr().out
