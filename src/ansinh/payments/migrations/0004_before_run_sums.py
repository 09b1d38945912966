"""Keep what each chunk of a run came to by province, kind and partner, so that a run of millions is looked at in milliseconds.

Runs built before have none: their pages show the totals of their chunks alone.
Locks: none, the table is new. Undo: the table is dropped; orders and obligations hold the same, a scan away.
"""

from django.db import migrations, models

TABLE = """
CREATE TABLE payments_runsum (
    run_id integer NOT NULL,
    chunk integer NOT NULL,
    dimension text NOT NULL CONSTRAINT payments_runsum_dimension_known CHECK (dimension IN ('province', 'kind', 'partner')),
    key text NOT NULL,
    payees bigint NOT NULL CHECK (payees > 0),
    amount bigint NOT NULL,
    PRIMARY KEY (run_id, chunk, dimension, key)
);
CREATE TRIGGER payments_runsum_append_only BEFORE UPDATE OR DELETE ON payments_runsum FOR EACH ROW EXECUTE FUNCTION payments_refuse_change();
CREATE TRIGGER payments_runsum_kept BEFORE TRUNCATE ON payments_runsum FOR EACH STATEMENT EXECUTE FUNCTION payments_refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON payments_runsum FROM ansinh_app;
"""
STATE = [
    migrations.CreateModel(
        name="RunSum",
        fields=[
            (
                "pk",
                models.CompositePrimaryKey(
                    "run_id", "chunk", "dimension", "key", blank=True, editable=False, primary_key=True, serialize=False
                ),
            ),
            ("run_id", models.IntegerField()),
            ("chunk", models.IntegerField()),
            ("dimension", models.TextField()),
            ("key", models.TextField()),
            ("payees", models.BigIntegerField()),
            ("amount", models.BigIntegerField()),
        ],
        options={"managed": False},
    )
]


class Migration(migrations.Migration):
    dependencies = [("payments", "0003_before_indicator_version")]
    operations = [migrations.RunSQL(TABLE, "DROP TABLE payments_runsum", state_operations=STATE)]
