"""The page of one finding: its evidence, and what one click does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import (
    HttpRequest,
)
from django.urls import reverse
from django.utils.safestring import SafeString

from articles.admin import rights
from articles.admin.base import user_of
from articles.admin.differing import around, marked, told_apart
from articles.admin.shown import label, text
from articles.admin.source_panel import resolved
from articles.choices import FindingState
from articles.importing import deciding
from articles.importing.snapshot import Snapshot
from articles.models import Article, Finding, SourceEntry
from articles.review.sentences import explanation_of, said, title_of
from articles.review.suggesting import choices_of, merge_target
from articles.writing import suggestions
from articles.writing.author_choices import author_choices
from articles.writing.beside import Beside
from articles.writing.conflicts import conflict_fields, decided_fields
from articles.writing.proposals import (
    Proposal,
    StaleProposal,
    is_proposal,
    may_confirm,
    read_proposal,
)

if TYPE_CHECKING:
    from articles.admin.findings import FindingAdmin

#: What a conflict calls a field of the ledger.
_LEDGER = {"authors": "credits", "series": "parts"}

#: Doubts about a line that the entry below may begin with.
_OR_BELOW = ("standfirst-or-kicker", "standfirst-or-headline")


@dataclass(frozen=True, slots=True)
class Offer:
    """One reading: for each field what stands there and what would, and whether it still fits."""

    number: int
    fields: Sequence[tuple[str, SafeString, SafeString]]
    fits: bool


@dataclass(frozen=True, slots=True)
class Side:
    """One field in conflict, with its three values."""

    name: str
    label: str
    imported: str
    source: SafeString
    archive: SafeString
    decided: str
    can_take: bool


def context(admin: "FindingAdmin", request: HttpRequest, finding: Finding) -> dict[str, Any]:
    """Return what the page of *finding* shows. A fixed number of queries."""
    user = user_of(request)
    article = finding.article
    may_settle = admin.has_settle_permission(request)
    may_apply = may_settle and article is not None and rights.may_change(user, article)
    is_open = finding.state == FindingState.OPEN
    before, after = neighbours(admin, request, finding)
    entry = _entry(finding)
    other = _beside(finding, entry)
    # Of another article, which not everybody may see.
    neighbour = _seen(other, user)
    if neighbour is None and not rights.sees_all(user):
        other = None
    sides = _sides(finding, article)
    left = [side for side in sides if not side.decided]
    proposal = _proposal(finding) if is_open else None
    return {
        "finding": finding,
        "is_open": is_open,
        "heading": title_of(finding.code),
        "message": said(finding.message),
        "explanation": explanation_of(finding.code),
        "place": _place(finding),
        "entry": entry,
        "lines": _lines(finding, entry, other),
        "neighbour": neighbour,
        "offers": _offers(finding, article),
        "sides": sides,
        "is_of_several": len(left) > 1,
        # To keep ours is to say that it is no problem.
        "is_decided_above": bool(left) and may_apply and is_open,
        "candidates": _candidates(finding, user) if is_open else [],
        "authors": _authors(finding) if is_open else [],
        "proposal": proposal,
        "pair_url": _pair_url(proposal),
        "may_confirm": may_settle and is_open and may_confirm(user, finding),
        "survivor": merge_target(finding.suggestion),
        "may_settle": may_settle,
        "may_apply": may_apply and is_open,
        "may_enter": may_settle and is_open and user.has_perm("articles.change_article"),
        "before": before,
        "after": after,
        "queue_url": f"{reverse('admin:articles_finding_changelist')}?code={finding.code}",
        "title": title_of(finding.code),
        "subtitle": None,
    }


def neighbours(
    admin: "FindingAdmin", request: HttpRequest, finding: Finding
) -> tuple[int | None, int | None]:
    """Return the open findings of the same kind before and after this one in the queue."""
    rows = admin.get_queryset(request).filter(code=finding.code, state=FindingState.OPEN)
    before = rows.filter(pk__gt=finding.pk).order_by("pk").values_list("pk", flat=True).first()
    after = rows.filter(pk__lt=finding.pk).order_by("-pk").values_list("pk", flat=True).first()
    return before, after


def _entry(finding: Finding) -> SourceEntry | None:
    """Return the entry that the finding is about, or that its article comes from."""
    rows = SourceEntry.objects.select_related("listing", "unchanged_from")
    if finding.source_entry_id is not None:
        return rows.filter(pk=finding.source_entry_id).first()
    if finding.article_id is None:
        return None
    return rows.filter(article=finding.article_id).order_by("-id").first()


def _beside(finding: Finding, entry: SourceEntry | None) -> SourceEntry | None:
    """Return the entry beside *entry* that has the line which the doubt is about, or to which it
    may belong."""
    line = finding.evidence.get("line") if isinstance(finding.evidence, dict) else None
    if entry is None or not isinstance(line, int):
        return None
    rows = SourceEntry.objects.select_related("listing", "unchanged_from")
    rows = rows.filter(listing=entry.listing_id).exclude(pk=entry.pk).order_by("first_line")
    if not entry.first_line <= line <= entry.last_line:
        return rows.filter(first_line__lte=line, last_line__gte=line).first()
    if finding.code in _OR_BELOW:
        return rows.filter(first_line__gt=entry.last_line).first()
    return None


def _seen(entry: SourceEntry | None, user: Any) -> Article | None:
    """Return the article of an entry, if the one who asks may see it."""
    if entry is None or entry.article_id is None:
        return None
    return rights.visible(Article.objects.filter(pk=entry.article_id), user).first()


def _lines(
    finding: Finding, entry: SourceEntry | None, other: SourceEntry | None
) -> list[tuple[int, str, bool]]:
    """Return the lines of the entry, and of one beside it that the doubt is about too, as (number,
    text, whether the doubt is about this one)."""
    if entry is None:
        return []
    evidence = finding.evidence if isinstance(finding.evidence, dict) else {}
    about = evidence.get("line")
    place = span_of(finding) if about is None else None
    words = place[0][place[1] : place[2]] if place else ""
    return [
        (number, line, number == about or bool(words and words in line))
        for one in sorted(filter(None, (entry, other)), key=lambda row: row.first_line)
        for number, line in enumerate(resolved(one).text.split("\n"), one.first_line)
        if line.strip()
    ]


def span_of(obj: Finding) -> tuple[str, int, int] | None:
    """Return the text that a finding is about, and where in it, as far as it says so."""
    evidence = obj.evidence if isinstance(obj.evidence, dict) else {}
    value, span = evidence.get("value"), evidence.get("span")
    if not isinstance(value, str) or not isinstance(span, list) or len(span) != 2:
        return None
    if not all(isinstance(at, int) for at in span):
        return None
    return value, span[0], span[1]


def _place(finding: Finding) -> tuple[str, SafeString] | None:
    """Return the field that the doubt is about, with the place in it marked."""
    place = span_of(finding)
    if place is None:
        return None
    return label("article", str(finding.evidence.get("field"))), around(*place, 2000)


def _offers(finding: Finding, article: Article | None) -> list[Offer]:
    found = []
    for number, offer in enumerate(choices_of(finding.suggestion)):
        rows = [
            (label("article", name), *marked(_now(article, name), value))
            for name, value in offer["fields"].items()
        ]
        found.append(Offer(number, rows, fits(article, offer)))
    return found


def fits(article: Article | None, offer: Mapping[str, Any]) -> bool:
    """Whether the article has the text still for which *offer* was made."""
    was = offer.get("was", {})
    return article is not None and all(
        _now(article, name) == (was.get(name) or "") for name in offer["fields"]
    )


def _now(article: Article | None, name: str) -> str:
    return str(getattr(article, name, "") or "")


def _sides(finding: Finding, article: Article | None) -> list[Side]:
    """Return the fields in conflict; ours is what stands in the archive now."""
    fields = conflict_fields(finding)
    if not fields:
        return []
    decided = decided_fields(finding)
    now = Snapshot().states([article.pk])[article.pk].values if article is not None else {}
    sides = []
    for name, values in fields.items():
        source = _text(name, values.get("source"))
        archive = _text(name, now.get(name, values.get("archive")))
        ours, theirs = told_apart(archive, source)
        sides.append(
            Side(
                name=name,
                label=label("article", _LEDGER.get(name, name)),
                imported=_text(name, values.get("imported")),
                source=theirs,
                archive=ours,
                decided=decided.get(name, ""),
                can_take=suggestions.can_take(name),
            )
        )
    return sides


def _text(name: str, value: Any) -> str:
    return text("article", _LEDGER.get(name, name), value)


def _candidates(finding: Finding, user: Any) -> list[tuple[Article, bool]]:
    ids = deciding.candidates_of(finding)
    rows = {row.pk: row for row in rights.visible(Article.objects.filter(pk__in=ids), user)}
    return [(rows[pk], rights.may_change(user, rows[pk])) for pk in ids if pk in rows]


def _authors(finding: Finding) -> list[tuple[str, list[Beside]]]:
    """Return the ambiguous names, each with the authors that it may mean and some articles."""
    beside = {one.row.pk: one for one in author_choices(finding)}
    return [
        (name, [beside[pk] for pk in ids if pk in beside])
        for name, ids in deciding.authors_of(finding).items()
    ]


def _proposal(finding: Finding) -> Proposal | str | None:
    """Return what confirming a proposal does, or why it cannot be confirmed."""
    if not is_proposal(finding.suggestion):
        return None
    try:
        return read_proposal(finding)
    except StaleProposal as error:
        return str(error)


def _pair_url(proposal: Proposal | str | None) -> str:
    """Return the list in which two names are merged the other way round, or with a reason."""
    if not isinstance(proposal, Proposal) or not proposal.is_merge:
        return ""
    opts = proposal.copy._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
