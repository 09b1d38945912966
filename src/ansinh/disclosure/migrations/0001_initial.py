"""Make the tables of who may see what of a health book, what patients hide and consent to, and emergencies.

Locks: none, everything is new. Undo: the tables are dropped with all they hold.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Consent",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id",
                        "facility",
                        "what",
                        "given_at",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("person_id", models.BigIntegerField()),
                ("facility", models.CharField(max_length=5)),
                ("what", models.TextField()),
                ("given_at", models.DateTimeField()),
                ("valid_until", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "what__in",
                                [
                                    "book",
                                    "hiv",
                                    "mental",
                                    "sexual",
                                    "reproductive",
                                    "genetic",
                                    "referrals",
                                    "appointments",
                                    "papers",
                                ],
                            )
                        ),
                        name="disclosure_consent_what_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid_until__gt", models.F("given_at"))),
                        name="disclosure_consent_ends_later",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at__isnull", True)),
                        fields=("person_id", "facility", "what"),
                        name="disclosure_consent_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Glass",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id",
                        "facility",
                        "officer",
                        "opened_at",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("person_id", models.BigIntegerField()),
                ("facility", models.CharField(max_length=5)),
                ("officer", models.TextField()),
                ("opened_at", models.DateTimeField()),
                ("open_until", models.DateTimeField()),
                ("reason", models.TextField()),
                ("audit_id", models.BigIntegerField()),
                ("judged_by", models.TextField(null=True)),
                ("judged_at", models.DateTimeField(null=True)),
                ("finding", models.TextField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("judged_at__isnull", True)),
                        fields=["opened_at"],
                        name="disclosure_glass_to_judge",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason__regex", "^.{10,}$")), name="disclosure_glass_reason_given"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("open_until__gt", models.F("opened_at"))),
                        name="disclosure_glass_ends_later",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("finding__isnull", True), ("judged_at__isnull", True), ("judged_by__isnull", True)
                            ),
                            models.Q(
                                ("finding__in", ["justified", "unjustified"]),
                                ("judged_at__isnull", False),
                                ("judged_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="disclosure_glass_judged_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Restriction",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "what", "hidden_at", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("person_id", models.BigIntegerField()),
                ("what", models.TextField()),
                ("hidden_at", models.DateTimeField()),
                ("shown_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "what__in",
                                [
                                    "book",
                                    "hiv",
                                    "mental",
                                    "sexual",
                                    "reproductive",
                                    "genetic",
                                    "referrals",
                                    "appointments",
                                    "papers",
                                ],
                            )
                        ),
                        name="disclosure_restriction_what_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("shown_at__isnull", True)),
                        fields=("person_id", "what"),
                        name="disclosure_restriction_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Rule",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "who", "circumstance", "what", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("who", models.TextField()),
                ("circumstance", models.TextField()),
                ("what", models.TextField()),
                ("answer", models.TextField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("who__in", ["citizen", "doctor", "officer", "statistics"])),
                        name="disclosure_rule_who_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "what__in",
                                [
                                    "own",
                                    "book",
                                    "hiv",
                                    "mental",
                                    "sexual",
                                    "reproductive",
                                    "genetic",
                                    "referrals",
                                    "appointments",
                                    "papers",
                                ],
                            )
                        ),
                        name="disclosure_rule_what_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("answer__in", ["yes", "unless_hidden", "if_consented", "no"])),
                        name="disclosure_rule_answer_known",
                    ),
                ],
            },
        ),
    ]
