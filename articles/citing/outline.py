"""A text as part of a page: headings below its title, wide tables within reach of keys. Pure.

What stands in a body came from other pages, where an ``h3`` may have been the first of its kind.
Readers who go from heading to heading by ear take a level left out for something missed. Tables and
preformatted lines wider than the page are scrolled on their own, for which a keyboard needs a stop.
"""

import re

#: The level of a page's own title, and the lowest that HTML has.
_TITLE, _LOWEST = 1, 6

# A cleaned body is what nh3 wrote; see `articles.citing.paragraphs`.
_HEADING = re.compile(r'<(/?)h([1-6])((?: [a-z-]+="[^"]*")*)>')
_WIDE = re.compile(r"<(table|pre)(?=[ >])")


def outlined(body: str) -> str:
    """Return a cleaned *body* whose headings begin at level 2 and go down one level at a time.

    A heading that was below another stays below it; those of one level below the same heading
    stay of one level. Tables and preformatted lines become stops of the keyboard. Nothing else
    changes.
    """
    above: list[int] = []

    def renamed(tag: re.Match[str]) -> str:
        closes, attributes = tag[1], tag[3]
        if not closes:
            level = int(tag[2])
            while above and above[-1] >= level:
                above.pop()
            above.append(level)
        shown = min(_TITLE + max(1, len(above)), _LOWEST)
        return f"<{closes}h{shown}{attributes}>"

    return _WIDE.sub(r'<\1 tabindex="0"', _HEADING.sub(renamed, body))
