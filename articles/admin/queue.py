"""The review queue: how much waits, of what kind, and since when."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.db.models import Count, Min, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.admin import rights
from articles.choices import FindingState
from articles.models import Article, Finding
from articles.review.sentences import explanation_of, title_of

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
    count: int
    oldest: datetime.datetime
    url: str

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


def visible(rows: QuerySet[Finding], user: User) -> QuerySet[Finding]:
    """Return the findings that *user* may see."""
    if rights.sees_all(user):
        return rows
    seen = rights.visible(Article.objects.all(), user)
    return rows.filter(article__in=seen.order_by().values("pk"))


def summary(user: User) -> Queue | None:
    """Return what waits for *user*; None if findings are not theirs to see. One query."""
    if not (user.has_perm("articles.view_finding") or user.has_perm("articles.change_finding")):
        return None
    url = reverse("admin:articles_finding_changelist")
    rows = visible(Finding.objects.filter(state=FindingState.OPEN), user).order_by()
    kinds = [
        Kind(
            code=row["code"],
            title=title_of(row["code"]),
            explanation=explanation_of(row["code"]),
            count=row["n"],
            oldest=row["oldest"],
            url=f"{url}?code={row['code']}",
        )
        for row in rows.values("code").annotate(n=Count("id"), oldest=Min("created"))
    ]
    kinds.sort(key=lambda kind: (not kind.is_decision, -kind.count, kind.title))
    counts = {kind.code: kind.count for kind in kinds}
    return Queue(
        kinds=kinds,
        total=sum(counts.values()),
        conflicts=counts.get("conflict", 0),
        entries=sum(counts.get(code, 0) for code in WAITING),
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
