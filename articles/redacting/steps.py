"""What a removal does, place by place: for the question before it and the record after it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import models

#: Examples that are shown of a place.
SHOWN = 3
#: Characters around a change that an example shows.
_AROUND = 60


@dataclass(slots=True)
class Step:
    """One place: a table and a column (or a folder), what is done there and how often.

    ``examples`` are (which row, before, after): for whoever decides, never stored.
    """

    place: str
    act: str
    count: int = 0
    examples: list[tuple[str, str, str]] = field(default_factory=list)


class Steps:
    """The places of one removal, in the order in which they were found."""

    def __init__(self) -> None:
        self._steps: dict[tuple[str, str], Step] = {}
        #: What a person has to look at, in words.
        self.remarks: list[str] = []

    def __iter__(self) -> Iterator[Step]:
        return iter(self._steps.values())

    def __len__(self) -> int:
        return sum(step.count for step in self)

    def add(self, place: str, act: str, row: str = "", old: Any = "", new: Any = "") -> None:
        """Count one thing done at *place*, and keep it as an example if there are few."""
        step = self._steps.setdefault((place, act), Step(place, act))
        step.count += 1
        if len(step.examples) < SHOWN:
            before, after = _excerpt(str(old), str(new))
            step.examples.append((row, before, after))

    def as_json(self) -> list[dict[str, Any]]:
        """Return place, act and count of each: what the record keeps."""
        return [{"place": step.place, "act": step.act, "count": step.count} for step in self]


def place_of(model: type[models.Model], column: str = "") -> str:
    """Return the name of a table, and of a column of it, in words."""
    meta = model._meta
    named = str(meta.verbose_name_plural)
    if not column:
        return named
    found = meta.get_field(column)
    return f"{named}: {getattr(found, 'verbose_name', column)}"


def _excerpt(old: str, new: str) -> tuple[str, str]:
    """Return the part of two texts in which they differ first, with a little around it."""
    same = 0
    while same < min(len(old), len(new)) and old[same] == new[same]:
        same += 1
    start = max(0, same - _AROUND)
    return tuple(  # type: ignore[return-value]
        ("…" if start else "") + text[start : same + _AROUND].replace("\n", " ")
        + ("…" if len(text) > same + _AROUND else "")
        for text in (old, new)
    )  # fmt: skip
