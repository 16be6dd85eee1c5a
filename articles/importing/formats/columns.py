"""Which column of a table holds which field, where a person says so: now, or for an earlier file of
the source. Pure.

A column is called by its header; one without by its number, and a further one of the same header by
both: “Note”, “Note (7)”.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property

from articles.cleaning import clean_line
from articles.importing.formats import headers
from articles.importing.records import BY_HAND, LEFT_OUT, REMEMBERED, Values

#: The fields by the names that people give them.
FIELDS = {
    "headline": "headline", "kicker": "kicker", "subtitle": "subtitle", "standfirst": "standfirst",
    "body": "body", "byline": "byline", "date": "published_on", "part": "part", "series": "series",
    "tags": "tags", "language": "language", "address": "source_url", "publication": "publication",
    "volume": "volume", "issue": "issue", "pages": "pages", "status": "status", "slug": "slug",
}  # fmt: skip
_NAMES = {field: name for name, field in FIELDS.items()}
#: Columns without a field that a plan names.
_NAMED = 200
_SAMPLE = 80
#: Headers that a message names.
_TOLD = 30


#: What somebody can do whose columns are called otherwise.
SAY_SO = (
    "where they are called otherwise, say which is which: --column HEADER=FIELD, or “Columns of the"
    " table” where the file is given in the admin"
)


class BadColumns(ValueError):
    """Columns that cannot be read as somebody says; the message says why."""


def name_of(field: str) -> str:
    """Return what people call *field*."""
    return _NAMES.get(field, field.replace("_", " "))


def parsed(texts: Iterable[str]) -> dict[str, str]:
    """Return the fields by header of texts such as ``Printed on=date``; ``Note=`` leaves it out.
    Raises `BadColumns`."""
    found: dict[str, str] = {}
    for text in texts:
        before, mark, behind = text.rpartition("=")
        header, name = clean_line(before), clean_line(behind)
        if not mark or not header:
            raise BadColumns(f"“{text[:80]}”: a column is given as HEADER=FIELD, or as HEADER=")
        field = headers.field_of(name) if name else LEFT_OUT
        if field is None:
            raise BadColumns(f"no field is called “{name[:80]}”; there are {', '.join(FIELDS)}")
        if found.get(header, field) != field:
            raise BadColumns(f"the column “{header[:80]}” is given two fields")
        found[header] = field
    if twice := doubled(found.values()):
        raise BadColumns(f"two columns are given for the {name_of(twice)}; it has one")
    return found


def pairs(fields: Mapping[str, str]) -> list[str]:
    """Return *fields* by header as `parsed` takes them, in one order on every database."""
    return [f"{header}={name_of(field)}" for header, field in sorted(fields.items())]


def doubled(fields: Iterable[str]) -> str:
    """Return the first of *fields* that stands twice and may stand once only, or ``""``."""
    seen: set[str] = set()
    for field in fields:
        if field in seen:
            return field
        if field and field not in headers.REPEATED:
            seen.add(field)
    return ""


def labels(names: Sequence[str]) -> list[str]:
    """Return what the columns under the headers *names* are called."""
    headed, taken, found = set(names), set[str](), []
    for number, name in enumerate(map(clean_line, names), 1):
        label = name or str(number)
        if label in taken or (not name and label in headed):
            label = f"{name} ({number})".strip()
        taken.add(label)
        found.append(label)
    return found


class Told:
    """What a person says of columns: *given* for this file; *recall* returns what was for earlier
    ones of its source, the newest first, and is asked once and only for a table."""

    def __init__(
        self,
        given: Mapping[str, str] | None = None,
        recall: Callable[[], Mapping[str, str]] = dict,
    ) -> None:
        self.given = given or {}
        self._recall = recall

    @cached_property
    def _remembered(self) -> Mapping[str, str]:
        return self._recall()

    def said(self, names: Sequence[str]) -> dict[int, tuple[str, str]]:
        """Return of the columns under *names* those of which something is said, by place: their
        field (`LEFT_OUT` for none), and whether that is given or remembered."""
        if not self.given and not self._remembered:
            return {}
        places: dict[str, int] = {}
        for place, label in enumerate(labels(names)):
            places.setdefault(label, place)
        found: dict[int, tuple[str, str]] = {}
        fields: list[str] = []
        for how, told in ((BY_HAND, self.given), (REMEMBERED, self._remembered)):
            for label, field in told.items():
                if (place := places.get(label, -1)) < 0 or place in found:
                    continue
                if doubled([*fields, field]):
                    continue
                found[place] = field, how
                fields.append(field)
        return found

    def fields(self, names: Sequence[str]) -> dict[int, str]:
        """Return the same without how."""
        return {place: field for place, (field, _) in self.said(names).items()}

    def check(self, found: Iterable[str]) -> None:
        """Raise `BadColumns` if a column is given that is none of a file's, called *found*."""
        there = list(dict.fromkeys(found))
        for label in self.given:
            if label not in there:
                shown = ", ".join(f"“{one[:80]}”" for one in there[:_TOLD])
                more = f" and {len(there) - _TOLD} more" if len(there) > _TOLD else ""
                raise BadColumns(
                    f"no column is called “{label[:80]}”; there are {shown or 'none'}{more}"
                )


NOTHING = Told()


def column(label: str, field: str | None, how: str | None, sample: str) -> Values:
    """Return one column as listings have it."""
    text = clean_line(sample[:1000], _SAMPLE)
    return {"header": label, "field": field or None, "how": how, "sample": text}


def shown(columns: Iterable[Values]) -> tuple[Values, ...]:
    """Return *columns* as a plan names them: of those without a field some, each header once."""
    found: dict[str, Values] = {}
    without = 0
    for column in columns:
        if not column["how"]:
            without += 1
            if without > _NAMED:
                continue
        known = found.setdefault(column["header"], column)
        if known["how"] is None and column["how"]:
            found[column["header"]] = column
    return tuple(found.values())


_HOW = {"name": "by name", "content": "by content", "hand": "by hand", "remembered": "remembered"}


def in_words(columns: Iterable[Values]) -> list[str]:
    """Return a line that says which of *columns* were read as what, and why, if any were."""
    told = [
        f"“{column['header'][:80]}” as {name_of(column['field'])} ({_HOW[column['how']]})"
        if column["field"]
        else f"“{column['header'][:80]}” left out ({_HOW[column['how']]})"
        for column in columns
        if column["how"]
    ]
    return [f"  columns: {', '.join(told)}"] if told else []
