"""Ceilings, what gateways count against them, restraints and alerts; and how gateways count together.

Locks: none that wait, all tables are new. Undo: everything is dropped, restraints in force included; gateways that need the functions then refuse to start.
"""

from pathlib import Path

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

UNDO = """
DROP FUNCTION published.exchange_tallies_v1;
DROP FUNCTION published.open_tally_v1;
DROP FUNCTION ceilings_forgive;
DROP FUNCTION ceilings_first;
DROP FUNCTION ceilings_by_level;
DROP FUNCTION ceilings_of;
DROP FUNCTION ceilings_share;
DROP TRIGGER ceilings_restraint_append_only ON ceilings_restraint;
DROP TRIGGER ceilings_restraint_kept ON ceilings_restraint;
DROP TRIGGER ceilings_restraint_in_force ON ceilings_restraint;
DROP FUNCTION ceilings_put_in_force;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [("access", "0001_initial"), ("audit", "0001_audit"), ("places", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Worker",
            fields=[
                ("worker_no", models.BigAutoField(primary_key=True, serialize=False)),
                ("opened_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Ceiling",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.TextField()),
                ("level", models.TextField()),
                ("subject", models.TextField(default="")),
                ("rate_per_second", models.IntegerField()),
                ("persons_an_hour", models.IntegerField()),
                ("persons_a_day", models.IntegerField()),
                ("misses_an_hour", models.IntegerField()),
                ("neighbours_an_hour", models.IntegerField()),
                ("state", models.TextField(default="prepared")),
                ("reason", models.TextField()),
                ("prepared_by", models.TextField()),
                ("prepared_at", models.DateTimeField()),
                ("approved_by", models.TextField(null=True)),
                ("approved_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["kind", "subject"], name="ceilings_ceiling_of_subject")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by__isnull", True),
                            models.Q(
                                ("prepared_by__isnull", False),
                                models.Q(("approved_by", models.F("prepared_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="ceilings_ceiling_two_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["officer", "facility", "client", "address"])),
                        name="ceilings_ceiling_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("level__in", ("primary", "basic", "specialised", "*")),
                            models.Q(("subject", ""), ("level", "*"), _connector="OR"),
                        ),
                        name="ceilings_ceiling_level_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["prepared", "approved", "refused"])),
                        name="ceilings_ceiling_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "approved"), _negated=True),
                            models.Q(("approved_at__isnull", False), ("approved_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="ceilings_ceiling_approved_by_whom",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("misses_an_hour__gt", 0),
                            ("neighbours_an_hour__gt", 0),
                            ("persons_a_day__gt", 0),
                            ("persons_an_hour__gt", 0),
                            ("rate_per_second__gt", 0),
                        ),
                        name="ceilings_ceiling_positive",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Restraint",
            fields=[
                ("restraint_no", models.BigAutoField(primary_key=True, serialize=False)),
                ("subject", models.TextField()),
                ("kind", models.TextField()),
                ("facility", models.TextField()),
                ("step", models.TextField()),
                ("cause", models.TextField()),
                ("figures", models.JSONField()),
                ("began_at", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("by_whom", models.TextField()),
                ("reason", models.TextField()),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "indexes": [models.Index(fields=["subject", "restraint_no"], name="ceilings_restraint_of_subject")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("step__in", ["slow", "challenge", "suspend", "lifted"])),
                        name="ceilings_restraint_step_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="InForce",
            fields=[
                ("subject", models.TextField(primary_key=True, serialize=False)),
                ("step", models.TextField()),
                ("cause", models.TextField()),
                ("began_at", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("refused_then", models.BigIntegerField()),
                (
                    "restraint",
                    models.ForeignKey(
                        db_column="restraint_no",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ceilings.restraint",
                    ),
                ),
            ],
            options={
                "db_table": "ceilings_in_force",
            },
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "subject", "day", "worker_no", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("subject", models.TextField()),
                ("day", models.DateField()),
                ("worker_no", models.BigIntegerField()),
                ("kind", models.TextField()),
                ("facility", models.TextField()),
                ("held_day", models.BigIntegerField()),
                ("hour_at", models.DateTimeField()),
                ("held_hour", models.BigIntegerField()),
                ("misses", models.BigIntegerField()),
                ("neighbours", models.BigIntegerField()),
                ("refused", models.BigIntegerField()),
            ],
            options={
                "indexes": [models.Index(fields=["day"], name="ceilings_tally_day")],
            },
        ),
        migrations.CreateModel(
            name="Alert",
            fields=[
                ("alert_no", models.BigAutoField(primary_key=True, serialize=False)),
                ("audience", models.TextField()),
                ("kind", models.TextField()),
                ("facility", models.TextField()),
                ("step", models.TextField()),
                ("cause", models.TextField()),
                ("raised_at", models.DateTimeField()),
                ("acknowledged_by", models.TextField(null=True)),
                ("acknowledged_at", models.DateTimeField(null=True)),
                (
                    "restraint",
                    models.ForeignKey(
                        db_column="restraint_no",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ceilings.restraint",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("acknowledged_at__isnull", True)),
                        fields=["raised_at"],
                        name="ceilings_alert_open",
                    )
                ],
            },
        ),
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), UNDO),
    ]
