"""The plan of an upload as its page shows it."""

from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.utils.translation import gettext as _

from articles.admin import shown
from articles.choices import Outcome
from articles.importing.uploads.plan import DOUBTS, StoredPlan
from articles.review.sentences import said, title_of

PER_PAGE = 50
#: Longer values are cut on the page; the JSON plan has them whole.
LONGEST = 400
#: Remarks about the file, and entries gone from it, that the page shows.
MOST = 200
#: What the JSON report and the ledger call differently.
_NAMES = {"authors": "credits", "series": "parts"}


class _Entries:
    """The entries of one outcome, as a paginator wants them."""

    def __init__(self, plan: StoredPlan, which: str) -> None:
        self.plan = plan
        self.which = which

    def count(self) -> int:
        return self.plan.count(self.which)

    def __getitem__(self, part: slice) -> list[tuple[int, dict[str, Any]]]:
        return self.plan.page(self.which, part.start, part.stop - part.start)


def plan_context(plan: StoredPlan, which: str, page: str | None) -> dict[str, Any]:
    """Return what the page shows of *plan*: the totals, and a page of the entries *which*."""
    if which != DOUBTS and which not in Outcome.values and which not in plan.kinds:
        which = ""
    paginator: Paginator[Any] = Paginator(_Entries(plan, which), PER_PAGE)  # type: ignore[arg-type]
    found = paginator.get_page(page)
    remarks, gone = plan.head["diagnostics"], plan.head["gone"]
    unclaimed = plan.head["unclaimed_lines"]
    return {
        "plan": plan,
        "public_total": plan.totals["public"],
        "entry_total": len(plan),
        "totals": [
            {"outcome": one.value, "label": _will(one), "count": plan.count(one.value)}
            for one in Outcome
        ],
        "doubt_total": plan.count(DOUBTS),
        "doubts": DOUBTS,
        "kinds": [
            {"code": code, "label": title_of(code), "count": count}
            for code, count in sorted(plan.kinds.items(), key=lambda kind: (-kind[1], kind[0]))
        ],
        "outcome": which,
        "page": found,
        "entries": [_row(ordinal, entry) for ordinal, entry in found.object_list],
        "remarks": [_remark(remark) for remark in remarks[:MOST]],
        "more_remarks": max(0, len(remarks) - MOST),
        "gone": gone[:MOST],
        "more_gone": max(0, len(gone) - MOST),
        "unclaimed": unclaimed[:MOST],
        "unclaimed_total": len(unclaimed),
        "more_unclaimed": max(0, len(unclaimed) - MOST),
    }


def _will(outcome: Outcome) -> str:
    return {
        Outcome.CREATE: _("to create"),
        Outcome.UPDATE: _("to update"),
        Outcome.UNCHANGED: _("unchanged"),
        Outcome.CONFLICT: _("in conflict"),
        Outcome.REVIEW: _("wait for review"),
        Outcome.REJECT: _("rejected"),
    }[outcome]


def _one(outcome: str) -> str:
    return {
        Outcome.CREATE.value: _("create"),
        Outcome.UPDATE.value: _("update"),
        Outcome.UNCHANGED.value: _("unchanged"),
        Outcome.CONFLICT.value: _("conflict"),
        Outcome.REVIEW.value: _("review"),
        Outcome.REJECT.value: _("reject"),
    }[outcome]


def _row(ordinal: int, entry: dict[str, Any]) -> dict[str, Any]:
    return {
        **entry,
        "number": ordinal + 1,
        "first_line": entry["lines"][0],
        "last_line": entry["lines"][1],
        "outcome": entry["change"].lower(),
        "outcome_label": _one(entry["change"]),
        "is_draft": entry["change"] == "CREATE" and entry["status"] == "draft",
        "credit": entry["byline"] or _text(entry["authors"]),
        "places": _text(entry["series"]),
        "tag_list": _text(entry["tags"]),
        "differences": list(_differences(entry)),
        "sides": list(_sides(entry)),
        "diagnostics": [_remark(remark) for remark in entry["diagnostics"]],
    }


def _remark(remark: dict[str, Any]) -> dict[str, Any]:
    return {**remark, "message": said(remark["message"])}


def _differences(entry: dict[str, Any]) -> Iterator[dict[str, str]]:
    for name, (old, new) in entry["fields"].items():
        yield {"label": _label(name), "old": _text(old), "new": _text(new)}


def _sides(entry: dict[str, Any]) -> Iterator[dict[str, str]]:
    for name, values in entry["conflicts"].items():
        yield {
            "label": _label(name),
            "source": _text(values.get("source")),
            "archive": _text(values.get("archive")),
        }


def _label(name: str) -> str:
    return shown.label("article", _NAMES.get(name, name))


def _text(value: Any) -> str:
    """Return a value of the JSON report as one line."""
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(filter(None, map(_text, value)))[:LONGEST]
    if isinstance(value, dict):
        name = str(value.get("name") or value.get("title") or "")
        number = value.get("part_number")
        return f"{name} ({number})" if number else name
    text = str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
