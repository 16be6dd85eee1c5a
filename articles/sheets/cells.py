"""What stands in the cells of a sheet of articles, and the way back. Pure.

A sheet has a row for each article, and names it by its permanent key and the version that was
written. Values are those of `articles.writing.state`; each is one text. Lists are parted by
semicolons, and what could be taken for a separator is escaped, so that a text that nobody touched
means what it meant.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

#: What is changed by editing a cell, in the order of the columns; the body only if it is asked for.
EDITABLE = (
    "published_on", "kicker", "headline", "subtitle", "part_label", "byline", "authors", "series",
    "tags", "standfirst", "language", "publication", "volume", "issue", "pages",
    "rights", "source_url", "slug",
)  # fmt: skip
BODY = "body"
#: What says which article it is, and what is there to be looked at only.
KEY, VERSION = "key", "version"
#: The statement of the setting RIGHTS is among it: whose rights the sheet states, may be known
#: when another one holds.
SITE_RIGHTS = "site_rights"
SHOWN = ("status", "address", SITE_RIGHTS)
#: What the ledger calls the lists.
LISTS = {"authors": "credits", "series": "parts", "tags": "tags"}
#: The heading of the keys where texts have an apostrophe before what could be a formula.
GUARDED = "key (guarded)"
#: Characters that a cell holds at most, in Excel and what follows it, and what stands there else.
LONGEST = 32_767
LEFT_OUT = "(longer than a cell can hold; left out)"

#: What a spreadsheet program takes for a formula, apostrophes before it or not.
_RISKY = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_ROLE = re.compile(r"(.*\S)\s*\(([a-z]{3})\)", re.DOTALL)
_NUMBER = re.compile(r"(.*\S)\s*#([0-9]{1,6}|-)", re.DOTALL)
_ENDS_LIKE_ROLE = re.compile(r"\([a-z]{3}\)$")
_ENDS_LIKE_NUMBER = re.compile(r"#(?:[0-9]{1,6}|-)$")


@dataclass(frozen=True, slots=True)
class Named:
    """One item of a list: the name, and the role of a credit or the number of a part."""

    name: str
    role: str = "aut"
    number: int | None = None


def columns(*, with_body: bool) -> tuple[str, ...]:
    """Return the headings of a sheet."""
    return (KEY, VERSION, *EDITABLE, *SHOWN, *((BODY,) if with_body else ()))


def guarded(text: str) -> str:
    """Return *text* with an apostrophe before it if a program could run it as a formula."""
    return f"'{text}" if _RISKY.match(text) else text


def unguarded(text: str) -> str:
    """Return what `guarded` was given."""
    return text[1:] if text.startswith("'") and _RISKY.match(text) else text


def text_of(name: str, values: Mapping[str, Any]) -> str:
    """Return the text of the column *name* of an article with these *values*."""
    if name == "authors":
        return _joined(_credit(item) for item in values["credits"] or [])
    if name == "series":
        return _joined(_place(item) for item in values["parts"] or [])
    if name == "tags":
        return _joined(_escaped(item["name"]) for item in values["tags"] or [])
    return plain(str(values[name] or ""))


def plain(text: str) -> str:
    """Return *text* as cells are compared: line ends of one kind, no spaces around it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _joined(items: Any) -> str:
    return "; ".join(items)


def _escaped(name: str) -> str:
    return name.replace("\\", "\\\\").replace(";", "\\;")


def _credit(item: Mapping[str, Any]) -> str:
    name, role = _escaped(item["name"]), item["role"]
    return f"{name} ({role})" if role != "aut" or _ENDS_LIKE_ROLE.search(name) else name


def _place(item: Mapping[str, Any]) -> str:
    title, number = _escaped(item["title"]), item["part_number"]
    if number is None and not _ENDS_LIKE_NUMBER.search(title):
        return title
    return f"{title} #{'-' if number is None else number}"


def items_of(name: str, text: str, roles: Sequence[str]) -> list[Named]:
    """Return the items of a list column: what `text_of` wrote, or a person."""
    found = []
    for piece in _pieces(text):
        if name == "authors":
            match = _ROLE.fullmatch(piece)
            is_role = match is not None and match[2] in roles
            found.append(Named(match[1], match[2]) if match and is_role else Named(piece))
        elif name == "series":
            match = _NUMBER.fullmatch(piece)
            number = int(match[2]) if match and match[2] != "-" else None
            found.append(Named(match[1] if match else piece, number=number))
        else:
            found.append(Named(piece))
    return list(dict.fromkeys(found))


def _pieces(text: str) -> list[str]:
    pieces, piece = [], ""
    is_escaped = False
    for char in f"{text.replace(chr(10), ';')};":
        if is_escaped:
            piece, is_escaped = piece + (char if char in "\\;" else f"\\{char}"), False
        elif char == "\\":
            is_escaped = True
        elif char == ";":
            pieces.append(" ".join(piece.split()))
            piece = ""
        else:
            piece += char
    rest = f"{piece}\\" if is_escaped else piece
    return [found for found in (*pieces, " ".join(rest.strip("; ").split())) if found]
