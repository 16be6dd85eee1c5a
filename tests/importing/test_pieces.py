"""An import that is planned and written in pieces is the import that is done at once.

Pieces of one entry, of three and of the usual size must come to the same reports, rows, findings
and ledger, over versions of a listing in which everything happens that can.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from django.core import serializers

from articles.choices import FindingState
from articles.importing import overview, spool
from articles.models import (
    Article,
    Contribution,
    FacetTotal,
    FieldChange,
    Finding,
    Part,
    SearchDocument,
    Series,
    SourceEntry,
    Tag,
    TaggedArticle,
)
from articles.writing import index
from authors.models import Author
from tests.importing import listings
from tests.importing.listings import (
    CHARTS,
    DIARY_1,
    DIARY_2,
    DIARY_3,
    FIRST,
    NEW,
    OLDEST,
    PART_2,
    run,
)

MORE = (
    ("From the tower", "Lamps of brass", "By Mira Oldcastel, 9 January 2021", "Of lamps."),
    ("From the tower", "Lamps of glass", "By Ana Brandt, 9 January 2021", "Of more lamps."),
    ("From the towers", "Lamps of tin", "By Ana Brandt, 8 January 2021", "Of other lamps."),
    ("From the tower", "Lamps of lead", "By Ana Brandt, 8 January 2021", "Of the last lamps."),
    ("Fog", "By Ana Brandt, 7 January 2021", "The first of two articles."),
    ("Fog", "By Ana Brandt, 7 January 2021", "The first of two articles."),
    ("Mist", "By Ana Brandt, 6 January 2021", "The second of two articles."),
    ("Haze", "Part 3", "By Ana Brandt, 5 January 2021", "It is hazy."),
)
REWORDED = ("Charts that lie, and why", *CHARTS[1:])
REDATED = (OLDEST[0], "By Ana Brandt, 10 January 2021", OLDEST[2])
OTHER_PARTS = (
    (PART_2[0], "Part 3: Echo", "By Ana Brandt, 4 January 2021", "It rings again."),
    (PART_2[0], "Part 2: Noise", "By Ana Brandt, 3 January 2021", "It rings too much."),
)
VERSIONS: tuple[tuple[tuple[str, ...], ...], ...] = (
    (*FIRST, *MORE),
    (*FIRST, *MORE),
    (NEW, REWORDED, DIARY_3, DIARY_2, *FIRST[3:7], REDATED, *MORE[1:], MORE[5]),
    (NEW, CHARTS, DIARY_1, *MORE[:3], ("Lamps of bronze", *MORE[3][2:]), *OTHER_PARTS),
    tuple(reversed(MORE)),
)
TABLES: tuple[type[Any], ...] = (
    Article, Author, Contribution, FacetTotal, FieldChange, Finding, Part, SearchDocument, Series,
    SourceEntry, Tag, TaggedArticle,
)  # fmt: skip
MOMENTS = {"created", "updated", "first_public_at", "changed", "settled", "visible_from"}


def everything() -> dict[str, list[dict[str, Any]]]:
    """Return all rows without moments, in an order that their making has no part in."""
    found = {}
    for model in TABLES:
        rows = serializers.serialize("python", model._default_manager.all())
        found[model.__name__] = sorted(
            (
                {name: value for name, value in row["fields"].items() if name not in MOMENTS}
                for row in rows
            ),
            key=lambda fields: json.dumps(fields, default=str, sort_keys=True),
        )
    return found


def edit_something() -> None:
    """Let an editor and the queue have their say between versions."""
    article = Article.objects.get(headline=CHARTS[0])
    Article.objects.filter(pk=article.pk).update(standfirst="Corrected by hand.")
    Finding.objects.filter(code="series-spelling").update(state=FindingState.DISMISSED)


def done(folder: Path) -> str:
    """Import all versions one after another; return a digest of all that came of it."""
    seen: list[Any] = []
    for number, entries in enumerate(VERSIONS):
        path = listings.write_listing(folder, *entries)
        for options in (["--dry-run"], ["--yes"]):
            for form in ("json", "csv", "text"):
                if options == ["--yes"] and form != "json":
                    continue
                code, out, err = run("import_listing", path, *options, "--format", form)
                assert code in (0, 1), err
                seen.append((code, out))
        if number == 0:
            edit_something()
        seen.append(everything())
    text = json.dumps(seen, default=str, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


WANTED: dict[str, str] = {}


@pytest.mark.django_db(transaction=True, reset_sequences=True)
@pytest.mark.parametrize("size", [200, 1, 3])
def test_pieces_of_any_size_come_to_the_same(
    size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = iter(range(10_000))
    monkeypatch.setattr(
        "articles.writing.keys.new_keys", lambda count: [f"{next(keys):08d}" for _ in range(count)]
    )
    if size < 200:
        monkeypatch.setattr(spool, "PIECE", size)
        monkeypatch.setattr(spool, "SORTED", size)
        monkeypatch.setattr(overview, "CHUNK", size)
        monkeypatch.setattr(index, "BATCH", size)
    monkeypatch.chdir(tmp_path)
    found = done(Path())
    assert WANTED.setdefault("all", found) == found
    codes = set(Finding.objects.values_list("code", flat=True))
    assert codes >= {"part-number-taken", "entry-gone", "series-spelling", "author-spelling"}
