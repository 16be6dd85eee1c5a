"""The rights statement of the whole archive: what holds for articles that state none."""

from django.conf import settings

from articles.cleaning import clean_line


def site_rights() -> str:
    """Return the statement of the setting ``RIGHTS``, as an article would store it."""
    return clean_line(settings.RIGHTS, 500)


def rights_of(stated: str) -> str:
    """Return a rights statement: what the article states, else what the whole archive does."""
    return stated or site_rights()
