"""What the beginning and the end of a file tell of the place of dates: below or above the rest.

Between two dates alike files look alike whether the date stands first or last in an entry. Before
the first date and behind the last one they do not: what nearly all entries have stands only where
it belongs.
"""

from collections.abc import Iterable, Mapping

from articles.listing.blocks import Block
from articles.listing.forms import Form
from articles.listing.layouts import Dialect

#: Score of a line that is surely a date, a byline, a text.
_SURELY: Mapping[str, float] = {"D": 5.0, "B": 4.0, "F": 2.0}
#: What may stand in one line with a date that is no headline and no text.
_OF_DATES = frozenset("DBKJN")
#: Fewest stretches between dates, and share of these that have what entries have.
_FEWEST, _MOST_HAVE, _NEARLY_ALL = 4, 0.75, 0.9
#: Share of dates in other lines from which it does not tell which is that of the entry.
_SOME = 0.25
#: How much more a line weighs as a section than as a headline, and lines of an entry above a date.
_SECTION, _NEAR = 1.5, 5
#: A line this long is hardly anything but a text.
_LONG = 60
#: Bylines that differ from which none of them is the name of the page's author.
_SEVERAL = 3
#: Fewest dates that tell by how much stands between them that each is that of one entry.
_MANY = 8
#: What it costs a layout to have an element where the ends of the file have none.
_AGAINST = 12.0
#: What speaks against a section behind a date, where nothing shows that it stands there.
_USUAL = 4.0

Ends = Mapping[str, bool]


def ends_of(lines: Iterable[tuple[Block, list[Form]] | None], *, whole: bool) -> Ends:
    """Return of headlines, sections, bylines and texts, where most entries have them, whether they
    stand above the date of their entry (True) or below it; nothing of what does not tell.

    *lines* are those of a file, with None where some are left out; the *whole* of it, or only its
    beginning.
    """
    between: list[set[str]] = []
    # Whether the line right below each date is one of an entry; nothing below the last one.
    below: list[bool] = []
    is_first = False
    head: set[str] = set()
    stretch: set[str] | None = head
    is_between = False
    others = 0
    # The roles of the lines right above each date; of the page there may be some between.
    above: list[str] = []
    last = ""
    # The lines above the first date that are not of the page, the last ones first.
    opening: list[str] = []
    named: set[str] = set()
    # How many headings and texts stand between one date and the next.
    texts: list[int] = []
    for line in lines:
        if line is None:
            stretch, is_between = None, False
            continue
        role = _role(*line)
        if not above and line[1][0].roles != "X":
            opening.insert(0, role or ("K" if _is_section(line[1]) else "-"))
        if is_first:
            below.append(line[1][0].roles != "X")
        is_first = role == "D"
        if is_first:
            above.append(last)
        # In the head of a page what stands above a line of it is hardly of the first entry.
        last = last if line[1][0].roles == "X" and above else role
        others += any("D" in form.roles for form in line[1]) and not is_first
        if role == "D":
            texts.append(0)
        elif texts and role not in ("B", "K") and line[1][0].roles != "X":
            texts[-1] += 1
        if role == "D":
            if is_between and stretch is not None:
                between.append(stretch)
            stretch, is_between = set(), True
        elif stretch is not None and (role or _is_section(line[1])):
            stretch.add(role or "K")
            if role == "B" and len(named) < _SEVERAL:
                named.add(line[0].folded)
    tail = stretch if is_between else None
    if len(between) < _FEWEST or (whole and tail is None) or others > _SOME * len(between):
        return {}
    found = {}
    # Behind the last one stands the foot of the page.
    told = texts[:-1]
    few = sum(0 < count < 3 for count in told) >= _NEARLY_ALL * len(told)
    if few and told.count(2) > len(told) / 2 and len(told) >= _MANY:
        # A date with two lines again and again, and hardly ever with more, stands over no several
        # entries: these are headlines with their subtitles.
        found["L"] = False
    # Below the last date stands nothing but the foot of the page.
    closes = whole and (is_first or not below[-1]) and sum(below) >= _NEARLY_ALL * len(between)
    if closes:
        found["H"] = True
    if whole and sum("K" in one for one in between) >= _MOST_HAVE * len(between):
        # Several sections one below the other are the ways through the site.
        begins = "K" in opening[:_NEAR] and "KK" not in "".join(opening[:_NEAR])
        if tail is not None and begins is not ("K" in tail):
            found["K"] = begins
    for role in "BF":
        # What may be a text mostly is one; a name may be anything.
        kinds = {role, role.lower()} if role == "F" else {role}
        if sum(not kinds.isdisjoint(one) for one in between) < _MOST_HAVE * len(between):
            continue
        begins = not kinds.isdisjoint(head)
        ends = not whole or (tail is not None and not kinds.isdisjoint(tail))
        other = head if ends else tail
        right_above = above.count(role) >= _NEARLY_ALL * len(between)
        several = role == "B" and len(named) >= _SEVERAL
        if begins is not ends and (several or not (other and role.lower() in other)):
            # What stands far above the first date may be of the page: its author, a text of it.
            if ends or closes or several or (right_above and above[0] == role):
                found[role] = begins
        elif ends and above[0] not in (role, role.lower()) and right_above:
            # The head of the page has one too, but not right above the first date.
            found[role] = False
    return found


def against(layout: Dialect, ends: Ends) -> float:
    """Return what *ends* speak against a layout: elements on the other side of its date."""
    letters = layout.lead + layout.layout
    # What the ends of the file show is no less usual than elsewhere.
    behind = ends.get("K") is False and letters.find("K") > letters.index("D")
    over = bool(layout.lead) and "L" in ends
    return (
        -_USUAL * behind
        + _AGAINST * over
        + _AGAINST
        * sum(
            role in letters and (letters.index(role) < letters.index("D")) is not above
            for role, above in ends.items()
        )
    )


def _is_section(forms: Iterable[Form]) -> bool:
    """Tell whether a line is rather a section than a headline: it comes again."""
    scores = {form.roles: form.score for form in forms}
    return scores.get("K", 0.0) >= scores.get("H", 0.0) + _SECTION


def _role(block: Block, forms: Iterable[Form]) -> str:
    """Return the role of a line that surely has one, "D" also of a date with a section; "b" or "f"
    of one that may be a byline or a text.
    """
    likely = "f" if block.shape.length >= _LONG else ""
    for form in forms:
        # A date with who wrote it, or with its section, is the date of an entry.
        role = "D" if "D" in form.roles and _OF_DATES.issuperset(form.roles) else form.roles
        if role in _SURELY and form.score >= _SURELY[role]:
            return role
        if role in ("B", "F") and form.score > 0.0:
            likely = role.lower()
    return likely
