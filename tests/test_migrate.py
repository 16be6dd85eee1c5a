"""``manage.py migrate`` leaves a database that knows how much it holds."""

import pytest
from django.core.management import call_command
from django.db import connection

from articles.search import base
from tests.factories import make_article

pytestmark = pytest.mark.django_db


def _known() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT tbl FROM sqlite_stat1")
        return {table for (table,) in cursor.fetchall()}


def test_statistics_that_a_migration_lost_are_renewed() -> None:
    make_article("Bell")
    base.optimise()
    if connection.vendor != "sqlite":
        # A table that PostgreSQL alters keeps its statistics: there is nothing to be renewed.
        call_command("migrate", verbosity=0)
        return
    with connection.cursor() as cursor:
        # As it is after SQLite made a table anew.
        cursor.execute("DELETE FROM sqlite_stat1 WHERE tbl = 'articles_searchdocument'")
    assert "articles_searchdocument" not in _known()
    call_command("migrate", verbosity=0)
    assert {"articles_searchdocument", "articles_article"} <= _known()
