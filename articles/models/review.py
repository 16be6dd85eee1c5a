"""Doubts that wait for an editor."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.choices import FindingState
from articles.models.article import Article
from articles.models.source import ImportRun, SourceEntry
from articles.review.sentences import said


class Finding(models.Model):
    """A named doubt with its evidence.

    ``fingerprint`` identifies the doubt itself, so that "not a problem" is remembered and no
    later import asks again.
    """

    code = models.CharField(_("code"), max_length=50, db_index=True)
    message = models.CharField(_("message"), max_length=1000)
    article = models.ForeignKey(
        Article,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="findings",
        verbose_name=_("article"),
    )
    #: The second article of a doubt about two: which of them is a copy of the other?
    other_article = models.ForeignKey(
        Article,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="findings_beside",
        verbose_name=_("other article"),
    )
    source_entry = models.ForeignKey(
        SourceEntry, on_delete=models.CASCADE, null=True, blank=True, related_name="findings"
    )
    import_run = models.ForeignKey(
        ImportRun, on_delete=models.CASCADE, null=True, blank=True, related_name="findings"
    )
    evidence = models.JSONField(_("evidence"), default=dict)
    suggestion = models.JSONField(_("suggestion"), null=True)
    state = models.CharField(
        _("state"), max_length=9, choices=FindingState.choices, default=FindingState.OPEN
    )
    fingerprint = models.CharField(max_length=64, unique=True, editable=False)
    #: The same in all findings that are one doubt of one listing, or empty: see `review.together`.
    together = models.CharField(max_length=32, blank=True, default="", editable=False)
    created = models.DateTimeField(_("found"), auto_now_add=True)
    settled = models.DateTimeField(_("settled"), null=True, editable=False)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="settled_findings",
        verbose_name=_("settled by"),
    )

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=FindingState.values), name="finding_state_is_known"
            )
        ]
        indexes = [
            # What waits is counted from the index alone.
            models.Index(fields=["state", "code", "together", "id"], name="finding_by_doubt")
        ]

    def __str__(self) -> str:
        return said(self.message)
