"""Names with the last name first: "Quill, Orla and Meer, I."."""

import re

_LAST = r"[^\W\d_][\w’'-]+(?:\s[^\W\d_][\w’'-]+)?"
_FIRST = r"(?:[^\W\d_]\.[\s-]?){1,3}(?<=\.)|[^\W\d_][\w’'-]+(?:\s[^\W\d_]\.)?"
_TWO_WORDS = r"[^\W\d_][\w’'-]+(?:\s[^\W\d_][\w’'-]+){1,2}"
_JOINED = r"(?:,?\s(?:and|&|und|et|y|e|en|и)\s|;\s|,\s)"
# Of two first names one last name stands before them: "Quill, Orla" and "Quill, Mary Ann".
_TURNED = (
    rf"(?:{_LAST},\s(?:{_FIRST})"
    rf"|[^\W\d_][\w’'-]+,\s[^\W\d_][\w’'-]+\s[^\W\d_][\w’'-]+)"
)
_INVERTED = re.compile(rf"{_TURNED}(?:{_JOINED}(?:{_TURNED}|{_TWO_WORDS})){{0,5}}")
_INVERTED_NAME = re.compile(
    rf"(?:(?P<last>{_LAST}),\s(?P<first>(?:{_FIRST})(?:\s[^\W\d_][\w’'-]+)?)"
    rf"|(?P<plain>{_TWO_WORDS}))(?:{_JOINED}|\Z)"
)
# "Silence, catalogued".
_NO_NAME = re.compile(r",\s(?!(?:and|und|et|y|e|en|и)\s)[a-zà-öø-ÿа-яё]")
_LONGEST = 200


def is_inverted(text: str) -> bool:
    """Tell whether *text* is names with the last name first, but for a full stop at its end."""
    return len(text) <= _LONGEST and _end(text) > 0 and _NO_NAME.search(text) is None


def turned(text: str) -> str:
    """Return *text*, inverted names, in the usual order, parted by semicolons."""
    names = []
    for match in _INVERTED_NAME.finditer(text, 0, _end(text)):
        last, first = match["last"], match["first"]
        names.append(f"{first} {last}" if last else match["plain"])
    return "; ".join(names)


def _end(text: str) -> int:
    """Return where the names end that *text* is but for a full stop; 0 if it is none."""
    ends = (len(text), len(text) - 1) if text[-1:] == "." else (len(text),)
    return next((end for end in ends if _INVERTED.fullmatch(text, 0, end) is not None), 0)
