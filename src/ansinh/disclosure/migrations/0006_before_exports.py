"""Keep exports for statistics and their files, and publish to the gateway how they are begun, made, fetched and cancelled.

Locks: none, everything is new. Undo: the functions and tables are dropped, with exports nobody has fetched yet.
"""

from pathlib import Path

import django.contrib.postgres.fields
from django.db import migrations, models

UNDO = """
DROP FUNCTION published.export_begin_v1, published.export_state_v1, published.export_claim_v1, published.export_step_v1, published.export_keep_v1,
    published.export_end_v1, published.export_part_v1;
DROP FUNCTION disclosure_province_of;
"""
_STATES = ["accepted", "running", "done", "failed", "cancelled", "expired"]


def _key(*fields):
    return models.CompositePrimaryKey(*fields, blank=True, editable=False, primary_key=True, serialize=False)


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0005_published_fhir")]

    operations = [
        migrations.CreateModel(
            name="Export",
            fields=[
                ("pk", _key("client_no", "export_id")),
                ("client_no", models.IntegerField()),
                ("export_id", models.TextField()),
                ("group_name", models.TextField()),
                ("request", models.TextField()),
                (
                    "types",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None),
                ),
                ("since", models.DateTimeField(null=True)),
                ("state", models.TextField()),
                ("told", models.IntegerField()),
                ("begun_at", models.DateTimeField()),
                ("leased_until", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", _STATES)), name="disclosure_export_state_known"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ExportPart",
            fields=[
                ("pk", _key("client_no", "export_id", "part")),
                ("client_no", models.IntegerField()),
                ("export_id", models.TextField()),
                ("part", models.IntegerField()),
                ("kind", models.TextField()),
                ("lines", models.IntegerField()),
                ("content", models.BinaryField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("lines__gt", 0)), name="disclosure_exportpart_not_empty")
                ],
            },
        ),
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), UNDO),
    ]
