"""Which entry of a new file is which entry of an old one. Pure.

Within a source, equal fingerprints are the same entry. What is left on both sides is aligned one
to one by date, neighbours and folded similarity: a clear partner is the same entry reworded,
several possible ones are for an editor, none is a new entry. What was gone from the page and comes
back in other words is looked for last, by date and similarity alone.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from articles.folding import fold
from articles.importing.records import REJECT, REVIEW, KnownEntry, Values
from articles.partial_dates import parse_partial

#: Least similarity (0 to 100) of the folded heads for a partner on the same date: if the bylines
#: agree or one is missing, if they differ, and if the entry stands between its old neighbours.
SAME_DAY, SAME_DAY_OTHER_BYLINE, IN_PLACE = 60.0, 85.0, 45.0
#: Least similarity of the standfirsts that makes up for a new headline in the same place.
SAME_STANDFIRST = 60.0
#: The same for an entry that was gone from the page and comes back in other words: its neighbours
#: say nothing, and everything that ever stood there comes into question. Or else its standfirst
#: is what it was.
RETURNED, RETURNED_OTHER_BYLINE, RETURNED_STANDFIRST = 75.0, 95.0, 90.0
#: Days by which a date may be corrected if heads and byline stay and stand once only.
NEAR_DAYS = 3
#: So many entries of one day are compared in full.
LOOKED_AT = 20
#: How far a clear partner is ahead of the next.
MARGIN = 10.0


def heads(values: Values) -> str:
    """Return the folded head lines of an entry, whatever roles they were given."""
    names = ("kicker", "headline", "subtitle", "part_label")
    return fold(" ".join(str(values[name]) for name in names if values.get(name)))


def natural_key(values: Values) -> str:
    """Return date, heads and byline folded: what identifies an entry across sources."""
    return "\n".join(
        (str(values.get("published_on") or ""), heads(values), fold(values.get("byline") or ""))
    )


def fingerprints(all_values: Sequence[Values]) -> list[str]:
    """Return the fingerprint of each entry of a file.

    It covers date, heads and byline, and among equals the ordinal counted from the file's end:
    a newest-first listing grows at its top, so that equals keep their numbers.
    """
    seen: Counter[str] = Counter()
    found: list[str] = []
    for values in reversed(all_values):
        key = natural_key(values)
        seen[key] += 1
        found.append(digest(key, seen[key]).hex())
    found.reverse()
    return found


def digest(key: str, number: int) -> bytes:
    """Return the fingerprint, as bytes, of the entry with this natural *key* that is the
    *number*-th of its equals from the file's end."""
    return hashlib.sha256(f"{key}\n{number}".encode()).digest()


@dataclass(frozen=True, slots=True)
class Match:
    """The partner of an entry: one (``known``), or several among which an editor chooses."""

    known: KnownEntry | None = None
    candidates: tuple[KnownEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class _Folded:
    """What is compared of an entry, folded once."""

    day: int | None
    heads: str
    headline: str
    byline: str
    standfirst: str

    @classmethod
    def of(cls, values: Values) -> "_Folded":
        return cls(
            day=ordinal_day(values),
            heads=heads(values),
            headline=fold(values.get("headline") or ""),
            byline=fold(values.get("byline") or ""),
            standfirst=fold((values.get("standfirst") or "")[:500]),
        )


def align(new: Sequence[tuple[Values, str]], known: Mapping[str, KnownEntry]) -> list[Match]:
    """Match the entries of a file, as (values, fingerprint), with those known of its source.

    No two entries of a file are given the same article.
    """
    matches: list[Match | None] = [
        Match(known[fingerprint]) if fingerprint in known else None for _, fingerprint in new
    ]
    _once_an_article(matches)
    taken = {match.known.id for match in matches if match and match.known}
    owned = {target(match.known) for match in matches if match and match.known}
    left = [
        entry
        for entry in known.values()
        if _is_expected(entry) and entry.id not in taken and target(entry) not in owned
    ]
    if left:
        _align_rest(new, known, left, matches)
    _align_returned(new, known, matches)
    return [match or Match() for match in matches]


def _once_an_article(matches: list[Match | None]) -> None:
    """Of several entries that lead to one article keep the one of the newest listing."""
    holders: dict[int, int] = {}
    for place, match in enumerate(matches):
        if match is None or match.known is None or match.known.article is None:
            continue
        other = holders.get(match.known.article)
        if other is None:
            holders[match.known.article] = place
            continue
        held = matches[other]
        is_better = match.known.in_latest and held and held.known and not held.known.in_latest
        matches[other if is_better else place] = Match()
        holders[match.known.article] = place if is_better else other


def _align_rest(
    new: Sequence[tuple[Values, str]],
    known: Mapping[str, KnownEntry],
    left: Sequence[KnownEntry],
    matches: list[Match | None],
) -> None:
    by_ordinal = {entry.ordinal: entry for entry in known.values() if entry.in_latest}
    old = {entry.id: _Folded.of(entry.values) for entry in left}
    by_day: dict[int, list[KnownEntry]] = {}
    for entry in left:
        day = old[entry.id].day
        if day is not None:
            by_day.setdefault(day, []).append(entry)
    once = _heads_that_stand_once(new) & _heads_that_stand_once(
        [(entry.values, "") for entry in known.values() if _is_expected(entry)]
    )
    # An entry of the same date comes before one whose date may have been corrected.
    for days in ((0,), [day for day in range(-NEAR_DAYS, NEAR_DAYS + 1) if day]):
        taken = {match.known.id for match in matches if match and match.known}
        scores: dict[int, list[tuple[float, KnownEntry]]] = {}
        for place, match in enumerate(matches):
            if match is not None:
                continue
            mine = _Folded.of(new[place][0])
            rows = [
                (score, entry)
                for day in days
                if mine.day is not None
                for entry in _likely(mine, by_day.get(mine.day + day, ()), old)
                if entry.id not in taken
                and (
                    score := _score(
                        mine,
                        old[entry.id],
                        in_place=_in_place(place, entry, matches, by_ordinal),
                        stands_once=mine.heads in once,
                    )
                )
                is not None
            ]
            if rows:
                scores[place] = sorted(rows, key=lambda row: (-row[0], row[1].ordinal))
        _settle(scores, matches)


def _align_returned(
    new: Sequence[tuple[Values, str]],
    known: Mapping[str, KnownEntry],
    matches: list[Match | None],
) -> None:
    """Match what was gone from the newest listing and comes back reworded, on its date."""
    gone = [
        entry
        for entry in known.values()
        if not entry.in_latest and entry.change not in (REVIEW, REJECT)
    ]
    if not gone:
        return
    wanted = {
        day
        for (values, _), match in zip(new, matches, strict=True)
        if match is None and (day := ordinal_day(values)) is not None
    }
    owned = {
        target(entry)
        for match in matches
        if match is not None
        for entry in (match.known, *match.candidates)
        if entry is not None
    }
    by_day: dict[int, list[KnownEntry]] = {}
    for entry in gone:
        day = ordinal_day(entry.values)
        if day in wanted and target(entry) not in owned:
            by_day.setdefault(day, []).append(entry)
    old = {entry.id: _Folded.of(entry.values) for rows in by_day.values() for entry in rows}
    scores: dict[int, list[tuple[float, KnownEntry]]] = {}
    for place, match in enumerate(matches):
        mine = _Folded.of(new[place][0]) if match is None else None
        if mine is None or mine.day not in by_day:
            continue
        best: dict[tuple[str, int], tuple[float, KnownEntry]] = {}
        for entry in _likely(mine, by_day[mine.day], old):
            score = _returned_score(mine, old[entry.id])
            if score is not None and score > best.get(target(entry), (0.0, entry))[0]:
                best[target(entry)] = (score, entry)
        if best:
            scores[place] = sorted(best.values(), key=lambda row: (-row[0], row[1].id))
    _settle(scores, matches)


def _returned_score(mine: _Folded, theirs: _Folded) -> float | None:
    score = max(fuzz.ratio(mine.heads, theirs.heads), fuzz.ratio(mine.headline, theirs.headline))
    agrees = mine.byline == theirs.byline or not mine.byline or not theirs.byline
    if score >= (RETURNED if agrees else RETURNED_OTHER_BYLINE):
        return score
    if agrees and score >= IN_PLACE and mine.standfirst:
        same = fuzz.ratio(mine.standfirst, theirs.standfirst) >= RETURNED_STANDFIRST
        return score if same else None
    return None


def _is_expected(entry: KnownEntry) -> bool:
    """Whether the entry is looked for by date and neighbours: the newest listing has it, or an
    undo left its article."""
    return entry.in_latest or entry.is_left


def target(entry: KnownEntry) -> tuple[str, int]:
    """Return what stands for the article of an entry, also of one that was deleted."""
    if entry.article is not None:
        return "article", entry.article
    return ("entry", entry.root_id) if entry.former is None else ("deleted", entry.former)


def _likely(
    mine: _Folded, entries: Sequence[KnownEntry], folded: Mapping[int, _Folded]
) -> Sequence[KnownEntry]:
    """Return the entries of one day worth a closer look: all, or the most alike of very many."""
    if len(entries) <= LOOKED_AT:
        return entries
    chosen: set[int] = set()
    for mine_text, texts in (
        (mine.heads, [folded[entry.id].heads for entry in entries]),
        (mine.headline, [folded[entry.id].headline for entry in entries]),
    ):
        best = process.extract(
            mine_text, texts, scorer=fuzz.ratio, limit=LOOKED_AT, score_cutoff=IN_PLACE
        )
        chosen.update(place for _, _, place in best)
    return [entries[place] for place in sorted(chosen)]


def _settle(
    scores: Mapping[int, Sequence[tuple[float, KnownEntry]]], matches: list[Match | None]
) -> None:
    """Give each entry its clear partner, or all that it may be."""
    claims = Counter(target(rows[0][1]) for rows in scores.values())
    for place, rows in scores.items():
        best, partner = rows[0]
        near = tuple(entry for score, entry in rows if best - score < MARGIN)
        # Which of several deleted articles it was makes no difference: it stays deleted.
        is_one = len(near) == 1 or all(entry.is_deleted for entry in near)
        is_clear = is_one and claims[target(partner)] == 1
        matches[place] = Match(partner) if is_clear else Match(candidates=near)


def _heads_that_stand_once(entries: Sequence[tuple[Values, str]]) -> set[str]:
    counted = Counter(heads(values) for values, _ in entries)
    return {text for text, times in counted.items() if times == 1}


def _score(mine: _Folded, theirs: _Folded, *, in_place: bool, stands_once: bool) -> float | None:
    """Return how alike two entries are (0 to 100); None if they are not the same entry.

    A page that rolls on replaces its oldest entry by a new one of the same form: a new date, or a
    new text on the same date, is never by itself the same entry.
    """
    if mine.day != theirs.day:
        same = stands_once and mine.heads == theirs.heads and mine.byline == theirs.byline
        return 100.0 if same else None
    score = max(fuzz.ratio(mine.heads, theirs.heads), fuzz.ratio(mine.headline, theirs.headline))
    agrees = mine.byline == theirs.byline or not mine.byline or not theirs.byline
    if score >= (SAME_DAY if agrees else SAME_DAY_OTHER_BYLINE):
        return score
    if in_place and agrees:
        if score >= IN_PLACE:
            return score
        if mine.standfirst and fuzz.ratio(mine.standfirst, theirs.standfirst) >= SAME_STANDFIRST:
            return IN_PLACE
    return None


def ordinal_day(values: Values) -> int | None:
    """Return the first day of the date of *values* as a number; None without one."""
    try:
        return parse_partial(values.get("published_on") or "")[0].toordinal()
    except ValueError:
        return None


def _in_place(
    place: int,
    entry: KnownEntry,
    matches: Sequence[Match | None],
    by_ordinal: Mapping[int, KnownEntry],
) -> bool:
    """Whether the entries around it are those that stood around *entry* before."""
    for step in (-1, 1):
        neighbour = by_ordinal.get(entry.ordinal + step)
        beside = place + step
        match = matches[beside] if 0 <= beside < len(matches) else None
        if neighbour is None and not 0 <= beside < len(matches):
            continue
        if neighbour is None or match is None or match.known is not neighbour:
            return False
    return True
