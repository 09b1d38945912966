"""Find the acts that read about a person by that person, so that who looked can be told without reading every act.

Only acts that say what for (`purpose`) are in the index: those of reading. Locks: writing to the acts waits while the months are indexed, some seconds for
each ten million acts. Undo: the index is dropped.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("audit", "0005_before_former_books")]
    operations = [
        migrations.RunSQL(
            "CREATE INDEX audit_act_by_person_read ON audit_act ((facts->>'person'), acted_at) WHERE facts ? 'purpose'",
            "DROP INDEX audit_act_by_person_read",
        )
    ]
