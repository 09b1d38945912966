"""What people are asked to agree to. What was asked stays as it was; only the answer is added.

Locks: none, everything is new. Undo: the table is dropped with all it holds.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [("access", "0001_initial"), ("people", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Confirmation",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "reference", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("person_id", models.BigIntegerField()),
                ("reference", models.UUIDField()),
                ("about", models.TextField()),
                ("asked_by_person_id", models.BigIntegerField(null=True)),
                ("question_vi", models.TextField()),
                ("question_en", models.TextField()),
                ("asked_at", models.DateTimeField()),
                ("until_on", models.DateField()),
                ("state", models.TextField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("answered_by", models.TextField(null=True)),
                ("level", models.SmallIntegerField(null=True)),
                ("because", models.TextField(db_default="")),
            ],
            options={
                "indexes": [models.Index(fields=["about"], name="confirmations_of_record")],
                "constraints": [
                    models.UniqueConstraint(fields=("person_id", "about"), name="confirmations_asked_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["agreed", "asked", "declined", "dropped", "unanswered"])),
                        name="confirmations_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answered_at__isnull", False),
                                ("answered_by__isnull", False),
                                ("state__in", ["agreed", "declined"]),
                            ),
                            models.Q(
                                models.Q(("state__in", ["agreed", "declined"]), _negated=True),
                                ("answered_by__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="confirmations_answered_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "agreed"), _negated=True),
                            models.Q(("level", 2), ("level__isnull", False)),
                            models.Q(("because", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="confirmations_agreed_surely",
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            """
            REVOKE UPDATE, DELETE, TRUNCATE ON confirmations_confirmation FROM ansinh_app;
            GRANT UPDATE (state, answered_at, answered_by, level, because) ON confirmations_confirmation TO ansinh_app;
            """,
            migrations.RunSQL.noop,
        ),
    ]
