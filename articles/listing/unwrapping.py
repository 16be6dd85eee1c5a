"""Texts broken at a width: "The board met twice before noon" / "and settled nothing."

A file is wrapped if lines go on in the next ones in lower case, and each of them is as full as its
width allows. Such lines are put together before anything else is read; what was read is then given
back in the lines that there are.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from articles.listing.credit_edges import byline_in
from articles.listing.dates import date_at_end, date_at_start
from articles.listing.furniture import is_address, is_furniture
from articles.listing.leads import lead, leads_to
from articles.listing.records import Diagnostic, Entry, Span, SpanRole, Topic, Unclaimed
from articles.listing.words import word_set

#: Fewest lines that go on in lower case, and their least share of all lines with text.
_FEWEST = 3
_LEAST_SHARE = 0.04
#: Widths that texts are broken at.
_NARROWEST, _WIDEST = 34, 110
#: Most lines beyond the width, by their share.
_MOST_BEYOND = 0.3
#: Lines put together at most, and lines remembered behind the item last given out.
_MOST_JOINED = 40
_REMEMBERED = 4_000
_GOES_ON = frozenset(",;–—-&/")
#: Lines that go on in lower case from which some end in the middle of a phrase, if they are broken.
_MANY = 6
_NEVER_LAST = word_set(
    "a an the and or but of to in on at by for from with as into its his her their our who which "
    "that than is are was were be no not der die das den dem des ein eine einen einem einer und "
    "oder von vom zu zum zur im in am an auf mit für aus bei nach über wie als nicht sich le la "
    "les un une des du de et ou à au aux en dans sur pour par avec qui que el los las una unos y "
    "o del al con por para sin su sus lo il gli i e ed di da dal della dei delle nel nella per "
    "con os as um uma do dos das no na nos nas em com ao и в во на с со о об от до из за к ко по "
    "у не для при"
)
#: Words that end no heading at all, even where the next line begins with a capital.
_SURELY_NOT_LAST = word_set(
    "the of and der des und für du et del и для le les los las della delle degli dei nella"
)
#: Words that begin the rest of a line rather than a text.
_JOINS = word_set(
    "of in to on at for from with and or as than into im am auf für aus bei nach über mit und oder "
    "zum zur des et ou à au aux sur pour avec y o del al con para e ed nel per com em ao и в во на "
    "с со о от до из за к по для при"
)
_BY = word_set("by von par por di da de автор")
_STOPS = frozenset(".!?…”»)“")
#: Shares of lines: that end a sentence below such as end none, that are seen to go on, or cannot
#: end where they do; the most that go on in lower case at no width, and with less evidence.
_MOST_ENDED, _EVIDENT, _UNFINISHED, _MOST_BROKEN, _FEW_BROKEN = 0.8, 0.3, 0.25, 0.5, 0.15
_NEARLY_ALL, _WORDS_OF_HEADING = 0.8, 4
_INDENT = 2
_SHORTEST = 12
#: Not a width: only lines that cannot end where they do are put together with the next.
ONLY_UNFINISHED = 1
#: Neither: lines go on in lower case wherever they are broken, or in lines that are indented. A
#: width below nought is one at which texts go on with capitals too.
RAGGED, HANGING = 2, 3
#: Nothing is broken, but words stand above what they lead to, so many times at least.
LEADS, _FEWEST_LEADS = 4, 3
_ENDS = (". ", "? ", "! ")

Item = Topic | Entry | Unclaimed


def width_of(sample: Sequence[str]) -> int:
    """Return the width at which *sample*, the first lines of a file, is broken; 0 if it is not."""
    told = sum(1 for text in sample if text and not text.isspace())
    pairs = [
        (above.rstrip(), text.strip()) for above, text in pairwise(sample) if _runs_on(above, text)
    ]
    width = _width_of(pairs, told)
    if width and sum(len(text.rstrip()) > width + 1 for text in sample) <= _MOST_BEYOND * told + 1:
        return width
    # Headlines may be broken where standfirsts are not: what goes on is no longer than the width.
    longest = max((len(above) for above, text in pairs if len(text) <= _WIDEST), default=0)
    short = [(above, text) for above, text in pairs if len(text) <= longest + 1]
    width = _width_of(short, told)
    if width and _are_unfinished(short):
        return width
    if _hangs(sample):
        return HANGING
    width = _full_width(sample)
    if width:
        return -width
    if _is_ragged(pairs, told, _inner(sample)):
        return RAGGED
    if any(_is_unfinished(*pair) for pair in pairwise(sample)):
        return ONLY_UNFINISHED
    # Once it may be a section or a headline: "Data", "Authors".
    return LEADS if sum(leads_to(*pair) for pair in pairwise(sample)) >= _FEWEST_LEADS else 0


def _width_of(broken: Sequence[tuple[str, str]], told: int) -> int:
    """Return the width at which lines are *broken*, each with the next; 0 if they are not full."""
    if len(broken) < max(_FEWEST, _LEAST_SHARE * told):
        return 0
    width = max(len(above) for above, _ in broken)
    full = sum(len(above) + 1 + len(text.split(maxsplit=1)[0]) >= width for above, text in broken)
    if not _NARROWEST <= width <= _WIDEST or full < 0.85 * len(broken):
        return 0
    return width if len(broken) < _MANY or _are_unfinished(broken) else 0


def _full_width(sample: Sequence[str]) -> int:
    """Return the width of texts that go on with capitals too: the longest line; 0 without one.

    Lines that end no sentence are so full that the next word would not have fitted, and what goes
    on is seen to do so in some.
    """
    width = max(map(len, map(str.rstrip, sample)), default=0)
    if not _NARROWEST <= width <= _WIDEST:
        return 0
    full = ended = evident = 0
    for above, text in pairwise(map(str.strip, sample)):
        if not text or len(above) < _NARROWEST:
            continue
        if not (above[-1].isalnum() or above[-1] in _GOES_ON):
            continue
        if len(above) + 1 + len(text.split(maxsplit=1)[0]) >= width and _is_text(text):
            full += 1
            ended += text[-1] in _STOPS
            evident += text[0].islower() or cannot_end(above)
    # Two are enough where both begin in lower case.
    enough = full >= (_FEWEST if evident < full else 2) and ended >= _MOST_ENDED * full
    return width if enough and evident >= max(2, _EVIDENT * full) else 0


def _inner(sample: Sequence[str]) -> int:
    """Return how many sentences end in lower case below lines that are the first of no entry."""
    return sum(
        _runs_on(above, text)
        and text.rstrip()[-1] in _STOPS
        and len(above.split()) > _WORDS_OF_HEADING
        and bool(first.strip())
        and _is_text(first.strip())
        for first, above, text in zip(sample, sample[1:], sample[2:], strict=False)
    )


def _is_ragged(broken: Sequence[tuple[str, str]], told: int, inner: int) -> bool:
    """Tell whether what is *broken* at no width goes on all the same: lines in lower case below
    such as cannot end where they do, a few that begin as no text does, or the *inner* ones.
    """
    if inner >= max(2, _NEARLY_ALL * len(broken)) and len(broken) <= _MOST_BROKEN * told:
        return True
    unfinished = sum(cannot_end(above) for above, _ in broken)
    if unfinished >= max(2, _UNFINISHED * len(broken)) and len(broken) <= _MOST_BROKEN * told:
        return True
    joined = sum(text.split(maxsplit=1)[0] in _JOINS or cannot_end(a) for a, text in broken)
    return joined >= max(2, _EVIDENT * len(broken)) and len(broken) <= _FEW_BROKEN * told


def _hangs(sample: Sequence[str]) -> bool:
    """Tell whether indented lines go on in what stands above: as many end in a full stop, the lines
    above them in none, and some of these cannot end where they do; or nearly all of these cannot.
    """
    hanging = ended = evident = 0
    for place, (above, text) in enumerate(pairwise(sample)):
        if not above.strip() or not text.strip() or _indent(text) < _indent(above) + _INDENT:
            continue
        hanging += 1
        below = next((each for each in sample[place + 2 :] if _indent(each) < _indent(text)), "")
        last = text if below == "" else sample[sample.index(below, place + 2) - 1]
        ended += above.rstrip()[-1] not in _STOPS and (last.rstrip() or text.rstrip())[-1] in _STOPS
        evident += cannot_end(above.rstrip()) or text.strip()[0].islower() or _is_open(above)
    least = _EVIDENT if ended >= _MOST_ENDED * hanging else _MOST_ENDED
    return hanging >= _FEWEST and evident >= least * hanging


def _is_open(text: str) -> bool:
    """Tell whether a bracket is opened in *text* that nothing closes."""
    return text.rfind("(") > text.rfind(")")


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


def cannot_end(text: str) -> bool:
    """Tell whether no line ends where *text* does: "… and", "… of the"."""
    return text[-1] in _GOES_ON or _last_word(text) in _NEVER_LAST


def _are_unfinished(broken: Sequence[tuple[str, str]]) -> bool:
    """Tell whether some lines end in a word that ends no heading: "… and", "… of the"."""
    return any(cannot_end(above) for above, _ in broken)


def _last_word(text: str) -> str:
    return text.rpartition(" ")[2].casefold()


def _is_unfinished(above: str, text: str) -> bool:
    """Tell whether *above* cannot end where it does, and *text* goes on: "… of the" / "market"."""
    above, text = above.rstrip(), text.strip()
    if not text or not _SHORTEST <= len(above) <= _WIDEST or len(text) > _WIDEST:
        return False
    last = _last_word(above)
    if text[0].islower():
        return last in _NEVER_LAST and _is_text(text)
    return last in _SURELY_NOT_LAST and text[0].isupper() and _is_text(text)


def _is_text(text: str) -> bool:
    """Tell whether *text* is no credit."""
    return not (byline_in(text) is not None or is_address(text)) and not (
        text[-1].isdigit() and (date_at_end(text) or date_at_start(text))
    )


def _runs_on(above: str, text: str) -> bool:
    """Tell whether *text* goes on in lower case with what *above* has not ended."""
    above, text = above.rstrip(), text.lstrip()
    return (
        text[:1].islower()
        and len(above) >= _NARROWEST // 2
        and (above[-1].isalnum() or above[-1] in _GOES_ON)
        and byline_in(text) is None
        and not is_furniture(text)
    )


def _goes_on(above: str, text: str, *, within: bool) -> bool:
    """Tell whether *text* goes on in a ragged file; *within* a text any line may be short."""
    return (
        (_runs_on(above, text) or (within and text[0].islower() and above[-1].isalnum()))
        and text.split(maxsplit=1)[0] not in _BY
        and byline_in(above) is None
        and _is_text(text)
    )


@dataclass(slots=True)
class Unwrapper:
    """Puts the lines of a file of *width* together, and items of these back into its lines."""

    width: int
    # Parts of each line put together, from number ``first`` on: number, start, text.
    parts: deque[tuple[tuple[int, int, str], ...]] = field(default_factory=deque)
    first: int = 1

    def join(self, lines: Iterable[str]) -> Iterator[str]:
        """Yield *lines*, those that were one put together."""
        held: list[tuple[int, str]] = []
        for number, text in enumerate(lines, 1):
            if held and self._belongs(held, text):
                held.append((number, text))
                continue
            if held:
                yield self._joined(held)
            held = [(number, text)]
        if held:
            yield self._joined(held)

    def _belongs(self, held: list[tuple[int, str]], text: str) -> bool:
        if leads_to(held[-1][1], text):
            return True
        if self.width == LEADS or lead(held[0][1]) or is_address(text):
            return False
        above, below = held[-1][1].rstrip(), text.strip()
        if not below or not above.strip() or len(held) >= _MOST_JOINED:
            return False
        unfinished = _is_unfinished(above, text)
        if unfinished or self.width == ONLY_UNFINISHED:
            return unfinished
        if self.width == HANGING:
            return _indent(text) >= _indent(held[0][1]) + _INDENT
        if self.width == RAGGED:
            return _goes_on(above, below, within=len(held) > 1)
        if self.width < 0:
            full = len(above) + 1 + len(below.split(maxsplit=1)[0]) >= -self.width
            ended = not (above[-1].isalnum() or above[-1] in _GOES_ON)
            prose = len(held) > 1 or any(end in above for end in _ENDS)
            return len(above) >= _NARROWEST and full and (prose or not ended) and _is_text(below)
        if len(above) > self.width + 1 or len(above) + 1 + len(below.split(maxsplit=1)[0]) < (
            self.width
        ):
            return False
        if below[0].islower() and (above[-1].isalnum() or above[-1] in _GOES_ON):
            return True
        first = held[0][1]
        hanging = len(text) - len(text.lstrip()) > len(first) - len(first.lstrip())
        prose = len(held) > 1 or any(end in above for end in _ENDS)
        if not (prose or hanging) or not (below[0].isalnum() or below[0] in "“\"«„‘('"):
            return False
        return _is_text(below)

    def _joined(self, held: list[tuple[int, str]]) -> str:
        (number, text), *more = held
        parts = [(number, 0, text)]
        for number, below in more:
            text = text.rstrip()
            together = text[-1] == "-" and below.lstrip()[:1].islower()
            text += "" if together else lead(text) or " "
            parts.append((number, len(text), below))
            text += below.strip()
        self.parts.append(tuple(parts))
        if len(self.parts) > _REMEMBERED:
            self.parts.popleft()
            self.first += 1
        return text

    def lines_of(self, number: int) -> tuple[tuple[int, int, str], ...]:
        """Return the parts of line *number*: number in the file, place in the whole, text."""
        place = min(max(number - self.first, 0), len(self.parts) - 1)
        return self.parts[place]

    def give_back(self, items: Iterable[Item]) -> Iterator[Item]:
        """Yield *items*, read of lines put together, as items of the lines of the file."""
        for item in items:
            if isinstance(item, Unclaimed):
                for found in self._grouped((item.span,)):
                    if found:
                        # What is left of a line may be a part of it.
                        span = item.span._replace(
                            line=found[0].line, start=found[0].start, end=found[-1].end
                        )
                        text = self._text_of(item.line, span.line)[span.start : span.end]
                        yield replace(item, line=span.line, text=text, span=span)
                continue
            spans = tuple(part for span in self._grouped(item.spans) for part in span)
            if isinstance(item, Topic):
                yield replace(item, line=spans[0].line, spans=spans)
            else:
                yield self._entry(item, spans)

    def _entry(self, entry: Entry, spans: tuple[Span, ...]) -> Entry:
        lines = [
            part
            for number in range(entry.first_line, entry.last_line + 1)
            for part in self.lines_of(number)
        ]
        first, last = lines[0][0], lines[-1][0]
        texts = {number: text for number, _, text in lines}
        remarks = tuple(self._remark(remark, first, last) for remark in entry.diagnostics)
        code = "kicker-or-subtitle"
        told = any(remark.code == code for remark in remarks)
        if self.width <= HANGING and entry.subtitle is not None and not told:
            # Some headlines of the file are broken, at no width that could be told.
            message = "A subtitle, or the rest of the headline: others go on in the next line."
            remarks = (Diagnostic(code, first, message), *remarks)
        standfirst = "\n".join(
            texts[span.line][span.start : span.end] for span in spans if span.role == "standfirst"
        )
        return entry._replace(
            first_line=first,
            last_line=last,
            diagnostics=remarks,
            text="\n".join(text for _, _, text in lines),
            spans=spans,
            standfirst=standfirst or None,
        )

    def _text_of(self, whole: int, number: int) -> str:
        """Return line *number* of the file, which is in line *whole* of those put together."""
        return next(text for line, _, text in self.lines_of(whole) if line == number)

    def _remark(self, remark: Diagnostic, first: int, last: int) -> Diagnostic:
        number = self.lines_of(remark.line)[0][0]
        return remark._replace(line=min(max(number, first), last))

    def _grouped(self, spans: Sequence[Span]) -> Iterator[list[Span]]:
        """Yield the spans in each line of the file that *spans*, of lines put together, come to."""
        by_line: dict[int, list[Span]] = {}
        for span in spans:
            by_line.setdefault(span.line, []).append(span)
        for number, found in by_line.items():
            for line, offset, text in self.lines_of(number):
                yield _within(found, line, offset, text, whole=len(self.lines_of(number)) == 1)


def _within(spans: Sequence[Span], line: int, offset: int, text: str, *, whole: bool) -> list[Span]:
    """Return what *spans* are in one line of the file, which begins at *offset* of the whole."""
    if whole:
        return [span._replace(line=line) for span in spans]
    indent = len(text) - len(text.lstrip()) if offset else 0
    length = len(text.strip()) if offset else len(text.rstrip())
    found: list[Span] = []
    for span in spans:
        start, end = max(span.start - offset, 0), min(span.end - offset, length)
        if start < end:
            found.append(Span(line, start + indent, end + indent, span.role, span.entry))
    if not found:
        return []
    # The spaces at the edges; what else is not in *spans* is another item's.
    role: SpanRole = "punctuation"
    owner, end = found[0].entry, found[-1].end
    if 0 < found[0].start <= indent:
        found.insert(0, Span(line, 0, found[0].start, role, owner))
    if indent + length <= end < len(text):
        found.append(Span(line, end, len(text), role, owner))
    return found
