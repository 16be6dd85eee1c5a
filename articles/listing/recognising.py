"""Which dialect a file is written in, told from the file itself; and the first pass in it."""

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice

from articles.listing import deriving, labelled, surveying
from articles.listing.bare_names import bare_name
from articles.listing.blocks import read_line
from articles.listing.credit_edges import byline_in, says_more_than_by
from articles.listing.credits import credit_lines
from articles.listing.date_edges import MAY_DATE
from articles.listing.forms import Form
from articles.listing.furniture import is_furniture
from articles.listing.inline_kickers import prefixes_of
from articles.listing.issues import issue_line
from articles.listing.label_forms import labels_of
from articles.listing.layouts import Dialect, compiled
from articles.listing.markup import without_marks
from articles.listing.records import IRREGULAR, Diagnostic, Survey
from articles.listing.registry import woven_dialects
from articles.listing.row_kinds import Rows
from articles.listing.trials import APART, Fit, Trials
from articles.listing.unwrapping import Unwrapper, width_of
from articles.listing.woven import survey_woven
from articles.listing.year_headings import are_dates, year_heading

CLASSIC = "classic"
#: The dialect with a layout that is the same as the classic one's, in any form of line.
_LIKE_CLASSIC = "credit-after-headline"
#: Lines looked at to recognise a dialect: enough for any habit to show, few enough to keep.
_SAMPLE_LINES = 1_600
#: A derived layout counts only if it is so far ahead of the known dialects.
_AHEAD = 6.0
_AHEAD_OF_LINE = 0.12
#: How far two layouts together must be ahead of one.
_AHEAD_OF_ONE = 15.0
#: Lines that tell whether a file that seems to be classic has rows of several fields.
_GLANCE = 250
#: A dialect this close to the best one is named in a diagnostic.
_CLOSE = 4.0
_LONGEST_CREDIT = 240
#: Score of a name alone that counts, fewest such names, and least share of the dates.
_LIKELY, _FEWEST_NAMES, _NAMED = 1.5, 3, 0.6
#: Fewest entries with a date, and most without one by the share of these.
_FEWEST_DATED, _UNDATED = 4, 0.5
#: What a date weighs that a sign, or nothing at all, parts from the text beside it.
_PARTED = 0.5
_BULLET = re.compile(r"\s*[•▪▫◦‣⁃*·►▶■□●○]\s")
#: Lines between two dates from which one date seems to stand over several entries.
_CROWDED = 3.6
#: Share of lines that no entry takes, and score of a line, beyond which a file is in none of them.
_MOST_STRAYS = 0.02
_LEAST_FIT = 3.2
#: Score of a line below which a file may change its layout.
_DOUBTFUL_FIT = 4.0


def dialect_names() -> tuple[str, ...]:
    """Return the names of the dialects that can be asked for."""
    return (CLASSIC, labelled.NAME, deriving.NAME, *woven_dialects())


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
    found = Recognised(dialect or CLASSIC)
    width, count = 0, itertools.count(1)
    if dialect != labelled.NAME:
        sample = list(islice(stream, _SAMPLE_LINES))
        stream = chain(sample, stream)
        if dialect is not None or not _is_labelled(sample):
            width = width_of(sample)
        first_lines = Unwrapper(width)
        if width:
            counted = (text for text, _ in zip(stream, count, strict=False))
            sample = list(first_lines.join(sample))
            stream = Unwrapper(width).join(counted)
        if dialect is None:
            found = recognise(sample)
        elif dialect == deriving.NAME:
            found = _derived(sample)
        elif dialect in woven_dialects():
            fit = Trials.of(sample).known({dialect}, only=dialect)[dialect]
            found = Recognised(dialect, patterns=fit.patterns)
    read = _read(stream, found, most_phrases)
    if width:
        line = first_lines.lines_of(read.topic_line)[0][0] if read.topic_line else None
        read = replace(read, width=width, lines=next(count) - 1, topic_line=line)
    if found.patterns is not None and found.name != CLASSIC:
        read = replace(read, patterns=dict(found.patterns))
        if found.apart and read.blank_weight:
            read = replace(read, blank_weight=APART)
    if found.rows is not None and found.rows.dateless:
        # Each entry says that it has no date.
        kept = tuple(remark for remark in read.diagnostics if remark.code != "no-dates")
        read = replace(read, diagnostics=kept)
    if not found.remarks:
        return read
    irregular = any(remark.code == IRREGULAR for remark in found.remarks)
    remarks = (*read.diagnostics, *found.remarks)
    return replace(read, diagnostics=remarks, irregular=irregular)


def _read(stream: Iterable[str], found: "Recognised", most_phrases: int | None) -> Survey:
    """Return what the first pass over *stream* learns in the dialect that was found."""
    limit = most_phrases or surveying.MOST_PHRASES
    if found.layout is not None:
        return survey_woven(stream, found.layout, most_phrases=limit, rows=found.rows)
    if found.name == labelled.NAME:
        return labelled.survey_labelled(stream)
    if found.name == CLASSIC:
        return surveying.survey(stream, most_phrases=limit)
    return survey_woven(stream, woven_dialects()[found.name], most_phrases=limit)


@dataclass(frozen=True, slots=True)
class Recognised:
    """The dialect of a file, remarks on the choice, the layout and rows of a derived one, and what
    its entries have."""

    name: str
    remarks: tuple[Diagnostic, ...] = ()
    layout: Dialect | None = None
    rows: Rows | None = None
    patterns: Mapping[str, int] | None = None
    # Whether blank lines part the entries, and stand nowhere else.
    apart: bool = False


def recognise(sample: list[str]) -> Recognised:
    """Return the dialect that *sample*, the first lines of a file, is written in.

    Also a diagnostic where another dialect makes nearly as regular a file of it.
    """
    if _is_labelled(sample):
        return Recognised(labelled.NAME)
    signs, own = _signs(sample), _with_own_forms(sample)
    trials = None
    if not signs.odd and not signs.turned and not own:
        trials = Trials.of(sample[:_GLANCE])
        if not _is_rowed(trials.rows, signs):
            return Recognised(CLASSIC)
    if trials is None or len(sample) > _GLANCE:
        trials = Trials.of(sample)
    rowed = _is_rowed(trials.rows, signs)
    scores = trials.known(own)
    ranked = sorted(scores, key=lambda name: -scores[name].score)
    best, fit = ranked[0], scores[ranked[0]]
    derived = trials.derived()
    most = max(fit.score, derived[1].score if derived is not None else fit.score)
    if _is_irregular(fit) and (derived is None or _is_irregular(derived[1])):
        undated = trials.undated()
        if undated is not None and undated[1].score > most:
            return _told(*undated, [])
        dateless = trials.dateless()
        found = dateless.derived() if dateless is not None else None
        if found is not None and not _is_irregular(found[1]) and _is_signed(found[1]):
            return _told(deriving.NAME, found[1], [], found[0], found[2])
    fits = [one for one in (fit, derived[1] if derived is not None else None) if one is not None]
    if all(_is_irregular(one) or one.of_line < _DOUBTFUL_FIT for one in fits):
        mixed = trials.mixed()
        if "|" in mixed[0].layout and mixed[1].score > most + _AHEAD_OF_ONE:
            layout, fit, rows = mixed
            return _told(deriving.NAME, fit, [], layout, rows)
    if derived is not None:
        ahead = max(_AHEAD, _AHEAD_OF_LINE * fit.score / fit.of_line if fit.of_line else 0.0)
        if rowed or _is_irregular(fit):
            ahead = -_AHEAD if rowed else 0.0
        if derived[1].score > fit.score + ahead:
            layout, fit, rows = derived
            return _told(deriving.NAME, fit, [], layout, rows)
    if best == _LIKE_CLASSIC and not signs.odd:
        best = CLASSIC
    rivals = [(ranked[1], scores[ranked[1]].score)] if len(ranked) > 1 else []
    return _told(best, fit, rivals)


def _is_signed(fit: Fit) -> bool:
    """Tell whether most of a few entries or more have a byline: a text without dates is none."""
    total = sum(fit.patterns.values())
    signed = sum(times for roles, times in fit.patterns.items() if "B" in roles)
    return total >= _FEWEST_DATED and signed >= _NAMED * total


def _is_rowed(rows: Rows, signs: "_Signs") -> bool:
    """Tell whether a file has habits that no known dialect has."""
    headed = any(
        "H" in row.roles and (row.roles not in ("HD", "DH") or row.count > signs.dates)
        for row in rows.rows
    )
    return headed or rows.days is not None or rows.numbers != "" or rows.pages


def _told(
    best: str, fit: Fit, rivals: Sequence[tuple[str, float]], layout: Dialect | None = None,
    rows: Rows | None = None,
) -> Recognised:  # fmt: skip
    remarks: tuple[Diagnostic, ...] = ()
    for rival, score in rivals:
        if fit.score - score < _CLOSE and not rows:
            message = f"Read as {best}; {rival} makes nearly as regular a listing of it."
            remarks = (Diagnostic("dialect-unsure", 1, message),)
    if _is_irregular(fit) and not fit.undated:
        message = f"Read as {best}, but the file is not regular in it: its form may be another."
        remarks += (Diagnostic(IRREGULAR, 1, message),)
    return Recognised(best, remarks, layout, rows, fit.patterns, fit.apart)


def _is_irregular(fit: Fit) -> bool:
    return fit.strays > _MOST_STRAYS or fit.of_line < _LEAST_FIT


def _derived(sample: list[str]) -> Recognised:
    """Derive a layout from *sample*, whatever the known dialects make of it."""
    trials = Trials.of(sample)
    found = trials.derived()
    if found is None:
        usual = Dialect(deriving.NAME, "", woven_dialects()[_LIKE_CLASSIC].layout)
        return Recognised(deriving.NAME, (), usual, trials.rows)
    layout, fit, rows = found
    return _told(deriving.NAME, fit, [], layout, rows)


def _is_labelled(sample: Iterable[str]) -> bool:
    return labels_of(sample) is not None


@dataclass(slots=True)
class _Signs:
    """What speaks against the classic dialect: forms it has not, and dates in another place."""

    dates: int = 0
    odd: bool = False
    turned: bool = False


def _signs(sample: Sequence[str]) -> _Signs:
    dates = odd = above = below = glued = 0
    years: list[int] = []
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
        year = year_heading(text)
        if year is not None:
            years.append(year.year)
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
    # Names without "By", on lines of their own: some again and again, or one in most entries.
    alone = sum(times for name, times in names.items() if times > 1 and bare_name(name) is not None)
    odd += alone if alone > 0.15 * dates else 0
    likely = sum(times for name, times in names.items() if (bare_name(name) or 0.0) >= _LIKELY)
    odd += likely if likely > max(_FEWEST_NAMES, _NAMED * dates) else 0
    if _has_undated(sample):
        odd += dates
    return _Signs(dates, odd > 0.04 * dates or are_dates(years, dates - len(years)), turned)


def _has_undated(sample: Sequence[str]) -> bool:
    """Tell whether blank lines part entries, all but a few of which have a date."""
    dated = undated = others = 0
    group: list[str] = []
    for text in (*sample, ""):
        if text and not text.isspace():
            group.append(text)
            continue
        if len(group) > 1:
            dates = sum(read_line(1, each).kind in ("dated_byline", "bare_date") for each in group)
            dated, undated = dated + (dates == 1), undated + (not dates)
            others += dates > 1
        else:
            others += bool(group)
        group = []
    return dated >= _FEWEST_DATED and 0 < undated <= _UNDATED * dated and others <= 0.2 * dated


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
    if without_marks(text) != text:
        return True
    if len(text) > _LONGEST_CREDIT:
        forms = _credit_forms(text[:400])
        return any(form.roles[0] in "BD" and form.score >= _PARTED for form in forms)
    if is_furniture(text) or issue_line(text) is not None:
        return True
    if byline_in(text) is not None or says_more_than_by(text):
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
    if MAY_DATE.search(text) is None:
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
