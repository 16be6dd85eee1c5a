"""Search in the admin: folded like the public one, over every article that an editor may see.

What readers see is found by the search index. What they do not see (drafts, scheduled, withdrawn)
has no document there, so its heads and credits are folded in the database and compared word by
word: a scan, but of that part of the archive only.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any, cast

from django.db import connections, models
from django.db.models import Exists, OuterRef, Q

from articles.admin import rights
from articles.cleaning import clean_line
from articles.folding import fold
from articles.models import Article, PublicKey
from articles.public_keys import is_key, normalise_key
from articles.querysets import ArticleQuerySet
from articles.search.back_ends import back_end
from articles.search.base import search

MAX_LENGTH = 200
MAX_WORDS = 20
_HEADS = ("headline", "kicker", "subtitle", "part_label", "byline", "credit", "standfirst")
# An excluded word or phrase (-x, -"x y"), a phrase, a word.
_PIECES = re.compile(r'(-?)(?:"([^"]*)"?|(\S+))')

# What `articles.folding` does, said to PostgreSQL: NFKD, marks dropped, the Latin letters that
# have no decomposition, lower case.
_POSTGRES = (
    r"replace(replace(replace(replace(translate(lower(regexp_replace(normalize("
    r"concat_ws(' ', %(expressions)s), NFKD), '[\u0300-\u036f]', '', 'g')),"
    r" 'łøđðıħς’‘ʼ‐‑‒–—−', 'loddihσ''''''------'),"
    r" 'æ', 'ae'), 'œ', 'oe'), 'ß', 'ss'), 'þ', 'th')"
)


class Folded(models.Func):
    """The folded spelling of some columns, joined with spaces, computed by the database."""

    function = "archive_fold"
    output_field = models.TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        connection.ensure_connection()
        connection.connection.create_function("archive_fold", -1, _fold_all, deterministic=True)
        return self.as_sql(compiler, connection, **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template=_POSTGRES, **extra)


#: `articles.folding.fold` at the speed of a scan. Marks of other scripts than ours stay.
_MARKS = re.compile("[\u0300-\u036f]")
_LETTERS = str.maketrans({letter: fold(letter) for letter in "łøđðþæœßıħŁØĐÐÞÆŒẞĦ’‘ʼ‐‑‒–—−"})


def _fold_all(*texts: str) -> str:
    text = " ".join(texts)
    if text.isascii():
        return text.casefold()
    return _MARKS.sub("", unicodedata.normalize("NFKD", text.translate(_LETTERS))).casefold()


class Among(models.Func):
    """Whether an id is one of many: one parameter, however many they are."""

    output_field = models.BooleanField()

    def __init__(self, name: str, ids: Sequence[int]) -> None:
        super().__init__(name, models.Value(",".join(map(str, ids))))

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        joined = " IN (SELECT value FROM json_each('[' || "
        return self.as_sql(
            compiler, connection, template="%(expressions)s || ']'))", arg_joiner=joined
        )

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(
            compiler,
            connection,
            template="%(expressions)s || '}')::bigint[])",
            arg_joiner=" = ANY (('{' || ",
        )


def words_of(text: str) -> tuple[list[str], list[str]]:
    """Return the folded words and phrases of *text* that are wanted, and those excluded."""
    wanted: list[str] = []
    excluded: list[str] = []
    for minus, phrase, word in _PIECES.findall(text)[:MAX_WORDS]:
        folded = fold(phrase or word)
        if folded.strip("\"'-*"):
            (excluded if minus else wanted).append(folded.rstrip("*"))
    return wanted, excluded


def find_articles(articles: ArticleQuerySet, text: str, most: int | None = None) -> ArticleQuerySet:
    """Return those of *articles* that *text* finds, public or not, in any order.

    With *most*, of those that readers see the newest so many are enough.
    """
    text = clean_line(text, MAX_LENGTH)
    wanted, excluded = words_of(text)
    if not wanted:
        return articles if not text else articles.none()
    connection = connections[articles.db]
    all_articles = Article.objects.using(connection.alias).order_by()
    hidden = all_articles.filter(
        Q(status__in=rights.HIDDEN)
        | Q(pk__in=all_articles.scheduled().values("pk"))
        | Q(pk__in=all_articles.due().values("pk"))
    ).alias(folded=Folded(*_HEADS))
    for word in wanted:
        hidden = hidden.filter(folded__contains=word)
    for word in excluded:
        hidden = hidden.exclude(folded__contains=word)
    # Once: a page of the list asks four times which articles these are.
    condition = Q(Among("pk", list(hidden.values_list("pk", flat=True))))
    # Facets, even none, let the index alone find the newest.
    found = search(all_articles.published(), text, facets=None if most is None else ())
    if most is not None and not found.query.is_empty and not found.is_exact:
        # Of a word that is everywhere, all ids would be fetched to show fifty articles.
        keys = found.newest(most)
        condition |= Q(back_end(connection.alias).among_keys(keys))
    elif not found.query.is_empty:
        condition |= Q(pk__in=found.queryset.order_by().values("pk"))
    key = normalise_key(text)
    if is_key(key):
        condition |= Q(pk__in=PublicKey.objects.filter(key=key).values("article"))
    return articles.filter(condition)


def find_spelled(rows: models.QuerySet[Any], text: str) -> models.QuerySet[Any]:
    """Return those of *rows* (authors, series or tags) with a spelling that has all words."""
    words = fold(clean_line(text, MAX_LENGTH)).split()[:MAX_WORDS]
    if not words:
        return rows
    relation = cast(Any, rows.model._meta.get_field("aliases"))
    aliases = relation.related_model._default_manager.filter(
        **{relation.field.name: OuterRef("pk")}
    )
    for word in words:
        aliases = aliases.filter(key__contains=word)
    return rows.filter(Exists(aliases))
