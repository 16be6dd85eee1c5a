"""Confirming what an import proposed: a series, a spelling, two authors who are one.

A proposal is a finding whose suggestion has one of these forms; `articles.importing` makes them:

- ``{"series": {"title", "kind", "spellings", "places"}}``: put the articles at these places, each
  ``{"entry", "article", "part_number"}``, into the series, which is made if there is none;
- ``{"alias": {"of", "target", "kind", "spelling", "places"}}``: let the spelling lead to the
  author, series or tag that *target* (a name, or an id) is. If it is the name of another author or
  tag, or if "copy" is the id of another row, the two are merged.

Everything is one transaction and one operation, and the finding is resolved in it.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.choices import FindingState, OperationKind, SeriesKind
from articles.models import Article, Finding, Operation, Series, SourceEntry
from articles.writing import findings, names, operations
from articles.writing.articles import locked_articles, write_articles
from articles.writing.beside import Beside, beside
from articles.writing.changes import ArticleChange, InvalidChange, Place, StaleVersion
from articles.writing.merge_preview import MergeRefused
from articles.writing.name_merging import merge_named, merged_into
from articles.writing.names import SUBJECTS
from articles.writing.state import lists_of

_KINDS: dict[str, Any] = {subject: kind for kind, subject in SUBJECTS.items()}
#: More places than any series of a listing has.
MOST_PLACES = 2000


class StaleProposal(Exception):
    """A proposal that cannot be carried out (any more); the message says why, for an editor."""


@dataclass(slots=True)
class Proposal:
    """What confirming a finding would do."""

    subject: str
    #: The author, series or tag that is extended; None for a series that will be made.
    target: Any
    title: str
    kind: str = ""
    spellings: list[str] = field(default_factory=list)
    places: list[tuple[Article, int | None]] = field(default_factory=list)
    #: Entries that wait for a decision themselves, so have no article yet.
    waiting: int = 0
    #: The row that is merged into the target.
    copy: Any = None

    @property
    def is_merge(self) -> bool:
        """Whether two rows become one."""
        return self.copy is not None

    @property
    def token(self) -> str:
        """What a page that shows this proposal sends back: other rows make another token."""
        target, copy = (getattr(row, "pk", None) for row in (self.target, self.copy))
        places = [(article.pk, number) for article, number in self.places]
        about = repr((self.subject, target, copy, self.spellings, places))
        return hashlib.sha256(about.encode()).hexdigest()[:32]

    @property
    def others(self) -> list[Beside]:
        """The rows that would become one, side by side."""
        return [beside(row) for row in (self.target, self.copy)] if self.is_merge else []

    @property
    def sentence(self) -> str:
        """What confirming does, in one sentence or two."""
        words: dict[str, Any] = {"title": self.title, "count": len(self.places)}
        if self.is_merge:
            return _("“%(copy)s” is merged into “%(title)s”.") % {**words, "copy": self.copy}
        said = []
        if self.subject == "series" and self.places:
            text = (
                ngettext(
                    "A new series “%(title)s” is made with %(count)d article.",
                    "A new series “%(title)s” is made with %(count)d articles.",
                    len(self.places),
                )
                if self.target is None
                else ngettext(
                    "%(count)d article is put into “%(title)s”.",
                    "%(count)d articles are put into “%(title)s”.",
                    len(self.places),
                )
            )
            said.append(text % words)
        if self.spellings:
            spelled = ", ".join(f"“{name}”" for name in self.spellings)
            said.append(_("%(spelled)s leads to “%(title)s”.") % {**words, "spelled": spelled})
        if self.waiting:
            text = ngettext(
                "%d entry waits for a decision of its own and is left out.",
                "%d entries wait for a decision of their own and are left out.",
                self.waiting,
            )
            said.append(text % self.waiting)
        return " ".join(said)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What was done: the operation, and a sentence about it."""

    operation: Operation
    sentence: str


def is_proposal(suggestion: Any) -> bool:
    """Whether the suggestion of a finding is one to be confirmed here."""
    return isinstance(suggestion, dict) and len(suggestion) == 1 and suggestion.keys() <= {
        "series", "alias",
    }  # fmt: skip


def may_confirm(user: AbstractBaseUser | AnonymousUser, finding: Finding) -> bool:
    """Whether *user* may confirm *finding*: its settling, and all that is written by it."""
    suggestion: Any = finding.suggestion
    if not is_proposal(suggestion):
        return False
    body = _body(next(iter(suggestion.values())))
    subject = "series" if "series" in suggestion else str(body.get("of"))
    if subject not in _KINDS:
        return False
    app = "authors" if subject == "author" else "articles"
    wanted = ["articles.change_finding", f"{app}.change_{subject}"]
    if subject == "series":
        wanted += ["articles.add_series", "articles.change_article", "articles.publish_article"]
    return all(user.has_perm(name) for name in wanted)  # type: ignore[union-attr]


def read_proposal(finding: Finding) -> Proposal:
    """Return what confirming *finding* would do now. Raises `StaleProposal`."""
    suggestion: Any = finding.suggestion
    if not is_proposal(suggestion):
        raise StaleProposal(_("“%s” proposes nothing.") % finding)
    body = _body(next(iter(suggestion.values())))
    return _series(finding, body) if "series" in suggestion else _alias(finding, body)


def confirm_proposal(
    finding: Finding, actor: AbstractBaseUser | None, *, shown: str | None = None
) -> Confirmed:
    """Do what *finding* proposes, and resolve it.

    *shown* is the token of the proposal as the person saw it, ``""`` if only its title was seen:
    two names become one only if exactly that was shown. None asks nothing.

    Raises `StaleProposal`, and writes nothing, if the finding is settled already, or if what it
    speaks of has changed so that it cannot be done.
    """
    try:
        with transaction.atomic():
            read = Finding.objects.filter(pk=finding.pk).first()
            if read is None or read.state != FindingState.OPEN:
                raise StaleProposal(_("“%s” is settled already.") % finding)
            proposal = read_proposal(read)
            if shown is not None and shown != proposal.token and (shown or proposal.is_merge):
                raise StaleProposal(
                    _("Confirming this would do something else by now. Open it and look again.")
                    if shown
                    else _("Two names would become one: open “%s” and look at both first.")
                    % finding
                )
            sentence, written = proposal.sentence or _("Nothing was left to do."), []
            if proposal.is_merge:
                operation = merge_named(
                    proposal.target,
                    [proposal.copy],
                    actor=actor,
                    reason=read.message,
                    asked_by=read.pk,
                )
            else:
                operation = operations.begin(OperationKind.EDIT, actor=actor, reason=read.message)
                written = _carry_out(proposal, operation, actor)
            # Findings are locked last, as by every writer.
            if not findings.is_as_read(read):
                raise StaleProposal(_("Somebody else decided on “%s” just now.") % finding)
            findings.resolve(read, operation, actor)
            findings.review_saved(written, operation)  # last: the doubt itself ends by it
    except (MergeRefused, StaleVersion) as error:
        raise StaleProposal(str(error)) from error
    except InvalidChange as error:
        raise StaleProposal(" ".join(error.errors.values())) from error
    return Confirmed(operation, sentence)


def _carry_out(
    proposal: Proposal, operation: Operation, actor: AbstractBaseUser | None
) -> list[int]:
    row = proposal.target
    standing: list[int] = []
    if row is not None:
        # The row first and all articles that its spellings reach, as in `names.save_named`.
        type(row).objects.select_for_update(no_key=True).filter(pk=row.pk).first()
        standing = names.articles_of(row) if proposal.spellings else []
    # Locked before their lists are read: an editor's save in between must not be written over.
    seen = {article.pk: article.version for article, _number in proposal.places}
    for article in locked_articles([*seen, *standing]):
        if article.version != seen.get(article.pk, article.version):
            raise StaleVersion(_("Someone else has saved the article since it was opened."))
    if row is None:
        row = names.save_named(
            Series(title=proposal.title, kind=SeriesKind(proposal.kind)),
            actor=actor,
            operation=operation,
        )
    if proposal.spellings:
        aliases = [*names.aliases_of(row), *proposal.spellings]
        names.save_named(row, aliases=aliases, actor=actor, operation=operation)
    lists = lists_of(article.pk for article, _number in proposal.places)
    changes = []
    for article, number in proposal.places:
        parts = [
            Place(part["series"], part["part_number"])
            for part in lists[article.pk]["parts"]
            if part["series"] != row.pk
        ]
        changes.append(ArticleChange(article=article, parts=[*parts, Place(row.pk, number)]))
    return [article.pk for article in write_articles(changes, operation)]


# Reading what is proposed: everything in a suggestion may be old, or written by hand


def _body(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any, limit: int = 300) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > limit:
        raise StaleProposal(_("The suggestion cannot be read."))
    return value.strip()


def _number(value: Any) -> int | None:
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**31:
        return value
    raise StaleProposal(_("The suggestion cannot be read."))


def _series(finding: Finding, body: dict[str, Any]) -> Proposal:
    title, kind = _text(body.get("title")), body.get("kind")
    if kind not in SeriesKind.values:
        raise StaleProposal(_("The suggestion cannot be read."))
    row = _spelled(Series, title, str(kind))
    spelled = body.get("spellings") or []
    if not isinstance(spelled, list):
        raise StaleProposal(_("The suggestion cannot be read."))
    proposal = Proposal("series", row, str(row or title), str(kind))
    proposal.spellings = _new_spellings(Series, row, [_text(name) for name in spelled], str(kind))
    _seat(finding, proposal, body.get("places"))
    if not proposal.places and row is None:
        raise StaleProposal(_("None of the entries has an article yet."))
    return proposal


def _alias(finding: Finding, body: dict[str, Any]) -> Proposal:
    subject, spelling = body.get("of"), _text(body.get("spelling"))
    if not isinstance(subject, str) or subject not in _KINDS:
        raise StaleProposal(_("The suggestion cannot be read."))
    kind, wanted = _KINDS[subject], body.get("target")
    of_kind = body.get("kind") if isinstance(body.get("kind"), str) else None
    if isinstance(wanted, str):
        row = _spelled(kind, _text(wanted), of_kind)
    else:
        pk = _number(wanted) or 0
        row = kind.objects.filter(pk=merged_into(kind, [pk]).get(pk, pk)).first()
    if row is None:
        raise StaleProposal(_("“%s” is no longer here.") % wanted)
    proposal = Proposal(subject, row, str(row), of_kind or "")
    if "copy" in body:
        pk = _number(body["copy"]) or 0
        proposal.copy = kind.objects.filter(pk=merged_into(kind, [pk]).get(pk, pk)).first()
        if proposal.copy is None:
            raise StaleProposal(_("“%s” is no longer here.") % spelling)
        if proposal.copy.pk == row.pk:
            raise StaleProposal(_("“%s” is settled already.") % finding)
        return proposal
    if subject == "series":
        proposal.spellings = _new_spellings(kind, row, [spelling], of_kind)
        _seat(finding, proposal, body.get("places") or [])
        return proposal
    other = _spelled(kind, spelling, of_kind)
    if other is None:
        proposal.spellings = [spelling]
    elif other.pk != row.pk:
        proposal.copy = other
    return proposal


def _spelled(kind: Any, name: str, of_kind: str | None) -> Any:
    """Return the one row that *name* leads to, None if there is none."""
    ids = names.find_spelled(kind, [name])[name]
    rows = list(kind.objects.filter(pk__in=ids, **({"kind": of_kind} if of_kind else {})))
    if len(rows) > 1:
        raise StaleProposal(_("“%s” leads to several rows: choose by hand.") % name)
    return rows[0] if rows else None


def _new_spellings(kind: Any, row: Any, spellings: Sequence[str], of_kind: str | None) -> list[str]:
    """Return those of *spellings* that do not lead to *row* yet."""
    found = []
    for name in spellings:
        other = _spelled(kind, name, of_kind)
        if other is None:
            found.append(name)
        elif row is None or other.pk != row.pk:
            raise StaleProposal(_("“%s” is a series of its own: merge the two.") % name)
    return found


def _seat(finding: Finding, proposal: Proposal, places: Any) -> None:
    """Fill the places of *proposal*: those that are not taken as proposed already."""
    if not isinstance(places, list) or len(places) > MOST_PLACES:
        raise StaleProposal(_("The suggestion cannot be read."))
    wanted: dict[int, int | None] = {}
    for place in map(_body, places):
        pk = _number(place.get("article")) or _article_of(finding, _number_or_zero(place))
        if pk is None:
            proposal.waiting += 1
        else:
            wanted[pk] = _number(place.get("part_number"))
    articles = _followed(wanted)
    row: Series | None = proposal.target
    present: dict[int, int | None] = (
        {} if row is None else dict(row.parts.values_list("article_id", "part_number"))
    )
    holders = {number: pk for pk, number in present.items() if number is not None}
    for pk, number in wanted.items():
        article = articles[pk]
        if article.pk in present and present[article.pk] not in (None, number):
            raise StaleProposal(
                _("“%(article)s” is part %(number)d already.")
                % {"article": article, "number": present[article.pk]}
            )
        if number is not None and holders.setdefault(number, article.pk) != article.pk:
            raise StaleProposal(
                _("Another article is part %(number)d of “%(title)s” already.")
                % {"number": number, "title": proposal.title}
            )
        if article.pk not in present or present[article.pk] != number:
            proposal.places.append((article, number))


def _number_or_zero(place: dict[str, Any]) -> int:
    entry = place.get("entry")
    is_number = isinstance(entry, int) and not isinstance(entry, bool) and 0 <= entry < 2**31
    return entry if is_number and entry is not None else -1


def _article_of(finding: Finding, ordinal: int) -> int | None:
    """Return the article that an entry of the finding's run leads to by now, if to any."""
    if finding.import_run_id is None or ordinal < 0:
        return None
    entry = SourceEntry.objects.filter(run=finding.import_run_id, ordinal=ordinal).first()
    if entry is None or entry.article_id is not None:
        return None if entry is None else entry.article_id
    later = SourceEntry.objects.filter(
        listing__source=entry.listing.source_id,
        fingerprint=entry.fingerprint,
        article__isnull=False,
    )
    return later.order_by("-pk").values_list("article_id", flat=True).first()


def _followed(wanted: dict[int, int | None]) -> dict[int, Article]:
    """Return the articles that ids lead to: a copy to what it was merged into."""
    found = Article.objects.in_bulk(list(wanted))
    if missing := wanted.keys() - found.keys():
        raise StaleProposal(_("Article %d is no longer in the archive.") % min(missing))
    for pk, article in found.items():
        seen = {article.pk}
        while article.merged_into is not None and article.merged_into.pk not in seen:
            article = article.merged_into
            seen.add(article.pk)
        found[pk] = article
    return found
