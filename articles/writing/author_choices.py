"""Which of several authors of one name a source means: an editor's choice, remembered.

It is remembered for the source and the spelling, not as an alias: both authors go on having the
name, and another source may mean the other one.
"""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from articles.choices import FindingState, OperationKind
from articles.folding import fold
from articles.models import Contribution, Finding
from articles.writing import findings, operations
from articles.writing.beside import Beside, beside
from articles.writing.name_merging import merged_into
from articles.writing.proposals import StaleProposal
from authors.models import Author

#: The code of the doubt which of several authors a name is.
CODE = "author-ambiguous"


def chosen_authors(source_key: str) -> dict[str, int]:
    """Return the author that an editor chose for each folded spelling of a source.

    A choice is what a resolved finding says, or how the article is credited that was made when it
    was resolved. The last one counts; it ends when its finding is opened again. An author who was
    merged since leads on.
    """
    rows = Finding.objects.filter(
        code=CODE,
        state=FindingState.RESOLVED,
        source_entry__listing__source__key=source_key,
    ).order_by("settled", "pk")
    chosen: dict[str, int] = {}
    for suggestion, evidence, own, entered in rows.values_list(
        "suggestion", "evidence", "article_id", "source_entry__article_id"
    ):
        said = suggestion.get("author") if isinstance(suggestion, dict) else None
        if isinstance(said, dict):
            chosen[fold(str(said.get("spelling")))] = int(said.get("chosen") or 0)
            continue
        for name, ids in _names_of(evidence).items():
            leads = merged_into(Author, ids)
            credits = Contribution.objects.filter(
                article=entered or own, author__in={leads.get(pk, pk) for pk in ids}
            )
            credited = set(credits.values_list("author_id", flat=True))
            if len(credited) == 1:
                chosen[fold(name)] = credited.pop()
    leads = merged_into(Author, set(chosen.values()))
    return {key: leads.get(pk, pk) for key, pk in chosen.items()}


def author_choices(finding: Finding) -> list[Beside]:
    """Return the authors that an ambiguous spelling may mean, each with some articles."""
    if finding.code != CODE:
        return []
    ids = {pk for found in _names_of(finding.evidence).values() for pk in found}
    leads = merged_into(Author, ids)
    rows = Author.objects.filter(pk__in={leads.get(pk, pk) for pk in ids})
    return [beside(row) for row in rows.order_by("pk")]


def choose_author(finding: Finding, author_id: Any, actor: AbstractBaseUser | None) -> int:
    """Remember that the source of *finding* means this author by the spelling; return how many
    open findings that asked so are resolved.

    The next import of the source carries it out. Raises `StaleProposal` if the author is none of
    those in question, or if the finding is settled already.
    """
    with transaction.atomic():
        own = Finding.objects.select_related("source_entry__listing").filter(pk=finding.pk).first()
        if own is None or own.source_entry is None:
            raise StaleProposal(_("“%s” is settled already.") % finding)
        asked = Finding.objects.filter(
            code=CODE,
            state=FindingState.OPEN,
            source_entry__listing__source=own.source_entry.listing.source_id,
        )
        # This one among all that ask the same, in the order of every writer.
        held = findings.hold(asked.values_list("pk", flat=True))
        if own.pk not in held or held[own.pk].state != FindingState.OPEN:
            raise StaleProposal(_("“%s” is settled already.") % finding)
        spelling = _spelling(held[own.pk], author_id)
        operation = operations.begin(OperationKind.EDIT, actor=actor)
        count = 0
        for row in held.values():
            if row.state != FindingState.OPEN:
                continue
            others = {fold(name) for name in _names_of(row.evidence)}
            if others != {fold(spelling)}:
                continue
            row.suggestion = {"author": {"spelling": spelling, "chosen": int(author_id)}}
            row.save(update_fields=["suggestion"])
            findings.resolve(row, operation, actor)
            count += 1
        if not count:
            raise StaleProposal(_("The entry has several names in question: enter it by hand."))
    return count


def _spelling(finding: Finding, author_id: Any) -> str:
    """Return the spelling for which *author_id* comes into question."""
    is_id = isinstance(author_id, int) or (
        isinstance(author_id, str) and author_id.isascii() and author_id.isdigit()
    )
    for name, ids in _names_of(finding.evidence).items():
        leads = merged_into(Author, ids)
        present = Author.objects.filter(pk__in={leads.get(pk, pk) for pk in ids})
        if is_id and len(str(author_id)) < 19 and present.filter(pk=int(author_id)).exists():
            return name
    raise StaleProposal(_("This is none of the authors in question."))


def _names_of(evidence: Any) -> dict[str, list[int]]:
    """Return the ambiguous spellings of a finding with the authors that each led to."""
    found = evidence.get("authors") if isinstance(evidence, dict) else None
    if not isinstance(found, dict):
        return {}
    return {
        name: [pk for pk in ids if isinstance(pk, int)]
        for name, ids in found.items()
        if isinstance(ids, list)
    }
