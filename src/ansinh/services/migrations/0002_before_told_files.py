"""Tell the e-ID app's function of a person's applications and benefit files.

Locks: none. Undo: the function is dropped; who uses it must go first.
"""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("services", "0001_initial"), ("benefits", "0002_before_files")]

    operations = [
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), "DROP FUNCTION services_told_files(bigint)"
        )
    ]
