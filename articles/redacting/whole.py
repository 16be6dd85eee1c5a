"""Removing the whole text of an article: what is left is a tombstone that says nothing of it."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import models
from django.db.models import Q

from articles import clock, documents
from articles.choices import Status, UploadState
from articles.cleaning import pictures_in
from articles.models import (
    Article,
    Attachment,
    FieldChange,
    Finding,
    HeldPicture,
    HomePage,
    ImportRun,
    Operation,
    PastAddress,
    Pin,
    SheetRow,
    SourceEntry,
    Upload,
)
from articles.pictures import files_of
from articles.redacting import entries, places
from articles.redacting.marks import Mark, Texts, address_mark, marks_of_text
from articles.redacting.steps import Steps, place_of
from articles.redacting.words import MARK, blank_value, texts_in
from articles.writing import gone_addresses, illustrating, index, operations
from articles.writing.state import BLOCK_FIELDS, LINE_FIELDS
from authors.models import Author

#: Columns of an article that hold words of it; its date and its language stay.
WORDS = tuple(
    name for name in (*LINE_FIELDS, *BLOCK_FIELDS, "body", "source_url", "credit")
    if name not in ("language", "headline")
)  # fmt: skip
#: Fields of the ledger that say nothing of the text.
_NEUTRAL = ("status", "published_on", "visible_from", "owner", "translation_of", "language")
_EMPTIED, _ROW, _FILE = "emptied", "row removed", "file removed"


class TextRemoval:
    """Removes the text of *article*, and of what was merged into it, under *operation*. Without
    one it only says what it would do."""

    def __init__(self, article: Article, operation: Operation | None) -> None:
        self.operation, self.write = operation, operation is not None
        self.steps = Steps()
        self._attached: list[Attachment] = []
        #: Pictures to remove once the rows are; what was attached goes by itself.
        self.files: list[Path] = []
        self.ids = _with_copies(article.pk)
        rows = list(Article.objects.filter(pk__in=self.ids).order_by("pk"))
        #: What recognises the text when it comes again.
        self.marks = [mark for row in rows for mark in _marks(row)]
        self.addresses: list[Mark] = [
            address_mark(path)
            for row in rows
            if row.was_public and (path := row.get_absolute_url())
        ]
        # Those that its history shows, too.
        held = HeldPicture.objects.filter(article__in=self.ids).values_list("name", flat=True)
        self._pictures = {name for row in rows for name in pictures_in(row.body)} | set(held)
        self._attached = list(Attachment.objects.filter(article__in=self.ids))
        if self.write:
            documents.remove_with(self.ids)
        self._entries = _entries_of(self.ids)
        self._holds = Texts(self.marks).holds

    def run(self) -> Steps:
        """Do it, place by place; return what was done. Inside the caller's transaction."""
        self._articles()
        self._ledger()
        self._listings()
        self._rows()
        self._reports()
        self._sessions()
        self._files()
        self._elsewhere()
        if self.write:
            index.refresh(self.ids)
            gone_addresses.note_files(self._attached)
        return self.steps

    def _articles(self) -> None:
        for row in Article.objects.filter(pk__in=self.ids).order_by("pk"):
            for name in ("headline", *WORDS, "slug"):
                if value := getattr(row, name):
                    self.steps.add(place_of(Article, name), _EMPTIED, str(row.pk), value)
            if self.write:
                was_hidden = row.status == Status.WITHDRAWN
                Article.objects.filter(pk=row.pk).update(
                    **dict.fromkeys(WORDS, ""),
                    headline=MARK,
                    slug=f"removed-{row.pk}",
                    translation_of=None,
                    status=Status.WITHDRAWN,
                    withdrawn_at=row.withdrawn_at if was_hidden else clock.now(),
                    redacted=clock.now(),
                    version=models.F("version") + 1,
                    updated=clock.now(),
                )

    def _ledger(self) -> None:
        rows = FieldChange.objects.filter(subject_type="article", subject_id__in=self.ids)
        for row in rows.exclude(field__in=_NEUTRAL).order_by("pk"):
            old, new = _no_words(row.old), _no_words(row.new)
            if (old, new) != (row.old, row.new):
                self.steps.add(place_of(FieldChange), _EMPTIED, str(row.pk), row.old or row.new)
                if self.write:
                    FieldChange.objects.filter(pk=row.pk).update(old=old, new=new)
        # What was pinned to the home page was recorded with its headline once.
        for row in FieldChange.objects.filter(subject_type="home", field="pins").order_by("pk"):
            old, new = self._unnamed(row.old), self._unnamed(row.new)
            if (old, new) != (row.old, row.new):
                self.steps.add(place_of(FieldChange), _EMPTIED, str(row.pk))
                if self.write:
                    FieldChange.objects.filter(pk=row.pk).update(old=old, new=new)

    def _unnamed(self, pins: Any) -> Any:
        """Return the pins of the home page without the names of these articles."""
        if not isinstance(pins, list):
            return pins
        return [
            {**pin, "name": ""} if pin.get("article") in self.ids and "name" in pin else pin
            for pin in pins
        ]

    def _listings(self) -> None:
        """Empty the entries, and cut them from the article: to an import it is as if an editor had
        deleted it, which no later version of the listing changes."""
        rows = list(SourceEntry.objects.filter(pk__in=self._entries).order_by("pk"))
        for row in rows:
            self.steps.add(place_of(SourceEntry), _EMPTIED, str(row.pk), row.text)
        if self.operation is None or not rows:
            return
        operations.record(
            self.operation,
            [
                operations.Change("entry", row.pk, "article", row.article_id, None)
                for row in rows
                if row.article_id is not None
            ],
        )
        listings = entries.listings_of(self._entries)
        for row in rows:
            values = None if row.values is None else entries.emptied(row.values)
            SourceEntry.objects.filter(pk=row.pk).update(text="", values=values, article=None)
        entries.number_again(listings)

    def _rows(self) -> None:
        """Remove what is nothing without the text."""
        kind = ContentType.objects.get_for_model(Article)
        for found in (
            Finding.objects.filter(
                Q(article__in=self.ids)
                | Q(other_article__in=self.ids)
                | Q(source_entry__in=self._entries)
            ),
            Attachment.objects.filter(article__in=self.ids),
            HeldPicture.objects.filter(
                Q(article__in=self.ids) | Q(article=None, name__in=self._pictures)
            ),
            PastAddress.objects.filter(article__in=self.ids),
            SheetRow.objects.filter(article__in=self.ids),
            Pin.objects.filter(article__in=self.ids),
            LogEntry.objects.filter(content_type=kind, object_id__in=map(str, self.ids)),
            *(
                model._default_manager.filter(**{f"{link}__in": self.ids})
                for model, link in index.LINKED
            ),
        ):
            rows: list[models.Model] = list(found.order_by("pk"))
            for row in rows:
                self.steps.add(place_of(type(row)), _ROW, str(row.pk), row)
                if isinstance(row, Attachment):
                    self._attached.append(row)
                if isinstance(row, PastAddress):
                    self.addresses.append(address_mark(row.path))
            if self.write and rows:
                type(rows[0])._base_manager.filter(pk__in=[row.pk for row in rows]).delete()
        if self.write:
            HomePage.objects.filter(lead__in=self.ids).update(lead=None)

    def _reports(self) -> None:
        """Empty what imports and lists said of the text."""
        lines: dict[int, list[tuple[int, int]]] = {}
        for row in SourceEntry.objects.filter(pk__in=self._entries):
            lines.setdefault(row.run_id, []).append((row.first_line, row.last_line))
        for run in ImportRun.objects.filter(pk__in=lines).order_by("pk"):
            report = _without_lines(run.report, lines[run.pk])
            if report != run.report:
                self.steps.add(place_of(ImportRun, "report"), _EMPTIED, str(run.pk))
                if self.write:
                    ImportRun.objects.filter(pk=run.pk).update(report=report)
        for model in places.tables():
            if model.__name__ in places.REPORTS:
                self._report(model)

    def _report(self, model: type[models.Model]) -> None:
        for pk, values in places.rows_of(model):
            changed: dict[str, Any] = {}
            for name, value in values.items():
                if not value or not any(map(self._holds, places.texts_of(value))):
                    continue
                if isinstance(value, bytes | memoryview):
                    changed[name] = b""
                elif places.is_packed(value):
                    changed[name] = None
                else:
                    changed[name] = blank_value(
                        value, lambda text: MARK if self._holds(text) else text
                    )
                self.steps.add(place_of(model, name), _EMPTIED, str(pk))
            if changed and self.write:
                if model is Upload:
                    changed |= {"content": b"", "plan": None}
                    waiting = (UploadState.PLANNED, UploadState.FAILED)
                    Upload.objects.filter(pk=pk, state__in=waiting).update(
                        state=UploadState.DISCARDED, finished=clock.now()
                    )
                model._base_manager.filter(pk=pk).update(**changed)

    def _sessions(self) -> None:
        found = places.sessions_with(self._holds)
        for _key in found:
            self.steps.add("sessions", _ROW)
        if self.write:
            Session.objects.filter(session_key__in=found).delete()

    def _files(self) -> None:
        """Remove the files and the pictures that no other text has."""
        shas = [row.sha256 for row in self._attached]
        others_have = set(
            Attachment.objects.filter(sha256__in=shas)
            .exclude(pk__in=[row.pk for row in self._attached])
            .values_list("sha256", flat=True)
        )
        for sha256, suffix in sorted({(row.sha256, row.suffix) for row in self._attached}):
            path = documents.path_of(sha256, suffix)
            if sha256 not in others_have and path.exists():
                self.steps.add("files", _FILE, path.name)
        if not self._pictures:
            return
        others = illustrating.shown_elsewhere(self._pictures, self.ids)
        for portrait in Author.objects.exclude(portrait={}).values_list("portrait", flat=True):
            others |= set(texts_in(portrait)) & self._pictures
        gone = self._pictures - others
        for path in (path for name in sorted(gone) for path in files_of(name) if path.exists()):
            self.steps.add("pictures", _FILE, path.name)
            self.files.append(path)
            # Readers saw it with the text.
            if self.addresses:
                self.addresses.append(address_mark(f"/media/{path.name}"))

    def _elsewhere(self) -> None:
        """Name the articles that have passages of it: quotations, or copies under another name."""
        found = [
            pk
            for pk, values in places.rows_of(Article, ~Q(pk__in=self.ids))
            if any(map(self._holds, texts_in([values["standfirst"], values["body"]])))
        ]
        if found:
            shown = ", ".join(map(str, found[:20])) + ("…" if len(found) > 20 else "")
            self.steps.remarks.append(
                f"{len(found)} other articles have passages of it, and stay as they are: {shown}."
            )


def _with_copies(pk: int) -> list[int]:
    """Return *pk* with the articles that were merged into it, and into those."""
    found = {pk}
    while (
        new := set(Article.objects.filter(merged_into__in=found).values_list("pk", flat=True))
        - found
    ):
        found |= new
    return sorted(found)


def _marks(article: Article) -> list[Mark]:
    return marks_of_text(
        article.headline, article.published_text(), (article.standfirst, article.body)
    )


def _entries_of(articles: Sequence[int]) -> list[int]:
    """Return the entries that lead to these articles, or ever did, in every version."""
    found = set(SourceEntry.objects.filter(article__in=articles).values_list("pk", flat=True))
    cut = FieldChange.objects.filter(subject_type="entry", field="article")
    wanted = set(articles)
    found |= {
        pk
        for pk, old in cut.values_list("subject_id", "old").iterator()
        if isinstance(old, int) and old in wanted
    }
    roots = SourceEntry.objects.filter(pk__in=found, unchanged_from__isnull=False)
    found |= {pk for pk in roots.values_list("unchanged_from_id", flat=True) if pk is not None}
    found |= set(SourceEntry.objects.filter(unchanged_from__in=found).values_list("pk", flat=True))
    return sorted(found)


def _no_words(value: Any) -> Any:
    """Return a value of the ledger without its words: a list of nothing, a text of nothing."""
    if isinstance(value, str):
        return ""
    if isinstance(value, list):
        return []
    if isinstance(value, dict):
        return {name: _no_words(item) for name, item in value.items()}
    return value


def _without_lines(report: Any, ranges: Iterable[tuple[int, int]]) -> Any:
    """Return the report of a run without what it said of these lines."""
    if not isinstance(report, dict):
        return report
    spans = list(ranges)
    return {
        **report,
        "diagnostics": [
            {**item, "message": MARK, "alternatives": []}
            if any(first <= (item.get("line") or 0) <= last for first, last in spans)
            else item
            for item in report.get("diagnostics", [])
        ],
    }
