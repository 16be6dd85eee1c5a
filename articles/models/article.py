"""Articles, their permanent keys, their credits and the addresses that still lead to them."""

import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager

from articles.choices import DatePrecision, Role, Status
from articles.querysets import ArticleQuerySet
from authors.models import Author

#: Room for ids below one day in a sort key; see `sort_key_of`.
SORT_KEY_STEP = 2**31


def sort_key_of(published_on: datetime.date, article_id: int) -> int:
    """Return the integer that orders an article: by date, then by id.

    One unique integer serves newest-first lists, keyset pages and the row number of the search
    index. ``date.toordinal()`` is at most 3,652,059, so the result stays below 2**53.
    """
    return published_on.toordinal() * SORT_KEY_STEP + article_id


def default_language() -> str:
    """Return the site's language, in which articles are unless they say otherwise."""
    return settings.LANGUAGE_CODE


class Article(models.Model):  # type: ignore[django-manager-missing]  # taggit has no types
    """One article of the archive. Written only by `articles.writing`."""

    headline = models.CharField(_("headline"), max_length=500)
    kicker = models.CharField(
        _("kicker"), max_length=300, blank=True, help_text=_("Short line above the headline.")
    )
    subtitle = models.CharField(_("subtitle"), max_length=500, blank=True)
    standfirst = models.TextField(
        _("standfirst"), blank=True, help_text=_("Introductory summary paragraph.")
    )
    body = models.TextField(_("body"), blank=True, help_text=_("Simple HTML, cleaned on saving."))
    byline = models.CharField(
        _("byline"), max_length=500, blank=True, help_text=_("The credit exactly as printed.")
    )
    part_label = models.CharField(
        _("part label"), max_length=300, blank=True, help_text=_("As printed: “Part 2: …”.")
    )
    publication = models.CharField(
        _("publication"), max_length=200, blank=True, help_text=_("Where it was printed.")
    )
    volume = models.CharField(_("volume"), max_length=50, blank=True)
    issue = models.CharField(_("issue"), max_length=50, blank=True)
    pages = models.CharField(_("pages"), max_length=50, blank=True)
    rights = models.CharField(
        _("rights"),
        max_length=500,
        blank=True,
        help_text=_("Who may do what with the text. Empty: what holds for the whole archive."),
    )
    language = models.CharField(
        _("language"), max_length=35, default=default_language, help_text=_("BCP 47 code.")
    )
    source_url = models.CharField(_("source address"), max_length=2000, blank=True)
    translation_of = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="translations",
        db_index=False,
        verbose_name=_("translation of"),
    )
    published_on = models.DateField(
        _("date of publication"),
        null=True,
        blank=True,
        help_text=_("The first day of the period, if only the month or the year is known."),
    )
    date_precision = models.CharField(
        _("precision of the date"),
        max_length=5,
        choices=DatePrecision.choices,
        default=DatePrecision.DAY,
    )
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.DRAFT
    )
    visible_from = models.DateTimeField(
        _("visible from"), null=True, blank=True, help_text=_("In UTC. Empty: when published.")
    )
    withdrawn_reason = models.TextField(_("reason of withdrawal"), blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True, editable=False)
    #: A withdrawn copy of another article: its addresses lead there instead of ending.
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged_articles",
        db_index=False,
        verbose_name=_("merged into"),
    )
    #: When its text was removed on legal grounds: what is left is a tombstone for good.
    redacted = models.DateTimeField(_("text removed at"), null=True, editable=False)
    correction_note = models.TextField(_("correction note"), blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="owned_articles",
        db_index=False,
        verbose_name=_("owner"),
    )
    slug = models.CharField(_("slug"), max_length=120, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    credit = models.TextField(_("credit"), blank=True, editable=False)
    sort_key = models.BigIntegerField(null=True, unique=True, editable=False)
    #: Admitted: search index and totals hold it. Follows from status and time, with a delay of at
    #: most the next public read; what may be shown is asked of `published()`.
    is_public = models.BooleanField(default=False, editable=False)
    created = models.DateTimeField(_("created"), auto_now_add=True)
    updated = models.DateTimeField(_("updated"), auto_now=True)
    first_public_at = models.DateTimeField(_("first public"), null=True, editable=False)

    tags = TaggableManager(through="articles.TaggedArticle", blank=True, verbose_name=_("tags"))
    authors: "models.ManyToManyField[Author, Contribution]" = models.ManyToManyField(
        Author, through="articles.Contribution", related_name="articles", verbose_name=_("authors")
    )

    objects: ClassVar[ArticleQuerySet] = ArticleQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["-sort_key"]
        constraints = [
            models.UniqueConstraint(
                fields=["published_on", "slug"], name="article_slug_once_a_day"
            ),
            models.CheckConstraint(condition=~Q(headline=""), name="article_has_headline"),
            models.CheckConstraint(condition=~Q(slug=""), name="article_has_slug"),
            models.CheckConstraint(
                condition=Q(status__in=Status.values), name="article_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(date_precision__in=DatePrecision.values),
                name="article_date_precision_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.PUBLISHED)
                | Q(published_on__isnull=False, visible_from__isnull=False),
                name="article_published_has_dates",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.WITHDRAWN) | Q(withdrawn_at__isnull=False),
                name="article_withdrawn_has_time",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(status=Status.WITHDRAWN),
                name="article_merged_is_withdrawn",
            ),
            models.CheckConstraint(
                condition=Q(sort_key__isnull=True) | Q(published_on__isnull=False),
                name="article_sort_key_has_date",
            ),
        ]
        indexes = [
            # Rising, as articles come: the other way round, SQLite's pages would stay half empty.
            models.Index(fields=["status", "sort_key"], name="article_by_status_and_key"),
            models.Index(
                fields=["first_public_at", "id"],
                condition=Q(is_public=True),
                name="article_by_first_public",
            ),
            # Of the few that have one.
            *(
                models.Index(
                    fields=[name],
                    condition=Q(**{f"{name}__isnull": False}),
                    name=f"article_with_{name}",
                )
                for name in ("translation_of", "merged_into", "owner")
            ),
            # Only what waits: an index over all would draw the planner away from the list's own.
            models.Index(
                fields=["visible_from"],
                condition=Q(status=Status.PUBLISHED, is_public=False),
                name="article_by_due",
            ),
            models.Index(fields=["slug"], name="article_by_slug"),
            models.Index(fields=["-updated"], name="article_by_updated"),
            # What is lacking: counted and listed without reading the articles.
            *(
                models.Index(
                    fields=["-sort_key"],
                    condition=Q(**{name: ""}),
                    name=f"article_without_{name}",
                )
                for name in ("byline", "standfirst", "body")
            ),
        ]
        permissions = [
            ("publish_article", _("Can publish and withdraw articles")),
            ("import_listing", _("Can import listings")),
        ]

    def __str__(self) -> str:
        return self.headline

    def get_absolute_url(self) -> str:
        """Return the address of the article, or ``""`` as long as it has no date."""
        parts = self.address_parts()
        return reverse(f"article-{self.date_precision}", args=parts) if parts else ""

    @property
    def was_public(self) -> bool:
        """Whether readers could ever see it; such an article is withdrawn, never deleted."""
        return self.first_public_at is not None

    @property
    def came_withdrawn(self) -> bool:
        """Whether it was brought here from where readers saw it before, and is as it came."""
        return self.status == Status.WITHDRAWN and self.was_public and self.version == 1

    def address_parts(self) -> list[str]:
        """Return the segments of the address: no more of the date than the source states."""
        if self.published_on is None:
            return []
        dated = self.published_on.isoformat()
        length = {DatePrecision.DAY: 10, DatePrecision.MONTH: 7, DatePrecision.YEAR: 4}
        return [*dated[: length[DatePrecision(self.date_precision)]].split("-"), self.slug]

    def published_text(self) -> str:
        """Return the date as the source states it: ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``."""
        return "-".join(self.address_parts()[:-1])


class PublicKey(models.Model):
    """The permanent short name of an article. It outlives the article and is never reused."""

    key = models.CharField(primary_key=True, max_length=8)
    article = models.OneToOneField(
        Article, on_delete=models.SET_NULL, null=True, related_name="public_key"
    )
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("permanent key")
        verbose_name_plural = _("permanent keys")

    def __str__(self) -> str:
        return self.key


class Contribution(models.Model):
    """Who did what for an article, in the order of the credit."""

    # Looked for by the indexes below, which begin with them.
    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, related_name="contributions", db_index=False
    )
    author = models.ForeignKey(
        Author,
        on_delete=models.PROTECT,
        related_name="contributions",
        db_index=False,
        verbose_name=_("author"),
    )
    role = models.CharField(_("role"), max_length=3, choices=Role.choices, default=Role.AUTHOR)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    sort_key = models.BigIntegerField(null=True, editable=False)
    is_public = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "author", "role"], name="contribution_once_in_a_role"
            ),
            models.CheckConstraint(
                condition=Q(role__in=Role.values), name="contribution_role_is_known"
            ),
        ]
        indexes = [
            models.Index(fields=["author", "is_public", "sort_key"], name="contribution_of_author")
        ]

    def __str__(self) -> str:
        return f"{self.author} ({self.get_role_display()})"


class PastAddress(models.Model):
    """An address that once led to something, and still does (301)."""

    path = models.CharField(
        _("path"), max_length=400, unique=True, help_text=_("Without the leading slash.")
    )
    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, null=True, related_name="past_addresses"
    )
    author = models.ForeignKey(
        Author, on_delete=models.CASCADE, null=True, related_name="past_addresses"
    )
    series = models.ForeignKey(
        "articles.Series", on_delete=models.CASCADE, null=True, related_name="past_addresses"
    )
    tag = models.ForeignKey(
        "articles.Tag", on_delete=models.CASCADE, null=True, related_name="past_addresses"
    )
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("past address")
        verbose_name_plural = _("past addresses")
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(article__isnull=False, author=None, series=None, tag=None)
                    | Q(article=None, author__isnull=False, series=None, tag=None)
                    | Q(article=None, author=None, series__isnull=False, tag=None)
                    | Q(article=None, author=None, series=None, tag__isnull=False)
                ),
                name="past_address_has_one_target",
            )
        ]

    def __str__(self) -> str:
        return self.path

    @property
    def target(self) -> models.Model:
        """What the address leads to now."""
        found = self.article or self.author or self.series or self.tag
        assert found is not None  # noqa: S101  the constraint above says so
        return found


class GoneAddress(models.Model):
    """An address that showed something to readers and may show nothing any more (410).

    See `articles.writing.gone_addresses`, which writes them, and `articles.gone`.
    """

    path = models.CharField(
        _("path"), max_length=400, unique=True, help_text=_("Without the leading slash.")
    )

    class Meta:
        verbose_name = _("address of something gone")
        verbose_name_plural = _("addresses of something gone")
        default_permissions = ()

    def __str__(self) -> str:
        return self.path
