from importlib import import_module

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

#: The modules of `articles.admin` that register something. The package itself stays empty.
ADMIN = (
    "site", "articles", "series", "tags", "site_rows", "findings", "runs", "operations", "uploads",
    "accounts", "redactions",
)  # fmt: skip


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = _("Archive")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the admin, and the groups that every migrate makes sure of."""
        from articles.permissions import ensure_groups

        # What the list of applications calls the record of django-axes.
        apps.get_app_config("axes").verbose_name = _("Signing in")
        for module in ADMIN:
            import_module(f"articles.admin.{module}")
        post_migrate.connect(ensure_groups, sender=self)
