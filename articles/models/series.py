"""Series: serials with numbered parts and columns that recur."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from articles.choices import SeriesKind
from articles.folding import fold
from articles.models.article import Article


def missing_runs(numbers: Iterable[int | None]) -> list[tuple[int, int]]:
    """Return the runs of part numbers, first and last, that *numbers* leave out: from 1 up to
    the highest. Whether a part follows that one nobody can know."""
    runs = []
    expected = 1
    for number in sorted({number for number in numbers if number}):
        if number > expected:
            runs.append((expected, number - 1))
        expected = number + 1
    return runs


class Series(models.Model):
    """An ordered set of parts (a serial) or a recurring rubric (a column)."""

    kind = models.CharField(
        _("kind"), max_length=6, choices=SeriesKind.choices, default=SeriesKind.SERIAL
    )
    title = models.CharField(_("title"), max_length=300)
    slug = models.CharField(_("slug"), max_length=120, unique=True)
    description = models.TextField(_("description"), blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    collation_key = models.CharField(max_length=350, editable=False, db_index=True)
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = pgettext_lazy("several", "series")
        ordering = ["collation_key", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=SeriesKind.values), name="series_kind_is_known"
            ),
            models.CheckConstraint(condition=~Q(title=""), name="series_has_title"),
            models.CheckConstraint(condition=~Q(slug=""), name="series_has_slug"),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.prepare()
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("series", args=[self.slug])

    def prepare(self) -> None:
        """Set what follows from the other fields. Bulk writers call it, `save` does too."""
        self.collation_key = fold(self.title)[:350]


class SeriesAlias(models.Model):
    """A spelling that leads to a series. Its own title is one of them."""

    series = models.ForeignKey(
        Series, on_delete=models.CASCADE, related_name="aliases", verbose_name=_("series")
    )
    name = models.CharField(_("spelling"), max_length=300)
    key = models.CharField(max_length=350, editable=False, db_index=True)

    class Meta:
        verbose_name = _("alias")
        verbose_name_plural = _("aliases")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["series", "key"], name="series_alias_once"),
            models.CheckConstraint(condition=~Q(key=""), name="series_alias_has_key"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.key = fold(self.name)[:350]
        super().save(*args, **kwargs)


class Part(models.Model):
    """The place of an article in a series."""

    # Looked for by the indexes below, which begin with it.
    series = models.ForeignKey(
        Series,
        on_delete=models.PROTECT,
        related_name="parts",
        verbose_name=_("series"),
        db_index=False,
    )
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="parts")
    part_number = models.PositiveIntegerField(_("part number"), null=True, blank=True)
    position = models.PositiveIntegerField(_("position"), default=0)
    sort_key = models.BigIntegerField(null=True, editable=False)
    is_public = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("part")
        verbose_name_plural = _("parts")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["series", "article"], name="part_once_in_a_series"),
            models.UniqueConstraint(
                fields=["series", "part_number"],
                condition=Q(part_number__isnull=False),
                name="part_number_once_in_a_series",
            ),
        ]
        indexes = [models.Index(fields=["series", "is_public", "sort_key"], name="part_of_series")]

    def __str__(self) -> str:
        return f"{self.series} {self.part_number or ''}".strip()
