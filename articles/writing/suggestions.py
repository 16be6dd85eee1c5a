"""What one click on a finding does: a suggestion applied, a conflict decided.

The article's change and the finding's new state are one operation. If the article moved since, it
is refused, and the finding shows what is true now.
"""

from collections.abc import Iterable, Mapping

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from articles.choices import FindingState, OperationKind
from articles.models import Article, Finding, Operation
from articles.review.suggesting import choices_of
from articles.writing import findings, index, operations
from articles.writing.articles import locked_articles, write_articles
from articles.writing.changes import ArticleChange, InvalidChange, StaleVersion
from articles.writing.conflicts import KEEP as KEEP
from articles.writing.conflicts import OVER, decided_fields
from articles.writing.conflicts import TAKE as TAKE
from articles.writing.conflicts import conflict_fields as conflict_fields
from articles.writing.listed import COLUMNS, listed_change
from articles.writing.state import columns_of


class CannotApply(Exception):
    """What was asked for a finding cannot be done; the text says why, for the editor."""


def apply_suggestion(
    finding_id: int,
    *,
    actor: AbstractBaseUser | None,
    choice: int = 0,
    expected_version: int | None = None,
) -> Article:
    """Carry out the suggestion of a finding; return the article.

    *choice* says which of several readings, *expected_version* is the version of the article that
    the editor saw. Raises `CannotApply` if there is nothing to apply, or the article moved since:
    nothing is changed then, but the findings of the article are brought in step.
    """
    try:
        with transaction.atomic():
            operation = operations.begin(OperationKind.EDIT, actor=actor)
            return _apply(finding_id, operation, actor, choice, expected_version)
    except CannotApply:
        refresh(finding_id)
        raise


def apply_suggestions(
    finding_ids: Iterable[int], *, actor: AbstractBaseUser | None
) -> tuple[int, list[str]]:
    """Apply the suggestions of many findings as one bulk operation.

    Returns how many were applied, and for each other one why it was not. A finding that offers
    several readings is left to an editor who looks at it.
    """
    applied, refused, left = 0, [], []
    wanted = sorted(set(finding_ids))
    with transaction.atomic():
        _lock_articles_of(wanted)
        operation = operations.begin(OperationKind.BULK, actor=actor)
        for pk in wanted:
            try:
                with transaction.atomic():
                    _apply(pk, operation, actor, None, None)
                applied += 1
            except CannotApply as error:
                refused.append(str(error))
                left.append(pk)
        operations.drop_if_empty(operation)
    for pk in left:
        refresh(pk)
    return applied, refused


def _apply(
    finding_id: int,
    operation: Operation,
    actor: AbstractBaseUser | None,
    choice: int | None,
    expected_version: int | None,
) -> Article:
    article, finding = _locked(finding_id, expected_version)
    offers = choices_of(finding.suggestion)
    if choice is None and len(offers) > 1:
        raise CannotApply(_("“%s” has several readings: choose one on its page.") % finding)
    place = choice or 0
    if not 0 <= place < len(offers):
        raise CannotApply(_("“%s” has no suggestion that can be applied.") % finding)
    offer = offers[place]
    was = offer.get("was", {})
    if any(getattr(article, name, None) != was.get(name) for name in offer["fields"]):
        raise CannotApply(
            _("Not applied: “%s” has another text now than when this was found.") % article
        )
    written = _write(
        ArticleChange(
            article=article,
            fields=dict(offer["fields"]),
            expected_version=article.version,
            source_entry=finding.source_entry if findings.is_of_parser(finding) else None,
        ),
        operation,
    )
    _hold(finding)
    findings.resolve(finding, operation, actor)
    findings.review_saved([written.pk], operation)
    return written


def offered(together: str, article_ids: Iterable[int]) -> dict[int, dict[str, str]]:
    """Return what the open findings of one doubt of a listing suggest for each of these articles,
    where that is one reading, and the article has the text for which it was made."""
    rows = Finding.objects.filter(
        article__in=list(article_ids), together=together, state=FindingState.OPEN
    )
    found: dict[int, dict[str, str]] = {}
    for finding in rows.select_related("article").order_by("id"):
        offers = choices_of(finding.suggestion)
        article = finding.article
        if article is None or len(offers) != 1 or article.pk in found:
            continue
        was = offers[0].get("was", {})
        if all(getattr(article, name) == (was.get(name) or "") for name in offers[0]["fields"]):
            found[article.pk] = dict(offers[0]["fields"])
    return found


def decide_conflict(
    finding_id: int,
    decisions: Mapping[str, str],
    *,
    actor: AbstractBaseUser | None,
    expected_version: int | None = None,
) -> Finding:
    """Decide fields of a conflict: `TAKE` the listing's value, or `KEEP` ours; return the finding.

    What is taken comes from the source entry, in the ledger too. The finding is resolved when
    every field is decided. Raises `CannotApply` as `apply_suggestion` does.
    """
    try:
        with transaction.atomic():
            return _decide(finding_id, decisions, actor, expected_version)
    except CannotApply:
        refresh(finding_id)
        raise


def _decide(
    finding_id: int,
    decisions: Mapping[str, str],
    actor: AbstractBaseUser | None,
    expected_version: int | None,
) -> Finding:
    article, finding = _locked(finding_id, expected_version)
    fields = conflict_fields(finding)
    if not decisions or not decisions.keys() <= fields.keys():
        raise CannotApply(_("“%s” has no such field to decide.") % finding)
    if not set(decisions.values()) <= {TAKE, KEEP}:
        raise CannotApply(_("A value is either taken or kept."))
    decided = decided_fields(finding)
    if any(decided.get(name) == OVER for name in decisions):
        raise CannotApply(_("The listing or the article says something else by now. Look again."))
    if not all(can_take(name) for name, what in decisions.items() if what == TAKE):
        raise CannotApply(_("This is to be changed by hand, in the form of the article."))
    operation = operations.begin(OperationKind.EDIT, actor=actor)
    taken = {name: fields[name]["source"] for name, what in decisions.items() if what == TAKE}
    if expected_version is None:
        _make_sure_it_stands(article, {name: fields[name] for name in taken})
    if taken:
        try:
            before = {name: fields[name].get("imported") for name in taken}
            change = listed_change(article, taken, operation, finding.source_entry, before)
        except InvalidChange as error:
            raise CannotApply(" ".join(error.errors.values())) from error
        change.expected_version = article.version
        _write(change, operation)
    _hold(finding)
    decided |= decisions
    operations.record(
        operation,
        [
            operations.Change("finding", finding.pk, "decision", None, f"{name}: {what}")
            for name, what in sorted(decisions.items())
        ],
    )
    finding.evidence = {**finding.evidence, "decided": decided}
    if decided.keys() >= fields.keys():
        findings.resolve(finding, operation, actor)
    else:
        finding.save(update_fields=["evidence"])
    if taken:
        findings.review_saved([article.pk], operation)
    return finding


def _make_sure_it_stands(article: Article, sides: Mapping[str, Mapping[str, object]]) -> None:
    """Refuse to take a value over one that the conflict never spoke of."""
    now = columns_of(article)
    for name, values in sides.items():
        if name in COLUMNS and (now[name] or None) != (values.get("archive") or None):
            raise CannotApply(
                _("Not applied: “%s” has been edited since. Open the conflict and look again.")
                % article
            )


def can_take(field: str) -> bool:
    """Tell whether a click can take the listing's value of *field*."""
    return field in COLUMNS or field in {"authors", "series"}


def _locked(finding_id: int, expected_version: int | None) -> tuple[Article, Finding]:
    """Return a finding and its article, which is locked, if they are as the editor saw them.

    Findings are locked last, by `_hold`, in the order of every writer.
    """
    rows = Finding.objects.filter(pk=finding_id)
    about = rows.values_list("article_id", flat=True).first()
    articles = locked_articles([about] if about else [])
    finding = rows.select_related("source_entry").first()
    if finding is None:
        raise CannotApply(_("The finding no longer exists."))
    if finding.state != FindingState.OPEN and OVER in decided_fields(finding).values():
        raise CannotApply(
            _("“%s” is over: the listing or the article says something else by now.") % finding
        )
    if finding.state != FindingState.OPEN:
        raise CannotApply(_("“%s” is settled already.") % finding)
    if not articles or finding.article_id != articles[0].pk:
        raise CannotApply(_("“%s” is about no article of the archive.") % finding)
    article = articles[0]
    if expected_version is not None and expected_version != article.version:
        raise CannotApply(
            _("Not applied: somebody saved “%s” since you opened this page. It shows the present"
              " state now.") % article
        )  # fmt: skip
    return article, finding


def _hold(finding: Finding) -> None:
    """Lock *finding*; raise `CannotApply` if somebody settled it since it was read."""
    if not findings.is_as_read(finding):
        raise CannotApply(_("Somebody else decided on “%s” just now.") % finding)


def _lock_articles_of(finding_ids: Iterable[int]) -> None:
    ids: set[int] = set()
    for chunk in index.batches(list(finding_ids)):
        rows = Finding.objects.filter(pk__in=chunk, article__isnull=False)
        ids.update(pk for pk in rows.values_list("article_id", flat=True) if pk)
    locked_articles(ids)


def _write(change: ArticleChange, operation: Operation) -> Article:
    try:
        return write_articles([change], operation)[0]
    except StaleVersion as error:
        raise CannotApply(str(error)) from error
    except InvalidChange as error:
        raise CannotApply(" ".join(error.errors.values())) from error


def refresh(finding_id: int) -> None:
    """Bring the findings of the article of a finding in step with what it is now."""
    with transaction.atomic():
        row = Finding.objects.filter(pk=finding_id).first()
        if row is not None and row.article_id is not None:
            findings.review_saved([row.article_id])
