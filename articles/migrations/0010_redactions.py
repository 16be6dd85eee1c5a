"""What was removed on legal grounds, and by what it is recognised."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0009_site_pages'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='article',
            name='redacted',
            field=models.DateTimeField(editable=False, null=True, verbose_name='text removed at'),
        ),
        migrations.CreateModel(
            name='Redaction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('text', 'a whole text'), ('words', 'words or a name')], max_length=5, verbose_name='removed')),
                ('at', models.DateTimeField(db_index=True, verbose_name='at')),
                ('reason', models.CharField(help_text='Must not repeat what is removed.', max_length=500, verbose_name='legal reason')),
                ('totals', models.JSONField(default=list, verbose_name='what was changed')),
                ('key_name', models.CharField(editable=False, max_length=16)),
                ('lifted', models.DateTimeField(editable=False, null=True, verbose_name='lifted')),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='redactions', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('article', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='redactions', to='articles.article', verbose_name='article')),
            ],
            options={
                'verbose_name': 'redaction',
                'verbose_name_plural': 'redactions',
                'ordering': ['-id'],
                'permissions': [('redact', 'Can remove texts and names on legal grounds')],
                'default_permissions': ('view',),
            },
        ),
        migrations.CreateModel(
            name='RedactedMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('words', 'words'), ('dated', 'headline of a day'), ('headline', 'headline'), ('passage', 'passage'), ('address', 'address')], max_length=8)),
                ('words', models.PositiveSmallIntegerField(default=0)),
                ('first', models.CharField(blank=True, max_length=64)),
                ('digest', models.CharField(db_index=True, max_length=64)),
                ('subject_type', models.CharField(blank=True, max_length=20)),
                ('subject_id', models.BigIntegerField(null=True)),
                ('redaction', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='marks', to='articles.redaction')),
            ],
            options={
                'verbose_name': 'fingerprint of something removed',
                'verbose_name_plural': 'fingerprints of something removed',
                'default_permissions': (),
            },
        ),
        migrations.AddConstraint(
            model_name='redaction',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['text', 'words'])), name='redaction_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='redaction',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='redaction_has_reason'),
        ),
        migrations.AddConstraint(
            model_name='redactedmark',
            constraint=models.UniqueConstraint(fields=('redaction', 'kind', 'digest'), name='redacted_mark_once'),
        ),
        migrations.AddConstraint(
            model_name='redactedmark',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['words', 'dated', 'headline', 'passage', 'address'])), name='redacted_mark_kind_is_known'),
        ),
    ]
