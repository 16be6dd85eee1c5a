"""The review queue: how much waits, of what kind, and since when."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.db.models import Count, Max, Min, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.admin import rights
from articles.admin.filters import as_id
from articles.choices import FindingState
from articles.models import Article, Finding
from articles.review.sentences import explanation_of, title_of
from articles.review.together import MOST_APART, OF_LISTINGS

#: What an editor must decide, before what may be looked at.
DECISIONS = ("conflict", "entry-ambiguous", "author-ambiguous", "rejected")
#: Entries that are not imported before somebody chooses.
WAITING = ("entry-ambiguous", "author-ambiguous")
#: Headlines that readers should not see.
SLUG = "internal-slug"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of doubt in the queue."""

    code: str
    title: str
    explanation: str
    #: How many doubts: what is one doubt of one listing counts once.
    count: int
    oldest: datetime.datetime
    url: str
    #: The findings that such doubts have.
    together: int = 0

    @property
    def is_decision(self) -> bool:
        """Whether something waits until it is settled."""
        return self.code in DECISIONS


@dataclass(frozen=True, slots=True)
class Queue:
    """What the start page shows."""

    kinds: Sequence[Kind]
    total: int
    conflicts: int
    entries: int
    oldest: datetime.datetime | None
    url: str


@dataclass(frozen=True, slots=True)
class Joined:
    """A doubt of one listing that many findings have: the newest of them stands for all."""

    finding: int
    count: int


def visible(rows: QuerySet[Finding], user: User) -> QuerySet[Finding]:
    """Return the findings that *user* may see."""
    if rights.sees_all(user):
        return rows
    seen = rights.visible(Article.objects.all(), user)
    return rows.filter(article__in=seen.order_by().values("pk"))


def _doubts(rows: QuerySet[Finding]) -> QuerySet[Any, Any]:
    """Return how many open findings of *rows* each doubt has, from the index alone."""
    found = rows.filter(state=FindingState.OPEN).order_by().values("code", "together")
    return found.annotate(n=Count("*"), first=Min("id"), last=Max("id"))


def is_of_chosen(request: HttpRequest) -> bool:
    """Return whether an act on ticked rows is asked for."""
    return request.method == "POST" and request.POST.get("select_across") != "1"


def is_joined(request: HttpRequest) -> bool:
    """Return whether the list shows what is one doubt of one listing as one row: not where some of
    it is searched for, or one article is looked at."""
    return not is_of_chosen(request) and not {"q", "article", "together"} & request.GET.keys()


def joined(request: HttpRequest) -> dict[str, Joined]:
    """Return the doubts that are one row of the queue each, for who asks. One query a request."""
    kept: dict[str, Joined] | None = vars(request).get("joined")
    if kept is None:
        run = request.GET.get("run")
        rows = _doubts(visible(Finding.objects.exclude(together=""), rights.user_of(request)))
        if run:
            # Of the findings of one run, one of them stands for all.
            rows = rows.annotate(last=Max("id", filter=Q(import_run=as_id(run))))
        rows = rows.filter(n__gt=MOST_APART)
        kept = {row["together"]: Joined(row["last"] or 0, row["n"]) for row in rows}
        vars(request)["joined"] = kept
    return kept


def one_of_each(request: HttpRequest) -> Q:
    """Return the condition that leaves one finding of each doubt that is one row of the queue."""
    found = joined(request)
    shown = [one.finding for one in found.values()]
    return ~Q(together__in=list(found)) | Q(pk__in=shown) if found else Q()


def of_one_doubt(request: HttpRequest, key: str) -> QuerySet[Finding]:
    """Return the open findings of one doubt, as far as who asks may see them."""
    rows = visible(Finding.objects.all(), rights.user_of(request))
    # The code is what the index has before the doubt.
    codes = rows.filter(together=key, code__in=OF_LISTINGS)
    return codes.filter(state=FindingState.OPEN) if key else rows.none()


def summary(user: User) -> Queue | None:
    """Return what waits for *user*; None if findings are not theirs to see. Two queries."""
    if not (user.has_perm("articles.view_finding") or user.has_perm("articles.change_finding")):
        return None
    url = reverse("admin:articles_finding_changelist")
    count: dict[str, int] = {}
    together: dict[str, int] = {}
    first: dict[str, int] = {}
    for row in _doubts(visible(Finding.objects.all(), user)):
        code, is_one = row["code"], bool(row["together"]) and row["n"] > MOST_APART
        count[code] = count.get(code, 0) + (1 if is_one else row["n"])
        together[code] = together.get(code, 0) + (row["n"] if is_one else 0)
        first[code] = min(first.get(code, row["first"]), row["first"])
    when = dict(Finding.objects.filter(pk__in=first.values()).values_list("pk", "created"))
    kinds = [
        Kind(
            code=code,
            title=title_of(code),
            explanation=explanation_of(code),
            count=count[code],
            oldest=when[pk],
            url=f"{url}?code={code}",
            together=together[code],
        )
        for code, pk in first.items()
        if pk in when
    ]
    kinds.sort(key=lambda kind: (not kind.is_decision, -kind.count, kind.title))
    return Queue(
        kinds=kinds,
        total=sum(kind.count for kind in kinds),
        conflicts=count.get("conflict", 0),
        entries=sum(count.get(code, 0) for code in WAITING),
        oldest=min((kind.oldest for kind in kinds), default=None),
        url=url,
    )


def warn_of_working_titles(request: HttpRequest, articles: Iterable[Article]) -> None:
    """Warn an editor who publishes what has a working title for a headline."""
    ids = [article.pk for article in articles]
    rows = Article.objects.published().filter(pk__in=ids)
    rows = rows.filter(findings__code=SLUG, findings__state=FindingState.OPEN).distinct()
    names: list[Any] = list(rows.order_by("pk").values_list("headline", flat=True)[:4])
    if names:
        shown = "; ".join(f"“{name}”" for name in names[:3]) + (" …" if len(names) > 3 else "")
        text = ngettext(
            "Readers see a headline that looks like a working title: %s",
            "Readers see headlines that look like working titles: %s",
            len(names),
        )
        messages.warning(request, text % shown + " " + _("The finding stays open."))
