"""Publish look-ups that keep what their callers said through X-Road.

Locks: none beyond the catalogue's. Undo: the function is dropped; gateways that need it then refuse to start.
"""

from pathlib import Path

from django.db import migrations

UNDO = "DROP FUNCTION published.standing_xroad_v1"


class Migration(migrations.Migration):
    dependencies = [("cards", "0005_published_dialect"), ("audit", "0003_before_xroad")]
    operations = [migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), UNDO)]
