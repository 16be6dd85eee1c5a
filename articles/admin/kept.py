"""What somebody typed into a form that can no longer be saved, so that it is not lost."""

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from articles.admin.base import WriterAdmin

#: Fields that say nothing.
_TECHNICAL = (
    "csrfmiddlewaretoken",
    "version",
    "_save",
    "_continue",
    "_addanother",
    "_popup",
    "_kept",
)


def say(context: dict[str, Any], said: str) -> None:
    """Let the page of a form in which something was brought back say *said* in a note, and nothing
    of errors: nobody tried to save it, and whoever does is told what is wrong with it."""
    context["adminform"].form.errors.clear()
    for inline in context["inline_admin_formsets"]:
        inline.formset.non_form_errors().clear()
        for errors in inline.formset.errors:
            errors.clear()
    context |= {"errors": [], "brought_back": said}


def page(admin: "WriterAdmin", request: HttpRequest, status: int) -> HttpResponse:
    """Return a page with the texts that were sent; *status* says why they are not saved: 403 or
    404."""
    known = {field.name: field for field in admin.opts.get_fields() if hasattr(field, "attname")}
    texts = [
        (capfirst(getattr(known.get(name), "verbose_name", name)), value)
        for name, values in request.POST.lists()
        for value in values
        if name not in _TECHNICAL and "-" not in name and value.strip()
    ]
    context = {
        **admin.admin_site.each_context(request),
        "title": _("Not saved"),
        "opts": admin.opts,
        "is_gone": status == 404,
        "texts": texts,
    }
    request.current_app = admin.admin_site.name
    return TemplateResponse(request, "admin/kept.html", context, status=status)
