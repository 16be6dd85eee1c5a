"""The archive as a plan sees it: the only reader of the database in an import."""

import calendar
import datetime
from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from django.db.models import Q

from articles.choices import DatePrecision, FindingState, OperationKind, SeriesKind
from articles.folding import casefold_key, fold
from articles.importing import arriving, identity, selections
from articles.importing.known_entries import KnownEntries
from articles.importing.linking import Alike
from articles.importing.records import CREATE, ArticleState, KnownEntry, Values
from articles.importing.series import MOST_COMPARED
from articles.importing.undoing import undone
from articles.models import (
    Article,
    FieldChange,
    Finding,
    ImportRun,
    Part,
    PublicKey,
    Series,
    SourceEntry,
    Tag,
)
from articles.partial_dates import parse_partial, partial_text
from articles.review.registry import check_codes
from articles.site_rights import site_rights
from articles.writing import author_choices, conflicts, names, old_addresses
from articles.writing.index import batches
from articles.writing.state import columns_of, lists_of
from authors.models import Author

#: What identifies an article across sources.
_HEADS = (
    "kicker", "headline", "subtitle", "part_label", "byline", "published_on", "date_precision",
)  # fmt: skip


class Snapshot:
    """Answers a plan's questions; see `articles.importing.plan.Reader`. Writes nothing."""

    def known(self, source_key: str) -> KnownEntries:
        """Return the entries of a source's earlier listings; of several versions the newest."""
        return KnownEntries(source_key)

    def known_entries(self, source_key: str) -> Mapping[str, KnownEntry]:
        """Return the same by fingerprint, all of them with their values."""
        found = sorted(KnownEntries(source_key).all(), key=lambda entry: entry.id)
        return {entry.fingerprint: entry for entry in found}

    def settled(self, prints: Collection[str]) -> set[str]:
        """Return those of the fingerprints *prints* whose finding is not open any more."""
        found: set[str] = set()
        for chunk in batches(sorted(prints)):
            rows = Finding.objects.filter(fingerprint__in=chunk).exclude(state=FindingState.OPEN)
            found.update(rows.values_list("fingerprint", flat=True))
        return found

    def settled_checks(self, articles: Collection[int]) -> set[tuple[int, str]]:
        """Return the doubts of checks about *articles* that are settled, as (article, code)."""
        over: set[tuple[int, str]] = set()
        waits: set[tuple[int, str]] = set()
        for chunk in batches(sorted(articles)):
            about = Q(article__in=chunk) | Q(other_article__in=chunk)
            rows = Finding.objects.filter(about, code__in=check_codes())
            for one, two, code, state in rows.values_list(
                "article_id", "other_article_id", "code", "state"
            ):
                found = waits if state == FindingState.OPEN else over
                found.update((pk, code) for pk in (one, two) if pk)
        return over - waits

    def said_last(self, source_key: str, article_ids: Iterable[int]) -> Mapping[int, Values]:
        """Return what a source said of each article last, field by field."""
        own = selections.own_words(source_key, selections.runs_of(source_key))
        return undone.said_last(source_key, article_ids, own)

    def refused(self, torn: Mapping[int, Mapping[str, Values]]) -> Mapping[int, set[str]]:
        """Return of the conflicts of each article the fields whose value of the listing an editor
        has refused before."""
        return conflicts.refused(torn)

    def sample_values(self, article_ids: Iterable[int]) -> Mapping[int, Values]:
        """Return what the sample said of these articles, as far as no other source has them."""
        wanted = sorted(article_ids)
        found: dict[int, Values] = {}
        for chunk in batches(wanted):
            rows = SourceEntry.objects.filter(article__in=chunk)
            others = set(
                rows.filter(listing__source__is_sample=False).values_list("article_id", flat=True)
            )
            for row in rows.exclude(article__in=others).select_related("unchanged_from"):
                if row.article_id is not None:
                    found[row.article_id] = (row.unchanged_from or row).values or {}
        return found

    def option_tags(self, source_key: str) -> set[str]:
        """Return the tags, as keys, that earlier runs of a source added by option."""
        runs = ImportRun.objects.filter(source__key=source_key, undone=None)
        given = runs.values_list("options", flat=True)
        return {casefold_key(tag) for options in given for tag in (options or {}).get("tags", [])}

    def withdrawn_by_undo(self, article_ids: Iterable[int]) -> set[int]:
        """Return those of the articles that an undo withdrew and nobody edited since."""
        return undone.withdrawn_by_undo(article_ids)

    def tag_names(self, spellings: Iterable[str]) -> Mapping[str, str]:
        """Return the present name of the tag that each spelling leads to, if it leads to one."""
        ids = names.find_spelled(Tag, spellings)
        rows = dict(
            Tag.objects.filter(pk__in={pk for found in ids.values() for pk in found}).values_list(
                "pk", "name"
            )
        )
        return {spelling: rows[found[0]] for spelling, found in ids.items() if len(found) == 1}

    def newest_tags(self, most: int) -> Sequence[str]:
        """Return the names of the newest tags."""
        return list(Tag.objects.order_by("-pk").values_list("name", flat=True)[:most])

    def site_rights(self) -> str:
        """Return the rights statement of the whole archive."""
        return site_rights()

    def states(self, article_ids: Iterable[int]) -> Mapping[int, ArticleState]:
        """Return articles; their values are read, 500 articles at a time, when asked for."""
        found: dict[int, ArticleState] = {}
        for chunk in batches(sorted(article_ids)):
            read = _Values(chunk)
            rows = Article.objects.filter(pk__in=chunk)
            for pk, key, version, status in rows.values_list(
                "pk", "public_key__key", "version", "status"
            ):
                found[pk] = ArticleState(pk, key, version, status, partial(read.of, pk))
        return found

    def spelled_authors(self, spellings: Iterable[str]) -> Mapping[str, Sequence[int]]:
        """Return the authors that each spelling leads to."""
        return names.find_spelled(Author, spellings)

    def authors(self, ids: Iterable[int]) -> Mapping[int, tuple[str, str]]:
        """Return name and kind of these authors."""
        found: dict[int, tuple[str, str]] = {}
        for chunk in batches(sorted(ids)):
            rows = Author.objects.filter(pk__in=chunk).values_list("pk", "name", "kind")
            found |= {pk: (name, kind) for pk, name, kind in rows}
        return found

    def chosen_authors(self, source_key: str) -> Mapping[str, int]:
        """Return the author that an editor chose for each folded spelling of a source."""
        return author_choices.chosen_authors(source_key)

    def left_series(self, article_ids: Iterable[int]) -> Mapping[int, set[int]]:
        """Return the series that editors took each of the articles out of."""
        left: dict[int, set[int]] = {}
        for chunk in batches(sorted(article_ids)):
            rows = FieldChange.objects.filter(
                subject_type="article",
                subject_id__in=chunk,
                field="parts",
                operation__kind__in=(OperationKind.EDIT, OperationKind.BULK, OperationKind.RESTORE),
            )
            for pk, old, new in rows.order_by("id").values_list("subject_id", "old", "new"):
                ids = [{part["series"] for part in parts or []} for parts in (old, new)]
                left.setdefault(pk, set()).update(ids[0] - ids[1])
                left[pk] -= ids[1]
        return left

    def column_titles(self) -> Sequence[str]:
        """Return the titles of the columns of the archive, the newest first."""
        rows = Series.objects.filter(kind=SeriesKind.COLUMN).order_by("-pk")
        return list(rows.values_list("title", flat=True)[:MOST_COMPARED])

    def spelled_series(self, titles: Iterable[str]) -> Mapping[str, Sequence[tuple[int, str]]]:
        """Return the series, as (id, kind), that each spelling leads to."""
        ids = names.find_spelled(Series, titles)
        wanted = {pk for found in ids.values() for pk in found}
        kinds = dict(Series.objects.filter(pk__in=wanted).values_list("id", "kind"))
        return {title: [(pk, kinds[pk]) for pk in found] for title, found in ids.items()}

    def taken_parts(self, series_ids: Iterable[int]) -> Mapping[tuple[int, int], int]:
        """Return the article at each (series, part number)."""
        rows = Part.objects.filter(series__in=list(series_ids), part_number__isnull=False)
        return {
            (series, number): article
            for series, number, article in rows.values_list(
                "series_id", "part_number", "article_id"
            )
            if number is not None
        }

    def keyed_articles(self, stated: Mapping[str, Values]) -> Mapping[str, int | None]:
        """Return the article of each permanent key, None for one that was deleted.

        A key that leads to what was never public is absent, unless date, heads and byline stand
        beside it: a key alone opens no draft.
        """
        found: dict[str, int | None] = {}
        for chunk in batches(sorted(stated)):
            rows = Article.objects.filter(public_key__key__in=chunk)
            for row in rows.values(
                "id", "first_public_at", "merged_into", "public_key__key", *_HEADS
            ):
                key = row["public_key__key"]
                is_same = identity.natural_key(stated[key]) == identity.natural_key(_dated(row))
                if is_same or row["first_public_at"] is not None:
                    found[key] = row["merged_into"] or row["id"]
            unheld = PublicKey.objects.filter(key__in=chunk, article=None)
            deleted = set(unheld.values_list("key", flat=True))
            # What an undo removed may come again; what an editor deleted stays deleted.
            found |= dict.fromkeys(deleted - undone.keys_given_up(deleted) if deleted else ())
        survivors = _survivors({pk for pk in found.values() if pk is not None})
        return {key: None if pk is None else survivors[pk] for key, pk in found.items()}

    def held_paths(self, paths: Collection[str]) -> Mapping[str, int]:
        """Return what stands at those of *paths* that are in use: an article's id, 0 for others."""
        return old_addresses.holders(paths)

    def leading_paths(self, paths: Collection[str]) -> set[str]:
        """Return those of *paths* that lead to an article."""
        return set(old_addresses.present_addresses(paths))

    def slug_holders(self, places: Iterable[arriving.Place]) -> Mapping[arriving.Place, int]:
        """Return the articles that have the slug of a day, or to which its address leads."""
        return old_addresses.holders_of((day, slug) for day, slug in places if day)

    def merged_keys(self, keys: Iterable[str]) -> Mapping[str, int]:
        """Return those of *keys* that are of merged articles, with the id of the copy."""
        found: dict[str, int] = {}
        for chunk in batches(sorted(keys)):
            rows = Article.objects.merged().filter(public_key__key__in=chunk)
            found |= dict(rows.values_list("public_key__key", "pk"))
        return found

    def alike_articles(self, all_values: Iterable[Values]) -> Sequence[Alike]:
        """Return articles whose heads, or whose headline, and date may be those of an entry."""
        if not Article.objects.exists():
            return []
        # Hashes, since there may be a million: one that is equal by chance is told apart later.
        heads, headlines, days = array("q"), array("q"), set[str]()
        for values in all_values:
            heads.append(hash(identity.heads(values)))
            headlines.append(hash(fold(values.get("headline") or "")))
            days.add(str(values.get("published_on") or ""))
        heads, headlines = array("q", sorted(heads)), array("q", sorted(headlines))
        found: dict[int, Values] = {}
        for condition in _same_time(days):
            rows = Article.objects.filter(condition).order_by("id")
            for row in rows.values("id", "merged_into", "public_key__key", *_HEADS).iterator():
                values = _dated(row)
                if _stands_in(heads, hash(identity.heads(values))) or _stands_in(
                    headlines, hash(fold(values["headline"]))
                ):
                    found[values["id"]] = values
        brought: set[int | None] = set()
        for chunk in batches(sorted(found)):
            # What an undone run did not create is as if it had never brought it.
            stands = Q(run__undone=None) | Q(change=CREATE)
            entries = SourceEntry.objects.filter(stands, article__in=chunk)
            brought |= set(entries.values_list("article_id", flat=True))
        brought |= undone.withdrawn_by_undo(found)
        survivors = _survivors({row["merged_into"] or pk for pk, row in found.items()})
        return [
            Alike(
                id=survivors[row["merged_into"] or pk],
                key=row["public_key__key"],
                values=row,
                is_typed=pk not in brought and not row["merged_into"],
            )
            for pk, row in sorted(found.items())
        ]


class _Values:
    """The values of some articles, in the terms of the JSON report, read once one is asked for."""

    def __init__(self, ids: Sequence[int]) -> None:
        self._ids = ids
        self._found: dict[int, Values] | None = None

    def of(self, pk: int) -> Values:
        """Return the values of the article *pk*."""
        if self._found is None:
            self._found = dict(self._read())
        return self._found[pk]

    def _read(self) -> Iterator[tuple[int, Values]]:
        lists = lists_of(self._ids)
        kinds = dict(Series.objects.filter(parts__article__in=self._ids).values_list("id", "kind"))
        for article in Article.objects.filter(pk__in=self._ids):
            values = columns_of(article)
            values["authors"] = [
                {"name": item["name"], "role": item["role"], "author": item["author"]}
                for item in lists[article.pk]["credits"]
            ]
            values["tags"] = [item["name"] for item in lists[article.pk]["tags"]]
            values["series"] = [
                {
                    "title": item["title"],
                    "kind": kinds[item["series"]],
                    "part_number": item["part_number"],
                    "series": item["series"],
                }
                for item in lists[article.pk]["parts"]
            ]
            yield article.pk, values


def _dated(row: Mapping[str, Any]) -> Values:
    """Return a row of `_HEADS` with its date in the terms of the JSON report."""
    return {**row, "published_on": partial_text(row["published_on"], row["date_precision"])}


def _survivors(ids: set[int]) -> dict[int, int]:
    """Return what each article was merged into in the end: itself, if it was not."""
    found = {pk: pk for pk in ids}
    asked = ids
    while asked:
        rows: dict[int, int] = {}
        for chunk in batches(sorted(asked)):
            copies = Article.objects.filter(pk__in=chunk, merged_into__isnull=False)
            rows |= {pk: last for pk, last in copies.values_list("id", "merged_into_id") if last}
        found = {pk: rows.get(last, last) for pk, last in found.items()}
        asked = set(rows.values()) - asked
    return found


def _stands_in(numbers: "array[int]", number: int) -> bool:
    """Whether *number* is one of *numbers*, which are sorted."""
    place = bisect_left(numbers, number)
    return place < len(numbers) and numbers[place] == number


def _same_time(dates: Iterable[str]) -> Iterator[Q]:
    """Yield conditions that admit what is dated on one of *dates*, or less or more exactly."""
    days: set[datetime.date] = set()
    less: set[datetime.date] = set()
    more: set[tuple[datetime.date, datetime.date]] = set()
    for text in dates:
        try:
            first, precision = parse_partial(text)
        except ValueError:
            continue
        days.add(first)
        less |= {first.replace(day=1), first.replace(month=1, day=1)}
        if precision != DatePrecision.DAY:
            month = 12 if precision == DatePrecision.YEAR else first.month
            last = first.replace(month=month, day=calendar.monthrange(first.year, month)[1])
            more.add((first, last))
    for chunk in batches(sorted(days)):
        yield Q(published_on__in=chunk)
    rough = [DatePrecision.MONTH, DatePrecision.YEAR]
    for chunk in batches(sorted(less - days)):
        yield Q(published_on__in=chunk, date_precision__in=rough)
    for first, last in sorted(more):
        yield Q(published_on__gt=first, published_on__lte=last)
