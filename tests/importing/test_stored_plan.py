"""The plan of an upload as it is stored: packed, and read some entries at a time."""

import json
from typing import Any

import pytest

from articles.importing.uploads import plan as uploads_plan
from articles.importing.uploads.plan import DOUBTS, StoredPlan, pack

# The plan as it is kept


def entry(number: int, change: str = "CREATE", *, doubtful: bool = False) -> dict[str, Any]:
    return {
        "lines": [number, number + 1], "headline": f"Łódź {number}", "change": change,
        "diagnostics": [{"code": "x", "line": number, "message": "?"}] if doubtful else [],
    }  # fmt: skip


def packed(*entries: dict[str, Any]) -> StoredPlan:
    listing = {"path": "a.txt", "digest": "d", "entries": list(entries)}
    totals = {"entries": len(entries), "public": 0}
    # As it comes back from the database.
    return StoredPlan(json.loads(json.dumps(pack(listing, totals, 1))))


@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 250])
def test_a_packed_plan_gives_back_every_entry(count: int) -> None:
    changes = ("CREATE", "UPDATE", "UNCHANGED", "CONFLICT", "REVIEW", "REJECT")
    entries = [entry(n, changes[n % 6], doubtful=n % 7 == 0) for n in range(count)]
    plan = packed(*entries)
    assert plan.listing() == {"path": "a.txt", "digest": "d", "entries": entries}
    report = json.loads("".join(plan.as_json()))
    assert report["listings"] == [plan.listing()]
    assert (report["version"], report["totals"]) == (1, {"entries": count, "public": 0})
    for which in ("", DOUBTS, *changes):
        wanted = [
            (place, one)
            for place, one in enumerate(entries)
            if which in ("", one["change"]) or (which == DOUBTS and one["diagnostics"])
        ]
        assert plan.count(which) == len(wanted)
        pages = [plan.page(which, first, 50) for first in range(0, len(wanted) or 1, 50)]
        assert [row for page in pages for row in page] == wanted


def test_a_packed_plan_is_small() -> None:
    plan = pack({"digest": "d", "entries": [entry(n) for n in range(5000)]}, {}, 1)
    assert len(json.dumps(plan)) < 100_000
    assert len(plan["chunks"]) == 5000 // uploads_plan.CHUNK


def test_what_was_settled_before_is_no_open_doubt() -> None:
    asked = {"code": "x", "line": 1, "message": "?"}
    over = asked | {"settled": True}
    rows = [entry(n) | {"diagnostics": remarks} for n, remarks in enumerate(
        ([asked], [over], [over, asked], [over, over], [])
    )]  # fmt: skip
    plan = packed(*rows)
    assert plan.count(DOUBTS) == 2
    assert [place for place, _entry in plan.page(DOUBTS, 0, 50)] == [0, 2]
    assert plan.settled == 4


def test_doubts_are_counted_and_read_by_their_kind() -> None:
    def doubt(code: str, **more: Any) -> dict[str, Any]:
        return {"code": code, "line": 1, "message": "?", **more}

    remarks = ([doubt("a"), doubt("a"), doubt("b")], [doubt("b", settled=True)], [doubt("a")], [])
    plan = packed(*(entry(n) | {"diagnostics": some} for n, some in enumerate(remarks)))
    assert plan.kinds == {"a": 2, "b": 1}
    assert [(plan.count(code), plan.page(code, 0, 9)[0][0]) for code in "ab"] == [(2, 0), (1, 0)]
    assert [place for place, _entry in plan.page("a", 0, 9)] == [0, 2]
    assert [place for place, _entry in plan.page("a", 1, 9)] == [2]
