"""The one history: acts, and the fields that each changed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.choices import OperationKind
from articles.models.source import ImportRun, SourceEntry


class Operation(models.Model):
    """One act of one actor: an import, an edit, a bulk action, a merge, an undo, a restore."""

    kind = models.CharField(_("kind"), max_length=7, choices=OperationKind.choices)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="operations",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("at"), db_index=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    import_run = models.ForeignKey(
        ImportRun, on_delete=models.PROTECT, null=True, related_name="operations"
    )
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")

    class Meta:
        verbose_name = _("operation")
        verbose_name_plural = _("operations")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=OperationKind.values), name="operation_kind_is_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"


class FieldChange(models.Model):
    """The old and the new value of one field of one object, as JSON.

    The subject is named, not linked, so that a change outlives what it happened to. Credits, tags
    and parts are fields with list values. A field's first imported value has no row here: it is
    read from the source entry.
    """

    operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="changes")
    subject_type = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    field = models.CharField(_("field"), max_length=50)
    old = models.JSONField(_("old value"), null=True)
    new = models.JSONField(_("new value"), null=True)
    source_entry = models.ForeignKey(
        SourceEntry, on_delete=models.SET_NULL, null=True, related_name="changes"
    )

    class Meta:
        verbose_name = _("field change")
        verbose_name_plural = _("field changes")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "-id"], name="change_by_subject")
        ]

    def __str__(self) -> str:
        return f"{self.subject_type} {self.subject_id}: {self.field}"
