"""Which dialect a file is written in, told from the file itself; and the first pass in it."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice

from articles.listing import labelled, surveying
from articles.listing.blocks import Block, read_line
from articles.listing.credits import Form, bare_name, byline_in, credit_lines
from articles.listing.furniture import is_furniture
from articles.listing.issues import issue_line
from articles.listing.layouts import Automaton, compiled
from articles.listing.lineforms import Context, prefixes_of
from articles.listing.records import IRREGULAR, Diagnostic, Survey
from articles.listing.registry import woven_dialects
from articles.listing.weaving import Weaver
from articles.listing.woven import context_of, map_lines, survey_woven

CLASSIC = "classic"
#: The dialect with a layout that is the same as the classic one's, in any form of line.
_LIKE_CLASSIC = "credit-after-headline"
#: Lines looked at to recognise a dialect: enough for any habit to show, few enough to keep.
_SAMPLE_LINES = 4_000
#: Lines with text that each dialect is tried on: the beginning, the middle and the end of these.
_TRIED = (140, 60, 60)
#: Share of lines with a known label from which a file is a labelled one.
_LABELLED_SHARE = 0.6
#: A dialect this close to the best one is named in a diagnostic.
_CLOSE = 4.0
_LONGEST_CREDIT = 240
#: What a date weighs that a sign, or nothing at all, parts from the text beside it.
_PARTED = 0.5
# A year, or figures joined by a sign: without one there is no date.
_MAY_DATE = re.compile(r"[12][0-9]{3}|[0-9][-./][0-9]")
_BULLET = re.compile(r"\s*[•▪▫◦‣⁃]\s")
#: Lines between two dates from which one date seems to stand over several entries.
_CROWDED = 3.6
#: Share of lines that no entry takes, and score of a line, beyond which a file is in none of them.
_MOST_STRAYS = 0.02
_LEAST_FIT = 3.2


def dialect_names() -> tuple[str, ...]:
    """Return the names of the dialects that can be asked for."""
    return (CLASSIC, labelled.NAME, *woven_dialects())


def survey(
    lines: Iterable[str], dialect: str | None = None, *, most_phrases: int | None = None
) -> Survey:
    """Return what a first pass over *lines* learns; any text is accepted, none fails.

    The dialect is recognised from the file unless *dialect* names one. Raises `ValueError` for a
    name that is none, listing those that are.
    """
    if dialect is not None and dialect not in dialect_names():
        known = ", ".join(dialect_names())
        raise ValueError(f"no dialect is called {dialect!r}; known are {known}")
    stream = iter(lines)
    remarks: tuple[Diagnostic, ...] = ()
    if dialect is None:
        sample = list(islice(stream, _SAMPLE_LINES))
        dialect, remarks = recognise(sample)
        stream = chain(sample, stream)
    limit = most_phrases or surveying.MOST_PHRASES
    if dialect == labelled.NAME:
        found = labelled.survey_labelled(stream)
    elif dialect == CLASSIC:
        found = surveying.survey(stream, most_phrases=limit)
    else:
        found = survey_woven(stream, woven_dialects()[dialect], most_phrases=limit)
    if not remarks:
        return found
    irregular = any(remark.code == IRREGULAR for remark in remarks)
    return replace(found, diagnostics=(*found.diagnostics, *remarks), irregular=irregular)


def recognise(sample: list[str]) -> tuple[str, tuple[Diagnostic, ...]]:
    """Return the name of the dialect that *sample*, the first lines of a file, is written in.

    Also a diagnostic where another dialect makes nearly as regular a file of it.
    """
    if _is_labelled(sample):
        return labelled.NAME, ()
    signs, own = _signs(sample), _with_own_forms(sample)
    if not signs.odd and not signs.turned and not own:
        return CLASSIC, ()
    scores = _scores(sample, own)
    ranked = sorted(scores, key=lambda name: -scores[name].score)
    best = ranked[0]
    if best == _LIKE_CLASSIC and not signs.odd:
        best = CLASSIC
    remarks: tuple[Diagnostic, ...] = ()
    if len(ranked) > 1 and scores[ranked[0]].score - scores[ranked[1]].score < _CLOSE:
        message = f"Read as {best}; {ranked[1]} makes nearly as regular a listing of it."
        remarks = (Diagnostic("dialect-unsure", 1, message),)
    fit = scores[ranked[0]]
    if fit.strays > _MOST_STRAYS or fit.of_line < _LEAST_FIT:
        message = f"Read as {best}, but the file is not regular in it: its form may be another."
        remarks += (Diagnostic(IRREGULAR, 1, message),)
    return best, remarks


def _is_labelled(sample: Iterable[str]) -> bool:
    lines = named = headlines = topics = 0
    for text in sample:
        if not text or text.isspace() or text.startswith(("  ", "\t")):
            continue
        lines += 1
        found = labelled.label_of(text)
        if found is not None:
            named += 1
            headlines += found[0] == "headline"
            topics += found[0] == "listing"
    return named >= _LABELLED_SHARE * lines and bool(headlines or (topics and named == lines))


@dataclass(slots=True)
class _Fit:
    """How regular a listing a dialect makes: its score, that of a line, the share of strays."""

    score: float
    of_line: float
    strays: float


@dataclass(slots=True)
class _Signs:
    """What speaks against the classic dialect: forms it has not, and dates in another place."""

    dates: int = 0
    odd: bool = False
    turned: bool = False


def _signs(sample: Sequence[str]) -> _Signs:
    dates = odd = above = below = glued = 0
    dated = 0
    forms: Counter[tuple[str, str]] = Counter()
    names: Counter[str] = Counter()
    last_prose = after_date = False
    previous: str | None = None
    kinds: list[str] = []
    for number, text in enumerate(sample, 1):
        if not text or text.isspace():
            continue
        line = read_line(number, text)
        if line.kind == "furniture":
            continue
        if line.kind in ("dated_byline", "bare_date") and _is_plain(text, line.date is not None):
            dates += 1
            above += last_prose
            after_date, last_prose = True, False
            kinds.append("date")
            previous = None
            continue
        strange = _is_strange(text, previous)
        odd += strange
        dated += not strange and _ends_in_date(text)
        prose = not strange and _is_prose(text)
        if not prose and _may_be_name(text):
            names[text.strip()] += 1
        if not prose and len(text) <= _LONGEST_CREDIT:
            for prefix in prefixes_of(text):
                if prefix.form in ("caps", "glued") or (
                    prefix.form == "parted" and ":" not in text[prefix.end : prefix.rest]
                ):
                    glued += 1
                elif prefix.form == "camel":
                    forms[prefix.form, prefix.folded] += 1
        below += after_date and prose
        kinds.append("prose" if prose else "other")
        last_prose, after_date = prose, False
        previous = text
    turned = above > 0.3 * dates + 1 and above > below / 2
    whole = len(sample) < _SAMPLE_LINES
    if whole and dates >= 2 and kinds[-1] == "other" and "date" in kinds[:2]:
        turned = True
    if dates > 2 and len(kinds) - dates > _CROWDED * dates:
        turned = True
    repeated = sum(times for times in forms.values() if times > 1)
    odd += (glued + repeated) if glued + repeated > 0.2 * dates else 0
    if dated > 2 and dated > dates:
        odd += dated
    # Names without "By" that come again and again, on lines of their own.
    alone = sum(times for name, times in names.items() if times > 1 and bare_name(name) is not None)
    odd += alone if alone > 0.15 * dates else 0
    return _Signs(dates, odd > 0.04 * dates, turned)


def _is_plain(text: str, dated: bool) -> bool:
    """Tell whether a date line is in the classic form: words, no weekday, no figures."""
    return dated and not any(mark in text for mark in "|·•()[]/") and text.strip()[-4:].isdigit()


def _is_prose(text: str) -> bool:
    stripped = text.strip()
    return len(stripped) > 100 or (len(stripped) > 25 and stripped.endswith((".", ".”", '."')))


def _is_strange(text: str, previous: str | None) -> bool:
    """Tell whether a line has a form that the classic dialect knows nothing of."""
    if previous is not None and text.strip() == previous.strip():
        return True
    if len(text) > _LONGEST_CREDIT:
        forms = _credit_forms(text[:400])
        return any(form.roles[0] in "BD" and form.score >= _PARTED for form in forms)
    if is_furniture(text) or issue_line(text) is not None:
        return True
    if byline_in(text) is not None:
        return True
    return any(_is_strange_form(form, text) for form in _credit_forms(text)) or bool(
        _BULLET.match(text)
    )


def _is_strange_form(form: Form, text: str) -> bool:
    """Tell whether a date stands where the classic dialect has none, and not by chance."""
    date = form.date
    if date is None or (date.month is None and not date.figures):
        return False
    if form.roles in ("D", "BD", "DB", "BDF"):
        return True
    if date.day is None and not date.figures:
        return form.score >= _PARTED
    return form.score >= _PARTED or (form.roles == "HD" and not text.rstrip().endswith("."))


def _ends_in_date(text: str) -> bool:
    """Tell whether a short line ends in a month and year: one is a title, many are dates."""
    return len(text) <= _LONGEST_CREDIT and any(
        form.roles == "HD" and form.date is not None and form.date.month is not None
        for form in _credit_forms(text)
    )


def _may_be_name(text: str) -> bool:
    """Tell at a glance whether a line may be one or two names: few words, nearly all capital."""
    words = text.split()
    return 2 <= len(words) <= 7 and len(text) <= 60 and text[-1:].isalpha() and (
        sum(word[0].isupper() for word in words) >= len(words) - 1
    )  # fmt: skip


def _credit_forms(text: str) -> list[Form]:
    if _MAY_DATE.search(text) is None:
        return []
    return credit_lines(text, None, frozenset())


def _with_own_forms(sample: list[str]) -> set[str]:
    """Return the dialects with lines of a form of their own that occur in *sample*."""
    found = set()
    for name, dialect in woven_dialects().items():
        forms = compiled(dialect)["lines"]
        if forms and sum(any(form.fullmatch(text) for form in forms) for text in sample) > 1:
            found.add(name)
    return found


def _scores(sample: list[str], own: set[str]) -> dict[str, _Fit]:
    """Return how regular a listing each dialect makes of *sample*.

    One with lines of a form of its own is tried only where they occur: those in *own*.
    """
    dialects = {
        name: dialect
        for name, dialect in woven_dialects().items()
        if not dialect.lines or name in own
    }
    learned = survey_woven(sample, dialects[_LIKE_CLASSIC])
    tried = list(_windows(sample))
    plain = Context(learned)
    shared = [item for part in tried for item in [*_lines(part, plain), None]]
    scores = {}
    for name, dialect in dialects.items():
        context = context_of(learned, dialect)
        lines = shared
        if dialect.lines or dialect.furniture:
            lines = [item for part in tried for item in [*_lines(part, context), None]]
        weaver = Weaver(Automaton.of(dialect), context)
        lines_read = strays = 0
        for nodes in weaver.weave(lines[:-1]):
            lines_read += len(nodes)
            strays += sum(node.form is None and node.state > 0 for node in nodes)
        fit = weaver.total / max(1, lines_read)
        scores[name] = _Fit(weaver.total + dialect.prior, fit, strays / max(1, lines_read))
    return scores


def _lines(part: list[str], context: Context) -> Iterator[tuple[Block, list[Form]] | None]:
    return chain.from_iterable(map_lines(part, context))


def _windows(sample: list[str]) -> Iterator[list[str]]:
    """Yield the beginning, the middle and the end of *sample*, or all of it if it is short."""
    told = [place for place, text in enumerate(sample) if text and not text.isspace()]
    if len(told) <= sum(_TRIED):
        yield sample
        return
    first, middle, last = _TRIED
    half = len(told) // 2
    yield sample[: told[first]]
    yield sample[told[half] : told[half + middle]]
    yield sample[told[-last] :]
