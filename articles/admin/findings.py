"""The queue: doubts that wait for an editor."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.admin import article_merging, finding_acts, finding_page, queue, rights, together
from articles.admin.base import ReadOnlyAdmin, user_of
from articles.admin.differing import around, merged
from articles.admin.finding_filters import (
    CodeFilter,
    OneArticleFilter,
    OneDoubtFilter,
    OneRunFilter,
    SourceFilter,
    StateFilter,
)
from articles.admin.shown import label, plain
from articles.choices import FindingState
from articles.cleaning import clean_line
from articles.models import Finding, SourceEntry
from articles.review.sentences import explanation_of, said, title_of
from articles.review.suggesting import choices_of, merge_target
from articles.writing.changes import StaleVersion
from articles.writing.proposals import (
    StaleProposal,
    is_proposal,
    may_confirm,
)
from articles.writing.suggestions import apply_suggestions


class FindingList(ChangeList):
    """A page of the queue; each row knows whether the editor may change its article."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        user = user_of(request)
        may_settle = user.has_perm("articles.change_finding")
        may_enter = may_settle and user.has_perm("articles.change_article")
        for row in self.result_list:
            row.may_be_applied = (
                may_settle and row.article is not None and rights.may_change(user, row.article)
            )
            row.may_be_entered = may_enter and row.article is None and row.code in queue.WAITING
            row.may_be_confirmed = is_proposal(row.suggestion) and may_confirm(user, row)
        together.mark(request, self.result_list)
        # Three articles that look the same are three pairs that look the same.
        others = {row.other_article_id for row in self.result_list if row.other_article_id}
        entries = SourceEntry.objects.filter(article__in=others).order_by("id")
        places = (
            {
                article: lines
                for article, *lines in entries.values_list("article", "first_line", "last_line")
            }
            if others
            else {}
        )
        for row in self.result_list:
            row.beside = places.get(row.other_article_id)


class FindingAdmin(ReadOnlyAdmin):
    subject = "finding"
    change_form_template = "admin/articles/finding/change_form.html"
    change_list_template = "admin/articles/finding/change_list.html"
    list_display = (
        "finding_shown", "article_shown", "found_shown", "state_shown", "do_shown",
    )  # fmt: skip
    list_display_links = None
    list_filter = (
        StateFilter, CodeFilter, SourceFilter, OneArticleFilter, OneRunFilter, OneDoubtFilter,
    )  # fmt: skip
    show_facets = admin.ShowFacets.ALWAYS
    list_select_related = ("article", "settled_by")
    search_fields = ("message",)
    actions = ("apply", "resolve", "dismiss", "reopen")
    fields = ("evidence_shown",)
    readonly_fields = fields

    class Media:
        css = {"all": ["admin-review.css"]}
        js = ["admin-review.js"]

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        own = [
            path("merge/", wrap(self.merge_view), name="articles_finding_merge"),
            *(
                path(
                    f"<int:pk>/{name}/",
                    wrap(getattr(self, f"{name}_view")),
                    name=f"articles_finding_{name}",
                )
                for name in ("apply", "confirm", "decide", "choose", "settle", "together")
            ),
        ]
        return [*own, *super().get_urls()]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return FindingList

    def merge_view(self, request: HttpRequest) -> HttpResponse:
        """Two articles side by side, to be merged."""
        return article_merging.view(self, request)

    def apply_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Apply a suggestion."""
        return finding_acts.apply(self, request, pk)

    def confirm_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Confirm a proposal."""
        return finding_acts.confirm(self, request, pk)

    def decide_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Decide fields of a conflict."""
        return finding_acts.decide(self, request, pk)

    def choose_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Say which article an entry is, or which author a name."""
        return finding_acts.choose(self, request, pk)

    def settle_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Resolve, dismiss or open again."""
        return finding_acts.settle(self, request, pk)

    def together_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Settle all findings of one doubt of a listing, or apply what they suggest."""
        return together.view(self, request, pk)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return queue.visible(super().get_queryset(request), user_of(request))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        for word in clean_line(search_term, 200).split()[:20]:
            queryset = queryset.filter(message__icontains=word)
        return queryset, False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        code = explanation_of(request.GET.get("code", ""))
        return super().changelist_view(
            request, {**(extra_context or {}), "explanation": code, "title": _("Review queue")}
        )

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context |= finding_page.context(self, request, context["original"])
        return super().render_change_form(request, context, *args, **kwargs)

    # What is done to many

    def has_settle_permission(self, request: HttpRequest) -> bool:
        """Return whether findings may be settled."""
        return user_of(request).has_perm("articles.change_finding")

    def has_apply_permission(self, request: HttpRequest) -> bool:
        """Return whether suggestions may be applied to some article at all."""
        return self.has_settle_permission(request) and rights.may_change(user_of(request))

    @admin.action(description=gettext_lazy("Apply the suggestion"), permissions=["apply"])
    def apply(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Apply the suggestions of those findings whose article the editor may change."""
        user = user_of(request)
        rows = list(queryset.order_by().select_related("article"))
        try:
            finding_acts.check_seen(request, rows, is_list=True)
        except StaleVersion as error:
            messages.error(request, str(error))
            return
        for_all = together.shown(request, rows)
        allowed = [
            row.pk
            for row in rows
            if row.article
            and row not in for_all
            and rights.may_change(user, row.article)
            and not is_proposal(row.suggestion)
        ]
        applied, refused = apply_suggestions(allowed, actor=user)
        for row in rows:
            if is_proposal(row.suggestion) and may_confirm(user, row):
                try:
                    finding_acts.carry_out(row, user)
                    applied += 1
                except StaleProposal as error:
                    refused.append(str(error))
        if applied:
            text = ngettext("%d suggestion is applied.", "%d suggestions are applied.", applied)
            messages.success(request, text % applied)
        if for_all:
            refused.insert(0, _("What is one doubt of many is applied by its own button."))
        left = len(rows) - applied
        if left:
            text = ngettext(
                "%d finding is left as it is.", "%d findings are left as they are.", left
            )
            messages.warning(request, " ".join([text % left, *refused[:3]]))

    def _settle(self, request: HttpRequest, queryset: QuerySet[Any], state: FindingState) -> None:
        ids = list(queryset.order_by().values_list("pk", flat=True))
        beside = together.beside(request, queryset)
        try:
            count = finding_acts.settle_as_seen(request, ids, state, is_list=True, beside=beside)
        except StaleVersion as error:
            messages.error(request, str(error))
            return
        text = ngettext(
            "%(n)d finding is now “%(state)s”.", "%(n)d findings are now “%(state)s”.", count
        )
        messages.success(request, text % {"n": count, "state": state.label})

    @admin.action(description=gettext_lazy("Mark as resolved"), permissions=["settle"])
    def resolve(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self._settle(request, queryset, FindingState.RESOLVED)

    @admin.action(description=gettext_lazy("Mark as not a problem"), permissions=["settle"])
    def dismiss(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self._settle(request, queryset, FindingState.DISMISSED)

    @admin.action(description=gettext_lazy("Open again"), permissions=["settle"])
    def reopen(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self._settle(request, queryset, FindingState.OPEN)

    # Columns

    def action_checkbox(self, obj: Finding) -> SafeString:
        """Return the box of a row, with the state that is shown: an action looks at it."""
        box = super().action_checkbox(obj)
        hidden = '{}<input type="hidden" name="{}{}" value="{}">'
        own = format_html(hidden, box, finding_acts.WAS, obj.pk, obj.state)
        return own + together.hidden(obj)

    @admin.display(description=gettext_lazy("finding"), ordering="code")
    def finding_shown(self, obj: Finding) -> SafeString:
        url = reverse("admin:articles_finding_change", args=[obj.pk])
        return format_html(
            '<span class="kicker">{}</span><a class="message" data-key="o" href="{}" dir="auto">{}'
            "</a>{}{}",
            title_of(obj.code), url, said(obj.message), excerpt(obj),
            together.examples(obj, excerpt),
        )  # fmt: skip

    @admin.display(description=gettext_lazy("article"))
    def article_shown(self, obj: Finding) -> SafeString | str:
        if obj.article is None:
            return format_html('<span class="quiet" dir="auto">{}</span>', _entry_of(obj) or "–")
        url = reverse("admin:articles_article_change", args=[obj.article.pk])
        return format_html(
            '<a href="{}" dir="auto">{}</a> <span class="date quiet">{}</span>'
            ' <span class="quiet">{}</span>',
            url, obj.article.headline, obj.article.published_text(), _lines_of(obj),
        )  # fmt: skip

    @admin.display(description=gettext_lazy("found"), ordering="created")
    def found_shown(self, obj: Finding) -> SafeString:
        return format_html('<span class="date">{}</span>', f"{obj.created:%Y-%m-%d}")

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_shown(self, obj: Finding) -> SafeString:
        who = obj.settled_by.get_username() if obj.settled_by else ""
        when = f"{obj.settled:%Y-%m-%d}" if obj.settled else ""
        return format_html(
            '<span class="status status-{}">{}</span> <span class="quiet">{} {}</span>',
            obj.state, obj.get_state_display(), when, who,
        )  # fmt: skip

    @admin.display(description=gettext_lazy("one click"), empty_value="")
    def do_shown(self, obj: Finding) -> SafeString | str:
        if obj.state != FindingState.OPEN:
            return ""
        if together.is_row(obj):
            return together.buttons(obj)
        if obj.may_be_confirmed:  # type: ignore[attr-defined]
            url = reverse("admin:articles_finding_change", args=[obj.pk])
            return format_html('<a class="do" data-key="a" href="{}">{}</a>', url, _("Confirm …"))
        if obj.may_be_entered:  # type: ignore[attr-defined]
            url = reverse("admin:articles_finding_change", args=[obj.pk])
            return format_html('<a class="do" data-key="a" href="{}">{}</a>', url, _("Decide"))
        if obj.article is None or not obj.may_be_applied:  # type: ignore[attr-defined]
            return ""
        if (survivor := merge_target(obj.suggestion)) is not None:
            merge = reverse("admin:articles_finding_merge")
            return format_html(
                '<a class="do" data-key="a" href="{}?survivor={}&amp;copy={}">{}</a>',
                merge, survivor, obj.article.pk, _("Compare"),
            )  # fmt: skip
        offers = choices_of(obj.suggestion)
        if len(offers) == 1:
            if not finding_page.fits(obj.article, offers[0]):
                return ""
            return format_html(
                '<button class="do" data-key="a" name="version" value="{}" formaction="{}"'
                ' formnovalidate aria-label="{}">{}</button>',
                obj.article.version, reverse("admin:articles_finding_apply", args=[obj.pk]),
                _("Apply: %s") % said(obj.message), _("Apply"),
            )  # fmt: skip
        if offers or obj.code == "conflict":
            url = reverse("admin:articles_finding_change", args=[obj.pk])
            return format_html('<a class="do" data-key="a" href="{}">{}</a>', url, _("Decide"))
        return ""

    @admin.display(description=gettext_lazy("evidence"))
    def evidence_shown(self, obj: Finding) -> SafeString | str:
        lines = [*plain(obj.evidence), *plain(obj.suggestion)]
        if not lines:
            return "–"
        return format_html('<pre class="verbatim" dir="auto">{}</pre>', "\n".join(lines))


def excerpt(obj: Finding) -> SafeString | str:
    """Return in short what a finding is about: what one click changes, or the place marked."""
    offers = choices_of(obj.suggestion)
    if len(offers) == 1:
        was = offers[0].get("was", {})
        rows = [
            (label("article", name), merged(str(was.get(name) or ""), value))
            for name, value in offers[0]["fields"].items()
        ]
        return format_html_join(
            "", '<span class="change" dir="auto"><span class="quiet">{}:</span> {}</span>', rows
        )
    place = finding_page.span_of(obj)
    if place is not None and place[0] not in obj.message:
        return format_html('<span class="change" dir="auto">{}</span>', around(*place))
    return ""


def _lines_of(obj: Any) -> str:
    """Return where the listing has what the finding is about: articles may look the same."""
    lines = obj.evidence.get("lines") if isinstance(obj.evidence, dict) else None
    if not isinstance(lines, list) or len(lines) != 2:
        return ""
    words = {"first": lines[0], "last": lines[1]}
    if not obj.beside:
        return _("lines %(first)s–%(last)s") % words
    if lines == obj.beside:
        return ""  # a file without lines
    words |= {"its_first": obj.beside[0], "its_last": obj.beside[1]}
    return _("lines %(first)s–%(last)s and %(its_first)s–%(its_last)s") % words


def _entry_of(obj: Finding) -> str:
    """Return how the entry begins of which there is no article, as far as the finding says so."""
    entry = obj.evidence.get("text") if isinstance(obj.evidence, dict) else None
    lines = [line for line in entry.split("\n") if line.strip()] if isinstance(entry, str) else []
    return clean_line(" · ".join(lines[:2]), 200)


admin.site.register(Finding, FindingAdmin)
