"""Filters of the list of articles, kept under a name."""

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.admin import rights, selecting
from articles.admin.rights import user_of
from articles.cleaning import clean_line
from articles.models import SavedView

#: So many a person may have.
MOST = 100


def add(request: HttpRequest) -> HttpResponse:
    """Keep the filter that was sent under its name; the same name again replaces it."""
    user = user_of(request)
    if not rights.may_view(user):
        raise PermissionDenied
    if request.method != "POST":
        raise Http404
    query = selecting.canonical(request.POST.get("query", ""))
    name = clean_line(request.POST.get("name", ""), 100)
    listed = HttpResponseRedirect(
        reverse("admin:articles_article_changelist") + (f"?{query}" if query else "")
    )
    try:
        selecting.articles_of(query, user)
    except IncorrectLookupParameters:
        query = ""
    if not query or not name:
        messages.error(request, _("A view needs a name, and a filter that is in force."))
        return listed
    own = SavedView.objects.filter(owner=user)
    if own.exclude(name=name).count() >= MOST:
        messages.error(request, _("You have %d views: delete one first.") % MOST)
        return listed
    SavedView.objects.update_or_create(
        owner=user,
        name=name,
        defaults={
            "query": query,
            "is_shared": rights.sees_all(user) and bool(request.POST.get("is_shared")),
        },
    )
    messages.success(request, _("The view “%s” stands on the start page.") % name)
    return listed


def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete one of one's own views; a superuser deletes any."""
    user = user_of(request)
    if request.method != "POST":
        raise Http404
    views = SavedView.objects.all() if user.is_superuser else SavedView.objects.filter(owner=user)
    view = views.filter(pk=pk).first()
    if view is None:
        raise Http404
    view.delete()
    messages.success(request, _("The view “%s” is deleted.") % view.name)
    return HttpResponseRedirect(reverse("admin:index"))
