"""Make the tables of credentials: offers, used nonces, status lists and what was issued at their places.

Locks: none, everything is new. Undo: the tables are dropped; what wallets hold can then be proven by its signature alone, and no list says what was withdrawn.
"""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="StatusList",
            fields=[
                ("list_no", models.AutoField(primary_key=True, serialize=False)),
                ("taken", models.IntegerField(db_default=0, default=0)),
                ("opened_at", models.DateTimeField()),
            ],
            options={
                "db_table": "credentials_list",
            },
        ),
        migrations.CreateModel(
            name="CredentialOffer",
            fields=[
                ("code_sha256", models.BinaryField(primary_key=True, serialize=False)),
                ("person_id", models.BigIntegerField()),
                ("kinds", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ("tx_code_sha256", models.BinaryField()),
                ("tries_left", models.SmallIntegerField()),
                ("offered_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("token_sha256", models.BinaryField(null=True)),
                ("token_until", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "credentials_offer",
                "indexes": [
                    models.Index(
                        condition=models.Q(("token_sha256__isnull", False)),
                        fields=["token_sha256"],
                        name="credentials_of_token",
                    ),
                    models.Index(fields=["expires_at"], name="credentials_offer_over"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("token_sha256__isnull", True), ("token_until__isnull", True)),
                            models.Q(("token_sha256__isnull", False), ("token_until__isnull", False)),
                            _connector="OR",
                        ),
                        name="credentials_offer_token_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("tries_left__gte", 0)), name="credentials_offer_tries_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("offered_at"))), name="credentials_offer_ends"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IssuedCredential",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "list_no", "place", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("list_no", models.IntegerField()),
                ("place", models.IntegerField()),
                ("person_id", models.BigIntegerField()),
                ("kind", models.TextField()),
                ("reference", models.TextField()),
                ("holder_bound", models.BooleanField()),
                ("issued_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("notification_sha256", models.BinaryField(null=True)),
                ("outcome", models.TextField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "credentials_issued",
                "indexes": [
                    models.Index(fields=["person_id"], name="credentials_issued_of_person"),
                    models.Index(
                        condition=models.Q(("notification_sha256__isnull", False)),
                        fields=["notification_sha256"],
                        name="credentials_issued_told",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["health_card", "referral", "appointment", "contribution_statement"])
                        ),
                        name="credentials_issued_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("place__gte", 0)), name="credentials_issued_place_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("outcome__isnull", True),
                            ("outcome__in", ["credential_accepted", "credential_failure", "credential_deleted"]),
                            _connector="OR",
                        ),
                        name="credentials_issued_outcome_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UsedNonce",
            fields=[
                ("nonce_sha256", models.BinaryField(primary_key=True, serialize=False)),
                ("used_at", models.DateTimeField()),
            ],
            options={
                "db_table": "credentials_usednonce",
                "indexes": [models.Index(fields=["used_at"], name="credentials_nonce_over")],
            },
        ),
    ]
