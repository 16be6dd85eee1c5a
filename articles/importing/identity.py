"""Which entry of a new file is which entry of an old one. Pure.

Within a source, equal fingerprints are the same entry. What is left on both sides is aligned one
to one by date, neighbours and folded similarity: a clear partner is the same entry reworded,
several possible ones are for an editor, none is a new entry.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from articles.folding import fold
from articles.importing.records import KnownEntry, Values
from articles.partial_dates import parse_partial

#: Least similarity (0 to 100) of the folded heads for a partner on the same date, and elsewhere.
SAME_DAY, OTHER_DAY = 55.0, 88.0
#: With both neighbours in place on the same date, a rewritten headline is still the same entry.
IN_PLACE = 25.0
#: Days within which a changed date can be the same entry.
NEAR_DAYS = 31
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
        found.append(hashlib.sha256(f"{key}\n{seen[key]}".encode()).hexdigest())
    found.reverse()
    return found


@dataclass(frozen=True, slots=True)
class Match:
    """The partner of an entry: one (``known``), or several among which an editor chooses."""

    known: KnownEntry | None = None
    candidates: tuple[KnownEntry, ...] = ()


def align(new: Sequence[tuple[Values, str]], known: Mapping[str, KnownEntry]) -> list[Match]:
    """Match the entries of a file, as (values, fingerprint), with those known of its source."""
    matches: list[Match | None] = [
        Match(known[fingerprint]) if fingerprint in known else None for _, fingerprint in new
    ]
    taken = {match.known.id for match in matches if match and match.known}
    left = [entry for entry in known.values() if entry.in_latest and entry.id not in taken]
    if not left:
        return [match or Match() for match in matches]
    by_ordinal = {entry.ordinal: entry for entry in known.values() if entry.in_latest}
    by_month = _by_month(left)
    scores: dict[int, list[tuple[float, KnownEntry]]] = {}
    for place, match in enumerate(matches):
        if match is None:
            scores[place] = _candidates(new, place, matches, by_month, by_ordinal)
    claims = Counter(rows[0][1].id for rows in scores.values() if rows)
    for place, rows in scores.items():
        if not rows:
            continue
        best = rows[0]
        near = [entry for score, entry in rows if best[0] - score < MARGIN]
        if len(near) == 1 and claims[best[1].id] == 1:
            matches[place] = Match(best[1])
        else:
            rivals = [best[1]] if claims[best[1].id] > 1 and len(near) == 1 else near
            matches[place] = Match(candidates=tuple(rivals))
    return [match or Match() for match in matches]


def _by_month(entries: Iterable[KnownEntry]) -> dict[int, list[KnownEntry]]:
    found: dict[int, list[KnownEntry]] = {}
    for entry in entries:
        day = _ordinal_day(entry.values)
        if day is not None:
            found.setdefault(day // NEAR_DAYS, []).append(entry)
    return found


def _ordinal_day(values: Values) -> int | None:
    try:
        return parse_partial(values.get("published_on") or "")[0].toordinal()
    except ValueError:
        return None


def _candidates(
    new: Sequence[tuple[Values, str]],
    place: int,
    matches: Sequence[Match | None],
    by_month: Mapping[int, Sequence[KnownEntry]],
    by_ordinal: Mapping[int, KnownEntry],
) -> list[tuple[float, KnownEntry]]:
    """Return possible partners of one entry with their scores, the best first."""
    values = new[place][0]
    day = _ordinal_day(values)
    if day is None:
        return []
    mine = heads(values)
    headline = fold(values.get("headline") or "")
    rows = []
    for month in (day // NEAR_DAYS - 1, day // NEAR_DAYS, day // NEAR_DAYS + 1):
        for entry in by_month.get(month, ()):
            theirs = _ordinal_day(entry.values)
            if theirs is None or abs(theirs - day) > NEAR_DAYS:
                continue
            score = max(
                fuzz.ratio(mine, heads(entry.values)),
                fuzz.ratio(headline, fold(entry.values.get("headline") or "")),
            )
            least = SAME_DAY if theirs == day else OTHER_DAY
            if theirs == day and _in_place(place, entry, matches, by_ordinal):
                least, score = IN_PLACE, score + MARGIN
            if score >= least:
                rows.append((score if theirs == day else score - MARGIN, entry))
    return sorted(rows, key=lambda row: (-row[0], row[1].ordinal))


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
