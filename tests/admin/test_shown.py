"""The ledger in words: what a row was merged into is named, whatever became of it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from articles.admin import shown
from articles.choices import OperationKind
from articles.models import FieldChange, Operation
from articles.writing import operations
from articles.writing.merging import merge_articles
from articles.writing.name_merging import merge_named
from articles.writing.name_unmerging import unmerge
from tests.factories import make_article, make_author, make_series, make_tag

pytestmark = pytest.mark.django_db

MAKERS: dict[str, Callable[..., Any]] = {
    "author": make_author, "series": make_series, "tag": make_tag,
}  # fmt: skip
every_kind = pytest.mark.parametrize("kind", MAKERS)


def told(operation: Operation, subject: str, field: str) -> list[tuple[str, str, str]]:
    """Return label, old and new of what *operation* changed."""
    changes = list(FieldChange.objects.filter(operation=operation).order_by("id"))
    names = shown.Names(changes, User(is_superuser=True))
    return [
        (
            shown.label(change.subject_type, change.field),
            shown.text(change.subject_type, change.field, change.old, names),
            shown.text(change.subject_type, change.field, change.new, names),
        )
        for change in changes
        if (change.subject_type, change.field) == (subject, field)
    ]


@every_kind
def test_a_merge_names_the_survivor(kind: str) -> None:
    survivor, copy = MAKERS[kind]("Quillon"), MAKERS[kind]("Harrow")
    number = copy.pk
    operation = merge_named(survivor, [copy], actor=None)
    assert told(operation, kind, "merged_into") == [("merged into", "", "Quillon")]
    merged = told(operation, kind, "merged")
    assert merged == [("merged into this", "", f"Harrow ({number})")]
    back = unmerge(operation, actor=None).operation
    assert back is not None
    assert told(back, kind, "merged_into") == [("merged into", "Quillon", "")]


@every_kind
def test_a_survivor_that_was_merged_on_is_named_as_it_was(kind: str) -> None:
    first, second, third = (MAKERS[kind](name) for name in ("Quillon", "Harrow", "Lowell"))
    operation = merge_named(second, [first], actor=None)
    merge_named(third, [second], actor=None)
    assert told(operation, kind, "merged_into") == [("merged into", "", "Harrow")]


def test_what_nobody_remembers_is_a_number() -> None:
    operation = operations.begin(OperationKind.MERGE)
    FieldChange.objects.create(
        operation=operation, subject_type="tag", subject_id=1, field="merged_into", new=7
    )
    assert told(operation, "tag", "merged_into") == [("merged into", "", "number 7")]


def test_merged_articles_are_named(signed_in: Callable[..., Client]) -> None:
    survivor, copy = make_article("Bells"), make_article("Bells again")
    merge_articles(survivor.pk, copy.pk, actor=None)
    page = signed_in("Editor").get(f"/admin/articles/article/{copy.pk}/history/")
    assert "<ins>Bells</ins>" in page.content.decode().replace(' dir="auto"', "")
