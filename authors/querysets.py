"""Reads of authors that chain."""

from typing import TYPE_CHECKING

from django.db import models

from articles.folding import fold

if TYPE_CHECKING:
    from authors.models import Author  # noqa: F401  named in the base below


class AuthorQuerySet(models.QuerySet["Author"]):
    """Authors, by name and by spelling."""

    def by_name(self) -> "AuthorQuerySet":
        """In the order of an index of names."""
        return self.order_by("collation_key", "id")

    def spelled(self, name: str) -> "AuthorQuerySet":
        """Those whose name or alias folds to the same text as *name*."""
        return self.filter(aliases__key=fold(name)).distinct()

    def for_choice(self) -> "AuthorQuerySet":
        """Plain rows for a list of choices."""
        return self.only("id", "name", "slug", "kind")
