"""What becomes of articles and of names that are merged, and of a merge that is taken back, by the
rules of docs/review.md and docs/names.md. No database."""

from collections.abc import Container

from tests.importing.model.fields import in_order, seats
from tests.importing.model.records import WITHDRAWN, Gift, Held
from tests.importing.model.texts import Values


class Merges:
    """What of the dictionary makes one of two, and two of one."""

    articles: dict[int, Held]
    leads: dict[str, str]
    led: dict[str, str]
    credited: dict[int, list[str]]
    at: int

    def in_names(self, values: Values) -> Values:
        """Return *values* with the present names of authors."""
        if "authors" not in values:
            return values
        found = dict.fromkeys(self.leads.get(name, name) for name in values["authors"] or ())
        return {**values, "authors": list(found)}

    def merge_authors(self, survivor: str, copy: str) -> None:
        """One author becomes another spelling of the other."""
        self.leads[copy] = self.led[copy] = survivor
        for pk, held in self.articles.items():
            before = held.values["authors"] or ()
            if copy in before:
                self.credited[pk] = list(before)
                held.change(self.at, None, self.in_names({"authors": before}))

    def unmerge_authors(self) -> None:
        """They are two again: whoever had the copy has it where the survivor stands now."""
        (survivor,) = self.leads.values()
        self.leads = {}
        for pk, before in self.credited.items():
            held = self.articles.get(pk)
            now = held.values["authors"] or () if held is not None else ()
            if held is not None and survivor in now:
                found = [
                    other for name in now for other in (before if name == survivor else [name])
                ]
                held.change(self.at, None, {"authors": list(dict.fromkeys(found))})
        self.credited = {}

    def merge_articles(self, survivor: int, copy: int) -> None:
        """An article is a copy of another: that takes over its tags and its places."""
        into, out = self.articles[survivor], self.articles[copy]
        mine, theirs = dict(into.values["series"] or ()), dict(out.values["series"] or ())
        places = dict(mine)
        for title, number in theirs.items():
            places[title] = places.get(title) or number
        tags = sorted({*(into.values["tags"] or ()), *(out.values["tags"] or ())})
        gift = Gift(
            status=out.status,
            series=list(theirs.items()),
            tags=set(tags) - set(into.values["tags"] or ()),
            places={title: number for title, number in places.items() if title not in mine},
            numbers={
                title: places[title] for title, number in mine.items() if places[title] != number
            },
        )
        if out.status != WITHDRAWN:
            out.change(self.at, None, {"status": WITHDRAWN})
        out.change(self.at, None, {"series": []})
        out.merged_into = survivor
        into.change(self.at, None, {"series": in_order(places.items()), "tags": tags})
        into.gift = gift

    def unmerge_articles(self, copy: int, gone: Container[str]) -> None:
        """The copy is what it was, the other loses what came with it; *gone* are the titles of
        series that are no more."""
        out = self.articles[copy]
        into = self.articles[out.merged_into or 0]
        gift = into.gift
        assert gift is not None
        out.merged_into = into.gift = None
        kept: dict[str, int | None] = {}
        for title, number in into.values["series"] or ():
            if title in gift.places and gift.places[title] == number:
                continue
            was_given = title in gift.numbers and gift.numbers[title] == number
            kept[title] = None if was_given else number
        tags = sorted(set(into.values["tags"] or ()) - gift.tags)
        into.change(self.at, None, {"series": in_order(kept.items()), "tags": tags})
        taken = set(kept.items())
        for pk, held in self.articles.items():
            if pk != copy:
                taken |= seats(held.values["series"])
        back = dict(out.values["series"] or ())
        for title, number in gift.series:
            if title not in gone:
                back.setdefault(title, None if (title, number) in taken else number)
        out.change(self.at, None, {"series": in_order(back.items())})
        if out.status == WITHDRAWN != gift.status:
            out.change(self.at, None, {"status": gift.status})
