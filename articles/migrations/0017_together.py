"""Findings that are one doubt of one listing know each other: they are one row of the queue."""

import hashlib
import re

from django.db import migrations, models

OF_LISTINGS = (
    "field-implausible", "layout-unsure", "rejected", "entry-gone", "date-order-unknown",
    "year-short", "body-left-out", "text-left-out", "markup-left-out", "picture-left-out",
)  # fmt: skip


def join(apps, schema_editor):
    findings = apps.get_model("articles", "Finding").objects.using(schema_editor.connection.alias)
    found = {}
    rows = findings.filter(code__in=OF_LISTINGS, source_entry__isnull=False).order_by()
    for pk, code, message, source in rows.values_list(
        "pk", "code", "message", "import_run__source__key"
    ).iterator():
        reason = "" if code == "entry-gone" else re.sub(r"“.*”|\d+", "…", message)
        text = "\n".join((source or "", code, reason))
        found.setdefault(hashlib.sha256(text.encode()).hexdigest()[:32], []).append(pk)
    for key, ids in found.items():
        for start in range(0, len(ids), 500):
            findings.filter(pk__in=ids[start : start + 500]).update(together=key)


class Migration(migrations.Migration):
    dependencies = [("articles", "0016_fingerprints")]

    operations = [
        migrations.AddField(
            model_name="finding",
            name="together",
            field=models.CharField(blank=True, default="", editable=False, max_length=32),
        ),
        migrations.RemoveIndex(model_name="finding", name="finding_by_state"),
        migrations.AddIndex(
            model_name="finding",
            index=models.Index(
                fields=["state", "code", "together", "id"], name="finding_by_doubt"
            ),
        ),
        # Last: PostgreSQL alters no table that has rows to look at again.
        migrations.RunPython(join, migrations.RunPython.noop),
    ]
