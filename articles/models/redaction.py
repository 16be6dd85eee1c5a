"""What was removed on legal grounds: that it was, by whom and why, and how to recognise it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.choices import MarkKind, RedactionKind
from articles.models.article import Article


class Redaction(models.Model):
    """One removal of a whole text or of words, with nothing of what was removed.

    ``totals`` counts what was changed, by place. ``key_name`` says under which key its marks were
    made. Once it is ``lifted``, an import may bring the same words again.
    """

    kind = models.CharField(_("removed"), max_length=5, choices=RedactionKind.choices)
    at = models.DateTimeField(_("at"), db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="redactions",
        verbose_name=_("by"),
    )
    reason = models.CharField(
        _("legal reason"), max_length=500, help_text=_("Must not repeat what is removed.")
    )
    #: The article whose text went, as its tombstone.
    article = models.ForeignKey(
        Article,
        on_delete=models.SET_NULL,
        null=True,
        related_name="redactions",
        verbose_name=_("article"),
    )
    totals = models.JSONField(_("what was changed"), default=list)
    key_name = models.CharField(max_length=16, editable=False)
    lifted = models.DateTimeField(_("lifted"), null=True, editable=False)

    class Meta:
        verbose_name = _("redaction")
        verbose_name_plural = _("redactions")
        ordering = ["-id"]
        default_permissions = ("view",)
        permissions = [("redact", _("Can remove texts and names on legal grounds"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=RedactionKind.values), name="redaction_kind_is_known"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="redaction_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"


class RedactedMark(models.Model):
    """A keyed fingerprint of something that was removed; see `articles.redacting.marks`.

    Of an address, ``subject_type`` and ``subject_id`` say where it leads now, if anywhere.
    """

    redaction = models.ForeignKey(Redaction, on_delete=models.CASCADE, related_name="marks")
    kind = models.CharField(max_length=8, choices=MarkKind.choices)
    words = models.PositiveSmallIntegerField(default=0)
    first = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64, db_index=True)
    subject_type = models.CharField(max_length=20, blank=True)
    subject_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("fingerprint of something removed")
        verbose_name_plural = _("fingerprints of something removed")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["redaction", "kind", "digest"], name="redacted_mark_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=MarkKind.values), name="redacted_mark_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.digest[:8]}"
