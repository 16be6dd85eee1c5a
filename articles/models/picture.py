"""Which articles ever had which picture in their text."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article


class HeldPicture(models.Model):
    """A picture that an article shows, or showed: its history can bring it back.

    Written with the body, by `articles.writing.illustrating`, and gone with the article only. One
    without an article was uploaded and stands in no text yet. The file is that of
    `articles.pictures`.
    """

    name = models.CharField(_("name"), max_length=80, db_index=True, editable=False)
    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, null=True, related_name="held_pictures"
    )
    created = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        verbose_name = _("picture of a text")
        verbose_name_plural = _("pictures of texts")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["article", "name"], name="picture_once_at_an_article"),
        ]

    def __str__(self) -> str:
        return self.name
