"""The archive as a plan sees it: the only reader of the database in an import."""

import datetime
from collections.abc import Iterable, Mapping, Sequence

from articles.choices import FindingState
from articles.folding import casefold_key
from articles.importing import identity
from articles.importing.records import (
    AMBIGUOUS_ENTRY,
    ArticleState,
    KnownEntry,
    Values,
)
from articles.models import (
    Article,
    Finding,
    ImportRun,
    Part,
    Series,
    SourceEntry,
    SourceListing,
    Tag,
)
from articles.partial_dates import parse_partial, partial_text
from articles.writing import names
from articles.writing.index import batches
from articles.writing.state import columns_of, lists_of
from authors.models import Author


class Snapshot:
    """Answers a plan's questions; see `articles.importing.plan.Reader`. Writes nothing."""

    def known_entries(self, source_key: str) -> Mapping[str, KnownEntry]:
        """Return the entries of a source by fingerprint; of several versions the newest.

        Each carries the values that its article was given last, whichever version that was.
        """
        latest = (
            SourceListing.objects.filter(source__key=source_key, runs__isnull=False)
            .order_by("-runs__id")
            .values_list("id", flat=True)
            .first()
        )
        # By run: an older file imported again is what the source said last.
        rows = SourceEntry.objects.filter(listing__source__key=source_key).order_by("run_id", "id")
        found: dict[str, tuple[int, int, int | None, str]] = {}
        newest: dict[int, int] = {}
        current: dict[str, int] = {}
        for pk, root, article, change, print_, listing, ordinal in rows.values_list(
            "id", "unchanged_from_id", "article_id", "change", "fingerprint", "listing_id",
            "ordinal",
        ).iterator():  # fmt: skip
            found[print_] = (pk, root or pk, article, change)
            if listing == latest:
                current[print_] = ordinal
            if article is not None:
                newest[article] = root or pk
        values = _values_of({root for _, root, *_ in found.values()} | set(newest.values()))
        waiting = self._waiting(source_key)
        return {
            print_: KnownEntry(
                id=pk,
                root_id=root,
                article=article,
                change=change,
                fingerprint=print_,
                values=values[newest.get(article, root) if article is not None else root],
                in_latest=print_ in current,
                ordinal=current.get(print_, 0),
                waits=print_ in waiting,
            )
            for print_, (pk, root, article, change) in found.items()
        }

    @staticmethod
    def _waiting(source_key: str) -> set[str]:
        """Return the fingerprints of entries whose ambiguity no editor has settled."""
        rows = Finding.objects.filter(
            source_entry__listing__source__key=source_key,
            code=AMBIGUOUS_ENTRY,
            state=FindingState.OPEN,
        )
        return set(rows.values_list("source_entry__fingerprint", flat=True))

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
        runs = ImportRun.objects.filter(source__key=source_key).values_list("options", flat=True)
        return {casefold_key(tag) for options in runs for tag in (options or {}).get("tags", [])}

    def tag_names(self, spellings: Iterable[str]) -> Mapping[str, str]:
        """Return the present name of the tag that each spelling leads to, if it leads to one."""
        ids = names.find_spelled(Tag, spellings)
        rows = dict(
            Tag.objects.filter(pk__in={pk for found in ids.values() for pk in found}).values_list(
                "pk", "name"
            )
        )
        return {spelling: rows[found[0]] for spelling, found in ids.items() if len(found) == 1}

    def states(self, article_ids: Iterable[int]) -> Mapping[int, ArticleState]:
        """Return articles with values in the terms of the JSON report."""
        found: dict[int, ArticleState] = {}
        for chunk in batches(sorted(article_ids)):
            lists = lists_of(chunk)
            kinds = dict(Series.objects.filter(parts__article__in=chunk).values_list("id", "kind"))
            for article in Article.objects.filter(pk__in=chunk).select_related("public_key"):
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
                key = getattr(article, "public_key", None)
                found[article.pk] = ArticleState(
                    id=article.pk,
                    key=key.key if key else None,
                    version=article.version,
                    status=article.status,
                    values=values,
                )
        return found

    def spelled_authors(self, spellings: Iterable[str]) -> Mapping[str, Sequence[int]]:
        """Return the authors that each spelling leads to."""
        return names.find_spelled(Author, spellings)

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

    def same_articles(self, all_values: Sequence[Values]) -> Mapping[str, Sequence[int]]:
        """Return articles with equal date, heads and byline, by natural key."""
        wanted = {identity.natural_key(values) for values in all_values}
        dates = sorted({_first_day(values) for values in all_values} - {None})  # type: ignore[type-var]
        found: dict[str, list[int]] = {}
        for chunk in batches(dates):
            rows = Article.objects.filter(published_on__in=chunk).values(
                "id", "kicker", "headline", "subtitle", "part_label", "byline", "published_on",
                "date_precision",
            )  # fmt: skip
            for row in rows.order_by("id"):
                key = identity.natural_key(
                    {
                        **row,
                        "published_on": partial_text(row["published_on"], row["date_precision"]),
                    }
                )
                if key in wanted:
                    found.setdefault(key, []).append(row["id"])
        return found


def _first_day(values: Values) -> datetime.date | None:
    try:
        return parse_partial(values.get("published_on") or "")[0]
    except ValueError:
        return None


def _values_of(entry_ids: Iterable[int]) -> dict[int, Values]:
    found: dict[int, Values] = {}
    for chunk in batches(sorted(entry_ids)):
        rows = SourceEntry.objects.filter(pk__in=chunk).values_list("id", "values")
        found |= {pk: values or {} for pk, values in rows}
    return found
