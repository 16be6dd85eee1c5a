"""Which articles have which pictures in their texts."""

import re

import django.db.models.deletion
from django.db import migrations, models


#: As `articles.cleaning.PICTURE` was then.
PICTURE = re.compile(r"/media/([0-9a-f]{64}\.(?:png|jpg|gif|webp))", re.ASCII)


def note_pictures(apps, schema_editor):
    """Note those that imports brought along."""
    articles = apps.get_model("articles", "Article").objects.filter(body__contains="/media/")
    rows = apps.get_model("articles", "HeldPicture")
    for pk, body in articles.values_list("pk", "body").iterator(chunk_size=500):
        rows.objects.bulk_create(
            [rows(article_id=pk, name=name) for name in set(PICTURE.findall(body))]
        )


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0012_rights_and_files'),
    ]

    operations = [
        migrations.CreateModel(
            name='HeldPicture',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(db_index=True, editable=False, max_length=80, verbose_name='name')),
                ('created', models.DateTimeField(auto_now_add=True, verbose_name='added')),
                ('article', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='held_pictures', to='articles.article')),
            ],
            options={
                'verbose_name': 'picture of a text',
                'verbose_name_plural': 'pictures of texts',
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('article', 'name'), name='picture_once_at_an_article')],
            },
        ),
        migrations.RunPython(note_pictures, migrations.RunPython.noop, elidable=True),
    ]
