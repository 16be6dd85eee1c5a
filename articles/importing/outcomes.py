"""What happens to an entry whose article is found, or that has none. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from articles.folding import casefold_key, fold
from articles.importing import linking, merging, returning, spellings
from articles.importing.records import (
    CONFLICT,
    CREATE,
    MERGED_HERE,
    REJECT,
    REVIEW,
    UNCHANGED,
    UPDATE,
    ArticleState,
    Options,
    Plan,
    PlannedEntry,
    Values,
)
from articles.review.working_titles import is_working_title

#: Diagnostics that hold an entry back from the public.
HELD_BACK = frozenset({"internal-slug"})
#: What counts only when an article comes in; from then on editors decide.
ON_ARRIVAL = frozenset({"status", "visible_from"})


class Reader(Protocol):
    """What is asked of the archive."""

    def states(self, article_ids: Iterable[int]) -> Mapping[int, ArticleState]:
        """Return articles with values in the terms of the JSON report."""

    def sample_values(self, article_ids: Iterable[int]) -> Mapping[int, Values]:
        """Return what the sample said of these articles, as far as no other source has them."""

    def said_last(self, source_key: str, article_ids: Iterable[int]) -> Mapping[int, Values]:
        """Return what a source said of each article last, field by field."""

    def refused(self, torn: Mapping[int, Mapping[str, Values]]) -> Mapping[int, set[str]]:
        """Return of the conflicts of each article the fields whose value of the listing an editor
        has refused before."""

    def withdrawn_by_undo(self, article_ids: Iterable[int]) -> set[int]:
        """Return those of the articles that an undo withdrew and nobody edited since."""

    def site_rights(self) -> str:
        """Return the rights statement of the whole archive."""

    def spelled_series(self, titles: Iterable[str]) -> Mapping[str, Sequence[tuple[int, str]]]:
        """Return the series, as (id, kind), that each spelling leads to."""

    def tag_names(self, spellings: Iterable[str]) -> Mapping[str, str]:
        """Return the present name of the tag that each spelling leads to, if it leads to one."""


def check_names(entries: Sequence[PlannedEntry], spelled: spellings.Spellings) -> None:
    """Hold for review what would be credited to one of several authors of a name."""
    open_ = [planned for planned in entries if planned.change == CREATE]
    spelled.learn(
        credit["name"] for planned in open_ for credit in planned.values.get("authors") or []
    )
    for planned in open_:
        credits = planned.values.get("authors") or []
        doubts = [doubt for credit in credits if (doubt := spelled.doubt(credit))]
        if not doubts or _is_credited(planned, _named(credits)):
            continue
        planned.change = REVIEW
        for doubt in doubts:
            planned.remark("author-ambiguous", doubt)


def _is_credited(planned: PlannedEntry, names: list[tuple[str, str]]) -> bool:
    """Whether the article is credited so, or was by the listing before: nobody need be chosen."""
    if planned.article is None:
        return False
    if planned.known and names == _named(planned.known.values.get("authors") or []):
        return True
    return names == _named(planned.article.values.get("authors") or [])


class Names:
    """What the spellings of a file lead to in the archive, each asked once."""

    def __init__(self, reader: Reader, authors: spellings.Spellings) -> None:
        self.reader, self.authors = reader, authors
        self.series: dict[str, Sequence[tuple[int, str]]] = {}
        self.tags: dict[str, str] = {}
        self.asked: set[str] = set()

    def learn(self, all_values: Sequence[Values]) -> None:
        """Ask what the names in *all_values* lead to, as far as that is not known yet."""
        self.authors.learn(
            credit["name"] for values in all_values for credit in values.get("authors") or []
        )
        titles = {place["title"] for values in all_values for place in values.get("series") or []}
        if titles := titles - self.series.keys():
            found = self.reader.spelled_series(titles)
            self.series |= {title: found.get(title, ()) for title in titles}
        tags = {tag for values in all_values for tag in values.get("tags") or []}
        if tags := tags - self.asked:
            self.asked |= tags
            self.tags |= self.reader.tag_names(tags)

    def identify(self, values: Values) -> Values:
        """Return *values* with the ids of known authors and series beside their names, and with
        the present names of tags: to compare by identity."""
        credits = values.get("authors") or []
        places = values.get("series") or []
        return {
            **values,
            "authors": [
                {**credit, "author": found[0]}
                if len(found := self.authors.of(credit)) == 1
                else dict(credit)
                for credit in credits
            ],
            "series": [
                {**place, "series": ids[0]}
                if len(ids := _of_kind(self.series.get(place["title"], ()), place["kind"])) == 1
                else dict(place)
                for place in places
            ],
            "tags": list(
                dict.fromkeys(self.tags.get(tag, tag) for tag in values.get("tags") or [])
            ),
        }


def _of_kind(rows: Sequence[tuple[int, str]], kind: str) -> list[int]:
    return [pk for pk, other in rows if other == kind]


def decide(plan: Plan, entries: Sequence[PlannedEntry], reader: Reader, names: Names) -> None:
    """Decide on some entries, whose articles are found."""
    linked = [
        planned.article.id
        for planned in entries
        if planned.article is not None and planned.known is None
    ]
    sample = reader.sample_values(linked) if linked else {}
    back = reader.withdrawn_by_undo(linked) if linked else set()
    bases = _bases(plan, entries, reader)
    for planned in entries:
        last = bases.get(planned.entry.ordinal)
        if planned.change != CREATE or last is None or planned.extra_tags:
            continue
        if _same(planned.values, last):
            planned.change = UNCHANGED
    changing = [planned for planned in entries if planned.change == CREATE]
    last_values = [bases[p.entry.ordinal] for p in changing if p.entry.ordinal in bases]
    extra: Values = {"tags": plan.options.tags}
    names.learn([p.values for p in changing] + last_values + [*sample.values(), extra])
    for planned in changing:
        known = planned.known
        if planned.article is not None:
            comes_back = planned.article.id in back
            last = bases.get(planned.entry.ordinal)
            base = last if known or planned.copy else sample.get(planned.article.id)
            base = returning.base_of(planned) if comes_back else base
            _merge(planned, base, planned.article, names)
            if comes_back:
                returning.bring_back(planned, _status(planned, plan.options))
        elif known is None or known.change == REJECT:
            _create(planned, plan.options, names)
        elif known.change == REVIEW:
            if known.waits:
                linking.ask_which(planned, ())
            else:
                _create(planned, plan.options, names)
        elif known.copy is not None:
            planned.change = UNCHANGED
            planned.remark("merged-here", MERGED_HERE)
        else:
            planned.change = UNCHANGED
            planned.remark("deleted-here", "An editor deleted this article; it stays deleted.")
    _ask_about_conflicts(changing, reader)


def _ask_about_conflicts(entries: Sequence[PlannedEntry], reader: Reader) -> None:
    """Leave out of the conflicts what an editor has refused before, and remark on the others."""
    torn = {p.article.id: p for p in entries if p.article is not None and p.conflicts}
    refused = reader.refused({pk: p.conflicts for pk, p in torn.items()}) if torn else {}
    for pk, planned in torn.items():
        for name in refused.get(pk, ()):
            del planned.conflicts[name]
        for name, sides in planned.conflicts.items():
            planned.remark(
                "conflict",
                merging.torn_between({name: sides}),
                [{"source": _brief(sides["source"]), "archive": _brief(sides["archive"])}],
            )
        outcome = UPDATE if planned.fields else UNCHANGED
        planned.change = CONFLICT if planned.conflicts else outcome


def _bases(plan: Plan, entries: Sequence[PlannedEntry], reader: Reader) -> dict[int, Values]:
    """Return what the article of each entry was given last, by the entry's ordinal.

    What the newest version does not speak of was said by one before it. Without tags or series it
    says that there are none.
    """
    found: dict[int, Values] = {}
    silent: dict[int, set[str]] = {}
    #: The article that the source spoke of, by ordinal: before it was merged into another one.
    spoken: dict[int, int] = {}
    for planned in entries:
        base = planned.known.base(planned.values) if planned.known else None
        if planned.article is None or base is None:
            continue
        found[planned.entry.ordinal] = base
        if names := planned.values.keys() - base.keys() - {"tags", "series"}:
            silent[planned.entry.ordinal] = names
            copy = planned.known.copy if planned.known else None
            spoken[planned.entry.ordinal] = copy or planned.article.id
    copies = reader.states({planned.copy for planned in entries if planned.copy})
    for planned in entries:
        if planned.copy and planned.copy in copies and planned.article is not None:
            # What such an entry states differently was changed in the file. Series and tags were
            # dealt with when the two were merged.
            said = {**copies[planned.copy].values, "series": planned.values.get("series") or []}
            found[planned.entry.ordinal] = {**said, "tags": planned.values["tags"]}
            silent.pop(planned.entry.ordinal, None)
    earlier = reader.said_last(plan.source_key, set(spoken.values())) if spoken else {}
    for planned in entries:
        if planned.article is not None and (names := silent.get(planned.entry.ordinal, set())):
            said = earlier.get(spoken[planned.entry.ordinal], {})
            added = {name: said[name] for name in names & said.keys()}
            found[planned.entry.ordinal] = {**found[planned.entry.ordinal], **added}
    return found


def _same(new: Values, old: Values) -> bool:
    return new == old or _comparable(new) == _comparable(old)


def _named(credits: Sequence[Values]) -> list[tuple[str, str]]:
    return [(fold(credit["name"]), credit.get("role") or "aut") for credit in credits]


def _comparable(values: Values) -> Values:
    """Return *values* without ids and without what is absent."""
    found: Values = {name: value for name, value in values.items() if value}
    found["authors"] = _named(values.get("authors") or [])
    found["series"] = sorted(
        (fold(place["title"]), place["kind"], place.get("part_number") or 0)
        for place in values.get("series") or []
    )
    found["tags"] = sorted(casefold_key(tag) for tag in values.get("tags") or [])
    return found


def _merge(planned: PlannedEntry, base: Values | None, article: ArticleState, names: Names) -> None:
    tags = [*planned.values["tags"], *planned.extra_tags]
    # Where an article stood elsewhere matters when it comes in; from then on editors decide.
    told = {name: value for name, value in planned.values.items() if name not in ON_ARRIVAL}
    new = names.identify({**told, "tags": tags})
    base = None if base is None else names.identify(base)
    merged = merging.merge(base, new, article.values, names.reader.site_rights())
    planned.fields, planned.conflicts = merged.fields, merged.conflicts
    _keep_headline(planned, base, article)
    planned.change = UPDATE if planned.fields else UNCHANGED


def _keep_headline(planned: PlannedEntry, base: Values | None, article: ArticleState) -> None:
    """Let an editor decide whether what readers see becomes a working title."""
    if "headline" not in planned.fields or article.status != "published":
        return
    was, then = planned.fields["headline"]
    byline = planned.fields.get("byline", (None, article.values.get("byline")))[1]
    if is_working_title(then or "", bylined=bool(byline)):
        del planned.fields["headline"]
        last = (base or {}).get("headline")
        planned.conflicts["headline"] = {"imported": last, "source": then, "archive": was}


def _brief(value: Any) -> str:
    return str(value)[:300]


def _status(planned: PlannedEntry, options: Options) -> str:
    """Return what the article of an entry becomes: doubtful heads keep it from the public."""
    headline, byline = planned.values.get("headline") or "", planned.values.get("byline")
    held = is_working_title(headline, bylined=bool(byline)) or any(
        remark["code"] in HELD_BACK for remark in planned.diagnostics
    )
    if held or options.status != "published":
        return "draft"
    return str(planned.values.get("status") or options.status)


def _create(planned: PlannedEntry, options: Options, names: Names) -> None:
    planned.change = CREATE
    planned.status = _status(planned, options)
    planned.is_scheduled = bool(planned.values.get("visible_from"))
    tags = [*planned.values["tags"], *planned.extra_tags]
    planned.fields = {
        name: (None, value)
        for name, value in names.identify({**planned.values, "tags": tags}).items()
        if value and name not in {"part_number", "status", "key"}
    }
