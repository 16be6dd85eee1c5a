"""Two texts side by side, with what differs marked."""

import re
from difflib import SequenceMatcher

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_WORDS = re.compile(r"\s+|[^\W_]+|.", re.DOTALL)
#: Words of longer texts are not compared one by one.
_LONGEST = 4000
#: Texts less alike are shown one after the other.
_ALIKE = 0.7


def marked(
    old: str, new: str, tags: tuple[str, str] = ("del", "ins")
) -> tuple[SafeString, SafeString]:
    """Return *old* and *new* with the first and the second of *tags* around what the other has not;
    as they stand if they are long."""
    if len(old) > _LONGEST or len(new) > _LONGEST:
        return format_html("{}", old), format_html("{}", new)
    one, two = _WORDS.findall(old), _WORDS.findall(new)
    left: list[tuple[str, bool]] = []
    right: list[tuple[str, bool]] = []
    for what, a, b, c, d in SequenceMatcher(None, one, two, autojunk=False).get_opcodes():
        left.append(("".join(one[a:b]), what != "equal"))
        right.append(("".join(two[c:d]), what != "equal"))
    return _join(left, tags[0]), _join(right, tags[1])


def told_apart(one: str, two: str) -> tuple[SafeString, SafeString]:
    """Return both with ``<mark>`` around what the other has not: neither comes or goes yet."""
    return marked(one, two, ("mark", "mark"))


def merged(old: str, new: str, reach: int = 40) -> SafeString:
    """Return one text with what goes in ``<del>`` and what comes in ``<ins>``, and only a little of
    what stays around them."""
    if len(old) > _LONGEST or len(new) > _LONGEST:
        return format_html("<ins>{}</ins>", new[:reach])
    one, two = _WORDS.findall(old), _WORDS.findall(new)
    compared = SequenceMatcher(None, one, two, autojunk=False)
    if compared.ratio() < _ALIKE:
        gone_whole = format_html("<del>{}</del>", old) if old else ""
        return format_html("{} {}", gone_whole, format_html("<ins>{}</ins>", new) if new else "")
    codes = compared.get_opcodes()
    shown: list[tuple[SafeString]] = []
    for place, (what, a, b, c, d) in enumerate(codes):
        gone, came = "".join(one[a:b]), "".join(two[c:d])
        if what == "equal":
            text = gone
            if place and place < len(codes) - 1 and len(text) > 2 * reach:
                text = f"{text[:reach]} … {text[-reach:]}"
            elif not place and len(text) > reach:
                text = f"… {text[-reach:]}"
            elif place and len(text) > reach:
                text = f"{text[:reach]} …"
            shown.append((format_html("{}", text),))
            continue
        if gone:
            shown.append((format_html("<del>{}</del>", gone),))
        if came:
            shown.append((format_html("<ins>{}</ins>", came),))
    return format_html_join("", "{}", shown)


def _join(pieces: list[tuple[str, bool]], tag: str) -> SafeString:
    form = {"del": "<del>{}</del>", "ins": "<ins>{}</ins>", "mark": "<mark>{}</mark>"}[tag]
    shown = [(format_html(form, text) if differs else text,) for text, differs in pieces if text]
    return format_html_join("", "{}", shown)


def around(text: str, start: int, end: int, reach: int = 60) -> SafeString:
    """Return the characters *start* to *end* of a text marked, with some of what is around."""
    start, end = max(0, min(start, len(text))), max(0, min(end, len(text)))
    first, last = max(0, start - reach), min(len(text), end + reach)
    return format_html(
        "{}{}<mark>{}</mark>{}{}",
        "… " if first else "",
        text[first:start],
        text[start:end],
        text[end:last],
        " …" if last < len(text) else "",
    )
