"""What articles lack, counted and listed without reading them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0010_redactions")]

    operations = [
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                fields=["-sort_key"],
                condition=models.Q((name, "")),
                name=f"article_without_{name}",
            ),
        )
        for name in ("byline", "standfirst", "body")
    ]
