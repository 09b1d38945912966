"""Publish to the gateway how a citizen's app is told the contribution book: reading, audit and chain link in one call.

Locks: none beyond the catalogue's. Undo: the function is dropped; gateways that need it then refuse to start.
"""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("participation", "0004_before_lifelong_spans"),
        ("people", "0010_before_resolving_index"),
        ("ceilings", "0002_before_apps"),
        ("audit", "0001_audit"),
    ]
    operations = [
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), "DROP FUNCTION published.book_v1"
        )
    ]
