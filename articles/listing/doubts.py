"""What is doubtful about an entry: other readings that lost by little, an entry unlike the others
of its file, and what looks like a field left in another.

A wrong reading without a doubt is the worst that the parser can do: where the form of an entry or
of a field speaks against it, the entry says so.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

from articles.folding import fold
from articles.listing import rules
from articles.listing.bare_names import bare_name
from articles.listing.columns import is_name
from articles.listing.credit_edges import PREFIX
from articles.listing.dates import date_at_end, date_at_start
from articles.listing.inline_kickers import prefixes_of
from articles.listing.label_words import LABELS
from articles.listing.papers import is_sorting
from articles.listing.partial_dates import begins_in_day
from articles.listing.records import Diagnostic, Survey
from articles.listing.weaving import Node

_SPACE = 40
_DOUBTS = {
    "HK": "kicker-or-subtitle",
    "HS": "kicker-or-subtitle",
    "FK": "standfirst-or-kicker",
    "FH": "standfirst-or-headline",
    "FS": "standfirst-or-headline",
    "FU": "standfirst-or-stray",
    "KT": "topic-or-kicker",
    "HT": "topic-or-headline",
    "BH": "byline-or-heading",
    "BK": "byline-or-heading",
    "BS": "byline-or-heading",
    "BF": "byline-or-heading",
}
_MESSAGES = {
    "kicker-or-subtitle": "Two heading lines: kicker and headline, or headline and subtitle.",
    "standfirst-or-kicker": "A standfirst, or the kicker of the entry below.",
    "standfirst-or-headline": "A standfirst, or a heading.",
    "standfirst-or-stray": "A standfirst, or a line of no entry.",
    "topic-or-kicker": "Topic of the page, or kicker of the first entry.",
    "topic-or-headline": "Topic of the page, or headline of the first entry.",
    "byline-or-heading": "A byline without “By”, or a heading.",
    "stray-line": "A line of no entry, or a line of this one.",
}
_FIELD_OF = {"K": "kicker", "H": "headline", "S": "subtitle", "F": "standfirst", "B": "byline"}

#: Share of the entries with a role below which it is unusual, and from which it is missed.
_UNUSUAL = 0.15
_USUAL = 0.7
_RARE = 0.08
_FEWEST = 6
_ODD = 0.6
_WORDS_OF_SECTIONS, _HALF = 3, 0.5
#: Share of entries with a subtitle from which the file shows that there are such.
_OFTEN = 0.5
#: Share of the entries whose headline has something before a colon from which it may be a section.
_SECTIONS = 0.4
#: Share of the headlines before which what stands as a byline stands too: it may be a section.
_BEFORE_HEADLINES = 0.5
_SIGN_INSIDE = re.compile(r"\t|\s[|·•]\s|\s{3}")
_TAIL = re.compile(r"(?:,\s|\s[-–—/(]\s?)(?=[^,–—/(]{4,60}\Z)")
_BY_BEHIND = re.compile(r"\s(?:by|von|par|por|di)\s(?=[^\W\d_a-zà-öø-ÿа-яё])")


def pattern_of(nodes: Sequence[Node]) -> str:
    """Return the roles of an entry in the order in which it has them."""
    roles = ""
    for node in nodes:
        if node.form is not None and node.form.roles not in ("X", "Y", "T"):
            start = max(node.step.opens, 0) if not roles else 0
            roles += node.form.roles[start:]
    return "".join(dict.fromkeys(roles))


def unlike_others(nodes: Sequence[Node], patterns: Mapping[str, int]) -> Iterator[Diagnostic]:
    """Remark on an entry that has a line in a role that few others have.

    *patterns* counts the patterns of the entries of the file, or of a sample of it.
    """
    shares = _shares(tuple(patterns.items()))
    if not shares:
        return
    pattern = pattern_of(nodes)
    if "B" not in pattern and shares["B"] > _USUAL and ("S" in pattern or "K" in pattern):
        for node in nodes:
            if node.form is not None and node.form.roles in ("S", "K"):
                message = "Most other entries have a byline: this may be one."
                yield Diagnostic("byline-or-heading", node.number, message)
        return
    if pattern == "H" and shares["B"] >= _HALF:
        block = nodes[0].block
        if block is not None and block.above and len(block.text.split()) <= _WORDS_OF_SECTIONS:
            message = "Nearly all others have a byline: this may be the name of a section."
            yield Diagnostic("unlike-others", nodes[0].number, message)
        return
    extra = [role for role in pattern if role in "KSBF" and shares[role] < _UNUSUAL]
    missing = [role for role in "KSBF" if role not in pattern and shares[role] > _USUAL]
    if not extra or not (missing or shares[extra[0]] < _RARE):
        return
    for node in nodes:
        if node.form is not None and extra[0] in node.form.roles:
            message = f"Few other entries of the file have a {_FIELD_OF[extra[0]]}."
            yield Diagnostic("unlike-others", node.number, message)
            return


def is_section(nodes: Sequence[Node], survey: Survey, *, apart: bool) -> bool:
    """Tell whether what was read as an entry is a heading over those below it: a word or two by
    themselves, unlike the others, without a number where these have one; or *apart* from them, in
    capitals, without a page, or the name of a section.
    """
    block, form = nodes[0].block, nodes[0].form
    if len(nodes) != 1 or block is None or form is None or form.roles != "H":
        return False
    if not any(remark.code == "unlike-others" for remark in unlike_others(nodes, survey.patterns)):
        return False
    rows = survey.rows
    if rows is not None and rows.numbers and not any(map(str.isdigit, block.text)):
        return True
    paged = rows is not None and rows.pages and len(form.pieces) == 1
    capitals = block.text.isupper() and not survey.capitals
    return apart and (capitals or is_sorting(block.text) or paged)


@lru_cache(maxsize=16)
def _shares(patterns: tuple[tuple[str, int], ...]) -> Mapping[str, float]:
    """Return the share of the entries that have a role, for each; nothing if they are too few."""
    total = sum(times for _, times in patterns)
    if total < _FEWEST:
        return {}
    return {
        role: sum(times for known, times in patterns if role in known) / total for role in "KHSBDFP"
    }


def pairs(nodes: Sequence[Node], survey: Survey) -> Iterator[Diagnostic]:
    """Remark on two heading lines, where kickers and subtitles cannot be told apart in the file."""
    if survey.rows is None or not (survey.rows.pairs_unsure or _odd_kickers(survey)):
        return
    for node in nodes:
        if node.form is not None and node.form.roles in ("K", "S"):
            code = "kicker-or-subtitle"
            yield Diagnostic(code, node.number, _MESSAGES[code])


def _subtitles(nodes: Sequence[Node], survey: Survey) -> Iterator[Diagnostic]:
    """Remark on a subtitle that goes on in lower case, or stands below what comes again."""
    above: Node | None = None
    subtitle: Node | None = None
    for node in nodes:
        if node.form is None or node.block is None:
            continue
        if node.form.roles == "H":
            above = node
        elif node.form.roles == "S":
            subtitle = node
            if above is not None and above.block is not None and above.block.folded in survey.again:
                message = "A second heading, or the headline of another entry."
                yield Diagnostic("kicker-or-subtitle", above.number, message)
                return
        elif node.form.roles == "F":
            if subtitle is not None and node.block.text[:1].islower():
                message = "The second of two heading lines may be the rest of the first."
                yield Diagnostic("kicker-or-subtitle", subtitle.number, message)
            return


def lone_headings(nodes: Sequence[Node], survey: Survey) -> Iterator[Diagnostic]:
    """Remark on a second heading that the file does not show to be one.

    A derived layout may take the headline of another entry for a kicker or a subtitle: a kicker
    that comes but once and a subtitle that few entries have are no proof that they are such.
    """
    total = sum(survey.patterns.values())
    if not total:
        return
    if survey.layout is None:
        yield from _short_headlines(nodes, survey, total)
        return
    yield from (remarks := tuple(_subtitles(nodes, survey)))
    if remarks:
        return
    for node in nodes:
        roles = node.form.roles if node.form is not None else ""
        if roles not in ("K", "S") or node.block is None:
            continue
        text = node.block.text
        if roles == "K":
            sure = node.block.folded in survey.phrases or is_sorting(text) or text.isupper()
        else:
            times = sum(count for known, count in survey.patterns.items() if "S" in known)
            sure = times >= _OFTEN * total
        if not sure:
            code = "kicker-or-subtitle"
            yield Diagnostic(
                code, node.number, "A second heading, or the headline of another entry."
            )


def apart(nodes: Sequence[Node], survey: Survey) -> Iterator[Diagnostic]:
    """Remark on a kicker that stands apart from its headline: by a blank line, where these part
    entries, or by a line of the page.
    """
    kicker, is_apart = None, False
    for node in nodes:
        if node.form is None:
            continue
        # A blank line may also stand above a line of the page between the two.
        is_apart = is_apart or (node.block is not None and bool(node.block.above))
        if node.form.roles == "X":
            continue
        if (
            kicker is not None
            and is_apart
            and "H" in node.form.roles
            and (survey.blank_weight or node.above is not kicker)
        ):
            message = "The kicker stands apart from its headline: it may be a line of the page."
            yield Diagnostic("stray-line", kicker.number, message)
        kicker, is_apart = (node if node.form.roles == "K" else None), False


def _short_headlines(nodes: Sequence[Node], survey: Survey, total: int) -> Iterator[Diagnostic]:
    """Remark on a headline of one word over a subtitle, where few entries have one: it may be a
    kicker.
    """
    times = sum(count for known, count in survey.patterns.items() if "S" in known)
    if times >= _OFTEN * total:
        return
    for upper, lower in pairwise(nodes):
        if (
            lower.form is not None
            and lower.form.roles == "S"
            and upper.form is not None
            and upper.form.roles == "H"
            and upper.block is not None
            and len(upper.block.text.split()) == 1
        ):
            code = "kicker-or-subtitle"
            yield Diagnostic(code, lower.number, _MESSAGES[code])


def _odd_kickers(survey: Survey) -> bool:
    """Tell whether kickers stand behind the headline, in few entries: they may be subtitles."""
    layout = survey.layout.layout if survey.layout is not None else ""
    if "K" not in layout or layout.index("K") < layout.index("H"):
        return False
    total = sum(survey.patterns.values())
    return sum(times for roles, times in survey.patterns.items() if "K" in roles) < _ODD * total


def residues(values: Mapping[str, str], survey: Survey, line: int) -> Iterator[Diagnostic]:
    """Remark on fields that look like another, or have another in them still."""
    headline = values["headline"]
    for role in ("kicker", "subtitle"):
        text = values.get(role)
        if (
            text is not None
            and "byline" not in values
            and (
                text.casefold() in survey.names
                or (bare_name(text, survey.names) or 0.0) >= 1.0
                or PREFIX.match(text) is not None
            )
        ):
            message = f"The {role} looks like a byline."
            yield Diagnostic("byline-or-heading", line, message, ({"byline": text, role: None},))
    if "byline" not in values and (
        headline.casefold() in survey.names
        or (_has_bylines(survey) and bare_name(headline, survey.names) is not None)
    ):
        message = "The headline looks like a byline."
        yield Diagnostic("byline-or-heading", line, message, ({"byline": headline},))
    phrase = survey.phrases.get(fold(values.get("byline", "")))
    if phrase is not None and phrase.inline >= max(3, _BEFORE_HEADLINES * survey.date_lines):
        message = "What stands as the byline stands before headlines too, as kickers do."
        other = {"kicker": values["byline"], "byline": None}
        yield Diagnostic("byline-or-heading", line, message, (other,))
    if fold(values.get("kicker", "")) in LABELS:
        message = "The kicker is the label of a field: the fields may be others."
        yield Diagnostic("inline-kicker", line, message)
    tail = _TAIL.search(headline) if "byline" not in values else None
    named = tail is not None and bare_name(headline[tail.end() :], survey.names) is not None
    if named or _holds_more(headline, survey):
        yield Diagnostic("headline-holds-more", line, "The headline seems to hold another field.")
    elif "kicker" not in values and survey.prefix_forms:
        parted = survey.prefix_forms.get("parted", 0)
        many = survey.date_lines and parted >= max(3, _SECTIONS * survey.date_lines)
        if many and any(prefix.form == "parted" for prefix in prefixes_of(headline)):
            message = "What stands before the sign may be a kicker, as in other entries."
            yield Diagnostic("inline-kicker", line, message)


def _has_bylines(survey: Survey) -> bool:
    total = sum(survey.patterns.values())
    return sum(times for roles, times in survey.patterns.items() if "B" in roles) > total / 2


def _holds_more(headline: str, survey: Survey) -> bool:
    if _SIGN_INSIDE.search(headline) is not None:
        return True
    if any(mark.isdigit() for mark in headline[-5:]):
        date = date_at_end(headline, survey.day_first)
        if date is not None and date.month is not None:
            return True
    if headline[:1].isdigit():
        date = date_at_start(headline, survey.day_first)
        if date is not None and date.end < len(headline):
            return True
        if survey.first_day is None and begins_in_day(headline):
            return True
    ends = [match.end() for match in _BY_BEHIND.finditer(headline)]
    return bool(ends) and is_name(headline[ends[-1] :], survey.names)


def rivals(nodes: list[Node]) -> Iterator[Diagnostic]:
    """Yield one diagnostic a rival that lost by little: which line it reads otherwise, and how."""
    seen = set()
    for node in nodes:
        if node.rival is None or node.margin > rules.MARGIN:
            continue
        chosen, other = _paths(node, node.rival)
        first = next(
            (
                (mine, theirs)
                for mine, theirs in zip(chosen, other, strict=False)
                if _roles(mine) != _roles(theirs)
            ),
            None,
        )
        if first is None:
            continue
        mine, theirs = first
        pair = "".join(sorted(_roles(mine)[:1] + _roles(theirs)[:1]))
        code = _DOUBTS.get(pair, "part-or-heading" if "P" in pair else "stray-line")
        if (code, mine.number) in seen:
            continue
        seen.add((code, mine.number))
        message = _MESSAGES.get(code, "A part label, or a heading.")
        yield Diagnostic(code, mine.number, message, _alternative(chosen, other))


def _paths(chosen: Node, rival: Node) -> tuple[list[Node], list[Node]]:
    """Return both paths back to where they part, oldest first."""
    one: list[Node] = []
    two: list[Node] = []
    left: Node | None = chosen
    right: Node | None = rival
    while left is not None and right is not None and left is not right and len(one) < _SPACE:
        one.append(left)
        two.append(right)
        left, right = left.above, right.above
    return one[::-1], two[::-1]


def _roles(node: Node) -> str:
    return node.form.roles if node.form is not None else "U"


def _alternative(chosen: list[Node], other: list[Node]) -> tuple[dict[str, str | None], ...]:
    """Return the fields that the rival reads otherwise, as far as both read the same entry."""
    if any(node.step.opens >= 0 for node in other[1:]) or any(
        node.step.opens >= 0 for node in chosen[1:]
    ):
        return ()
    mine, theirs = _fields(chosen), _fields(other)
    fields: dict[str, str | None] = {
        name: theirs.get(name) for name in mine | theirs if mine.get(name) != theirs.get(name)
    }
    return (fields,) if fields else ()


def _fields(nodes: list[Node]) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in nodes:
        if node.form is None or node.block is None:
            continue
        for start, end, role in node.form.pieces:
            if role in _FIELD_OF.values():
                text = node.block.line.text[start:end]
                found[role] = f"{found[role]}\n{text}" if role in found else text
    return found
