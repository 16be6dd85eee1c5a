"""The credit of an article as one line, derived from its contributions."""

from collections.abc import Iterable

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
    with override(settings.LANGUAGE_CODE):
        return _("%(names)s and %(last)s") % {
            "names": ", ".join(names[:-1]),
            "last": names[-1],
        }
