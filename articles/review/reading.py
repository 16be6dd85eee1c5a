"""Articles as the checks see them, read from the database in a few queries for any number."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from django.db.models import Count, F, Q

from articles.choices import OperationKind
from articles.models import Article, Contribution, FieldChange, Finding, Part, SourceEntry
from articles.partial_dates import partial_text
from articles.querysets import ArticleQuerySet
from articles.review.facts import Credit, Facts, Head, Place
from articles.review.registry import check_codes

#: Share of a source's articles with a standfirst above which one without is a doubt, and the least
#: number of articles that show a habit.
HABIT, ENOUGH = 0.6, 5
#: Proposals of an import that say what a check of a single article says too.
PROPOSALS = ("parts-in-standfirsts", "series-in-standfirsts", "part-alone")
#: Values in one IN list, and the last day there is.
_BATCH = 500
_LAST = datetime.date.max.toordinal()

_COLUMNS = (
    "id", "headline", "kicker", "subtitle", "part_label", "standfirst", "byline", "published_on",
    "date_precision", "language",
)  # fmt: skip


def facts_of(article_ids: Iterable[int], habits: Collection[int] | None = None) -> list[Facts]:
    """Return the facts of these articles, by id, with everything that a check may ask.

    *habits* are the sources whose articles have standfirsts, as `sources_with_standfirsts` has
    them. Without it only an article whose standfirst is missed already is asked for one: what an
    editor saves raises no such doubt, it may end one.
    """
    found: list[Facts] = []
    ids = sorted(set(article_ids))
    for start in range(0, len(ids), _BATCH):
        facts = _read(Article.objects.filter(pk__in=ids[start : start + _BATCH]))
        by_id = {one.id: one for one in facts}
        add_credits(by_id)
        add_places(by_id)
        _add_origins(by_id, habits)
        for pk in _proposed() & by_id.keys():
            by_id[pk].is_proposed = True
        found += facts
    return found


def heads_near(days: Iterable[int], reach: int) -> list[Head]:
    """Return the headlines of the articles dated at most *reach* days from one of *days*.

    Withdrawn ones are left out: a tombstone is nobody's double.
    """
    asked = set(days) - {0}
    wanted = {day + step for day in asked for step in range(-reach, reach + 1)}
    dates = [datetime.date.fromordinal(day) for day in sorted(wanted) if 0 < day <= _LAST]
    found: list[Head] = []
    for start in range(0, len(dates), _BATCH):
        rows = Article.objects.present().filter(published_on__in=dates[start : start + _BATCH])
        found += [
            Head(pk, headline, date.toordinal())
            for pk, headline, date in rows.order_by().values_list("id", "headline", "published_on")
            if date is not None
        ]
    return found


def bare_facts(article_ids: Iterable[int]) -> list[Facts]:
    """Return the columns and places of articles, for comparing two."""
    found: list[Facts] = []
    ids = sorted(article_ids)
    for start in range(0, len(ids), _BATCH):
        facts = _read(Article.objects.filter(pk__in=ids[start : start + _BATCH]))
        by_id = {one.id: one for one in facts}
        parts = Part.objects.filter(article__in=by_id)
        for article, series, number in parts.values_list("article_id", "series_id", "part_number"):
            by_id[article].places += (Place(series, "", "", number),)
        found += facts
    return found


def lines_of(entry_ids: Iterable[int]) -> dict[int | None, list[int]]:
    """Return the first and the last line of source entries."""
    found: dict[int | None, list[int]] = {}
    ids = sorted(entry_ids)
    for start in range(0, len(ids), _BATCH):
        rows = SourceEntry.objects.filter(pk__in=ids[start : start + _BATCH])
        for pk, first, last in rows.values_list("pk", "first_line", "last_line"):
            found[pk] = [first, last]
    return found


def _read(articles: ArticleQuerySet) -> list[Facts]:
    return [_facts(*row) for row in articles.order_by("id").values_list(*_COLUMNS)]


def _facts(
    pk: int,
    headline: str,
    kicker: str,
    subtitle: str,
    label: str,
    standfirst: str,
    byline: str,
    date: datetime.date | None,
    precision: str,
    language: str,
) -> Facts:
    return Facts(
        id=pk,
        headline=headline,
        kicker=kicker,
        subtitle=subtitle,
        part_label=label,
        standfirst=standfirst,
        byline=byline,
        published_on=partial_text(date, precision) or "",
        day=date.toordinal() if date else 0,
        language=language,
    )


def add_credits(by_id: dict[int, Facts]) -> None:
    """Add the credited names. One query."""
    rows = Contribution.objects.filter(article__in=by_id).order_by("article_id", "position", "id")
    for article, name, kind in rows.values_list("article_id", "author__name", "author__kind"):
        by_id[article].credits += (Credit(name, kind),)


def add_places(by_id: dict[int, Facts]) -> None:
    """Add the places in series, and whether the part before each is there. Two queries."""
    rows = list(
        Part.objects.filter(article__in=by_id)
        .order_by("article_id", "series_id")
        .values_list("article_id", "series_id", "series__title", "series__kind", "part_number")
    )
    serials = {series for _, series, _, kind, _ in rows if kind == "serial"}
    numbers: dict[int, set[int | None]] = defaultdict(set)
    if serials:
        taken = Part.objects.filter(series__in=serials, part_number__isnull=False)
        for series, number in taken.values_list("series_id", "part_number"):
            numbers[series].add(number)
    for article, series, title, kind, number in rows:
        has_before = not number or number < 2 or number - 1 in numbers[series]
        by_id[article].places += (Place(series, title, kind, number, has_before),)


def _add_origins(by_id: dict[int, Facts], habits: Collection[int] | None) -> None:
    """Add what the listing of an article says about it: its habits, and how surely it was read."""
    rows = SourceEntry.objects.filter(article__in=by_id).order_by("id")
    confidence: dict[int, float] = {}
    for article, source, value in rows.values_list(
        "article_id", "listing__source_id", "confidence"
    ):
        if article is not None:
            confidence[article] = value
            if habits is not None and source in habits:
                by_id[article].wants_standfirst = True
    if habits is None:
        missed = Finding.objects.filter(article__in=by_id, code="missing-standfirst")
        for pk in missed.values_list("article_id", flat=True):
            if pk is not None:
                by_id[pk].wants_standfirst = True
    unsure = [pk for pk, value in confidence.items() if value < 1]
    settled = _edited(unsure) | _doubted(unsure) if unsure else set()
    for pk in unsure:
        if pk not in settled:
            by_id[pk].confidence = confidence[pk]


def _proposed() -> set[int]:
    """Return the articles of series that imports proposed because standfirsts speak of them.

    Whatever became of the proposal: one that was called no problem is not asked again in parts.
    """
    rows = Finding.objects.filter(code__in=PROPOSALS)
    return {
        pk
        for suggestion in rows.values_list("suggestion", flat=True)
        if isinstance(suggestion, dict) and isinstance(body := suggestion.get("series"), dict)
        for place in body.get("places") or ()
        if isinstance(place, dict) and isinstance(pk := place.get("article"), int)
    }


def sources_with_standfirsts() -> set[int]:
    """Return those sources most of whose articles have a standfirst."""
    counted = (
        Article.objects.filter(source_entries__isnull=False)
        .order_by()
        .values(source=F("source_entries__listing__source"))
        .annotate(
            n=Count("id", distinct=True),
            full=Count("id", filter=~Q(standfirst=""), distinct=True),
        )
    )
    return {
        row["source"] for row in counted if row["n"] >= ENOUGH and row["full"] >= HABIT * row["n"]
    }


def _edited(ids: Sequence[int]) -> set[int]:
    """Return those that somebody changed by hand."""
    changes = FieldChange.objects.filter(subject_type="article", subject_id__in=ids)
    edits = changes.exclude(operation__kind=OperationKind.IMPORT)
    return set(edits.values_list("subject_id", flat=True))


def _doubted(ids: Sequence[int]) -> set[int]:
    """Return those with a finding about a reading of their lines: it says more than a number."""
    rows = Finding.objects.filter(article__in=ids, source_entry__isnull=False)
    rows = rows.exclude(code__in=check_codes())
    return {pk for pk in rows.values_list("article_id", flat=True) if pk}
