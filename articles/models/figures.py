"""What readers looked for in vain: counts, and nothing about who or when but the month."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class FailedSearch(models.Model):
    """A search that found nothing, folded, and how often in a month.

    The empty text stands for all that had no room: see `articles.failed_searches`.
    """

    month = models.DateField(_("month"), help_text=_("Its first day."))
    text = models.CharField(_("search"), max_length=100, blank=True)
    count = models.PositiveIntegerField(_("count"), default=0)

    class Meta:
        verbose_name = _("search that found nothing")
        verbose_name_plural = _("searches that found nothing")
        ordering = ["-month", "-count", "text"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["month", "text"], name="failed_search_once_a_month"),
            models.CheckConstraint(condition=Q(month__day=1), name="failed_search_is_of_a_month"),
        ]

    def __str__(self) -> str:
        return self.text
