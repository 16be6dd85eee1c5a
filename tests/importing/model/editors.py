"""What editors do, on both sides: they edit, type in, delete, publish, merge and decide."""

from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from articles.choices import FindingState, Status
from articles.importing.deciding import candidates_of, choose_article
from articles.importing.records import AMBIGUOUS_ENTRY
from articles.models import Article, Finding, Series
from articles.writing.articles import delete_articles, save_article, set_status
from articles.writing.changes import ArticleChange, Place
from articles.writing.merging import merge_articles
from articles.writing.name_merging import merge_named
from articles.writing.name_unmerging import unmerge
from articles.writing.state import lists_of
from articles.writing.suggestions import (
    KEEP,
    TAKE,
    CannotApply,
    conflict_fields,
    decide_conflict,
    decided_fields,
)
from articles.writing.unmerging import unmerge_article
from authors.models import Author
from tests.importing.model.both import PIECES, STATUSES, WHICH, Both
from tests.importing.model.comparing import plain, refused_values
from tests.importing.model.fields import in_order
from tests.importing.model.records import PUBLISHED, WITHDRAWN, Held, Row
from tests.importing.model.texts import BYLINES, SERIES, Piece

EDITS = st.sampled_from(
    [
        ("kicker", "My kicker"), ("kicker", ""), ("headline", "My headline"),
        ("standfirst", "My words."), ("byline", "Mira Oldcastle"), ("byline", "By me"),
        ("source_url", "https://example.org/mine"), ("source_url", "https://example.org/two"),
        ("published_on", "2021-05-03"), ("published_on", "2021-05-30"),
    ]
)  # fmt: skip


class Editors(Both):
    """The rules of the editors."""

    @precondition(lambda self: self.model.articles)
    @rule(which=WHICH, edit=EDITS)
    def edit(self, which: int, edit: tuple[str, str]) -> None:
        held = self._article(which)
        assert held is not None
        self._edit(held.pk, *edit)

    def _edit(self, pk: int, name: str, value: str) -> None:
        self.count("edit")
        change = ArticleChange(article=Article(pk=pk), fields={name: value})
        save_article(change, actor=self.editor)
        self._edited(pk, {name: value})

    @precondition(lambda self: self.typed < 2)
    @rule(pieces=PIECES, status=STATUSES)
    def type_in(self, pieces: list[Piece], status: str) -> None:
        self.typed += 1
        self._type_in(pieces[0], status)

    def _type_in(self, piece: Piece, status: str) -> None:
        self.count("type in")
        values = replace(piece, shift=max(0, piece.shift)).values("")
        lists = ("authors", "series", "tags")
        fields = {name: value for name, value in values.items() if name not in lists}
        article = save_article(
            ArticleChange(fields={**fields, "status": status}), actor=self.editor
        )
        values["authors"] = [item["name"] for item in lists_of([article.pk])[article.pk]["credits"]]
        self.model.articles[article.pk] = self._made(
            article.pk, {**values, "series": [], "tags": []}, status
        )

    @precondition(lambda self: self._deletable())
    @rule(which=WHICH)
    def delete(self, which: int) -> None:
        self.count("delete")
        ids = self._deletable()
        pk = ids[which % len(ids)]
        delete_articles([pk], actor=self.editor)
        self.model.delete(pk)

    @precondition(lambda self: self.model.articles and self.moved < 4)
    @rule(which=WHICH, publish=st.booleans())
    def publish_or_withdraw(self, which: int, publish: bool) -> None:
        held = self._article(which)
        assert held is not None
        if publish or held.was_public:
            self.moved += 1
            self.count("publish or withdraw")
            status = Status.PUBLISHED if publish else Status.WITHDRAWN
            set_status([held.pk], status, actor=self.editor, reason="A mistake")
            self._edited(held.pk, {"status": status.value})

    @precondition(lambda self: self._conflicts())
    @rule(which=WHICH, take=st.booleans())
    def decide(self, which: int, take: bool) -> None:
        conflicts = self._conflicts()
        finding = conflicts[which % len(conflicts)]
        pk, fields, decided = finding.article_id, conflict_fields(finding), decided_fields(finding)
        wanted = {name: sides["source"] for name, sides in fields.items() if name not in decided}
        self.count("decide")
        try:
            decide_conflict(
                finding.pk, dict.fromkeys(wanted, TAKE if take else KEEP), actor=self.editor
            )
        except CannotApply:
            return
        assert pk is not None
        if take:
            self._edited(
                pk, {name: plain(name, source, self.model.leads) for name, source in wanted.items()}
            )

    @staticmethod
    def _conflicts() -> list[Finding]:
        rows = Finding.objects.filter(code="conflict", state=FindingState.OPEN)
        return list(rows.exclude(article=None).order_by("pk"))

    def _deletable(self) -> list[int]:
        merged = {held.merged_into for held in self.model.articles.values()}
        return sorted(
            pk
            for pk, held in self.model.articles.items()
            if not (held.was_public or held.merged_into or pk in merged)
        )

    @precondition(lambda self: len(self.model.articles) > 1)
    @rule(which=WHICH, other=WHICH)
    def merge_articles(self, which: int, other: int) -> None:
        survivor, copy = self._article(which), self._article(other)
        if survivor is not None and copy is not None:
            self._merge(survivor.pk, copy.pk)

    def _merge(self, survivor_id: int, copy_id: int) -> None:
        """An editor says that an article is a copy of another; each is one of two only."""
        survivor, copy = self.model.articles[survivor_id], self.model.articles[copy_id]
        merged = {held.merged_into for held in self.model.articles.values()}
        if survivor is copy or {survivor_id, copy_id} & merged or survivor.status == WITHDRAWN:
            return
        if copy.was_public and survivor.status != PUBLISHED:
            return
        self.count("merge articles")
        merge_articles(survivor_id, copy_id, actor=self.editor, reason="A copy")
        self.model.merge_articles(survivor_id, copy_id)
        self.series[copy_id] = dict(Series.objects.values_list("title", "pk"))

    @precondition(lambda self: self._copies())
    @rule(which=WHICH)
    def unmerge_articles(self, which: int) -> None:
        copies = self._copies()
        self._unmerge(copies[which % len(copies)])

    def _unmerge(self, pk: int) -> None:
        """An editor takes a merge back."""
        survivor = self.model.articles[pk].merged_into
        assert survivor is not None
        self.count("unmerge articles")
        unmerge_article(pk, actor=self.editor)
        left = set(Series.objects.values_list("pk", flat=True))
        gone = {title for title, series in self.series.pop(pk).items() if series not in left}
        self.model.unmerge_articles(pk, gone)
        for one in (pk, survivor):
            self._moved(one, None)

    def _copies(self) -> list[int]:
        return sorted(pk for pk, held in self.model.articles.items() if held.merged_into)

    # An entry that waits

    @precondition(lambda self: self._waiting())
    @rule(which=WHICH, candidate=st.integers(-1, 2))
    def choose(self, which: int, candidate: int) -> None:
        """An editor says which article an entry is, or that it is none of them."""
        self._choose(which, candidate)

    def _choose(self, which: int, candidate: int) -> None:
        waiting = self._waiting()
        finding = waiting[which % len(waiting)]
        candidates = [pk for pk in candidates_of(finding) if pk in self.model.articles]
        # Those of which one was merged into another meanwhile are that one.
        merged = {pk for pk in candidates if self.model.articles[pk].merged_into}
        candidates = [pk for pk in candidates if pk not in merged]
        row = self._row_of(finding)
        is_new = candidate < 0 or not candidates
        chosen = None if is_new else candidates[candidate % len(candidates)]
        self.count("choose")
        self.model.refused = refused_values(self.model.leads)
        if chosen is None:
            values = self.model.values_of_new(row)
            article = choose_article(finding.pk, None, actor=self.editor, publish=True)
            self.model.choose_new(row, self._made(article.pk, values, row.run.status))
        else:
            article = choose_article(finding.pk, chosen, actor=self.editor, publish=True)
            self.model.choose(row, article.pk)
            self._moved(article.pk, None)

    def _row_of(self, finding: Finding) -> Row:
        entry = finding.source_entry
        assert entry is not None
        return next(
            row
            for run in self.model.runs
            for row in run.rows
            if (run.pk, row.ordinal) == (entry.run_id, entry.ordinal)
        )

    @staticmethod
    def _waiting() -> list[Finding]:
        rows = Finding.objects.filter(code=AMBIGUOUS_ENTRY, state=FindingState.OPEN)
        return list(rows.select_related("source_entry").order_by("pk"))

    # Names

    @precondition(lambda self: self.model.articles)
    @rule(which=WHICH, title=st.sampled_from(sorted(SERIES)), number=st.integers(-1, 3))
    def set_place(self, which: int, title: str, number: int) -> None:
        held = self._article(which)
        assert held is not None
        self._set_place(held, title, number)

    def _set_place(self, held: Held, title: str, number: int) -> None:
        """An editor gives an article a place in a series, another number in it, or none (-1)."""
        series = Series.objects.filter(title=title).first()
        place = (title, number or None)
        if series is None or (number > 0 and self.model.is_taken(place, held.pk)):
            return
        self.count("set place")
        stored = lists_of([held.pk])[held.pk]["parts"]
        parts = [
            Place(item["series"], item["part_number"])
            for item in stored
            if item["series"] != series.pk
        ]
        kept = [one for one in held.values["series"] or () if one[0] != title]
        if number >= 0:
            parts.append(Place(series.pk, number or None))
            kept.append(place)
        save_article(ArticleChange(article=Article(pk=held.pk), parts=parts), actor=self.editor)
        self._edited(held.pk, {"series": in_order(kept)})

    @precondition(lambda self: not self.model.leads)
    @rule(turned=st.booleans())
    def merge_authors(self, turned: bool) -> None:
        rows = {row.name: row for row in Author.objects.filter(name__in=BYLINES[1:])}
        if len(rows) == 2:
            self.count("merge authors")
            survivor, copy = (rows[name] for name in sorted(rows, reverse=turned))
            self.merge = merge_named(survivor, [copy], actor=self.editor)
            self.model.merge_authors(survivor.name, copy.name)

    @precondition(lambda self: self.model.leads)
    @rule()
    def unmerge_authors(self) -> None:
        assert self.merge is not None
        self.count("unmerge authors")
        unmerge(self.merge, actor=self.editor)
        self.model.unmerge_authors()
