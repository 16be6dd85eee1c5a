"""An editor's decision on an entry that waits: which article it is, who its author is.

It is carried out at once: the entry is merged into the chosen article, or becomes a new one, and
later imports know it as that article's. Nothing is asked again.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from articles.choices import FindingState, OperationKind, Outcome, Status
from articles.cleaning import clean_block
from articles.importing import merged, merging
from articles.importing.choosing import AMBIGUOUS_AUTHOR
from articles.importing.outcomes import ON_ARRIVAL
from articles.importing.records import AMBIGUOUS_ENTRY, ArticleState, Values
from articles.importing.snapshot import Snapshot
from articles.importing.stated import own_rights
from articles.models import Article, Finding, Operation, Part, SourceEntry
from articles.review.working_titles import is_working_title
from articles.writing import conflicts, findings, operations
from articles.writing.articles import locked_articles, write_articles
from articles.writing.changes import ArticleChange, InvalidChange, Place
from articles.writing.listed import COLUMNS, find_credited, listed_change
from articles.writing.suggestions import CannotApply


def candidates_of(finding: Finding) -> list[int]:
    """Return the ids of the articles that the entry of *finding* may be."""
    found = finding.evidence.get("candidates") if isinstance(finding.evidence, dict) else None
    if finding.code != AMBIGUOUS_ENTRY or not isinstance(found, list):
        return []
    return [pk for pk in found if isinstance(pk, int) and not isinstance(pk, bool)]


def authors_of(finding: Finding) -> dict[str, list[int]]:
    """Return the ids of the authors that each ambiguous name of *finding* leads to."""
    found = finding.evidence.get("authors") if isinstance(finding.evidence, dict) else None
    if finding.code != AMBIGUOUS_AUTHOR or not isinstance(found, dict):
        return {}
    return {name: [pk for pk in ids if isinstance(pk, int)] for name, ids in found.items()}


def choose_article(
    finding_id: int, article_id: int | None, *, actor: AbstractBaseUser | None, publish: bool
) -> Article:
    """Say which article the entry of a finding is; None: a new one. Return the article.

    What the entry says is merged into it as an import would do: fields that an editor changed stay
    and become a conflict. *publish* lets a new article become public if the import had chosen so.
    Raises `CannotApply`.
    """
    with transaction.atomic():
        finding, entry = _waiting(finding_id, AMBIGUOUS_ENTRY)
        operation = operations.begin(OperationKind.EDIT, actor=actor)
        if article_id is None:
            article = _create(entry, {}, operation, publish=publish)
        elif article_id in candidates_of(finding):
            article = _merge(article_id, finding, entry, operation)
        else:
            raise CannotApply(_("This article is none of those that the entry may be."))
        _settle(finding, entry, article, operation, actor)
        return article


def choose_authors(
    finding_id: int,
    chosen: Mapping[str, int],
    *,
    actor: AbstractBaseUser | None,
    publish: bool,
) -> Article:
    """Say which author each ambiguous name is, by id; make the article and return it.

    Raises `CannotApply` if a name is missing or leads to another author.
    """
    with transaction.atomic():
        finding, entry = _waiting(finding_id, AMBIGUOUS_AUTHOR)
        for name, ids in authors_of(finding).items():
            if chosen.get(name) not in ids:
                raise CannotApply(_("Choose one of the authors called “%s”.") % name)
        operation = operations.begin(OperationKind.EDIT, actor=actor)
        article = _create(entry, chosen, operation, publish=publish)
        _settle(finding, entry, article, operation, actor)
        return article


def _waiting(finding_id: int, code: str) -> tuple[Finding, SourceEntry]:
    # Findings are locked last, by `_settle`, as by every writer.
    row = Finding.objects.filter(pk=finding_id, code=code).first()
    if row is None or row.state != FindingState.OPEN or row.source_entry_id is None:
        raise CannotApply(_("This entry does not wait for a decision any more."))
    entry = SourceEntry.objects.select_related("unchanged_from", "run", "listing__source").get(
        pk=row.source_entry_id
    )
    if entry.article_id is not None:
        raise CannotApply(_("This entry leads to an article already."))
    return row, entry


def values_of(entry: SourceEntry) -> Values:
    """Return what was read in the lines of *entry*."""
    return dict(entry.values or (entry.unchanged_from and entry.unchanged_from.values) or {})


def _identified(values: Values, reader: Snapshot) -> Values:
    """Return *values* with the ids of the rows that their names lead to: to compare by identity."""
    authors = find_credited(values.get("authors") or [])
    series = reader.spelled_series([place["title"] for place in values.get("series") or []])
    tags = reader.tag_names(values.get("tags") or [])
    return {
        **values,
        "authors": [
            {**credit, "author": found[0]}
            if len(found := authors[credit["name"], credit.get("kind") or "person"]) == 1
            else credit
            for credit in values.get("authors") or []
        ],
        "series": [
            {**place, "series": ids[0]}
            if len(ids := [pk for pk, kind in series[place["title"]] if kind == place["kind"]]) == 1
            else place
            for place in values.get("series") or []
        ],
        "tags": list(dict.fromkeys(tags.get(tag, tag) for tag in values.get("tags") or [])),
    }


def _merge(article_id: int, finding: Finding, entry: SourceEntry, operation: Operation) -> Article:
    # What was merged since is the article that it leads to.
    article_id = merged.survivors().get(article_id, article_id)
    locked = locked_articles([article_id])
    if not locked:
        raise CannotApply(_("The article no longer exists."))
    article, reader = locked[0], Snapshot()
    if article.merged_into_id:
        raise CannotApply(_("“%s” was merged into another article just now.") % article)
    state: ArticleState = reader.states([article_id])[article_id]
    last = reader.said_last(entry.listing.source.key, [article_id]).get(article_id)
    base = None if last is None else _identified(last, reader)
    read = _identified(values_of(entry), reader)
    told = {name: value for name, value in read.items() if name not in ON_ARRIVAL}
    told["tags"] = [*read["tags"], *_given_tags(entry)]
    changes = merging.merge(base, told, state.values, reader.site_rights())
    for name in conflicts.refused({article_id: changes.conflicts}).get(article_id, ()):
        del changes.conflicts[name]
    taken = {name: new for name, (_old, new) in changes.fields.items()}
    if taken:
        before = {name: old for name, (old, _new) in changes.fields.items()}
        change = _change(article, taken, operation, entry, before)
        change.expected_version = article.version
        _write(change, operation)
    asked_before = [
        row
        for row in conflicts.open_conflicts([article_id])
        if row.import_run is not None and row.import_run.source_id == entry.listing.source_id
    ]
    if changes.conflicts:
        _ask(article, finding, entry, changes.conflicts)
    over = conflicts.superseded(
        asked_before, {article_id: read}, {article_id: changes.conflicts.keys()}
    )
    findings.end_conflicts(over, operation)
    outcome = Outcome.CONFLICT if changes.conflicts else Outcome.UPDATE
    outcome = outcome if taken or changes.conflicts else Outcome.UNCHANGED
    _link(entry, article, outcome, operation)
    return article


def _create(
    entry: SourceEntry, chosen: Mapping[str, int], operation: Operation, *, publish: bool
) -> Article:
    read, reader, given = values_of(entry), Snapshot(), entry.listing.source.rights
    values: dict[str, Any] = {name: read[name] for name in COLUMNS if read.get(name)}
    values["authors"] = [
        {**credit, "author": chosen[credit["name"]]} if credit["name"] in chosen else credit
        for credit in read.get("authors") or []
    ]
    values |= {
        "series": read.get("series"),
        "tags": [*(read.get("tags") or ()), *_given_tags(entry)],
        "rights": own_rights(read.get("rights") or "", given, reader.site_rights()) or given,
    }
    is_slug = is_working_title(values.get("headline") or "", bylined=bool(values.get("byline")))
    wanted = read.get("status") or (entry.run.options or {}).get("status")
    publishes = wanted == Status.PUBLISHED and publish and not is_slug
    values["status"] = Status.PUBLISHED if publishes else Status.DRAFT
    article = _write(_change(None, values, operation, entry), operation)
    _link(entry, article, Outcome.CREATE, operation)
    return article


def _change(
    article: Article | None,
    values: Values,
    operation: Operation,
    entry: SourceEntry,
    before: Values | None = None,
) -> ArticleChange:
    try:
        return listed_change(article, values, operation, entry, before)
    except InvalidChange as error:
        raise CannotApply(" ".join(error.errors.values())) from error


def _write(change: ArticleChange, operation: Operation) -> Article:
    try:
        with transaction.atomic():
            return write_articles([change], operation)[0]
    except InvalidChange as error:
        if "parts" not in error.errors:
            raise CannotApply(" ".join(error.errors.values())) from error
    # A number is another article's: the place stays without it, as an import leaves it.
    rows = Part.objects.filter(series__in=[place.series for place in change.parts or []])
    if change.article is not None:
        rows = rows.exclude(article=change.article)
    taken = set(rows.values_list("series_id", "part_number"))
    change.parts = [
        Place(place.series) if (place.series, place.part_number) in taken else place
        for place in change.parts or []
    ]
    return write_articles([change], operation)[0]


def _given_tags(entry: SourceEntry) -> list[str]:
    """Return the tags that whoever imported the entry gave to all of its file."""
    return list((entry.run.options or {}).get("tags") or ())


def _link(entry: SourceEntry, article: Article, outcome: Outcome, operation: Operation) -> None:
    """Let the entry, in whichever version of the listing it waited, lead to *article*."""
    rows = SourceEntry.objects.filter(
        listing__source=entry.listing.source,
        fingerprint=entry.fingerprint,
        article=None,
        change=Outcome.REVIEW,
    )
    ids = list(rows.values_list("pk", flat=True))
    rows.update(article=article, change=outcome)
    operations.record(
        operation, [operations.Change("entry", pk, "article", None, article.pk) for pk in ids]
    )


def _ask(article: Article, finding: Finding, entry: SourceEntry, torn: Values) -> None:
    about = [
        entry.listing.source.key,
        entry.fingerprint,
        "decided",
        repr(sorted(torn.items())),
    ]
    Finding.objects.get_or_create(
        fingerprint=hashlib.sha256("\n".join(about).encode()).hexdigest(),
        defaults={
            "code": "conflict",
            "message": merging.torn_between(torn),
            "article": article,
            "source_entry": entry,
            "import_run": entry.run,
            "evidence": {
                "lines": [entry.first_line, entry.last_line],
                "line": entry.first_line,
                "text": clean_block((finding.evidence or {}).get("text") or "", 5000),
                "alternatives": [],
                "fields": torn,
            },
        },
    )


def _settle(
    finding: Finding,
    entry: SourceEntry,
    article: Article,
    operation: Operation,
    actor: AbstractBaseUser | None,
) -> None:
    """Resolve the finding and its like of other versions; what else the entry raised is about the
    article now."""
    waiting = Finding.objects.filter(
        source_entry__fingerprint=entry.fingerprint,
        source_entry__listing__source=entry.listing.source,
        code__in=(AMBIGUOUS_ENTRY, AMBIGUOUS_AUTHOR),
        state=FindingState.OPEN,
    )
    beside = Finding.objects.filter(source_entry=entry, article=None)
    held = findings.hold({*waiting.values_list("pk", flat=True), finding.pk,
                          *beside.values_list("pk", flat=True)})  # fmt: skip
    if finding.pk not in held or held[finding.pk].state != FindingState.OPEN:
        raise CannotApply(_("This entry does not wait for a decision any more."))
    Finding.objects.filter(pk__in=held, source_entry=entry, article=None).update(article=article)
    finding.article = article
    for row in held.values():
        asks = row.code in (AMBIGUOUS_ENTRY, AMBIGUOUS_AUTHOR)
        if asks and row.state == FindingState.OPEN:
            findings.resolve(row, operation, actor)
    findings.review_saved([article.pk], operation)
