"""Tell what the former system logged apart: card look-ups, as before, and contribution books read, by the numbers calls have here.

Locks: the table of former look-ups for a moment (a column with a constant default is not written). Undo: the column is dropped, and books count as card
look-ups.
"""

from django.db import migrations, models

STATE = [migrations.AddField("formeraccess", "call", models.SmallIntegerField(db_default=1))]


class Migration(migrations.Migration):
    dependencies = [("audit", "0004_before_analyzing")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE audit_former_access ADD COLUMN call smallint NOT NULL DEFAULT 1",
            "ALTER TABLE audit_former_access DROP COLUMN call",
            state_operations=STATE,
        )
    ]
