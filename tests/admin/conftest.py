"""Accounts of every role, and clients that are signed in with them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from archive_site import sessions

ROLES = ("Contributor", "Editor", "Chief editor", "Importer", "Auditor")


@pytest.fixture(autouse=True)
def in_database(db: None) -> None:
    """Every test of the admin has the database."""


@pytest.fixture(autouse=True)
def colleague(in_database: None) -> User:
    """Somebody else who can sign in: without, there is no review and nobody to share with."""
    return User.objects.create_user("colleague", is_staff=True)


@pytest.fixture
def account() -> Callable[..., User]:
    """Make an account in a group; "superuser" and "staff" (in no group) are roles too."""

    def make(role: str, name: str = "", **fields: Any) -> User:
        user = User.objects.create_user(
            name or role.lower().replace(" ", "-"),
            password="a password for tests",
            is_staff=True,
            is_superuser=role == "superuser",
            **fields,
        )
        if role in ROLES:
            user.groups.add(Group.objects.get(name=role))
        return user

    return make


@pytest.fixture
def signed_in(account: Callable[..., User]) -> Callable[..., Client]:
    """Make a client that is signed in in a role; ``client.user`` is the account."""

    def make(role: str = "Editor", user: User | None = None) -> Client:
        client = Client()
        client.user = user or account(role)  # type: ignore[attr-defined]
        client.force_login(client.user)  # type: ignore[attr-defined]
        # As the sign-in leaves it: it has asked whether there is a second factor.
        session = client.session
        session[sessions.FACTOR] = sessions.WITHOUT
        session.save()
        return client

    return make
