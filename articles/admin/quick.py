"""A row of the list edited in place: headline, date, status and tags, without leaving the list.

The form is the article's own with fewer fields, and its save goes the same way: by the workflow's
rights, by the writer, and against the version that was opened. Who is second sees what the other
one saved, and decides. Without a script there is no button, and the list leads to the whole form.
"""

from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from articles.admin import article_values, rights
from articles.admin.base import Refused
from articles.admin.queue import warn_of_working_titles
from articles.admin.rights import user_of
from articles.choices import Status
from articles.models import Article
from articles.writing.articles import save_article

if TYPE_CHECKING:
    from articles.admin.articles import ArticleAdmin

#: In the order of the row.
FIELDS = ("headline", "published_on", "status", "tags")
#: The form that the fields of the row belong to: the row itself stands in the form of the list.
FORM_ID = "quick-form"


def urls(admin_: "ArticleAdmin") -> list[URLPattern]:
    """Return the one address."""
    wrap = admin_.admin_site.admin_view
    return [
        path("<path:object_id>/quick/", wrap(partial(view, admin_)), name="articles_article_quick")
    ]


def view(admin_: "ArticleAdmin", request: HttpRequest, object_id: str) -> HttpResponse:
    """Return the fields of a row as a piece of HTML; with POST save them, and say so in JSON, or
    return them again with what is wrong."""
    article: Article = admin_.seen_row(request, object_id)
    if not rights.may_change(user_of(request), article):
        raise PermissionDenied
    form = _form(admin_, request, article)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                written = _save(admin_, request, article, form)
        except Refused as refusal:
            admin_.refuse(request, refusal)
            form = _form(admin_, request, article)
            form.is_valid()
        else:
            messages.success(request, _("“%s” is saved.") % written.headline)
            warn_of_working_titles(request, [written])
            return JsonResponse({"saved": written.pk})
    merge = getattr(getattr(request, "refusal", None), "merge", None)
    context = {
        "article": article,
        "form": form,
        "fields": [form[name] for name in FIELDS if name in form.fields],
        "merge": merge.fields if merge is not None else [],
        "form_id": FORM_ID,
        "opts": admin_.opts,
    }
    return TemplateResponse(request, "admin/articles/article/quick.html", context)


def _form(admin_: "ArticleAdmin", request: HttpRequest, article: Article) -> Any:
    form_class = admin_.get_form(request, article, change=True, fields=["headline", "status"])
    data = request.POST if request.method == "POST" else None
    form = form_class(data, instance=article, auto_id=f"quick-{article.pk}-%s")
    status = form.fields["status"]
    # To withdraw one has to say why, in the form of the article.
    kept = [one for one in status.choices
            if one[0] != Status.WITHDRAWN or article.status == Status.WITHDRAWN]  # fmt: skip
    status.choices = kept
    tags = form.fields["tags"]
    tags.widget = tags.widget.widget
    tags.widget.attrs.pop("data-create", None)
    for field in form.fields.values():
        field.help_text = ""
        field.widget.attrs["form"] = FORM_ID
    return form


def _save(admin_: "ArticleAdmin", request: HttpRequest, article: Article, form: Any) -> Article:
    user = user_of(request)
    wanted = form.change(credits=None, parts=None, owner_id=None)
    asked_for = wanted.fields.get("status")
    if asked_for is not None and asked_for not in rights.statuses(user, article):
        raise PermissionDenied
    written: Article = admin_.asked(
        article,
        wanted.expected_version,
        lambda: save_article(wanted, actor=user),
        typed=lambda: article_values.typed(wanted, form, ()),
        user=user,
    )
    return written
