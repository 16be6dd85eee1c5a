"""No index of the fingerprints of entries: they are compared in memory, source by source.

On PostgreSQL it was two, and a twenty-fifth of a large archive. The field is altered in the state
only, since SQLite would copy the table to drop an index.
"""

from django.db import migrations, models


def drop(apps, schema_editor):
    model = apps.get_model("articles", "SourceEntry")
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, model._meta.db_table)
    for index, facts in found.items():
        if facts["index"] and facts["columns"] == ["fingerprint"]:
            schema_editor.execute(f"DROP INDEX {schema_editor.quote_name(index)}")


def restore(apps, schema_editor):
    model = apps.get_model("articles", "SourceEntry")
    field = model._meta.get_field("fingerprint")
    schema_editor.execute(schema_editor._create_index_sql(model, fields=[field]))


class Migration(migrations.Migration):
    dependencies = [("articles", "0015_gone_addresses")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="sourceentry",
                    name="fingerprint",
                    field=models.CharField(max_length=64),
                )
            ],
            database_operations=[migrations.RunPython(drop, restore)],
        )
    ]
