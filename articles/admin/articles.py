"""The desk: the list of articles and the form of one."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.contrib.admin.views.main import PAGE_VAR, SEARCH_VAR, ChangeList
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.db.models import DateTimeField, F, QuerySet
from django.forms import Media
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.admin import (
    article_actions,
    article_values,
    body_pictures,
    bulk,
    files,
    merge_action,
    neighbours,
    new_names,
    paging,
    previews,
    quick,
    rights,
    saved_views,
    selecting,
    sheets,
    source_panel,
)
from articles.admin.article_columns import ArticleColumns
from articles.admin.article_filters import ARTICLE_FILTERS
from articles.admin.article_form import ArticleForm
from articles.admin.article_list import ArticleList
from articles.admin.article_merging import may_merge
from articles.admin.base import WriterAdmin, user_of
from articles.admin.moments import MomentField
from articles.admin.queue import warn_of_working_titles
from articles.admin.rows import CreditsFormSet, CreditsInline, PartsFormSet, PartsInline
from articles.admin.searching import find_articles
from articles.choices import Status
from articles.models import Article, Attachment, Part
from articles.writing.articles import delete_articles, save_article
from articles.writing.attachments import mark_of

#: What the ledger calls the rows below the form.
_LISTS = {"contributions": "credits", "parts": "parts"}


class ArticleAdmin(ArticleColumns, WriterAdmin):
    subject = "article"
    form = ArticleForm
    change_form_template = "admin/articles/article/change_form.html"
    inlines = (CreditsInline, PartsInline)
    formfield_overrides = {DateTimeField: {"form_class": MomentField}}
    autocomplete_fields = ("translation_of", "owner")
    list_filter = ARTICLE_FILTERS
    date_hierarchy = "published_on"
    # Undated ones first: they need a date before they can be published.
    ordering = (F("sort_key").desc(nulls_first=True), "-id")
    search_fields = ("headline",)
    search_help_text = gettext_lazy(
        "Heads, standfirst, credits, tags, text. Case and accents do not matter. “…” finds a"
        " phrase, - leaves out."
    )
    actions = (
        article_actions.publish,
        article_actions.withdraw,
        bulk.choose,
        sheets.write_sheet,
        merge_action.merge,
        article_actions.delete,
    )

    @property
    def media(self) -> Media:
        # The filters by author, series and tag are autocomplete selects.
        field = Part._meta.get_field("series")
        return super().media + AutocompleteSelect(field, self.admin_site).media

    # What is seen, and what may be done

    def get_queryset(self, request: HttpRequest) -> Any:
        return rights.visible(Article.objects.all(), user_of(request))

    def has_view_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return rights.may_view(user_of(request), obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return rights.may_add(user_of(request))

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return rights.may_change(user_of(request), obj)

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return rights.may_delete(user_of(request), obj)

    def has_merge_permission(self, request: HttpRequest) -> bool:
        """Return whether articles may be merged."""
        return may_merge(user_of(request))

    def has_publish_permission(self, request: HttpRequest) -> bool:
        """Return whether the actions publish and withdraw are offered."""
        return rights.may_publish(user_of(request))

    def has_bulk_permission(self, request: HttpRequest) -> bool:
        """Return whether many articles may be changed at once."""
        return bulk.may(request)

    def has_remove_permission(self, request: HttpRequest) -> bool:
        """Return whether the action delete is offered."""
        return rights.may_delete(user_of(request))

    def get_actions(self, request: HttpRequest) -> Any:
        # Django's own action would ask about rows beside the article.
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def view_on_site(self, obj: Article) -> str | None:  # type: ignore[override]
        """Return the public address, if readers see the article."""
        return obj.get_absolute_url() if obj.is_public else None

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            *bulk.urls(self),
            *new_names.urls(self),
            *quick.urls(self),
            path(
                "sheet/export/",
                wrap(partial(sheets.export_view, self)),
                name="articles_sheet_export",
            ),
            path("sheet/", wrap(partial(sheets.give_view, self)), name="articles_sheet_give"),
            path("sheet/<int:pk>/", wrap(partial(sheets.sheet_view, self)), name="articles_sheet"),
            path("picture/", wrap(body_pictures.give), name="articles_article_picture"),
            path("views/add/", wrap(saved_views.add), name="articles_savedview_add"),
            path(
                "views/<int:pk>/delete/", wrap(saved_views.delete), name="articles_savedview_delete"
            ),
            path(
                "<path:object_id>/files/",
                wrap(partial(files.view, self)),
                name="articles_article_files",
            ),
            path(
                "<path:object_id>/preview/",
                wrap(partial(previews.look, self)),
                name="articles_article_preview",
            ),
            path(
                "<path:object_id>/share/",
                wrap(partial(previews.share, self)),
                name="articles_article_share",
            ),
            *super().get_urls(),
        ]

    # The list

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {
            **(extra_context or {}),
            "view_query": selecting.canonical(request.GET.urlencode()),
            "may_share": rights.sees_all(user_of(request)) and rights.has_company(user_of(request)),
            "may_take_in": bulk.may(request),
            "may_quick": self.has_change_permission(request),
        }
        return super().changelist_view(request, context)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return ArticleList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[Any, bool]:
        # A list that is only searched shows no more than are counted, nor do selects; what narrows
        # it further, and an action on all of it, asks about all that is found.
        plain = {SEARCH_VAR, PAGE_VAR, "term", "page", "app_label", "model_name", "field_name"}
        is_plain = request.method == "GET" and set(request.GET) <= plain
        most = paging.COUNTED + 1 if is_plain else None
        return find_articles(queryset, search_term, most), False  # type: ignore[arg-type]

    # The form

    def get_fieldsets(self, request: HttpRequest, obj: Article | None = None) -> Any:
        user = user_of(request)
        standing = ["status"]
        if rights.may_publish(user) or not rights.may_change(user, obj):
            standing += rights.FOR_PUBLISHERS
        # Alone, there is nobody to give it to.
        if rights.has_company(user) and (obj is not None or rights.may_choose_owner(user)):
            standing.append("owner")
        if obj is None:
            standing = [name for name in standing if name != "withdrawn_reason"]
        printed = ("publication", ("volume", "issue", "pages"), "source_url", "rights")
        return (
            (_("Heads"), {"fields": ("kicker", "headline", "subtitle", "part_label")}),
            (_("Credit"), {"fields": ("byline",), "classes": ("credit-fields",)}),
            (_("Place"), {"fields": ("tags",), "classes": ("place-fields",)}),
            (_("Text"), {"fields": ("standfirst", "body", "language", "translation_of")}),
            (_("Publication"), {"fields": ("published_on", "slug", *printed)}),
            (_("Status"), {"fields": tuple(standing)}),
        )

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Start a new article in the language of the last one that the same person entered. No date
        is guessed: what is not known stays empty."""
        own = Article.objects.filter(owner=user_of(request).pk).order_by("-id")
        language = own.values_list("language", flat=True).first()
        return {"language": language} if language else {}

    def get_readonly_fields(self, request: HttpRequest, obj: Article | None = None) -> Any:
        return () if rights.may_choose_owner(user_of(request)) else ("owner",)

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "translation_of":
            kwargs["queryset"] = rights.visible(Article.objects.all(), user_of(request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_form(
        self, request: HttpRequest, obj: Article | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        # The form declares its tags; as a field of the model they would be fetched once more.
        named = kwargs.pop("fields", None) or flatten_fieldsets(self.get_fieldsets(request, obj))
        kwargs["fields"] = [name for name in named if name != "tags"]
        form = super().get_form(request, obj, change=change, **kwargs)
        user = user_of(request)
        if "status" in form.base_fields:
            # What was on offer when the form was opened; the merge that follows has what is now.
            allowed = list(Status) if _is_late(request, obj) else rights.statuses(user, obj)
            form.base_fields["status"].choices = [(one.value, one.label) for one in allowed]
        if "visible_from" in form.base_fields:
            day, hour = form.base_fields["visible_from"].widget.widgets
            day.attrs["aria-label"] = _("Visible from: date")
            hour.attrs["aria-label"] = _("Visible from: time")
            form.base_fields["visible_from"].help_text = (
                _("Empty: at once. Time zone: %s.") % timezone.get_current_timezone_name()
            )
        form.may_add_tags = user.has_perm("articles.add_tag")
        return form

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        """Leave everything to `save_related`, where the rows are known too."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        """Hand the whole form to the writer as one change."""
        user = user_of(request)
        obj: Article = form.instance
        asked_for = form.cleaned_data.get("status")
        known = rights.statuses(user, obj if change else None)
        # The writer refuses what comes late, whatever it asks for.
        if asked_for is not None and asked_for not in known and not _is_late(request, obj):
            raise PermissionDenied
        rows: dict[str, Any] = {"credits": None, "parts": None}
        for formset in formsets:
            if isinstance(formset, CreditsFormSet):
                rows["credits"] = formset.credits()
            elif isinstance(formset, PartsFormSet):
                rows["parts"] = formset.places()
        wanted = form.change(**rows, owner_id=user.pk)
        written = self.asked(
            obj,
            wanted.expected_version,
            lambda: save_article(wanted, actor=user),
            typed=lambda: article_values.typed(wanted, form, formsets),
            user=user,
        )
        vars(obj).update(vars(written))
        warn_of_working_titles(request, [written])

    def posted(self, name: str, value: Any) -> dict[str, list[str]]:
        return article_values.posted(name, value)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if object_id is not None and request.method == "POST":
            article_values.take_rows(request, self.get_object(request, unquote(object_id)))
        return super().changeform_view(request, object_id, *args, **kwargs)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return neighbours.respond(self, request, obj) or super().response_change(request, obj)

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        article = context.get("original")
        if article is not None:
            panel = context["source_panel"] = source_panel.build(article, user_of(request))
            origins = {origin.field: origin for origin in panel.origins}
            context["adminform"].form.origins = origins
            for rows in context["inline_admin_formsets"]:
                rows.origin = origins.get(_LISTS.get(rows.formset.prefix, ""))
            context["may_share"] = previews.may_share(request, article)
            context["neighbours"] = neighbours.of(self, request, article)
        return super().render_change_form(request, context, *args, **kwargs)

    # Deleting

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return article_actions.delete_one(self, request, object_id, super().delete_view)

    def mark_of(self, obj: Any) -> str:
        """Return the version; and what is attached, which goes with the article and moves none."""
        rows = Attachment.objects.filter(article=obj).order_by("pk")
        return "-".join([str(obj.version), *map(mark_of, rows)])

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        listed = [str(article) for article in objs]
        return listed, {self.opts.verbose_name_plural: len(listed)}, set(), []

    def remove(self, request: HttpRequest, obj: Any) -> None:
        delete_articles([obj.pk], actor=user_of(request))


admin.site.register(Article, ArticleAdmin)


def _is_late(request: HttpRequest, article: Article | None) -> bool:
    """Return whether the form that is sent was opened before the last save of *article*."""
    given = request.POST.get("version", "")
    is_number = given.isascii() and given.isdigit() and len(given) < 10
    return article is not None and is_number and int(given) < article.version
