"""Accounts of every role, and clients that are signed in with them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

ROLES = ("Contributor", "Editor", "Chief editor", "Importer", "Auditor")


@pytest.fixture(autouse=True)
def in_database(db: None) -> None:
    """Every test of the admin has the database."""


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
        return client

    return make
