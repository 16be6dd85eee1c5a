"""Beside the form: what the listing said, and where each value comes from."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from articles.admin import shown
from articles.admin.history import lines_text
from articles.choices import OperationKind
from articles.models import Article, FieldChange, SourceEntry
from articles.writing.state import columns_of

#: The fields whose origin is worth a line, in the order of the form.
FIELDS = (
    "kicker", "headline", "subtitle", "part_label", "byline", "credits", "tags", "parts",
    "standfirst", "body", "language", "translation_of", "published_on", "slug", "publication",
    "source_url", "status",
)  # fmt: skip
#: What an entry calls a field of the ledger.
_ENTRY_NAMES = {"credits": "authors", "parts": "series"}
#: An entry that is unchanged points to the one that has the text; a chain is short.
_CHAIN = 50


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the value of one field comes from. ``listed`` is the listing's, if it differs."""

    label: str
    text: str
    kind: str
    listed: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """What the panel shows: the entry with its numbered lines, and the origins."""

    entry: SourceEntry | None
    lines: list[tuple[int, str]]
    origins: list[Origin]
    sees_run: bool
    others: int


def resolved(entry: SourceEntry) -> SourceEntry:
    """Return the entry that holds text and values of *entry*: itself, or an earlier one."""
    for _step in range(_CHAIN):
        if entry.text or entry.unchanged_from is None:
            break
        entry = entry.unchanged_from
    return entry


def values_of(entry: SourceEntry) -> dict[str, Any]:
    """Return the parsed values of *entry*, its own or those of the entry it is unchanged from."""
    for _step in range(_CHAIN):
        if entry.values is not None or entry.unchanged_from is None:
            break
        entry = entry.unchanged_from
    return entry.values or {}


def build(article: Article, user: User) -> Panel:
    """Return the panel of *article*. A fixed number of queries."""
    entries = list(
        SourceEntry.objects.filter(article=article)
        .select_related("listing", "run", "unchanged_from")
        .order_by("-id")[:10]
    )
    entry = entries[0] if entries else None
    lines: list[tuple[int, str]] = []
    if entry is not None:
        text = resolved(entry).text.split("\n")
        lines = [(entry.first_line + place, line) for place, line in enumerate(text)]
    return Panel(
        entry=entry,
        lines=[(number, line) for number, line in lines if line.strip()],
        origins=_origins(article, entry),
        sees_run=user.has_perm("articles.view_importrun"),
        others=max(0, len(entries) - 1),
    )


def _origins(article: Article, entry: SourceEntry | None) -> list[Origin]:
    values = values_of(entry) if entry is not None else {}
    latest: dict[str, FieldChange] = {}
    changes = (
        FieldChange.objects.filter(subject_type="article", subject_id=article.pk, field__in=FIELDS)
        .select_related("operation__actor", "source_entry")
        .defer("old")
        .order_by("-id")[:500]
    )
    first = None
    for change in changes:
        latest.setdefault(change.field, change)
        first = change.operation_id
    columns = columns_of(article)
    origins = []
    for field in FIELDS:
        label = shown.label("article", field)
        listed = _listed(field, values)
        if found := latest.get(field):
            origins.append(
                _of_change(label, found, entry is None and found.operation_id == first, listed)
            )
        elif entry is not None and listed:
            origins.append(Origin(label, _("from source %s") % lines_text(entry), "source"))
        elif entry is not None and field in columns and columns[field] and field != "body":
            origins.append(Origin(label, _("set by the import"), "import"))
    return origins


def _of_change(label: str, change: FieldChange, is_first: bool, listed: str) -> Origin:
    operation = change.operation
    date = date_format(localtime(operation.at), "j N Y")
    if operation.kind == OperationKind.IMPORT and change.source_entry is not None and listed:
        return Origin(label, _("from source %s") % lines_text(change.source_entry), "source")
    if operation.kind == OperationKind.IMPORT:
        return Origin(label, _("set by the import on %s") % date, "import")
    known = {"who": shown.who(operation), "date": date}
    if is_first:
        return Origin(label, _("entered by %(who)s on %(date)s") % known, "entered")
    now = shown.text("article", change.field, change.new)
    return Origin(
        label,
        _("edited by %(who)s on %(date)s") % known,
        "edited",
        listed if listed != now else "",
    )


def _listed(field: str, values: dict[str, Any]) -> str:
    """Return what the listing says of a field, in words."""
    value = values.get(_ENTRY_NAMES.get(field, field))
    if field == "credits":
        return "; ".join(shown.credit(item) for item in value or [] if isinstance(item, dict))
    return shown.text("article", field, value)
