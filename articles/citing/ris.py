"""RIS records, for reference managers (Research Information Systems, format of 2001). Pure.

The file is UTF-8 with the line ends that the format asks for. Zotero, EndNote and Mendeley read it.
"""

from collections.abc import Iterable

from articles.citing.reference import Reference

#: The type that the format is known by; it was never registered.
MEDIA_TYPE = "application/x-research-info-systems; charset=utf-8"


def ris(references: Iterable[Reference]) -> str:
    """Return the records of *references*, in their order; ``""`` for none."""
    return "".join(_record(reference) for reference in references)


def _record(reference: Reference) -> str:
    first, last = page_bounds(reference.page_range)
    lines = [("TY", "MGZN" if reference.publication else "ELEC")]
    lines += [("AU", person.inverted) for person in reference.authors]
    lines += [("ED", person.inverted) for person in reference.in_role("edt")]
    lines += [("A4", person.inverted) for person in reference.in_role("trl")]
    lines += [
        ("TI", reference.title),
        ("T2", reference.publication or reference.archive),
        ("VL", reference.volume),
        ("IS", reference.issue),
        ("SP", first),
        ("EP", last),
        ("PY", f"{reference.year:04d}"),
        ("DA", _date(reference)),
        ("LA", reference.language),
        ("DB", reference.archive),
        # There is no field for rights: managers show a note beside the reference.
        ("N1", f"Rights: {reference.rights}" if reference.rights else ""),
        ("UR", reference.url),
        ("ID", reference.key),
    ]
    lines += [("KW", word) for word in reference.keywords]
    lines.append(("ER", ""))
    # A line begins with a tag: no value may hold a line of its own.
    written = (
        f"{tag}  - {' '.join(value.split())}" for tag, value in lines if value or tag == "ER"
    )
    return "\r\n".join(written) + "\r\n\r\n"


def _date(reference: Reference) -> str:
    """Return ``YYYY/MM/DD/``; what is not known is left empty, as the format has it."""
    month = "" if reference.month is None else f"{reference.month:02d}"
    day = "" if reference.day is None else f"{reference.day:02d}"
    return f"{reference.year:04d}/{month}/{day}/"


def page_bounds(pages: str) -> tuple[str, str]:
    """Return the first page and the last one, if *pages* is one range; else all of it."""
    first, dash, last = pages.partition("–")
    if not dash or "–" in last or "," in pages:
        return pages, ""
    return first.strip(), last.strip()
