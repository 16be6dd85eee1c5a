"""Tags on taggit's bases, with an identity that both databases keep."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from taggit.models import ItemBase, TagBase

from articles.choices import TagKind
from articles.folding import casefold_key, fold, slugify
from articles.models.article import Article
from authors.models import Author


class Tag(TagBase):
    """An editor's keyword.

    Its identity is ``key`` (NFKC, case folded), since taggit's own comparison folds only ASCII on
    SQLite and has no constraint behind it. Its slug keeps every script.
    """

    key = models.CharField(max_length=150, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=6, choices=TagKind.choices, default=TagKind.TOPIC)
    description = models.TextField(_("description"), blank=True)
    external_ids = models.JSONField(
        _("external identifiers"),
        default=dict,
        blank=True,
        help_text=_("Identifiers by scheme, for example Wikidata, VIAF or GND."),
    )
    #: Whom it is about, if that is somebody who wrote, too: their page shows both.
    author = models.ForeignKey(
        Author,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("author"),
        help_text=_("Of a person who wrote, too: articles by and about them meet on one page."),
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    collation_key = models.CharField(max_length=150, editable=False, db_index=True)

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["collation_key", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=TagKind.values), name="tag_kind_is_known"),
            models.CheckConstraint(condition=~Q(name=""), name="tag_has_name"),
            models.CheckConstraint(condition=~Q(slug=""), name="tag_has_slug"),
            models.CheckConstraint(condition=~Q(key=""), name="tag_has_key"),
            models.CheckConstraint(
                condition=Q(author=None) | Q(kind=TagKind.PERSON), name="tag_of_author_is_a_person"
            ),
        ]

    def slugify(self, tag: str, i: int | None = None) -> str:
        """Return the slug of *tag*; with *i*, the i-th attempt at a free one (taggit's hook)."""
        slug = slugify(tag, "tag", max_length=90)
        return slug if i is None else f"{slug}-{i}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.prepare()
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("tag", args=[self.slug])

    def prepare(self) -> None:
        """Set what follows from the other fields. Bulk writers call it, `save` does too."""
        self.key = casefold_key(self.name)[:150]
        self.collation_key = fold(self.name)[:150]


class TagAlias(models.Model):
    """A spelling that leads to a tag. Its own name is one of them."""

    tag = models.ForeignKey(
        Tag, on_delete=models.CASCADE, related_name="aliases", verbose_name=_("tag")
    )
    name = models.CharField(_("spelling"), max_length=100)
    key = models.CharField(max_length=150, editable=False, db_index=True)

    class Meta:
        verbose_name = _("alias")
        verbose_name_plural = _("aliases")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["tag", "key"], name="tag_alias_once"),
            models.CheckConstraint(condition=~Q(key=""), name="tag_alias_has_key"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.key = (fold(self.name) or casefold_key(self.name))[:150]
        super().save(*args, **kwargs)


class TaggedArticle(ItemBase):
    """A tag on an article."""

    # Looked for by the indexes below, which begin with it.
    tag = models.ForeignKey(
        Tag, on_delete=models.CASCADE, related_name="tagged_articles", db_index=False
    )
    content_object = models.ForeignKey(
        Article, on_delete=models.CASCADE, related_name="tagged_articles"
    )
    sort_key = models.BigIntegerField(null=True, editable=False)
    is_public = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("tag on an article")
        verbose_name_plural = _("tags on articles")
        constraints = [
            models.UniqueConstraint(fields=["tag", "content_object"], name="tag_once_on_an_article")
        ]
        indexes = [models.Index(fields=["tag", "is_public", "sort_key"], name="tagged_with_tag")]
