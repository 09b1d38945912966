"""Index what officers list by key: recoveries by their number.

Locks: writes to recoveries while the index is built, a second a million rows. Undo: the index is dropped.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("reckoning", "0002_before_lighter_sums")]
    operations = [
        migrations.RunSQL(
            "CREATE INDEX reckoning_recovery_numbered ON reckoning_recovery (recovery_id)",
            "DROP INDEX reckoning_recovery_numbered",
        )
    ]
