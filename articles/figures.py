"""Figures about the archive: how much there is, what is lacking, who works on it, and what is
looked for in vain. Nothing in them follows a reader.

Each is read from an index or from totals that the writers keep, so that a million articles take no
longer than an editor waits.
"""

import datetime
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, Sum
from django.utils.translation import gettext as _

from articles import clock
from articles.active import language_name
from articles.choices import OperationKind, Status
from articles.gaps import GAPS, lacking
from articles.models import Article, FacetTotal, FailedSearch, ImportRun, Operation
from articles.models.article import SORT_KEY_STEP

#: Months that are looked back over, and searches that are shown.
MONTHS, SEARCHES = 12, 100
_UNDATED = 0


@dataclass(frozen=True, slots=True)
class Table:
    """One set of figures: the heads of its columns, and rows of a label and numbers.

    ``links`` has the query of the list of articles that a row counts, by its place.
    """

    name: str
    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Any]]
    note: str = ""
    links: dict[int, str] = field(default_factory=dict)

    @property
    def linked(self) -> list[tuple[str, str, Sequence[Any]]]:
        """The rows as a page shows them: label, query or "", numbers."""
        return [
            (str(row[0]), self.links.get(place, ""), row[1:]) for place, row in enumerate(self.rows)
        ]


def _by_status_and_year() -> dict[int, Counter[str]]:
    """Return how many articles of each year stand where; 0 is for those without a date. One query,
    over an index: its keys hold the day."""
    day = F("sort_key") / SORT_KEY_STEP
    rows = Article.objects.order_by().values_list("status", day).annotate(n=Count("*"))
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for status, ordinal, count in rows:
        year = _UNDATED if ordinal is None else datetime.date.fromordinal(ordinal).year
        found[year][status] += count
    return found


def standing(*, with_review: bool = True) -> tuple[Table, Table]:
    """Return the tables of statuses and of years; without *with_review* nothing speaks of it."""
    found = _by_status_and_year()
    shown = [one for one in Status if with_review or one != Status.IN_REVIEW]
    totals: Counter[str] = sum(found.values(), Counter())
    statuses = Table(
        "statuses",
        _("By status"),
        [_("Status"), _("Articles")],
        [
            *((one.label, totals[one]) for one in shown),
            (_("in all"), sum(totals.values())),
        ],
        links={place: f"status={one.value}" for place, one in enumerate(shown)},
    )
    ordered = sorted(found, reverse=True)
    years = Table(
        "years",
        _("By year"),
        [_("Year"), *(str(one.label) for one in shown)],
        [(year or _("without a date"), *(found[year][one] for one in shown)) for year in ordered],
        links={
            place: f"published_on__year={year}" if year else "precision=none"
            for place, year in enumerate(ordered)
        },
    )
    return statuses, years


def languages() -> Table:
    """Return how many public articles are in which language."""
    rows = FacetTotal.objects.filter(term__startswith="l", count__gt=0).order_by("-count", "term")
    return Table(
        "languages",
        _("By language"),
        [_("Language"), _("Public articles")],
        [(language_name(term[1:]), count) for term, count in rows.values_list("term", "count")],
    )


def sources() -> Table:
    """Return how many articles came in by the imports of each source that stand."""
    created: Counter[str] = Counter()
    runs: Counter[str] = Counter()
    rows = ImportRun.objects.filter(undone=None).values_list("source__name", "totals")
    for name, totals in rows:
        created[name] += (totals or {}).get("create", 0)
        runs[name] += 1
    return Table(
        "sources",
        _("By source"),
        [_("Source"), _("Articles entered"), _("Imports")],
        [(name, count, runs[name]) for name, count in created.most_common()],
        note=_("As the imports entered them; what was entered by hand has no source."),
    )


def gaps() -> Table:
    """Return how many articles lack what."""
    labels = {
        "byline": _("no byline"), "standfirst": _("no standfirst"), "body": _("no text"),
    }  # fmt: skip
    return Table(
        "gaps",
        _("What is lacking"),
        [_("Lacking"), _("Articles")],
        [(labels[name], Article.objects.filter(lacking(name)).count()) for name in GAPS],
        links={place: f"lacking={name}" for place, name in enumerate(GAPS)},
    )


def months() -> list[datetime.date]:
    """Return the first days of the months that are looked back over, this one first."""
    month = clock.now().date().replace(day=1)
    found = []
    for _month in range(MONTHS):
        found.append(month)
        month = (month - datetime.timedelta(days=1)).replace(day=1)
    return found


def colleagues() -> Table:
    """Return the acts of each colleague in each month, imports apart."""
    wanted = months()
    found: dict[str, Counter[datetime.date]] = defaultdict(Counter)
    for month in wanted:
        start = datetime.datetime.combine(month, datetime.time(), datetime.UTC)
        end = datetime.datetime.combine(
            (month + datetime.timedelta(days=31)).replace(day=1), datetime.time(), datetime.UTC
        )
        rows = Operation.objects.filter(at__gte=start, at__lt=end, actor__isnull=False)
        rows = rows.exclude(kind=OperationKind.IMPORT).order_by()
        for name, count in rows.values_list("actor__username").annotate(n=Count("*")):
            found[name][month] += count
    return Table(
        "colleagues",
        _("Edits by colleague"),
        [_("Colleague"), *(f"{month:%Y-%m}" for month in wanted)],
        [(name, *(found[name][month] for month in wanted)) for name in sorted(found)],
        note=_("Saves, bulk changes, merges and restores, by the month."),
    )


def searches(limit: int | None = SEARCHES) -> Table:
    """Return what readers looked for in vain in these months, the most frequent first."""
    found = FailedSearch.objects.filter(month__gte=months()[-1]).order_by()
    rows = found.values_list("text").annotate(n=Sum("count")).order_by("-n", "text")
    return Table(
        "searches",
        _("Searched for in vain"),
        [_("Search"), _("Times")],
        [(text or _("others"), count) for text, count in (rows[:limit] if limit else rows)],
        note=_("Folded, and counted by the month. Nothing else is kept: not who asked, nor when."),
    )
