"""Removing a text or a name on legal grounds: what would go where, then a confirmation; and the
record of what was removed, which nobody changes."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.admin.base import ReadOnlyAdmin, user_of
from articles.importing.lock import LockHeld
from articles.models import Article, Redaction
from articles.redacting import disk
from articles.redacting.redact import PlanMoved, Planned, Refused, Wanted, make_plan, redact
from articles.review.sentences import said
from articles.writing.changes import StaleVersion

#: Articles up to which every table is looked through while somebody waits: some 20 seconds.
MOST = 30_000


class RedactionForm(forms.Form):
    """What is to be removed, and on what grounds."""

    key = forms.CharField(
        label=gettext_lazy("Permanent key of an article"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("Eight letters and digits: its whole text is removed."),
    )
    words = forms.CharField(
        label=gettext_lazy("Or words, or a name"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField", "dir": "auto"}),
        help_text=gettext_lazy(
            "One spelling a line. Case, accents and markup make no difference; parts of words are"
            " not found."
        ),
    )
    reason = forms.CharField(
        label=gettext_lazy("Legal reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
        help_text=gettext_lazy("It is kept, so it must not repeat what is removed."),
    )

    def clean(self) -> dict[str, Any]:
        # For passages of one text too every article is read.
        if Article.objects.order_by().values("pk")[: MOST + 1].count() > MOST:
            raise forms.ValidationError(
                _("The archive is too large to be looked through here: use “manage.py redact”.")
            )
        return self.cleaned_data

    def wanted(self) -> Wanted:
        """Return what was asked for."""
        lines = self.cleaned_data["words"].splitlines()
        return Wanted(
            self.cleaned_data["reason"],
            self.cleaned_data["key"].strip(),
            tuple(line.strip() for line in lines if line.strip()),
        )


def may_redact(request: HttpRequest) -> bool:
    """Return whether the account may remove something for good."""
    return user_of(request).has_perm("articles.redact")


class RedactionAdmin(ReadOnlyAdmin):
    """The record of what was removed, and the way to remove something."""

    list_display = ("number", "at", "kind", "reason", "actor", "lifted")
    list_select_related = ("actor",)
    ordering = ("-id",)
    change_list_template = "admin/articles/redaction/change_list.html"
    change_form_template = "admin/articles/redaction/change_form.html"
    fields = ("at", "kind", "reason", "actor", "article", "lifted")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.remove_view)
        return [path("remove/", view, name="articles_redaction_remove"), *super().get_urls()]

    @admin.display(description=gettext_lazy("number"), ordering="id")
    def number(self, obj: Redaction) -> int:
        return obj.pk

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {**(extra_context or {}), "may_redact": may_redact(request)}
        return super().changelist_view(request, context)

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        redaction: Redaction = context["original"]
        context["totals"] = redaction.totals
        context["total"] = sum(step["count"] for step in redaction.totals)
        context["backups"] = disk.backups(redaction.at)
        context["unseen"] = [said(line) for line in disk.unseen()]
        return super().render_change_form(request, context, *args, **kwargs)

    def remove_view(self, request: HttpRequest) -> HttpResponse:
        """Ask what; show what would go where; remove it. What is typed stays out of addresses."""
        if not may_redact(request):
            raise PermissionDenied
        form = RedactionForm(request.POST or None)
        planned: Planned | None = None
        if form.is_valid():
            try:
                if "remove" in request.POST and (done := self._remove(request, form.wanted())):
                    return done
                planned = make_plan(form.wanted())
            except Refused as refusal:
                form.add_error(None, str(refusal))
        request.current_app = self.admin_site.name
        context = {
            **self.admin_site.each_context(request),
            "title": _("Remove on legal grounds"),
            "subtitle": None,
            "opts": self.opts,
            "media": self.media,
            "form": form,
            "planned": planned,
            "digest": planned.digest() if planned else "",
            "unseen": [said(line) for line in disk.unseen()],
        }
        response = TemplateResponse(request, "admin/articles/redaction/remove.html", context)
        response["Cache-Control"] = "no-store, private"
        return response

    def _remove(self, request: HttpRequest, wanted: Wanted) -> HttpResponse | None:
        agreed = request.POST.get("digest", "")
        try:
            redaction, planned = redact(wanted, actor=user_of(request), agreed=agreed)
        except (PlanMoved, StaleVersion):
            messages.warning(
                request,
                _("The archive has moved since this page was made. Nothing was removed."),
            )
        except LockHeld:
            messages.warning(request, _("An import is running. Nothing was removed: try again."))
        else:
            messages.success(
                request,
                _(
                    "It is removed, in %d places. The files of the database still hold what was"
                    " freed there: run “manage.py redact --purge” on the server."
                )
                % len(planned.steps),
            )
            for remark in planned.steps.remarks:
                messages.warning(request, remark)
            where = reverse("admin:articles_redaction_change", args=[redaction.pk])
            return HttpResponseRedirect(where)
        return None


admin.site.register(Redaction, RedactionAdmin)
