"""A layout derived from the file itself, where no known dialect fits: which forms recur in which
order.

The kinds of rows (``rows``) are learned first. What stands on lines of its own beside them may
stand in any order: every order is tried on a sample, and the one that makes the most regular
listing of it wins. The known dialects are tried beside them (``recognising``).
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace
from itertools import permutations

from articles.listing.bare_names import bare_name
from articles.listing.bylines import is_ditto
from articles.listing.credit_edges import byline_in
from articles.listing.date_edges import MAY_DATE
from articles.listing.date_orders import FigureDates
from articles.listing.furniture import is_said
from articles.listing.imprints import dated_hit, says_printed
from articles.listing.inverted_names import is_inverted
from articles.listing.issues import issue_line
from articles.listing.layouts import Dialect
from articles.listing.markup import without_marks
from articles.listing.numberings import numbering
from articles.listing.partial_dates import Calendar, Habit, habit_of
from articles.listing.parts import part_at_end, part_inside
from articles.listing.reference_parts import sentences
from articles.listing.row_kinds import Row, Rows
from articles.listing.row_reading import read_row
from articles.listing.rows import learn
from articles.listing.segments import Reader

NAME = "derived"
#: Lines from which rows and habits are learned.
_LEARNED_LINES = 400
#: How often a line comes again that is no row: times, and by the share of all lines.
_OFTEN, _OFTEN_BY_SHARE = 4, 0.08
_UNUSUAL = -2.0
_LEAD = -1.0
_BEHIND = -4.0
_USUAL = ("HBDF", "HDBF", "DHBF", "HFBD", "HBFD")
_LESS_USUAL = ("BDHF", "DBHF", "DHFB")
_RARER = -0.5
#: Share of the entries with a kicker from which it may stand behind the headline.
_MOST_HAVE_KICKERS = 0.6
#: Fewest titles with a second sentence, and their least share, that show that these are subtitles.
_FEWEST_PARTED, _PARTED = 3, 0.25
#: Fewest lines of nothing but an inverted name that show that such are bylines.
_FEWEST_TURNED = 3
_ELEMENTS = {"B": "B?", "D": "D", "F": "F*", "K": "K?", "S": "S?", "H": "H"}


def learn_rows(lines: Sequence[str], day_first: bool | None, names: frozenset[str]) -> Rows:
    """Return what *lines*, the beginning of a file, teach of rows, numbers and partial dates."""
    told = [without_marks(text) for text in lines if text and not text.isspace()][:_LEARNED_LINES]
    # Nor are lines of the page: "PRINT EDITION Ferry Sinks | May 20, 2024, Page A1".
    told = [text for text in told if not (MAY_DATE.search(text) and is_said(text))]
    again = Counter(told)
    # What comes again and again as it is, is no row of fields: "Edit | Trash | View".
    least = max(_OFTEN, _OFTEN_BY_SHARE * len(told))
    told = [text for text in told if again[text] < least and dated_hit(text) is None]
    told = [text for text in told if not _heads_issue(text) and not says_printed(text)]
    habit = habit_of(told)
    numbers = numbering(told if habit is None else list(_undated(told, habit)))
    if day_first is None:
        day_first = order_of(told, numbers)
    reader = Reader(day_first, Calendar(habit) if habit else None, numbers)
    rows = learn(told, reader, names)
    days = (habit.days_alone, habit.day_first, habit.months) if habit else None
    paged = sum(reader.page_of(text, 0) is not None for text in told) >= max(3, 0.15 * len(told))
    if paged:
        rows = tuple(replace(row, parted=_are_parted(row, told, reader, names)) for row in rows)
    return Rows(rows, numbers, days, day_first, paged, _inverted(rows, told, reader, names))


def _heads_issue(text: str) -> bool:
    """Tell whether *text* is the heading of an issue that has nothing but its year: "45 | 2022"."""
    issue = issue_line(text)
    return issue is not None and issue.date is not None and issue.date.month is None


def _undated(lines: Sequence[str], habit: Habit) -> Iterator[str]:
    """Yield *lines* that do not begin with a date without a year: "16. Mai" is no number 16."""
    calendar = Calendar(habit)
    for text in lines:
        if calendar.heading(text) is None and calendar.at_start(text) is None:
            yield text


def reader_of(rows: Rows, day_first: bool | None) -> Reader:
    """Return a reader with the habits that *rows* has learned, at the beginning of a file."""
    calendar = Calendar(Habit(*rows.days)) if rows.days is not None else None
    return Reader(day_first, calendar, rows.numbers)


def candidates(rows: Sequence[Row], present: Set[str] = frozenset("BF")) -> Iterator[Dialect]:
    """Yield each layout that entries may have whose rows are *rows*.

    Bylines and standfirsts on lines of their own stand in it if they are among *present*;
    with "I" names may stand over several entries.
    """
    groups = _groups(rows)
    within = "".join(groups)
    singles = [role for role in "HBDF" if role not in within and (role in "HD" or role in present)]
    for order in permutations(groups + singles):
        letters = "".join(order)
        if _begins_with_prose(letters, singles):
            continue
        told = "".join(letter for letter in letters if letter in "HBDF")
        prior = 0.0 if told in _USUAL else _RARER if told in _LESS_USUAL else _UNUSUAL
        yield Dialect(NAME, "", _layout(order, within), prior=prior)
    if not any("D" in group and len(group) > 1 for group in groups):
        rest = [role for role in groups + singles if role != "D"]
        for order in permutations(rest):
            if _begins_with_prose("".join(order), "F"):
                continue
            yield Dialect(NAME, "", _layout(order, within), lead="D", prior=_LEAD)
    if "I" in present:
        yield from _author_index(groups, singles)


def _author_index(groups: Sequence[str], singles: Sequence[str]) -> Iterator[Dialect]:
    """Yield layouts for rows with headline and date below the names of their authors."""
    if "B" not in singles or not any({"H", "D"} <= set(group) for group in groups):
        return
    rest = [role for role in singles if role != "B"]
    for order in permutations([*groups, *rest]):
        if not _begins_with_prose("".join(order), "F"):
            yield Dialect(NAME, "", _layout(order, "".join(groups)), lead="B", prior=_LEAD)


def _begins_with_prose(letters: str, singles: Sequence[str]) -> bool:
    place = letters.find("F")
    return place == 0 or (place > 0 and "F" in singles and place < letters.index("H"))


def below_kickers(layouts: Sequence[Dialect]) -> Iterator[Dialect]:
    """Yield those of *layouts* that begin with the date, with a kicker above it."""
    for layout in layouts:
        if layout.layout.startswith("D ") and "K? " in layout.layout:
            told = layout.layout.replace("K? ", "")
            yield replace(layout, layout=f"K? {told}", prior=layout.prior + _RARER)


def kicker_places(layout: Dialect) -> Iterator[Dialect]:
    """Yield *layout* with the kicker before, and behind each element, and without one."""
    yield layout
    if "K?" not in layout.layout:
        return
    elements = layout.layout.replace("K? ", "").split()
    yield replace(layout, layout=" ".join(elements))
    if elements[0] in ("D", "B?"):
        # "Culture, 3 May 2020" in two lines, above the headline.
        yield replace(layout, layout=" ".join(["K?", *elements]), prior=layout.prior + _BEHIND)
    for place, element in enumerate(elements, 1):
        if element != "P?":
            moved = [*elements[:place], "K?", *elements[place:]]
            yield replace(layout, layout=" ".join(moved), prior=layout.prior + _BEHIND)


def variants(layout: Dialect) -> Iterator[Dialect]:
    """Yield *layout* with kickers, subtitles and standfirsts: none, some, or one in each entry."""
    kickers = ("K?", "K", "") if "K?" in layout.layout else ("",)
    subtitles = ("S?", "S", "") if "S?" in layout.layout else ("",)
    standfirsts = ("F*", "") if "F*" in layout.layout else ("",)
    for kicker in kickers:
        for subtitle in subtitles:
            for standfirst in standfirsts:
                changed = {"K?": kicker, "S?": subtitle, "F*": standfirst}
                elements = (changed.get(part, part) for part in layout.layout.split())
                text = " ".join(part for part in elements if part)
                doubtful = (kicker == "K?") + (subtitle == "S?") + (standfirst == "F*")
                yield replace(layout, layout=text, prior=layout.prior - doubtful)


def turns(layout: Dialect) -> Iterator[Dialect]:
    """Yield the same order of lines as *layout*, as if entries began at another of them.

    Where an entry begins and where it ends shows at the ends of a file alone.
    """
    elements = layout.layout.split()
    if "|" in elements or layout.lead not in ("", "D"):
        return
    elements = ["D", *elements] if layout.lead else elements
    headline = elements.index("H")
    first = headline - (elements[headline - 1 : headline] == ["P?"])
    for place, element in enumerate(elements):
        turn = elements[place:] + elements[:place]
        told = [each[0] for each in turn[: turn.index("H")]]
        if turn[-1][0] == "K":
            continue
        if (element[0] in "KBD" or place == first) and "F" not in told and "S" not in told:
            yield replace(layout, layout=" ".join(turn), lead="")


def with_subtitles(layout: Dialect, patterns: Mapping[str, int], *, sections: bool) -> Dialect:
    """Return *layout* with subtitles for kickers behind the headline, where these are hardly such:
    few entries have one, or they are no names of *sections*.
    """
    elements = layout.layout.split()
    place = next((at for at, element in enumerate(elements) if element[0] == "K"), -1)
    if place < elements.index("H"):
        return layout
    total = sum(patterns.values())
    times = sum(count for roles, count in patterns.items() if "K" in roles)
    if not total or (sections and times >= _MOST_HAVE_KICKERS * total):
        return layout
    subtitle = elements[place].replace("K", "S")
    behind = all(element[0] in "PS" for element in elements[elements.index("H") + 1 : place])
    kept = [element for element in elements if element[0] not in "KS"]
    if behind or "S" in layout.layout:
        kept.insert(kept.index("H") + 1, subtitle)
    else:
        # Behind a byline or a date: neither a kicker nor a subtitle stands there.
        kept.insert(kept.index("H") + 1, "S?")
    return replace(layout, layout=" ".join(kept))


def with_kickers(layout: Dialect) -> Dialect:
    """Return *layout* with headlines above subtitles as kickers, and these as headlines."""
    elements = [element for element in layout.layout.split() if element[0] != "K"]
    place = next((at for at, element in enumerate(elements) if element[0] == "S"), -1)
    headline = elements.index("H")
    if place <= headline or any(element[0] != "P" for element in elements[headline + 1 : place]):
        return layout
    elements[headline], elements[place] = "K", "H"
    return replace(layout, layout=" ".join(elements))


def turned(layout: Dialect) -> Dialect:
    """Return *layout* with kickers above headlines as headlines, and these as their subtitles."""
    elements = [element for element in layout.layout.split() if element[0] != "S"]
    place = next((at for at, element in enumerate(elements) if element[0] == "K"), len(elements))
    headline = elements.index("H")
    if place > headline or any(element[0] != "P" for element in elements[place + 1 : headline]):
        return layout
    kicker = elements.pop(place)
    elements.insert(headline, kicker.replace("K", "S"))
    return replace(layout, layout=" ".join(elements))


def with_bylines(layout: Dialect, role: str) -> Dialect:
    """Return *layout* with bylines where it has second headings of *role*, K or S."""
    elements = [element for element in layout.layout.split() if element[0] != "B"]
    changed = [element.replace(role, "B").replace("B?", "B") for element in elements]
    if changed.count("B") != 1:
        return layout
    # Few entries have none.
    return replace(layout, layout=" ".join("B?" if each == "B" else each for each in changed))


def _groups(rows: Sequence[Row]) -> list[str]:
    """Return the roles of the rows that may make up one entry: none of them twice."""
    found: list[str] = []
    for row in rows:
        if not set(row.roles) & set("".join(found)):
            found.append(row.roles)
    return found


def _layout(order: Sequence[str], within: str) -> str:
    parts = []
    for group in order:
        if "H" in group and "K" not in within:
            # The part of a row that stands first is where a kicker above it stands.
            parts += ["K?", "P?"]
        for letter in group:
            parts.append(_ELEMENTS[letter])
            if letter == "H" and "S" not in within and len(group) == 1:
                parts.append("S?")
        if "H" in group:
            if "S" not in within and len(group) > 1:
                parts.append("S?")
            parts.append("P?")
    return " ".join(parts)


def _are_parted(row: Row, lines: Sequence[str], reader: Reader, names: frozenset[str]) -> bool:
    """Tell whether titles in a table of contents have second sentences, none with a full stop."""
    parted = told = 0
    for text in lines:
        read = read_row(text, reader.segments(text), (row,), names)
        for start, end, role in read.pieces if read is not None else ():
            if role == "headline":
                told += 1
                parted += (
                    part_inside(text[start:end]) is None
                    and len(sentences(text, start, end)) == 1
                    and part_at_end(text[start:end]) is None
                )
    return parted >= max(_FEWEST_PARTED, _PARTED * told)


def _inverted(
    rows: Sequence[Row], lines: Sequence[str], reader: Reader, names: frozenset[str]
) -> bool:
    """Tell whether most bylines, in *rows* and on lines of their own, put the last name first:
    "Quill, Orla".
    """
    turned = told = alone = 0
    for text in lines:
        read = read_row(text, reader.segments(text), rows, names)
        byline = read.byline if read is not None else byline_in(text)
        if byline and not is_ditto(byline):
            told += 1
            turned += is_inverted(byline)
        elif read is None and is_inverted(text.rstrip(" .;")):
            alone += 1
        elif read is None:
            told += bare_name(text.strip(), names) is not None
    if alone >= _FEWEST_TURNED:
        told, turned = told + alone, turned + alone
    return turned > 0.6 * told


def order_of(lines: Sequence[str], numbers: str = "") -> bool | None:
    """Return whether *lines* write dates in figures day first, None if they do not tell."""
    figures = FigureDates()
    reader = Reader(None, None, numbers)
    for text in lines:
        if text and not text.isspace():
            for segment in reader.segments(text):
                if segment.date is not None:
                    figures.add(segment.date)
    return figures.decided()
