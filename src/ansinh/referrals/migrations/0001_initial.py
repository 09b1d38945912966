"""Make the tables of referral papers, their uses, and appointments.

Locks: none, everything is new. Undo: the tables are dropped with all they hold.
"""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Appointment",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "appointment_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("person_id", models.BigIntegerField()),
                ("appointment_id", models.IntegerField()),
                ("facility", models.CharField(max_length=5)),
                ("number", models.TextField()),
                ("episode", models.TextField()),
                ("issued_on", models.DateField()),
                ("due_on", models.DateField()),
                ("valid_until", models.DateField()),
                ("main_diagnosis", models.TextField(null=True)),
                ("diagnosis_text", models.TextField(null=True)),
                ("doctor", models.TextField(null=True)),
                (
                    "sensitive",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None),
                ),
                ("state", models.TextField(db_default="booked")),
                ("kept_for", models.TextField(null=True)),
                ("kept_at", models.DateTimeField(null=True)),
                ("reminded_at", models.DateTimeField(null=True)),
                ("receipt", models.TextField()),
                ("recorded_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("reminded_at__isnull", True), ("state", "booked")),
                        fields=["due_on"],
                        name="referrals_appointment_to_tell",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["booked", "kept", "withdrawn"])),
                        name="referrals_appointment_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("due_on__gte", models.F("issued_on")), ("valid_until__gte", models.F("due_on"))
                        ),
                        name="referrals_appointment_days_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "kept"), _negated=True),
                            models.Q(("kept_at__isnull", False), ("kept_for__isnull", False)),
                            _connector="OR",
                        ),
                        name="referrals_appointment_kept_when",
                    ),
                    models.UniqueConstraint(
                        fields=("person_id", "facility", "number"), name="referrals_appointment_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Referral",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "referral_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("person_id", models.BigIntegerField()),
                ("referral_id", models.IntegerField()),
                ("facility", models.CharField(max_length=5)),
                ("number", models.TextField()),
                ("episode", models.TextField()),
                ("to_facility", models.CharField(max_length=5, null=True)),
                ("issued_on", models.DateField()),
                ("valid_until", models.DateField()),
                ("reach", models.TextField()),
                ("reason", models.SmallIntegerField(null=True)),
                ("path", models.TextField()),
                ("main_diagnosis", models.TextField(null=True)),
                ("diagnosis_text", models.TextField(null=True)),
                ("doctor", models.TextField(null=True)),
                (
                    "sensitive",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None),
                ),
                ("state", models.TextField(db_default="issued")),
                ("receipt", models.TextField()),
                ("recorded_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["issued", "used", "withdrawn"])),
                        name="referrals_referral_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reach__in", ["once", "year"])), name="referrals_referral_reach_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("path__in", ["right", "own_wish"])), name="referrals_referral_path_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid_until__gte", models.F("issued_on"))),
                        name="referrals_referral_ends_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "withdrawn"), ("withdrawn_at__isnull", False)),
                            models.Q(models.Q(("state", "withdrawn"), _negated=True), ("withdrawn_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="referrals_referral_withdrawn_when",
                    ),
                    models.UniqueConstraint(fields=("person_id", "facility", "number"), name="referrals_referral_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Use",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id",
                        "referral_id",
                        "use_no",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("person_id", models.BigIntegerField()),
                ("referral_id", models.IntegerField()),
                ("use_no", models.IntegerField()),
                ("reach", models.TextField()),
                ("facility", models.CharField(max_length=5)),
                ("episode", models.TextField()),
                ("officer", models.TextField()),
                ("used_at", models.DateTimeField()),
                ("released_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["person_id", "facility", "episode"], name="referrals_use_of_visit")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reach__in", ["once", "year"])), name="referrals_use_reach_known"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("reach", "once"), ("released_at__isnull", True)),
                        fields=("person_id", "referral_id"),
                        name="referrals_use_only_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("released_at__isnull", True)),
                        fields=("person_id", "referral_id", "facility", "episode"),
                        name="referrals_use_once_a_visit",
                    ),
                ],
            },
        ),
    ]
