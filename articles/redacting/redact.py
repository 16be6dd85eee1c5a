"""Removing a text or a name on legal grounds, in one transaction, for good.

The one act of the archive that changes its history: what goes is taken out of the ledger too, and
no undo or restore brings it back. What stays is that it happened (`Redaction`), and fingerprints by
which an import recognises what it must not bring again (`articles.redacting.guard`).
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from articles import clock
from articles.choices import MarkKind, OperationKind, RedactionKind
from articles.cleaning import clean_line, is_blank
from articles.importing.lock import import_lock
from articles.models import Article, Redaction
from articles.public_keys import normalise_key
from articles.redacting import disk, marks
from articles.redacting.marks import Known, Mark
from articles.redacting.named import WordsRemoval
from articles.redacting.steps import Steps
from articles.redacting.whole import TextRemoval
from articles.redacting.words import words_of
from articles.writing import index, operations
from articles.writing.operations import Change

#: Letters and digits that words have at least, all of them together: less would be found anywhere.
LEAST = 3


class Refused(Exception):
    """What was asked for cannot be removed so; the message says why."""


class PlanMoved(Exception):
    """It is no longer what was shown and agreed to. Nothing was written."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be removed: the text of an article by its permanent key, or words in one or more
    spellings; and the legal reason, which is kept."""

    reason: str
    key: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Planned:
    """What a removal does; ``digest`` tells whether two are the same."""

    steps: Steps
    article: Article | None

    def digest(self) -> str:
        """Return a hash of what is done where."""
        text = json.dumps([*self.steps.as_json(), self.steps.remarks], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def make_plan(wanted: Wanted) -> Planned:
    """Return what removing *wanted* would do. Writes nothing. Raises `Refused`."""
    _check(wanted)
    with transaction.atomic():
        if wanted.key:
            article = _article(wanted.key)
            steps = TextRemoval(article, None).run()
            return Planned(steps, article)
        known = Known(marks.marks_of_words(wanted.words))
        steps = WordsRemoval(known, write=False).run()
        _on_disk(known, steps)
        return Planned(steps, None)


def redact(
    wanted: Wanted, *, actor: AbstractBaseUser | None, agreed: str | None = None
) -> tuple[Redaction, Planned]:
    """Remove *wanted*; return the record of it and what was done.

    Raises `Refused`, `LockHeld` while an import runs, and `PlanMoved` if that is no longer what
    had the digest *agreed*. Nothing is written then.
    """
    _check(wanted)
    with import_lock(), transaction.atomic():
        if agreed is not None and make_plan(wanted).digest() != agreed:
            raise PlanMoved
        at = clock.now()
        operation = operations.begin(
            OperationKind.BULK, actor=actor, reason=clean_line(wanted.reason, 500)
        )
        redaction = Redaction.objects.create(
            kind=RedactionKind.TEXT if wanted.key else RedactionKind.WORDS,
            at=at,
            actor_id=actor.pk if actor else None,
            reason=clean_line(wanted.reason, 500),
            key_name=marks.key_name(),
        )
        if wanted.key:
            planned, kept, files, touched = _remove_text(wanted, operation)
            redaction.article = planned.article
        else:
            planned, kept, files, touched = _remove_words(wanted)
        marks.store(redaction, kept)
        operations.record(
            operation,
            [Change("article", pk, "redaction", None, redaction.pk) for pk in sorted(touched)],
        )
        operations.drop_if_empty(operation)
        redaction.totals = planned.steps.as_json()
        redaction.save(update_fields=["article", "totals"])
        transaction.on_commit(lambda: disk.remove(files))
    return redaction, planned


def lift(redaction: Redaction) -> None:
    """Let imports bring again what *redaction* removed. What was removed does not come back."""
    with transaction.atomic():
        Redaction.objects.filter(pk=redaction.pk).update(lifted=clock.now())
        redaction.marks.exclude(kind=MarkKind.ADDRESS).delete()


Done = tuple[Planned, Sequence[Mark], Sequence[Path], Sequence[int]]


def _remove_text(wanted: Wanted, operation: Any) -> Done:
    article = _article(wanted.key)
    removal = TextRemoval(article, operation)
    steps = removal.run()
    article.refresh_from_db()
    kept = [*marks.lasting(removal.marks), *removal.addresses]
    return Planned(steps, article), kept, removal.files, removal.ids


def _remove_words(wanted: Wanted) -> Done:
    found = marks.marks_of_words(wanted.words)
    known = Known(found)
    removal = WordsRemoval(known, write=True)
    steps = removal.run()
    files = [*_on_disk(known, steps), *removal.files()]
    touched = [pk for chunk in index.batches(sorted(removal.articles)) for pk in chunk]
    return Planned(steps, None), [*found, *removal.addresses], files, touched


def _on_disk(known: Known, steps: Steps) -> list[Path]:
    """Find files of the archive that hold the words: plans, exports, what was left over."""
    found = disk.files_with(lambda text: disk.holds(text, known))
    for path in found:
        steps.add("files", "file removed", path.name)
    if disk.pictures():
        steps.remarks.append(_("Nobody can read here what pictures and documents show: look."))
    return found


def _check(wanted: Wanted) -> None:
    reason = clean_line(wanted.reason, 500)
    if is_blank(reason):
        raise Refused(_("A removal needs its legal reason: it is all that is kept."))
    if bool(wanted.key) == bool(wanted.words):
        raise Refused(_("Name the text of one article, or words."))
    for spelling in wanted.words:
        if sum(map(len, words_of(spelling))) < LEAST:
            raise Refused(_("“%s” is too short: it would be found everywhere.") % spelling)
    known = Known(marks.marks_of_words(wanted.words))
    if wanted.words and disk.holds(reason, known):
        raise Refused(_("The reason must not hold what is to be removed: it is kept."))


def _article(key: str) -> Article:
    found = Article.objects.filter(public_key__key=normalise_key(key)).first()
    if found is None:
        raise Refused(_("There is no article with the key %s.") % key)
    if found.redacted is not None:
        raise Refused(_("Its text was removed before."))
    if found.merged_into_id is not None:
        raise Refused(_("It was merged into another article, which has its text: name that one."))
    return found
