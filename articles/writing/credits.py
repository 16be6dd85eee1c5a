"""The credit of an article as one line, derived from its contributions."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from articles.choices import Role
from articles.writing.state import Values


def credit_text(credits: Iterable[Values]) -> str:
    """Return the credit of an article: its authors' names, "A, B and C".

    Without an author the names of the others stand there (a translation whose author is unknown).
    It is joined in the language of the public site.
    """
    items = list(credits)
    names = [item["name"] for item in items if item["role"] == Role.AUTHOR]
    names = names or [item["name"] for item in items]
    names = list(dict.fromkeys(names))
    if len(names) < 2:
        return "".join(names)
    pattern = _pattern(settings.LANGUAGE_CODE, tuple(settings.LOCALE_PATHS))
    return pattern % {"names": ", ".join(names[:-1]), "last": names[-1]}


@lru_cache(maxsize=8)
def _pattern(language: str, _words: tuple[Any, ...]) -> str:
    """Return how names are joined in *language*: asked for once, not for each of a million."""
    with override(language):
        return _("%(names)s and %(last)s")
