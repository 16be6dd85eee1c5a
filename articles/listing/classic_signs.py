"""What speaks against the classic dialect: forms that it has not, dates in another place."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from articles.listing.bare_names import bare_name
from articles.listing.blocks import read_line
from articles.listing.credit_edges import byline_in, says_more_than_by
from articles.listing.credits import credit_lines
from articles.listing.date_edges import MAY_DATE
from articles.listing.forms import Form
from articles.listing.furniture import is_furniture, more_behind
from articles.listing.inline_kickers import prefixes_of
from articles.listing.issues import issue_line
from articles.listing.label_words import labelled_part
from articles.listing.markup import without_marks
from articles.listing.parts import part_line
from articles.listing.year_headings import are_dates, year_heading

_LONGEST_CREDIT = 240
#: Score of a name alone that counts, fewest such names, and least share of the dates.
_LIKELY, _FEWEST_NAMES, _NAMED = 1.5, 3, 0.6
#: Fewest entries with a date, and most without one by the share of these.
_FEWEST_DATED, _UNDATED = 4, 0.5
#: Share of the dates from which second headings come again that are no subtitles.
_AGAIN = 0.5
#: What a date weighs that a sign, or nothing at all, parts from the text beside it.
_PARTED = 0.5
_BULLET = re.compile(r"\s*[•▪▫◦‣⁃*·►▶■□●○]\s")
#: Lines between two dates from which one date seems to stand over several entries.
_CROWDED = 3.6
#: Lines at the beginning among which the first date stands where it is above its entry.
_OPENING = 5


@dataclass(slots=True)
class Signs:
    """What speaks against the classic dialect: forms it has not, and dates in another place."""

    dates: int = 0
    odd: bool = False
    turned: bool = False


def signs_of(sample: Sequence[str], *, whole: bool) -> Signs:
    """Return the signs in *sample*; *whole* says that it is all of the file."""
    dates = odd = above = below = glued = 0
    years: list[int] = []
    dated = 0
    names: Counter[str] = Counter()
    last_prose = after_date = False
    previous: str | None = None
    seconds: Counter[str] = Counter()
    second: str | None = None
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
            seconds.update((second,) if second is not None else ())
            previous = second = None
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
        below += after_date and prose
        kinds.append("prose" if prose else "other")
        last_prose, after_date = prose, False
        headed = previous is not None and not _is_prose(previous) and part_line(text) is None
        second = text.strip() if headed else None
        previous = text
    turned = above > 0.3 * dates + 1 and above > below / 2
    early = "date" in kinds[:_OPENING]
    if whole and dates >= 2 and early and "other" in _behind_last_date(kinds):
        turned = True
    if 2 <= dates < len(kinds) and kinds[0] == "date":
        # No headline stands above the first date.
        turned = True
    if dates > 2 and len(kinds) - dates > _CROWDED * dates:
        turned = True
    odd += glued if glued > 0.2 * dates else 0
    if dated > 2 and dated > dates:
        odd += dated
    # Names without "By", on lines of their own: some again and again, or one in most entries.
    alone = sum(times for name, times in names.items() if times > 1 and bare_name(name) is not None)
    odd += alone if alone > 0.15 * dates else 0
    likely = sum(times for name, times in names.items() if (bare_name(name) or 0.0) >= _LIKELY)
    odd += likely if likely > max(_FEWEST_NAMES, _NAMED * dates) else 0
    # The lower of two headings: a subtitle does not come again, the name of a paper does.
    again = sum(times for times in seconds.values() if times > 1)
    odd += dates if again > _AGAIN * dates else 0
    if _has_undated(sample):
        odd += dates
    return Signs(dates, odd > 0.04 * dates or are_dates(years, dates - len(years)), turned)


def _behind_last_date(kinds: Sequence[str]) -> Sequence[str]:
    """Return what stands behind the last date: in the classic dialect a standfirst, or nothing."""
    return kinds[len(kinds) - 1 - kinds[::-1].index("date") :]


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
    if without_marks(text) != text or (text.count(": ") > 1 and labelled_part(text) is not None):
        return True
    if len(text) > _LONGEST_CREDIT:
        forms = _credit_forms(text[:400])
        return any(form.roles[0] in "BD" and form.score >= _PARTED for form in forms)
    if (
        is_furniture(text)
        or more_behind(text, 0, len(text)) is not None
        or issue_line(text) is not None
    ):
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
