"""What happens to accounts, in the one ledger: who changed whose rights, and how a password came.

Addresses, passwords and codes are never written there, only that they changed. A group is noted as
an account is.
"""

import datetime
import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, Group, User
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from articles.choices import OperationKind
from articles.models import FieldChange
from articles.writing import operations

#: Columns whose values are noted, and those of which it is noted that they changed.
SHOWN = ("username", "first_name", "last_name", "is_active", "is_staff", "is_superuser")
HIDDEN = ("email", "password")
#: What the ledger says of a value that is nobody's to read.
CHANGED = "changed"


def values_of(account: User | Group) -> dict[str, Any]:
    """Return what is compared of an account or a group before and after a change."""
    permissions = getattr(account, "permissions", None) or getattr(
        account, "user_permissions", None
    )
    named = sorted(
        f"{app}.{code}"
        for app, code in (
            permissions.values_list("content_type__app_label", "codename") if permissions else ()
        )
    )
    if isinstance(account, Group):
        return {"name": account.name, "permissions": named}
    return {
        **{name: getattr(account, name) for name in (*SHOWN, *HIDDEN)},
        "groups": sorted(account.groups.values_list("name", flat=True)),
        "permissions": named,
    }


def mark_of(account: User | Group) -> str:
    """Return what says in which state an account or a group is: another one after every change of
    what is compared of it. Nothing of that can be read from it."""
    values = json.dumps(values_of(account), sort_keys=True)
    return salted_hmac("articles.writing.accounts", values, algorithm="sha256").hexdigest()


def record(
    account: User | Group,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    actor: AbstractBaseUser | None,
    reason: str = "",
) -> None:
    """Note in the ledger what of *account* is another *after* than *before*, each empty if there
    is none."""
    changed = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    if not changed:
        return
    subject = "group" if isinstance(account, Group) else "account"
    changes = [
        operations.Change(subject, account.pk, name, None, CHANGED)
        if name in HIDDEN
        else operations.Change(subject, account.pk, name, before.get(name), after.get(name))
        for name in changed
        if name not in HIDDEN or after.get(name)
    ]
    with transaction.atomic():
        operation = operations.begin(OperationKind.EDIT, actor=actor, reason=reason)
        operations.record(operation, changes)
        operations.drop_if_empty(operation)


def note(account: User, field: str, what: str, *, actor: AbstractBaseUser | None) -> None:
    """Note that something happened to an account which has no value to compare."""
    with transaction.atomic():
        operation = operations.begin(OperationKind.EDIT, actor=actor)
        operations.record(operation, [operations.Change("account", account.pk, field, None, what)])


def times_noted(account: User, field: str, since: datetime.datetime) -> int:
    """Return how often something was noted of an account since a moment."""
    rows = FieldChange.objects.filter(
        subject_type="account", subject_id=account.pk, field=field, operation__at__gte=since
    )
    return rows.count()


def link_path(account: User) -> str:
    """Return the address, within the site, at which *account* chooses a password. It ends with
    the password, with the next sign-in, or after `PASSWORD_RESET_TIMEOUT` seconds."""
    uid = urlsafe_base64_encode(force_bytes(account.pk))
    token = default_token_generator.make_token(account)
    return reverse("admin:password_reset_confirm", args=[uid, token])


def send_link(
    account: User, address: str, *, actor: AbstractBaseUser | None, is_noted: bool = False
) -> None:
    """Send *account* the *address* at which it chooses a password, and note it, unless it *is
    noted* already. Raises `OSError` if no mail goes out."""
    is_new = account.last_login is None
    context = {
        "account": account,
        "address": address,
        "is_new": is_new,
        "site_name": settings.SITE_NAME,
        "days": settings.PASSWORD_RESET_TIMEOUT // 86_400,
    }
    subject = _("Your account at %s") if is_new else _("A new password at %s")
    text = render_to_string("admin/account/link_mail.txt", context)
    send_mail(" ".join((subject % settings.SITE_NAME).split()), text, None, [account.email])
    if not is_noted:
        note(account, "link", "sent", actor=actor)


def invite(
    username: str,
    roles: Sequence[str],
    *,
    email: str = "",
    first_name: str = "",
    last_name: str = "",
    actor: AbstractBaseUser | None,
) -> User:
    """Return a new account of the staff in the groups *roles*, which has no password yet.

    Raises `ValueError` for a group that does not exist and `ValidationError` for a name that is
    taken or none.
    """
    groups = {group.name: group for group in Group.objects.filter(name__in=list(roles))}
    if missing := [name for name in roles if name not in groups]:
        raise ValueError(_("There is no group “%s”.") % missing[0])
    account = User(
        username=User.normalize_username(username),
        email=User.objects.normalize_email(email),
        first_name=first_name,
        last_name=last_name,
        is_staff=True,
    )
    account.set_unusable_password()
    account.full_clean(exclude=["password"])
    with transaction.atomic():
        account.save()
        account.groups.set(groups.values())
        after = {name: value for name, value in values_of(account).items() if value}
        # It has none yet.
        del after["password"]
        record(account, {}, after, actor=actor)
    return account


def remove_factor(account: User, *, actor: AbstractBaseUser | None) -> None:
    """Take the second factor from an account, with its recovery codes."""
    from django_otp.plugins.otp_static.models import StaticDevice
    from django_otp.plugins.otp_totp.models import TOTPDevice

    with transaction.atomic():
        TOTPDevice.objects.filter(user_id=account.pk).delete()
        StaticDevice.objects.filter(user_id=account.pk).delete()
        note(account, "second_factor", "removed", actor=actor)


def active_count(limit: int = 2) -> int:
    """Return how many people can sign in, as far as *limit*."""
    rows = User.objects.filter(is_active=True, is_staff=True).order_by()
    return len(rows.values_list("pk")[:limit])
