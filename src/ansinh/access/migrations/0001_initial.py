"""Officers, their roles, machine clients and the officers of facilities.

New tables only, so no locks that anyone waits for; undo by dropping them, which loses who may do what.
"""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="AssertionSeen",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "client_id", "jti", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("client_id", models.TextField()),
                ("jti", models.TextField()),
                ("expires_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["expires_at"], name="access_assertionseen_expiry")],
            },
        ),
        migrations.CreateModel(
            name="Client",
            fields=[
                ("client_no", models.BigAutoField(primary_key=True, serialize=False)),
                ("client_id", models.TextField(unique=True)),
                ("facility", models.CharField(max_length=5)),
                ("name", models.TextField()),
                ("public_keys", models.JSONField()),
                ("scope", models.TextField()),
                ("state", models.TextField(default="active")),
                ("registered_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "indexes": [models.Index(fields=["facility"], name="access_client_of_facility")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["active", "suspended"])), name="access_client_state_known"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FacilityOfficer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("facility", models.CharField(max_length=5)),
                ("officer", models.TextField()),
                ("name", models.TextField()),
                ("active", models.BooleanField(default=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("facility", "officer"), name="access_facilityofficer_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Officer",
            fields=[
                ("officer_no", models.TextField(primary_key=True, serialize=False)),
                ("name", models.TextField()),
                ("unit", models.TextField()),
                ("active", models.BooleanField(default=True)),
                ("registered_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("officer_no__regex", "^[a-z0-9][a-z0-9-]*(\\.[a-z0-9][a-z0-9-]*)+$")),
                        name="access_officer_number_form",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RoleGrant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("role", models.TextField()),
                ("state", models.TextField(default="prepared")),
                ("founding_seat", models.SmallIntegerField(null=True, unique=True)),
                ("prepared_by", models.TextField()),
                ("prepared_at", models.DateTimeField()),
                ("approved_by", models.TextField(null=True)),
                ("approved_at", models.DateTimeField(null=True)),
                ("ended_by", models.TextField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "officer",
                    models.ForeignKey(
                        db_column="officer_no",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.officer",
                    ),
                ),
            ],
            options={
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
                        name="access_rolegrant_two_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by__isnull", True),
                            models.Q(("approved_by", models.F("officer")), _negated=True),
                            _connector="OR",
                        ),
                        name="access_rolegrant_not_own",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["prepared", "approved", "refused", "ended"])),
                        name="access_rolegrant_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["approved", "ended"]), _negated=True),
                            models.Q(("approved_at__isnull", False), ("approved_by__isnull", False)),
                            ("founding_seat__isnull", False),
                            _connector="OR",
                        ),
                        name="access_rolegrant_approved_by_whom",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("founding_seat__isnull", True), ("prepared_by__contains", ".")),
                            models.Q(
                                ("founding_seat__in", (1, 2)), ("prepared_by", "operator"), ("role", "administrator")
                            ),
                            _connector="OR",
                        ),
                        name="access_rolegrant_founded_or_prepared",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["prepared", "approved"])),
                        fields=("officer", "role"),
                        name="access_rolegrant_one_open",
                    ),
                ],
            },
        ),
    ]
