"""Search in PostgreSQL: two tsvectors beside SearchDocument, with GIN indexes (migration 0002).

A tsquery is built here from tokens of our own analysis, each of them quoted, and cast: to_tsquery
would cut tokens anew (``'a:1'`` becomes ``'a' <-> '1'``, which finds nothing). Vectors keep
neither places beyond 16,383 nor more than 256 of a word, so phrases are not matched by them: the
index finds the articles that hold all words of a phrase, and the text of the columns decides.
"""

import json
import sys
from array import array
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connections

from articles.search.analysis import FACET
from articles.search.match import READ, TEXT_COLUMNS, TIERS, Among, Match, Part
from articles.search.query import Form, Term

#: The weights that `TIERS` allow, as a tsquery writes them.
_WEIGHTS = ("A", "AB", "ABC", "")
#: The first so many hits are found fastest by walking the articles from the newest on; whoever
#: wants later ones is served from the index.
_WALKED = 2_000
#: By how much of all articles an estimate may be wrong: three times what is to be expected of a
#: sample of 300,000. Of so many terms at the most it is asked.
_ERROR, _FEW_TERMS = 0.01, 4
_SETTINGS = (
    "SET LOCAL enable_seqscan = off; SET LOCAL random_page_cost = 1.1;"
    " SET LOCAL work_mem = '48MB'; "
)
#: So many differences are named one by one.
_NAMED = 20
_STRPOS = {
    column: f"strpos(' ' || articles_searchdocument.{column} || ' ', %s) > 0"
    for column in TEXT_COLUMNS
}

_Condition = tuple[str, list[Any]]


def _lexeme(token: str, weights: str = "", prefix: bool = False) -> str:
    quoted = token.replace("\\", "\\\\").replace("'", "''")
    label = ("*" if prefix else "") + weights
    return f"'{quoted}'" + (f":{label}" if label else "")


def _is_plain(term: Term) -> bool:
    """Whether the index alone can say all about *term*: it has no phrases."""
    return all(len(form.tokens) == 1 for form in term.forms)


def _all_of(form: Form, weights: str) -> str:
    *middle, last = form.tokens
    lexemes = [_lexeme(token, weights) for token in middle]
    return "(" + " & ".join([*lexemes, _lexeme(last, weights, form.prefix)]) + ")"


def _any_of(term: Term, weights: str) -> str:
    return "(" + " | ".join(_all_of(form, weights) for form in term.forms) + ")"


def _adjacent(form: Form, columns: Sequence[str]) -> _Condition:
    """Return the condition that the tokens of *form* stand together in one of *columns*."""
    text = " " + " ".join(form.tokens) + ("" if form.prefix else " ")
    return " OR ".join(_STRPOS[column] for column in columns), [text] * len(columns)


def _term(term: Term, columns: Sequence[str], weights: str) -> _Condition | None:
    """Return what the index alone cannot say about *term*; None if it can say all."""
    if _is_plain(term):
        return None
    parts, params = [], []
    for form in term.forms:
        if len(form.tokens) == 1:
            parts.append("articles_searchdocument.vector @@ %s::tsquery")
            params.append(_all_of(form, weights))
        else:
            adjacent, values = _adjacent(form, columns)
            parts.append(adjacent)
            params += values
    return "(" + " OR ".join(parts) + ")", params


def _words(terms: Iterable[Term], tier: int) -> _Condition:
    """Return the condition that all *terms* occur in the columns of *tier*."""
    weights, columns = _WEIGHTS[tier], TIERS[tier]
    terms = list(terms)
    # The vector of the headline is small and has an index of its own.
    parts = [
        "articles_searchdocument.headline_vector @@ %s::tsquery"
        if tier == 0
        else "articles_searchdocument.vector @@ %s::tsquery"
    ]
    params: list[Any] = [" & ".join(_any_of(term, "" if tier == 0 else weights) for term in terms)]
    for term in terms:
        more = _term(term, columns, weights)
        if more is not None:
            parts.append(more[0])
            params += more[1]
    return "(" + " AND ".join(parts) + ")", params


def _condition(match: Match) -> _Condition:
    everything = len(TIERS) - 1
    part = 0 if match.part is Part.HEADLINE else everything
    condition, params = _words(match.query.terms, part)
    if part == everything:
        # The index itself can say that a word is absent.
        for term in filter(_is_plain, match.query.excluded):
            params[0] += f" & !{_any_of(term, '')}"
    if match.part is Part.REST:
        headline, values = _words(match.query.terms, 0)
        condition += f" AND NOT {headline}"
        params += values
    for term in match.query.excluded:
        if part == everything and _is_plain(term):
            continue
        unwanted, values = _words([term], everything)
        condition += f" AND NOT {unwanted}"
        params += values
    if match.facets:
        condition += (
            " AND articles_searchdocument.headline_vector @@ %s::tsquery"
            if part == 0
            else " AND articles_searchdocument.vector @@ %s::tsquery"
        )
        params.append(
            " & ".join(
                "(" + " | ".join(_lexeme(FACET + term.lower()) for term in group) + ")"
                for group in match.facets
            )
        )
    return condition, params


def _rows(using: str, statement: str, params: Sequence[Any] = ()) -> list[Any]:
    """Run *statement* (constant SQL) and return its rows."""
    with connections[using].cursor() as cursor:
        cursor.execute(statement, params)
        return list(cursor.fetchall()) if cursor.description else []


def _asked(using: str, statement: str, params: Sequence[Any]) -> list[Any]:
    """Return the rows of a query for hits.

    The planner knows nothing of what it costs to unpack a vector: for a frequent word it would
    rather read the table than the index, which takes ten times as long, and for a rare one walk the
    articles, since it takes rows here and there for dear. And beyond the memory of a statement the
    index names pages instead of rows, so that all vectors on them are unpacked: 48 megabytes are
    enough for a word in each of a million articles. The settings end with the transaction, here
    mostly the one that the statements make together.
    """
    return _rows(using, _SETTINGS + statement, params)


def _select(what: str, condition: str, after: str = "") -> str:
    return " ".join(("SELECT", what, "FROM articles_searchdocument WHERE", condition, after))


def probe(using: str, match: Match, limit: int) -> list[int]:
    # Without an order: with one, the planner might walk the whole table for a rare word.
    condition, params = _condition(match)
    rows = _asked(using, _select("sort_key", condition, "LIMIT %s"), [*params, limit + 1])
    return [key for (key,) in rows]


def newest(
    using: str,
    match: Match,
    limit: int,
    offset: int,
    older_than: int | None,
    newer_than: int | None,
) -> list[int]:
    condition, params = _condition(match)
    if older_than is not None:
        condition += " AND sort_key < %s"
        params.append(older_than)
    if newer_than is not None:
        condition += " AND sort_key > %s"
        params.append(newer_than)
    order = f"ORDER BY sort_key {'DESC' if newer_than is None else 'ASC'} LIMIT %s OFFSET %s"
    if offset + limit <= _WALKED:
        statement = _select("sort_key", condition, order)
    else:
        hits = _select("sort_key", condition)
        statement = " ".join(
            ("WITH hits AS MATERIALIZED (", hits, ") SELECT sort_key FROM hits", order)
        )
    rows = _asked(using, statement, [*params, limit, offset])
    keys = [key for (key,) in rows]
    return keys if newer_than is None else keys[::-1]


def count(using: str, match: Match) -> int:
    condition, params = _condition(match)
    return int(_asked(using, _select("count(*)", condition), params)[0][0])


def has_more(using: str, match: Match, limit: int) -> bool:
    condition, params = _condition(match)
    rows = _asked(using, _select("1", condition, "LIMIT 1 OFFSET %s"), [*params, limit])
    return bool(rows)


def surely_more(using: str, match: Match, limit: int) -> bool:
    # Of each word the statistics know how many articles hold it. Of a term those of its most
    # frequent form do at least; and of all terms, all articles but those without one of them.
    forms = [
        [(place, form) for form in term.forms if len(form.tokens) == 1 and not form.prefix]
        for place, term in enumerate(match.query.terms)
    ]
    if match.facets or match.query.excluded or not all(forms) or len(forms) > _FEW_TERMS:
        return False
    asked = [pair for of_term in forms for pair in of_term]
    one = _select("1", "vector @@ %s::tsquery")
    plan = _rows(
        using,
        "SET LOCAL max_parallel_workers_per_gather = 0; EXPLAIN (FORMAT JSON) "
        + " UNION ALL ".join([one] * len(asked)),
        [_all_of(form, "") for _place, form in asked],
    )[0][0]
    top = (plan if isinstance(plan, list) else json.loads(plan))[0]["Plan"]
    estimates = [0.0] * len(forms)
    nodes = top["Plans"] if len(asked) > 1 else [top]
    for (place, _form), node in zip(asked, nodes, strict=True):
        estimates[place] = max(estimates[place], node["Plan Rows"])
    # A standby does not count what was written since; a tenth has the statistics renewed.
    (rows, written), *_none = _rows(
        using,
        "SELECT reltuples, CASE WHEN pg_is_in_recovery() THEN reltuples / 10"
        " ELSE pg_stat_get_mod_since_analyze(oid) END"
        " FROM pg_class WHERE oid = 'articles_searchdocument'::regclass",
    )
    least = rows - sum(rows - estimate + _ERROR * rows for estimate in estimates)
    return bool(least - written > limit)


def ids(using: str, match: Match, limit: int | None) -> Sequence[int] | None:
    # One value of four bytes for each is read in a moment, a row for each is not. Whether there are
    # too many is asked with it: what costs is to visit the rows.
    condition, params = _condition(match)
    hits = _select("article_id", condition, "LIMIT %s")
    statement = " ".join(
        ("SELECT string_agg(int4send(article_id::int), '') FROM (", hits, ") AS hits")
    )
    # LIMIT NULL is none.
    most = None if limit is None else limit + 1
    found = array("I")
    found.frombytes(_asked(using, statement, [*params, most])[0][0] or b"")
    if sys.byteorder == "little":
        found.byteswap()
    return None if most is not None and len(found) == most else found


def ranked(using: str, match: Match, keys: Sequence[int]) -> list[int]:
    cases, values = [], []
    for tier in match.tiers:
        words, tokens = _words(match.query.terms, tier)
        cases.append(f"WHEN {words} THEN {tier}")
        values += tokens
    tier_of = f"CASE {' '.join(cases)} ELSE {len(TIERS) - 1} END, " if cases else ""
    # The score looks for any of the tokens; that all terms occur is known.
    scored = " | ".join(_all_of(form, "") for term in match.query.terms for form in term.forms)
    score = "round(ts_rank('{0.1, 0.2, 0.5, 1.0}', vector, %s::tsquery)::numeric, 6)"
    order = f"ORDER BY {tier_of}{score} DESC, sort_key DESC"
    condition = "sort_key = ANY (%s::bigint[])"
    rows = _asked(using, _select("sort_key", condition, order), [list(keys), *values, scored])
    return [key for (key,) in rows]


def known(using: str, tokens: Sequence[str], most: int) -> dict[str, int]:
    lexemes = {_lexeme(token): token for token in tokens}
    rows = _asked(
        using,
        "SELECT lexeme, found FROM unnest(%s::text[]) AS lexeme,"
        " LATERAL (SELECT count(*) AS found FROM (SELECT 1 FROM articles_searchdocument"
        " WHERE vector @@ lexeme::tsquery LIMIT %s) AS hits) AS counted WHERE found > 0",
        (list(lexemes), most),
    )
    return {lexemes[lexeme]: found for lexeme, found in rows}


def among(match: Match) -> Among:
    condition, params = _condition(match)
    return Among(f"IN ({_select('sort_key', condition)})", tuple(params))


def among_keys(keys: Sequence[int]) -> Among:
    # One parameter, however many keys.
    return Among("= ANY (%s::bigint[])", ("{" + ",".join(map(str, keys)) + "}",))


def rebuild(using: str) -> None:
    # The trigger makes the vectors whenever a row is written.
    _rows(using, "UPDATE articles_searchdocument SET sort_key = sort_key")
    optimise(using)


def optimise(using: str) -> None:
    _rows(using, "SELECT gin_clean_pending_list('articles_searchdocument_vector')")
    _rows(using, "SELECT gin_clean_pending_list('articles_searchdocument_headline')")
    _rows(using, f"ANALYZE {', '.join(READ)}")


def migrated(using: str) -> None:
    """A table that was altered keeps its statistics."""


def check(using: str) -> list[str]:
    found: list[str] = []
    if not _rows(
        using,
        "SELECT 1 FROM pg_trigger WHERE tgname = 'articles_searchdocument_vectors'"
        " AND tgrelid = 'articles_searchdocument'::regclass AND tgenabled <> 'D'",
    ):
        found.append("The trigger articles_searchdocument_vectors is gone.")
    different = _rows(
        using,
        "SELECT sort_key FROM articles_searchdocument WHERE headline_vector IS DISTINCT FROM"
        " articles_search_column(headline, 'A') || articles_search_facets(facets)"
        " OR vector IS DISTINCT FROM"
        " articles_search_column(headline, 'A') || articles_search_facets(facets)"
        " || articles_search_column(heads || ' ' || names, 'B')"
        " || articles_search_column(standfirst, 'C') || articles_search_column(body, 'D')"
        " ORDER BY sort_key",
    )
    found += [
        f"The full-text index holds other words than the document {key}."
        for (key,) in different[:_NAMED]
    ]
    if len(different) > _NAMED:
        found.append(f"… and {len(different) - _NAMED} more.")
    return found
