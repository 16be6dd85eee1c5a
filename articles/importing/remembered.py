"""What a source knows of the columns of its tables: what a person said in the runs that stand."""

from articles.folding import fold
from articles.importing.plan import KEY_LENGTH
from articles.models import ImportRun

#: So many runs are looked at, the newest: each says again what it took from those before.
_RUNS = 100


def remembered_columns(source_name: str) -> dict[str, str]:
    """Return the field of each header for which a person gave one, the newest first.

    A run that is undone says nothing, and does again when it is brought back.
    """
    runs = ImportRun.objects.filter(
        source__key=fold(source_name)[:KEY_LENGTH], undone=None, options__has_key="columns"
    )
    found: dict[str, str] = {}
    for options in runs.order_by("-id").values_list("options", flat=True)[:_RUNS]:
        for header, field in options["columns"].items():
            found.setdefault(header, field)
    return found
