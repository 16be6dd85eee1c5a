"""Rows of a search as they are shown: their hits marked, and the passage that was found."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db.models.functions import Substr
from markupsafe import Markup, escape

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
    """Return the highlights of those *rows* in which a hit can be shown, by id. One query, for the
    bodies of those that need it."""
    texts: dict[int, list[Markup]] = {}
    found: dict[int, Highlights] = {}
    in_body: list[ArticleRow] = []
    for row in rows:
        parts = (row.headline, row.kicker, row.subtitle, row.names, row.standfirst)
        segments = [highlight.highlight(text, query, row.language) for text in parts]
        texts[row.id] = [_marked(part) for part in segments]
        if any(hit for part in segments for _text, hit in part):
            found[row.id] = Highlights(*texts[row.id])
        elif row.has_body:
            in_body.append(row)
    for row_id, passage in _passages(in_body, query).items():
        found[row_id] = replace(Highlights(*texts[row_id]), body=_marked(passage))
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
    if len(segments) == 1 and not segments[0][1]:
        return escape(segments[0][0])
    parts = (f"<mark>{escape(text)}</mark>" if hit else escape(text) for text, hit in segments)
    return Markup("".join(parts))  # noqa: S704  every part is escaped
