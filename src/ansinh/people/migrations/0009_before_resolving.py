"""Keep why a number ended and whether it still leads to its person, so that cancelled and replaced numbers resolve and wrongly given ones do not.

Numbers ended before were not told apart: those of people the register replaced or cancelled a number of keep leading to them, the newest of each value;
all others count as wrong, since a number that names the wrong person is worse than one that names nobody.

Locks: identifiers for an instant, for two columns that need no rewriting; ended rows, which are few, are then filled. Undo: the columns are dropped.
"""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

# Carried numbers come first, so that a closed row never stands beside one.
FILL = """
WITH ended AS (
    SELECT i.value, i.scheme, i.valid_from, v.rule,
           v.rule IS NOT NULL AND row_number() OVER (PARTITION BY i.value, i.scheme ORDER BY v.rule IS NULL, i.valid_until DESC, i.valid_from DESC) = 1
           AND NOT EXISTS (SELECT FROM people_identifier c WHERE (c.value, c.scheme) = (i.value, i.scheme) AND c.valid_until IS NULL) AS resolves
    FROM people_identifier i
    LEFT JOIN LATERAL (
        SELECT d.rule FROM people_verdict d WHERE d.person_id = i.person_id
        AND d.rule IN ('the register replaced the number', 'the register cancelled the number') ORDER BY d.decided_at DESC LIMIT 1
    ) v ON i.scheme = 'pin'
    WHERE i.valid_until IS NOT NULL
)
UPDATE people_identifier i
SET ended_because = CASE e.rule WHEN 'the register replaced the number' THEN 'replaced' WHEN 'the register cancelled the number' THEN 'cancelled' ELSE 'wrong' END,
    resolves = e.resolves
FROM ended e WHERE (i.value, i.scheme, i.valid_from) = (e.value, e.scheme, e.valid_from)
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0008_before_values_first")]

    operations = [
        migrations.AddField(model_name="identifier", name="ended_because", field=models.TextField(null=True)),
        migrations.AddField(model_name="identifier", name="resolves", field=models.BooleanField(db_default=True)),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        AddConstraintNotValid(
            model_name="identifier",
            constraint=models.CheckConstraint(
                condition=models.Q(("ended_because__isnull", True), ("valid_until__isnull", True))
                | models.Q(
                    ("ended_because__in", ["replaced", "cancelled", "wrong"]),
                    ("ended_because__isnull", False),
                    ("valid_until__isnull", False),
                ),
                name="people_identifier_ended_because",
            ),
        ),
        AddConstraintNotValid(
            model_name="identifier",
            constraint=models.CheckConstraint(
                condition=models.Q(("resolves", True)) | models.Q(("valid_until__isnull", False)),
                name="people_identifier_carried_resolves",
            ),
        ),
        AddConstraintNotValid(
            model_name="identifier",
            constraint=models.CheckConstraint(
                condition=models.Q(("resolves", False))
                | models.Q(("ended_because__isnull", True))
                | models.Q(("ended_because", "wrong"), _negated=True),
                name="people_identifier_wrong_names_nobody",
            ),
        ),
    ]
