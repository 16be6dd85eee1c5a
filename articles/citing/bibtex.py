"""BibTeX entries, for LaTeX with BibTeX or biblatex and for reference managers. Pure.

The file is UTF-8: letters of every script stand as they are. What TeX reads as a command is written
as one; braces are spelled out, since BibTeX counts them even after a backslash.
"""

import re
from collections.abc import Iterable, Sequence

from articles.citing.reference import Person, Reference
from articles.folding import slugify

#: The type that the format is known by; it was never registered.
MEDIA_TYPE = "application/x-bibtex; charset=utf-8"

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{character: f"\\{character}" for character in "&%$#_"},
}
_SPECIALS = re.compile("|".join(map(re.escape, _SPECIAL)))
_AND = re.compile(r"(?<!\S)and(?!\S)", re.IGNORECASE)
#: BibTeX's own names of the months, defined by every style.
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
#: What `langid` may say: names of babel, of the languages that biblatex speaks. It knows no codes.
_LANGUAGES = {
    "bg": "bulgarian", "ca": "catalan", "cs": "czech", "da": "danish", "de": "ngerman",
    "de-at": "naustrian", "de-ch": "nswissgerman", "el": "greek", "en": "english",
    "en-au": "australian", "en-ca": "canadian", "en-gb": "british", "en-nz": "newzealand",
    "en-us": "american", "es": "spanish", "et": "estonian", "eu": "basque", "fi": "finnish",
    "fr": "french", "gl": "galician", "hr": "croatian", "hu": "hungarian", "is": "icelandic",
    "it": "italian", "lt": "lithuanian", "lv": "latvian", "mr": "marathi", "nb": "norsk",
    "nl": "dutch", "nn": "nynorsk", "no": "norsk", "pl": "polish", "pt": "portuguese",
    "pt-br": "brazilian", "ro": "romanian", "ru": "russian", "sk": "slovak", "sl": "slovene",
    "sr": "serbian", "sv": "swedish", "tr": "turkish", "uk": "ukrainian",
}  # fmt: skip
#: Fields that hold names, by MARC relator code (biblatex manual, 2.2.2).
_NAMES = (("trl", "translator"), ("edt", "editor"), ("aui", "introduction"))


def bibtex(references: Iterable[Reference]) -> str:
    """Return the entries of *references*, in their order; ``""`` for none."""
    return "\n".join(_entry(reference) for reference in references)


def escape(text: str) -> str:
    """Return *text* as it stands in a field."""
    return _SPECIALS.sub(lambda found: _SPECIAL[found.group()], text)


def _entry(reference: Reference) -> str:
    kind = "article" if reference.publication else "misc"
    # Braces around a whole title keep a style from lowering its capitals.
    fields = [("author", _names(reference.authors)), ("title", f"{{{escape(reference.title)}}}")]
    fields += [(name, _names(reference.in_role(role))) for role, name in _NAMES]
    if reference.publication:
        fields += [
            ("journal", escape(reference.publication)),
            ("volume", escape(reference.volume)),
            ("number", escape(reference.issue)),
            ("pages", escape(reference.page_range.replace("–", "--"))),
        ]
    fields += [
        ("howpublished", "" if reference.publication else escape(reference.archive)),
        # `date` is biblatex's, the others are what BibTeX's own styles read.
        ("date", reference.iso_date),
        ("year", f"{reference.year:04d}"),
        ("url", reference.url),
        # Of no style's concern, and what reference managers keep.
        ("copyright", escape(reference.rights)),
        ("langid", _language(reference.language)),
        ("keywords", escape(", ".join(word.replace(",", " ") for word in reference.keywords))),
    ]
    lines = [f"  {name} = {{{value}}}" for name, value in fields if value]
    if reference.month is not None:
        lines.append(f"  month = {_MONTHS[reference.month - 1]}")
    if reference.day is not None:
        lines.append(f"  day = {{{reference.day}}}")
    return f"@{kind}{{{entry_key(reference)},\n" + ",\n".join(lines) + "\n}\n"


def entry_key(reference: Reference) -> str:
    """Return the name of the entry: family name, year and permanent key, ASCII."""
    author = next(iter(reference.authors), None)
    name = reference.archive
    if author is not None:
        name = author.name_parts[0] if author.name_parts else author.name
    word = slugify(name, "anon", max_length=24)
    plain = re.sub(r"[^a-z0-9]", "", word) or "anon"
    return f"{plain}{reference.year}_{reference.key}"


def _language(code: str) -> str:
    """Return babel's name of a language; ``""`` where biblatex would only warn of it."""
    low = code.lower().replace("_", "-")
    return _LANGUAGES.get(low, _LANGUAGES.get(low.partition("-")[0], ""))


def _names(people: Sequence[Person]) -> str:
    return " and ".join(map(_name, people))


def _name(person: Person) -> str:
    """Return a name by its parts; one that has none in braces, which keep it whole."""
    parts = person.name_parts
    if parts is None:
        return f"{{{escape(person.name)}}}"
    family, given, suffix = map(_part, parts)
    return f"{family}, {suffix}, {given}" if suffix else f"{family}, {given}"


def _part(text: str) -> str:
    return f"{{{escape(text)}}}" if _AND.search(text) else escape(text)
