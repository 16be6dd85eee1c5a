"""Pictures put into a text where it is written: taken in at once, shown when it is saved."""

import re
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _

from articles import pictures, sizing
from articles.admin import rights
from articles.admin.rights import user_of
from articles.cleaning import clean_html, pictures_in
from articles.writing.illustrating import take_in

_WITHOUT_WORDS = re.compile(r"<img(?![^<>]*? alt=)[^<>]*>")


def give(request: HttpRequest) -> JsonResponse:
    """Take in one picture, with POST, from whoever may enter or change articles; answer with its
    address and measures, or with ``error`` in words (400)."""
    user = user_of(request)
    if not (rights.may_add(user) or rights.may_change(user)):
        raise PermissionDenied
    if request.method != "POST":
        return JsonResponse({"error": _("A picture is sent with POST.")}, status=405)
    file: Any = request.FILES.get("file")
    if file is None:
        return JsonResponse({"error": _("Choose a file.")}, status=400)
    try:
        name, width, height = take_in(file.read(sizing.MOST_BYTES + 1))
    except ValueError as error:
        return JsonResponse({"error": str(error)}, status=400)
    return JsonResponse({"src": f"/media/{name}", "width": width, "height": height})


def wrong_with(body: str, before: str) -> str:
    """Return in words what is wrong with the pictures of a *body* that an editor typed, ``""`` if
    nothing is. What stood there *before* is not asked about again."""
    cleaned = clean_html(body)
    if "<img" not in cleaned:
        return ""
    known = set(pictures_in(before))
    for name in pictures_in(cleaned):
        if name not in known and not pictures.path_of(name).exists():
            return _("A picture is not in the archive, or no longer: put it in again.")
    for image in _WITHOUT_WORDS.findall(cleaned):
        if image not in before:
            return _(
                'A picture lacks the words for those who do not see it (alt="" if decorative).'
            )
    return ""
