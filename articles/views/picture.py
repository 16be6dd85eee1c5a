"""Pictures of bodies, as they are stored."""

from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponseBase,
    HttpResponseNotModified,
)
from django.utils.cache import get_conditional_response

from articles import pictures


def picture(request: HttpRequest, name: str) -> HttpResponseBase:
    """The picture *name*. It never changes, so whoever has it need not ask again."""
    try:
        path = pictures.path_of(name)
        if not path.exists():
            # One that was brought from elsewhere may have the largest width only.
            path = pictures.path_of(pictures.largest_of(name))
        size = path.stat().st_size
    except (ValueError, OSError):
        raise Http404 from None
    etag = f'"{name.rpartition(".")[0]}"'
    known = get_conditional_response(request, etag=etag)
    if known is not None and known.status_code == HttpResponseNotModified.status_code:
        answer: HttpResponseBase = known
    else:
        kind = pictures.TYPES[name.rpartition(".")[2]]
        answer = FileResponse(path.open("rb"), content_type=kind)
        answer["Content-Length"] = str(size)
    answer["ETag"] = etag
    answer["Cache-Control"] = "public, max-age=31536000, immutable"
    return answer
