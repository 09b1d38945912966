"""Say by which version of the platform a published figure was counted.

Locks: the small table of figures while its column is added. Undo: the column is dropped.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0002_before_refused_accounts")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE payments_indicator ADD COLUMN version text NOT NULL DEFAULT ''",
            "ALTER TABLE payments_indicator DROP COLUMN version",
            state_operations=[
                migrations.AddField("indicator", "version", models.TextField(default=""), preserve_default=True)
            ],
        )
    ]
