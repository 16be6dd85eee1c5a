"""What stands on the page of an article beside the article itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from markupsafe import Markup

from archive_site.pages import Editor
from articles.attached import files_of
from articles.choices import Role, SeriesKind
from articles.citing import embedding, styles
from articles.citing.outline import outlined
from articles.citing.paragraphs import with_anchors
from articles.citing.reference import Reference, is_numbered, is_one_page, page_range, with_part
from articles.counting import live
from articles.counting.postings import Postings
from articles.illustrations import with_widths
from articles.listed import rows_with
from articles.models import Article, FieldChange, Part, SourceEntry
from articles.prepared import Prepared
from articles.related import Related, related_to
from articles.rows import (
    ArticleRow,
    address_of,
    direction,
    long_date,
    machine_date,
)
from articles.site_rights import rights_of
from articles.totals import SERIES

#: A serial with more parts than this shows its neighbours, but no dots.
MOST_DOTS = 40
MOST_SIBLINGS = 100
MOST_TRANSLATIONS = 50


@dataclass(frozen=True, slots=True)
class CreditGroup:
    """The contributors in one role, with the words that lead up to them."""

    words: str
    people: Sequence[tuple[str, str]]


@dataclass(slots=True)
class SeriesBox:
    """An article's place in one series."""

    title: str
    url: str
    is_serial: bool
    number: int | None
    #: The highest part number known, for "part 2 of 4".
    last_number: int = 0
    #: For each number up to the last: its article, or None where the archive has none.
    dots: list[tuple[int, ArticleRow | None]] = field(default_factory=list)
    previous: ArticleRow | None = None
    next: ArticleRow | None = None


@dataclass(frozen=True, slots=True)
class Provenance:
    """The lines of a file that an article came from."""

    #: "From the listing history.txt,": the file by what it is and by its name.
    origin: str
    first_line: int
    last_line: int
    imported: Any
    is_sample: bool


def article_context(article: Article, editor: Editor | None) -> dict[str, Any]:
    """Return what the template of an article shows. The queries do not grow with its lists."""
    assert article.published_on is not None  # noqa: S101  it is public
    postings = live.current()
    here = article.sort_key or 0
    parts = [_Part(*row) for row in _PARTS.rows(article.pk)]
    ways = _ways(parts, postings, here)
    siblings = _siblings(parts)
    newer_key, older_key = postings.neighbours(postings.all, here)
    keys = {key for rows in siblings.values() for _number, key in rows}
    keys |= {key for pair in ways.values() for key in pair if key is not None}
    related = related_to(article, {part.series: part.title for part in parts}, keys)
    keys |= related.keys()
    original = article.translation_of_id
    family_keys = {key for (key,) in _FAMILY.rows(article.pk, original or article.pk)}
    keys |= family_keys
    keys |= {key for key in (newer_key, older_key) if key is not None}
    by_key: dict[int | None, ArticleRow] = {row.sort_key: row for row in rows_with(list(keys))}
    family = [by_key[key] for key in sorted(family_keys) if key in by_key][:MOST_TRANSLATIONS]
    boxes = [_box(part, ways[part.series], siblings.get(part.series, []), by_key) for part in parts]
    key = getattr(article, "public_key", None)
    return {
        "article": article,
        "title": with_part(article.headline, article.part_label),
        "body": Markup(  # noqa: S704  it was cleaned when it was stored
            with_anchors(
                with_widths(outlined(article.body)),
                lambda number: _("Link to paragraph %d") % number,
            )
        ),
        "corrected": _corrected(article),
        "related": [
            Related(by_key[key], reasons) for key, reasons in related.items() if key in by_key
        ],
        "direction_of_text": direction(article.language),
        "date": long_date(article.published_on, article.date_precision),
        "date_url": address_of(article.date_precision, *article.address_parts()[:-1]),
        "machine_date": machine_date(article.published_on, article.date_precision),
        "credits": credit_groups(article),
        "shows_byline": _differs(article),
        "tags": [row.tag for row in article.tagged_articles.all()],
        "boxes": boxes,
        "newer": by_key.get(newer_key),
        "older": by_key.get(older_key),
        "original": next((row for row in family if row.id == original), None),
        "translations": [row for row in family if row.id != original],
        "provenance": _provenance(article),
        "printed_in": _printed_in(article),
        "files": files_of(article.pk, key.key if key is not None else ""),
        "rights": rights_of(article.rights),
        "source_host": urlsplit(article.source_url).hostname if article.source_url else "",
        "permanent_url": reverse("permanent", args=[key.key]) if key is not None else "",
        "edit_url": edit_url_of(article, editor),
    }


def citation_context(reference: Reference) -> dict[str, Any]:
    """Return how the article is cited, and what its page tells machines of it."""
    data = embedding.script_json(embedding.news_article(reference))
    return {
        "reference": reference,
        "citations": [
            (_("Chicago"), styles.chicago(reference)),
            (_("MLA"), styles.mla(reference)),
        ],
        "description": embedding.description(reference),
        "meta_names": embedding.highwire(reference),
        "meta_properties": embedding.open_graph(reference),
        # A block of data, which no browser runs; every bracket in it is escaped.
        "correction_url": _correction_url(reference),
        "data_block": Markup('<script type="application/ld+json">{}</script>').format(
            Markup(data)  # noqa: S704
        ),
    }


def _correction_url(reference: Reference) -> str:
    """Return the address to write to about the article; ``""`` if there is nobody to write to."""
    if not settings.CORRECTIONS_EMAIL:
        return ""
    subject = _("Correction: %s") % reference.title[:120]
    fields = {"subject": subject, "body": f"{reference.url}\r\n\r\n"}
    query = "&".join(f"{name}={quote(value)}" for name, value in fields.items())
    return f"mailto:{quote(settings.CORRECTIONS_EMAIL, safe='@')}?{query}"


def _corrected(article: Article) -> Any:
    """Return when the correction note was last written, or None where the ledger does not say.

    A note that came with an import is as old as the import, which tells nothing of the correction.
    """
    if not article.correction_note:
        return None
    changes = FieldChange.objects.filter(
        subject_type="article", subject_id=article.pk, field="correction_note"
    )
    return changes.order_by("-pk").values_list("operation__at", flat=True).first()


def credit_groups(article: Article) -> list[CreditGroup]:
    """Return the linked credits by role, authors first, in the order of the credit."""
    words = {
        Role.AUTHOR: _("By"),
        Role.TRANSLATOR: _("translated by"),
        Role.EDITOR: _("edited by"),
        Role.INTRODUCTION: _("introduced by"),
        Role.ILLUSTRATOR: _("illustrated by"),
        Role.PHOTOGRAPHER: _("photographs by"),
        Role.INTERVIEWER: _("interview by"),
        Role.INTERVIEWEE: _("interview with"),
        Role.CONTRIBUTOR: _("with contributions by"),
    }
    people: dict[str, list[tuple[str, str]]] = {}
    for item in article.contributions.all():
        url = address_of("author", item.author.slug)
        people.setdefault(item.role, []).append((item.author.name, url))
    return [CreditGroup(words[role], people[role]) for role in Role if role in people]


def _differs(article: Article) -> bool:
    """Return whether the printed byline says anything else than the linked credit."""
    if not article.byline:
        return False
    printed = article.byline.strip().removeprefix(_("By")).removeprefix("By").strip()
    return " ".join(printed.split()).casefold() != article.credit.casefold()


class _Part(NamedTuple):
    """A place of the article in a series."""

    series: int
    number: int | None
    kind: str
    title: str
    slug: str


_PARTS = Prepared(
    lambda _now, pk: (
        Part.objects.filter(article=pk)
        .order_by("series__kind", "series__collation_key", "pk")
        .values_list("series_id", "part_number", "series__kind", "series__title", "series__slug")
    ),
    int,
)


def _siblings(parts: Sequence[_Part]) -> dict[int, list[tuple[int, int]]]:
    """Return, by serial, the numbers and sort keys of its public parts. One query, if any."""
    serials = [part.series for part in parts if part.kind == SeriesKind.SERIAL]
    found: dict[int, list[tuple[int, int]]] = {}
    if not serials:
        return found
    rows = Part.objects.filter(series__in=serials, is_public=True, part_number__isnull=False)
    for series, number, key in rows.order_by("part_number").values_list(
        "series_id", "part_number", "sort_key"
    )[:MOST_SIBLINGS]:
        if number is not None and key is not None:
            found.setdefault(series, []).append((number, key))
    # Cut off, they would lie about neighbours; those by date stand in.
    return found if sum(map(len, found.values())) < MOST_SIBLINGS else {}


#: The original and the translations of an article, drafts too. Asked of all articles: of the public
#: ones, SQLite would read every one for these few.
_FAMILY = Prepared(
    lambda _now, pk, root: (
        Article.objects.filter(Q(translation_of=root) | Q(pk=root))
        .exclude(pk=pk)
        .filter(sort_key__isnull=False)
        .order_by()
        .values_list("sort_key")[: 4 * MOST_TRANSLATIONS]
    ),
    int,
    int,
)


def _ways(
    parts: Sequence[_Part], postings: Postings, sort_key: int
) -> dict[int, tuple[int | None, int | None]]:
    """Return, by series, the sort keys of the article's next newer and next older neighbours."""
    return {
        part.series: postings.neighbours(
            postings.any_of([f"{SERIES.prefix}{part.series}"]), sort_key
        )
        for part in parts
    }


def _box(
    part: _Part,
    ways: tuple[int | None, int | None],
    siblings: list[tuple[int, int]],
    by_key: Mapping[int | None, ArticleRow],
) -> SeriesBox:
    newer, older = ways
    box = SeriesBox(
        title=part.title,
        url=address_of("series", part.slug),
        is_serial=part.kind == SeriesKind.SERIAL,
        number=part.number,
        previous=by_key.get(older),
        next=by_key.get(newer),
    )
    numbered = {number: by_key.get(key) for number, key in siblings}
    if box.is_serial and part.number is not None and numbered:
        before = [number for number in numbered if number < part.number]
        after = [number for number in numbered if number > part.number]
        box.previous = numbered[max(before)] if before else None
        box.next = numbered[min(after)] if after else None
        box.last_number = max(numbered)
        if box.last_number <= MOST_DOTS:
            box.dots = [(number, numbered.get(number)) for number in range(1, box.last_number + 1)]
    return box


_PROVENANCE = Prepared(
    lambda _now, pk: SourceEntry.objects.filter(article=pk)
    .order_by("pk")
    .values_list(
        "listing__file_name", "listing__input_format", "first_line", "last_line", "run__finished",
        "listing__source__is_sample",
    )[:1],
    int,
)  # fmt: skip


def _provenance(article: Article) -> Provenance | None:
    """Return where the article's first values came from; None if it was entered by hand."""
    for file_name, input_format, first, last, imported, is_sample in _PROVENANCE.rows(article.pk):
        name = file_name.replace("\\", "/").rsplit("/", 1)[-1]
        return Provenance(_origin(input_format) % {"name": name}, first, last, imported, is_sample)
    return None


def _origin(input_format: str) -> str:
    """Return the words for a file in *input_format*, with a place for its name."""
    match input_format:
        case "csv" | "tsv" | "xlsx":
            return _("From the table %(name)s,")
        case "feed" | "jsonfeed":
            return _("From the feed %(name)s,")
        case "wordpress" | "ghost":
            return _("From the export %(name)s,")
        case "json" | "jsonl" | "fixture":
            return _("From the file %(name)s,")
        case _:
            return _("From the listing %(name)s,")


def _printed_in(article: Article) -> str:
    """Return where the article was printed: "Tidewater, vol. 3, no. 2, pp. 4–9"."""
    parts = [article.publication]
    for value, words in ((article.volume, _("vol. %s")), (article.issue, _("no. %s"))):
        parts.append(words % value if is_numbered(value) else value)
    if article.pages:
        pages = _("p. %s") if is_one_page(article.pages) else _("pp. %s")
        parts.append(pages % page_range(article.pages))
    return ", ".join(part for part in parts if part)


def edit_url_of(article: Article, editor: Editor | None) -> str:
    """Return the address of the article's form, or ``""`` for those who may not see it."""
    if editor is None:
        return ""
    may = ("articles.change_article", "articles.view_article")
    if not any(editor.has_perm(permission) for permission in may):
        return ""
    return reverse("admin:articles_article_change", args=[article.pk])
