"""Let files open themselves for retirement, a child of 72 months, a job lost and a move, and keep when each filed file got its receipt.

Locks: the tables whose words grow are read once while their constraints are made anew; at two million files that is a matter of seconds. Undo: the words
are taken away, which fails while files of these kinds are there; receipts are dropped.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("lifeevents", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Receipt",
            fields=[
                ("file_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("received_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("given_at", models.DateTimeField(null=True)),
                ("late_at", models.DateTimeField(null=True)),
                ("because_vi", models.TextField(db_default="")),
                ("because_en", models.TextField(db_default="")),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="effect",
            name="lifeevents_effect_kind_known",
        ),
        migrations.RemoveConstraint(
            model_name="file",
            name="lifeevents_file_kind_known",
        ),
        migrations.RemoveConstraint(
            model_name="filestep",
            name="lifeevents_step_known",
        ),
        migrations.RemoveConstraint(
            model_name="filestep",
            name="lifeevents_step_office_known",
        ),
        migrations.RemoveConstraint(
            model_name="told",
            name="lifeevents_told_teller_known",
        ),
        migrations.AddConstraint(
            model_name="effect",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "application_filed",
                            "card_issued",
                            "cover_cut",
                            "death_recorded",
                            "entitlement_ended",
                            "facility_changed",
                            "payment_moved",
                            "pupil_carded",
                            "record_opened",
                        ],
                    )
                ),
                name="lifeevents_effect_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="file",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["birth", "child_grown", "death", "job_lost", "move", "retirement"])),
                name="lifeevents_file_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="filestep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "step__in",
                        [
                            "age_reached",
                            "birth",
                            "card",
                            "card_ending",
                            "card_locked",
                            "cover_ended",
                            "death",
                            "facility",
                            "funeral",
                            "funeral_support",
                            "moved",
                            "payments_moved",
                            "payments_stopped",
                            "pension",
                            "pupil_card",
                            "residence",
                            "residence_off",
                            "survivors",
                            "unemployment",
                            "work_ended",
                        ],
                    )
                ),
                name="lifeevents_step_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="filestep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "office__in",
                        [
                            "agency",
                            "applicant",
                            "civil-status",
                            "employer",
                            "hospital",
                            "police",
                            "population-register",
                            "social-assistance",
                        ],
                    )
                ),
                name="lifeevents_step_office_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="told",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "teller__in",
                        [
                            "agency",
                            "applicant",
                            "civil-status",
                            "employer",
                            "hospital",
                            "police",
                            "population-register",
                            "social-assistance",
                        ],
                    )
                ),
                name="lifeevents_told_teller_known",
            ),
        ),
        migrations.AddIndex(
            model_name="receipt",
            index=models.Index(
                condition=models.Q(("given_at__isnull", True)), fields=["due_at"], name="lifeevents_receipt_open"
            ),
        ),
        migrations.AddIndex(
            model_name="receipt",
            index=models.Index(fields=["received_at"], name="lifeevents_receipt_by_time"),
        ),
        migrations.AddConstraint(
            model_name="receipt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("due_at__gt", models.F("received_at")),
                    models.Q(("given_at__isnull", True), ("given_at__gte", models.F("received_at")), _connector="OR"),
                ),
                name="lifeevents_receipt_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="receipt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("because_en", ""), ("because_vi", ""), ("late_at__isnull", True)),
                    models.Q(
                        ("late_at__isnull", False),
                        models.Q(("because_vi", ""), _negated=True),
                        models.Q(("because_en", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="lifeevents_receipt_late_says_why",
            ),
        ),
        migrations.RunSQL(
            "CREATE TRIGGER lifeevents_receipt_lasting BEFORE DELETE ON lifeevents_receipt FOR EACH ROW EXECUTE FUNCTION lifeevents_refuse_change();"
            "REVOKE DELETE, TRUNCATE ON lifeevents_receipt FROM ansinh_app;",
            "DROP TRIGGER lifeevents_receipt_lasting ON lifeevents_receipt",
        ),
    ]
