"""The public articles that criteria and a search text admit, seen with and without each filter.

Up to `HIT_LIMIT` hits of the text everything is exact. Above, the text is narrowed by the filters
in the search index; if even that leaves more, ``is_more`` says so, and facets are counted among
the newest `SAMPLE` of them.
"""

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import and_

from articles.counting.postings import Postings
from articles.counting.sets import Ids
from articles.criteria import Criteria
from articles.models import Article
from articles.search import base
from articles.search.match import Part

#: Up to so many hits of a text are counted one by one.
HIT_LIMIT = 100_000
#: Above, facets are counted among so many of the newest.
SAMPLE = 2_000
#: The first letter of the terms of each dimension.
PREFIXES = {"authors": "a", "tags": "t", "series": "s"}

#: Ids of what is chosen and public, by dimension and slug.
Chosen = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Among:
    """Articles to count in. If not ``is_whole``, the newest `SAMPLE` of more than `HIT_LIMIT`."""

    ids: Ids
    is_whole: bool = True


class Selection:
    """What *criteria* admit in *postings*; *found* is the search for their text, if they have one,
    over everything public."""

    def __init__(
        self,
        postings: Postings,
        criteria: Criteria,
        chosen: Chosen,
        found: base.Found | None = None,
    ) -> None:
        self.postings = postings
        self.criteria = criteria
        self._found = found
        self._chosen = chosen
        self._terms = _terms_of(criteria, chosen)
        self._excluded = _excluded_terms(criteria, chosen)
        self._known: dict[frozenset[str], Among] = {}

    def like(self, criteria: Criteria) -> "Selection":
        """Return what other *criteria* admit, which choose nothing new and have the same text or
        none: the text is not searched again."""
        found = self._found if criteria.text else None
        return Selection(self.postings, criteria, self._chosen, found)

    def searching(self, criteria: Criteria) -> "Selection":
        """Return what other *criteria* admit, which choose nothing new and have another text."""
        found = base.search(Article.objects.published(), criteria.text, facets=[])
        return Selection(self.postings, criteria, self._chosen, found)

    @property
    def has_hits(self) -> bool:
        """Whether the text, if there is one, is found anywhere in the archive."""
        return (
            self._found is None or self._hits is None or bool(self.postings.kind.count(self._hits))
        )

    @cached_property
    def _sets(self) -> dict[str, Ids]:
        """The articles that each dimension in force admits."""
        postings, criteria = self.postings, self.criteria
        sets = {name: postings.any_of(terms) for name, terms in self._terms.items()}
        if criteria.body is False:
            sets["body"] = postings.kind.without(postings.all, postings.any_of(["f1"]))
        if criteria.since or criteria.until:
            sets["period"] = postings.between(criteria.since, criteria.until)
        for term in self._excluded:
            sets[excluding(term)] = postings.kind.without(postings.all, postings.any_of([term]))
        return sets

    def among(self, *left_out: str) -> Among:
        """Return the articles that everything admits but the dimensions *left_out*; what leaves
        one term out is named by `excluding`."""
        names = frozenset(self._sets).difference(left_out)
        if names not in self._known:
            self._known[names] = self._among(names)
        return self._known[names]

    def _among(self, names: frozenset[str]) -> Among:
        postings = self.postings
        sets = [self._sets[name] for name in sorted(names)]
        # A single filter's is the very set that is remembered by.
        ids = reduce(and_, sets) if sets else postings.all
        if self._found is None:
            return Among(ids)
        if self._hits is not None:
            return Among(ids & self._hits)
        question = ("among", names, self._lasting)
        return postings.searches.answer(question, lambda: self._among_many(names, ids))

    def _among_many(self, names: frozenset[str], ids: Ids) -> Among:
        """Return those of *ids*, admitted by the filters *names*, that a frequent text is in."""
        postings, narrowed = self.postings, self._narrowed(names)
        is_more = not names or narrowed.has_more_than(HIT_LIMIT)
        if is_more and names.issubset(self._terms):
            return Among(postings.of_keys(narrowed.as_many().newest(SAMPLE)), is_whole=False)
        # What the index cannot narrow by is rare: then all hits are counted, however many.
        return Among(ids & postings.kind.of(narrowed.ids() or ()))

    @property
    def _lasting(self) -> Criteria:
        """The criteria, but how their list is shown."""
        return self.criteria.but(sort="", view="")

    @cached_property
    def _hits(self) -> Ids | None:
        """All hits of the text; None if they are more than `HIT_LIMIT`."""

        def ask(found: base.Found) -> Sequence[int] | None:
            if self.postings.size > HIT_LIMIT and found.has_surely_more_than(HIT_LIMIT):
                return None
            return found.ids(HIT_LIMIT)

        return self._asked("hits", ask)

    @cached_property
    def _headline_hits(self) -> Ids:
        """Those with all words of the text in the headline."""
        return self._asked("headline", lambda found: found.headline_ids())

    def _asked(self, what: str, ask: Callable[[base.Found], Sequence[int] | None]) -> Ids | None:
        """Return as a set what *ask* finds of the text in everything public. Remembered."""
        searched = self._found
        assert searched is not None  # noqa: S101  only asked for with a text

        def search() -> Ids | None:
            found = ask(searched)
            return None if found is None else self.postings.kind.of(found)

        return self.postings.searches.answer((what, searched.query), search)

    def _by_relevance(self, part: Part, among: Ids) -> Sequence[int]:
        """Return the sort keys of *among*, all hits of *part* that the filters leave, by
        relevance. Remembered, however the list is shown."""
        searched, postings = self._found, self.postings
        assert searched is not None  # noqa: S101  relevance is of a text

        def search() -> Sequence[int]:
            keys = [postings.key_of(pk) for pk in postings.kind.ids(among)]
            return array("q", searched.by_relevance(keys, part))

        return postings.searches.answer((part, self._lasting), search)

    def _narrowed(self, names: Iterable[str]) -> base.Found:
        """Return the search for the text within those of the filters *names* that are terms."""
        groups = [self._terms[name] for name in sorted(names) if name in self._terms]
        return base.search(Article.objects.published(), self.criteria.text, facets=groups)

    @cached_property
    def total(self) -> int:
        """How many there are; if ``is_more``, more than this."""
        found = self.among()
        return self.postings.kind.count(found.ids) if found.is_whole else HIT_LIMIT

    @cached_property
    def ids(self) -> Ids:
        """All of them, however many hits the text has."""
        found = self.among()
        if found.is_whole:
            return found.ids
        return self.postings.kind.of(self._narrowed(self._sets).ids() or ())

    @property
    def is_more(self) -> bool:
        """Whether there are more than ``total``."""
        return not self.among().is_whole

    def keys(
        self, limit: int, offset: int = 0, *, beyond: int | None = None, ascending: bool = False
    ) -> list[int]:
        """Return sort keys by date, the newest first unless *ascending*; those after *beyond*."""
        found = self.among()
        if found.is_whole:
            return self.postings.keys(found.ids, limit, offset, beyond=beyond, ascending=ascending)
        narrowed = self._narrowed(self._sets).as_many()
        if ascending:
            return narrowed.newest(limit, offset, newer_than=beyond or 0)[::-1]
        return narrowed.newest(limit, offset, older_than=beyond)

    def ranked(self, limit: int, offset: int = 0) -> tuple[list[int], bool]:
        """Return sort keys by relevance, and whether it is that: above `base.RANK_LIMIT` hits
        those with the words in the headline come first, each part the newest first."""
        found = self.among()
        if not found.is_whole:
            return self._narrowed(self._sets).as_many().headline_first(limit, offset), False
        postings, kind = self.postings, self.postings.kind
        if not kind.count(found.ids):
            return [], True
        headline = found.ids & self._headline_hits
        skipped = kind.count(headline)
        if kind.count(found.ids) > base.RANK_LIMIT:
            first = postings.keys(headline, limit, offset)
            rest = kind.without(found.ids, headline)
            return first + postings.keys(rest, limit - len(first), max(0, offset - skipped)), False
        # Those with the words in the headline come before all others, which need not be ranked for
        # the first pages.
        keys = list(self._by_relevance(Part.HEADLINE, headline)[offset : offset + limit])
        if len(keys) < limit:
            ranked = self._by_relevance(Part.REST, kind.without(found.ids, headline))
            start = max(0, offset - skipped)
            keys += ranked[start : start + limit - len(keys)]
        return keys, True


def excluding(term: str) -> str:
    """Return the name, for `Selection.among`, of what leaves out articles with *term*."""
    return f"not {term}"


def _terms_of(criteria: Criteria, chosen: Chosen) -> dict[str, list[str]]:
    """Return the terms of each dimension in force; one of them must be there."""
    found = {
        name: [
            f"{prefix}{chosen[name][slug]}"
            for slug in getattr(criteria, name)
            if slug in chosen.get(name, {})
        ]
        for name, prefix in PREFIXES.items()
        if getattr(criteria, name)
    }
    if criteria.decades:
        found["decades"] = [
            f"y{year:04d}" for decade in criteria.decades for year in range(decade, decade + 10)
        ]
    if criteria.years:
        found["years"] = [f"y{year:04d}" for year in criteria.years]
    if criteria.years and criteria.months:
        found["months"] = [
            f"m{year:04d}{month:02d}" for year in criteria.years for month in criteria.months
        ]
    if criteria.languages:
        found["languages"] = [f"l{code.lower()}" for code in criteria.languages]
    if criteria.byline is not None:
        found["byline"] = ["b1" if criteria.byline else "b0"]
    if criteria.body:
        found["body"] = ["f1"]
    return found


def _excluded_terms(criteria: Criteria, chosen: Chosen) -> list[str]:
    return [
        f"{PREFIXES[name]}{chosen[name][slug]}"
        for name, slugs in criteria.excluded().items()
        for slug in slugs
        if slug in chosen.get(name, {})
    ]
