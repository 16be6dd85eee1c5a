"""The first account: `manage.py make_editor`."""

import secrets
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand
from django.db import transaction

NAME = "editor"
#: Neither 0 and o nor 1 and l: the password is read off a screen.
LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"


def new_password() -> str:
    """Return four groups of five letters, about 100 bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(5)) for _ in range(4))


class Command(BaseCommand):
    help = (
        f"Make the account “{NAME}”, which may do everything, and print its password. Does nothing"
        " once there is any account."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        users = get_user_model()._default_manager
        with transaction.atomic():
            if not users.exists():
                password = new_password()
                users.create_superuser(NAME, password=password)
                self.stdout.write(
                    f"\n  Account   {NAME}\n  Password  {password}\n"
                    "  It is shown only this once; another: "
                    f"manage.py changepassword {NAME}\n"
                )
                return
        if users.filter(username=NAME).exists():
            self.stdout.write(
                f"The account “{NAME}” is there; a new password: manage.py changepassword {NAME}"
            )
        else:
            self.stdout.write(f"There are accounts already, so no “{NAME}” was made.")
