"""Publish to the gateway how an officer of a facility breaks the glass: opening, notice to the patient, audit and chain link in one call.

Locks: none beyond the catalogue's. Undo: the function is dropped; gateways that need it then refuse to start.
"""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0003_published_health")]
    operations = [
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), "DROP FUNCTION published.health_glass_v1"
        )
    ]
