"""Filters that editors keep under a name, and changes to many articles at once."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0005_content_changes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                (
                    "query",
                    models.CharField(
                        help_text="The query string of the list, sorted.",
                        max_length=2000,
                        verbose_name="query",
                    ),
                ),
                ("is_shared", models.BooleanField(default=False, verbose_name="shared")),
                ("created", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_views",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
            ],
            options={
                "verbose_name": "saved view",
                "verbose_name_plural": "saved views",
                "ordering": ["name", "id"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("owner", "name"), name="saved_view_once_a_name"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="saved_view_has_name"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BulkWork",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("act", models.JSONField(verbose_name="act")),
                ("wanted", models.JSONField(verbose_name="articles")),
                ("total", models.PositiveIntegerField(verbose_name="total")),
                ("done", models.PositiveIntegerField(default=0, verbose_name="done")),
                ("changed", models.PositiveIntegerField(default=0, verbose_name="changed")),
                ("left", models.JSONField(default=list, verbose_name="left")),
                ("left_count", models.PositiveIntegerField(default=0)),
                ("created", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("finished", models.DateTimeField(null=True, verbose_name="finished")),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "operation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bulk_work",
                        to="articles.operation",
                        verbose_name="operation",
                    ),
                ),
            ],
            options={
                "verbose_name": "bulk change",
                "verbose_name_plural": "bulk changes",
                "ordering": ["-id"],
                "default_permissions": (),
            },
        ),
    ]
