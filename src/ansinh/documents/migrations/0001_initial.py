"""Make the tables of papers issued and files received; papers in months from the first day.

Locks: none, everything is new. Undo: the tables are dropped with every paper and file.
"""

from pathlib import Path

from django.db import migrations, models

UNDO = """
DROP TRIGGER documents_incoming_whole ON documents_incoming;
DROP TRIGGER documents_incoming_kept ON documents_incoming;
DROP TABLE documents_paper;
DROP SEQUENCE documents_paper_number;
DROP FUNCTION documents_ensure_month(timestamptz);
DROP FUNCTION documents_refuse_change();
"""
PAPER = migrations.CreateModel(
    name="Paper",
    fields=[
        (
            "pk",
            models.CompositePrimaryKey(
                "person_id", "issued_at", "number", blank=True, editable=False, primary_key=True, serialize=False
            ),
        ),
        ("person_id", models.BigIntegerField()),
        ("issued_at", models.DateTimeField()),
        ("number", models.TextField()),
        ("kind", models.TextField()),
        ("media_type", models.TextField()),
        ("sha256", models.TextField()),
        ("content", models.BinaryField()),
        ("signature", models.TextField()),
        ("issued_by", models.TextField()),
    ],
    options={
        "constraints": [
            models.CheckConstraint(
                condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")), name="documents_paper_digest_whole"
            )
        ],
        "indexes": [models.Index(fields=["person_id", "kind", "sha256"], name="documents_paper_of_kind")],
    },
)
INCOMING = migrations.CreateModel(
    name="Incoming",
    fields=[
        ("sha256", models.TextField(primary_key=True, serialize=False)),
        ("media_type", models.TextField()),
        ("content", models.BinaryField()),
        ("received_at", models.DateTimeField()),
        ("received_from", models.TextField()),
    ],
    options={
        "constraints": [
            models.CheckConstraint(
                condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")), name="documents_incoming_digest_whole"
            )
        ]
    },
)


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        INCOMING,
        migrations.SeparateDatabaseAndState(
            state_operations=[PAPER],
            database_operations=[
                migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), UNDO)
            ],
        ),
    ]
