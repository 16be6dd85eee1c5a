"""Sheets that editors give back, and what readers looked for in vain."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

ID = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")
OUTCOMES = [
    ("CREATE", "created"),
    ("UPDATE", "updated"),
    ("UNCHANGED", "unchanged"),
    ("CONFLICT", "conflict"),
    ("REVIEW", "waits for review"),
    ("REJECT", "rejected"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0007_headline_order"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FailedSearch",
            fields=[
                ("id", ID.clone()),
                ("month", models.DateField(help_text="Its first day.", verbose_name="month")),
                ("text", models.CharField(blank=True, max_length=100, verbose_name="search")),
                ("count", models.PositiveIntegerField(default=0, verbose_name="count")),
            ],
            options={
                "verbose_name": "search that found nothing",
                "verbose_name_plural": "searches that found nothing",
                "ordering": ["-month", "-count", "text"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("month", "text"), name="failed_search_once_a_month"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("month__day", 1)), name="failed_search_is_of_a_month"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Sheet",
            fields=[
                ("id", ID.clone()),
                ("file_name", models.CharField(max_length=255, verbose_name="file")),
                ("totals", models.JSONField(default=dict)),
                ("remarks", models.JSONField(default=list)),
                ("created", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                (
                    "actor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "work",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="sheet",
                        to="articles.bulkwork",
                    ),
                ),
            ],
            options={
                "verbose_name": "sheet",
                "verbose_name_plural": "sheets",
                "ordering": ["-id"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="SheetRow",
            fields=[
                ("id", ID.clone()),
                ("line", models.PositiveIntegerField()),
                ("outcome", models.CharField(choices=OUTCOMES, max_length=9)),
                ("version", models.PositiveIntegerField(default=0)),
                ("values", models.JSONField(default=dict)),
                ("refused", models.JSONField(default=dict)),
                ("message", models.TextField(blank=True)),
                (
                    "article",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="articles.article",
                    ),
                ),
                (
                    "sheet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="articles.sheet",
                    ),
                ),
            ],
            options={
                "verbose_name": "row of a sheet",
                "verbose_name_plural": "rows of sheets",
                "ordering": ["id"],
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["sheet", "outcome", "id"], name="sheet_row_by_outcome")
                ],
            },
        ),
    ]
