"""From operators in a search text to filters: ``author:weiss 1917`` is the list of Weiss's
articles, searched for "1917"."""

from dataclasses import dataclass, replace

from articles.beginnings import Begins
from articles.criteria import Criteria
from articles.folding import casefold_key, fold
from articles.search.operators import Asked, read_operators
from articles.totals import AUTHORS, SERIES, TAGS, Named

#: So many authors may share the surname that somebody asks for.
MOST_NAMESAKES = 10

_DIMENSIONS = {related.dimension: related for related in (AUTHORS, TAGS, SERIES)}


@dataclass(frozen=True, slots=True)
class Answer:
    """The criteria without operators in their text, and the parts that could not be read."""

    criteria: Criteria
    unread: tuple[str, ...] = ()


def without_operators(criteria: Criteria) -> Answer:
    """Return *criteria* with the operators of their text as filters. A name that nothing public
    bears is kept as typed: a filter that nothing passes."""
    asked = read_operators(criteria.text)
    if not asked.has_operators:
        return Answer(criteria, tuple(asked.unread))
    changes = {
        name: tuple(dict.fromkeys((*getattr(criteria, name), *found)))
        for name, found in (
            *((name, _slugs(name, asked.named[name])) for name in asked.named),
            ("languages", asked.languages),
        )
        if found
    }
    found = criteria.but(text=asked.text, **changes)
    return Answer(_narrowed(found, asked), tuple(asked.unread))


def _narrowed(criteria: Criteria, asked: Asked) -> Criteria:
    since = max(filter(None, (criteria.since, asked.since)), default=None)
    until = min(filter(None, (criteria.until, asked.until)), default=None)
    return replace(
        criteria,
        since=since,
        until=until,
        body=criteria.body if asked.body is None else asked.body,
        byline=criteria.byline if asked.byline is None else asked.byline,
    )


def _slugs(dimension: str, names: list[str]) -> list[str]:
    related = _DIMENSIONS[dimension.removeprefix("not_")]
    return [slug for name in names for slug in _called(related, name) or [name]]


def _called(related: Named, name: str) -> list[str]:
    """Return the slugs of the rows that *name* means: by slug, by any spelling, by surname."""
    row = related.find(name)
    if row is not None:
        return [row.slug]
    keys = {fold(name)[:250], casefold_key(name)[:250]} - {""}
    if not keys:
        return []
    named = related.named()
    # Distinct: one row may bear two spellings that fold alike under different rules.
    found = named.filter(aliases__key__in=keys).distinct()
    slugs = list(found.order_by("collation_key", "pk").values_list("slug", flat=True))
    if slugs or related is not AUTHORS:
        return slugs[:MOST_NAMESAKES]
    surname = named.filter(Begins("collation_key", f"{fold(name)},"))
    return list(surname.order_by("collation_key", "pk").values_list("slug", flat=True))[
        :MOST_NAMESAKES
    ]
