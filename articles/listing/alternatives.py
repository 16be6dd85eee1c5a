"""Long lists of phrases as regular expressions: only those that begin as a text does are tried."""

import re
from collections.abc import Iterator
from functools import lru_cache


class Phrases:
    """A regular expression of many alternatives, which *before* and *behind* enclose.

    *before* may match spaces and one of *signs*. A text is held against the alternatives that may
    begin with its first character: of some hundred that is a handful.
    """

    def __init__(self, before: str, alternatives: str, behind: str, signs: str) -> None:
        self.before, self.behind, self.signs = before, behind, signs
        self.alternatives = tuple(_parted(alternatives))
        self._of = lru_cache(maxsize=500)(self._beginning_with)

    def match(self, text: str) -> bool:
        """Tell whether the regular expression matches *text*."""
        first = text.lstrip()[:1]
        return self._of("" if first in self.signs else first).match(text) is not None

    def _beginning_with(self, first: str) -> re.Pattern[str]:
        found = [each for each in self.alternatives if not first or _may_begin(each, first)]
        return _compiled(f"{self.before}(?:{'|'.join(found) or '(?!)'}){self.behind}")


@lru_cache(maxsize=500)
def _compiled(form: str) -> re.Pattern[str]:
    return re.compile(form)


def _parted(form: str) -> Iterator[str]:
    """Yield the alternatives of *form*."""
    start = position = depth = 0
    while position < len(form):
        mark = form[position]
        if mark == "[":
            position = _class_end(form, position)
            continue
        depth += (mark == "(") - (mark == ")")
        if mark == "|" and not depth:
            yield form[start:position]
            start = position + 1
        position += 2 if mark == "\\" else 1
    yield form[start:]


def _class_end(form: str, start: int) -> int:
    """Return where the class of characters ends that begins at *start*."""
    position = start + 1
    while form[position] != "]":
        position += 2 if form[position] == "\\" else 1
    return position + 1


def _may_begin(form: str, first: str) -> bool:
    """Tell whether what *form* matches may begin with *first*; True where that is not plain."""
    while form:
        if form[0] == "(":
            if not form.startswith("(?:"):
                return True
            depth, end = 1, 3
            while depth:
                if form[end] == "[":
                    end = _class_end(form, end)
                    continue
                depth += (form[end] == "(") - (form[end] == ")")
                end += 2 if form[end] == "\\" else 1
            found = any(_may_begin(each, first) for each in _parted(form[3 : end - 1]))
        elif form[0] == "[":
            end = _class_end(form, 0)
            found = form[1] == "^" or re.match(form[:end], first) is not None
        else:
            escaped = form[0] == "\\"
            end = 2 if escaped else 1
            found = form[0] in (first, ".") or (escaped and re.match(form[:2], first) is not None)
        optional = form[end : end + 1] in ("?", "*") or form[end : end + 2] == "{0"
        # A space before the text may be one of the phrase, if that must have it.
        if found or (not optional and form[:end] in (" ", r"\s")):
            return True
        if not optional:
            return False
        form = form[end:].lstrip("?*")
        if form.startswith("{"):
            form = form[form.index("}") + 1 :]
    return True
