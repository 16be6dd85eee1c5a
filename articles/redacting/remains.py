"""Looking for what was removed: did it come back, by hand or otherwise?"""

from collections.abc import Iterator

from articles.models import Article, Redaction
from articles.redacting import disk, marks, places
from articles.redacting.steps import place_of
from articles.redacting.words import texts_in


def find() -> Iterator[str]:
    """Yield a line for each row and file with something that was removed, without the words."""
    keys = marks.known_key_names()
    for row in Redaction.objects.filter(lifted=None).exclude(key_name__in=keys).order_by("pk"):
        yield (
            f"redaction {row.pk}: made under another SECRET_KEY, so that nothing recognises it;"
            " put the old key into SECRET_KEY_FALLBACKS"
        )
    known, texts = marks.in_force()
    if not known and not texts:
        return
    for model in places.tables():
        is_text = model is Article or model.__name__ in places.REPORTS
        for pk, values in places.rows_of(model):
            for name, value in values.items():
                said = places.texts_of(value) if isinstance(value, bytes | memoryview) else (
                    texts_in(value)
                )  # fmt: skip
                if any(
                    disk.holds(text, known) or (bool(texts) and is_text and texts.holds(text))
                    for text in said
                ):
                    yield f"{place_of(model, name)}, row {pk}: has what was removed"
    for path in disk.files_with(lambda text: disk.holds(text, known)):
        yield f"file {path.name}: has what was removed"
