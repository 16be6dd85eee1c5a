"""The state of articles as plain values: what the ledger records and the importer compares.

One value for each field of `FIELDS`: text for columns (a date as far as it is known, a moment in
ISO 8601), and lists for what stands in tables of its own:

- ``credits``: ``[{"author": id, "name": str, "role": code}]`` in the order of the credit,
- ``tags``: ``[{"tag": id, "name": str}]`` by id,
- ``parts``: ``[{"series": id, "title": str, "part_number": int | None}]`` by id.
"""

import datetime
from collections.abc import Iterable
from typing import Any

from articles.models import Article, Contribution, Part, TaggedArticle
from articles.partial_dates import partial_text

#: Single-line columns and their longest text; multi-line ones; the others are typed below.
LINE_FIELDS = {
    "headline": 500, "kicker": 300, "subtitle": 500, "byline": 500, "part_label": 300,
    "publication": 200, "volume": 50, "issue": 50, "pages": 50, "rights": 500, "language": 35,
}  # fmt: skip
BLOCK_FIELDS = ("standfirst", "withdrawn_reason", "correction_note")
OTHER_FIELDS = (
    "body", "source_url", "slug", "published_on", "status", "visible_from", "translation_of",
    "owner",
)  # fmt: skip
COLUMNS = (*LINE_FIELDS, *BLOCK_FIELDS, *OTHER_FIELDS)
LISTS = ("credits", "tags", "parts")
FIELDS = (*COLUMNS, *LISTS)

Values = dict[str, Any]


def moment_text(moment: datetime.datetime | None) -> str | None:
    """Return a moment in ISO 8601, in UTC with a final Z; None for none."""
    if moment is None:
        return None
    return moment.astimezone(datetime.UTC).isoformat().replace("+00:00", "Z")


def columns_of(article: Article) -> Values:
    """Return the values of the columns of one article."""
    values: Values = {name: getattr(article, name) for name in (*LINE_FIELDS, *BLOCK_FIELDS)}
    values |= {name: getattr(article, name) for name in ("body", "source_url", "slug", "status")}
    values["published_on"] = partial_text(article.published_on, article.date_precision)
    values["visible_from"] = moment_text(article.visible_from)
    values["translation_of"] = article.translation_of_id
    values["owner"] = article.owner_id
    return values


def lists_of(ids: Iterable[int]) -> dict[int, Values]:
    """Return credits, tags and parts of the articles *ids*. Three queries."""
    wanted = list(ids)
    values: dict[int, Values] = {pk: {name: [] for name in LISTS} for pk in wanted}
    for contribution in Contribution.objects.filter(article__in=wanted).select_related("author"):
        values[contribution.article_id]["credits"].append(
            {
                "author": contribution.author_id,
                "name": contribution.author.name,
                "role": contribution.role,
            }
        )
    tagged = TaggedArticle.objects.filter(content_object__in=wanted).select_related("tag")
    for row in tagged.order_by("tag_id"):
        values[row.content_object_id]["tags"].append({"tag": row.tag_id, "name": row.tag.name})
    parts = Part.objects.filter(article__in=wanted).select_related("series")
    for part in parts.order_by("series_id"):
        values[part.article_id]["parts"].append(
            {
                "series": part.series_id,
                "title": part.series.title,
                "part_number": part.part_number,
            }
        )
    return values


def identity(field: str, value: Any) -> Any:
    """Return what counts of a list value: ids and numbers, not the names shown beside them."""
    if field == "credits":
        return [(item["author"], item["role"]) for item in value or []]
    if field == "tags":
        return sorted(item["tag"] for item in value or [])
    if field == "parts":
        return sorted((item["series"], item["part_number"] or 0) for item in value or [])
    return value
