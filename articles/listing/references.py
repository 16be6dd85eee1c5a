"""Bibliographic references, one a line or a paragraph: which style a file has, and its grammar."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from articles.listing import reference_signs as signs
from articles.listing import reference_styles as styles
from articles.listing.by_line import Reading, Remark, Unit, units_of

NAME = "references"
#: The styles in the order in which they are tried, and those whose books stand among them.
STYLES: dict[str, styles.Style] = {
    "slashes": signs.slashes, "biomedical": styles.biomedical, "colon": signs.colon,
    "dated": styles.dated, "quoted": styles.quoted, "dashed": styles.dashed,
    "dotted": styles.dotted, "comma-in": signs.comma_in, "colon-book": signs.colon_book,
    "slashes-book": signs.slashes_book, "dotted-book": styles.dotted_book,
}  # fmt: skip
_KIN: dict[str, tuple[str, ...]] = {
    "slashes": ("slashes", "slashes-book"),
    "biomedical": ("biomedical", "dotted-book"),
    "colon": ("colon", "quoted", "colon-book"),
    "dated": ("dated",),
    "quoted": ("quoted", "dotted", "dotted-book", "dated"),
    "dashed": ("dashed",),
    "comma-in": ("comma-in", "quoted", "colon"),
    "dotted": ("dotted", "quoted", "dotted-book"),
}
#: Ways to cut a file into references: lines, blank lines between, lines indented that go on,
#: numbers before each.
_CUTS = ("line", "blank", "indent", "number")
#: Fewest references, their least share of what may be one, and fewest words of such a text.
_FEWEST, _LEAST, _FEWEST_WORDS = 4, 0.7, 4
#: Most lines of one reference.
_MOST_LINES = 12
_NUMBER = re.compile(r"\s*(?:\[[0-9]{1,4}\]|\(?[0-9]{1,4}[.)])\s")
#: Texts that tell at a glance that a file is no references, and most that are looked at.
_GLANCE, _MOST = 60, 400
_YEAR = re.compile(r"[12][0-9]{3}")
_LINE_UNSURE = "The fields of this line are parted otherwise than those of most lines."


@dataclass(frozen=True, slots=True)
class References:
    """The grammar of a file: its style, and how its lines are references."""

    style: str = "dated"
    cut: str = "line"
    # Last names stand first: a head without one is an office, or a pen name.
    inverted: bool = False
    name: str = NAME

    def units(self, lines: Iterable[str]) -> Iterator[Unit]:
        return units_of(lines, self._begins, _MOST_LINES)

    def _begins(self, text: str) -> bool:
        """Tell whether a line with text begins a reference."""
        if self.cut == "indent":
            return not text[0].isspace()
        if self.cut == "number":
            return _NUMBER.match(text) is not None
        return self.cut == "line"

    def read(self, text: str, day_first: bool | None) -> Reading | None:
        if len(text) > styles.LONGEST:
            return None
        kin = _KIN[self.style]
        for name in kin:
            reading = STYLES[name](text, day_first)
            if reading is not None:
                return self._doubted(reading)
        for name, style in STYLES.items():
            reading = style(text, day_first) if name not in kin else None
            if reading is not None:
                reading.remarks.append(Remark("row-unsure", _LINE_UNSURE))
                return reading
        return None

    def _doubted(self, reading: Reading) -> Reading:
        """Doubt a name that is not turned where those of persons are: it may be an office's."""
        named = [one for one in reading.credits or () if one.role == "aut"]
        if self.inverted and reading.plain and len(named) == 1 and named[0].kind == "person":
            office = replace(named[0], kind="organisation" if " " in named[0].name else "person")
            reading.credits = (office, *[one for one in reading.credits or () if one != named[0]])
            if not any(remark.code == "byline-doubtful" for remark in reading.remarks):
                message = f"“{office.name[:80]}” does not look like a name."
                reading.remarks.append(Remark("byline-doubtful", message))
        return reading

    def is_furniture(self, text: str) -> bool:
        """A letter of the alphabet that stands over the references which begin with it."""
        return len(text) == 1


def references_of(sample: Sequence[str], *, forced: bool = False) -> References | None:
    """Return the grammar of the references that *sample*, the beginning of a file, is; else None.

    *forced* takes the best there is, also where the file is hardly any.
    """
    best, most = References() if forced else None, (0, 0.0)
    for cut in _cuts(sample):
        counts: Counter[str] = Counter()
        texts = [unit.text for unit in References(cut=cut).units(sample)]
        texts = [text for text in texts if len(text.split()) >= _FEWEST_WORDS][:_MOST]
        glance = [text for text in texts[:_GLANCE] if _read(text, tuple(_KIN)) is not None]
        if not glance or (2 * len(glance) < _LEAST * len(texts[:_GLANCE]) and not forced):
            continue
        for text in texts:
            counts.update(name for name in _KIN if _read(text, (name,)) is not None)
        style = max(_KIN, key=lambda name: counts[name])
        own = counts[style]
        if own < _FEWEST and not forced:
            continue
        readings = [_read(text, _KIN[style]) for text in texts]
        found = [reading for reading in readings if reading is not None]
        read, plain = len(found), sum(reading.plain for reading in found)
        inverted = sum(bool(reading.credits) and not reading.plain for reading in found)
        grammar = References(style, cut, inverted=inverted > 2 * plain)
        share = read / len(texts)
        if (share >= _LEAST and 2 * own >= read) or forced:
            most, best = max((most, best), ((read, share), grammar), key=lambda each: each[0])
    return best


def _read(text: str, names: Sequence[str]) -> Reading | None:
    """Return what *text* says in the first of the styles of these *names* that it is in."""
    if len(text) > styles.LONGEST or _YEAR.search(text) is None:
        return None
    return next(filter(None, (STYLES[name](text, None) for name in names)), None)


def _cuts(sample: Sequence[str]) -> Iterator[str]:
    """Yield the ways in which *sample* may be cut into references."""
    yield "line"
    shown = [text for text in sample if text.strip()]
    together = any(one.strip() and two.strip() for one, two in pairwise(sample))
    if together and len(shown) < len(sample):
        yield "blank"
    if any(text[0].isspace() for text in shown) and not all(text[0].isspace() for text in shown):
        yield "indent"
    numbered = sum(_NUMBER.match(text) is not None for text in shown)
    if numbered >= _FEWEST and numbered < len(shown):
        yield "number"
