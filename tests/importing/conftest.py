"""Who edits between imports."""

import pytest
from django.contrib.auth.models import User


@pytest.fixture
def editor() -> User:
    return User.objects.create_user("editor", first_name="Edda", last_name="Rask")
