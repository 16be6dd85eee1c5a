"""One change to many articles: choose, look at it, carry it out, take it back."""

import hashlib
import json
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.admin import bulk_running, rights, selecting, shown, words
from articles.admin.bulk_form import BulkForm
from articles.admin.rights import user_of
from articles.admin.widgets import only_ids
from articles.cleaning import clean_line
from articles.models import Article, BulkWork, FieldChange, Operation
from articles.querysets import ArticleQuerySet
from articles.writing import bulk_acts, bulk_changes, index
from articles.writing.bulk_acts import Act
from articles.writing.state import LISTS, Values, columns_of, lists_of

if TYPE_CHECKING:
    from articles.admin.articles import ArticleAdmin

#: So many articles are shown with what changes.
SAMPLES = 20
#: Ids of ticked rows in an address.
MOST_IDS = 200


def may(request: HttpRequest) -> bool:
    """Return whether the one who asks may change many articles at once."""
    return rights.may_change_many(user_of(request))


def urls(admin_: "ArticleAdmin") -> list[URLPattern]:
    """Return the addresses of these pages."""
    wrap = admin_.admin_site.admin_view
    return [
        path("bulk/", wrap(partial(view, admin_)), name="articles_bulk"),
        path("bulk/<int:pk>/", wrap(partial(work_view, admin_)), name="articles_bulk_work"),
        path("bulk/<int:pk>/undo/", wrap(partial(undo_view, admin_)), name="articles_bulk_undo"),
    ]


@admin.action(description=gettext_lazy("Change in bulk …"), permissions=["bulk"])
def choose(modeladmin: Any, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse:
    """Lead to the page where the change to the chosen articles is put together."""
    return lead(request)


def lead(request: HttpRequest, **act: str) -> HttpResponse:
    """Lead from the list to the page of a change to the chosen articles, with *act* chosen."""
    query = selecting.canonical(request.GET.urlencode())
    if request.POST.get("select_across") != "1":
        ids = only_ids(request.POST.getlist(ACTION_CHECKBOX_NAME))[:MOST_IDS]
        query = urlencode({"ids": ",".join(ids)})
    asked = urlencode({"of": query, **act})
    return HttpResponseRedirect(f"{reverse('admin:articles_bulk')}?{asked}")


def is_long(request: HttpRequest, count: int) -> bool:
    """Return whether a change to so many articles is better done a part at a time."""
    return count > bulk_changes.PART and may(request)


def articles_of(request: HttpRequest) -> ArticleQuerySet:
    """Return the articles that the query string names, by id, as far as the one who asks sees them.
    Raises `Http404`."""
    query = request.GET.get("of", "")
    if query.startswith("ids="):
        ids = only_ids(query.removeprefix("ids=").replace("%2C", ",").split(",")[:MOST_IDS])
        found = rights.visible(Article.objects.order_by(), user_of(request)).filter(pk__in=ids)
    else:
        try:
            found = selecting.articles_of(selecting.canonical(query), user_of(request))
        except IncorrectLookupParameters:
            raise Http404 from None
    return found.order_by("pk")


@dataclass(slots=True)
class Preview:
    """What an act would do: to which articles, and to some of them word by word."""

    wanted: list[tuple[int, int]]
    samples: list[tuple[Article, list[tuple[str, SafeString]]]]
    total: int
    unchanged: int = 0
    forbidden: int = 0
    #: Where the rule of a split is not sure, and what has no date to be published with.
    unsure: int = 0
    undated: int = 0
    places: int = 0

    @property
    def digest(self) -> str:
        """What the person agrees to: which articles, in which versions."""
        return hashlib.sha256(json.dumps(self.wanted).encode()).hexdigest()


def preview_of(
    request: HttpRequest, articles: ArticleQuerySet, act: Act, named: dict[int, str]
) -> Preview:
    """Return what *act* would do to *articles*, which are at most `bulk_changes.MOST`."""
    user = user_of(request)
    ids = list(articles.values_list("pk", flat=True)[: bulk_changes.MOST])
    preview = Preview([], [], len(ids))
    reads_lists = bool(set(act.fields) & set(LISTS))
    for chunk in index.batches(ids):
        rows = Article.objects.filter(pk__in=chunk).order_by("pk")
        lists = lists_of(chunk) if reads_lists else {}
        for article in rows:
            now = columns_of(article) | lists.get(article.pk, {})
            values = bulk_acts.values_after(act, now)
            if not values:
                preview.unchanged += 1
                preview.unsure += act.do == "split" and ": " in article.headline
            elif not _may_get(user, article, values):
                preview.forbidden += 1
            elif act.do == "publish" and article.published_on is None:
                preview.undated += 1
            else:
                preview.wanted.append((article.pk, article.version))
                if act.do == "find":
                    preview.places += _count(act, values, now)
                if len(preview.samples) < SAMPLES:
                    preview.samples.append((article, _shown(values, now, named)))
    return preview


def _may_get(user: User, article: Article, values: Values) -> bool:
    may_give = all(rights.may_give(user, name) for name in values)
    if not rights.may_change(user, article) or not may_give:
        return False
    return "status" not in values or bulk_running.may_reach(user, article, values["status"])


def _count(act: Act, values: Values, now: Values) -> int:
    return sum(
        len(bulk_acts.pattern_of(act, in_markup=name == "body").findall(now[name]))
        for name in values
    )


def _shown(values: Values, now: Values, named: dict[int, str]) -> list[tuple[str, SafeString]]:
    lines = []
    for name, value in values.items():
        if name in LISTS:
            key = bulk_acts.LISTED[name]
            value = [
                {**item, "name": named.get(item[key], item.get("name", "")),
                 "title": named.get(item[key], item.get("title", ""))}
                for item in value
            ]  # fmt: skip
        names = None
        if name == "owner":
            change = FieldChange(subject_type="article", field=name, old=now[name], new=value)
            names = shown.Names([change], None)
        old, new = (shown.text("article", name, one, names) for one in (now[name], value))
        lines.append((shown.label("article", name), words.inline(old, new, 300)))
    return lines


def view(admin_: "ArticleAdmin", request: HttpRequest) -> HttpResponse:
    """Return the page on which a change is put together and looked at; with POST, begin it."""
    if not may(request):
        raise PermissionDenied
    articles = articles_of(request)
    total = articles[: bulk_changes.MOST + 1].count()
    is_asked = "do" in request.GET
    form = BulkForm(user_of(request), request.GET if is_asked else None)
    preview = None
    if is_asked and form.is_valid() and total <= bulk_changes.MOST:
        preview = preview_of(request, articles, form.act(), form.named())
    if request.method == "POST":
        earlier = _begun(request, form)
        if earlier is not None:
            return HttpResponseRedirect(reverse("admin:articles_bulk_work", args=[earlier.pk]))
        if preview is None or not preview.wanted:
            messages.error(request, _("There is nothing to be changed."))
        elif preview.digest != request.POST.get("digest"):
            messages.error(
                request, _("Nothing was changed: somebody saved one of the articles meanwhile. What"
                           " you see is new; look again.")
            )  # fmt: skip
        else:
            work = bulk_changes.begin_work(
                replace(form.act(), agreed=preview.digest),
                preview.wanted,
                actor=user_of(request),
                reason=clean_line(request.POST.get("reason", ""), 500),
            )
            bulk_running.start(work)
            return HttpResponseRedirect(reverse("admin:articles_bulk_work", args=[work.pk]))
    context = {
        **admin_.admin_site.each_context(request),
        "title": _("Change in bulk"),
        "opts": admin_.opts,
        "media": form.media,
        "form": form,
        "of": request.GET.get("of", ""),
        "total": total,
        "most": bulk_changes.MOST,
        "is_too_many": total > bulk_changes.MOST,
        "preview": preview,
        "act": form.act() if preview else None,
        "more": max(0, len(preview.wanted) - len(preview.samples)) if preview else 0,
    }
    request.current_app = admin_.admin_site.name
    return TemplateResponse(request, "admin/articles/article/bulk.html", context)


def _begun(request: HttpRequest, form: BulkForm) -> BulkWork | None:
    """Return what the one who asks has begun by the same press, in another tab or twice."""
    digest = clean_line(request.POST.get("digest", ""), 64)
    if not digest or not form.is_valid():
        return None
    act = replace(form.act(), agreed=digest)
    return bulk_changes.begun(act, actor=user_of(request))


def _work(request: HttpRequest, pk: int) -> BulkWork:
    """Return one's own work, or of another if one may see the ledger. Raises `Http404`."""
    if not may(request):
        raise PermissionDenied
    rows = BulkWork.objects.defer("wanted").select_related("operation__actor", "actor")
    work = rows.filter(pk=pk).first()
    if work is None:
        raise Http404
    return work


def work_view(admin_: "ArticleAdmin", request: HttpRequest, pk: int) -> HttpResponse:
    """Return how far a work is. With POST go on with it, by a process or, where none can be
    started or the page says ``here``, by its next part; or ``stop`` it."""
    work = _work(request, pk)
    user = user_of(request)
    is_script = "application/json" in request.headers.get("Accept", "")
    if request.method == "POST":
        if work.actor_id != user.pk:
            raise PermissionDenied
        if "stop" in request.POST and work.act["do"] != "undo":
            work = bulk_changes.stop(work.pk)
        elif "here" in request.POST or not bulk_running.start(work):
            work = bulk_running.part(work, user)
        if not is_script:
            return HttpResponseRedirect(request.path)
    if is_script:
        return JsonResponse(
            {
                "done": work.done,
                "total": work.total,
                "finished": work.finished is not None,
                "moving": bulk_running.is_moving(work),
            }
        )
    names = dict(
        Article.objects.filter(pk__in=[pk for pk, _reason in work.left]).values_list(
            "pk", "headline"
        )
    )
    context = {
        **admin_.admin_site.each_context(request),
        "title": _("Change in bulk"),
        "opts": admin_.opts,
        "work": work,
        "is_own": work.actor_id == user.pk,
        "is_undo": work.act["do"] == "undo",
        "is_moving": bulk_running.is_moving(work),
        "is_stopped": work.finished is not None and work.done < work.total,
        "left": [(pk, names.get(pk, ""), reason) for pk, reason in work.left],
        "more": work.left_count - len(work.left),
        "may_undo": bulk_changes.can_be_undone(work.operation),
    }
    request.current_app = admin_.admin_site.name
    return TemplateResponse(request, "admin/articles/article/bulk_work.html", context)


def undo_view(admin_: "ArticleAdmin", request: HttpRequest, pk: int) -> HttpResponse:
    """Begin to take a finished work back, with POST."""
    work = _work(request, pk)
    if request.method != "POST":
        raise Http404
    operation: Operation = work.operation
    undone = bulk_changes.undo_of(operation)
    if undone is not None:
        return HttpResponseRedirect(reverse("admin:articles_bulk_work", args=[undone.pk]))
    if not bulk_changes.can_be_undone(operation):
        messages.error(request, _("It cannot be taken back, or was already."))
        return HttpResponseRedirect(reverse("admin:articles_bulk_work", args=[work.pk]))
    undo = bulk_changes.begin_undo(operation, actor=user_of(request))
    bulk_running.start(undo)
    return HttpResponseRedirect(reverse("admin:articles_bulk_work", args=[undo.pk]))
