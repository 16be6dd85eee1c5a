"""Portraits of authors."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("authors", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="author",
            name="portrait",
            field=models.JSONField(
                blank=True, default=dict, editable=False, verbose_name="portrait"
            ),
        ),
    ]
