"""An index that keeps headlines in order, for lists from A to Z."""

from django.db import migrations, models

import articles.headline_key


class Migration(migrations.Migration):
    dependencies = [("articles", "0006_desk")]

    operations = [
        migrations.AddIndex(
            model_name="searchdocument",
            index=models.Index(
                articles.headline_key.HeadlineKey("headline"),
                models.F("sort_key").desc(),
                name="searchdocument_by_headline",
            ),
        ),
    ]
