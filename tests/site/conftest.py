"""What the tests of the public site share."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from articles.writing import admission


@pytest.fixture(autouse=True)
def fresh_memory() -> Iterator[None]:
    """Forget when the next article is due, which belongs to the database of the test before."""
    admission.forget_memory()
    yield
    admission.forget_memory()


@pytest.fixture
def client() -> Client:
    """A reader's browser; what the site answers with 500 is not raised."""
    return Client(raise_request_exception=False)


@pytest.fixture
def editor_client(db: None) -> Client:
    """The browser of a signed-in editor."""
    editor: Any = get_user_model().objects.create_superuser("edith", password="long-enough-word")
    client = Client(raise_request_exception=False)
    client.force_login(editor)
    return client


def text_of(response: Any) -> str:
    """Return the page as text."""
    return response.content.decode()
