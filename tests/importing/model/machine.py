"""Imports, edits, undos and re-imports in any order, on the real archive and on a dictionary.

After every step both say the same; the archive is in step with itself; and of each value it can
tell which line or which editor it comes from.
"""

import json
from dataclasses import replace
from pathlib import Path

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from articles.choices import FindingState, Status
from articles.importing.undoing.undo import REDO, UNDO, make_plan, take_back
from articles.models import Article, FieldChange, Finding, ImportRun, SourceEntry
from articles.writing import checking
from articles.writing.articles import delete_articles, save_article, set_status
from articles.writing.changes import ArticleChange
from articles.writing.state import columns_of, lists_of
from articles.writing.suggestions import (
    KEEP,
    TAKE,
    CannotApply,
    conflict_fields,
    decide_conflict,
    decided_fields,
)
from tests.importing.listings import run as run_command
from tests.importing.model.comparing import (
    LEDGER,
    agree,
    footprint,
    is_from,
    plain,
    refused_values,
    values_of,
)
from tests.importing.model.dictionary import Archive
from tests.importing.model.records import Held, Planned, Run
from tests.importing.model.taking_back import carry_out, fates
from tests.importing.model.texts import FIELDS, Piece, Values, listing_text

#: The pages that listings come from, and their topics.
TOPICS = {"Page A": "Tides", "Page B": "Harbours"}

PIECES = st.lists(
    st.builds(
        Piece,
        theme=st.integers(0, 3),
        wording=st.integers(0, 1),
        shift=st.integers(0, 1),
        byline=st.integers(0, 2),
        standfirst=st.integers(0, 1),
        kicker=st.integers(0, 1),
        link=st.integers(-1, 1),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda piece: piece.theme,
)
#: What `--tag` gives, mostly nothing.
TAGS = st.sampled_from(["", "", "", "By hand", "Twice"])
SOURCES, STATUSES = st.sampled_from(sorted(TOPICS)), st.sampled_from(["draft", "published"])
WHICH = st.integers(0, 7)
EDITS = st.sampled_from(
    [
        ("kicker", "My kicker"), ("kicker", ""), ("headline", "My headline"),
        ("standfirst", "My words."), ("byline", "Mira Oldcastle"), ("byline", "By me"),
        ("source_url", "https://example.org/mine"), ("source_url", "https://example.org/two"),
        ("published_on", "2021-05-03"), ("published_on", "2021-05-30"),
    ]
)  # fmt: skip


class Imports(RuleBasedStateMachine):
    """The rules. ``folder`` is where listings are written."""

    folder: Path
    #: How many steps of each kind were tried, over all sequences.
    done: dict[str, int] = {}

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.model = Archive()
        self.files: dict[str, list[tuple[Piece, ...]]] = {source: [] for source in TOPICS}
        self.typed = self.moved = 0
        self.editor = User.objects.create_user("editor")

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def count(self, what: str) -> None:
        self.model.at += 1
        self.done[what] = self.done.get(what, 0) + 1

    # Imports

    @rule(source=SOURCES, pieces=PIECES, status=STATUSES, tag=TAGS)
    def import_listing(self, source: str, pieces: list[Piece], status: str, tag: str) -> None:
        self.files[source].append(tuple(pieces))
        self._import(source, tuple(pieces), status, tag)

    @precondition(lambda self: any(self.files.values()))
    @rule(source=SOURCES, which=WHICH, status=STATUSES, tag=TAGS)
    def import_again(self, source: str, which: int, status: str, tag: str) -> None:
        if files := self.files[source]:
            self._import(source, files[-1 - which % len(files)], status, tag)

    def _import(self, source: str, pieces: tuple[Piece, ...], status: str, tag: str = "") -> None:
        self.count("import")
        topic, text = TOPICS[source], self._text(source, pieces)
        path = self.folder / "page.txt"
        path.write_text(text, encoding="utf-8")
        said = [piece.values(topic) for piece in pieces]
        self.model.refused = refused_values()
        tags = (tag,) if tag else ()
        plan = self.model.plan(source, said, status, tags)
        command = ("import_listing", path, "--source", source, "--status", status)
        command += ("--tag", tag) if tag else ()
        before = footprint()
        code, dry, err = run_command(*command, "--dry-run", "--format", "json")
        assert code in (0, 1), err
        assert footprint() == before, "a dry run wrote"
        findings = set(Finding.objects.values_list("pk", flat=True))
        code, report, err = run_command(*command, "--yes", "--format", "json")
        assert code in (0, 1), err
        assert json.loads(report) == json.loads(dry), "the dry run said otherwise"
        entries = json.loads(report)["listings"][0]["entries"]
        found = [entry["change"] for entry in entries]
        wanted = [planned.change for planned in plan]
        assert found == wanted, f"planned {found}, the dictionary says {wanted}"
        keys = dict(Article.objects.values_list("public_key__key", "pk"))
        for entry, planned in zip(entries, plan, strict=True):
            if planned.change in ("UPDATE", "CONFLICT", "UNCHANGED"):
                assert keys.get(entry["article"]) == planned.article
            if planned.change in ("UPDATE", "CONFLICT"):
                assert set(entry["fields"]) == set(planned.fields)
                assert set(entry["conflicts"]) == set(planned.conflicts)
        stored = ImportRun.objects.latest("id")
        run = Run(stored.pk, source, text, self.model.at, said, tags)
        created = SourceEntry.objects.filter(run=stored, change="CREATE").order_by("ordinal")
        made = {
            ordinal: self._made(pk, plan[ordinal].with_tags(), status)
            for ordinal, pk in created.values_list("ordinal", "article_id")
        }
        self.model.apply(run, plan, made)
        for pk, fields in run.writes.items():
            if moved := self._moved(pk, run):
                fields["slug"] = moved
        self._not_asked_again(findings)
        self._wrote_no_more(run, plan)

    @staticmethod
    def _text(source: str, pieces: tuple[Piece, ...]) -> str:
        return listing_text(TOPICS[source], pieces)

    @staticmethod
    def _made(pk: int, values: Values, status: str) -> Held:
        slug = Article.objects.values_list("slug", flat=True).get(pk=pk)
        return Held(
            pk, slug, {name: values.get(name) for name in FIELDS}, status, status == "published"
        )

    def _moved(self, pk: int, run: Run | None) -> tuple[str, str] | None:
        """Follow a slug that the archive changed, since the day had another of its kind."""
        held = self.model.articles[pk]
        now = Article.objects.values_list("slug", flat=True).get(pk=pk)
        if now == held.slug:
            return None
        was = held.slug
        stood = held.is_tombstone
        held.change(self.model.at, run, {"slug": now})
        held.is_tombstone = stood and run is not None
        return was, now

    def _not_asked_again(self, before: set[int]) -> None:
        for finding in Finding.objects.filter(code="conflict").exclude(pk__in=before):
            for name, sides in conflict_fields(finding).items():
                kept = self.model.refused.get((finding.article_id or 0, name), [])
                assert plain(name, sides["source"]) not in kept, "a refused value was asked again"

    @staticmethod
    def _wrote_no_more(run: Run, plan: list[Planned]) -> None:
        rows = FieldChange.objects.filter(subject_type="article", operation__import_run=run.pk)
        written = {
            (pk, LEDGER.get(name, name)) for pk, name in rows.values_list("subject_id", "field")
        }
        wanted = {(pk, name) for pk, fields in run.writes.items() for name in fields}
        assert written - {(pk, "visible_from") for pk, _ in written} == wanted

    # Editors

    def _article(self, which: int) -> Held | None:
        ids = sorted(self.model.articles)
        return self.model.articles[ids[which % len(ids)]] if ids else None

    def _edited(self, pk: int, values: Values) -> None:
        """Follow an editor's change of those values that differ."""
        held = self.model.articles[pk]
        differing = {
            name: value or None
            for name, value in values.items()
            if (value or None) != ((held.status if name == "status" else held.values[name]) or None)
        }
        if differing:
            self.model.edit(pk, differing)
            self._moved(pk, None)

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
        self.count("type in")
        self.typed += 1
        values = pieces[0].values("")
        fields = {name: value for name, value in values.items() if name not in ("authors", "tags")}
        article = save_article(
            ArticleChange(fields={**fields, "status": status}), actor=self.editor
        )
        values["authors"] = [item["name"] for item in lists_of([article.pk])[article.pk]["credits"]]
        self.model.articles[article.pk] = self._made(article.pk, {**values, "tags": []}, status)

    @precondition(lambda self: any(not held.was_public for held in self.model.articles.values()))
    @rule(which=WHICH)
    def delete(self, which: int) -> None:
        self.count("delete")
        ids = sorted(pk for pk, held in self.model.articles.items() if not held.was_public)
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
            self._edited(pk, {name: plain(name, source) for name, source in wanted.items()})

    @staticmethod
    def _conflicts() -> list[Finding]:
        rows = Finding.objects.filter(code="conflict", state=FindingState.OPEN)
        return list(rows.exclude(article=None).order_by("pk"))

    # Taking back

    @precondition(lambda self: any(not run.is_undone for run in self.model.runs))
    @rule(which=WHICH)
    def undo(self, which: int) -> None:
        self._take_back([run for run in self.model.runs if not run.is_undone], which, UNDO)

    @precondition(lambda self: any(run.is_undone for run in self.model.runs))
    @rule(which=WHICH)
    def redo(self, which: int) -> None:
        self._take_back([run for run in self.model.runs if run.is_undone], which, REDO)

    def _take_back(self, runs: list[Run], which: int, action: str) -> None:
        self.count(action)
        run = runs[-1 - which % len(runs)]
        stored = ImportRun.objects.get(pk=run.pk)
        wanted = fates(self.model, run, redo=action == REDO)
        before = footprint()
        agreed = make_plan(stored, action).digest()
        assert footprint() == before, "the plan of an undo wrote"
        plan = take_back(stored, action, agreed=agreed, actor=self.editor)
        steps = {step.id: step for step in plan.articles if step.id > 0}
        assert steps.keys() == wanted.keys()
        for pk, fate in wanted.items():
            agree(fate, steps[pk])
        carry_out(self.model, run, wanted, redo=action == REDO)

    # Acts that meet more often than chance would have it

    @precondition(lambda self: any(not run.is_undone for run in self.model.runs))
    @rule(which=WHICH, status=STATUSES)
    def undo_and_import_again(self, which: int, status: str) -> None:
        runs = [run for run in self.model.runs if not run.is_undone]
        run = runs[-1 - which % len(runs)]
        self._take_back(runs, which, UNDO)
        pieces = next(
            one for one in self.files[run.source] if self._text(run.source, one) == run.file
        )
        self._import(run.source, pieces, status)

    @precondition(lambda self: any(self.files.values()))
    @rule(source=SOURCES, status=STATUSES)
    def editor_and_page_change_the_same(self, source: str, status: str) -> None:
        if not self.files[source]:
            return
        first, *rest = self.files[source][-1]
        was = first.values(TOPICS[source])["standfirst"]
        for pk, held in sorted(self.model.articles.items()):
            if held.values["standfirst"] == was:
                self._edit(pk, "standfirst", "My words.")
        changed = (replace(first, standfirst=1 - first.standfirst), *rest)
        self.files[source].append(changed)
        self._import(source, changed, status)

    # What always holds

    @invariant()
    def both_say_the_same(self) -> None:
        stored = {article.pk: article for article in Article.objects.all()}
        assert stored.keys() == self.model.articles.keys()
        lists = lists_of(stored)
        for pk, held in self.model.articles.items():
            columns = columns_of(stored[pk])
            found = {name: columns.get(name) or None for name in FIELDS}
            found["authors"] = [item["name"] for item in lists[pk]["credits"]] or None
            found["tags"] = sorted(item["name"] for item in lists[pk]["tags"]) or None
            wanted = {name: held.values[name] or None for name in FIELDS}
            differing = {
                name: (found[name], wanted[name]) for name in FIELDS if found[name] != wanted[name]
            }
            assert not differing, f"article {pk} (archive, dictionary): {differing}"
            assert (stored[pk].status, stored[pk].slug) == (held.status, held.slug), f"article {pk}"
            assert stored[pk].was_public == held.was_public, f"article {pk}"

    @invariant()
    def entries_lead_where_they_should(self) -> None:
        rows = SourceEntry.objects.values_list("run_id", "ordinal", "change", "article_id")
        assert sorted(rows, key=repr) == sorted(
            (
                (run.pk, row.ordinal, row.change, row.article)
                for run in self.model.runs
                for row in run.rows
            ),
            key=repr,
        )

    @invariant()
    def index_and_totals_are_in_step(self) -> None:
        assert list(checking.check()) == []

    @invariant()
    def every_value_has_an_origin(self) -> None:
        last: dict[tuple[int, str], FieldChange] = {}
        for change in (
            FieldChange.objects.filter(subject_type="article")
            .select_related("operation", "source_entry__unchanged_from")
            .order_by("id")
        ):
            last[change.subject_id, LEDGER.get(change.field, change.field)] = change
        led: dict[int, set[int]] = {}
        for entry, old in FieldChange.objects.filter(
            subject_type="entry", field="article", old__isnull=False
        ).values_list("subject_id", "old"):
            led.setdefault(old, set()).add(entry)
        for pk, held in self.model.articles.items():
            # Also those that an undo cut from it, which the ledger remembers.
            its = Q(article=pk) | Q(pk__in=led.get(pk, ()))
            entries = SourceEntry.objects.filter(its).select_related("unchanged_from")
            said = [values_of(entry) for entry in entries]
            for name in FIELDS:
                value = held.values[name] or None
                if value is not None and name != "tags":
                    change = last.get((pk, name))
                    assert is_from(change, name, value, said), f"article {pk}: {name}"
