"""What stands on the page of an article beside the article itself."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from markupsafe import Markup

from archive_site.pages import Editor
from articles.choices import Role, SeriesKind
from articles.citing import embedding, styles
from articles.citing.paragraphs import with_anchors
from articles.citing.reference import Reference, is_one_page, page_range
from articles.models import Article, FieldChange, Part, Series, SourceEntry
from articles.related import Related, related_to
from articles.rows import ArticleRow, direction, machine_date, rows_of, shown_date

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
    """The lines of a listing that an article came from."""

    source: str
    file_name: str
    first_line: int
    last_line: int
    imported: Any
    is_sample: bool


def article_context(article: Article, editor: Editor | None) -> dict[str, Any]:
    """Return what the template of an article shows. The queries do not grow with its lists."""
    assert article.published_on is not None  # noqa: S101  it is public
    parts = _parts(article)
    siblings = _siblings(parts)
    newer_key, older_key = _neighbour_keys(article)
    keys = {newer_key, older_key}
    for part in parts:
        keys |= {part.previous_key, part.next_key}
    keys |= {key for rows in siblings.values() for _number, key in rows}
    related = related_to(article, _beside(parts, siblings))
    keys |= related.keys()
    original = article.translation_of_id
    family_keys = _family_keys(article.pk, original or article.pk)
    keys |= family_keys
    public = Article.objects.published()
    by_key = {
        row.sort_key: row for row in rows_of(public.filter(sort_key__in=keys - {None}).for_list())
    }
    family = [by_key[key] for key in sorted(family_keys) if key in by_key][:MOST_TRANSLATIONS]
    boxes = [_box(part, siblings.get(part.series_id, []), by_key, article) for part in parts]
    key = getattr(article, "public_key", None)
    return {
        "article": article,
        "body": Markup(  # noqa: S704  it was cleaned when it was stored
            with_anchors(article.body, lambda number: _("Link to paragraph %d") % number)
        ),
        "corrected": _corrected(article),
        "related": [
            Related(by_key[key], reasons) for key, reasons in related.items() if key in by_key
        ],
        "direction_of_text": direction(article.language),
        "date": shown_date(article.published_on, article.date_precision),
        "date_url": reverse(article.date_precision, args=article.address_parts()[:-1]),
        "machine_date": machine_date(article.published_on, article.date_precision),
        "credits": credit_groups(article),
        "shows_byline": _differs(article),
        "tags": [row.tag for row in article.tagged_articles.all()],
        "boxes": boxes,
        "newer": by_key.get(newer_key or -1),
        "older": by_key.get(older_key or -1),
        "original": next((row for row in family if row.id == original), None),
        "translations": [row for row in family if row.id != original],
        "provenance": _provenance(article),
        "printed_in": _printed_in(article),
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
        url = reverse("author", args=[item.author.slug])
        people.setdefault(item.role, []).append((item.author.name, url))
    return [CreditGroup(words[role], people[role]) for role in Role if role in people]


def _differs(article: Article) -> bool:
    """Return whether the printed byline says anything else than the linked credit."""
    if not article.byline:
        return False
    printed = article.byline.strip().removeprefix(_("By")).removeprefix("By").strip()
    return " ".join(printed.split()).casefold() != article.credit.casefold()


def _parts(article: Article) -> list[Any]:
    """Return the places of *article* in its series, with the neighbours by date."""
    others = Part.objects.filter(series=OuterRef("series"), is_public=True)
    earlier = others.filter(sort_key__lt=OuterRef("sort_key")).order_by("-sort_key")
    later = others.filter(sort_key__gt=OuterRef("sort_key")).order_by("sort_key")
    return list(
        Part.objects.filter(article=article)
        .select_related("series")
        .order_by("series__kind", "series__collation_key", "pk")
        .annotate(
            previous_key=Subquery(earlier.values("sort_key")[:1]),
            next_key=Subquery(later.values("sort_key")[:1]),
        )
    )


def _siblings(parts: Sequence[Any]) -> dict[int, list[tuple[int, int]]]:
    """Return, by serial, the numbers and sort keys of its public parts. One query, if any."""
    serials = [part.series_id for part in parts if part.series.kind == SeriesKind.SERIAL]
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


def _family_keys(pk: int, root: int) -> set[int]:
    """Return the sort keys of the original and the translations of an article, drafts too.

    Asked of all articles: of the public ones, SQLite would read every one for these few.
    """
    found = Article.objects.filter(Q(translation_of=root) | Q(pk=root)).exclude(pk=pk).order_by()
    keys = found.filter(sort_key__isnull=False).values_list("sort_key", flat=True)
    return set(keys[: 4 * MOST_TRANSLATIONS])  # type: ignore[arg-type]


def _beside(parts: Sequence[Any], siblings: dict[int, list[tuple[int, int]]]) -> set[int]:
    """Return the sort keys of the articles that the series boxes lead to."""
    keys = {key for part in parts for key in (part.previous_key, part.next_key)}
    return {key for rows in siblings.values() for _number, key in rows} | keys - {None}


def _box(
    part: Any,
    siblings: list[tuple[int, int]],
    by_key: dict[int, ArticleRow],
    article: Article,
) -> SeriesBox:
    series: Series = part.series
    box = SeriesBox(
        title=series.title,
        url=reverse("series", args=[series.slug]),
        is_serial=series.kind == SeriesKind.SERIAL,
        number=part.part_number,
        previous=by_key.get(part.previous_key),
        next=by_key.get(part.next_key),
    )
    numbered = {number: by_key.get(key) for number, key in siblings}
    if box.is_serial and part.part_number is not None and numbered:
        before = [number for number in numbered if number < part.part_number]
        after = [number for number in numbered if number > part.part_number]
        box.previous = numbered[max(before)] if before else None
        box.next = numbered[min(after)] if after else None
        box.last_number = max(numbered)
        if box.last_number <= MOST_DOTS:
            box.dots = [(number, numbered.get(number)) for number in range(1, box.last_number + 1)]
    return box


def _neighbour_keys(article: Article) -> tuple[int | None, int | None]:
    """Return the sort keys of the next newer and the next older article. Two queries."""
    public = Article.objects.published()
    newer = public.filter(sort_key__gt=article.sort_key).oldest_first()
    older = public.filter(sort_key__lt=article.sort_key).newest_first()
    return (
        newer.values_list("sort_key", flat=True).first(),
        older.values_list("sort_key", flat=True).first(),
    )


def _provenance(article: Article) -> Provenance | None:
    """Return where the article's first values came from; None if it was entered by hand."""
    entry = (
        SourceEntry.objects.filter(article=article)
        .select_related("listing__source", "run")
        .order_by("pk")
        .first()
    )
    if entry is None:
        return None
    return Provenance(
        source=entry.listing.source.name,
        file_name=entry.listing.file_name.replace("\\", "/").rsplit("/", 1)[-1],
        first_line=entry.first_line,
        last_line=entry.last_line,
        imported=entry.run.finished,
        is_sample=entry.listing.source.is_sample,
    )


def _printed_in(article: Article) -> str:
    """Return where the article was printed: "Tidewater, vol. 3, no. 2, pp. 4–9"."""
    parts = [article.publication]
    pages = _("p. %s") if is_one_page(article.pages) else _("pp. %s")
    for value, words in (
        (article.volume, _("vol. %s")), (article.issue, _("no. %s")),
        (page_range(article.pages), pages),
    ):  # fmt: skip
        if value:
            parts.append(words % value)
    return ", ".join(part for part in parts if part)


def edit_url_of(article: Article, editor: Editor | None) -> str:
    """Return the address of the article's form, or ``""`` for those who may not see it."""
    if editor is None:
        return ""
    may = ("articles.change_article", "articles.view_article")
    if not any(editor.has_perm(permission) for permission in may):
        return ""
    return reverse("admin:articles_article_change", args=[article.pk])
