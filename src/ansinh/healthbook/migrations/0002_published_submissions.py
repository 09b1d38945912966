"""Publish to the gateway how submissions are taken, and what became of one.

Locks: none beyond the catalogue's. Undo: the functions are dropped; gateways that need them then refuse to start.
"""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("healthbook", "0001_initial")]
    operations = [
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"),
            "DROP FUNCTION published.submit_v1; DROP FUNCTION published.submission_v1",
        )
    ]
