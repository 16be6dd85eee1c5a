"""Rows of a search as they are shown: their hits marked, and the passage that was found."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models.functions import Substr
from markupsafe import Markup

from articles.cleaning import html_to_text
from articles.models import Article
from articles.rows import ArticleRow
from articles.search import highlight
from articles.search.query import Query


@dataclass(frozen=True, slots=True)
class Highlights:
    """The texts of one row, escaped, with ``<mark>`` around the hits."""

    headline: Markup
    kicker: Markup
    subtitle: Markup
    names: Markup
    standfirst: Markup
    #: A passage of the body, where the words stand in none of the others.
    body: Markup | None = None


def highlights_of(rows: Sequence[ArticleRow], query: Query) -> dict[int, Highlights]:
    """Return the highlights of *rows* by id. One query, for the bodies of those that need it."""
    found: dict[int, Highlights] = {}
    in_body: list[ArticleRow] = []
    for row in rows:
        texts = (row.headline, row.kicker, row.subtitle, row.names, row.standfirst)
        segments = [highlight.highlight(text, query, row.language) for text in texts]
        found[row.id] = Highlights(*map(_marked, segments))
        if row.has_body and not any(hit for part in segments for _text, hit in part):
            in_body.append(row)
    for row_id, segments_of_body in _passages(in_body, query).items():
        shown = found[row_id]
        found[row_id] = Highlights(
            shown.headline,
            shown.kicker,
            shown.subtitle,
            shown.names,
            shown.standfirst,
            _marked(segments_of_body),
        )
    return found


def _passages(rows: Sequence[ArticleRow], query: Query) -> dict[int, highlight.Segments]:
    if not rows:
        return {}
    languages = {row.id: row.language for row in rows}
    beginnings = Article.objects.published().filter(pk__in=languages)
    found: dict[int, highlight.Segments] = {}
    for pk, beginning in beginnings.values_list("pk", Substr("body", 1, highlight.MAX_TEXT)):
        segments = highlight.snippet(html_to_text(beginning), query, languages[pk])
        if any(hit for _text, hit in segments):
            found[pk] = segments
    return found


def _marked(segments: highlight.Segments) -> Markup:
    return Markup("").join(
        Markup("<mark>{}</mark>").format(text) if hit else Markup("{}").format(text)
        for text, hit in segments
    )
