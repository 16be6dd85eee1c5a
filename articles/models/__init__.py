"""Django finds models by importing this package, so it names every one of them."""

from articles.models.article import Article, Contribution, GoneAddress, PastAddress, PublicKey
from articles.models.attachment import Attachment
from articles.models.desk import BulkWork, SavedView, Sheet, SheetRow
from articles.models.figures import FailedSearch
from articles.models.ledger import FieldChange, Operation
from articles.models.picture import HeldPicture
from articles.models.redaction import RedactedMark, Redaction
from articles.models.review import Finding
from articles.models.search import ContentChange, ContentVersion, FacetTotal, SearchDocument
from articles.models.series import Part, Series, SeriesAlias
from articles.models.site import HomePage, Pin, SiteLink, SitePage
from articles.models.source import ImportRun, Source, SourceEntry, SourceListing, Upload
from articles.models.tag import Tag, TagAlias, TaggedArticle

__all__ = [
    "Article",
    "Attachment",
    "BulkWork",
    "ContentChange",
    "ContentVersion",
    "Contribution",
    "FacetTotal",
    "FailedSearch",
    "FieldChange",
    "Finding",
    "GoneAddress",
    "HeldPicture",
    "HomePage",
    "ImportRun",
    "Operation",
    "Part",
    "PastAddress",
    "Pin",
    "PublicKey",
    "RedactedMark",
    "Redaction",
    "SavedView",
    "SearchDocument",
    "Series",
    "SeriesAlias",
    "Sheet",
    "SheetRow",
    "SiteLink",
    "SitePage",
    "Source",
    "SourceEntry",
    "SourceListing",
    "Tag",
    "TagAlias",
    "TaggedArticle",
    "Upload",
]
