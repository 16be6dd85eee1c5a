"""Beside the form: what the listing said, and where each value comes from."""

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Q
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator, capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from articles.admin import shown
from articles.admin.history import lines_text
from articles.choices import OperationKind
from articles.folding import fold, slugify
from articles.importing import selections
from articles.models import Article, FieldChange, SourceEntry
from articles.writing.addresses import MAX_LENGTH
from articles.writing.state import columns_of

#: The fields whose origin is worth a line, in the order of the form.
FIELDS = (
    "kicker", "headline", "subtitle", "part_label", "byline", "credits", "tags", "parts",
    "standfirst", "body", "language", "translation_of", "published_on", "slug", "publication",
    "volume", "issue", "pages", "source_url", "rights", "status", "visible_from",
    "withdrawn_reason", "correction_note",
)  # fmt: skip
#: What an entry calls a field of the ledger.
_ENTRY_NAMES = {"credits": "authors", "parts": "series"}
#: So many changes are looked at, the newest ones: a page has to end.
_CHANGES = 500
#: An entry that is unchanged points to the one that has the text; a chain is short.
_CHAIN = 50
#: What the archive gives a new article by itself, where no source states it.
_BY_ARCHIVE = ("slug", "visible_from")
#: A moment this near to the act is that of the act.
_AT_ONCE = datetime.timedelta(seconds=5)


#: Lines of the listing that a field shows at most, and the shortest text that is looked for.
_MOST_LINES, _SHORTEST = 3, 3


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the value of one field comes from. ``listed`` is the listing's, if it differs."""

    field: str
    label: str
    text: str
    kind: str
    listed: str = ""
    #: Lines of the listing in which it stands, with their numbers.
    lines: Sequence[tuple[int, str]] = ()

    @property
    def word(self) -> str:
        """The kind in one word or two."""
        return {
            "source": _("from source"),
            "edited": _("edited"),
            "confirmed": _("confirmed"),
            "entered": _("entered"),
            "import": _("by the import"),
            "archive": _("by the archive"),
        }[self.kind]

    def badge(self) -> SafeString:
        """Return what stands beside the label of the field: the word, and all of it on demand."""
        said = format_html("{}", self.text)
        if self.listed:
            says = _("The listing says:")
            said = format_html(
                '{}<br>{} <q dir="auto">{}</q>', said, says, Truncator(self.listed).chars(200)
            )
        lines = format_html_join(
            "", '<li><span class="number">{}</span><span class="line" dir="auto">{}</span></li>',
            ((number, Truncator(line).chars(200)) for number, line in self.lines),
        )  # fmt: skip
        return format_html(
            '<details class="origin origin-{}"><summary><span class="visually-hidden">{}: </span>{}'
            "</summary><p>{}</p>{}</details>",
            self.kind,
            capfirst(self.label),
            self.word,
            said,
            format_html('<ol class="lines">{}</ol>', lines) if lines else "",
        )


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
    rows = SourceEntry.objects.select_related("listing", "run", "unchanged_from").order_by("-id")
    entries = list(rows.filter(article=article)[:10])
    if not entries and (cut := _entries_cut(article)):
        entries = list(rows.filter(pk__in=cut)[:10])
    # What the archive wrote itself is no source, as long as there is one.
    pages = [entry for entry in entries if not (entry.run.options or {}).get(selections.MARK)]
    entry = next(iter(pages or entries), None)
    lines: list[tuple[int, str]] = []
    if entry is not None:
        text = resolved(entry).text.split("\n")
        lines = [(entry.first_line + place, line) for place, line in enumerate(text)]
    return Panel(
        entry=entry,
        lines=[(number, line) for number, line in lines if line.strip()],
        origins=[_with_lines(origin, lines, entry) for origin in _origins(article, entry)],
        sees_run=user.has_perm("articles.view_importrun"),
        others=max(0, len(entries) - 1),
    )


def _with_lines(
    origin: Origin, lines: Sequence[tuple[int, str]], entry: SourceEntry | None
) -> Origin:
    """Return *origin* with the lines in which the listing says what it says of the field."""
    if entry is None or origin.kind in {"import", "archive"}:
        return origin
    said = fold(_listed(origin.field, values_of(entry)))
    if len(said) < _SHORTEST:
        return origin
    found = [
        (number, line)
        for number, line in lines
        if len(folded := fold(line)) >= _SHORTEST and (folded in said or said in folded)
    ]
    return replace(origin, lines=found[:_MOST_LINES])


def _entries_cut(article: Article) -> list[int]:
    """Return the entries, by id, that an undo took from *article*: what they said is still where
    its values come from, if an editor publishes it again."""
    about = FieldChange.objects.filter(operation__kind=OperationKind.UNDO)
    undos = about.filter(subject_type="article", subject_id=article.pk)
    operations = list(undos.order_by("-id").values_list("operation", flat=True)[:_CHAIN])
    if not operations:
        return []
    cut = about.filter(
        operation__in=operations, subject_type="entry", field="article", old=article.pk
    )
    return list(cut.values_list("subject_id", flat=True)[:_CHAIN])


def _origins(article: Article, entry: SourceEntry | None) -> list[Origin]:
    values = values_of(entry) if entry is not None else {}
    latest: dict[str, FieldChange] = {}
    typed: FieldChange | None = None
    for change in (
        FieldChange.objects.filter(subject_type="article", subject_id=article.pk, field__in=FIELDS)
        .select_related("operation__actor", "source_entry")
        .annotate(is_first=Q(old__isnull=True))
        .defer("old")
        .order_by("-id")[:_CHANGES]
    ):
        latest.setdefault(change.field, change)
        # What was typed in by hand has its first headline in the ledger; what was imported has not.
        if change.field == "headline" and change.is_first:
            typed = change
    columns = columns_of(article)
    origins = []
    for field in FIELDS:
        label = shown.label("article", field)
        listed = _listed(field, values)
        if found := latest.get(field):
            if typed is not None and found.operation_id == typed.operation_id:
                origins.append(_of_typing(label, found, typed, entry, listed))
            else:
                origins.append(_of_change(label, found, entry, listed))
        elif entry is None or typed is not None:
            # Nobody gave it a value; what a listing says of it was not taken.
            continue
        elif listed and (field != "rights" or columns[field]):
            # The statement of the whole archive was taken for none of the article's own.
            text = _("from source %s") % lines_text(entry)
            origins.append(Origin(field, label, text, "source"))
        elif columns.get(field) and field != "body":
            by_archive = field in _BY_ARCHIVE
            text = _("given by the archive") if by_archive else _("given by the import")
            origins.append(Origin(field, label, text, "archive" if by_archive else "import"))
    return origins


def _of_typing(
    label: str, change: FieldChange, typed: FieldChange, entry: SourceEntry | None, listed: str
) -> Origin:
    """Return the origin of a value that the article was typed in with."""
    name = change.field
    if _is_given(change, typed):
        return Origin(name, label, _("given by the archive"), "archive")
    known = {"who": shown.who(change.operation), "date": _date(change)}
    text = _("entered by %(who)s on %(date)s") % known
    return _of_person(name, label, text, "entered", change, entry, listed)


def _of_person(
    name: str,
    label: str,
    text: str,
    kind: str,
    change: FieldChange,
    entry: SourceEntry | None,
    listed: str,
) -> Origin:
    """Return the origin of what a person gave: confirmed, if the listing says the same."""
    if entry is None or not listed:
        return Origin(name, label, text, kind)
    if listed == shown.text("article", name, change.new):
        as_in = {"entered": text, "lines": lines_text(entry)}
        return Origin(name, label, _("%(entered)s, as in source %(lines)s") % as_in, "confirmed")
    return Origin(name, label, text, kind, listed)


def _is_given(change: FieldChange, typed: FieldChange) -> bool:
    """Whether a first value is what the archive makes where the form was left empty."""
    if change.field == "slug":
        made = slugify(str(typed.new or ""), "article", MAX_LENGTH)
        return re.fullmatch(re.escape(made) + r"(-\d+)?", str(change.new or "")) is not None
    if change.field == "visible_from":
        moment = parse_datetime(str(change.new or ""))
        return moment is not None and abs(moment - change.operation.at) < _AT_ONCE
    return False


def _of_change(label: str, change: FieldChange, entry: SourceEntry | None, listed: str) -> Origin:
    name, operation = change.field, change.operation
    if operation.kind == OperationKind.IMPORT and change.source_entry is not None and listed:
        text = _("from source %s") % lines_text(change.source_entry)
        return Origin(name, label, text, "source")
    if operation.kind == OperationKind.IMPORT:
        return Origin(name, label, _("set by the import on %s") % _date(change), "import")
    text = _("edited by %(who)s on %(date)s") % {"who": shown.who(operation), "date": _date(change)}
    return _of_person(name, label, text, "edited", change, entry, listed)


def _date(change: FieldChange) -> str:
    return date_format(localtime(change.operation.at), "DATE_FORMAT")


def _listed(field: str, values: dict[str, Any]) -> str:
    """Return what the listing says of a field, in words."""
    value = values.get(_ENTRY_NAMES.get(field, field))
    if field == "credits":
        return "; ".join(shown.credit(item) for item in value or [] if isinstance(item, dict))
    return shown.text("article", field, value)
