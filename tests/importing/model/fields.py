"""What becomes of one field of an article: the three-way merge, by the rules of
docs/importing.md, and who has which number in a series. No database."""

from collections.abc import Iterable
from typing import Any

from tests.importing.model.records import Held, Planned
from tests.importing.model.texts import Values

#: A place in a series that is not there; None is one without a number.
ABSENT = 0
UNCHANGED = "UNCHANGED"
Place = tuple[str, int | None]


def merge_field(planned: Planned, name: str, base: Values | None, new: Any, now: Any) -> None:
    """Compare one field three ways: what was imported last (*base*, None if this source never
    brought the article), what the listing says now, and what the archive has."""
    was = (base or {}).get(name) or None
    new, now = new or None, now or None
    if name == "tags":
        then = set(now or ()) - (set(was or ()) - set(new or ())) | (
            set(new or ()) - set(was or ())
        )
        if then != set(now or ()):
            planned.fields[name] = (now, sorted(then))
    elif name == "series":
        _merge_series(planned, was, new, now)
    elif new == now or (base is not None and new == was):
        return
    elif now == was:
        planned.fields[name] = (now, new)
    elif base is not None or new is not None:
        planned.conflicts[name] = {"imported": was, "source": new, "archive": now}


def _merge_series(
    planned: Planned, was: list[Place] | None, new: list[Place] | None, now: list[Place] | None
) -> None:
    """Compare the places one by one. A place without a number says nothing of the number: nobody
    chose it, or another article has the one that was wanted."""
    before, wanted, present = dict(was or ()), dict(new or ()), dict(now or ())
    then = dict(present)
    is_torn = False
    for title in sorted({*before, *wanted}):
        last, said, has = (places.get(title, ABSENT) for places in (before, wanted, present))
        if said in (last, has) or (said is None and last == ABSENT != has):
            continue
        if last == has or (has is None and ABSENT in (last, said)):
            if said == ABSENT:
                del then[title]
            else:
                then[title] = said
        else:
            is_torn = True
    if then != present:
        planned.fields["series"] = (now, in_order(then.items()) or None)
    if is_torn:
        planned.conflicts["series"] = {"imported": was, "source": new, "archive": now}


def in_order(found: Iterable[Place]) -> list[Place]:
    return sorted(found, key=repr)


def seats(series: list[Place] | None) -> set[Place]:
    """Return the numbered places: no two articles may have one of them."""
    return {place for place in series or () if place[1] is not None}


def give_numbers(plan: list[Planned], articles: dict[int, Held]) -> None:
    """Take from the entries of a plan the numbers that other articles have and keep."""
    movers = {planned.article for planned in plan if "series" in planned.fields}
    taken: dict[Place, Any] = {}
    for pk, held in articles.items():
        if pk not in movers:
            taken |= dict.fromkeys(seats(held.values["series"]), pk)
    for planned in plan:
        if "series" in planned.fields and planned.article is not None:
            before, after = planned.fields["series"]
            taken |= dict.fromkeys(seats(before) & seats(after), planned.article)
    for planned in plan:
        who = planned.article or id(planned)
        if planned.change == "CREATE":
            planned.series = _free(planned.values["series"], who, taken)
        elif "series" in planned.fields:
            before, after = planned.fields["series"]
            planned.fields["series"] = (before, _free(after, who, taken) or None)
            if planned.fields["series"][1] == before:
                # All that was new about it is another's.
                del planned.fields["series"]
                planned.change = (
                    planned.change if planned.conflicts or planned.fields else UNCHANGED
                )


def _free(series: list[Place] | None, who: Any, taken: dict[Place, Any]) -> list[Place]:
    found = []
    for title, number in series or ():
        is_free = number is None or taken.setdefault((title, number), who) == who
        found.append((title, number if is_free else None))
    return in_order(found)
