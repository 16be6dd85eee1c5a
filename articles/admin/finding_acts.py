"""What is posted from the page of a finding, or from the buttons of the list."""

from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.admin import rights
from articles.admin.base import user_of
from articles.admin.filters import MAX_ID
from articles.admin.finding_page import neighbours
from articles.choices import FindingState
from articles.importing import deciding
from articles.importing.choosing import AMBIGUOUS_AUTHOR
from articles.models import Article, Finding
from articles.review.sentences import said
from articles.writing import suggestions
from articles.writing.changes import StaleVersion
from articles.writing.conflicts import KEEP, TAKE, conflict_fields, decided_fields
from articles.writing.findings import hold, review_saved, settle_findings
from articles.writing.proposals import StaleProposal, confirm_proposal, may_confirm
from articles.writing.suggestions import CannotApply

if TYPE_CHECKING:
    from articles.admin.findings import FindingAdmin


#: What pages call the state of a finding that they show, before its id.
WAS = "was-"


def finding_of(admin: "FindingAdmin", request: HttpRequest, pk: int) -> Finding:
    """Return the finding, if the editor may see it and settle it."""
    if not admin.has_settle_permission(request):
        raise PermissionDenied
    row: Finding | None = None
    if 0 < pk <= MAX_ID:
        row = admin.get_queryset(request).select_related("article").filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def _may_change(request: HttpRequest, article: Article | None) -> None:
    if article is None or not rights.may_change(user_of(request), article):
        raise PermissionDenied


def _number(value: Any) -> int | None:
    """Return a posted number; None for anything else."""
    found = str(value or "")
    is_number = found.isascii() and found.isdigit() and len(found) < 19
    return int(found) if is_number else None


def _act(
    admin: "FindingAdmin",
    request: HttpRequest,
    pk: int,
    act: Callable[[Finding], str],
) -> HttpResponse:
    """Do what was asked; go on to the next finding, or back to this one if it was refused."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    finding = finding_of(admin, request, pk)
    here = reverse("admin:articles_finding_change", args=[finding.pk])
    try:
        check_seen(request, [finding])
        message = act(finding)
    except (CannotApply, StaleProposal, StaleVersion) as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(here)
    messages.success(request, message)
    return HttpResponseRedirect(_onwards(admin, request, finding, here))


def _onwards(admin: "FindingAdmin", request: HttpRequest, finding: Finding, here: str) -> str:
    """Return where an editor goes after this: through the queue, or back to the list."""
    if request.POST.get("stay"):
        return here
    if "_selected_action" in request.POST or "action" in request.POST:
        return back_to_list(request)
    before, after = neighbours(admin, request, finding)
    following = after or before
    if following is not None:
        return reverse("admin:articles_finding_change", args=[following])
    return reverse("admin:articles_finding_changelist")


def back_to_list(request: HttpRequest) -> str:
    """Return the page of the list on which a button was pressed."""
    back = reverse("admin:articles_finding_changelist")
    came = request.META.get("HTTP_REFERER", "")
    query = came.partition("?")[2] if came.partition("?")[0].endswith(back) else ""
    return f"{back}?{query}" if query else back


def apply(admin: "FindingAdmin", request: HttpRequest, pk: int) -> HttpResponse:
    """Apply the suggestion of a finding."""

    def act(finding: Finding) -> str:
        _may_change(request, finding.article)
        article = suggestions.apply_suggestion(
            finding.pk,
            actor=user_of(request),
            choice=_number(request.POST.get("choice")) or 0,
            expected_version=_number(request.POST.get("version")),
        )
        return _("Applied to “%s”.") % article

    return _act(admin, request, pk, act)


def decide(admin: "FindingAdmin", request: HttpRequest, pk: int) -> HttpResponse:
    """Take the listing's value, or keep ours, for one field or for all that are left."""

    def act(finding: Finding) -> str:
        _may_change(request, finding.article)
        what, _colon, name = (request.POST.get("decision") or "").partition(":")
        left = [
            field
            for field in conflict_fields(finding)
            if field not in decided_fields(finding)
            and (what == KEEP or suggestions.can_take(field))
        ]
        names = left if name == "*" else [name]
        decided = suggestions.decide_conflict(
            finding.pk,
            dict.fromkeys(names, what),
            actor=user_of(request),
            expected_version=_number(request.POST.get("version")),
        )
        if decided.state == FindingState.OPEN:
            post = request.POST.copy()
            post["stay"] = "1"
            request.POST = post  # type: ignore[assignment]
        return (
            _("The listing’s value is taken.")
            if what == TAKE
            else _("Our value is kept; the listing’s is not asked about again.")
        )

    return _act(admin, request, pk, act)


def choose(admin: "FindingAdmin", request: HttpRequest, pk: int) -> HttpResponse:
    """Say which article an entry is, or which author a name; carry it out."""

    def act(finding: Finding) -> str:
        user = user_of(request)
        if not user.has_perm("articles.change_article"):
            raise PermissionDenied
        publish = rights.may_publish(user)
        if finding.code == AMBIGUOUS_AUTHOR:
            spelled = deciding.authors_of(finding)
            chosen = {
                name: _number(request.POST.get(f"author-{place}")) or 0
                for place, name in enumerate(spelled)
            }
            article = deciding.choose_authors(finding.pk, chosen, actor=user, publish=publish)
            return _("“%s” is entered.") % article
        value = request.POST.get("article")
        if value == "new":
            article = deciding.choose_article(finding.pk, None, actor=user, publish=publish)
            return _("“%s” is entered as a new article.") % article
        wanted = _number(value)
        if wanted is None:
            raise CannotApply(_("Choose one of the articles, or a new one."))
        _may_change(request, Article.objects.filter(pk=wanted).first())
        article = deciding.choose_article(finding.pk, wanted, actor=user, publish=publish)
        return _("The entry is “%s” from now on.") % article

    return _act(admin, request, pk, act)


def check_seen(request: HttpRequest, findings: Iterable[Finding], *, is_list: bool = False) -> None:
    """Make sure that the page showed *findings* as they are.

    Raises `StaleVersion` if somebody settled one, or opened it again, since then, or if the page
    does not say what it showed. A list of which all pages are chosen shows one of them only.
    """
    is_whole = is_list and request.POST.get("select_across") == "1"
    for finding in findings:
        seen = request.POST.get(f"{WAS}{finding.pk}")
        if seen != finding.state and not (is_whole and seen is None):
            words = {"message": said(finding.message), "state": finding.get_state_display()}
            raise StaleVersion(
                _("It may have changed since you opened this page, and is “%(state)s” now:"
                  " %(message)s Nothing was changed; look again.") % words
            )  # fmt: skip


def settle_as_seen(
    request: HttpRequest,
    ids: list[int],
    state: FindingState,
    *,
    is_list: bool = False,
    beside: Collection[int] = (),
) -> int:
    """Give findings, and those *beside* that one of them stands for, a state; return how many had
    another one. Raises as `check_seen`."""
    with transaction.atomic():
        check_seen(request, hold(ids).values(), is_list=is_list)
        return settle_findings([*ids, *beside], state, actor=user_of(request))


def settle(admin: "FindingAdmin", request: HttpRequest, pk: int) -> HttpResponse:
    """Resolve a finding, call it no problem, or open it again."""

    def act(finding: Finding) -> str:
        state = request.POST.get("state")
        if state not in FindingState.values:
            raise CannotApply(_("There is no such state."))
        wanted = FindingState(state)
        settle_as_seen(request, [finding.pk], wanted)
        if wanted == FindingState.OPEN:
            return _("The finding is open again.")
        return _("The finding is now “%s”.") % wanted.label

    return _act(admin, request, pk, act)


def carry_out(finding: Finding, user: User, shown: str = "") -> str:
    """Confirm a proposal, and look again at the articles that it changed; return what was done.

    *shown* is the token of what the page showed, empty where only the finding's title stood.
    """
    with transaction.atomic():
        done = confirm_proposal(finding, user, shown=shown)
        changed = done.operation.changes.filter(subject_type="article")
        review_saved(changed.values_list("subject_id", flat=True), done.operation)
    return done.sentence


def confirm(admin: "FindingAdmin", request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm what an import proposed: a series, a spelling, two names of one author."""

    def act(finding: Finding) -> str:
        user = user_of(request)
        if not may_confirm(user, finding):
            raise PermissionDenied
        return carry_out(finding, user, request.POST.get("shown", ""))

    return _act(admin, request, pk, act)
