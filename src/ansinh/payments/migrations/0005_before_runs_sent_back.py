"""Keep who sent a sealed run back to its maker, and why, so that the maker reads it and a worker waits until they looked.

Locks: none, the table is new. Undo: the table is dropped; what was sent back stays built, its reasons in the audit.
"""

from django.db import migrations, models

TABLE = """
CREATE TABLE payments_sentback (
    run_id integer NOT NULL,
    seal_no integer NOT NULL,
    officer text NOT NULL,
    reason text NOT NULL CHECK (reason <> ''),
    sent_back_at timestamptz NOT NULL,
    taken_up_at timestamptz,
    PRIMARY KEY (run_id, seal_no),
    FOREIGN KEY (run_id, seal_no) REFERENCES payments_seal,
    CONSTRAINT payments_sentback_taken_up_after CHECK (taken_up_at >= sent_back_at)
);
REVOKE UPDATE, DELETE, TRUNCATE ON payments_sentback FROM ansinh_app;
GRANT UPDATE (taken_up_at) ON payments_sentback TO ansinh_app;
"""
STATE = [
    migrations.CreateModel(
        name="SentBack",
        fields=[
            (
                "pk",
                models.CompositePrimaryKey(
                    "run_id", "seal_no", blank=True, editable=False, primary_key=True, serialize=False
                ),
            ),
            ("run_id", models.IntegerField()),
            ("seal_no", models.IntegerField()),
            ("officer", models.TextField()),
            ("reason", models.TextField()),
            ("sent_back_at", models.DateTimeField()),
            ("taken_up_at", models.DateTimeField(null=True)),
        ],
        options={"managed": False},
    )
]


class Migration(migrations.Migration):
    dependencies = [("payments", "0004_before_run_sums")]
    operations = [migrations.RunSQL(TABLE, "DROP TABLE payments_sentback", state_operations=STATE)]
