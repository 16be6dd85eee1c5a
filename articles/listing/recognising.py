"""Which dialect a file is written in, told from the file itself; and the first pass in it."""

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice

from articles.listing import deriving, labelled, surveying
from articles.listing.by_line import survey_by_line
from articles.listing.classic_signs import Signs, signs_of
from articles.listing.fits import Fit
from articles.listing.framing import Frame, frame_of
from articles.listing.grammars import NAMES as GRAMMARS
from articles.listing.grammars import grammar_of
from articles.listing.issues import issue_line
from articles.listing.joins import Glue, glue_of
from articles.listing.label_forms import labels_of
from articles.listing.layouts import Dialect, compiled
from articles.listing.masking import Framed
from articles.listing.opinions import Opinion, opinions_on
from articles.listing.records import IRREGULAR, Diagnostic, Survey
from articles.listing.registry import woven_dialects
from articles.listing.relative_dates import Relative, stand_in_of
from articles.listing.row_kinds import Rows
from articles.listing.trials import APART, OF_RECORDS, Trials
from articles.listing.ungluing import Rest, Unglued, whole_line
from articles.listing.unwrapping import Unwrapper, width_of
from articles.listing.woven import survey_woven

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
#: Fewest entries of a file without dates, and least share of these with a byline.
_FEWEST_DATED, _NAMED = 4, 0.6
#: Share of lines that no entry takes, and score of a line, beyond which a file is in none of them.
_MOST_STRAYS = 0.02
_LEAST_FIT = 3.2
#: Score of a line below which a file may change its layout.
_DOUBTFUL_FIT = 4.0


def dialect_names() -> tuple[str, ...]:
    """Return the names of the dialects that can be asked for."""
    return (CLASSIC, labelled.NAME, deriving.NAME, *GRAMMARS, *woven_dialects())


def survey_read(
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
    sample = list(islice(stream, _SAMPLE_LINES))
    stream = chain(sample, stream)
    stand_in = stand_in_of(sample)
    if not stand_in:
        return _survey_read(stream, dialect, most_phrases)
    read = _survey_read(Relative(stand_in).mask(stream), dialect, most_phrases)
    return replace(read, stand_in=stand_in)


def _survey_read(stream: Iterator[str], dialect: str | None, most_phrases: int | None) -> Survey:
    sample = list(islice(stream, _SAMPLE_LINES))
    stream = chain(sample, stream)
    labels = dialect is None and _is_labelled(sample)
    if dialect is None or dialect in GRAMMARS:
        grammar = None if labels else grammar_of(sample, dialect)
        if grammar is not None:
            return survey_by_line(stream, grammar)
    found = Recognised(dialect or CLASSIC)
    width, count = 0, itertools.count(1)
    frame, glue = Frame(), Glue()
    if dialect != labelled.NAME:
        if not labels:
            width = width_of(sample)
        first_lines = Unwrapper(width)
        whole = list(first_lines.join(sample)) if width else sample
        if dialect != CLASSIC and not labels:
            glue = glue_of(whole)
        if width or glue:
            stream = (text for text, _ in zip(stream, count, strict=False))
        stream = Unwrapper(width).join(stream) if width else stream
        sample = list(Unglued(glue).split(whole)) if glue else whole
        stream = Unglued(glue).split(stream) if glue else stream
        frame = frame_of(sample) if dialect is None and not _is_labelled(sample) else Frame()
        masked = list(Framed(frame).mask(sample)) if frame else sample
        if masked != sample:
            sample, stream = masked, Framed(frame).mask(stream)
        else:
            # Nothing is hidden of its beginning: what stands in its blocks is all that it tells.
            frame = Frame(records=frame.records)
        if dialect is None:
            found = recognise(sample, frame)
        elif dialect == deriving.NAME:
            found = _derived(sample)
        elif dialect in woven_dialects():
            fit = Trials.of(sample).known({dialect}, only=dialect)[dialect]
            found = Recognised(dialect, patterns=fit.patterns)
    read = _read(stream, found, most_phrases)
    if width or glue:
        line = read.topic_line
        if line is not None and glue:
            line = whole_line(glue, whole, line)
        if line is not None and width:
            line = first_lines.lines_of(line)[0][0]
        read = replace(read, width=width, lines=next(count) - 1, topic_line=line)
        read = replace(read, glue=glue or None)
    if read.day_first is None and found.day_first is not None:
        read = replace(read, day_first=found.day_first)
    if found.patterns is not None and found.name != CLASSIC:
        read = replace(read, patterns=dict(found.patterns))
        read = replace(read, opinions=found.opinions, texts=found.texts)
        if frame.records:
            read = replace(read, blank_weight=OF_RECORDS)
        elif found.apart and read.blank_weight:
            read = replace(read, blank_weight=APART)
    dateless = found.rows is not None and found.rows.dateless
    if dateless or _is_dated(found, sample):
        # Each entry says that it has no date; or the dates are not alone in their lines.
        kept = tuple(remark for remark in read.diagnostics if remark.code != "no-dates")
        read = replace(read, diagnostics=kept)
    if frame:
        read = replace(read, frame=frame)
    if not found.remarks:
        return read
    irregular = any(remark.code == IRREGULAR for remark in found.remarks)
    remarks = (*read.diagnostics, *found.remarks)
    return replace(read, diagnostics=remarks, irregular=irregular)


def _is_dated(found: "Recognised", sample: Iterable[str]) -> bool:
    """Tell whether entries have dates in the layout that was *found*: also beside other fields,
    or in the heading of an issue.
    """
    layout = found.layout or woven_dialects().get(found.name)
    if layout is not None and layout.lead == "D":
        headings = filter(None, map(issue_line, sample))
        return any(heading.date is not None for heading in headings)
    return any("D" in roles for roles in found.patterns or ())


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
    # Whether dates in figures are written day first, as rows tell; None if they do not.
    day_first: bool | None = None
    # Whether second headings are standfirsts.
    texts: bool = False
    # Other layouts that fit nearly as well.
    opinions: tuple[Opinion, ...] = ()


def recognise(sample: list[str], frame: Frame | None = None) -> Recognised:
    """Return the dialect that *sample*, the first lines of a file, is written in; *frame* is what
    was seen of its blocks.

    Also a diagnostic where another dialect makes nearly as regular a file of it.
    """
    if _is_labelled(sample):
        return Recognised(labelled.NAME)
    signs = signs_of(sample, whole=len(sample) < _SAMPLE_LINES)
    # The classic dialect knows nothing of lines that are the rest of one.
    signs.odd = signs.odd or any(isinstance(text, Rest) for text in sample)
    own = _with_own_forms(sample)
    trials = None
    echoes = frame is not None and frame.echoes
    if not signs.odd and not signs.turned and not own and not echoes:
        trials = Trials.of(sample[:_GLANCE], frame)
        if not _is_rowed(trials.rows, signs):
            return Recognised(CLASSIC)
    if trials is None or len(sample) > _GLANCE:
        trials = Trials.of(sample, frame)
    found = _best_of(trials, signs, own, echoes=echoes)
    layout = found.layout or woven_dialects().get(found.name)
    if layout is None or layout.lines or (found.rows is not None and found.rows.dateless):
        return found
    return replace(found, opinions=opinions_on(trials, layout, found.rows))


def _best_of(trials: Trials, signs: Signs, own: set[str], *, echoes: bool) -> Recognised:
    """Return the dialect that makes the most regular listing of the sample of *trials*."""
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
    if best == _LIKE_CLASSIC and not signs.odd and not echoes:
        best = CLASSIC
    rivals = [(ranked[1], scores[ranked[1]].score)] if len(ranked) > 1 else []
    return replace(_told(best, fit, rivals), day_first=trials.rows.day_first)


def _is_signed(fit: Fit) -> bool:
    """Tell whether most of a few entries or more have a byline: a text without dates is none."""
    total = sum(fit.patterns.values())
    signed = sum(times for roles, times in fit.patterns.items() if "B" in roles)
    return total >= _FEWEST_DATED and signed >= _NAMED * total


def _is_rowed(rows: Rows, signs: Signs) -> bool:
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
    patterns = fit.patterns
    if fit.once and layout is None:
        # A known dialect: headlines, that do not come again, and their subtitles.
        patterns = Counter()
        for roles, times in fit.patterns.items():
            patterns[roles.replace("KH", "HS")] += times
    return Recognised(best, remarks, layout, rows, patterns, fit.apart, texts=fit.texts)


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


def _with_own_forms(sample: list[str]) -> set[str]:
    """Return the dialects with lines of a form of their own that occur in *sample*."""
    found = set()
    for name, dialect in woven_dialects().items():
        forms = compiled(dialect)["lines"]
        if forms and sum(any(form.fullmatch(text) for form in forms) for text in sample) > 1:
            found.add(name)
    return found
