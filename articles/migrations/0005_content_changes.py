"""The log of content versions begins with the present one."""

from django.db import migrations, models


def begin(apps, schema_editor):
    using = schema_editor.connection.alias
    change = apps.get_model("articles", "ContentChange").objects.using(using)
    for version in apps.get_model("articles", "ContentVersion").objects.using(using):
        change.create(version=version.version, changed=version.changed, articles=None)


class Migration(migrations.Migration):
    dependencies = [("articles", "0004_introductions")]

    operations = [
        migrations.CreateModel(
            name="ContentChange",
            fields=[
                ("version", models.BigIntegerField(primary_key=True, serialize=False)),
                (
                    "changed",
                    models.DateTimeField(help_text="As in the content version of that number."),
                ),
                (
                    "articles",
                    models.JSONField(
                        help_text="Ranges of ids, first and last; null for too many to name.",
                        null=True,
                    ),
                ),
            ],
            options={
                "verbose_name": "content change",
                "verbose_name_plural": "content changes",
            },
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
