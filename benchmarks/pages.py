"""Every kind of page of the site, with addresses of it in the archive at hand, and its aim."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from urllib.parse import quote, urlencode

from benchmarks.corpus import Corpus

#: How many addresses of one kind take turns.
TURNS = 8


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of page. *aims* are milliseconds of CPU on SQLite and on PostgreSQL."""

    name: str
    addresses: Sequence[str]
    aims: tuple[float, float]


_LIST, _SEVERAL, _PLAIN = (5.0, 6.0), (10.0, 15.0), (4.0, 5.0)
_FEW_HITS, _MANY_HITS, _MOST_HITS = (15.0, 25.0), (30.0, 50.0), (30.0, 40.0)


def kinds() -> list[Kind]:
    """Return the kinds of pages of the archive in the default database."""
    from articles.counting import live
    from articles.models import Article
    from articles.totals import AUTHORS, SERIES, TAGS, all_totals, month_totals, year_totals
    from authors.models import Author

    names = {}
    for related in (AUTHORS, TAGS, SERIES):
        totals = all_totals(related)
        slugs = dict(related.model._default_manager.values_list("pk", "slug"))
        names[related.dimension] = [
            slugs[pk] for pk in sorted(totals, key=lambda pk: (-totals[pk], pk))
        ]
    authors, tags, series = names["authors"], names["tags"], names["series"]
    postings = live.current()
    count = postings.size
    keys = postings.keys(postings.all, count)[:: max(1, count // TURNS)]
    articles = [
        article.get_absolute_url()
        for article in Article.objects.filter(sort_key__in=keys).order_by("sort_key")
    ]
    rare = authors[len(authors) // 2 :][:TURNS]
    years = sorted(year_totals())[-TURNS - 2 :][:TURNS]
    months = [f"/articles/{year}/{min(month_totals(year)):02d}/" for year in years]
    found = [
        Kind("first page", ["/"], _PLAIN),
        Kind("list", ["/articles/"], _LIST),
        Kind("list, page 100", _lists([[("page", min(100, -(-count // 50)))]]), _LIST),
        Kind("list, deep (keyset)", _lists([[("after", key)] for key in keys]), _LIST),
        Kind("list, frequent author", _lists([[("author", authors[0])]]), _LIST),
        Kind("list, rare author", _lists([[("author", slug)] for slug in rare]), _LIST),
        Kind("list, frequent tag", _lists([[("tag", slug)] for slug in tags[:TURNS]]), _LIST),
        Kind("list, year", _lists([[("year", year)] for year in years]), _LIST),
        Kind("list, without byline", _lists([[("byline", "without")]]), _LIST),
        Kind(
            "list, frequent author and tag",
            _lists(
                [[("author", one), ("tag", two)] for one, two in product(authors[:3], tags[:3])]
            ),
            _SEVERAL,
        ),
        Kind(
            "list, rare author and frequent tag",
            _lists([[("author", slug), ("tag", tags[0])] for slug in rare]),
            _SEVERAL,
        ),
        Kind("list, tag and year", _lists([[("tag", tags[0]), ("year", y)] for y in years]),
             _SEVERAL),
        Kind(
            "list, three tags or, two years or",
            _lists(
                [
                    [*(("tag", slug) for slug in tags[:3]), ("year", year), ("year", year + 1)]
                    for year in years
                ]
            ),
            _SEVERAL,
        ),
        Kind(
            "list, two authors or, series, with byline",
            _lists(
                [
                    [("author", authors[0]), ("author", authors[1]), ("series", slug),
                     ("byline", "with")]
                    for slug in series[:TURNS]
                ]
            ),
            _SEVERAL,
        ),
        *_searches(count, tags),
        Kind("author, frequent", [f"/authors/{_quoted(authors[0])}/"], _PLAIN),
        Kind("author, rare", [f"/authors/{_quoted(slug)}/" for slug in rare], _PLAIN),
        Kind("tag", [f"/tags/{_quoted(slug)}/" for slug in tags[:TURNS]], _PLAIN),
        Kind("series", [f"/series/{_quoted(slug)}/" for slug in series[:TURNS]], _PLAIN),
        Kind("year", [f"/articles/{year}/" for year in years], _PLAIN),
        Kind("month", months, _PLAIN),
        Kind("article", articles, _PLAIN),
        Kind("feed", ["/feed.atom"], _PLAIN),
    ]  # fmt: skip
    assert Author.objects.exists(), "the archive is empty"
    return found


def _quoted(slug: str) -> str:
    return quote(slug)


def _lists(queries: Sequence[Sequence[tuple[str, object]]]) -> list[str]:
    return [f"/articles/?{urlencode(query)}" for query in queries]


def _searches(count: int, tags: Sequence[str]) -> list[Kind]:
    """Return searches for words of very different frequency, named by how often they are found."""
    found = []
    for share, aims in (
        (0.0001, _FEW_HITS), (0.01, _FEW_HITS), (0.05, _MANY_HITS), (0.15, _MOST_HITS),
    ):  # fmt: skip
        words, hits = _words(round(count * share))
        average = sum(hits) // len(hits)
        aims = _FEW_HITS if average <= 10_000 else _MANY_HITS if average <= 100_000 else _MOST_HITS
        found.append(
            Kind(f"search, {average:,} hits", _lists([[("q", word)] for word in words]), aims)
        )
        if share > 0.001:
            found.append(
                Kind(
                    f"search, {average:,} hits, newest first",
                    _lists([[("q", word), ("sort", "newest")] for word in words]),
                    aims,
                )
            )
        if share == 0.05:
            queries = [[("q", word), ("tag", tags[0])] for word in words]
            found.append(Kind(f"search, {average:,} hits, and a tag", _lists(queries), aims))
    found.append(Kind("search, “the”", _lists([[("q", "the")]]), _MOST_HITS))
    return found


def _words(hits: int) -> tuple[list[str], list[int]]:
    """Return some words of about *hits* hits, and how many each of them has."""
    from articles.models import Article
    from articles.search import base

    words = Corpus(8).words["en"]

    def hits_of(place: int) -> int:
        return base.search(Article.objects.published(), words[place], facets=[]).count()

    low, high = 0, len(words) - 5
    while high - low > 4:
        middle = (low + high) // 2
        if hits_of(middle) > hits:
            low = middle
        else:
            high = middle
    places = range(low, low + 4)
    return [words[place] for place in places], [hits_of(place) for place in places]
