"""Colleagues: invited, given rights, lost passwords, closed accounts; and what managers may not."""

import io
import re
from collections.abc import Callable
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.core.management import CommandError, call_command
from django.test import Client

from articles.models import FieldChange, Operation
from articles.writing import accounts
from tests.admin.posting import delete
from tests.factories import make_article

ADD = "/admin/auth/user/add/"
NEW = "quite another phrase"
SignedIn = Callable[..., Client]


@pytest.fixture
def mails(settings: Any) -> None:
    settings.SENDS_MAIL = True


def manager(signed_in: SignedIn, account: Any) -> Client:
    user = account("staff", "manager")
    user.groups.add(Group.objects.get(name="User manager"))
    return signed_in(user=user)


def invited(role: str = "Editor", **fields: Any) -> dict[str, Any]:
    group = Group.objects.get(name=role)
    return {"username": "nina", "role": group.pk, "email": "nina@example.org", **fields}


def choose(address: str, password: str = NEW) -> Any:
    client = Client()
    path = re.sub(r"^https?://[^/]+", "", address)
    response = client.get(path, follow=True)
    if not response.context["validlink"]:
        return response
    where = response.redirect_chain[-1][0]
    return client.post(where, {"new_password1": password, "new_password2": password}, follow=True)


def signs_in(name: str, password: str = NEW) -> bool:
    data = {"username": name, "password": password, "next": "/admin/"}
    return Client().post("/admin/login/", data).status_code == 302


# Inviting


def test_without_mail_the_link_is_shown_and_lets_choose_a_password(
    signed_in: SignedIn, account: Any
) -> None:
    client = manager(signed_in, account)
    assert "sends no mail" in client.get(ADD).content.decode()
    response = client.post(ADD, invited(email=""))
    address = response.context["address"]
    assert address.startswith("http://testserver/admin/choose-password/")
    nina = User.objects.get(username="nina")
    assert (nina.is_staff, nina.is_superuser, nina.has_usable_password()) == (True, False, False)
    assert [group.name for group in nina.groups.all()] == ["Editor"]
    assert not signs_in("nina")
    assert "short" in str(choose(address, "short").context["form"].errors)
    assert b"The password is set" in choose(address).content
    assert signs_in("nina")
    # Once.
    assert not choose(address, "yet another phrase").context["validlink"]
    assert signs_in("nina")


def test_with_mail_the_link_is_sent(signed_in: SignedIn, account: Any, mails: None) -> None:
    client = manager(signed_in, account)
    response = client.post(ADD, invited(first_name="Nina <b>&"))
    assert response.status_code == 302
    (message,) = mail.outbox
    assert message.to == ["nina@example.org"]
    assert "Hello Nina <b>&" in message.body
    (address,) = re.findall(r"http\S+", message.body)
    assert b"The password is set" in choose(address).content
    assert signs_in("nina")


def test_what_the_ledger_says_of_it(signed_in: SignedIn, account: Any) -> None:
    client = manager(signed_in, account)
    client.post(ADD, invited())
    nina = User.objects.get(username="nina")
    changes = FieldChange.objects.filter(subject_type="account", subject_id=nina.pk)
    noted = {row.field: row.new for row in changes}
    assert noted == {
        "username": "nina", "email": "changed", "is_active": True,
        "is_staff": True, "groups": ["Editor"], "link": "shown",
    }  # fmt: skip
    assert {row.operation.actor for row in changes} == {client.user}  # type: ignore[attr-defined]
    page = client.get(f"/admin/auth/user/{nina.pk}/history/")
    assert page.status_code == 200
    assert "nina@example.org" not in page.content.decode()


@pytest.mark.parametrize(
    "fields",
    [{"username": "editor"}, {"username": "no spaces"}, {"email": "EDITOR@example.org"},
     {"email": "x"}, {"role": 0}],
    ids=["taken", "no name", "address taken", "no address", "no role"],
)  # fmt: skip
def test_what_cannot_be_is_said(signed_in: SignedIn, account: Any, fields: dict[str, Any]) -> None:
    account("Editor", email="editor@example.org")
    response = manager(signed_in, account).post(ADD, invited() | fields)
    assert response.context["form"].errors
    assert set(User.objects.values_list("username", flat=True)) == {
        "colleague", "editor", "manager",
    }  # fmt: skip


def test_a_mail_that_does_not_go_out_leaves_the_link(
    signed_in: SignedIn, account: Any, mails: None, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    response = manager(signed_in, account).post(ADD, invited())
    assert "could not be sent" in response.content.decode()
    assert b"The password is set" in choose(response.context["address"]).content


# The command


def test_the_command_prints_the_link() -> None:
    out = io.StringIO()
    call_command("invite", "nina", "--role", "Editor", "--site", "https://x.example/", stdout=out)
    address = out.getvalue().splitlines()[-1]
    assert address.startswith("https://x.example/admin/choose-password/")
    # Lost: another.
    out = io.StringIO()
    call_command("invite", "nina", stdout=out)
    assert b"The password is set" in choose(out.getvalue().splitlines()[-1]).content
    assert signs_in("nina")
    assert not choose(address).context["validlink"]


def test_the_command_sends_it_too(mails: None) -> None:
    out = io.StringIO()
    call_command("invite", "nina", "--role", "Editor", "--email", "n@example.org", stdout=out)
    assert "Sent to n@example.org." in out.getvalue()
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    "arguments",
    [["nina"], ["nina", "--role", "Nobody"], ["a b", "--role", "Editor"],
     ["editor", "--role", "Editor"], ["closed"]],
)  # fmt: skip
def test_the_command_says_what_is_wrong(account: Any, arguments: list[str]) -> None:
    account("Editor")
    account("staff", "closed", is_active=False)
    with pytest.raises(CommandError) as caught:
        call_command("invite", *arguments)
    assert caught.value.returncode == 2
    assert User.objects.count() == 3


# Forgotten


def forget(email: str) -> Any:
    return Client().post("/admin/forgotten/", {"email": email}, follow=True)


def test_a_forgotten_password_is_chosen_anew(account: Any, mails: None) -> None:
    user = account("Editor", email="ed@example.org", first_name="Ed")
    client = Client()
    client.force_login(user)
    assert b"is on its way" in forget("ED@example.org").content
    (address,) = re.findall(r"http\S+", mail.outbox[0].body)
    assert "somebody asked" in mail.outbox[0].body
    assert b"The password is set" in choose(address).content
    assert signs_in("editor")
    # Whoever was signed in, with the old one, is so no more.
    assert client.get("/admin/").status_code == 302


def test_a_lost_first_link_is_sent_again(mails: None) -> None:
    accounts.invite("nina", ["Editor"], email="nina@example.org", actor=None)
    forget("nina@example.org")
    assert "you have an account" in mail.outbox[0].body


def test_strangers_learn_nothing(account: Any, mails: None) -> None:
    account("Editor", email="ed@example.org")
    account("staff", "gone", email="gone@example.org", is_active=False)
    answers = {forget(f"{name}@example.org").content for name in ("ed", "gone", "nobody")}
    assert len(answers) == 1
    assert len(mail.outbox) == 1


def test_nobody_is_flooded_with_links(account: Any, mails: None) -> None:
    account("Editor", email="ed@example.org")
    for _time in range(5):
        forget("ed@example.org")
    assert len(mail.outbox) == 3


class Away(BaseEmailBackend):
    """A mail server that refuses, and names whom."""

    asked = 0

    def send_messages(self, _messages: Any) -> int:
        Away.asked += 1
        raise SMTPRecipientsRefused({"ed@example.org": (550, b"no ed@example.org here")})


def test_while_no_mail_goes_out_it_is_not_tried_without_end(
    account: Any, mails: None, settings: Any, caplog: Any, monkeypatch: Any
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Away"
    monkeypatch.setattr(Away, "asked", 0)
    account("Editor", email="ed@example.org")
    for _time in range(5):
        forget("ed@example.org")
    assert Away.asked == 3
    assert "SMTPRecipientsRefused" in caplog.text
    assert "ed@example.org" not in caplog.text


def test_look_alikes_are_not_taken_for_it(account: Any, mails: None) -> None:
    account("Editor", email="mike@example.org")
    forget("mıke@example.org")
    assert mail.outbox == []


def test_without_mail_the_page_says_so(account: Any) -> None:
    account("Editor", email="ed@example.org")
    assert b"sends no mail" in Client().get("/admin/forgotten/").content
    forget("ed@example.org")
    assert mail.outbox == []
    assert b"Forgotten password" in Client().get("/admin/login/").content


def test_a_subject_is_one_line(account: Any, mails: None, settings: Any) -> None:
    settings.SITE_NAME = "A\nBcc: x@example.org"
    account("Editor", email="ed@example.org")
    forget("ed@example.org")
    assert "\n" not in mail.outbox[0].subject


# What a user manager may not


def change(client: Client, user: User, **fields: Any) -> Any:
    data = {
        "username": user.username, "first_name": user.first_name, "last_name": user.last_name,
        "email": user.email, "groups": [group.pk for group in user.groups.all()],
        **({"is_active": "on"} if user.is_active else {}), "mark": accounts.mark_of(user), **fields,
    }  # fmt: skip
    return client.post(f"/admin/auth/user/{user.pk}/change/", data)


def test_a_manager_changes_roles_and_closes_accounts(signed_in: SignedIn, account: Any) -> None:
    client = manager(signed_in, account)
    user = account("Editor")
    there = signed_in(user=user)
    importer = Group.objects.get(name="Importer")
    assert change(client, user, groups=[importer.pk]).status_code == 302
    assert [group.name for group in user.groups.all()] == ["Importer"]
    assert there.post("/admin/articles/article/add/").status_code == 403
    noted = FieldChange.objects.get(field="groups", subject_id=user.pk)
    assert (noted.old, noted.new) == (["Editor"], ["Importer"])
    change(client, user, is_active="")
    user.refresh_from_db()
    assert not user.is_active
    assert there.get("/admin/").status_code == 302


@pytest.mark.parametrize(
    "fields",
    [{"is_superuser": "on"}, {"is_staff": ""}, {"user_permissions": [1]}, {"password": "x"},
     {"last_login_0": "2020-01-01"}],
    ids=["superuser", "no staff", "permissions", "password", "dates"],
)  # fmt: skip
def test_forged_fields_change_nothing(
    signed_in: SignedIn, account: Any, fields: dict[str, Any]
) -> None:
    client = manager(signed_in, account)
    user = account("Editor")
    before = accounts.values_of(user)
    change(client, user, **fields)
    assert accounts.values_of(User.objects.get(pk=user.pk)) == before


def test_a_manager_makes_no_manager(signed_in: SignedIn, account: Any) -> None:
    client = manager(signed_in, account)
    user = account("Editor")
    group = Group.objects.get(name="User manager")
    own = Group.objects.create(name="Own")
    own.permissions.add(Permission.objects.get(codename="delete_group"))
    for one in (group, own):
        assert change(client, user, groups=[one.pk]).status_code == 200
        assert client.post(ADD, invited(role=one.name)).context["form"].errors
    assert [found.name for found in user.groups.all()] == ["Editor"]


@pytest.mark.parametrize("role", ["superuser", "manager", "right of their own"])
def test_guarded_accounts_are_only_looked_at(signed_in: SignedIn, account: Any, role: str) -> None:
    client = manager(signed_in, account)
    user = account("superuser" if role == "superuser" else "staff", "other")
    if role == "manager":
        user.groups.add(Group.objects.get(name="User manager"))
    if role == "right of their own":
        user.user_permissions.add(Permission.objects.get(codename="change_user"))
    before = accounts.values_of(user)
    for one in (user, client.user):  # type: ignore[attr-defined]
        assert change(client, one, email="mine@example.org").status_code == 403
        for act in ("link", "factor", "password", "delete"):
            url = f"/admin/auth/user/{one.pk}/{act}/"
            assert client.post(url, {"post": "yes"}).status_code == 403, act
    assert accounts.values_of(User.objects.get(pk=user.pk)) == before
    assert client.get(f"/admin/auth/user/{user.pk}/change/").status_code == 200


def test_whoever_did_something_is_closed_not_deleted(signed_in: SignedIn, account: Any) -> None:
    client = signed_in("superuser")
    user, other = account("Editor"), account("Editor", "other")
    make_article("One", actor=user)
    for one, status in ((user, 403), (other, 302)):
        url = f"/admin/auth/user/{one.pk}/delete/"
        assert client.post(url, {"post": "yes"}).status_code == status
    assert User.objects.filter(pk=user.pk).exists()
    assert Operation.objects.filter(actor=user).exists()


def test_a_superuser_sets_a_password_and_it_is_noted(signed_in: SignedIn, account: Any) -> None:
    client = signed_in("superuser")
    user = account("Editor")
    there = signed_in(user=user)
    data = {"password1": NEW, "password2": NEW, "usable_password": "true", "set-password": "1"}
    client.post(f"/admin/auth/user/{user.pk}/password/", data)
    assert signs_in("editor")
    assert there.get("/admin/").status_code == 302
    assert FieldChange.objects.get(subject_id=user.pk, field="password").new == "set by hand"


def test_ones_own_new_password_is_noted_and_ends_the_other_sessions(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    user = client.user  # type: ignore[attr-defined]
    there = signed_in(user=user)
    data = {"old_password": "a password for tests", "new_password1": NEW, "new_password2": NEW}
    assert client.post("/admin/password_change/", data).status_code == 302
    assert FieldChange.objects.get(subject_id=user.pk, field="password").new == "chosen"
    assert client.get("/admin/").status_code == 200
    assert there.get("/admin/").status_code == 302


def test_what_is_deleted_is_noted(signed_in: SignedIn, account: Any) -> None:
    client = signed_in("superuser")
    group, user = Group.objects.create(name="Own"), account("Editor", "other")
    for model, pk, subject, field, old in (
        ("group", group.pk, "group", "name", "Own"),
        ("user", user.pk, "account", "username", "other"),
    ):
        delete(client, f"/admin/auth/{model}/{pk}/delete/")
        noted = FieldChange.objects.get(subject_type=subject, subject_id=pk, field=field)
        assert (noted.old, noted.new) == (old, None)
    assert not Group.objects.filter(name="Own").exists()
    assert not User.objects.filter(username="other").exists()


def test_rights_of_a_group_are_noted(signed_in: SignedIn) -> None:
    client = signed_in("superuser")
    group = Group.objects.create(name="Own")
    permission = Permission.objects.get(codename="add_article")
    client.post(
        f"/admin/auth/group/{group.pk}/change/",
        {"name": "Own", "permissions": [permission.pk], "mark": accounts.mark_of(group)},
    )
    noted = FieldChange.objects.get(subject_type="group", subject_id=group.pk)
    assert (noted.field, noted.old, noted.new) == ("permissions", [], ["articles.add_article"])
    assert client.get(f"/admin/auth/group/{group.pk}/history/").status_code == 200


@pytest.mark.parametrize(
    "query",
    ["password__startswith=p", "email__regex=.", "is_superuser__exact=1", "role=x", "active=no%00"],
)
def test_the_list_of_accounts_is_asked_by_its_filters_only(
    signed_in: SignedIn, account: Any, query: str
) -> None:
    response = manager(signed_in, account).get(f"/admin/auth/user/?{query}")
    assert response.status_code in {302, 400}


# Alone, and no longer


def traces(client: Client, article: Any) -> list[str]:
    """Return which words about review and assignment the desk shows."""
    pages = {
        "start": client.get("/admin/").content.decode(),
        "list": client.get("/admin/articles/article/?status=draft").content.decode(),
        "form": client.get(f"/admin/articles/article/{article.pk}/change/").content.decode(),
        "new": client.get("/admin/articles/article/add/").content.decode(),
        "figures": client.get("/admin/figures/").content.decode(),
    }
    words = ("in_review", "In review", "in review", "id_owner", "for all editors")
    return sorted({f"{name}: {word}" for name, page in pages.items() for word in words
                   if word in page})  # fmt: skip


def test_alone_there_is_no_trace_of_review_and_assignment(
    signed_in: SignedIn, colleague: User
) -> None:
    User.objects.filter(pk=colleague.pk).update(is_active=False)
    client = signed_in("superuser")
    article = make_article("One", status="draft")
    assert traces(client, article) == []
    # The second account turns them on.
    accounts.invite("nina", ["Editor"], actor=None)
    assert traces(client, article) == [
        "figures: In review", "figures: in review", "figures: in_review", "form: id_owner",
        "form: in review", "form: in_review", "list: for all editors", "list: in review",
        "list: in_review", "new: id_owner", "new: in review", "new: in_review",
        "start: In review", "start: in_review",
    ]  # fmt: skip


def test_alone_what_is_in_review_stays_within_reach(signed_in: SignedIn, colleague: User) -> None:
    User.objects.filter(pk=colleague.pk).update(is_active=False)
    client = signed_in("superuser")
    article = make_article("One", status="in_review")
    assert "list: in_review" in traces(client, article)
    assert client.get("/admin/articles/article/?status=in_review").status_code == 200
