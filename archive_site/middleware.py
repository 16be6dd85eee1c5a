"""What holds for every answer: headers, content policy, language, methods."""

from collections.abc import Callable
from functools import cache
from typing import Any

from csp.middleware import CSPMiddleware, PolicyParts
from csp.utils import build_policy
from django.conf import settings
from django.contrib.messages.middleware import MessageMiddleware
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from archive_site import pages

Handler = Callable[[HttpRequest], HttpResponse]

ADMIN = "/admin/"
#: What can be done with a reader's page.
METHODS = ("GET", "HEAD")

#: Row S4 of the security rules: the same on every answer, errors and static files included.
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": ", ".join(
        f"{feature}=()"
        for feature in (
            "accelerometer", "autoplay", "browsing-topics", "camera",
            "display-capture", "encrypted-media", "fullscreen", "geolocation", "gyroscope", "hid",
            "idle-detection", "local-fonts", "magnetometer", "microphone", "midi", "payment",
            "picture-in-picture", "publickey-credentials-get", "screen-wake-lock", "serial",
            "usb", "xr-spatial-tracking",
        )
    ),
}  # fmt: skip


def is_admin(request: HttpRequest) -> bool:
    """Return whether *request* is for the editors' side of the site."""
    return request.path_info.startswith(ADMIN)


class HeadersMiddleware:
    """Sets the headers that every answer has. Outermost, so that no error escapes it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if "Cache-Control" not in response:
            is_open = response.status_code < 400 and not pages.is_private(request)
            is_open = is_open and not is_admin(request)
            response["Cache-Control"] = pages.PUBLIC if is_open else pages.PRIVATE
        return response


class PolicyMiddleware(CSPMiddleware):
    """Sets the content policy: one for readers, and its variant for the admin."""

    def __call__(self, request: HttpRequest) -> Any:
        if is_admin(request) or settings.DEBUG:
            return super().__call__(request)
        # Nothing in it depends on the request: readers' pages have no nonce.
        response: Any = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", _policy_of_readers())
        return response

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if is_admin(request) and not report_only:
            policy: dict[str, Any] = settings.CONTENT_SECURITY_POLICY
            parts.replace = {**policy["ADMIN_DIRECTIVES"], **(parts.replace or {})}
        return parts


@cache
def _policy_of_readers() -> str:
    return build_policy()


class SiteMiddleware:
    """Refuses what no page can answer, and chooses the language.

    The public site speaks its one language, so that one address is one page; the admin speaks
    that of its user.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_admin(request):
            return self._admin(request)
        with translation.override(settings.LANGUAGE_CODE):
            if request.method not in METHODS:
                return self._refused(request)
            _check_text(request)
            return self.get_response(request)

    def _admin(self, request: HttpRequest) -> HttpResponse:
        language = translation.get_language_from_request(request)
        with translation.override(language):
            _check_text(request)
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Accept-Language",))
        return response

    @staticmethod
    def _refused(request: HttpRequest) -> HttpResponse:
        response = pages.page(request, "405.html", status=405)
        response["Allow"] = ", ".join(METHODS)
        return response

    @staticmethod
    def process_exception(request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer an address that asks for what cannot be: the reader's slip, not the log's."""
        if not isinstance(exception, BadRequest) or is_admin(request):
            return None
        return pages.page(request, "400.html", {"message": str(exception)}, status=400)


class FailureMessageMiddleware(MessageMiddleware):
    """Messages for editors. Of a request that failed none is kept: "was changed" is put there
    before the commit, and would be read on the next page though nothing was."""

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        # Anew, with what earlier requests left to be read.
        self.process_request(request)


def _check_text(request: HttpRequest) -> None:
    """Refuse NUL, which one database stores and the other does not take."""
    query = request.META.get("QUERY_STRING", "")
    if "\x00" in request.path_info or "%00" in query or "\x00" in query:
        raise BadRequest(_("The address holds a character that no text can hold."))
