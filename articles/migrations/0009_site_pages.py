"""Pages of the site, links in its masthead and foot, and the home page."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0008_sheets_and_figures"),
    ]

    operations = [
        migrations.CreateModel(
            name="HomePage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "introduction",
                    models.TextField(
                        blank=True,
                        help_text="Stands at the head of the page. Empty: how much the archive holds.",
                        verbose_name="introduction",
                    ),
                ),
                (
                    "shows_on_this_day",
                    models.BooleanField(default=True, verbose_name="show “On this day”"),
                ),
                (
                    "shows_timeline",
                    models.BooleanField(default=True, verbose_name="show the years"),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("updated", models.DateTimeField(auto_now=True, verbose_name="changed")),
                (
                    "lead",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="articles.article",
                        verbose_name="lead article",
                    ),
                ),
            ],
            options={
                "verbose_name": "home page",
                "verbose_name_plural": "home page",
                "default_permissions": ("change", "view"),
            },
        ),
        migrations.CreateModel(
            name="Pin",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                (
                    "article",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="articles.article",
                        verbose_name="article",
                    ),
                ),
                (
                    "home",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pins",
                        to="articles.homepage",
                    ),
                ),
                (
                    "series",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="articles.series",
                        verbose_name="series",
                    ),
                ),
            ],
            options={
                "verbose_name": "pin",
                "verbose_name_plural": "pins",
                "ordering": ["position", "id"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="SiteLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("label", models.CharField(max_length=80, verbose_name="label")),
                (
                    "address",
                    models.CharField(
                        help_text="https://… or, within this site, the path: /series/smilga/.",
                        max_length=2000,
                        verbose_name="address",
                    ),
                ),
                (
                    "place",
                    models.CharField(
                        choices=[("header", "the masthead"), ("footer", "the foot")],
                        default="footer",
                        max_length=6,
                        verbose_name="linked in",
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="Links stand by this number, then by name.",
                        verbose_name="order",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
            ],
            options={
                "verbose_name": "link",
                "verbose_name_plural": "links",
                "ordering": ["place", "position", "label", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("place__in", ["header", "footer"])),
                        name="link_place_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("label", ""), _negated=True),
                            models.Q(("address", ""), _negated=True),
                        ),
                        name="link_has_label_and_address",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SitePage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                (
                    "slug",
                    models.CharField(
                        help_text="The page's address: “about” makes /about/. Empty: made of the title.",
                        max_length=120,
                        unique=True,
                        verbose_name="slug",
                    ),
                ),
                (
                    "body",
                    models.TextField(
                        blank=True,
                        help_text="HTML, as in an article: headings are h2, h3 and h4.",
                        verbose_name="text",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("draft", "draft"), ("published", "published")],
                        default="draft",
                        max_length=9,
                        verbose_name="status",
                    ),
                ),
                (
                    "place",
                    models.CharField(
                        blank=True,
                        choices=[("header", "the masthead"), ("footer", "the foot")],
                        default="footer",
                        max_length=6,
                        verbose_name="linked in",
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="Links stand by this number, then by name.",
                        verbose_name="order",
                    ),
                ),
                ("former_slugs", models.JSONField(default=list, editable=False)),
                ("first_public_at", models.DateTimeField(editable=False, null=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created", models.DateTimeField(auto_now_add=True)),
                ("updated", models.DateTimeField(auto_now=True, verbose_name="changed")),
            ],
            options={
                "verbose_name": "page",
                "verbose_name_plural": "pages",
                "ordering": ["position", "title", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["draft", "published"])),
                        name="page_status_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("place__in", ["", "header", "footer"])),
                        name="page_place_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("title", ""), _negated=True), name="page_has_title"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("slug", ""), _negated=True), name="page_has_slug"
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="homepage",
            constraint=models.CheckConstraint(
                condition=models.Q(("id", 1)), name="there_is_one_home_page"
            ),
        ),
        migrations.AddConstraint(
            model_name="pin",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("article__isnull", False), ("series", None)),
                    models.Q(("article", None), ("series__isnull", False)),
                    _connector="OR",
                ),
                name="pin_is_an_article_or_a_series",
            ),
        ),
    ]
