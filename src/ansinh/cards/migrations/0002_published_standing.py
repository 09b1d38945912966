"""Publish to the gateway how hospitals are answered: look-up, audit and chain link in one call.

Locks: none beyond the catalogue's. Undo: the function is dropped; gateways that need it then refuse to start.
"""

from pathlib import Path

from django.db import migrations

UNDO = "DROP FUNCTION published.standing_v1"


class Migration(migrations.Migration):
    dependencies = [
        ("cards", "0001_initial"),
        ("people", "0001_initial"),
        ("places", "0001_initial"),
        ("audit", "0001_audit"),
    ]
    operations = [migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), UNDO)]
