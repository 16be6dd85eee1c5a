"""Who is credited: persons, collectives and organisations, and the spellings that lead to them."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles.folding import fold
from authors.querysets import AuthorQuerySet


class AuthorKind(models.TextChoices):
    """What a credit names. A collective ("our correspondents") is never turned into a person."""

    PERSON = "person", _("person")
    COLLECTIVE = "collective", _("collective")
    ORGANISATION = "organisation", _("organisation")


class Author(models.Model):
    """A person, collective or organisation that articles are credited to."""

    kind = models.CharField(
        _("kind"), max_length=12, choices=AuthorKind.choices, default=AuthorKind.PERSON
    )
    name = models.CharField(_("name"), max_length=200, help_text=_("As shown with articles."))
    sort_name = models.CharField(
        _("sort name"), max_length=200, help_text=_("As filed in an index: “Weiss, Clara”.")
    )
    slug = models.CharField(_("slug"), max_length=120, unique=True)
    bio = models.TextField(_("biography"), blank=True)
    born = models.CharField(
        _("born"), max_length=10, blank=True, help_text=_("YYYY, YYYY-MM or YYYY-MM-DD.")
    )
    died = models.CharField(
        _("died"), max_length=10, blank=True, help_text=_("YYYY, YYYY-MM or YYYY-MM-DD.")
    )
    external_ids = models.JSONField(
        _("external identifiers"),
        default=dict,
        blank=True,
        help_text=_("Identifiers by scheme, for example VIAF or ORCID."),
    )
    #: Empty, or ``sizes`` (width, height and name of each, the smallest first; see
    #: `articles.portraits`), ``alt`` and ``credit``.
    portrait = models.JSONField(_("portrait"), default=dict, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    collation_key = models.CharField(max_length=250, editable=False, db_index=True)
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    objects: ClassVar[AuthorQuerySet] = AuthorQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("author")
        verbose_name_plural = _("authors")
        ordering = ["collation_key", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=AuthorKind.values), name="author_kind_is_known"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="author_has_name"),
            models.CheckConstraint(condition=~Q(slug=""), name="author_has_slug"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.prepare()
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("author", args=[self.slug])

    def prepare(self) -> None:
        """Set what follows from the other fields. Bulk writers call it, `save` does too."""
        self.sort_name = self.sort_name or self.name
        self.collation_key = fold(self.sort_name)[:250]


class AuthorAlias(models.Model):
    """A spelling that leads to an author. An author's own name is one of them.

    Two people may share a name, so a spelling is unique for an author, not in the archive.
    """

    author = models.ForeignKey(
        Author, on_delete=models.CASCADE, related_name="aliases", verbose_name=_("author")
    )
    name = models.CharField(_("spelling"), max_length=200)
    key = models.CharField(max_length=250, editable=False, db_index=True)

    class Meta:
        verbose_name = _("alias")
        verbose_name_plural = _("aliases")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["author", "key"], name="author_alias_once"),
            models.CheckConstraint(condition=~Q(key=""), name="author_alias_has_key"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.key = fold(self.name)[:250]
        super().save(*args, **kwargs)
