"""Where imported words come from: source, listing, entry, and the runs that read them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.choices import Outcome, UploadState
from articles.models.article import Article


class Source(models.Model):
    """A body of entries that arrives again and again: a topic page, a feed, an old CMS."""

    name = models.CharField(_("name"), max_length=300)
    key = models.CharField(max_length=350, unique=True, editable=False)
    rights = models.CharField(
        _("rights"),
        max_length=500,
        blank=True,
        help_text=_("What new articles of this source are given as their rights statement."),
    )
    is_sample = models.BooleanField(_("sample"), default=False, editable=False)
    removed = models.DateTimeField(_("removed"), null=True, editable=False)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class SourceListing(models.Model):
    """One file of a source, by content: a changed file is a new listing."""

    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, related_name="listings", verbose_name=_("source")
    )
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    file_name = models.CharField(_("file"), max_length=500)
    size = models.BigIntegerField(_("size in bytes"))
    encoding = models.CharField(_("encoding"), max_length=20)
    input_format = models.CharField(_("format"), max_length=20)
    topic = models.CharField(_("topic"), max_length=500, blank=True)
    line_count = models.PositiveIntegerField(_("lines"), default=0)
    unclaimed_lines = models.JSONField(_("unclaimed lines"), default=list, blank=True)
    created = models.DateTimeField(_("first read"), auto_now_add=True)

    class Meta:
        verbose_name = _("listing")
        verbose_name_plural = _("listings")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["source", "sha256"], name="listing_once_in_a_source")
        ]

    def __str__(self) -> str:
        return self.file_name


class ImportRun(models.Model):
    """One execution of an import over one file."""

    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, related_name="runs", verbose_name=_("source")
    )
    listing = models.ForeignKey(
        SourceListing, on_delete=models.PROTECT, related_name="runs", verbose_name=_("listing")
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="import_runs",
        verbose_name=_("by"),
    )
    file_name = models.CharField(_("file"), max_length=500)
    started = models.DateTimeField(_("started"))
    finished = models.DateTimeField(_("finished"))
    options = models.JSONField(_("options"), default=dict)
    totals = models.JSONField(_("totals"), default=dict)
    report = models.JSONField(_("report"), default=dict)
    undone = models.DateTimeField(_("undone"), null=True, editable=False)

    class Meta:
        verbose_name = _("import run")
        verbose_name_plural = _("import runs")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.pk}: {self.file_name}"


class SourceEntry(models.Model):
    """One entry of a listing: its lines as they stand, and what was read in them.

    A row is never changed, but for the article it leads to. An entry that stands unchanged in a
    newer version of the listing points to the one before (``unchanged_from``) and stores neither
    text nor values again; so does one that a later run over the same file treated differently.
    """

    listing = models.ForeignKey(
        SourceListing, on_delete=models.CASCADE, related_name="entries", verbose_name=_("listing")
    )
    # Looked for by the indexes below, which begin with it.
    run = models.ForeignKey(
        ImportRun,
        on_delete=models.PROTECT,
        related_name="entries",
        verbose_name=_("import run"),
        db_index=False,
    )
    article = models.ForeignKey(
        Article,
        on_delete=models.SET_NULL,
        null=True,
        related_name="source_entries",
        verbose_name=_("article"),
    )
    ordinal = models.PositiveIntegerField(_("place in the listing"))
    first_line = models.PositiveIntegerField(_("first line"))
    last_line = models.PositiveIntegerField(_("last line"))
    text = models.TextField(_("lines"), blank=True)
    values = models.JSONField(_("values"), null=True)
    fingerprint = models.CharField(max_length=64)
    confidence = models.FloatField(_("confidence"), default=1.0)
    change = models.CharField(_("outcome"), max_length=9, choices=Outcome.choices)
    unchanged_from = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        db_index=False,
    )

    class Meta:
        verbose_name = _("source entry")
        verbose_name_plural = _("source entries")
        ordering = ["listing", "ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["run", "ordinal"], name="entry_once_in_a_run"),
            models.CheckConstraint(
                condition=Q(change__in=Outcome.values), name="entry_outcome_is_known"
            ),
        ]
        indexes = [
            models.Index(fields=["run", "change"], name="entry_by_run_and_outcome"),
            models.Index(
                fields=["unchanged_from"],
                condition=Q(unchanged_from__isnull=False),
                name="entry_with_unchanged_from",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.listing} {self.first_line}–{self.last_line}"


class Upload(models.Model):
    """A file or a text that someone gave in the browser, from its plan to its run."""

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="uploads",
        verbose_name=_("by"),
    )
    created = models.DateTimeField(_("given"), auto_now_add=True)
    file_name = models.CharField(_("file"), max_length=500)
    content = models.BinaryField(_("content"))
    options = models.JSONField(_("options"), default=dict)
    state = models.CharField(
        _("state"), max_length=9, choices=UploadState.choices, default=UploadState.PLANNED
    )
    #: The plan as the JSON report, and what the last step said.
    plan = models.JSONField(_("plan"), null=True)
    message = models.CharField(_("message"), max_length=1000, blank=True)
    started = models.DateTimeField(_("started"), null=True)
    finished = models.DateTimeField(_("finished"), null=True)
    run = models.ForeignKey(ImportRun, on_delete=models.SET_NULL, null=True, related_name="uploads")

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=UploadState.values), name="upload_state_is_known"
            )
        ]

    def __str__(self) -> str:
        return self.file_name
