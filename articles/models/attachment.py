"""Files that belong to an article: the pages as they were printed, as scans or as a PDF."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.choices import AttachmentKind
from articles.models.article import Article


class Attachment(models.Model):
    """A document or a page scan of one article. Its file lies under `MEDIA_ROOT` by its hash; see
    `articles.attached`."""

    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, related_name="attachments", verbose_name=_("article")
    )
    kind = models.CharField(_("kind"), max_length=4, choices=AttachmentKind.choices)
    title = models.CharField(_("title"), max_length=200, blank=True)
    credit = models.CharField(_("credit"), max_length=200, blank=True)
    sha256 = models.CharField(_("SHA-256"), max_length=64, editable=False)
    suffix = models.CharField(max_length=5, editable=False)
    size = models.BigIntegerField(_("size in bytes"), editable=False)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    created = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["position", "id"]
        # Who may change the article may change what belongs to it.
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["article", "sha256"], name="attachment_once_at_an_article"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=AttachmentKind.values), name="attachment_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.title or f"{self.get_kind_display()} {self.pk}"
