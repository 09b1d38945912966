"""Let the running role have tables looked at again after it changed them in bulk; otherwise the planner plans for empty ones for up to a minute.

Here because every room stands above this one. Locks: none, the function is new. Undo: the function is dropped.
"""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_before_xroad")]
    operations = [
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), "DROP FUNCTION ansinh_analyze(text[])"
        )
    ]
