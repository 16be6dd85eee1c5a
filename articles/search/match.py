"""What travels between the door (`base`) and its back ends."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, F, Func
from django.db.models.sql.compiler import SQLCompiler

from articles.search.columns import Columns
from articles.search.query import Query

#: The terms of one group are alternatives, the groups narrow each other.
Facets = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Document:
    """What the index holds of one public article: analysed columns and facet terms.

    ``facets`` are the article's terms of `FacetTotal`, separated by spaces.
    """

    sort_key: int
    article_id: int
    headline: str
    heads: str
    standfirst: str
    body: str
    names: str
    facets: str = ""

    @classmethod
    def of(cls, sort_key: int, article_id: int, columns: Columns, facets: str = "") -> "Document":
        """Return the document of analysed *columns* (see `columns.document`)."""
        return cls(
            sort_key=sort_key,
            article_id=article_id,
            headline=columns.headline,
            heads=columns.heads,
            standfirst=columns.standfirst,
            body=columns.body,
            names=columns.names,
            facets=facets,
        )


class Part(StrEnum):
    """Which of the hits: all, those with every word in the headline, or all others."""

    ALL = "all"
    HEADLINE = "headline"
    REST = "rest"


@dataclass(frozen=True, slots=True)
class Match:
    """What a back end is asked for: a query that is not empty, facets, and a part of the hits."""

    query: Query
    facets: Facets = ()
    part: Part = Part.ALL

    @property
    def tiers(self) -> range:
        """Those of `TIERS`, but the last, that hits of the part can be in and are told by."""
        first = 1 if self.part is Part.REST else 0
        return range(first, first if self.part is Part.HEADLINE else len(TIERS) - 1)


#: The tables that a page of hits with its facets reads: their statistics are renewed together.
READ = (
    "articles_article",
    "articles_searchdocument",
    "articles_contribution",
    "articles_taggedarticle",
    "articles_part",
    "articles_facettotal",
)
#: The columns with text, by falling weight: what `columns.document` fills.
TEXT_COLUMNS = ("headline", "heads", "names", "standfirst", "body")
#: Relevance: the fewest of the columns, taken in this order, that hold all words of a query.
TIERS = (TEXT_COLUMNS[:1], TEXT_COLUMNS[:3], TEXT_COLUMNS[:4], TEXT_COLUMNS)


class Among(Func):
    """The condition that an article's sort key is among what *condition* says (constant SQL, with
    a place for each of *values*)."""

    output_field = BooleanField()

    def __init__(self, condition: str, values: tuple[str, ...]) -> None:
        super().__init__(F("sort_key"))
        self.condition = condition
        self.values = values

    def as_sql(
        self,
        compiler: SQLCompiler,
        connection: BaseDatabaseWrapper,
        *args: Any,
        **extra_context: Any,
    ) -> tuple[str, tuple[str | int, ...]]:
        key, params = compiler.compile(self.source_expressions[0])
        return f"{key} {self.condition}", (*params, *self.values)
