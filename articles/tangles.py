"""Markup that is a trap for parsers of HTML. Pure.

Parsers repair what is broken, and on markup of tens of thousands of elements that nobody closed the
repair takes minutes. `is_tangled` counts as a parser does (WHATWG HTML, section 13.2.6: the stack
of open elements) in one pass and without repairing anything.
"""

import re

#: Elements that may be open inside each other. Real pages stay below 100.
DEEPEST = 500

_TAG = re.compile(r"<(/?)([A-Za-z][^\s/>]{0,40})")
ANY_TAG = re.compile(r"<[/!?A-Za-z][^<>]*>")
_VOID = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param",
    "source", "track", "wbr",
})  # fmt: skip
#: Elements that end by themselves where the next begins.
_ENDING = frozenset({
    "p", "li", "dt", "dd", "td", "th", "tr", "thead", "tbody", "tfoot", "colgroup", "caption",
    "option", "optgroup", "rp", "rt",
})  # fmt: skip
#: An end tag reaches no element outside these.
_SCOPES = frozenset({
    "object", "applet", "marquee", "template", "table", "button", "select", "svg", "math",
})  # fmt: skip


def is_tangled(html: str) -> bool:
    """Whether *html* nests deeper than `DEEPEST` elements, closed or not. Linear time."""
    stack: list[str] = []
    for match in _TAG.finditer(html):
        name = match[2].lower()
        if name in _VOID or name in _ENDING:
            continue
        if not match[1]:
            stack.append(name)
            if len(stack) > DEEPEST:
                return True
            continue
        for place in range(len(stack) - 1, -1, -1):
            if stack[place] == name:
                del stack[place:]
                break
            if stack[place] in _SCOPES:
                break
    return False
