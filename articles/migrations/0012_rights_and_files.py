"""Rights statements, whom a tag is about, and the files of articles."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0011_gaps'),
        ('authors', '0002_portrait'),
    ]

    operations = [
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('pdf', 'document (PDF)'), ('scan', 'page scan')], max_length=4, verbose_name='kind')),
                ('title', models.CharField(blank=True, max_length=200, verbose_name='title')),
                ('credit', models.CharField(blank=True, max_length=200, verbose_name='credit')),
                ('sha256', models.CharField(editable=False, max_length=64, verbose_name='SHA-256')),
                ('suffix', models.CharField(editable=False, max_length=5)),
                ('size', models.BigIntegerField(editable=False, verbose_name='size in bytes')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='order')),
                ('created', models.DateTimeField(auto_now_add=True, verbose_name='added')),
            ],
            options={
                'verbose_name': 'attachment',
                'verbose_name_plural': 'attachments',
                'ordering': ['position', 'id'],
                'default_permissions': (),
            },
        ),
        migrations.AddField(
            model_name='article',
            name='rights',
            field=models.CharField(blank=True, help_text='Who may do what with the text. Empty: what holds for the whole archive.', max_length=500, verbose_name='rights'),
        ),
        migrations.AddField(
            model_name='source',
            name='rights',
            field=models.CharField(blank=True, help_text='What new articles of this source are given as their rights statement.', max_length=500, verbose_name='rights'),
        ),
        migrations.AddField(
            model_name='tag',
            name='author',
            field=models.ForeignKey(blank=True, help_text='Of a person who wrote, too: articles by and about them meet on one page.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='authors.author', verbose_name='author'),
        ),
        migrations.AddField(
            model_name='tag',
            name='external_ids',
            field=models.JSONField(blank=True, default=dict, help_text='Identifiers by scheme, for example Wikidata, VIAF or GND.', verbose_name='external identifiers'),
        ),
        migrations.AddConstraint(
            model_name='tag',
            constraint=models.CheckConstraint(condition=models.Q(('author', None), ('kind', 'person'), _connector='OR'), name='tag_of_author_is_a_person'),
        ),
        migrations.AddField(
            model_name='attachment',
            name='article',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='articles.article', verbose_name='article'),
        ),
        migrations.AddConstraint(
            model_name='attachment',
            constraint=models.UniqueConstraint(fields=('article', 'sha256'), name='attachment_once_at_an_article'),
        ),
        migrations.AddConstraint(
            model_name='attachment',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['pdf', 'scan'])), name='attachment_kind_is_known'),
        ),
    ]
