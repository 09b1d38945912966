"""Publish to the gateway how a referral paper is checked and used: verdict, use, audit and chain link in one call.

Locks: none beyond the catalogue's. Undo: the function is dropped; gateways that need it then refuse to start.
"""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("referrals", "0001_initial"),
        ("people", "0010_before_resolving_index"),
        ("places", "0001_initial"),
        ("access", "0004_before_apps"),
        ("audit", "0006_before_readings"),
    ]
    operations = [
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), "DROP FUNCTION published.referral_v1"
        )
    ]
