from django.apps import AppConfig


class ArchiveSiteConfig(AppConfig):
    name = "archive_site"

    def ready(self) -> None:
        """Register the site's own system checks."""
        from archive_site import checks  # noqa: F401
