"""Search in SQLite: FTS5 over the table SearchDocument (migration 0002).

What reaches MATCH is built here from tokens of our own analysis, each of them quoted. Its
grammar: https://www.sqlite.org/fts5.html#full_text_query_syntax
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.db import DatabaseError, connections, transaction

from articles.models.article import SORT_KEY_STEP
from articles.search.match import READ, TEXT_COLUMNS, TIERS, Among, Match, Part
from articles.search.query import Term

_TRIGGERS = {
    "articles_searchindex_insert",
    "articles_searchindex_delete",
    "articles_searchindex_update",
}
_OLDEST, _NEWEST = 0, 2**62
#: So many differences are named one by one.
_NAMED = 20


def _quoted(tokens: Iterable[str]) -> str:
    return '"' + " ".join(token.replace('"', '""') for token in tokens) + '"'


def _any_of(term: Term) -> str:
    forms = [_quoted(form.tokens) + (" *" if form.prefix else "") for form in term.forms]
    return f"({' OR '.join(forms)})"


def _in_columns(columns: Sequence[str], expression: str) -> str:
    return f"({{{' '.join(columns)}}} : ({expression}))"


def _expression(match: Match, columns: Sequence[str] = TEXT_COLUMNS) -> str:
    """Return the text for MATCH, the words being looked for in *columns*."""
    words = " AND ".join(map(_any_of, match.query.terms))
    if match.part is Part.HEADLINE:
        columns = TIERS[0]
    found = _in_columns(columns, words)
    if match.part is Part.REST:
        found = f"({found} NOT {_in_columns(TIERS[0], words)})"
    if match.query.excluded:
        unwanted = " OR ".join(map(_any_of, match.query.excluded))
        found = f"({found} NOT {_in_columns(TEXT_COLUMNS, unwanted)})"
    for group in match.facets:
        terms = " OR ".join(_quoted([term.lower()]) for term in group)
        found = f"({found} AND (facets : ({terms})))"
    return found


def _rows(using: str, statement: str, params: Sequence[Any] = ()) -> list[Any]:
    with connections[using].cursor() as cursor:
        cursor.execute(statement, params)
        return list(cursor.fetchall())


def probe(using: str, match: Match, limit: int) -> list[int]:
    return newest(using, match, limit + 1, 0, None, None)


def newest(
    using: str,
    match: Match,
    limit: int,
    offset: int,
    older_than: int | None,
    newer_than: int | None,
) -> list[int]:
    bounds = (
        _OLDEST if newer_than is None else newer_than,
        _NEWEST if older_than is None else older_than,
    )
    if newer_than is None:
        statement = (
            "SELECT rowid FROM articles_searchindex WHERE articles_searchindex MATCH %s"
            " AND rowid > %s AND rowid < %s ORDER BY rowid DESC LIMIT %s OFFSET %s"
        )
    else:
        statement = (
            "SELECT rowid FROM articles_searchindex WHERE articles_searchindex MATCH %s"
            " AND rowid > %s AND rowid < %s ORDER BY rowid LIMIT %s OFFSET %s"
        )
    rows = _rows(using, statement, (_expression(match), *bounds, limit, offset))
    keys = [key for (key,) in rows]
    return keys if newer_than is None else keys[::-1]


def count(using: str, match: Match) -> int:
    rows = _rows(
        using,
        "SELECT count(*) FROM articles_searchindex WHERE articles_searchindex MATCH %s",
        (_expression(match),),
    )
    return int(rows[0][0])


def has_more(using: str, match: Match, limit: int) -> bool:
    rows = _rows(
        using,
        "SELECT 1 FROM articles_searchindex WHERE articles_searchindex MATCH %s LIMIT 1 OFFSET %s",
        (_expression(match), limit),
    )
    return bool(rows)


def surely_more(using: str, match: Match, limit: int) -> bool:
    # To look takes no longer than to ask what is known.
    return False


def ids(using: str, match: Match, limit: int | None) -> Sequence[int] | None:
    # A sort key ends in the article's id. One text is read twice as fast as a row for each.
    expression = _expression(match)
    statement = (
        "SELECT coalesce(group_concat(rowid & %s), '') FROM articles_searchindex"
        " WHERE articles_searchindex MATCH %s"
    )
    params: list[Any] = [SORT_KEY_STEP - 1, expression]
    if limit is not None:
        # What comes after ELSE is not looked for if there is more.
        more = (
            "SELECT 1 FROM articles_searchindex WHERE articles_searchindex MATCH %s"
            " LIMIT 1 OFFSET %s"
        )
        statement = " ".join(
            ("SELECT CASE WHEN EXISTS (", more, ") THEN NULL ELSE (", statement, ") END")
        )
        params = [expression, limit, *params]
    text = _rows(using, statement, params)[0][0]
    return None if text is None else json.loads(f"[{text}]")


def ranked(using: str, match: Match, keys: Sequence[int]) -> list[int]:
    # bm25() is the better the lower. Its weights are those of the columns in the table's order.
    # It is worked out for the keys alone; the sign keeps each of them from being a search.
    everything = replace(match, part=Part.ALL)
    among = json.dumps(list(keys))
    scores: dict[int, float] = dict(
        _rows(
            using,
            "SELECT rowid, bm25(articles_searchindex, 10, 5, 5, 2, 1, 0)"
            " FROM articles_searchindex WHERE articles_searchindex MATCH %s"
            " AND +rowid IN (SELECT value FROM json_each(%s))",
            (_expression(everything), among),
        )
    )
    tiers = dict.fromkeys(scores, len(TIERS))
    for tier in reversed(match.tiers):
        found = _rows(
            using,
            "SELECT rowid FROM articles_searchindex WHERE articles_searchindex MATCH %s",
            (_expression(everything, TIERS[tier]),),
        )
        tiers.update((key, tier) for (key,) in found if key in tiers)
    # In small archives bm25 gives frequent words next to no weight: six digits of the score, not
    # six decimals.
    order = {key: (tiers[key], float(f"{scores[key]:.6g}"), -key) for key in keys if key in scores}
    return sorted(order, key=order.__getitem__)


def known(using: str, tokens: Sequence[str], most: int) -> dict[str, int]:
    # One parameter, however many tokens; a column filter keeps facet terms out.
    expressions = {_in_columns(TEXT_COLUMNS, _quoted([token])): token for token in tokens}
    rows = _rows(
        using,
        "SELECT value, (SELECT count(*) FROM (SELECT 1 FROM articles_searchindex"
        " WHERE articles_searchindex MATCH value LIMIT %s)) AS found"
        " FROM json_each(%s) WHERE found",
        (most, json.dumps(list(expressions))),
    )
    return {expressions[expression]: found for expression, found in rows}


def among(match: Match) -> Among:
    return Among(
        "IN (SELECT rowid FROM articles_searchindex WHERE articles_searchindex MATCH %s)",
        (_expression(match),),
    )


def among_keys(keys: Sequence[int]) -> Among:
    # One parameter, however many keys.
    return Among("IN (SELECT value FROM json_each(%s))", (json.dumps(list(keys)),))


def rebuild(using: str) -> None:
    _rows(using, "INSERT INTO articles_searchindex (articles_searchindex) VALUES ('rebuild')")


def optimise(using: str) -> None:
    # A bounded step; "optimize" would write the whole index anew.
    _rows(
        using,
        "INSERT INTO articles_searchindex (articles_searchindex, rank) VALUES ('merge', 1000)",
    )
    _analyse(using)


def migrated(using: str) -> None:
    # What SQLite cannot alter is made anew, and the statistics of such a table go with the old one.
    tables = connections[using].introspection.table_names()
    if "sqlite_stat1" not in tables:
        return
    known = {table for (table,) in _rows(using, "SELECT DISTINCT tbl FROM sqlite_stat1")}
    lost = [table for table in READ if table in tables and table not in known]
    if any(_rows(using, " ".join(("SELECT 1 FROM", table, "LIMIT 1"))) for table in lost):
        _analyse(using)


def _analyse(using: str) -> None:
    # Without statistics the planner takes "published" for a rare property of articles and reads
    # them all, where the keys of the hits would lead to 25 rows. A thousand rows tell enough.
    _rows(using, "PRAGMA analysis_limit = 1000")
    for table in READ:
        _rows(using, f"ANALYZE {table}")
    # ANALYZE says nothing of a partial index while it is empty, and then what waits for its moment
    # would be looked for among all that is published.
    _rows(
        using,
        "INSERT INTO sqlite_stat1 (tbl, idx, stat)"
        " SELECT 'articles_article', 'article_by_due', '1 1' WHERE NOT EXISTS"
        " (SELECT 1 FROM sqlite_stat1 WHERE idx = 'article_by_due')",
    )
    _rows(using, "ANALYZE sqlite_schema")


def check(using: str) -> list[str]:
    found: list[str] = []
    triggers = {
        name for (name,) in _rows(using, "SELECT name FROM sqlite_master WHERE type = 'trigger'")
    }
    found += [f"The trigger {name} is gone." for name in sorted(_TRIGGERS - triggers)]
    missing = _rows(
        using,
        "SELECT sort_key FROM articles_searchdocument"
        " WHERE sort_key NOT IN (SELECT id FROM articles_searchindex_docsize) ORDER BY sort_key",
    )
    surplus = _rows(
        using,
        "SELECT id FROM articles_searchindex_docsize"
        " WHERE id NOT IN (SELECT sort_key FROM articles_searchdocument) ORDER BY id",
    )
    for keys, what in (
        (missing, "The document {} is not in the full-text index."),
        (surplus, "The full-text index holds {}, which is no document."),
    ):
        found += [what.format(key) for (key,) in keys[:_NAMED]]
        if len(keys) > _NAMED:
            found.append(f"… and {len(keys) - _NAMED} more.")
    if not missing and not surplus:
        try:
            # Compares every word of the index with the table (rank = 1: external content too).
            with transaction.atomic(using=using):
                _rows(
                    using,
                    "INSERT INTO articles_searchindex (articles_searchindex, rank)"
                    " VALUES ('integrity-check', 1)",
                )
        except DatabaseError:
            found.append("The full-text index holds other words than the documents.")
    return found
