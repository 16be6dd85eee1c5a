"""Addresses of what readers saw and see no more, found from the archive as it is.

From now on they are noted when something leaves them. What left before is told by the ledger, from
which the lists of each article are followed backwards: what it had before a change, while it was
public, readers saw. Of a name that was deleted the ledger tells where it stood.
"""

from itertools import groupby

from django.db import migrations, models
from django.db.models import F, Q, Value
from django.db.models.functions import Replace

#: Of an article: the field of the ledger, the key of an item in it, and the table it is about.
LISTS = (
    ("credits", "author", "authors"),
    ("tags", "tag", "tags"),
    ("parts", "series", "series"),
)
#: What links articles to names: table, column of the article, column of the name.
LINKS = (
    ("Contribution", "article_id", "author_id"),
    ("TaggedArticle", "content_object_id", "tag_id"),
    ("Part", "article_id", "series_id"),
)
KINDS = {field: kind for field, kind, _folder in LISTS}
BATCH = 500


def mark_months(apps, schema_editor):
    """Say in the search documents which articles are in a month and on no day."""
    using = schema_editor.connection.alias
    documents = apps.get_model("articles", "SearchDocument").objects.using(using)
    of_months = documents.filter(article__date_precision="month").exclude(facets__contains=" d0 ")
    of_months.update(facets=Replace(F("facets"), Value(" l"), Value(" d0 l")))
    count = documents.filter(article__date_precision="month").count()
    if count:
        totals = apps.get_model("articles", "FacetTotal").objects.using(using)
        totals.update_or_create(term="d0", defaults={"count": count})


def unmark_months(apps, schema_editor):
    using = schema_editor.connection.alias
    documents = apps.get_model("articles", "SearchDocument").objects.using(using)
    documents.filter(facets__contains=" d0 ").update(
        facets=Replace(F("facets"), Value(" d0 l"), Value(" l"))
    )
    apps.get_model("articles", "FacetTotal").objects.using(using).filter(term="d0").delete()


def note_addresses(apps, schema_editor):
    using = schema_editor.connection.alias

    def rows(name, app="articles"):
        return apps.get_model(app, name).objects.using(using)

    paths = set()
    names = {kind: set() for _field, kind, _folder in LISTS}
    fields = ["published_on", *(field for field, _kind, _folder in LISTS)]
    changed = rows("FieldChange").filter(subject_type="article", field__in=fields)
    seen = rows("Article").filter(first_public_at__isnull=False)
    wanted = seen.filter(Q(status="withdrawn") | Q(pk__in=changed.values("subject_id")))
    ids = list(wanted.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        _note_chunk(rows, ids[start : start + BATCH], fields, paths, names)
    for (_field, kind, folder), (link, _article, _column) in zip(LISTS, LINKS, strict=True):
        app = "authors" if kind == "author" else "articles"
        # Former addresses of what readers see now, too: another row may take them.
        public = rows(link).filter(is_public=True).values(kind)
        paths |= set(
            rows("PastAddress").filter(**{f"{kind}__in": public}).values_list("path", flat=True)
        )
        ordered = sorted(names[kind])
        for start in range(0, len(ordered), BATCH):
            chunk = ordered[start : start + BATCH]
            slugs = dict(rows(kind.title(), app).filter(pk__in=chunk).values_list("pk", "slug"))
            slugs |= _slugs_of_deleted(rows, kind, [pk for pk in chunk if pk not in slugs])
            paths |= {f"{folder}/{slug}/" for slug in slugs.values() if slug}
            past = rows("PastAddress").filter(**{f"{kind}__in": chunk})
            paths |= set(past.values_list("path", flat=True))
    GoneAddress = apps.get_model("articles", "GoneAddress")
    rows("GoneAddress").bulk_create(
        [GoneAddress(path=path) for path in sorted(paths) if len(path) <= 400],
        batch_size=BATCH,
        ignore_conflicts=True,
    )


def _note_chunk(rows, ids, fields, paths, names):
    columns = ("pk", "status", "published_on", "date_precision", "first_public_at")
    states, since = {}, {}
    for pk, status, date, precision, moment in (
        rows("Article").filter(pk__in=ids).values_list(*columns)
    ):
        length = {"year": 4, "month": 7}.get(precision, 10)
        text = date.isoformat()[:length] if date else None
        states[pk] = {"status": status, "published_on": text}
        states[pk] |= {field: set() for field, _kind, _folder in LISTS}
        since[pk] = moment
    for (field, _kind, _folder), (link, article, column) in zip(LISTS, LINKS, strict=True):
        found = rows(link).filter(**{f"{article}__in": ids}).values_list(article, column)
        for pk, name in found:
            states[pk][field].add(name)
    changes = (
        rows("FieldChange")
        .filter(subject_type="article", subject_id__in=ids, field__in=[*fields, "status"])
        .order_by("subject_id", "-operation_id", "-id")
        .values_list("subject_id", "operation_id", "operation__at", "field", "old")
    )
    left = set()
    for (pk, _operation), group in groupby(changes, key=lambda change: change[:2]):
        state, act = states[pk], list(group)
        after, is_public = _lists(state), state["status"] == "published"
        arrived = state["status"] == "withdrawn"
        for *_, field, old in act:
            if field in KINDS:
                state[field] = {item[KINDS[field]] for item in old or () if item.get(KINDS[field])}
            else:
                state[field] = old
        if state["status"] == "published" and act[0][2] >= since[pk]:
            left |= _lists(state) - (after if is_public else set())
        elif arrived and not state["status"]:
            left |= after
    for state in states.values():
        # One that came withdrawn, from where readers saw it as it came.
        if state["status"] == "withdrawn":
            left |= _lists(state)
    for kind, value in left:
        names[kind].add(value) if kind else paths.add(value)


def _lists(state):
    """Return the lists that show an article in this *state*: names by kind, and paths."""
    date = state["published_on"] or ""
    found = {
        ("", f"articles/{date[:length].replace('-', '/')}/")
        for length in (4, 7, 10)
        if len(date) >= length
    }
    return found | {(kind, pk) for field, kind in KINDS.items() for pk in state[field]}


def _slugs_of_deleted(rows, kind, ids):
    """Return the slugs that rows had when they were deleted, or merged: the last that is told."""
    changes = rows("FieldChange").filter(
        subject_type=kind, subject_id__in=ids, field__in=("slug", "row"), new__isnull=True
    )
    found = {}
    for pk, field, old in changes.order_by("id").values_list("subject_id", "field", "old"):
        found[pk] = old if field == "slug" else old["columns"]["slug"]
    return found


class Migration(migrations.Migration):
    dependencies = [("articles", "0014_indexes"), ("authors", "__first__")]

    operations = [
        migrations.CreateModel(
            name="GoneAddress",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "path",
                    models.CharField(
                        help_text="Without the leading slash.",
                        max_length=400,
                        unique=True,
                        verbose_name="path",
                    ),
                ),
            ],
            options={
                "verbose_name": "address of something gone",
                "verbose_name_plural": "addresses of something gone",
                "default_permissions": (),
            },
        ),
        migrations.RunPython(mark_months, unmark_months),
        migrations.RunPython(note_addresses, migrations.RunPython.noop),
    ]
