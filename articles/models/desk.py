"""What editors keep for their own work."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.choices import Outcome
from articles.models.article import Article
from articles.models.ledger import Operation


class SavedView(models.Model):
    """A filter of the list of articles under a name: its owner's alone, or shared by all who see
    every article."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="saved_views",
        verbose_name=_("owner"),
    )
    name = models.CharField(_("name"), max_length=100)
    query = models.CharField(
        _("query"), max_length=2000, help_text=_("The query string of the list, sorted.")
    )
    is_shared = models.BooleanField(_("shared"), default=False)
    created = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["name", "id"]
        # Nobody is given a right to it: what may be done with one follows from its owner.
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="saved_view_once_a_name"),
            models.CheckConstraint(condition=~Q(name=""), name="saved_view_has_name"),
        ]

    def __str__(self) -> str:
        return self.name


class BulkWork(models.Model):
    """One change to many articles, carried out a part at a time, under one operation.

    ``wanted`` are the articles with the versions that the preview showed, in the order in which
    they are changed; ``done`` says how many of them have had their turn.
    """

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("by"),
    )
    operation = models.OneToOneField(
        Operation, on_delete=models.PROTECT, related_name="bulk_work", verbose_name=_("operation")
    )
    act = models.JSONField(_("act"))
    wanted = models.JSONField(_("articles"))
    total = models.PositiveIntegerField(_("total"))
    done = models.PositiveIntegerField(_("done"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    #: Articles that were left, with the reason: at most so many as a page can show.
    left = models.JSONField(_("left"), default=list)
    left_count = models.PositiveIntegerField(default=0)
    created = models.DateTimeField(_("created"), auto_now_add=True)
    finished = models.DateTimeField(_("finished"), null=True)

    class Meta:
        verbose_name = _("bulk change")
        verbose_name_plural = _("bulk changes")
        ordering = ["-id"]
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.operation)


class Sheet(models.Model):
    """A sheet of articles that somebody edited and gave back: what it would change.

    ``totals`` counts rows by outcome, ``remarks`` are about the whole. Once it is agreed to, the
    work is what carries it out.
    """

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("by"),
    )
    file_name = models.CharField(_("file"), max_length=255)
    totals = models.JSONField(default=dict)
    remarks = models.JSONField(default=list)
    work = models.OneToOneField(
        BulkWork, on_delete=models.SET_NULL, null=True, related_name="sheet"
    )
    created = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("sheet")
        verbose_name_plural = _("sheets")
        ordering = ["-id"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.file_name


class SheetRow(models.Model):
    """A row of a sheet that says something else than the archive, in the order of the file.

    ``values`` are the new values as the ledger would record them, for an article that had
    ``version`` when the sheet was looked at; names that are not there yet have no id. ``refused``
    are the fields that somebody else changed since the sheet was written: they stay.
    """

    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    outcome = models.CharField(max_length=9, choices=Outcome.choices)
    article = models.ForeignKey(Article, on_delete=models.CASCADE, null=True, related_name="+")
    version = models.PositiveIntegerField(default=0)
    values = models.JSONField(default=dict)
    refused = models.JSONField(default=dict)
    message = models.TextField(blank=True)

    class Meta:
        verbose_name = _("row of a sheet")
        verbose_name_plural = _("rows of sheets")
        ordering = ["id"]
        default_permissions = ()
        indexes = [models.Index(fields=["sheet", "outcome", "id"], name="sheet_row_by_outcome")]

    def __str__(self) -> str:
        return f"{self.sheet} {self.line}"
