"""The plan file: the JSON report of a dry run, read back and held against the archive. Pure.

``import_listing --apply plan.json`` plans anew and goes on only if it comes to what the file says,
entry by entry: what was agreed to is what is done. docs/importing.md documents the shape.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from articles.importing import plan_text, report
from articles.importing.records import CONFLICT, CREATE, UNCHANGED, UPDATE, Options, Plan, Values
from articles.importing.spool import Spool

_SHA256 = re.compile(r"[0-9a-f]{64}")
_CHANGES = ("CREATE", "UPDATE", "UNCHANGED", "CONFLICT", "REVIEW", "REJECT")
#: What an entry of a plan must have, beside what it says of the article.
_ENTRY = {
    "lines": list, "change": str, "fields": dict, "conflicts": dict, "diagnostics": list,
}  # fmt: skip
#: What the file said of an entry.
_READ = (
    "lines", "kicker", "headline", "subtitle", "part_label", "part_number", "byline", "authors",
    "published_on", "standfirst", "series", "tags", "language", "source_url",
    "publication", "volume", "issue", "pages", "rights",
)  # fmt: skip
#: Outcomes that write to an article that is there: its version must not have moved.
_TOUCHING = (UPDATE, CONFLICT)


class BadPlanFile(Exception):
    """A file that is no plan, or one that cannot be applied; the message says why."""


class PlanMoved(Exception):
    """The archive would now do something else than the plan says; ``differences`` says what."""

    def __init__(self, differences: Sequence[str]) -> None:
        super().__init__("; ".join(differences))
        self.differences = list(differences)


@dataclass(frozen=True, slots=True)
class RecordedListing:
    """One file of a recorded plan: where it lay, what it held, what was to be done with it."""

    path: str
    sha256: str
    source: str
    options: Options
    #: The listing as it stands in the plan file; its entries are a sequence.
    told: Values


def read_plan(text: str) -> list[RecordedListing]:
    """Return the listings of a plan file; raise `BadPlanFile` for whatever is none."""
    if not text.lstrip("\ufeff \t\r\n").startswith("{"):
        raise BadPlanFile("this is no plan: a plan is what --dry-run --format json prints")
    try:
        return _read(plan_text.read(text.lstrip("\ufeff")))
    except json.JSONDecodeError as error:
        raise BadPlanFile(
            f"this is not whole JSON: {error.msg} at line {error.lineno}, column {error.colno}"
        ) from None
    except RecursionError:
        raise BadPlanFile("this is no plan: it is nested too deeply") from None
    except ValueError as error:
        raise BadPlanFile(f"this is no plan: {error}") from None


def _read(report_: Values) -> list[RecordedListing]:
    version = report_.get("version")
    if isinstance(version, bool) or version != report.VERSION:
        raise BadPlanFile(
            f"its version is {_brief(version)}; this release applies plans of version"
            f" {report.VERSION}"
        )
    listings = report_.get("listings")
    if not isinstance(listings, list) or not listings:
        raise BadPlanFile("this is no plan: it names no listings")
    return [_listing(told, place) for place, told in enumerate(listings, 1)]


def _brief(value: Any) -> str:
    return "missing" if value is None else str(value)[:40]


def _listing(told: Any, place: int) -> RecordedListing:
    """Return one listing of the file, every value that will be used checked."""
    where = f"listing {place}"
    if not isinstance(told, dict):
        raise BadPlanFile(f"{where} is not an object")
    if "options" not in told or "digest" not in told:
        raise BadPlanFile(f"{where} was planned by an earlier release: make the plan anew")
    path, source = _text(told, "path", where), _text(told, "source", where, 300)
    where = f"{where} ({path[:100]})"
    sha256 = _text(told, "sha256", where)
    entries = told.get("entries")
    if not _SHA256.fullmatch(sha256):
        raise BadPlanFile(f"{where}: its sha256 is none")
    if not isinstance(entries, Spool):
        raise BadPlanFile(f"{where} has no list of entries")
    for number, entry in enumerate(entries, 1):
        _check_entry(entry, f"{where}, entry {number}")
    if report.digest(told) != told["digest"]:
        raise BadPlanFile(
            f"{where}: the digest does not fit; the plan was edited or damaged. Make it anew, and"
            " change what it does by the listing, the options or the archive"
        )
    return RecordedListing(path, sha256, source, _options(told["options"], where), told)


def _text(told: Values, name: str, where: str, longest: int = 4000) -> str:
    value = told.get(name)
    if not isinstance(value, str) or not value or "\0" in value or len(value) > longest:
        raise BadPlanFile(f"{where}: its {name} is not a text of 1 to {longest} characters")
    return value


def _check_entry(entry: Any, where: str) -> None:
    if not isinstance(entry, dict):
        raise BadPlanFile(f"{where} is not an object")
    for name, kind in _ENTRY.items():
        if not isinstance(entry.get(name), kind):
            raise BadPlanFile(f"{where}: its {name} is not a {_WORDS[kind]}")
    lines = entry["lines"]
    if len(lines) != 2 or not all(type(line) is int for line in lines):
        raise BadPlanFile(f"{where}: its lines are not two numbers")
    if entry["change"] not in _CHANGES:
        raise BadPlanFile(f"{where}: its change is {_brief(entry['change'])}")


_WORDS: dict[type, str] = {list: "list", str: "text", dict: "object"}


def _options(told: Any, where: str) -> Options:
    if not isinstance(told, dict):
        raise BadPlanFile(f"{where}: its options are not an object")
    status, tags = told.get("status"), told.get("tags")
    if status not in ("draft", "published"):
        raise BadPlanFile(f"{where}: its status is {_brief(status)}")
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise BadPlanFile(f"{where}: its tags are not a list of texts")
    for name in ("language", "dialect", "input_format", "media"):
        value = told.get(name)
        if value is not None and (not isinstance(value, str) or "\0" in value):
            raise BadPlanFile(f"{where}: its {name} is not a text")
    columns = told.get("columns") or {}
    if not isinstance(columns, dict) or not all(isinstance(one, str) for one in columns.values()):
        raise BadPlanFile(f"{where}: its columns are not texts by header")
    return Options(
        status=status,
        tags=tuple(tags),
        language=told.get("language") or "",
        dialect=told.get("dialect"),
        input_format=told.get("input_format"),
        media=told.get("media"),
        columns=columns,
    )


def recorded(plan: Plan) -> Values:
    """Return *plan* as a plan file would hold it, its digest apart."""
    head, tail = report.listing_json(plan)
    return {**_as_read({**head, **tail}), "entries": _Recorded(plan)}


class _Recorded(report.Told):
    """The entries of a plan as a plan file would hold them."""

    def __iter__(self) -> Iterator[Values]:
        return map(_as_read, super().__iter__())


def differences(told: Mapping[str, Any], plan: Plan, *, by_rows: bool = True) -> Iterator[str]:
    """Yield how *plan* departs from the listing *told* of a plan file, one line for a difference.

    An entry that touched nothing and still touches nothing may have moved: only what is written
    counts. Without *by_rows* it does not count which rows the names of authors, series and tags
    lead to: the listing before may have made them.
    """
    head, tail = report.listing_json(plan)
    now = _as_read({**head, **tail})
    if told["source"] != now["source"]:
        yield f"was of the source “{told['source']}”, would now be of “{now['source']}”"
    if changed := _differing(told["options"], now["options"]):
        yield f"the options differ: {', '.join(changed)}"
    if len(told["entries"]) != len(plan.entries):
        yield (
            f"the file was read as {_entries(len(told['entries']))}, and is now read as"
            f" {_entries(len(plan.entries))}"
        )
        return
    for old, planned in zip(told["entries"], plan.entries, strict=True):
        new = report.entry_json(planned)
        if old == new:
            continue
        new = _as_read(new)
        if found := _entry_difference(old, new, by_rows=by_rows):
            first, last = old["lines"]
            headline = old.get("headline") or new["headline"] or "no headline"
            yield f"entry lines {first}-{last}: {found}: {str(headline)[:80]}"
    for name, words in (
        ("unclaimed_lines", "lines that stand in no entry"),
        ("diagnostics", "remarks on the whole file"),
        ("gone", "entries gone from the listing"),
    ):
        if told.get(name) != now[name]:
            yield f"{words}: {len(told.get(name) or [])} then, {len(now[name])} now, others"


def _as_read(values: Values) -> Values:
    """Return *values* as they come out of a file of JSON."""
    found: Values = json.loads(json.dumps(values))
    return found


def _entries(count: int) -> str:
    return "1 entry" if count == 1 else f"{count} entries"


def _differing(old: Values, new: Values) -> list[str]:
    return [name for name in {**old, **new} if old.get(name) != new.get(name)]


def _entry_difference(old: Values, new: Values, *, by_rows: bool) -> str | None:
    """Return how one entry departs from its plan, the weightiest difference only."""
    moved = _moved(old, new)
    if old["change"] != new["change"]:
        doing = ", ".join([*new["fields"], *new["conflicts"]])
        would = new["change"] + (f" of {doing}" if doing else "")
        return f"was {old['change']}, would now be {would}{f' ({moved})' if moved else ''}"
    if read := [name for name in _READ if old.get(name) != new[name]]:
        return f"is now read differently ({', '.join(read)})"
    if old.get("article") != new["article"]:
        return f"was article {_brief(old.get('article'))}, would now be {_brief(new['article'])}"
    if moved:
        return moved
    if old["change"] == UNCHANGED:
        return None
    if changed := _differing(old["fields"], new["fields"]):
        return f"would now change {', '.join(changed)} otherwise"
    if changed := _differing(old["conflicts"], new["conflicts"]):
        return f"the conflict over {', '.join(changed)} is another now"
    if old["change"] == CREATE and old.get("status") != new["status"]:
        return f"was to be {old.get('status')}, would now be {new['status']}"
    if old["diagnostics"] != new["diagnostics"]:
        return "its remarks are others now"
    if by_rows and old.get("digest") != new["digest"]:
        return "its authors, series or tags lead elsewhere now"
    return None


def _moved(old: Values, new: Values) -> str:
    """Return in words that an article to be touched was saved since, or ``""``."""
    if old["change"] not in _TOUCHING or old.get("article") != new["article"]:
        return ""
    then, now = old.get("article_version"), new["article_version"]
    if then == now:
        return ""
    return f"article {new['article']} moved from version {_brief(then)} to {now}"
