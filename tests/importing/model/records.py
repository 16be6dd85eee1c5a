"""What the plain dictionary holds: articles, runs, stored entries, and what each entry will do."""

from dataclasses import dataclass, field
from typing import Any

from tests.importing.model.texts import FIELDS, Values

PUBLISHED, WITHDRAWN = "published", "withdrawn"
#: Outcomes that leave what the entry says without effect.
UNAPPLIED = ("REVIEW", "REJECT")


@dataclass
class Act:
    """One change of one field of an article; ``run`` is None if a person made it."""

    at: int
    field: str
    run: "Run | None"


@dataclass
class Gift:
    """What an article has of a copy that was merged into it, and what the copy had: its status and
    its places. Whatever of it somebody took away, or gave again, is no gift any more."""

    status: str
    series: list[tuple[str, int | None]]
    tags: set[str]
    #: Places that it lacked, with their numbers; and the numbers of places that it had.
    places: dict[str, int | None]
    numbers: dict[str, int | None]

    def follow(self, name: str, was: Any, now: Any) -> None:
        """Follow a change of a field of the article that has it."""
        if name == "tags":
            self.tags -= set(was or ()) ^ set(now or ())
        elif name == "series":
            for title in dict(was or ()).keys() ^ dict(now or ()).keys():
                self.places.pop(title, None)


@dataclass
class Held:
    """One article. ``is_tombstone``: an undo withdrew it, and nobody touched it since."""

    pk: int
    slug: str
    values: Values
    status: str
    was_public: bool
    is_tombstone: bool = False
    #: The article that it is a copy of, since an editor merged the two.
    merged_into: int | None = None
    #: What it has of the one that was merged into it.
    gift: Gift | None = None
    acts: list[Act] = field(default_factory=list)

    def change(self, at: int, run: "Run | None", values: Values) -> None:
        """Give it *values*; ``status`` may be among them."""
        for name, value in values.items():
            if name == "status":
                self.status = value
                self.was_public |= value == PUBLISHED
            elif name in FIELDS:
                if self.gift is not None:
                    self.gift.follow(name, self.values[name], value)
                self.values[name] = value
            elif name == "slug":
                self.slug = value
            self.acts.append(Act(at, name, run))
        if run is None or "status" in values:
            self.is_tombstone = False


@dataclass
class Row:
    """One stored entry. ``is_cut``: an undo took its article; ``deleted``: an editor did."""

    run: "Run"
    ordinal: int
    values: Values
    change: str
    article: int | None
    is_cut: bool = False
    deleted: int | None = None

    @property
    def counts(self) -> bool:
        """Whether the next import knows of it."""
        stands = not self.run.is_undone or self.change == "CREATE"
        return stands and (self.article is not None or not self.is_cut)


@dataclass
class Run:
    """One import run, or what it became: ``writes`` are the fields it changed, by article, as
    (before, after); ``taken`` and ``removed`` what its last undo did, for a redo."""

    pk: int
    source: str
    file: Any
    at: int
    said: list[Values]
    tags: tuple[str, ...] = ()
    status: str = PUBLISHED
    rows: list[Row] = field(default_factory=list)
    writes: dict[int, dict[str, tuple[Any, Any]]] = field(default_factory=dict)
    is_undone: bool = False
    undone_at: int = 0
    taken: dict[int, dict[str, tuple[Any, Any]]] = field(default_factory=dict)
    removed: dict[int, Held] = field(default_factory=dict)
    cut: list[tuple[Row, int]] = field(default_factory=list)


@dataclass
class Known:
    """What the source's earlier listings say of one wording of an entry."""

    row: Row
    values: Values
    in_latest: bool
    is_left: bool
    #: The article that it leads to: that of the row, or what that was merged into.
    article: int | None

    @property
    def is_expected(self) -> bool:
        return self.in_latest or self.is_left

    @property
    def is_deleted(self) -> bool:
        """Whether it leads to no article any more, and makes none."""
        return self.article is None and self.row.change not in UNAPPLIED

    @property
    def target(self) -> Any:
        """What stands for its article, also for one that is gone."""
        if self.article is not None:
            return self.article
        return ("deleted", self.row.deleted) if self.row.deleted else ("entry", id(self.row))


@dataclass
class Planned:
    """What one entry will do."""

    values: Values
    known: Known | None = None
    article: int | None = None
    candidates: list[Known] = field(default_factory=list)
    change: str = "CREATE"
    fields: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    conflicts: dict[str, Values] = field(default_factory=dict)
    comes_back: bool = False
    #: What `--tag` adds to this entry.
    extra: tuple[str, ...] = ()
    #: The places that a new article gets: without the numbers that others have.
    series: list[tuple[str, int | None]] = field(default_factory=list)

    def with_tags(self) -> Values:
        """Return what the entry says, and what is added to it."""
        return {**self.values, "tags": sorted({*self.values["tags"], *self.extra})}

    def made(self) -> Values:
        """Return what a new article of it has."""
        return {**self.with_tags(), "series": self.series}
