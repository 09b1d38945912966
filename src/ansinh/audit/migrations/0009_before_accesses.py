"""Find what officers read by the day, so that an auditor can go through a day without reading every act.

Only acts that say what for (`purpose`) are in the index. Locks: writing to the acts waits while the months are indexed, some seconds for each ten million
acts. Undo: the index is dropped.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("audit", "0008_before_digest_of_request")]
    operations = [
        migrations.RunSQL(
            "CREATE INDEX audit_act_by_day_read ON audit_act (acted_at, act_id) WHERE facts ? 'purpose' AND actor_kind = 'officer'",
            "DROP INDEX audit_act_by_day_read",
        )
    ]
