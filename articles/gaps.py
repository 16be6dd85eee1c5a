"""What articles lack: asked in a form that the partial indexes of the table answer."""

from django.db.models import F, Func, Q, TextField

#: Fields that an article may lack, in the order in which they are shown.
GAPS = ("byline", "standfirst", "body")


class _Nothing(Func):
    """The empty text as part of the statement: SQLite uses a partial index only if it reads the
    index's own condition there, and a parameter it cannot read."""

    template = "''"
    output_field = TextField()


def lacking(name: str) -> Q:
    """Return the condition that the field *name*, one of `GAPS`, is empty."""
    return Q(**{name: _Nothing()})


#: Newest first, as those indexes are sorted.
ORDER = F("sort_key").desc()
