"""Articles as a sheet, streamed: XLSX, or CSV with or without guards against formulas."""

import csv
from array import array
from collections.abc import Iterator, Sequence
from typing import Literal

from django.db.models import F

from articles.models import Article
from articles.querysets import ArticleQuerySet
from articles.sheets import cells, workbook
from articles.site_rights import rights_of, site_rights
from articles.writing.state import columns_of, lists_of

Kind = Literal["xlsx", "csv", "exact"]
#: What a file of each kind is called, and its type.
SUFFIXES: dict[str, str] = {"xlsx": "xlsx", "csv": "csv", "exact": "csv"}
TYPES: dict[str, str] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "exact": "text/csv; charset=utf-8",
}
#: Articles that are in memory at a time.
CHUNK = 500
_WIDTHS = {"key": 11, "version": 8, "headline": 50, "standfirst": 50, "body": 60, "authors": 30}


def pieces(articles: ArticleQuerySet, kind: Kind, *, with_body: bool, site: str) -> Iterator[bytes]:
    """Yield *articles*, the newest first, as a file of *kind*.

    *site* stands before the addresses. What is deleted while the file is written is left out.
    """
    header = cells.columns(with_body=with_body)
    # Eight bytes for each: the list is whole before the first row, and no query stays open.
    newest_first = articles.order_by(F("sort_key").desc(nulls_first=True), "-pk")
    ids = array("q", newest_first.values_list("pk", flat=True).iterator())
    rows = _rows(ids, header, 0 if kind == "exact" else cells.LONGEST, site)
    if kind == "xlsx":
        widths = [_WIDTHS.get(name, 18) for name in header]
        return workbook.workbook("Articles", header, widths, rows)
    return _csv(header, rows, guards=kind == "csv")


def _rows(
    ids: Sequence[int], header: Sequence[str], limit: int, site: str
) -> Iterator[list[list[str]]]:
    for start in range(0, len(ids), CHUNK):
        chunk = list(ids[start : start + CHUNK])
        found = Article.objects.filter(pk__in=chunk).select_related("public_key")
        if cells.BODY not in header:
            found = found.defer("body")
        articles = {article.pk: article for article in found}
        lists = lists_of(articles)
        yield [_row(articles[pk], lists[pk], header, limit, site) for pk in chunk if pk in articles]


def _row(
    article: Article, lists: dict[str, object], header: Sequence[str], limit: int, site: str
) -> list[str]:
    if cells.BODY not in header:
        # Not asked for: what reads the columns shall not fetch it one by one.
        article.body = ""
    values = columns_of(article) | lists | {"rights": rights_of(article.rights)}
    own = {
        cells.KEY: key.key if (key := getattr(article, "public_key", None)) else "",
        cells.VERSION: str(article.version),
        "status": article.status,
        "address": site + article.get_absolute_url() if article.is_public else "",
        cells.SITE_RIGHTS: site_rights(),
    }
    texts = [own[name] if name in own else cells.text_of(name, values) for name in header]
    return [text if not limit or _length(text) <= limit else cells.LEFT_OUT for text in texts]


def _length(text: str) -> int:
    """Return the length of *text* as spreadsheet programs count: in units of UTF-16."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "replace")) // 2


class _Lines:
    """What `csv` writes to: one text for some rows."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> None:
        self.text += text

    def take(self) -> bytes:
        text, self.text = self.text, ""
        return text.encode()


def _csv(
    header: Sequence[str], chunks: Iterator[list[list[str]]], *, guards: bool
) -> Iterator[bytes]:
    lines = _Lines()
    writer = csv.writer(lines, quoting=csv.QUOTE_ALL)
    # The mark by which programs know UTF-8.
    lines.write("\ufeff")
    writer.writerow([cells.GUARDED if name == cells.KEY and guards else name for name in header])
    yield lines.take()
    for rows in chunks:
        for row in rows:
            writer.writerow([cells.guarded(text) for text in row] if guards else row)
        yield lines.take()
