"""The second factor of one's own account: showing it, setting it up, giving it up."""

import base64
import binascii
import secrets
from typing import Any

import segno
from django import forms
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django_otp import devices_for_user
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from archive_site import sessions
from articles.admin.rights import user_of
from articles.writing import accounts

#: In the session: the key of a device that is being set up, in hexadecimal.
_NEW_KEY = "new_factor"
#: Recovery codes that are given out at a time, and their letters: neither 0 and o nor 1 and l.
CODES, _LETTERS = 10, "abcdefghijkmnpqrstuvwxyz23456789"


class CodeForm(forms.Form):
    """A code of the app, or one of the recovery codes."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autofocus": True, "class": "vTextField"}
        ),
    )

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        return code.replace(" ", "").replace("-", "").lower()


class SetUpForm(CodeForm):
    """The first code of a new device, from somebody who knows the password."""

    password = forms.CharField(
        label=gettext_lazy("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class PasswordForm(forms.Form):
    """The password again, before something that cannot be taken back."""

    password = SetUpForm.base_fields["password"]


def verified(user: User, code: str) -> Any:
    """Return the device of *user* that takes *code*, or None; each failure makes the next wait."""
    with transaction.atomic():
        for device in devices_for_user(user, for_verify=True):
            # Six digits are of an app: a slip there shall not use up the patience of the others.
            is_for_app = code.isascii() and code.isdigit()
            if isinstance(device, TOTPDevice) == is_for_app and device.verify_token(code):
                return device
    return None


@sensitive_post_parameters("code")
@never_cache
@csrf_protect
def show(request: HttpRequest) -> HttpResponse:
    """Ask whoever gave the password for the second factor."""
    user = sessions.half_signed_in(request)
    if user is None:
        return HttpResponseRedirect(reverse("admin:index"))
    if request.method == "POST" and "leave" in request.POST:
        logout(request)
        return HttpResponseRedirect(reverse("admin:login"))
    if not sessions.has_factor(user):
        return HttpResponseRedirect(reverse("admin:factor_set_up"))
    form = CodeForm(request.POST or None)
    if form.is_valid():
        device = verified(user, form.cleaned_data["code"])
        if device is not None:
            sessions.show_factor(request, device.persistent_id)
            return HttpResponseRedirect(_next(request))
        form.add_error("code", _("This code is not right, or comes too soon after a wrong one."))
    context = _context(request, _("Second factor")) | {
        "form": form,
        "next": request.POST.get(REDIRECT_FIELD_NAME, request.GET.get(REDIRECT_FIELD_NAME, "")),
    }
    return TemplateResponse(request, "admin/account/factor.html", context)


@sensitive_post_parameters("code", "password")
@never_cache
@csrf_protect
def set_up(request: HttpRequest) -> HttpResponse:
    """Show the key as a picture and in letters; with its first code, take the device."""
    half = sessions.half_signed_in(request)
    if half is not None and sessions.has_factor(half):
        return HttpResponseRedirect(reverse("admin:factor"))
    user = half or _staff(request)
    if _NEW_KEY not in request.session or request.method == "GET":
        request.session[_NEW_KEY] = secrets.token_hex(20)
    device = TOTPDevice(user=user, name="app", key=request.session[_NEW_KEY])
    form = SetUpForm(request.POST or None)
    if form.is_valid():
        if not user.check_password(form.cleaned_data["password"]):
            form.add_error("password", _("This is not your password."))
        elif not device.verify_is_allowed()[0] or not _takes(device, form.cleaned_data["code"]):
            form.add_error("code", _("This is not the code of now. Look again."))
        else:
            del request.session[_NEW_KEY]
            codes = _take(user, device)
            sessions.show_factor(request, device.persistent_id)
            sessions.end_others(user.pk, keep=request.session.session_key)
            return _codes(request, user, codes)
    context = _context(request, _("Set up a second factor")) | {
        "form": form,
        "picture": picture(device.config_url),
        "key": _in_letters(device.key),
        "has_one": sessions.has_factor(user),
    }
    return TemplateResponse(request, "admin/account/factor_set_up.html", context)


def _takes(device: TOTPDevice, code: str) -> bool:
    """Return whether *code* is one of now, and let *device* take it no second time. Nothing is
    stored."""
    from django_otp.oath import TOTP

    totp = TOTP(binascii.unhexlify(device.key), device.step, device.t0, device.digits)
    if not (code.isascii() and code.isdigit() and totp.verify(int(code), device.tolerance)):
        return False
    # It has had its turn: neither it nor one before it lets anybody in once the device is stored.
    device.drift, device.last_t = totp.drift, totp.t()
    return True


@transaction.atomic
def _take(user: User, device: TOTPDevice) -> list[str]:
    """Store the device in place of any before; return new recovery codes."""
    TOTPDevice.objects.filter(user=user).delete()
    device.save()
    codes = _new_codes(user)
    accounts.note(user, "second_factor", "set up", actor=user)
    return codes


def _new_codes(user: User) -> list[str]:
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="recovery codes")
    codes = ["".join(secrets.choice(_LETTERS) for _letter in range(10)) for _code in range(CODES)]
    # One that has only digits would be taken for one of an app.
    codes = [f"k{code[1:]}" for code in codes]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return codes


def _codes(request: HttpRequest, user: User, codes: list[str]) -> HttpResponse:
    context = _context(request, _("Recovery codes"))
    # Whoever has just set it up is signed in from now on.
    context["has_permission"] = True
    context["codes"] = [f"{code[:5]}-{code[5:]}" for code in codes]
    return TemplateResponse(request, "admin/account/factor_codes.html", context)


@sensitive_post_parameters("password")
def own(request: HttpRequest) -> HttpResponse:
    """Say whether the account has a second factor; with the password, make new recovery codes or
    give it up."""
    user = user_of(request)
    has_one = sessions.has_factor(user)
    form = PasswordForm(request.POST or None)
    if form.is_valid() and has_one:
        if not user.check_password(form.cleaned_data["password"]):
            form.add_error("password", _("This is not your password."))
        elif "codes" in request.POST:
            with transaction.atomic():
                codes = _new_codes(user)
                accounts.note(user, "second_factor", "new recovery codes", actor=user)
            return _codes(request, user, codes)
        elif "off" in request.POST and not _is_required():
            accounts.remove_factor(user, actor=user)
            request.session[sessions.FACTOR] = sessions.WITHOUT
            sessions.end_others(user.pk, keep=request.session.session_key)
            messages.success(request, _("Your account has no second factor any more."))
            return HttpResponseRedirect(reverse("admin:factor_own"))
    left = StaticToken.objects.filter(device__user=user).count() if has_one else 0
    context = _context(request, _("Second factor")) | {
        "form": form,
        "has_one": has_one,
        "is_required": _is_required(),
        "left": left,
    }
    return TemplateResponse(request, "admin/account/factor_own.html", context)


def _is_required() -> bool:
    from django.conf import settings

    return bool(settings.SECOND_FACTOR == "required")


def _staff(request: HttpRequest) -> User:
    if not (request.user.is_active and request.user.is_staff):
        raise PermissionDenied
    return user_of(request)


def picture(text: str) -> SafeString:
    """Return a QR code as SVG, without a style or a script in it."""
    code = segno.make(text, error="m", micro=False)
    svg: str = code.svg_inline(scale=5, border=4, dark="#000", light="#fff", omitsize=False)
    return SafeString(svg)


def _in_letters(key: str) -> str:
    """Return a key as apps take it by hand: base 32, in groups of four."""
    text = base64.b32encode(binascii.unhexlify(key)).decode("ascii")
    return " ".join(text[place : place + 4] for place in range(0, len(text), 4))


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get(REDIRECT_FIELD_NAME, "")
    is_ours = url_has_allowed_host_and_scheme(
        wanted, {request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours else reverse("admin:index")


def _context(request: HttpRequest, title: str) -> dict[str, Any]:
    from django.contrib import admin

    request.current_app = admin.site.name
    return {**admin.site.each_context(request), "title": title}
