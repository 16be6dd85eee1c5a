"""Whoever looked for something in vain is counted, when the answer is out."""

from collections.abc import Callable
from functools import partial

from django.http import HttpRequest, HttpResponse

from archive_site.caching import KEEP
from archive_site.middleware import Handler
from archive_site.pages import SOUGHT


class SearchMiddleware:
    """Counts the searches that a page says found nothing (`archive_site.pages.SOUGHT`)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        text = request.META.get(SOUGHT)
        if text is not None:
            # Kept, it would be given out again without anybody counting.
            request.META.pop(KEEP, None)
        if text is not None and request.method == "GET":
            from articles.redacting import guard
            from articles.writing import failed_searches

            failed_searches.note(text)
            store = partial(failed_searches.store, guard.left_of)
            response.close = _then(store, response.close)  # type: ignore[method-assign]
        return response


def _then(first: Callable[[], None], second: Callable[[], None]) -> Callable[[], None]:
    def both() -> None:
        try:
            first()
        finally:
            second()

    return both
