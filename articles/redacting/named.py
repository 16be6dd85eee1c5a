"""Removing words or a name from everything that the archive holds."""

from pathlib import Path
from typing import Any

from django.contrib.sessions.models import Session
from django.db import models

from articles import clock
from articles.choices import UploadState
from articles.folding import fold
from articles.models import (
    Article,
    Attachment,
    Contribution,
    GoneAddress,
    HomePage,
    Part,
    PastAddress,
    Series,
    SiteLink,
    SitePage,
    Source,
    SourceEntry,
    Tag,
    TaggedArticle,
    Upload,
)
from articles.pictures import is_name, path_of
from articles.redacting import entries, places
from articles.redacting.marks import Known, Mark, address_mark
from articles.redacting.steps import Steps, place_of
from articles.redacting.words import ADDRESS_MARK, blank, blank_value, is_only_mark, texts_in
from articles.writing import index
from authors.models import Author

#: Rows that have a version, which moves when they change.
_VERSIONED = (Article, Author, Series, Tag, SitePage, SiteLink, HomePage)
#: Authors, series and tags: how they are called, and what links them to articles.
_NAMED: dict[type[models.Model], tuple[str, type[models.Model], str, str]] = {
    Author: ("name", Contribution, "author", "article"),
    Series: ("title", Part, "series", "article"),
    Tag: ("name", TaggedArticle, "tag", "content_object"),
}
_CHANGED, _ROW, _FILE = "words left out", "row removed", "file removed"


class WordsRemoval:
    """Removes what *known* recognises. With *write* False it only says what it would do."""

    def __init__(self, known: Known, *, write: bool) -> None:
        self.known, self.write = known, write
        self.steps = Steps()
        #: Fingerprints of addresses that were public and hold the words.
        self.addresses: list[Mark] = []
        self.articles: set[int] = set()
        self._listings: set[int] = set()
        self._portraits: set[str] = set()

    def run(self) -> Steps:
        """Go through every table; return what was done. Inside the caller's transaction."""
        for model in places.tables():
            # What an editor saves between reading and writing must not be overwritten.
            lock = self.write and model in _VERSIONED
            for pk, values in places.rows_of(model, lock=lock):
                changed = {
                    name: new
                    for name, value in values.items()
                    if (new := self.without(model, name, value)) != value
                }
                if changed:
                    self._row(model, pk, values, changed)
        self._sessions()
        self._documents()
        if self.write:
            entries.number_again(self._listings)
            # Locked by id, as every writer does, before the content version.
            index.refresh(self.articles)
            index.touch()
        return self.steps

    def without(self, model: type[models.Model], name: str, value: Any) -> Any:
        """Return the value of a column without the words."""
        if isinstance(value, bytes | memoryview):
            return b"" if any(self.holds(text) for text in places.texts_of(value)) else value
        if not value:
            return value
        if places.is_packed(value):
            return None if any(map(self.holds, places.texts_of(value))) else value
        if model is SourceEntry and name == "values":
            return entries.without(value, self.blank)
        mark = ADDRESS_MARK if name in ("slug", "former_slugs", "path") else None
        return blank_value(value, lambda text: self.blank(text, mark) if mark else self.blank(text))

    def blank(self, text: str, mark: str = "") -> str:
        """Return *text* without the words."""
        return blank(text, self.known, mark) if mark else blank(text, self.known)

    def holds(self, text: str) -> bool:
        """Whether the words stand in *text*."""
        return self.blank(text) != text

    def _row(
        self, model: type[models.Model], pk: Any, values: dict[str, Any], changed: dict[str, Any]
    ) -> None:
        if model in places.WHOLE:
            shown = next(str(values[name]) for name in changed)
            self.steps.add(place_of(model), _ROW, str(pk), shown)
            self._note_owner(model, pk, values)
            if self.write:
                model._base_manager.filter(pk=pk).delete()
            return
        for name, new in changed.items():
            self.steps.add(place_of(model, name), _CHANGED, str(pk), _shown(values[name]), new)
        if model is Article:
            self.articles.add(pk)
        if model is SourceEntry and "values" in changed:
            self._listings |= entries.listings_of([pk])
        if model in _NAMED:
            self._named(model, pk, changed)
        if self.write:
            self._store(model, pk, changed)

    def _store(self, model: type[models.Model], pk: Any, changed: dict[str, Any]) -> None:
        row = model._base_manager.filter(pk=pk)
        for name, new in changed.items():
            limit = getattr(model._meta.get_field(name), "max_length", None)
            if isinstance(new, str) and limit and len(new) > limit:
                changed[name] = new[:limit]
        if "slug" in changed:
            # Two that lose the same words must not get the same address.
            changed["slug"] = f"{changed['slug'][:100].strip('-')}-{pk}"
        if model is Source and "name" in changed:
            key = fold(str(changed["name"]))[:350]
            if Source.objects.filter(key=key).exclude(pk=pk).exists():
                # Two that lose the same words are not the same source.
                key = f"{key[:330]} {pk}"
            changed["key"] = key
        if model is Upload and ("content" in changed or "plan" in changed):
            changed |= {"content": b"", "plan": None}
            row.filter(state__in=(UploadState.PLANNED, UploadState.FAILED)).update(
                state=UploadState.DISCARDED, finished=clock.now()
            )
        if model in _VERSIONED:
            changed["version"] = models.F("version") + 1
            if model is not Tag and model is not SiteLink:
                changed["updated"] = clock.now()
        self._note_address(model, pk, changed)
        row.update(**changed)
        if model in _NAMED:
            self._prepare(model, pk)

    def _note_address(self, model: type[models.Model], pk: Any, changed: dict[str, Any]) -> None:
        """Remember where what readers could see stood, without saying it."""
        if "slug" not in changed or model not in (*_NAMED, Article, SitePage):
            return
        old = model._base_manager.get(pk=pk)
        if getattr(old, "was_public", True) and (path := old.get_absolute_url()):  # type: ignore[attr-defined]
            kind = str(model._meta.model_name)
            self.addresses.append(address_mark(path, (kind, pk)))

    def _note_owner(self, model: type[models.Model], pk: Any, values: dict[str, Any]) -> None:
        """What a spelling or an old address led to is found otherwise from now on."""
        row = model._base_manager.get(pk=pk)
        if isinstance(row, GoneAddress):
            # First: what says where an address leads now comes later, and counts.
            self.addresses.insert(0, address_mark(row.path))
        if isinstance(row, PastAddress):
            subject = next(
                (str(name), int(found))
                for name in ("article", "author", "series", "tag")
                if (found := getattr(row, f"{name}_id")) is not None
            )
            self.addresses.append(address_mark(values["path"], subject))
        for name, owner_model in (("author", Author), ("series", Series), ("tag", Tag)):
            owner = getattr(row, f"{name}_id", None)
            if owner is not None:
                self.articles |= set(_articles_of(owner_model, owner))

    def _named(self, model: type[models.Model], pk: int, changed: dict[str, Any]) -> None:
        title, link, name, _article = _NAMED[model]
        touched = _articles_of(model, pk)
        self.articles |= set(touched)
        if model is Series or not is_only_mark(str(changed.get(title, ""))):
            return
        # Nothing is left of the name: no article is credited to nobody, or tagged with nothing.
        for one in touched:
            self.steps.add(place_of(link), _ROW, str(one))
        if model is Author:
            changed |= {"bio": "", "born": "", "died": "", "external_ids": {}, "portrait": {}}
            portrait = Author.objects.values_list("portrait", flat=True).get(pk=pk)
            names = set(filter(is_name, texts_in(portrait)))
            self._portraits |= names
            self.addresses += [address_mark(f"/media/{name}") for name in sorted(names)]
        if self.write:
            link._base_manager.filter(**{name: pk}).delete()

    def _prepare(self, model: type[models.Model], pk: int) -> None:
        """Make anew what follows from the name, apart from others that lost theirs."""
        row: Any = model._base_manager.get(pk=pk)
        if model is Tag and row.name:
            row.prepare()
            if Tag.objects.filter(key=row.key).exclude(pk=pk).exists():
                row.name = f"{row.name[:80]} {pk}"
        row.prepare()
        row.save()

    def files(self) -> list[Path]:
        """Return the portraits of those who are gone; to be removed once the rows are."""
        return [path for name in sorted(self._portraits) if (path := path_of(name)).exists()]

    def _documents(self) -> None:
        """Name the articles whose files may show the words: nothing here reads those."""
        rows = Attachment.objects.filter(article__in=list(self.articles)[:10_000])
        if found := sorted(set(rows.values_list("article_id", flat=True))):
            shown = ", ".join(map(str, found[:20])) + ("…" if len(found) > 20 else "")
            self.steps.remarks.append(
                f"Articles with files, in which nothing can be read here: {shown}. Look at them."
            )

    def _sessions(self) -> None:
        """End the sessions that hold the words; name the accounts that do."""
        found = places.sessions_with(self.holds)
        for _key in found:
            self.steps.add("sessions", _ROW)
        if self.write:
            Session.objects.filter(session_key__in=found).delete()
        if names := places.accounts_with(self.holds):
            self.steps.remarks.append(
                "Accounts hold the words and stay as they are: number " + ", ".join(names) + "."
            )


def _articles_of(model: type[models.Model], pk: int) -> list[int]:
    _title, link, name, article = _NAMED[model]
    rows = link._base_manager.filter(**{name: pk}).order_by("pk")
    return list(rows.values_list(f"{article}_id", flat=True))


def _shown(value: Any) -> str:
    return "(the file)" if isinstance(value, bytes | memoryview) else str(value)
