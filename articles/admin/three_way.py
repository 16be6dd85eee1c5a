"""Two saves of one row brought together: what the other one saved, what was typed here, the result.

The base is what the row held when the form was opened. A field that only one of the two changed
has that value; of a text that both changed in different sentences the result holds both changes;
for the rest both values are shown, and the person who saves decides.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from rapidfuzz.distance import LCSseq

from articles.admin import rights, shown, words
from articles.models import FieldChange
from articles.writing import versions
from articles.writing.state import BLOCK_FIELDS, Values

#: Whose value the result has. `DECIDE` has the one that was typed, and asks to look.
THEIRS, MINE, JOINED, DECIDE = "theirs", "mine", "joined", "decide"
#: Texts whose sentences may be brought together.
_TEXTS = {*BLOCK_FIELDS, "body", "bio", "description"}
#: Lists of an article, which are rows below its form.
ROWS = ("credits", "parts")
#: What several controls hold, or one that knows its values by other names.
_MANY = (*ROWS, "tags", "visible_from", "translation_of", "owner", "external_ids", "aliases")
_SENTENCES = re.compile(
    r".*?(?:\n+|</(?:p|li|h\d|blockquote|td|figure)>\s*|[.!?…][\"”’)]*\s+|\Z)", re.DOTALL
)
_MOST_PAIRS = 4_000_000


@dataclass(frozen=True, slots=True)
class Field:
    """One field that either of the two changed, with what each made of it."""

    name: str
    label: str
    outcome: str
    theirs: SafeString
    mine: SafeString
    #: The plain text of both, for the buttons that take one of them.
    their_text: str
    my_text: str

    @property
    def is_open(self) -> bool:
        """Whether the result is to be looked at."""
        return self.outcome in {DECIDE, JOINED}

    @property
    def is_plain(self) -> bool:
        """Whether one control of the form holds it, as text."""
        return self.name not in _MANY

    @property
    def is_row(self) -> bool:
        """Whether the result stands in rows below the form."""
        return self.name in ROWS

    @property
    def said(self) -> str:
        """What became of it, in words."""
        return {
            THEIRS: _("Theirs: you had not changed it."),
            MINE: _("Yours: they had not changed it."),
            JOINED: _("Both changes, in different sentences."),
            DECIDE: _("Both changed it: decide."),
        }[self.outcome]


@dataclass(frozen=True, slots=True)
class Merge:
    """What the page shows, and the values that the form shall have instead of what was typed."""

    fields: list[Field]
    values: Values


def joined(base: str, theirs: str, mine: str) -> str | None:
    """Return *base* with the changes of both, if no sentence was changed by both; else None."""
    one = _SENTENCES.findall(base)
    edits: set[tuple[int, int, str]] = set()
    for other in (theirs, mine):
        two = _SENTENCES.findall(other)
        if len(one) * len(two) > _MOST_PAIRS:
            return None
        edits |= _edits(one, two)
    result, end = [], 0
    previous = -1
    for start, stop, text in sorted(edits):
        # Changes that touch may belong together.
        if start <= previous:
            return None
        result += [*one[end:start], text]
        end = previous = stop
    return "".join([*result, *one[end:]])


def _edits(one: Sequence[str], two: Sequence[str]) -> set[tuple[int, int, str]]:
    edits: list[tuple[int, int, str]] = []
    for code in LCSseq.opcodes(one, two):
        if code.tag == "equal":
            continue
        text = "".join(two[code.dest_start : code.dest_end])
        if edits and edits[-1][1] == code.src_start:
            start, _stop, before = edits.pop()
            edits.append((start, code.src_end, before + text))
        else:
            edits.append((code.src_start, code.src_end, text))
    return set(edits)


def merge(
    subject: str,
    base: Values,
    theirs: Values,
    typed: Mapping[str, Any],
    user: rights.Anyone | None,
) -> Merge:
    """Bring *theirs*, the stored values, and what was *typed* together, in words that *user* may
    read. *typed* has a value for each field of the form, as the ledger would record it."""
    changed = [
        name
        for name in versions.fields_of(versions.KINDS[subject])
        if name in typed and not versions.is_same(name, theirs.get(name), typed[name])
    ]
    names = shown.Names(_as_changes(subject, changed, base, theirs, typed), user)

    def text(name: str, value: Any) -> str:
        return shown.text(subject, name, value, names)

    fields, values = [], {}
    for name in changed:
        outcome = DECIDE
        if versions.is_same(name, base.get(name), typed[name]):
            outcome, values[name] = THEIRS, theirs.get(name)
        elif versions.is_same(name, base.get(name), theirs.get(name)):
            outcome = MINE
        elif name in _TEXTS:
            both = joined(*(str(one.get(name) or "") for one in (base, theirs, typed)))
            if both is not None:
                outcome, values[name] = JOINED, both
        was = text(name, base.get(name))
        now, here = text(name, theirs.get(name)), text(name, typed[name])
        fields.append(
            Field(
                name=name,
                label=shown.label(subject, name),
                outcome=outcome,
                theirs=words.inline(was, now),
                mine=words.inline(was, here),
                their_text=str(theirs.get(name) or ""),
                my_text=str(typed[name] or ""),
            )
        )
    fields.sort(key=lambda field: (not field.is_open, field.outcome == THEIRS))
    return Merge(fields, values)


def _as_changes(
    subject: str, names: Iterable[str], *states: Mapping[str, Any]
) -> Iterable[FieldChange]:
    for name in names:
        for state in states:
            yield FieldChange(subject_type=subject, field=name, old=state.get(name))


def send(request: HttpRequest, values: Mapping[str, list[str]]) -> None:
    """Let *request* hold *values* under their names, as if the browser had sent them."""
    sent: Any = request.POST.copy()
    for name, items in values.items():
        sent.setlist(name, items)
    request.POST = sent


def without(fieldsets: Iterable[Any], names: set[str]) -> list[Any]:
    """Return the fieldsets of a form without the fields *names*."""
    kept = []
    for title, options in fieldsets:
        fields: list[Any] = []
        for one in options["fields"]:
            line = [one] if isinstance(one, str) else list(one)
            if rest := [name for name in line if name not in names]:
                fields.append(rest[0] if len(rest) == 1 else tuple(rest))
        kept.append((title, {**options, "fields": fields}))
    return kept
