"""Publish to the gateway how a facility writes down what a patient answers about allergies: statement, audit and chain link in one call.

Locks: none beyond the catalogue's. Undo: the functions are dropped; gateways that need them then refuse to start.
"""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0006_before_exports"), ("healthbook", "0006_before_allergies_by_facilities")]
    operations = [
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"),
            "DROP FUNCTION published.health_allergy_v1; DROP FUNCTION disclosure_state_allergy; DROP FUNCTION disclosure_allergies",
        )
    ]
