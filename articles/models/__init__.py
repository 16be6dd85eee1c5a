"""Django finds models by importing this package, so it names every one of them."""

from articles.models.article import Article, Contribution, PastAddress, PublicKey
from articles.models.desk import BulkWork, SavedView
from articles.models.ledger import FieldChange, Operation
from articles.models.review import Finding
from articles.models.search import ContentChange, ContentVersion, FacetTotal, SearchDocument
from articles.models.series import Part, Series, SeriesAlias
from articles.models.source import ImportRun, Source, SourceEntry, SourceListing, Upload
from articles.models.tag import Tag, TagAlias, TaggedArticle

__all__ = [
    "Article",
    "BulkWork",
    "ContentChange",
    "ContentVersion",
    "Contribution",
    "FacetTotal",
    "FieldChange",
    "Finding",
    "ImportRun",
    "Operation",
    "Part",
    "PastAddress",
    "PublicKey",
    "SavedView",
    "SearchDocument",
    "Series",
    "SeriesAlias",
    "Source",
    "SourceEntry",
    "SourceListing",
    "Tag",
    "TagAlias",
    "TaggedArticle",
    "Upload",
]
