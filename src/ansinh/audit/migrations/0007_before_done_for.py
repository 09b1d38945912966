"""Find the acts somebody did for another person by that person, so that they see what was done in their place.

Only such acts are in the index. Locks: writing to the acts waits while the months are read, some seconds for each ten million acts. Undo: the index is dropped.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("audit", "0006_before_readings")]
    operations = [
        migrations.RunSQL(
            "CREATE INDEX audit_act_by_person_done_for ON audit_act ((facts->>'for_person'), acted_at) WHERE facts ? 'for_person'",
            "DROP INDEX audit_act_by_person_done_for",
        )
    ]
