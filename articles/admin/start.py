"""What the start page shows beside the review queue: what is under way, and who did what."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.auth.models import User
from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from articles.admin import rights, selecting, shown
from articles.choices import OperationKind
from articles.models import Article, BulkWork, FieldChange, ImportRun, Operation, SavedView

#: So many rows of each kind.
LATEST = 8
#: So many saved views are counted and shown: each count is a query.
MOST_VIEWS = 20


@dataclass(frozen=True, slots=True)
class View:
    """A way into the list of articles, with how many it holds (None: it holds no more what it
    did)."""

    title: str
    url: str
    count: int | None
    pk: int | None = None
    owner: str = ""
    is_own: bool = False
    is_shared: bool = False

    @property
    def count_text(self) -> str:
        """The count, or that there are more than are counted."""
        if self.count is None:
            return "–"
        return f"{selecting.COUNTED}+" if self.count > selecting.COUNTED else str(self.count)


@dataclass(frozen=True, slots=True)
class Act:
    """One act of the ledger, with the article that it changed first."""

    at: datetime.datetime
    who: str
    kind: str
    title: str
    url: str
    act_url: str
    reason: str


@dataclass(frozen=True, slots=True)
class Start:
    """The start page's part about articles."""

    standing: Sequence[View]
    saved: Sequence[View]
    acts: Sequence[Act]
    own: Sequence[Article]
    runs: Sequence[ImportRun]
    works: Sequence[BulkWork]
    sees_all: bool


def build(user: User) -> Start | None:
    """Return what *user* sees; None if articles are not theirs to see.

    The number of queries depends on their rights, and on how many views they have saved.
    """
    if not rights.may_view(user):
        return None
    sees_all = rights.sees_all(user)
    runs: Sequence[ImportRun] = ()
    if user.has_perm("articles.view_importrun"):
        rows = ImportRun.objects.select_related("actor").defer("report", "options")
        runs = list(rows.order_by("-id")[:LATEST])
    return Start(
        standing=_standing(user),
        saved=_saved(user),
        acts=_acts() if user.has_perm("articles.view_operation") and sees_all else (),
        own=() if sees_all else _own(user),
        runs=runs,
        works=_works(user) if rights.may_change_many(user) else (),
        sees_all=sees_all,
    )


def _list_url(query: str) -> str:
    return f"{reverse('admin:articles_article_changelist')}?{query}"


def _standing(user: User) -> list[View]:
    titles = (
        (_("Drafts"), "status=draft"),
        *([(_("In review"), "status=in_review")] if rights.has_review(user) else []),
        (_("Scheduled"), "status=scheduled"),
        (_("Without a date"), "precision=none"),
    )
    return [
        View(title, _list_url(query), selecting.count_of(selecting.articles_of(query, user)))
        for title, query in titles
    ]


def views_of(user: User) -> Any:
    """Return the saved views that *user* may use: their own, and what is shared with them."""
    condition = Q(owner=user.pk)
    if rights.sees_all(user):
        condition |= Q(is_shared=True)
    return SavedView.objects.filter(condition)


def _saved(user: User) -> list[View]:
    views = []
    for view in views_of(user).select_related("owner")[:MOST_VIEWS]:
        try:
            count = selecting.count_of(selecting.articles_of(view.query, user))
        except IncorrectLookupParameters:
            count = None
        views.append(
            View(
                title=view.name,
                url=_list_url(view.query),
                count=count,
                pk=view.pk,
                owner=shown.actor_name(view.owner),
                is_own=view.owner_id == user.pk,
                is_shared=view.is_shared,
            )
        )
    return views


def _acts() -> list[Act]:
    """Return the latest acts, but for imports, which stand by themselves: with the article that
    each changed first or, if none, what kind of thing."""
    changes = FieldChange.objects.filter(operation=OuterRef("pk")).order_by("id")
    article = changes.filter(subject_type="article").values("subject_id")[:1]
    rows = list(
        Operation.objects.exclude(kind=OperationKind.IMPORT)
        .annotate(
            article_id=Subquery(article), subject=Subquery(changes.values("subject_type")[:1])
        )
        .select_related("actor")
        .order_by("-id")[:LATEST]
    )
    wanted = {row.article_id for row in rows if row.article_id}
    names = dict(Article.objects.filter(pk__in=wanted).values_list("pk", "headline"))
    return [
        Act(
            at=row.at,
            who=shown.who(row),
            kind=row.get_kind_display(),
            title=names.get(row.article_id) or _kind(row.subject),
            url=reverse("admin:articles_article_history", args=[row.article_id])
            if row.article_id in names
            else "",
            act_url=reverse("admin:articles_operation_change", args=[row.pk]),
            reason=row.reason,
        )
        for row in rows
    ]


def _works(user: User) -> list[BulkWork]:
    """Return the bulk changes of *user* that are not done yet."""
    rows = BulkWork.objects.filter(actor=user.pk, finished=None).defer("wanted", "left")
    return list(rows.select_related("operation")[:LATEST])


def _kind(subject: str | None) -> str:
    model = shown.MODELS.get(subject or "")
    return "" if model is None else str(capfirst(model._meta.verbose_name))


def _own(user: User) -> list[Article]:
    rows = Article.objects.filter(owner=user.pk).only("pk", "headline", "status", "updated")
    return list(rows.order_by("-updated")[:LATEST])
