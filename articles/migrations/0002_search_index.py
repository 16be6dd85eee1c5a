"""The full-text index over articles_searchdocument, kept by triggers.

SQLite: an FTS5 table over the same rows (external content). PostgreSQL: two vectors beside the
columns. Neither is part of the model, so a later migration that makes SQLite rebuild
articles_searchdocument (Django copies the table, which drops its triggers) must run the triggers
below again; `articles.search.base.check` reports it if they are gone.
"""

from django.db import migrations

SQLITE = (
    # "ascii" splits at ASCII signs only and changes nothing but ASCII capitals, of which our
    # tokens have none; facet terms may hold hyphens and underscores.
    """
    CREATE VIRTUAL TABLE articles_searchindex USING fts5(
        headline, heads, names, standfirst, body, facets,
        content='articles_searchdocument', content_rowid='sort_key',
        tokenize="ascii tokenchars '-_'"
    )
    """,
    """
    CREATE TRIGGER articles_searchindex_insert AFTER INSERT ON articles_searchdocument BEGIN
        INSERT INTO articles_searchindex
            (rowid, headline, heads, names, standfirst, body, facets)
        VALUES (new.sort_key, new.headline, new.heads, new.names, new.standfirst, new.body,
            new.facets);
    END
    """,
    """
    CREATE TRIGGER articles_searchindex_delete AFTER DELETE ON articles_searchdocument BEGIN
        INSERT INTO articles_searchindex
            (articles_searchindex, rowid, headline, heads, names, standfirst, body, facets)
        VALUES ('delete', old.sort_key, old.headline, old.heads, old.names, old.standfirst,
            old.body, old.facets);
    END
    """,
    """
    CREATE TRIGGER articles_searchindex_update AFTER UPDATE ON articles_searchdocument BEGIN
        INSERT INTO articles_searchindex
            (articles_searchindex, rowid, headline, heads, names, standfirst, body, facets)
        VALUES ('delete', old.sort_key, old.headline, old.heads, old.names, old.standfirst,
            old.body, old.facets);
        INSERT INTO articles_searchindex
            (rowid, headline, heads, names, standfirst, body, facets)
        VALUES (new.sort_key, new.headline, new.heads, new.names, new.standfirst, new.body,
            new.facets);
    END
    """,
    "INSERT INTO articles_searchindex (articles_searchindex) VALUES ('rebuild')",
)
SQLITE_BACK = (
    "DROP TRIGGER IF EXISTS articles_searchindex_update",
    "DROP TRIGGER IF EXISTS articles_searchindex_delete",
    "DROP TRIGGER IF EXISTS articles_searchindex_insert",
    "DROP TABLE IF EXISTS articles_searchindex",
)

POSTGRESQL = (
    # Our tokens become lexemes as they are: PostgreSQL's parser would cut some of them, by rules
    # that depend on the locale. '¶' only keeps texts apart. Each token is written once, with its
    # places: what is read into a vector counts against its limit before repetitions are merged.
    r"""
    CREATE FUNCTION articles_search_column(tokens text, weight "char") RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT pg_catalog.setweight(
            coalesce(pg_catalog.string_agg(lexeme || places, ' '), '')::pg_catalog.tsvector,
            weight
        )
        FROM (
            SELECT
                '''' || pg_catalog.replace(pg_catalog.replace(token, '\', '\\'), '''', '''''')
                    || ''':' AS lexeme,
                pg_catalog.string_agg(least(place, 16383)::text, ',') AS places
            FROM pg_catalog.unnest(pg_catalog.string_to_array(tokens, ' '))
                WITH ORDINALITY AS listed (token, place)
            WHERE token NOT IN ('', '¶')
            GROUP BY token
        ) AS words
    $$
    """,
    r"""
    CREATE FUNCTION articles_search_facets(facets text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT pg_catalog.array_to_tsvector(
            coalesce(pg_catalog.array_agg('§' || pg_catalog.lower(term)), '{}')
        )
        FROM pg_catalog.unnest(pg_catalog.string_to_array(facets, ' ')) AS listed (term)
        WHERE term <> ''
    $$
    """,
    """
    ALTER TABLE articles_searchdocument
        ADD COLUMN vector tsvector, ADD COLUMN headline_vector tsvector
    """,
    """
    CREATE FUNCTION articles_search_vectors() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        NEW.headline_vector := articles_search_column(NEW.headline, 'A')
            || articles_search_facets(NEW.facets);
        NEW.vector := NEW.headline_vector
            || articles_search_column(NEW.heads || ' ' || NEW.names, 'B')
            || CASE NEW.standfirst WHEN '' THEN '' ELSE articles_search_column(NEW.standfirst, 'C') END
            || CASE NEW.body WHEN '' THEN '' ELSE articles_search_column(NEW.body, 'D') END;
        RETURN NEW;
    END
    $$
    """,
    """
    CREATE TRIGGER articles_searchdocument_vectors BEFORE INSERT OR UPDATE
        ON articles_searchdocument FOR EACH ROW EXECUTE FUNCTION articles_search_vectors()
    """,
    "UPDATE articles_searchdocument SET sort_key = sort_key",
    # With the default sample the planner takes rare words for frequent ones and walks the table.
    "ALTER TABLE articles_searchdocument ALTER COLUMN vector SET STATISTICS 1000",
    "ALTER TABLE articles_searchdocument ALTER COLUMN headline_vector SET STATISTICS 500",
    """
    CREATE INDEX articles_searchdocument_vector ON articles_searchdocument
        USING gin (vector) WITH (fastupdate = on)
    """,
    """
    CREATE INDEX articles_searchdocument_headline ON articles_searchdocument
        USING gin (headline_vector) WITH (fastupdate = on)
    """,
)
POSTGRESQL_BACK = (
    "DROP INDEX IF EXISTS articles_searchdocument_headline",
    "DROP INDEX IF EXISTS articles_searchdocument_vector",
    "DROP TRIGGER IF EXISTS articles_searchdocument_vectors ON articles_searchdocument",
    "DROP FUNCTION IF EXISTS articles_search_vectors()",
    """
    ALTER TABLE articles_searchdocument
        DROP COLUMN IF EXISTS vector, DROP COLUMN IF EXISTS headline_vector
    """,
    "DROP FUNCTION IF EXISTS articles_search_facets(text)",
    'DROP FUNCTION IF EXISTS articles_search_column(text, "char")',
)

STATEMENTS = {"sqlite": (SQLITE, SQLITE_BACK), "postgresql": (POSTGRESQL, POSTGRESQL_BACK)}


def forwards(apps, schema_editor):
    for statement in STATEMENTS[schema_editor.connection.vendor][0]:
        schema_editor.execute(statement, params=None)


def backwards(apps, schema_editor):
    for statement in STATEMENTS[schema_editor.connection.vendor][1]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("articles", "0001_initial")]

    operations = [migrations.RunPython(forwards, backwards)]
