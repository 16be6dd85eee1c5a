"""Imports, edits, undos and re-imports in any order, on the real archive and on a dictionary.

After every step both say the same; the archive is in step with itself; and of each value it can
tell which line or which editor it comes from.
"""

import json
from dataclasses import replace

from django.db.models import Q
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from articles.importing.undoing.undo import REDO, UNDO, make_plan, take_back
from articles.models import Article, FieldChange, Finding, ImportRun, SourceEntry
from articles.writing import checking
from articles.writing.state import columns_of, lists_of
from articles.writing.suggestions import conflict_fields
from tests.importing.listings import run as run_command
from tests.importing.model.both import PIECES, SOURCES, STATUSES, TOPICS, WHICH
from tests.importing.model.comparing import (
    LEDGER,
    agree,
    footprint,
    is_from,
    places,
    plain,
    refused_values,
    values_of,
)
from tests.importing.model.editors import Editors
from tests.importing.model.records import Planned, Run
from tests.importing.model.taking_back import carry_out, fates
from tests.importing.model.texts import FIELDS, Piece, listing_text

#: What `--tag` gives, mostly nothing.
TAGS = st.sampled_from(["", "", "", "By hand", "Twice"])


class Imports(Editors):
    """The rules of imports and undos, and what holds after every act."""

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
        self.model.refused = refused_values(self.model.leads)
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
        run = Run(stored.pk, source, text, self.model.at, said, tags, status)
        created = SourceEntry.objects.filter(run=stored, change="CREATE").order_by("ordinal")
        made = {
            ordinal: self._made(pk, self.model.in_names(plan[ordinal].made()), status)
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

    def _not_asked_again(self, before: set[int]) -> None:
        for finding in Finding.objects.filter(code="conflict").exclude(pk__in=before):
            for name, sides in conflict_fields(finding).items():
                kept = self.model.refused.get((finding.article_id or 0, name), [])
                assert plain(name, sides["source"], self.model.leads) not in kept, (
                    "a refused value was asked again"
                )

    @staticmethod
    def _wrote_no_more(run: Run, plan: list[Planned]) -> None:
        rows = FieldChange.objects.filter(subject_type="article", operation__import_run=run.pk)
        written = {
            (pk, LEDGER.get(name, name)) for pk, name in rows.values_list("subject_id", "field")
        }
        wanted = {(pk, name) for pk, fields in run.writes.items() for name in fields}
        assert written - {(pk, "visible_from") for pk, _ in written} == wanted

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

    @precondition(lambda self: any(self.files.values()))
    @rule(source=SOURCES, number=st.integers(-1, 3), place=st.integers(0, 4), status=STATUSES)
    def editor_and_page_move_a_part(
        self, source: str, number: int, place: int, status: str
    ) -> None:
        if not self.files[source]:
            return
        first, *rest = self.files[source][-1]
        headline = first.values("")["headline"]
        for _pk, held in sorted(self.model.articles.items()):
            if held.values["headline"] == headline:
                self._set_place(held, "The long watch", number)
        changed = (replace(first, place=place), *rest)
        self.files[source].append(changed)
        self._import(source, changed, status)

    @precondition(lambda self: self.typed < 3)
    @rule(source=SOURCES, pieces=PIECES, status=STATUSES, candidate=st.integers(-1, 2))
    def type_in_and_import_other_credit(
        self, source: str, pieces: list[Piece], status: str, candidate: int
    ) -> None:
        """What was typed in comes with another byline: an editor says whether it is that."""
        self.typed += 1
        piece = replace(pieces[0], byline=1, shift=max(0, pieces[0].shift))
        self._type_in(piece, status)
        listed = (replace(piece, byline=2, place=pieces[-1].place), *pieces[1:])
        self.files[source].append(listed)
        self._import(source, listed, status, "By hand")
        if self._waiting():
            self._choose(-1, candidate)

    @precondition(lambda self: self.merges < 2)
    @rule(pieces=PIECES, status=STATUSES, turned=st.booleans(), parted=st.booleans())
    def two_pages_have_one_article(
        self, pieces: list[Piece], status: str, turned: bool, parted: bool
    ) -> None:
        """Two pages list it with other credits; the two are merged; then one page changes it. They
        may be parted before the pages come once more."""
        self.merges += 1
        piece = replace(pieces[0], byline=1, shift=max(0, pieces[0].shift))
        listed = {"Page A": piece, "Page B": replace(piece, byline=2, place=pieces[-1].place)}
        before = set(self.model.articles)
        for source, one in listed.items():
            self.files[source].append((one,))
            self._import(source, (one,), status)
        new = sorted(set(self.model.articles) - before)
        if len(new) == 2:
            self._merge(*(reversed(new) if turned else new))
        for source, one in listed.items():
            changed = (replace(one, standfirst=1 - one.standfirst, link=1), *pieces[1:])
            self.files[source].append(changed)
            self._import(source, changed, status)
        merged = [pk for pk in self._copies() if pk in new]
        if not merged or not parted:
            return
        self._unmerge(merged[0])
        for source, one in listed.items():
            self._import(source, self.files[source][-1], status)
            self.files[source].append((one, *pieces[1:]))
            self._import(source, self.files[source][-1], status)

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
            found["series"] = places(lists[pk]["parts"]) or None
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
                # Tags and places in series come and go one by one.
                if value is not None and name not in ("series", "tags"):
                    change = last.get((pk, name))
                    leads = (self.model.leads, self.model.led)
                    assert is_from(change, name, value, said, leads), f"article {pk}: {name}"
