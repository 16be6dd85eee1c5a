"""The writers of articles. Whoever saves, imports, publishes or deletes one does it here.

Row, credits, tags, parts, ledger, permanent key, past addresses, search document, totals and
content version are written in one transaction, or none of them is.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.db.models import BigIntegerField, F, Func
from django.utils.translation import gettext as _

from articles import clock, documents
from articles.choices import OperationKind, Status
from articles.models import (
    Article,
    Operation,
    PublicKey,
    SourceEntry,
)
from articles.models.article import SORT_KEY_STEP, sort_key_of
from articles.writing import addresses, findings, illustrating, index, keys, lists, operations
from articles.writing.changes import (
    ArticleChange,
    InvalidChange,
    StaleVersion,
    apply_columns,
    clean_fields,
)
from articles.writing.credits import credit_text
from articles.writing.state import LISTS, Values, columns_of, lists_of, moment_text
from articles.writing.translations import check_originals

#: Columns that follow from another field, or from the credits.
_DERIVED = {
    "published_on": ("date_precision", "sort_key"), "status": ("withdrawn_at",),
    "credits": ("credit",),
}  # fmt: skip


def save_article(
    change: ArticleChange,
    *,
    actor: AbstractBaseUser | None,
    kind: OperationKind = OperationKind.EDIT,
    reason: str = "",
) -> Article:
    """Write one change as one operation of *actor*; return the article.

    Raises `StaleVersion` if ``expected_version`` is no longer the stored one, and
    `InvalidChange` if a value may not be written. Nothing is written then.
    """
    with transaction.atomic():
        operation = operations.begin(kind, actor=actor, reason=reason)
        article = write_articles([change], operation)[0]
        if actor is not None:
            # What a person typed is looked through at once; an import sees to its own.
            findings.review_saved([article.pk], operation)
        operations.drop_if_empty(operation)
        return article


def write_articles(
    changes: Sequence[ArticleChange], operation: Operation, *, refresh: bool = True
) -> list[Article]:
    """Write *changes* under *operation*; return the articles in the same order.

    A change that alters nothing writes nothing. With *refresh* False the caller must call
    `index.refresh` with the ids before its transaction ends: a long import does so once, at its
    end, to hold the lock on what is public for as short a time as may be.
    """
    written: list[Article] = []
    touched: list[int] = []
    with transaction.atomic():
        for chunk in index.batches(changes):
            for article, is_changed in _write_chunk(chunk, operation):
                written.append(article)
                if is_changed:
                    touched.append(article.pk)
        if refresh and touched:
            index.refresh(touched)
    return written


def _write_chunk(
    changes: Sequence[ArticleChange], operation: Operation
) -> list[tuple[Article, bool]]:
    articles, before = _load(changes)
    cleaned = [clean_fields(change.fields) for change in changes]
    created: list[ArticleChange] = []
    for change, article, fields in zip(changes, articles, cleaned, strict=True):
        apply_columns(article, fields)
        if article.merged_into_id is not None and article.status != Status.WITHDRAWN:
            raise InvalidChange({"status": _("It is merged into another article: take that back.")})
        if change.article is None:
            created.append(change)
    _check_originals(articles, cleaned, before)
    addresses.give_slugs(changes, articles, before)
    lists.credit_new(changes, articles)
    new = [article for article in articles if article.pk is None]
    try:
        with transaction.atomic():
            Article.objects.bulk_create(new, batch_size=index.BATCH)
    except IntegrityError as error:
        raise InvalidChange({"slug": _("This address is taken.")}) from error
    _give_sort_keys(articles)
    if new:
        _store_sort_keys([article.pk for article in new])
        wanted = {
            article.pk: change.key
            for change, article in zip(changes, articles, strict=True)
            if change.article is None and change.key
        }
        keys.give_keys(new, wanted)
    changed_lists = lists.write_lists(changes, articles, before)
    after = _values(articles)
    names = {name for fields in cleaned for name in fields} | {"slug", "visible_from"}
    result = []
    changed_articles = []
    ledger: list[operations.Change] = []
    for change, article in zip(changes, articles, strict=True):
        old, now = before.get(article.pk, {}), after[article.pk]
        differing = _differing(old, now, names, changed_lists.get(article.pk, set()))
        is_recorded = change.article is not None or not change.from_source
        ledger += [
            operations.Change(
                "article", article.pk, name, old.get(name), now[name], change.source_entry
            )
            for name in (differing if is_recorded else ())
        ]
        if change.article is not None and differing:
            article.version += 1
            changed_articles.append(article)
        elif change.article is None:
            changed_articles.append(article)
        result.append((article, change.article is None or bool(differing)))
    edited = [article for article in changed_articles if article.pk in before]
    _credit(edited, after)
    addresses.remember_addresses(changed_articles, before)
    _save_columns(edited, names, before, after)
    if "body" in names:
        illustrating.hold(changed_articles)
    operations.record(operation, ledger)
    return result


def _check_originals(
    articles: list[Article], cleaned: list[dict[str, Any]], before: dict[int, Values]
) -> None:
    originals: dict[int, int | None] = {}
    new: set[int] = set()
    for article, fields in zip(articles, cleaned, strict=True):
        original = fields.get("translation_of")
        if article.pk is None:
            new |= {original} - {None}
        elif before[article.pk]["translation_of"] != article.translation_of_id:
            originals[article.pk] = original
    check_originals(originals, new)


def _load(changes: Sequence[ArticleChange]) -> tuple[list[Article], dict[int, Values]]:
    """Return fresh, locked articles in the order of *changes* (new ones unsaved), and their
    values before the change by id."""
    ids = [change.article.pk for change in changes if change.article is not None]
    if len(set(ids)) != len(ids):
        raise ValueError("an article may be changed once in a chunk")
    stored = {row.pk: row for row in locked_articles(ids)}
    lists = lists_of(ids)
    articles = []
    for change in changes:
        if change.article is None:
            articles.append(Article())
            continue
        try:
            article = stored[change.article.pk]
        except KeyError:
            raise StaleVersion(_("The article no longer exists.")) from None
        if change.expected_version is not None and change.expected_version != article.version:
            raise StaleVersion(_("Someone else has saved the article since it was opened."))
        articles.append(article)
    before = {pk: columns_of(article) | lists[pk] for pk, article in stored.items()}
    return articles, before


def locked_articles(ids: Iterable[int]) -> list[Article]:
    """Return these articles, locked, by id: the one order in which every writer locks them.

    Not against references (``no_key``), which another writer's translations and credits are.
    """
    rows = Article.objects.select_for_update(no_key=True).order_by("pk")
    return [row for chunk in index.batches(sorted(set(ids))) for row in rows.filter(pk__in=chunk)]


def _values(articles: Sequence[Article]) -> dict[int, Values]:
    values: dict[int, Values] = {}
    for chunk in index.batches(articles):
        lists = lists_of([article.pk for article in chunk])
        values |= {article.pk: columns_of(article) | lists[article.pk] for article in chunk}
    return values


def _differing(old: Values, now: Values, names: set[str], changed_lists: set[str]) -> list[str]:
    found = [name for name in sorted(names) if _shown(old.get(name)) != _shown(now[name])]
    return found + [name for name in LISTS if name in changed_lists]


def _shown(value: Any) -> Any:
    """Return *value* so that absent and empty are the same."""
    if isinstance(value, datetime.datetime):
        return moment_text(value)
    return value or None


def _give_sort_keys(articles: list[Article]) -> None:
    """Set the sort key of each article; `_save_columns` and `_write_chunk` store it."""
    for article in articles:
        dated = article.published_on
        article.sort_key = None if dated is None else sort_key_of(dated, article.pk)


class _Ordinal(Func):
    """`date.toordinal` in the database: days since the day before 1 January of year 1."""

    output_field = BigIntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = "CAST(julianday(%(expressions)s) - 1721424.5 AS INTEGER)"
        return self.as_sql(compiler, connection, template=template, **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = "(%(expressions)s - DATE '0001-01-01' + 1)"
        return self.as_sql(compiler, connection, template=template, **extra)


def _store_sort_keys(ids: list[int]) -> None:
    Article.objects.filter(pk__in=ids, published_on__isnull=False).update(
        sort_key=_Ordinal("published_on") * SORT_KEY_STEP + F("id")
    )


def _credit(articles: list[Article], values: dict[int, Values]) -> None:
    for article in articles:
        article.credit = credit_text(values[article.pk]["credits"])


def _save_columns(
    articles: list[Article],
    names: set[str],
    before: dict[int, Values],
    after: dict[int, Values],
) -> None:
    """Store the columns that differ in any of *articles*: each costs time for every row."""
    now = clock.now()
    moved: set[str] = set()
    for article in articles:
        article.updated = now
        old, new = before[article.pk], after[article.pk]
        moved |= set(_differing(old, new, names, set()))
        moved |= {"credits"} if old["credits"] != new["credits"] else set()
    columns = (moved - {"credits"}).union(*(_DERIVED.get(name, ()) for name in moved))
    try:
        with transaction.atomic():
            rows = Article.objects.filter(pk__in=[article.pk for article in articles])
            rows.update(version=F("version") + 1, updated=now)
            if columns:
                Article.objects.bulk_update(articles, sorted(columns), batch_size=100)
    except IntegrityError as error:
        raise InvalidChange({"slug": _("This address is taken.")}) from error


def set_status(
    article_ids: Iterable[int],
    status: Status,
    *,
    actor: AbstractBaseUser | None,
    reason: str = "",
) -> list[Article]:
    """Move articles to *status* as one bulk operation; return them.

    Raises `InvalidChange`, naming the article, if one of them may not be there. All or none.
    """
    fields: dict[str, Any] = {"status": status}
    if status == Status.WITHDRAWN:
        fields["withdrawn_reason"] = reason
    articles: list[Article] = []
    for chunk in index.batches(sorted(set(article_ids))):
        articles += Article.objects.filter(pk__in=chunk).exclude(status=status).order_by("pk")
    if not articles:
        return []
    for article in articles:
        if status == Status.PUBLISHED and article.published_on is None:
            raise InvalidChange(
                {"published_on": _("“%s” has no date of publication.") % article.headline}
            )
    with transaction.atomic():
        operation = operations.begin(OperationKind.BULK, actor=actor, reason=reason)
        written = write_articles(
            [ArticleChange(article=article, fields=dict(fields)) for article in articles],
            operation,
        )
        operations.drop_if_empty(operation)
        return written


def link_translations(originals: Mapping[int, int]) -> None:
    """Set what new articles are translations of: article id to original's id.

    For importers, whose articles may precede their originals. The ledger needs no row: the first
    value stands in the source entry. Raises `InvalidChange` as for any other change.
    """
    check_originals(originals)
    rows = [
        Article(pk=pk, translation_of_id=original) for pk, original in sorted(originals.items())
    ]
    Article.objects.bulk_update(rows, ["translation_of"], batch_size=index.BATCH)


class WasPublic(Exception):
    """An article that was ever public is withdrawn, not deleted."""


class HasCopies(Exception):
    """An article that others are merged into is not deleted under them; the text says which."""


def delete_articles(
    article_ids: Iterable[int], *, actor: AbstractBaseUser | None, reason: str = ""
) -> int:
    """Delete articles that were never public; return how many. Their keys stay reserved.

    Raises `WasPublic` if one of them was, and `HasCopies` if another article is merged into one
    and not deleted with it; nothing is deleted then. The ledger keeps the values.
    """
    with transaction.atomic():
        articles = locked_articles(article_ids)
        for article in articles:
            if article.was_public:
                raise WasPublic(article.headline)
        _refuse_copies(articles)
        operation = operations.begin(OperationKind.BULK, actor=actor, reason=reason)
        values = _values(articles)
        operations.record(
            operation,
            [
                operations.Change("article", pk, name, value, None)
                for pk, columns in values.items()
                for name, value in columns.items()
                if value
            ],
        )
        ids = [article.pk for article in articles]
        for chunk in index.batches(ids):
            # Whose entry it was, in each version of its listing: it is never asked about again.
            entries = SourceEntry.objects.filter(article__in=chunk).order_by("pk")
            operations.record(
                operation,
                [
                    operations.Change("entry", pk, "article", article, None)
                    for pk, article in entries.values_list("pk", "article_id")
                ],
            )
        index.forget(ids)
        for chunk in index.batches(ids):
            documents.remove_with(chunk)
            illustrating.remove_with(chunk)
            PublicKey.objects.filter(article__in=chunk).update(article=None)
            # Copies that go with it.
            Article.objects.filter(merged_into__in=chunk).update(merged_into=None)
            Article.objects.filter(pk__in=chunk).delete()
    return len(articles)


def _refuse_copies(articles: Sequence[Article]) -> None:
    rows = {article.pk: article for article in articles}
    copies = Article.objects.filter(merged_into__in=rows).exclude(pk__in=rows).order_by("pk")
    copy = copies.first()
    if copy is not None and copy.merged_into_id is not None:
        raise HasCopies(
            _("“%(copy)s” is merged into “%(article)s”: take that back first, or delete both.")
            % {"copy": copy, "article": rows[copy.merged_into_id]}
        )
