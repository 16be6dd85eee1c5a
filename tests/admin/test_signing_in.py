"""Signing in: throttled, with or without a second factor, for as long as a session lasts."""

import datetime
import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from archive_site import sessions, signing_in
from articles import clock
from articles.models import FieldChange

LOGIN, FACTOR, SET_UP = "/admin/login/", "/admin/second-factor/", "/admin/second-factor/set-up/"
PASSWORD = "a password for tests"
Account = Callable[..., User]


def sign_in(client: Client, name: str, password: str = PASSWORD, **extra: Any) -> Any:
    return client.post(LOGIN, {"username": name, "password": password, "next": "/admin/"}, **extra)


def code_of(device: TOTPDevice, later: int = 0) -> str:
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits)
    totp.time = time.time() + later * 30
    return f"{totp.token():06d}"


def with_factor(user: User) -> TOTPDevice:
    return TOTPDevice.objects.create(user=user, name="app", confirmed=True)


def who(client: Client) -> bool:
    """Return whether the client is somebody to the admin."""
    return client.get("/admin/").status_code == 200


# Throttling


def test_five_wrong_passwords_and_both_wait(account: Account) -> None:
    account("Editor")
    client = Client()
    for _time in range(4):
        assert sign_in(client, "editor", "wrong").status_code == 200
    response = sign_in(client, "editor", "wrong")
    assert response.status_code == 429
    assert response["Retry-After"] == "900"
    assert b"Try again in 15 minutes" in response.content
    # The right one does not help now, and is not told apart.
    assert sign_in(client, "editor").status_code == 429
    assert not who(client)
    # Somebody else's desk is not in the way.
    assert sign_in(Client(), "editor", REMOTE_ADDR="192.0.2.9").status_code == 302


def test_the_wait_ends(account: Account) -> None:
    account("Editor")
    for _time in range(5):
        sign_in(Client(), "editor", "wrong")
    AccessAttempt.objects.update(attempt_time=clock.now() - datetime.timedelta(minutes=16))
    assert sign_in(Client(), "editor").status_code == 302


def test_names_that_do_not_exist_are_answered_alike(account: Account) -> None:
    account("Editor")

    def answers(name: str, address: str) -> list[tuple[int, bytes]]:
        client = Client()
        found = [sign_in(client, name, "wrong", REMOTE_ADDR=address) for _time in range(6)]
        hide = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"')
        return [
            (one.status_code, hide.sub(b"", one.content).replace(name.encode(), b"NAME"))
            for one in found
        ]

    assert answers("editor", "192.0.2.1") == answers("nobody", "192.0.2.2")


def test_an_address_that_tries_many_accounts_waits(account: Account) -> None:
    account("Editor")
    for number in range(20):
        sign_in(Client(), f"name{number}", "wrong")
    assert sign_in(Client(), "editor").status_code == 429


def test_an_account_that_many_addresses_try_waits(account: Account) -> None:
    account("Editor")
    for number in range(50):
        sign_in(Client(), "editor", "wrong", REMOTE_ADDR=f"192.0.2.{number}")
    assert sign_in(Client(), "editor", REMOTE_ADDR="198.51.100.1").status_code == 429


def test_success_forgives_ones_own_slips_and_no_others(account: Account) -> None:
    account("Editor")
    for number in range(19):
        sign_in(Client(), f"name{number}", "wrong")
    assert sign_in(Client(), "editor").status_code == 302
    sign_in(Client(), "name20", "wrong")
    assert sign_in(Client(), "editor").status_code == 429


def test_nobody_waits_for_others_without_an_address(account: Account) -> None:
    account("Editor")
    for number in range(25):
        sign_in(Client(), f"name{number}", "wrong", REMOTE_ADDR="")
    assert sign_in(Client(), "editor", REMOTE_ADDR="").status_code == 302


@pytest.mark.parametrize(
    ("remote", "forwarded", "proxies", "expected"),
    [
        ("192.0.2.1", "", 0, "192.0.2.1"),
        ("192.0.2.1", "203.0.113.9", 0, "192.0.2.1"),
        ("127.0.0.1", "203.0.113.9", 1, "203.0.113.9"),
        ("127.0.0.1", "6.6.6.6, 203.0.113.9", 1, "203.0.113.9"),
        ("127.0.0.1", "6.6.6.6, 203.0.113.9, 10.0.0.1", 2, "203.0.113.9"),
        ("127.0.0.1", "203.0.113.9", 2, "203.0.113.9"),
        ("", "", 0, None),
        ("127.0.0.1", "rubbish", 1, None),
        ("2001:db8:1:2:3:4:5:6", "", 0, "2001:db8:1:2::"),
        ("::ffff:192.0.2.1", "", 0, "192.0.2.1"),
        ("127.0.0.1", "203.0.113.9:4431", 1, "203.0.113.9"),
        ("127.0.0.1", "[2001:db8:1:2:3:4:5:6]:4431", 1, "2001:db8:1:2::"),
        ("127.0.0.1", "[2001:db8:1:2:3:4:5:6]", 1, "2001:db8:1:2::"),
    ],
)
def test_the_address_behind_proxies(
    settings: Any, remote: str, forwarded: str, proxies: int, expected: str | None
) -> None:
    settings.PROXY_TRUSTED, settings.PROXY_COUNT = proxies > 0, max(1, proxies)
    request = HttpRequest()
    request.META = {"REMOTE_ADDR": remote, "HTTP_X_FORWARDED_FOR": forwarded}
    assert signing_in.client_address(request) == expected


def test_sign_ins_and_refusals_are_kept_for_a_time(
    account: Account, signed_in: Any, settings: Any, monkeypatch: Any
) -> None:
    account("Editor")
    sign_in(Client(), "my secret typed into the wrong field", "x")
    sign_in(Client(), "editor", "wrong")
    sign_in(Client(), "editor")
    assert list(AccessFailureLog.objects.order_by("pk").values_list("username", flat=True)) == [
        "", "editor",
    ]  # fmt: skip
    assert AccessLog.objects.get().username == "editor"
    auditor = signed_in("Auditor")
    assert b"editor" in auditor.get("/admin/axes/accesslog/").content
    assert b"editor" in auditor.get("/admin/axes/accessfailurelog/").content
    pk = AccessLog.objects.get(username="editor").pk
    assert auditor.post(f"/admin/axes/accesslog/{pk}/delete/", {"post": "yes"}).status_code == 403
    old = clock.now() - datetime.timedelta(days=settings.SIGN_IN_DAYS + 1)
    AccessLog.objects.update(attempt_time=old)
    AccessFailureLog.objects.update(attempt_time=old)
    assert signing_in.forget_old() == 4
    monkeypatch.setattr(signing_in, "MOST_KEPT", 2)
    for _time in range(4):
        sign_in(Client(), "editor", "wrong")
    assert AccessFailureLog.objects.count() == 2


# Sessions


def test_a_session_ends_without_use(account: Account, settings: Any) -> None:
    account("Editor")
    client = Client()
    sign_in(client, "editor")
    assert who(client)
    session = client.session
    session[sessions.SEEN] -= settings.SESSION_IDLE_MINUTES * 60 + 1
    session.save()
    assert not who(client)
    assert not Session.objects.exists()


def test_use_keeps_a_session_but_not_for_ever(account: Account, settings: Any) -> None:
    account("Editor")
    client = Client()
    sign_in(client, "editor")
    ends = Session.objects.get().expire_date
    left = ends - clock.now()
    assert datetime.timedelta(hours=settings.SESSION_HOURS - 1) < left
    assert left <= datetime.timedelta(hours=settings.SESSION_HOURS)
    session = client.session
    session[sessions.SEEN] -= 3600
    session.save()
    assert who(client)
    assert client.session[sessions.SEEN] > time.time() - 60
    assert Session.objects.get().expire_date == ends
    Session.objects.update(expire_date=clock.now() - datetime.timedelta(seconds=1))
    assert not who(client)


def test_a_sign_in_has_a_new_number_and_a_sign_out_ends_it(account: Account) -> None:
    account("Editor")
    client = Client()
    client.get(LOGIN)
    sign_in(client, "editor")
    first = client.session.session_key
    copied = Client()
    copied.cookies = client.cookies.copy()
    assert who(copied)
    client.post("/admin/logout/")
    assert not who(copied)
    sign_in(client, "editor")
    assert client.session.session_key != first


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_staff": False}])
def test_a_closed_account_is_out_at_once(account: Account, change: dict[str, bool]) -> None:
    user = account("Editor")
    client = Client()
    sign_in(client, "editor")
    User.objects.filter(pk=user.pk).update(**change)
    assert not who(client)


def test_another_password_ends_the_other_sessions(account: Account) -> None:
    account("Editor")
    here, there = Client(), Client()
    sign_in(here, "editor")
    sign_in(there, "editor")
    new = "quite another phrase"
    here.post(
        "/admin/password_change/",
        {"old_password": PASSWORD, "new_password1": new, "new_password2": new},
    )
    assert (who(here), who(there)) == (True, False)


@pytest.mark.parametrize("password", ["short-1", "Wilhelmina11", "123456789012", "password1234"])
def test_weak_passwords_are_refused(account: Account, password: str) -> None:
    account("Editor", last_name="Wilhelmina")
    client = Client()
    sign_in(client, "editor")
    response = client.post(
        "/admin/password_change/",
        {"old_password": PASSWORD, "new_password1": password, "new_password2": password},
    )
    assert response.status_code == 200
    assert response.context["form"].errors


# The second factor


def test_who_has_a_factor_is_nobody_before_it_was_shown(account: Account) -> None:
    user = account("superuser")
    device = with_factor(user)
    client = Client()
    response = sign_in(client, "superuser")
    assert response["Location"] == f"{FACTOR}?next=%2Fadmin%2F"
    for path in ("/admin/", "/admin/articles/article/", "/admin/second-factor/own/",
                 "/admin/password_change/", "/admin//", "/admin/jsi18n/"):  # fmt: skip
        assert client.get(path).status_code in {302, 404}, path
    assert b"Log out" not in client.get("/").content
    assert client.get(SET_UP)["Location"] == FACTOR
    before = client.session.session_key
    response = client.post(FACTOR, {"code": code_of(device), "next": "/admin/articles/article/"})
    assert response["Location"] == "/admin/articles/article/"
    assert who(client)
    assert client.session.session_key != before
    # A code is good once.
    other = Client()
    sign_in(other, "superuser")
    assert other.post(FACTOR, {"code": code_of(device)}).status_code == 200
    assert not who(other)


@pytest.mark.parametrize("then", ["//evil.example", "https://evil.example/", "/\\evil.example"])
def test_the_way_on_stays_on_the_site(account: Account, then: str) -> None:
    device = with_factor(account("Editor"))
    client = Client()
    sign_in(client, "editor")
    assert client.post(FACTOR, {"code": code_of(device), "next": then})["Location"] == "/admin/"


@pytest.mark.parametrize("then", ["", "//elsewhere.test/", "https://elsewhere.test/"])
def test_without_a_way_on_it_is_the_first_page_of_the_admin(account: Account, then: str) -> None:
    account("Editor")
    response = Client().post(
        f"{LOGIN}?next={then}", {"username": "editor", "password": PASSWORD, "next": then}
    )
    assert (response.status_code, response["Location"]) == (302, "/admin/")


def test_wrong_codes_have_to_wait(account: Account) -> None:
    device = with_factor(account("Editor"))
    client = Client()
    sign_in(client, "editor")
    for _time in range(3):
        assert client.post(FACTOR, {"code": "000000"}).status_code == 200
    assert client.post(FACTOR, {"code": code_of(device)}).status_code == 200
    device.refresh_from_db()
    assert device.throttling_failure_count == 1
    device.throttle_reset()
    assert client.post(FACTOR, {"code": code_of(device)}).status_code == 302


def test_it_is_set_up_with_the_password_and_the_first_code(account: Account) -> None:
    user = account("Editor")
    client, elsewhere = Client(), Client()
    sign_in(client, "editor")
    sign_in(elsewhere, "editor")
    page = client.get(SET_UP).content.decode()
    assert "<svg" in page
    assert " style=" not in page.split("<svg")[1].split("</svg>")[0]
    device = TOTPDevice(key=client.session["new_factor"])
    for data in (
        {"code": "123456", "password": PASSWORD},
        {"code": code_of(device), "password": "wrong"},
    ):
        assert client.post(SET_UP, data).context["form"].errors
    assert not sessions.has_factor(user)
    first = code_of(device)
    response = client.post(SET_UP, {"code": first, "password": PASSWORD})
    codes = response.context["codes"]
    assert len(set(codes)) == 10
    assert who(client)
    assert not who(elsewhere)
    assert client.get(LOGIN).status_code == 302
    noted = FieldChange.objects.filter(subject_type="account", subject_id=user.pk)
    assert list(noted.values_list("field", "new")) == [("second_factor", "set up")]
    # The code that set it up has had its turn.
    late = Client()
    sign_in(late, "editor")
    assert late.post(FACTOR, {"code": first}).status_code == 200
    assert not who(late)
    # A recovery code lets in once.
    for status in (302, 200):
        again = Client()
        sign_in(again, "editor")
        assert again.post(FACTOR, {"code": codes[0].upper()}).status_code == status


def test_it_is_given_up_with_the_password(account: Account, settings: Any) -> None:
    user = account("Editor")
    device = with_factor(user)
    client = Client()
    sign_in(client, "editor")
    client.post(FACTOR, {"code": code_of(device)})
    own = "/admin/second-factor/own/"
    assert client.post(own, {"password": "wrong", "off": "1"}).context["form"].errors
    codes = client.post(own, {"password": PASSWORD, "codes": "1"}).context["codes"]
    assert len(codes) == StaticToken.objects.count() == 10
    settings.SECOND_FACTOR = "required"
    client.post(own, {"password": PASSWORD, "off": "1"})
    assert sessions.has_factor(user)
    settings.SECOND_FACTOR = "optional"
    client.post(own, {"password": PASSWORD, "off": "1"})
    assert not sessions.has_factor(user)
    assert not StaticToken.objects.exists()
    assert who(client)


def test_where_it_is_required_nobody_comes_in_without(account: Account, settings: Any) -> None:
    account("Editor")
    old = Client()
    sign_in(old, "editor")
    settings.SECOND_FACTOR = "required"
    assert not who(old)
    client = Client()
    assert sign_in(client, "editor")["Location"].startswith(FACTOR)
    assert client.get(FACTOR)["Location"] == SET_UP
    client.get(SET_UP)
    device = TOTPDevice(key=client.session["new_factor"])
    response = client.post(SET_UP, {"code": code_of(device), "password": PASSWORD})
    assert len(response.context["codes"]) == 10
    assert who(client)


def test_half_signed_in_one_can_leave(account: Account) -> None:
    with_factor(account("Editor"))
    client = Client()
    sign_in(client, "editor")
    assert client.post(FACTOR, {"leave": "1"})["Location"] == LOGIN
    assert client.get(FACTOR)["Location"] == "/admin/"
    assert not Session.objects.exists()


def test_strangers_have_nothing_to_set_up() -> None:
    assert Client().get(SET_UP).status_code == 403
    assert Client().get(FACTOR)["Location"] == "/admin/"


def test_only_a_superuser_or_manager_takes_a_lost_one_away(
    account: Account, signed_in: Any
) -> None:
    user = account("Editor", "lost")
    with_factor(user)
    url = f"/admin/auth/user/{user.pk}/factor/"
    assert signed_in("Chief editor").post(url).status_code == 403
    assert sessions.has_factor(user)
    assert signed_in("superuser").post(url).status_code == 302
    assert not sessions.has_factor(user)


def test_no_page_shows_the_keys_of_devices(signed_in: Any) -> None:
    client = signed_in("superuser")
    for path in ("otp_totp/totpdevice/", "otp_static/staticdevice/"):
        assert client.get(f"/admin/{path}").status_code == 404
