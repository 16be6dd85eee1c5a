"""From the texts of one row to the values of an entry: cleaned, checked, nothing silently lost.

What the archive's columns could not take is left out here and named in a diagnostic, so that one
bad cell never stops a file. The formats differ in where they find the texts, not in what follows.
"""

import datetime
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from articles import tangles
from articles.cleaning import HIGHEST_PART, clean_block, clean_line, clean_url
from articles.folding import fold
from articles.importing.formats import markup
from articles.importing.formats.context import remark
from articles.importing.formats.dates import moment, utc_text
from articles.importing.records import Values
from articles.listing.bylines import read_byline
from articles.listing.parts import part_line

#: Codes of the MARC relator list that a credit may have.
_ROLES = frozenset({"aut", "trl", "edt", "aui", "ill", "pht", "ivr", "ive", "ctb"})
_KINDS = frozenset({"person", "collective", "organisation"})
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8}){0,3}")
_LANGUAGES = {
    fold(name): code
    for code, names in {
        "en": "english englisch anglais inglés inglese inglês английский",
        "de": "german deutsch allemand alemán tedesco alemão немецкий",
        "fr": "french französisch français francés francese francês французский",
        "es": "spanish spanisch espagnol español spagnolo espanhol испанский",
        "it": "italian italienisch italien italiano итальянский",
        "pt": "portuguese portugiesisch portugais portugués portoghese português португальский",
        "ru": "russian russisch russe ruso russo русский",
    }.items()
    for name in names.split()
}
#: Words for a status, folded; what stands for no article of the public is a draft.
STATUS = {
    fold(name): status
    for status, names in {
        "published": "published publish public live online sent veröffentlicht publié publicado"
        " pubblicato опубликовано yes 1",
        "draft": "draft pending private auto-draft unpublished entwurf brouillon borrador bozza"
        " rascunho черновик no 0",
        "in_review": "in_review in-review review",
    }.items()
    for name in names.split()
}
_SEPARATORS = re.compile(r"\s*[;|\n]\s*")
_COMMAS = re.compile(r"\s*,\s*")
#: Longest texts of the columns that a plan does not check itself.
_LIMITS = {"publication": 200, "volume": 50, "issue": 50, "pages": 50, "slug": 120}
_LINES = ("kicker", "headline", "subtitle", "part_label")


@dataclass(slots=True)
class Row:
    """One row on its way to an entry: ``raw`` texts by field, the line they stand in.

    ``values`` and ``remarks`` are what comes of it.
    """

    line: int
    raw: Mapping[str, Any]
    values: Values = field(default_factory=dict)
    remarks: list[Values] = field(default_factory=list)

    def remark(self, code: str, message: str) -> None:
        self.remarks.append(remark(code, message, self.line))

    def text(self, name: str) -> str:
        """Return the text of a field as it came."""
        value = self.raw.get(name)
        return "" if value is None else str(value)


def fill(row: Row, stated: Collection[str]) -> None:
    """Fill ``row.values`` from its raw texts; the date is the column's to read.

    *stated* are the fields that the file has anywhere. Where a row leaves one of them empty it is
    empty; of a field that the file does not have, nothing is said.
    """
    for name in _LINES:
        if name in stated or name == "headline":
            row.values[name] = markup.line_text(row.text(name)) or None
    if not row.values["headline"]:
        row.remark("row-without-headline", "The row has no headline.")
    if "standfirst" in stated:
        row.values["standfirst"] = markup.block_text(row.text("standfirst")) or None
    for name, reader in _READERS.items():
        if clean_block(row.text(name)):
            reader(row)
        elif name in stated:
            row.values.setdefault(name, None)
    if {"part", "part_number"} & set(stated):
        row.values.pop("part", None)
        row.values.setdefault("part_number", None)
    if "byline" in stated:
        row.values.setdefault("authors", [])
    row.values["tags"] = row.values.get("tags") or []
    row.values["series"] = row.values.get("series") or []


def set_body(row: Row, html: str) -> None:
    """Give a row the body *html* holds, cleaned."""
    body, was_tangled = markup.safe_html(html)
    if was_tangled:
        row.remark(
            "markup-tangled",
            f"The markup of the body nests deeper than {tangles.DEEPEST} elements; its words alone"
            " were taken.",
        )
    if body:
        row.values["body"] = body


def set_credits(row: Row, names: list[str], role: str = "aut") -> None:
    """Credit *names*, each one author, and print them as the byline if there is none."""
    found = [name for text in names if (name := clean_line(text, 200))]
    authors = row.values.setdefault("authors", [])
    for name in dict.fromkeys(found):
        read = read_byline(name).credits
        kind = read[0].kind if len(read) == 1 else "person"
        authors.append({"name": name, "kind": kind, "role": role})
    if found and not row.values.get("byline"):
        row.values["byline"] = joined(list(dict.fromkeys(found)))


def joined(names: list[str]) -> str:
    """Return names as a byline prints them: "A, B and C"."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def set_moment(row: Row, found: datetime.datetime) -> None:
    """Schedule a row for a moment, which must have its zone."""
    row.values["visible_from"] = utc_text(found)


def _body(row: Row) -> None:
    text = row.text("body")
    if markup.looks_like_html(text):
        set_body(row, text)
    else:
        row.values["body"] = markup.paragraphs(text)


def _byline(row: Row) -> None:
    value = row.raw["byline"]
    if isinstance(value, list):
        set_credits(row, [str(name) for name in value])
        return
    text = row.text("byline")
    pieces = [clean_line(piece) for piece in _SEPARATORS.split(text.strip(" ;|\n"))]
    pieces = [piece for piece in pieces if piece]
    if len(pieces) > 1:
        row.values["byline"] = clean_line("; ".join(pieces))
        set_credits(row, pieces)
        return
    line = markup.line_text(text)
    line = re.sub(r"^(?:by|von|par|por|автор:?)\s+(?=\S)", "", line, flags=re.IGNORECASE)
    reading = read_byline(line, row.line)
    row.values["byline"] = line or None
    row.values["authors"] = [
        {
            "name": name,
            "kind": credit.kind,
            "role": credit.role if credit.role in _ROLES else "ctb",
        }
        for credit in reading.credits
        if (name := clean_line(credit.name, 200))
    ]
    for found in reading.diagnostics:
        row.remarks.append(
            remark(found.code, found.message, row.line, [dict(x) for x in found.alternatives])
        )


def _part(row: Row) -> None:
    text = clean_line(row.text("part"))
    number = re.fullmatch(r"#?([0-9]{1,6})(?:\.0)?", text)
    if number and 0 < int(number[1]) <= HIGHEST_PART:
        row.values["part_number"] = int(number[1])
        return
    row.values["part_label"] = row.values.get("part_label") or text
    label = part_line(text)
    digits = re.search(r"(?<![0-9])([0-9]{1,4})(?![0-9])", text)
    if label is not None and label.number:
        row.values["part_number"] = label.number
    elif digits and int(digits[1]):
        row.values["part_number"] = int(digits[1])
    else:
        row.remark("part-number-unclear", f"“{text[:80]}” names no part by its number.")


def _part_number(row: Row) -> None:
    text = clean_line(row.text("part_number"))
    if re.fullmatch(r"[0-9]{1,6}", text, re.ASCII) and 0 < int(text) <= HIGHEST_PART:
        row.values["part_number"] = int(text)
    else:
        row.remark("part-number-unclear", f"“{text[:80]}” is no number of a part.")


def _series(row: Row) -> None:
    title = clean_line(row.text("series"))
    if len(title) > 300:
        row.remark("value-too-long", "The title of the series has more than 300 characters.")
        return
    row.values["series"] = [{"title": title, "kind": "column", "part_number": None}]


def _tags(row: Row) -> None:
    value = row.raw.get("tags")
    if isinstance(value, list):
        pieces = [str(piece) for piece in value]
    else:
        text = row.text("tags").strip(" ;|\n,")
        pieces = (_SEPARATORS if re.search(r"[;|\n]", text) else _COMMAS).split(text)
    found = dict.fromkeys(clean_line(piece) for piece in pieces)
    for tag in [tag for tag in found if len(tag) > 100]:
        row.remark("value-too-long", f"The tag “{tag[:60]}…” has more than 100 characters.")
        del found[tag]
    row.values["tags"] = [tag for tag in found if tag]


def _language(row: Row) -> None:
    text = clean_line(row.text("language"))
    code = _LANGUAGES.get(fold(text), text)
    if _LANGUAGE.fullmatch(code) and code.isascii():
        row.values["language"] = code.replace("_", "-")
    else:
        row.remark("value-unusable", f"“{text[:80]}” is no language code such as en or pt-BR.")


def _source_url(row: Row) -> None:
    text = clean_line(row.text("source_url"))
    if address := clean_url(text):
        row.values["source_url"] = address
    else:
        row.remark("value-unusable", f"“{text[:120]}” is no http or https address.")


def _status(row: Row) -> None:
    text = clean_line(row.text("status"))
    if status := STATUS.get(fold(text)):
        row.values["status"] = status
    else:
        row.values["status"] = "draft"
        row.remark("status-unknown", f"The status “{text[:80]}” is not known here: a draft.")


def _visible_from(row: Row) -> None:
    found = moment(row.text("visible_from"))
    if found is None or found.tzinfo is None:
        text = clean_line(row.text("visible_from"), 80)
        row.remark("value-unusable", f"“{text}” is no moment with its zone; it is left out.")
    else:
        set_moment(row, found)


def _limited(name: str) -> Callable[[Row], None]:
    def read(row: Row) -> None:
        text = clean_line(re.sub(r"^([0-9]+)\.0$", r"\1", row.text(name).strip()))
        if len(text) > _LIMITS[name]:
            row.remark(
                "value-too-long",
                f"{name} has {len(text)} characters; at most {_LIMITS[name]} fit: “{text[:60]}…”.",
            )
        elif name == "slug" and (re.search(r"[/?#%\s\\]", text) or text in {".", ".."}):
            row.remark("value-unusable", f"“{text[:80]}” is no segment of an address.")
        else:
            row.values[name] = text.lower() if name == "slug" else text

    return read


_READERS: dict[str, Callable[[Row], None]] = {
    "body": _body,
    "byline": _byline,
    "part": _part,
    "part_number": _part_number,
    "series": _series,
    "tags": _tags,
    "language": _language,
    "source_url": _source_url,
    "status": _status,
    "visible_from": _visible_from,
    **{name: _limited(name) for name in _LIMITS},
}


def numbered_series(values: Values) -> set[str]:
    """Return the series, folded, that the values of a row make serials: it has a part number."""
    if not values.get("part_number"):
        return set()
    return {fold(place["title"]) for place in values.get("series") or []}


def number_series(values: Values, numbered: Collection[str]) -> None:
    """Settle what kind each series in the values of a row is: serial if it is *numbered*."""
    for place in values.get("series") or []:
        if fold(place["title"]) in numbered:
            place["kind"] = "serial"
            place["part_number"] = values.get("part_number")


def known_kind(kind: Any) -> str:
    """Return *kind* of an author if there is such a kind, else a person."""
    return kind if kind in _KINDS else "person"


def known_role(role: Any) -> str:
    """Return the role *role* of a credit if there is such a role, else a contributor's."""
    return role if role in _ROLES else "ctb"
