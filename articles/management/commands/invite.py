"""An account for a colleague, or another link for one who has it: `manage.py invite`."""

import argparse
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from articles.writing import accounts

USAGE = 2


class Command(BaseCommand):
    help = (
        "Make an account and print the link at which its owner chooses a password; with EMAIL_URL"
        " and --email, send it too. For an account that is there, make another link."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("name", help="the name to sign in with")
        parser.add_argument(
            "--role", action="append", default=[], metavar="GROUP",
            help="a group of the archive, such as Editor; repeatable",
        )  # fmt: skip
        parser.add_argument("--email", default="", metavar="ADDRESS", help="of a new account")
        parser.add_argument(
            "--site",
            metavar="URL",
            help="where the site is, if not at the first of ALLOWED_HOSTS",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        account = User.objects.filter(username=options["name"]).first()
        if account is None:
            account = self.invited(options)
        elif options["role"] or options["email"]:
            raise CommandError(
                f"The account “{account}” is there already. Its role and address are changed in the"
                " admin; without --role and --email, a link for it is made.",
                returncode=USAGE,
            )
        elif not account.is_active:
            raise CommandError(f"The account “{account}” is closed.", returncode=USAGE)
        site = (options["site"] or own_address()).rstrip("/")
        address = site + accounts.link_path(account)
        if settings.SENDS_MAIL and account.email:
            try:
                accounts.send_link(account, address, actor=None)
                self.stdout.write(f"Sent to {account.email}.")
            except OSError as error:
                self.stderr.write(f"The mail could not be sent: {error}")
        else:
            accounts.note(account, "link", "shown", actor=None)
        days = settings.PASSWORD_RESET_TIMEOUT // 86_400
        self.stdout.write(f"{account} chooses a password here, within {days} days:\n{address}")

    def invited(self, options: dict[str, Any]) -> User:
        """Return the new account that the options ask for."""
        if not options["role"]:
            names = ", ".join(Group.objects.order_by("name").values_list("name", flat=True))
            raise CommandError(f"Say what it may do: --role with one of {names}.", returncode=USAGE)
        try:
            return accounts.invite(
                options["name"], options["role"], email=options["email"], actor=None
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages), returncode=USAGE) from error
        except ValueError as error:
            raise CommandError(str(error), returncode=USAGE) from error


def own_address() -> str:
    """Return where the site is, as far as the settings tell."""
    if settings.PRODUCTION:
        return f"https://{settings.ALLOWED_HOSTS[0].lstrip('.')}"
    return "http://127.0.0.1:8000"
