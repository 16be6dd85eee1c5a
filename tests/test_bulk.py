"""Rows that go in without model instances are the rows that Django would have stored."""

import datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from articles import bulk
from articles.choices import OperationKind
from articles.models import FieldChange, GoneAddress, Operation, Tag
from articles.writing import operations

pytestmark = pytest.mark.django_db

#: What COPY's text format, or a careless quotation, would read as something else.
ODD = (
    "", "\\", "\\N", "a\\tb", "a\tb", "a\nb", "a\r\nb", "\\.", "tab\tand \\ and\nline", "'; --",
    '"', "%s", "%(x)s", "t", "null", "NULL", "Ōé—灯台🧭", "\u2028", "ends in \\",
)  # fmt: skip


def stored(value: Any) -> FieldChange:
    operation = operations.begin(OperationKind.EDIT)
    operations.record(operation, [operations.Change("article", 7, "headline", value, value)])
    return FieldChange.objects.get(operation=operation)


@pytest.mark.parametrize("text", ODD)
def test_odd_text_is_stored_as_it_is(text: str) -> None:
    bulk.insert(
        Operation, ("kind", "at", "reason"), [("edit", datetime.datetime.now(datetime.UTC), text)]
    )
    assert Operation.objects.latest("id").reason == text
    assert stored(text).old == text


@pytest.mark.parametrize("value", [None, 0, False, [], {}, [{"name": "a\\b\n", "n": None}], "null"])
def test_json_values_come_back_as_they_were(value: Any) -> None:
    change = stored(value)
    assert change.old == value
    assert FieldChange.objects.filter(pk=change.pk, old__isnull=True).exists() == (value is None)


def test_moments_are_the_same_moments() -> None:
    moment = datetime.datetime(2021, 3, 28, 1, 30, 0, 123456, tzinfo=datetime.UTC)
    zone = datetime.timezone(datetime.timedelta(hours=5, minutes=30))
    for given in (moment, moment.astimezone(zone)):
        bulk.insert(Operation, ("kind", "at", "reason"), [("edit", given, "")])
        assert Operation.objects.latest("id").at == moment


def test_reserved_ids_are_those_of_no_row_and_never_were() -> None:
    first = operations.begin(OperationKind.EDIT).pk
    Operation.objects.filter(pk=first).delete()
    ids = bulk.reserve_ids(Operation, 3)
    assert len(set(ids)) == 3
    assert min(ids) > first
    assert ids == sorted(ids)
    moment = datetime.datetime.now(datetime.UTC)
    bulk.insert(Operation, ("id", "kind", "at", "reason"), [(pk, "edit", moment, "") for pk in ids])
    assert operations.begin(OperationKind.EDIT).pk > max(ids)


def test_constraints_hold() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.insert(
            Operation,
            ("kind", "at", "reason"),
            [("no kind", datetime.datetime.now(datetime.UTC), "")],
        )
    Tag.objects.create(name="tide", slug="tide")
    row = ("tide", "tide-2", "tide", "topic", "", "tide", 1)
    names = ("name", "slug", "key", "kind", "description", "collation_key", "version")
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.insert(Tag, names, [row])


def test_what_is_there_is_passed_over_if_that_is_asked() -> None:
    bulk.insert(GoneAddress, ("path",), [("a",)])
    bulk.insert(GoneAddress, ("path",), [("a",), ("b",), ("b",), ("c",)], unless_there=True)
    assert sorted(GoneAddress.objects.values_list("path", flat=True)) == ["a", "b", "c"]
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.insert(GoneAddress, ("path",), [(None,)], unless_there=True)


def test_nothing_is_no_statement(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        bulk.insert(Operation, ("kind",), [])


@pytest.mark.parametrize("name", ["Зелёный маяк", "灯台 🧭", "Ōé"])
def test_letters_of_every_script_are_stored_as_themselves(name: str) -> None:
    change = stored({name: [name]})
    assert change.old == {name: [name]}
    with connection.cursor() as cursor:
        cursor.execute("SELECT CAST(old AS text) FROM articles_fieldchange")
        assert name in cursor.fetchone()[0]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL takes no half characters.")
def test_half_a_character_stays_escaped() -> None:
    assert stored("half \ud83e of one").old == "half \ud83e of one"
