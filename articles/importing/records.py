"""What an import hands from step to step: plain records. Pure.

Those that are made for every entry of a file are not frozen, which would take three times as long;
nobody changes one.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from articles.importing.spool import Spool

Values = dict[str, Any]

CREATE, UPDATE, UNCHANGED = "CREATE", "UPDATE", "UNCHANGED"
CONFLICT, REVIEW, REJECT = "CONFLICT", "REVIEW", "REJECT"

#: The code of the doubt which of several entries this one is.
AMBIGUOUS_ENTRY = "entry-ambiguous"

#: The code of the doubt whether two articles are one, which a check has of those that are written.
TWICE = "similar-headline"

#: Codes of what was removed on legal grounds and is not brought in again: a text, and words.
REMOVED_TEXT, REMOVED_WORDS = "removed-text", "removed-words"

#: How a column of a table came to its field; `LEFT_OUT` is that of one which a person left out.
BY_NAME, BY_CONTENT, BY_HAND, REMEMBERED = "name", "content", "hand", "remembered"
LEFT_OUT = ""

#: Outcomes that leave something for an editor to decide.
WAITING = (CONFLICT, REVIEW, REJECT)
#: What is said of the entry of an article that is merged into one with an entry of its own.
MERGED_HERE = (
    "An editor merged this article into another one, which has an entry of its own here:"
    " that one is followed."
)


@dataclass(slots=True)
class ParsedEntry:
    """One entry as read from a file; ``ordinal`` is its place among them, from nought.

    ``values`` are those of the JSON report: kicker, headline, subtitle, part_label, part_number,
    byline, authors, published_on, standfirst, series, tags, language, source_url; what the file
    does not say is absent or None.
    """

    ordinal: int
    first_line: int
    last_line: int
    text: str
    values: Values
    confidence: float = 1.0
    diagnostics: tuple[Values, ...] = ()
    #: Where the old site had it, without the leading slash: "2019/05/slug/", "?p=123".
    old_paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ParsedListing:
    """A whole file as read: entries in the order of the file, and what is in no entry.

    ``title`` is what the content calls itself (a feed, a site). ``hosts`` are the names of the site
    that the file is an export of: links to them are internal. ``pictures`` are those that bodies
    show, by name, each with the file it is to be copied from. ``columns`` are those of a table:
    header, field, how it came to that (None for a column that nothing is said of), a sample.
    """

    path: str
    sha256: str
    size: int
    encoding: str
    input_format: str
    topic: str | None
    line_count: int
    newest_first: bool
    entries: Sequence[ParsedEntry]
    unclaimed_lines: Sequence[int] = ()
    diagnostics: Sequence[Values] = ()
    title: str | None = None
    hosts: tuple[str, ...] = ()
    pictures: tuple[tuple[str, Callable[[], bytes]], ...] = ()
    columns: tuple[Values, ...] = ()

    def columns_by_hand(self) -> dict[str, str]:
        """Return the fields of the columns that a person gave one, now or before, by header."""
        return {
            column["header"]: column["field"] or LEFT_OUT
            for column in self.columns
            if column["how"] in (BY_HAND, REMEMBERED)
        }

    def own_name(self) -> str:
        """Return what its source is called unless a person says otherwise: by its topic or title,
        else by the name of its file; ``""`` for standard input that has neither."""
        if self.topic or self.title:
            return self.topic or self.title or ""
        return stem_of(self.path)


def stem_of(path: str) -> str:
    """Return what a source is called by the name of its file; ``""`` for standard input."""
    name = path.replace("\\", "/").rpartition("/")[2].removesuffix(".gz")
    return "" if name == "-" else name.rpartition(".")[0] or name


@dataclass(slots=True)
class KnownEntry:
    """An entry of an earlier listing of the source, with its values resolved."""

    id: int
    root_id: int
    article: int | None
    change: str
    fingerprint: str
    values: Values
    in_latest: bool
    ordinal: int
    #: An ambiguous entry whose finding no editor has settled yet.
    waits: bool = False
    #: What a listing that the archive wrote said of the article last; see `selections`.
    stated: Values | None = None
    #: What the article was given last: not what waits for an editor, nor what was rejected.
    applied: Values | None = None
    #: Whether it is of a run that was undone, newer than what stands, and its article was left.
    is_left: bool = False
    #: The article that it led to, and that an editor deleted.
    former: int | None = None
    #: The article that it is stored with, where that was merged into ``article``.
    copy: int | None = None

    @property
    def is_deleted(self) -> bool:
        """Whether an editor deleted its article."""
        return self.article is None and self.change not in (REVIEW, REJECT)

    def base(self, new: Values) -> Values | None:
        """Return the values that *new* follows: of its own kind, a key being stated or not."""
        return self.stated if new.get("key") and self.stated else self.applied


@dataclass(slots=True)
class ArticleState:
    """An article as it stands in the archive; see `articles.writing.state`.

    ``stored`` are its values, or what reads them when somebody asks: most entries of a file that
    was imported before are unchanged, and nobody asks.
    """

    id: int
    key: str | None
    version: int
    status: str
    stored: Values | Callable[[], Values]

    @property
    def values(self) -> Values:
        """Its values in the terms of the JSON report."""
        return self.stored() if callable(self.stored) else self.stored


@dataclass(frozen=True, slots=True)
class Options:
    """What the person importing decides.

    ``status``: what new articles become; ``tags``: further tags for every entry. ``dialect``,
    ``input_format`` and ``media`` say how the file was to be read; a plan only records them, and in
    ``columns`` the fields of a table's columns that were given by hand, now or before, by header.
    """

    status: str
    tags: tuple[str, ...] = ()
    language: str = ""
    dialect: str | None = None
    input_format: str | None = None
    media: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> Values:
        """Return the options in the shape of the JSON report."""
        return {
            "status": self.status,
            "tags": list(self.tags),
            "language": self.language or None,
            "dialect": self.dialect,
            "input_format": self.input_format,
            "media": self.media,
            "columns": dict(self.columns) or None,
        }


@dataclass(slots=True)
class PlannedEntry:
    """What one entry will do, and why."""

    entry: ParsedEntry
    values: Values
    fingerprint: str
    change: str
    known: KnownEntry | None = None
    article: ArticleState | None = None
    status: str | None = None
    #: Field -> (value in the archive, value it will get); lists as the JSON report shows them.
    fields: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    #: Field -> {"imported": last, "source": new, "archive": the editor's}.
    conflicts: dict[str, Values] = field(default_factory=dict)
    diagnostics: list[Values] = field(default_factory=list)
    #: Tags that the person importing adds: no word of the source.
    extra_tags: tuple[str, ...] = ()
    #: Whether a new article becomes visible only later.
    is_scheduled: bool = False
    #: The copy whose key the entry states: it was merged into the article.
    copy: int | None = None

    @property
    def becomes_public(self) -> bool:
        """Whether readers will see a new article at once, or one again that was withdrawn."""
        is_new = self.change == CREATE or "status" in self.fields
        return is_new and self.status == "published" and not self.is_scheduled

    def remark(self, code: str, message: str, alternatives: Sequence[Values] = ()) -> None:
        """Add a diagnostic at the entry's first line."""
        self.diagnostics.append(
            {
                "code": code,
                "line": self.entry.first_line,
                "message": message,
                "alternatives": list(alternatives),
            }
        )


@dataclass(slots=True)
class Plan:
    """Everything that an import of one file will do. A dry run prints it; a run applies it."""

    listing: ParsedListing
    source_name: str
    source_key: str
    options: Options
    entries: "list[PlannedEntry] | Spool[PlannedEntry]"
    #: Doubts about the whole file or several entries: code, message, evidence, entry ordinals.
    proposals: list[Values] = field(default_factory=list)
    #: Entries of the listing before that this one no longer has.
    gone: list[KnownEntry] = field(default_factory=list)
    #: Whether something beside the entries waits for a decision.
    waits: bool = False
    #: Whether entries state keys of articles here: no version of a page, but a part of the archive.
    is_selection: bool = False

    #: How many entries do what, become public, have a slug of their own or a standfirst; and how
    #: often the dates rise and fall from one to the next.
    counts: Counter[str] = field(default_factory=Counter)
    _dated: str = ""

    def add(self, planned: PlannedEntry) -> None:
        """Add the next entry. Whether it becomes public must not change later."""
        self.entries.append(planned)
        self.counts[planned.change] += 1
        self.counts["public"] += planned.becomes_public
        self.counts["slug"] += "slug" in planned.fields
        self.counts["copy"] += planned.copy is not None
        self.counts["settled"] += sum("settled" in one for one in planned.diagnostics)
        self.counts["standfirst"] += bool(planned.values.get("standfirst"))
        dated = planned.values.get("published_on") or ""
        if dated != self._dated and len(self.entries) > 1:
            self.counts["rise" if dated > self._dated else "fall"] += 1
        self._dated = dated

    def replace(self, planned: PlannedEntry, outcome: str) -> None:
        """Write back an entry that changes something else now; *outcome* is what it was."""
        self.counts[outcome] -= 1
        self.counts[planned.change] += 1
        self.entries[planned.entry.ordinal] = planned

    @property
    def is_sorted(self) -> bool:
        """Whether the entries stand in the order of their dates, one way or the other."""
        return not (self.counts["rise"] and self.counts["fall"])

    def totals(self) -> Mapping[str, int]:
        """Return how many entries do what, unclaimed lines and articles that become public."""
        outcomes = (CREATE, UPDATE, UNCHANGED, CONFLICT, REVIEW, REJECT)
        return {
            "entries": len(self.entries),
            **{name.lower(): self.counts[name] for name in outcomes},
            "unclaimed_lines": len(self.listing.unclaimed_lines),
            "public": self.counts["public"],
        }

    @property
    def settled(self) -> int:
        """How many of its doubts somebody settled before: nobody is asked again."""
        return self.counts["settled"] + sum("settled" in one for one in self.proposals)

    def preface(self) -> list[str]:
        """Return lines for the text report that come before the entries."""
        if not self.settled:
            return []
        noun = "doubt was" if self.settled == 1 else "doubts were"
        return [f"  {self.settled} {noun} settled before; nobody is asked again"]

    @property
    def needs_attention(self) -> bool:
        """Whether entries wait for a decision or lines stand in no entry."""
        return (
            self.waits
            or bool(self.listing.unclaimed_lines)
            or any(self.counts[name] for name in WAITING)
        )
