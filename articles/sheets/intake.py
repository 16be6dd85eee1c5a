"""Looking at a sheet that somebody gave back: what it would change, row by row.

Nothing is changed here. What differs waits in `SheetRow` until the person agrees; then
`articles.writing.bulk_changes` carries it out, under one operation of the ledger.
"""

import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from articles import clock
from articles.choices import Outcome, Role
from articles.cleaning import HIGHEST_PART, clean_line
from articles.importing.files import UnreadableFile
from articles.models import Article, PublicKey, Sheet, SheetRow
from articles.public_keys import normalise_key
from articles.redacting import guard
from articles.redacting.words import is_only_mark
from articles.sheets import cells, plan, reading
from articles.sheets.cells import Named
from articles.sheets.reading import Line, Read
from articles.site_rights import site_rights
from articles.writing import index, names, versions
from articles.writing.bulk_changes import MOST
from articles.writing.changes import InvalidChange, clean_fields
from articles.writing.sheet_changes import LINKS
from articles.writing.state import Values, columns_of, lists_of, moment_text

#: Days for which a sheet that nobody agreed to is kept.
KEPT_DAYS = 7
#: Longest names of what a list may newly name.
_LONGEST = {"credits": 200, "parts": 300, "tags": 100}


class _Refused(Exception):
    """A row that changes nothing, with the reason in words."""


class Intake:
    """Looks at the rows of one sheet. *may_change* says of each article whether the person may;
    *may_add* of "credits", "parts" and "tags" whether new names may be made."""

    def __init__(
        self,
        sheet: Sheet,
        may_change: Callable[[Article], bool],
        may_add: Callable[[str], bool],
    ) -> None:
        self.sheet, self.may_change, self.may_add = sheet, may_change, may_add
        self.counts: Counter[str] = Counter()
        self.new: dict[str, dict[str, None]] = {name: {} for name in LINKS}

    def look(self, read: Read) -> None:
        """Store what the rows of *read* would change."""
        twice = plan.numbered_twice(read.lines)
        # Words that were removed on legal grounds come in by no sheet either.
        cleared = guard.guarded_texts(line.texts for line in read.lines)
        rows = [Line(line.number, texts) for line, texts in zip(read.lines, cleared, strict=True)]
        for lines in index.batches(rows):
            SheetRow.objects.bulk_create(self._chunk(lines, twice), batch_size=index.BATCH)

    def _chunk(self, lines: Sequence[Line], twice: set[str]) -> list[SheetRow]:
        wanted = {normalise_key(line.texts[cells.KEY]) for line in lines} - {""}
        found = PublicKey.objects.filter(key__in=wanted, article__isnull=False)
        ids = dict(found.values_list("key", "article_id"))
        articles = Article.objects.in_bulk([pk for pk in ids.values() if pk is not None])
        lists = lists_of(articles)
        rows: list[SheetRow] = []
        typed: list[tuple[SheetRow, Article, dict[str, str], Values, Values]] = []
        for line in lines:
            row = SheetRow(sheet=self.sheet, line=line.number)
            try:
                if line.texts[cells.KEY] in twice:
                    raise _Refused(_("The article stands in several rows of the sheet."))
                pk = ids.get(normalise_key(line.texts[cells.KEY]))
                article = articles.get(pk) if pk is not None else None
                if article is None or not self.may_change(article):
                    row.article = article if article and self.may_change(article) else None
                    raise _Refused(_refusal(line, article))
                now = columns_of(article) | lists[article.pk]
                base = _base(article, now, line.texts[cells.VERSION])
                row.article, row.version = article, article.version
                if line.texts.get("status", article.status) not in (article.status, ""):
                    row.message = _("The status stays: a sheet does not change it.")
                changed = plan.touched(line.texts, (now, base), site_rights())
                texts = {name: line.texts[name] for name in changed}
                typed.append((row, article, texts, base, now))
            except _Refused as refused:
                row.outcome, row.message = Outcome.REJECT, str(refused)
            rows.append(row)
        self._decide(typed)
        for row in rows:
            self.counts[row.outcome] += 1
        return [row for row in rows if row.outcome != Outcome.UNCHANGED or row.message]

    def _decide(
        self, typed: Sequence[tuple[SheetRow, Article, dict[str, str], Values, Values]]
    ) -> None:
        items = [
            {name: cells.items_of(name, text, Role.values) for name, text in texts.items()
             if name in cells.LISTS}
            for _row, _article, texts, _base, _now in typed
        ]  # fmt: skip
        spelled = {
            column: names.find_spelled(
                LINKS[field][2], {one.name for lists in items for one in lists.get(column, ())}
            )
            for column, field in cells.LISTS.items()
        }
        for (row, _article, texts, base, now), lists in zip(typed, items, strict=True):
            try:
                wanted = _cleaned({name: text for name, text in texts.items() if name not in lists})
                for column, named in lists.items():
                    field = cells.LISTS[column]
                    known = [*(now[field] or []), *(base[field] or [])]
                    here = {item[LINKS[field][1]] for item in now[field] or []}
                    wanted[field] = [
                        self._item(field, one, known, spelled[column][one.name])
                        for one in named
                        # Nobody is made of a name that was removed, or that nobody can see.
                        if one.name in here or (clean_line(one.name) and not is_only_mark(one.name))
                    ]
            except _Refused as refused:
                row.outcome, row.message = Outcome.REJECT, str(refused)
                continue
            change = plan.merge(wanted, base, now, _same)
            row.values, row.refused = change.values, change.refused
            changed = Outcome.UPDATE if change.values else Outcome.UNCHANGED
            row.outcome = Outcome.CONFLICT if change.refused else changed

    def _item(
        self, field: str, one: Named, known: Iterable[Values], ids: Sequence[int]
    ) -> dict[str, Any]:
        """Return an item of a list: who stands in the article under that name, else whom the name
        leads to, else a new one."""
        key, title, _kind = LINKS[field]
        name = clean_line(one.name)
        known = list(known)
        own = [item[key] for item in known if item[title] == one.name]
        found = list(dict.fromkeys(own[:1] or ids))
        if len(found) > 1:
            raise _Refused(_("“%s” may be one of several.") % name)
        if not found:
            if len(name) > _LONGEST[field]:
                raise _Refused(_("“%s…” is too long for a name.") % name[:60])
            if not self.may_add(field):
                raise _Refused(_("“%s” is not there, and your group may not add it.") % name)
            self.new[field][name] = None
        item: dict[str, Any] = {key: found[0] if found else None, title: name}
        if field == "credits":
            item["role"] = one.role
        elif field == "parts":
            stays = any(
                item[title] == one.name and item["part_number"] == one.number for item in known
            )
            if (one.number or 0) > HIGHEST_PART and not stays:
                raise _Refused(_("The number of a part is at most %d.") % HIGHEST_PART)
            item["part_number"] = one.number
        return item


def _refusal(line: Line, article: Article | None) -> str:
    key = line.texts[cells.KEY]
    if not key:
        return _("The row has no key. New articles come in by a listing, not by a sheet.")
    if article is None:
        return _("No article has the key “%s”.") % key[:40]
    return _("Your group may not change it.")


def _base(article: Article, now: Values, text: str) -> Values:
    """Return what the article held when the sheet was written. Raises `_Refused`."""
    is_number = text.isascii() and text.isdigit() and len(text) < 10
    if not is_number or not 1 <= int(text) <= article.version:
        raise _Refused(_("“%s” is no version of the article.") % text[:40])
    if int(text) == article.version:
        return now
    return versions.values_of_version("article", article, now, int(text))


def _cleaned(texts: dict[str, str]) -> Values:
    """Return texts as the writer would store them. Raises `_Refused`."""
    try:
        values: Values = clean_fields(dict(texts))
    except InvalidChange as error:
        raise _Refused("; ".join(f"{name}: {why}" for name, why in error.errors.items())) from None
    if "headline" in values and not values["headline"]:
        raise _Refused(_("An article needs a headline."))
    if "visible_from" in values:
        values["visible_from"] = moment_text(values["visible_from"])
    return values


def _same(name: str, one: Any, two: Any) -> bool:
    if name in LINKS and any(item[LINKS[name][0]] is None for item in one or []):
        return False
    return versions.is_same(name, one, two)


def look_at(
    file_name: str,
    data: bytes,
    *,
    actor: AbstractBaseUser,
    may_change: Callable[[Article], bool],
    may_add: Callable[[str], bool],
) -> Sheet:
    """Return the stored plan of a sheet. Raises `UnreadableFile`."""
    read = reading.read(file_name, data, MOST)
    if len(read.lines) > MOST:
        raise UnreadableFile(
            _(
                "%(name)s has more than %(most)d rows, the most that are taken in at once. Take out"
                " the rows that you did not change, or give it in parts: rows that are not there"
                " change nothing."
            )
            % {"name": file_name, "most": MOST}
        )
    with transaction.atomic():
        sweep()
        sheet = Sheet.objects.create(actor_id=actor.pk, file_name=clean_line(file_name, 255))
        intake = Intake(sheet, may_change, may_add)
        intake.look(read)
        sheet.totals = {
            "rows": len(read.lines),
            **{outcome.value.lower(): intake.counts[outcome] for outcome in Outcome},
        }
        sheet.remarks = [
            *(_("The column “%s” means nothing here.") % name[:80] for name in read.unknown[:20]),
            *_new_names(intake.new),
        ]
        sheet.save(update_fields=["totals", "remarks"])
    return sheet


def _new_names(new: dict[str, dict[str, None]]) -> list[str]:
    words = {
        "credits": _("New authors: %s"), "parts": _("New series: %s"), "tags": _("New tags: %s"),
    }  # fmt: skip
    found = []
    for field, listed in new.items():
        if listed:
            more = f" … ({len(listed)})" if len(listed) > 20 else ""
            found.append(words[field] % "; ".join(list(listed)[:20]) + more)
    return found


def sweep() -> None:
    """Forget the sheets that nobody agreed to in time, and the rows of those that are done."""
    old = clock.now() - datetime.timedelta(days=KEPT_DAYS)
    Sheet.objects.filter(created__lt=old, work=None).delete()
    SheetRow.objects.filter(sheet__work__finished__lt=old).delete()
