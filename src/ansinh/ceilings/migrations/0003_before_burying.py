"""Give back what workers had leased that died: a function their successors call.

Locks: none. Undo: the function is dropped; gateways of this release refuse to start without it.
"""

from pathlib import Path

from django.db import migrations

UNDO = "DROP FUNCTION published.bury_worker_v1"


class Migration(migrations.Migration):
    dependencies = [("ceilings", "0002_before_apps"), ("audit", "0004_before_analyzing")]
    operations = [migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), UNDO)]
