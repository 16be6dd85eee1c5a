"""What the forms of authors, series and tags share: spellings, one writer, folded search."""

import datetime
import json
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.admin import name_merging, rights
from articles.admin.base import WriterAdmin, user_of
from articles.admin.forms import WriterForm
from articles.admin.paging import AtLeast, counted
from articles.admin.searching import find_spelled
from articles.cleaning import clean_line
from articles.importing.archive_pairs import compare
from articles.models import Article
from articles.review.sentences import said
from articles.writing.names import FIELDS, TITLE, InUse, aliases_of, delete_named, save_named

#: A merge may bring many.
MAX_ALIASES = 1000
#: So many that may be the same are named; the queue has all.
PAIRS = 3


class NamedForm(WriterForm):
    """The fields of an author, a series or a tag, and its other spellings."""

    aliases = forms.CharField(
        label=gettext_lazy("Other spellings"),
        required=False,
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 5, "cols": 40, "class": "vLargeTextField"}),
        help_text=gettext_lazy(
            "One a line. Imports and searches that use one of them find this entry."
        ),
    )

    def clean_external_ids(self) -> Any:
        """Return no identifiers where the field was emptied."""
        return self.cleaned_data["external_ids"] or {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.fields.keys() & {"slug", "sort_name"}:
            # The writer makes one.
            self.fields[name].required = False
        if self.instance.pk and "aliases" in self.fields:
            names = self.instance.aliases.values_list("name", flat=True)
            self.initial["aliases"] = "\n".join(
                name for name in names if name != str(self.instance)
            )

    def clean_aliases(self) -> list[str]:
        lines = [clean_line(line) for line in self.cleaned_data["aliases"].splitlines()]
        names = [line for line in lines if line]
        if len(names) > MAX_ALIASES:
            raise forms.ValidationError(_("At most %d spellings.") % MAX_ALIASES)
        return names


class NamedList(ChangeList):
    """A list of names. Of very many it is not ordered by their articles, all of which it counts."""

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        order = super().get_ordering(request, queryset)
        others = [key for key in order if str(key).removeprefix("-") != "article_count"]
        if len(others) == len(order):
            return order
        if not isinstance(counted(self.model._default_manager.all()), AtLeast):
            return order
        messages.warning(
            request, _("There are too many to be ordered by the number of their articles.")
        )
        return others


class NamedAdmin(WriterAdmin):
    """A list and a form of authors, series or tags."""

    class Media:
        css = {"all": ("admin-names.css",)}

    form = NamedForm
    search_help_text = gettext_lazy("Any spelling; case and accents do not matter.")
    #: The column of the rows that link an article to this, and the filter of the articles' list.
    link_model: Any = None
    link = ""
    article_column = "article"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        match = request.resolver_match
        if match is None or not (match.url_name or "").endswith("_changelist"):
            return rows
        linked = self.link_model._default_manager.filter(**{self.link: OuterRef("pk")}).order_by()
        if not rights.sees_all(user_of(request)):
            # The number leads to the list of articles, which has no others.
            seen = rights.visible(Article.objects.all(), user_of(request))
            linked = linked.filter(**{f"{self.article_column}__in": seen})
        each = linked.values(self.link).annotate(n=Count(self.article_column, distinct=True))
        count = Coalesce(Subquery(each.values("n")), 0)
        return rows.annotate(article_count=count)  # type: ignore[no-any-return]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return NamedList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return find_spelled(queryset, search_term), False

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fieldsets
        # Who only looks has no form, and under the name of its field stand the rows themselves.
        return [
            (title, {**options, "fields": ["aliases_shown" if name == "aliases" else name
                                           for name in options["fields"]]})
            for title, options in fieldsets
        ]  # fmt: skip

    @admin.display(description=gettext_lazy("other spellings"))
    def aliases_shown(self, obj: Any) -> str:
        return "; ".join(aliases_of(obj))

    @admin.display(description=gettext_lazy("articles"), ordering="article_count")
    def articles_shown(self, obj: Any) -> SafeString:
        url = reverse("admin:articles_article_changelist")
        return format_html('<a href="{}?{}={}">{}</a>', url, self.link, obj.pk, obj.article_count)

    @admin.display(description=gettext_lazy("changed"), ordering="updated")
    def updated_shown(self, obj: Any) -> datetime.datetime:
        changed: datetime.datetime = obj.updated
        return changed

    def view_on_site(self, obj: Any) -> str | None:  # type: ignore[override]
        """Return the public address: a page exists as long as readers see an article on it."""
        rows = self.link_model._default_manager.filter(**{self.link: obj, "is_public": True})
        address: str | None = obj.get_absolute_url() if rows.exists() else None
        return address

    def complete(self, obj: Any) -> None:
        """Fill in what was left empty and follows from the rest."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        """Hand what differs to the writer."""
        if change and not form.changed_data:
            return
        for name in FIELDS[type(obj)]:
            if name in form.cleaned_data:
                setattr(obj, name, form.cleaned_data[name])
        self.complete(obj)
        expected = form.cleaned_data.get("version")
        self.asked(
            obj,
            expected,
            lambda: save_named(
                obj,
                aliases=form.cleaned_data.get("aliases"),
                actor=user_of(request),
                expected_version=expected,
            ),
            typed=lambda: self._typed(obj, form),
            user=user_of(request),
        )
        if not change or {TITLE[type(obj)], "kind"} & set(form.changed_data):
            self._say_pairs(request, obj)

    @staticmethod
    def _say_pairs(request: HttpRequest, obj: Any) -> None:
        """Let what may be the same wait in the queue, and say so."""
        found = compare(obj)
        if found and user_of(request).has_perm("articles.change_finding"):
            pairs = (
                (reverse("admin:articles_finding_change", args=[one.pk]), said(one.message))
                for one in found[:PAIRS]
            )
            text = _("This may be the same in another spelling, and waits in the queue:")
            links = format_html_join(" ", '<a href="{}">{}</a>', pairs)
            messages.warning(request, format_html("{} {}", text, links))

    @staticmethod
    def _typed(obj: Any, form: Any) -> dict[str, Any]:
        """Return what the form holds, as the ledger would record it: the writer has cleaned it."""
        names = [name for name in FIELDS[type(obj)] if name in form.cleaned_data]
        typed = {name: getattr(obj, name) for name in names}
        if "aliases" in form.cleaned_data:
            typed["aliases"] = sorted(form.cleaned_data["aliases"])
        return typed

    def posted(self, name: str, value: Any) -> dict[str, list[str]]:
        if name == "aliases":
            return {name: ["\n".join(value or ())]}
        if isinstance(value, dict):
            return {name: [json.dumps(value, ensure_ascii=False)]}
        return super().posted(name, value)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        """There is nothing beside it."""

    # Deleting: only what stands on no article

    def get_actions(self, request: HttpRequest) -> Any:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    @admin.action(description=gettext_lazy("Delete those without articles"), permissions=["delete"])
    def delete_unused(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Delete the chosen ones that stand on no article; leave and name the others."""
        deleted, used = 0, []
        for obj in queryset:
            try:
                delete_named(obj, actor=user_of(request))
                deleted += 1
            except InUse:
                used.append(str(obj))
        if deleted:
            messages.success(request, ngettext("%d deleted.", "%d deleted.", deleted) % deleted)
        if used:
            messages.warning(
                request,
                _("Left, since articles stand on them: %s.") % ", ".join(used[:10]),
            )

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        obj = self.get_object(request, unquote(object_id))
        try:
            if obj is not None and self.has_delete_permission(request, obj):
                rows = self.link_model._default_manager.filter(**{self.link: obj})
                if rows.exists():
                    raise InUse(str(obj))
            return super().delete_view(request, object_id, extra_context)
        except InUse as error:
            messages.error(
                request,
                _("“%s” is not deleted: articles stand on it. Take it off them first.") % error,
            )
            name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
            return HttpResponseRedirect(reverse(name, args=[object_id]))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        listed = [str(obj) for obj in objs]
        return listed, {self.opts.verbose_name_plural: len(listed)}, set(), []

    def remove(self, request: HttpRequest, obj: Any) -> None:
        delete_named(obj, actor=user_of(request))

    actions = (name_merging.merge, "delete_unused")

    # Merging, and taking it back

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_unmerge"
        view = self.admin_site.admin_view(self.unmerge_view)
        own = path("<path:object_id>/unmerge/<int:operation_id>/", view, name=name)
        return [own, *super().get_urls()]

    def unmerge_view(self, request: HttpRequest, object_id: str, operation_id: int) -> HttpResponse:
        return name_merging.unmerge_view(self, request, unquote(object_id), operation_id)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        response = super().history_view(request, object_id, extra_context)
        obj = self.get_object(request, unquote(object_id))
        if obj is not None:
            name_merging.add_merges(self, request, obj, response)
        return response

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponse:
        """Lead on from a row that was merged: links of the ledger go on working."""
        found = name_merging.survivor_of(self, request, unquote(object_id))
        if found is None:
            stock: Any = super()
            found = stock._get_obj_does_not_exist_redirect(request, opts, object_id)
        return found
