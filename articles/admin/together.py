"""One row of the queue for what is one doubt of one listing: its examples, and what is done to all.

Each finding stays a row of its own, with its article, its fingerprint and its history: only the
list, the start page and the buttons here take them together.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.admin import bulk_running, finding_acts, queue, rights
from articles.admin.rights import user_of
from articles.choices import FindingState
from articles.models import Finding
from articles.review.suggesting import choices_of
from articles.writing import bulk_changes
from articles.writing.bulk_acts import Act
from articles.writing.changes import StaleVersion

if TYPE_CHECKING:
    from articles.admin.findings import FindingAdmin

#: What the list calls the doubt that a row stands for, before its id.
ONE = "together-"


def mark(request: HttpRequest, rows: Sequence[Any]) -> None:
    """Note on the *rows* of a page which of them stand for many, and for which."""
    found = queue.joined(request) if queue.is_joined(request) else {}
    standing = [row for row in rows if row.together in found and row.state == FindingState.OPEN]
    for row in rows:
        row.stands_for = found[row.together].count if row in standing else 0
        row.examples = []
        row.may_be_settled = user_of(request).has_perm("articles.change_finding")
        row.may_change_many = rights.may_change_many(user_of(request))
    if not standing:
        return
    # From the index: by state, code and doubt, the newest first.
    others = queue.visible(Finding.objects.all(), user_of(request)).filter(
        state=FindingState.OPEN, code=OuterRef("code"), together=OuterRef("together"),
        pk__lt=OuterRef("pk"),
    ).order_by("-pk").values("pk")  # fmt: skip
    named = Finding.objects.filter(pk__in=[row.pk for row in standing]).annotate(
        second=Subquery(others[:1]), third=Subquery(others[1:2])
    )
    ids = {pk: more for pk, *more in named.values_list("pk", "second", "third")}
    wanted = [pk for more in ids.values() for pk in more if pk]
    known = Finding.objects.select_related("article").in_bulk(wanted)
    for row in standing:
        row.examples = [known[pk] for pk in ids.get(row.pk, ()) if pk in known]


def is_row(obj: Any) -> bool:
    """Return whether a row of the list stands for all findings of its doubt."""
    return bool(getattr(obj, "stands_for", 0))


def hidden(obj: Any) -> SafeString:
    """Return what tells an action that this row stood for many."""
    if not is_row(obj):
        return SafeString("")
    return format_html('<input type="hidden" name="{}{}" value="{}">', ONE, obj.pk, obj.together)


def examples(obj: Any, excerpt: Callable[[Finding], Any]) -> SafeString:
    """Return how many findings a row stands for, and two of them beside its own."""
    if not is_row(obj):
        return SafeString("")
    shown = format_html_join(
        "",
        '<li><a href="{}" dir="auto">{}</a>{}</li>',
        (
            (
                reverse("admin:articles_finding_change", args=[one.pk]),
                one.article.headline if one.article else str(one),
                excerpt(one),
            )
            for one in obj.examples
        ),
    )
    text = _("One doubt of the listing: %(n)s findings have it. So do, for example:")
    return format_html(
        '<span class="together">{}</span><ul class="examples">{}</ul>',
        text % {"n": f"{obj.stands_for:,}"}, shown,
    )  # fmt: skip


def buttons(obj: Any) -> SafeString:
    """Return what can be done to all of them at once, and the way to them."""
    url = reverse("admin:articles_finding_together", args=[obj.pk])
    offers = []
    if obj.may_be_applied and obj.may_change_many and len(choices_of(obj.suggestion)) == 1:
        offers.append(("apply", _("Apply to all")))
    if obj.may_be_settled:
        offers.append(("dismiss", _("Not a problem for all")))
    listed = reverse("admin:articles_finding_changelist")
    return format_html(
        '<span class="for-all">{}<a href="{}?code={}&amp;together={}">{}</a></span>',
        format_html_join(
            "",
            '<button class="do" name="together" value="{}" formaction="{}" formnovalidate>{}'
            "</button>",
            ((act, url, text) for act, text in offers),
        ),
        listed, obj.code, obj.together, _("Show them"),
    )  # fmt: skip


def shown(request: HttpRequest, rows: Iterable[Finding]) -> list[Finding]:
    """Return those of *rows* that the list showed as one for many."""
    if queue.is_of_chosen(request):
        return [row for row in rows if request.POST.get(f"{ONE}{row.pk}") == row.together != ""]
    if not queue.is_joined(request):
        return []
    standing = {one.finding for one in queue.joined(request).values()}
    return [row for row in rows if row.pk in standing and row.state == FindingState.OPEN]


def beside(request: HttpRequest, rows: QuerySet[Finding]) -> list[int]:
    """Return the findings that those of *rows* stand for which the list showed as one for many."""
    known = shown(request, rows.exclude(together="").select_related(None).only("together", "state"))
    return [
        pk
        for key in {row.together for row in known}
        for pk in queue.of_one_doubt(request, key).order_by().values_list("pk", flat=True)
    ]


def view(admin: "FindingAdmin", request: HttpRequest, pk: int) -> HttpResponse:
    """Do one thing to all findings of one doubt, and go back to the list, or to how far it is."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    finding = finding_acts.finding_of(admin, request, pk)
    if not finding.together:
        raise Http404
    if request.POST.get("together") == "apply":
        return _apply(request, finding)
    ids = list(queue.of_one_doubt(request, finding.together).values_list("pk", flat=True))
    try:
        count = finding_acts.settle_as_seen(
            request, [finding.pk], FindingState.DISMISSED, beside=ids
        )
    except StaleVersion as error:
        messages.error(request, str(error))
    else:
        text = ngettext(
            "%(n)d finding is now “%(state)s”.", "%(n)d findings are now “%(state)s”.", count
        )
        messages.success(request, text % {"n": count, "state": FindingState.DISMISSED.label})
    return HttpResponseRedirect(finding_acts.back_to_list(request))


def _apply(request: HttpRequest, finding: Finding) -> HttpResponse:
    user = user_of(request)
    if not rights.may_change_many(user):
        raise PermissionDenied
    rows = queue.of_one_doubt(request, finding.together).filter(article__isnull=False)
    wanted: dict[int, int] = {}
    for article, version, suggestion in rows.order_by("pk").values_list(
        "article_id", "article__version", "suggestion"
    ):
        if len(choices_of(suggestion)) == 1 and len(wanted) < bulk_changes.MOST:
            wanted[article] = version
    if not wanted:
        messages.error(request, _("There is nothing to be changed."))
        return HttpResponseRedirect(finding_acts.back_to_list(request))
    # Whoever presses twice is led to what they began.
    digest = hashlib.sha256(json.dumps(sorted(wanted.items())).encode()).hexdigest()
    act = Act("suggestions", text=finding.together, agreed=digest)
    work = bulk_changes.begin_work(act, list(wanted.items()), actor=user, reason=str(finding))
    bulk_running.start(work)
    return HttpResponseRedirect(reverse("admin:articles_bulk_work", args=[work.pk]))
