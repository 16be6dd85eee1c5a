"""Suggestions while somebody types in the search field, for the script that shows them."""

from django.http import HttpRequest, JsonResponse

from archive_site import pages
from archive_site.jinja2 import articles_count
from articles.suggesting import suggest


def suggestions(request: HttpRequest) -> JsonResponse:
    """What ``?q=`` may be the beginning of, as JSON: ``{"suggestions": [{"kind": "Author",
    "label": "Clara Weiss", "url": "/authors/clara-weiss/", "detail": "3 articles"}]}``."""
    found = [
        {
            "kind": item.kind,
            "label": item.label,
            "url": item.url,
            "detail": "" if item.count is None else articles_count(item.count),
        }
        for item in suggest(request.GET.get("q", ""))
    ]
    response = JsonResponse({"suggestions": found})
    response["Cache-Control"] = pages.PRIVATE if pages.has_session(request) else pages.PUBLIC
    response["X-Robots-Tag"] = "noindex"
    return response
