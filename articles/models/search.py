"""What search and lists read: the document, the totals, the version of the content."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.headline_key import HeadlineKey
from articles.models.article import Article


class SearchDocument(models.Model):
    """The words of one public article, analysed, with its facet terms.

    It exists exactly as long as the article is visible. Columns hold space-separated tokens made
    by `articles.search.analysis`, one column for each weight; ``facets`` holds the terms that
    `FacetTotal` counts. The full-text index over it belongs to the search back end.
    """

    sort_key = models.BigIntegerField(primary_key=True)
    article = models.OneToOneField(
        Article, on_delete=models.CASCADE, related_name="search_document"
    )
    headline = models.TextField()
    heads = models.TextField(help_text=_("Kicker, subtitle and part label."))
    standfirst = models.TextField()
    body = models.TextField()
    names = models.TextField(help_text=_("Credit, series and tags."))
    facets = models.TextField()

    class Meta:
        verbose_name = _("search document")
        verbose_name_plural = _("search documents")
        indexes = [
            models.Index(
                HeadlineKey("headline"),
                models.F("sort_key").desc(),
                name="searchdocument_by_headline",
            )
        ]

    def __str__(self) -> str:
        return str(self.sort_key)


class FacetTotal(models.Model):
    """How many public articles carry a facet term.

    Terms: ``all``; ``a<id>`` author; ``t<id>`` tag; ``s<id>`` series; ``y<yyyy>`` year;
    ``m<yyyymm>`` month; ``d0`` of a month without a day; ``b1`` with and ``b0`` without byline;
    ``f1`` with full text; ``l<code>`` language.
    """

    term = models.CharField(primary_key=True, max_length=40)
    count = models.IntegerField()

    class Meta:
        verbose_name = _("facet total")
        verbose_name_plural = _("facet totals")

    def __str__(self) -> str:
        return f"{self.term}: {self.count}"


class ContentVersion(models.Model):
    """One row: a number that every public change moves, and when the next one is due."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    version = models.BigIntegerField(default=1)
    changed = models.DateTimeField()
    next_due = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("content version")
        verbose_name_plural = _("content version")
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="content_version_is_one_row")
        ]

    def __str__(self) -> str:
        return str(self.version)


class ContentChange(models.Model):
    """Which articles a content version changed, so that what is kept in memory can follow.

    The newest versions only: who knows an older one reads everything anew.
    """

    version = models.BigIntegerField(primary_key=True)
    changed = models.DateTimeField(help_text=_("As in the content version of that number."))
    articles = models.JSONField(
        null=True, help_text=_("Ranges of ids, first and last; null for too many to name.")
    )

    class Meta:
        verbose_name = _("content change")
        verbose_name_plural = _("content changes")

    def __str__(self) -> str:
        return str(self.version)
