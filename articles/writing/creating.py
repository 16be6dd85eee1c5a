"""New articles in great numbers: what `articles.writing.articles` writes, in one pass.

An import knows all of a new article before it writes it, so nothing needs to be read back: row,
permanent key, credits, tags, parts and search document go in together, 500 articles at a time.
Until `Creation.finish` no lock is held on what is public, so that editors' saves go on beside a
long import; there the totals are moved, and whatever was renamed meanwhile is brought in step.
"""

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from articles import bulk, clock
from articles.models import Article, Contribution, Part, TaggedArticle
from articles.models.article import sort_key_of
from articles.querysets import is_published
from articles.search import base
from articles.writing import addresses, illustrating, index, keys, lists
from articles.writing.changes import ArticleChange, InvalidChange, apply_columns, clean_fields
from articles.writing.credits import credit_text
from articles.writing.translations import check_originals

_COLUMNS = tuple(field.attname for field in Article._meta.concrete_fields)
_row_of = attrgetter(*_COLUMNS)
_LINKED = ("article", "position", "sort_key", "is_public")


class _NamesOf:
    """How rows of one of `index.NAMED` are called, by id, read once each."""

    def __init__(self, place: int) -> None:
        self._place = place
        self.known: dict[int, index.Called] = {}

    def read(self, ids: set[int]) -> None:
        """Read the names of those of *ids* that are not known yet.

        Raises `StaleVersion` if one was merged or deleted since the caller found it.
        """
        missing = ids - self.known.keys()
        self.known |= index.called(self._place, missing)
        if missing - self.known.keys():
            raise index.lost()

    def of(self, ids: Iterable[int]) -> list[str]:
        """Return the names of *ids*, in the same order."""
        return [self.known[pk][0] for pk in ids]

    def spellings(self, ids: Iterable[int]) -> list[str]:
        """Return what else the rows *ids* are called, each row once."""
        return [text for pk in dict.fromkeys(ids) for text in self.known[pk][1]]

    def renamed(self) -> set[int]:
        """Return the ids of those that are called otherwise by now, or are gone."""
        stored = index.called(self._place, self.known)
        return {pk for pk, name in self.known.items() if stored.get(pk) != name}


class Creation:
    """Writes new articles whose first values stand in source entries.

    Call `create` any number of times and then `finish` once, all in one transaction.
    """

    def __init__(self) -> None:
        self.authors, self.tags, self.series = map(_NamesOf, range(len(index.NAMED)))
        self._moved: Counter[str] = Counter()
        self._made = array("q")
        self._withdrawn: list[int] = []

    def create(self, changes: Sequence[ArticleChange]) -> list[Article]:
        """Write new articles; return them in the same order.

        Raises `InvalidChange` and `StaleVersion` as `write_articles` does; the caller's transaction
        must end then.
        """
        made: list[Article] = []
        for chunk in index.batches(changes):
            made += self._create_chunk(chunk)
        return made

    def finish(self) -> None:
        """Move totals and content version; must end the transaction's writing of new articles."""
        if not self._made:
            return
        version = index.lock_content_version()
        stale = set(self._withdrawn)
        for names, (model, link), column in zip(
            (self.authors, self.tags, self.series),
            index.LINKED,
            ("author", "tag", "series"),
            strict=True,
        ):
            renamed = sorted(names.renamed())
            made = set(self._made) if renamed else set()
            for chunk in index.batches(renamed):
                rows = model._default_manager.filter(**{f"{column}__in": chunk})
                stale |= made.intersection(rows.values_list(link, flat=True))
        index.move_totals(self._moved)
        index.touch_version(version, self._made, is_seen=bool(self._moved))
        if stale:
            index.refresh(stale)

    def _create_chunk(self, changes: Sequence[ArticleChange]) -> list[Article]:
        # What a new article has before anything is known of it: asked for once, not 500 times.
        blank = [field.get_default() for field in Article._meta.concrete_fields]
        articles = [Article(*blank) for _change in changes]
        originals: set[int] = set()
        for change, article in zip(changes, articles, strict=True):
            fields = clean_fields(change.fields)
            apply_columns(article, fields)
            if (original := fields.get("translation_of")) is not None:
                originals.add(original)
        if originals:
            check_originals({}, originals)
        addresses.give_slugs(changes, articles, {})
        self._read_names(changes)
        ids = bulk.reserve_ids(Article, len(articles))
        now = clock.now()
        for change, article, pk in zip(changes, articles, ids, strict=True):
            article.pk = pk
            article.created = article.updated = now
            if article.published_on is not None:
                article.sort_key = sort_key_of(article.published_on, pk)
            if is_published(article, now):
                article.is_public = True
                article.first_public_at = article.first_public_at or now
            elif article.was_public:
                self._withdrawn.append(pk)
            article.credit = credit_text(
                {"name": self.authors.known[credit.author][0], "role": credit.role}
                for credit in change.credits or ()
            )
        try:
            with transaction.atomic():
                bulk.insert(
                    Article,
                    _COLUMNS,
                    [_row_of(article) for article in articles],
                )
        except IntegrityError as error:
            raise InvalidChange({"slug": _("This address is taken.")}) from error
        keys.insert_keys(ids, [change.key for change in changes], now)
        self._link(changes, articles)
        illustrating.hold(articles)
        self._index(changes, articles)
        addresses.remember_addresses(articles, {})
        self._made.extend(ids)
        return articles

    def _read_names(self, changes: Sequence[ArticleChange]) -> None:
        self.authors.read({credit.author for change in changes for credit in change.credits or ()})
        self.tags.read({tag for change in changes for tag in change.tags or ()})
        self.series.read({place.series for change in changes for place in change.parts or ()})

    def _link(self, changes: Sequence[ArticleChange], articles: list[Article]) -> None:
        """Write credits, tags and parts."""
        credits: list[tuple[Any, ...]] = []
        tagged: list[tuple[Any, ...]] = []
        parts: list[tuple[Any, ...]] = []
        for change, article in zip(changes, articles, strict=True):
            pk, sort_key, is_public = article.pk, article.sort_key, article.is_public
            lists.check_lists(change)
            credits += [
                (pk, position, sort_key, is_public, credit.author, credit.role)
                for position, credit in enumerate(change.credits or ())
            ]
            tagged += [(pk, sort_key, is_public, tag) for tag in sorted(set(change.tags or ()))]
            parts += [
                (pk, place.part_number or 0, sort_key, is_public, place.series, place.part_number)
                for place in change.parts or ()
            ]
        bulk.insert(Contribution, (*_LINKED, "author", "role"), credits)
        bulk.insert(TaggedArticle, ("content_object", "sort_key", "is_public", "tag"), tagged)
        try:
            with transaction.atomic():
                bulk.insert(Part, (*_LINKED, "series", "part_number"), parts)
        except IntegrityError as error:
            raise InvalidChange({"parts": lists.part_taken()}) from error

    def _index(self, changes: Sequence[ArticleChange], articles: list[Article]) -> None:
        """Write the search documents of what is public at once, and count its facet terms."""
        documents = []
        for change, article in zip(changes, articles, strict=True):
            if not article.is_public or article.sort_key is None:
                continue
            authors = [credit.author for credit in change.credits or ()]
            tags = sorted(set(change.tags or ()))
            series = sorted(place.series for place in change.parts or ())
            stands = ((self.authors, authors), (self.tags, tags), (self.series, series))
            names = [name for known, ids in stands for name in known.of(ids)]
            spellings = [text for known, ids in stands for text in known.spellings(ids)]
            facets = index.facet_terms(article, authors, tags, series)
            self._moved.update(facets.split())
            documents.append(index.document_of(article, names, spellings, facets))
        base.add(documents)
