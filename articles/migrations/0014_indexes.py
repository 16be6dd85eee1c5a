"""Indexes: none that another begins with, none of empty columns, and one for what is new.

Those that ran from the newest to the oldest are turned round: articles come in rising order, and an
index of SQLite's that grows at its front is half empty. Fields are altered in the state only, since
SQLite would copy whole tables to drop an index.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

#: Foreign keys whose own index goes.
FIELDS = (
    ("article", "merged_into"),
    ("article", "owner"),
    ("article", "translation_of"),
    ("contribution", "article"),
    ("contribution", "author"),
    ("part", "series"),
    ("sourceentry", "run"),
    ("sourceentry", "unchanged_from"),
    ("taggedarticle", "tag"),
)


def drop(apps, schema_editor):
    connection = schema_editor.connection
    for name, field in FIELDS:
        model = apps.get_model("articles", name)
        column = model._meta.get_field(field).column
        with connection.cursor() as cursor:
            found = connection.introspection.get_constraints(cursor, model._meta.db_table)
        for index, facts in found.items():
            is_own = facts["index"] and not facts["unique"] and facts["columns"] == [column]
            if is_own:
                schema_editor.execute(f"DROP INDEX {schema_editor.quote_name(index)}")


def restore(apps, schema_editor):
    for name, field in FIELDS:
        model = apps.get_model("articles", name)
        of = model._meta.get_field(field)
        schema_editor.execute(schema_editor._create_index_sql(model, fields=[of]))


def renew(apps, schema_editor):
    """Let SQLite know the new indexes as it knew the old ones: one of which it knows nothing is
    taken for one that leads to a few rows."""
    connection = schema_editor.connection
    if (
        connection.vendor != "sqlite"
        or "sqlite_stat1" not in connection.introspection.table_names()
    ):
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM sqlite_stat1 WHERE tbl = 'articles_article' LIMIT 1")
        if cursor.fetchone() is None:
            return
        cursor.execute("PRAGMA analysis_limit = 1000")
        for name in dict.fromkeys(name for name, _field in FIELDS):
            cursor.execute(f"ANALYZE articles_{name}")
        # ANALYZE says nothing of a partial index while it is empty.
        cursor.execute(
            "INSERT INTO sqlite_stat1 (tbl, idx, stat)"
            " SELECT 'articles_article', 'article_by_due', '1 1' WHERE NOT EXISTS"
            " (SELECT 1 FROM sqlite_stat1 WHERE idx = 'article_by_due')"
        )
        cursor.execute("ANALYZE sqlite_schema")


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("articles", "0013_pictures_of_texts"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="article",
                    name="merged_into",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged_articles",
                        to="articles.article",
                        verbose_name="merged into",
                    ),
                ),
                migrations.AlterField(
                    model_name="article",
                    name="owner",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="owned_articles",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
                migrations.AlterField(
                    model_name="article",
                    name="translation_of",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="translations",
                        to="articles.article",
                        verbose_name="translation of",
                    ),
                ),
                migrations.AlterField(
                    model_name="contribution",
                    name="article",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contributions",
                        to="articles.article",
                    ),
                ),
                migrations.AlterField(
                    model_name="contribution",
                    name="author",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contributions",
                        to="authors.author",
                        verbose_name="author",
                    ),
                ),
                migrations.AlterField(
                    model_name="part",
                    name="series",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="articles.series",
                        verbose_name="series",
                    ),
                ),
                migrations.AlterField(
                    model_name="sourceentry",
                    name="run",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="articles.importrun",
                        verbose_name="import run",
                    ),
                ),
                migrations.AlterField(
                    model_name="sourceentry",
                    name="unchanged_from",
                    field=models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="articles.sourceentry",
                    ),
                ),
                migrations.AlterField(
                    model_name="taggedarticle",
                    name="tag",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tagged_articles",
                        to="articles.tag",
                    ),
                ),
            ],
            database_operations=[migrations.RunPython(drop, restore)],
        ),
        migrations.RemoveIndex(
            model_name="article",
            name="article_by_status",
        ),
        migrations.RemoveIndex(
            model_name="contribution",
            name="contribution_by_author",
        ),
        migrations.RemoveIndex(
            model_name="part",
            name="part_by_series",
        ),
        migrations.RemoveIndex(
            model_name="taggedarticle",
            name="tagged_by_tag",
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(fields=["status", "sort_key"], name="article_by_status_and_key"),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                condition=models.Q(("is_public", True)),
                fields=["first_public_at", "id"],
                name="article_by_first_public",
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                condition=models.Q(("translation_of__isnull", False)),
                fields=["translation_of"],
                name="article_with_translation_of",
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                condition=models.Q(("merged_into__isnull", False)),
                fields=["merged_into"],
                name="article_with_merged_into",
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                condition=models.Q(("owner__isnull", False)),
                fields=["owner"],
                name="article_with_owner",
            ),
        ),
        migrations.AddIndex(
            model_name="contribution",
            index=models.Index(
                fields=["author", "is_public", "sort_key"], name="contribution_of_author"
            ),
        ),
        migrations.AddIndex(
            model_name="part",
            index=models.Index(fields=["series", "is_public", "sort_key"], name="part_of_series"),
        ),
        migrations.AddIndex(
            model_name="sourceentry",
            index=models.Index(
                condition=models.Q(("unchanged_from__isnull", False)),
                fields=["unchanged_from"],
                name="entry_with_unchanged_from",
            ),
        ),
        migrations.AddIndex(
            model_name="taggedarticle",
            index=models.Index(fields=["tag", "is_public", "sort_key"], name="tagged_with_tag"),
        ),
        migrations.RunPython(renew, migrations.RunPython.noop),
    ]
