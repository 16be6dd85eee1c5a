"""Translations: an article's original is another article, and no circle leads back."""

from collections.abc import Collection, Mapping

from django.utils.translation import gettext as _

from articles.models import Article
from articles.writing import index
from articles.writing.changes import InvalidChange


def check_originals(originals: Mapping[int, int | None], new: Collection[int] = ()) -> None:
    """Make sure that *originals*, article id to original's id, may be stored.

    *new* are further originals, of articles without an id yet. Raises `InvalidChange` if one does
    not exist, or if an article would be its own original, be it through others.
    """
    parents: dict[int, int | None] = dict(originals)
    wanted = {original for original in (*originals.values(), *new) if original is not None}
    known: set[int] = set()
    while wanted:
        found: dict[int, int | None] = {}
        for chunk in index.batches(sorted(wanted)):
            rows = Article.objects.filter(pk__in=chunk)
            found |= dict(rows.values_list("pk", "translation_of_id"))
        if missing := wanted - found.keys():
            raise InvalidChange({"translation_of": _("There is no article %s.") % min(missing)})
        known |= wanted
        for pk, parent in found.items():
            parents.setdefault(pk, parent)
        wanted = {parent for pk in found if (parent := parents[pk]) is not None} - known
    for start in originals:
        seen: set[int] = set()
        place: int | None = start
        while place is not None and place not in seen:
            seen.add(place)
            place = parents.get(place)
        if place is not None:
            raise InvalidChange(
                {"translation_of": _("An article cannot be a translation of itself.")}
            )
