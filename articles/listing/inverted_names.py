"""Names with the last name first: "Quill, Orla and Meer, I."."""

import re

_TITLE = r"(?:(?:Prof|Dr|Mag|Rev)\.\s)"
_LAST = r"[^\W\d_][\w’'-]+(?:\s[^\W\d_][\w’'-]+)?"
# "Quill, Orla von der": what belongs before the last name stands last.
_BEFORE_LAST = r"(?:\s(?:von|van|de|di|da|del|du|af|zu)(?:\s(?:der|den|dem|la|las|los))?)?"
_FIRST = (
    r"(?:(?:Rev|Dr|Fr|Canon|Sir)\.?\s)?(?:[^\W\d_]\.[\s-]?){1,3}(?<=\.)"
    r"|[^\W\d_][\w’'-]+(?:\s[^\W\d_]\.|\sSt\.\s[^\W\d_][\w’'-]+)?"
)
_TWO_WORDS = r"[^\W\d_][\w’'-]+(?:\s[^\W\d_][\w’'-]+){1,2}"
_JOINED = r"(?:,?\s(?:and|&|und|et|y|e|en|и)\s|;\s|,\s)"
# Of two first names one last name stands before them: "Quill, Orla" and "Quill, Mary Ann".
_TURNED = (
    rf"(?:{_TITLE}{{0,2}}{_LAST},\s(?:{_FIRST}){_BEFORE_LAST}"
    rf"|[^\W\d_][\w’'-]+,\s[^\W\d_][\w’'-]+\s[^\W\d_][\w’'-]+)"
)
_INVERTED = re.compile(rf"{_TURNED}(?:{_JOINED}(?:{_TURNED}|{_TWO_WORDS})){{0,5}}")
_INVERTED_NAME = re.compile(
    rf"(?:(?P<title>{_TITLE}{{0,2}})(?P<last>{_LAST}),"
    rf"\s(?P<first>(?:{_FIRST})(?:{_BEFORE_LAST}(?={_JOINED}|\.?\Z)|(?:\s[^\W\d_][\w’'-]+)?))"
    rf"|(?P<plain>{_TWO_WORDS}))(?:{_JOINED}|\Z)"
)
# "Silence, catalogued"; "Orla Quill, Jr.".
_NO_NAME = re.compile(r",\s(?:[JS]r|II|III|IV)\b|,\s(?!(?:and|und|et|y|e|en|и)\s)[a-zà-öø-ÿа-яё]")
_LONGEST = 200


def is_inverted(text: str) -> bool:
    """Tell whether *text* is names with the last name first, but for a full stop at its end."""
    return len(text) <= _LONGEST and _end(text) > 0 and _NO_NAME.search(text) is None


def turned(text: str) -> str:
    """Return *text*, inverted names, in the usual order, parted by semicolons."""
    names = []
    for match in _INVERTED_NAME.finditer(text, 0, _end(text)):
        last, first = match["last"], match["first"]
        names.append(f"{match['title']}{first} {last}" if last else match["plain"])
    return "; ".join(names)


def _end(text: str) -> int:
    """Return where the names end that *text* is but for a full stop; 0 if it is none."""
    ends = (len(text), len(text) - 1) if text[-1:] == "." else (len(text),)
    return next((end for end in ends if _INVERTED.fullmatch(text, 0, end) is not None), 0)
