"""Pages of the site itself: About, Imprint, Privacy, and what else editors write."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils.text import Truncator
from django.views.decorators.common import no_append_slash
from markupsafe import Markup

from archive_site import pages
from archive_site.pages import page
from articles import site_links
from articles.cleaning import html_to_text
from articles.models import SitePage


# Whatever has one segment would be sent on to its slash, to find nothing there.
@no_append_slash
def site_page(request: HttpRequest, slug: str) -> HttpResponse:
    """One page of the site; an editor sees a draft, too."""
    known = site_links.current(request.META.get(pages.CONTENT))
    editor = pages.editor_of(request)
    rows = SitePage.objects.filter(slug=slug)
    if editor is not None and editor.has_perm("articles.view_sitepage"):
        found = rows.first()
    else:
        found = rows.published().first() if slug in known.pages else None
    if found is None:
        lower = slug.lower()
        if lower in known.moved or lower in known.pages:
            present = known.moved.get(lower, lower)
            return HttpResponsePermanentRedirect(reverse("page", args=[present]))
        if lower in known.gone:
            return page(request, "gone.html", status=410)
        raise Http404
    may_edit = editor is not None and editor.has_perm("articles.change_sitepage")
    context = {
        "shown": found,
        "body": Markup(found.body),  # noqa: S704  it was cleaned when it was stored
        "description": Truncator(" ".join(html_to_text(found.body).split())).chars(200),
        "edit_url": reverse("admin:articles_sitepage_change", args=[found.pk]) if may_edit else "",
    }
    return page(request, "articles/site_page.html", context)


def page_without_slash(request: HttpRequest) -> str:
    """Return the address of the page that the path of *request* names but for its slash."""
    slug = request.path_info.strip("/")
    if request.path_info.endswith("/") or "/" in slug:
        return ""
    known = site_links.current(request.META.get(pages.CONTENT))
    return reverse("page", args=[slug]) if slug in known.pages or slug in known.moved else ""
