"""The writer of sources: what editors decide about where listings come from."""

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from articles.choices import OperationKind
from articles.cleaning import clean_line
from articles.models import Source
from articles.writing import operations


def set_source_rights(pk: int, rights: str, *, actor: AbstractBaseUser | None) -> None:
    """Let new articles of a source have *rights* as their statement; those that are here keep
    theirs. Setting what is set writes nothing."""
    with transaction.atomic():
        source = Source.objects.select_for_update(no_key=True).get(pk=pk)
        new = clean_line(rights, 500)
        if new == source.rights:
            return
        operation = operations.begin(OperationKind.EDIT, actor=actor)
        change = operations.Change("source", pk, "rights", source.rights, new)
        operations.record(operation, [change])
        Source.objects.filter(pk=pk).update(rights=new)
