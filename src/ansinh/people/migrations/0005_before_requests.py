"""Make room for what officers decide: requests of one officer that another approves, facts with their sources, and how deep a merge lies.

Locks: the new columns are empty and need persons and aliases for an instant only; the index on aliases, which are few, is built within it. Undo: the
tables and columns are dropped with all they hold.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_before_decision_indexes"),
    ]

    operations = [
        migrations.CreateModel(
            name="Fact",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id",
                        "field",
                        "recorded_at",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("person_id", models.BigIntegerField()),
                ("field", models.TextField()),
                ("recorded_at", models.DateTimeField()),
                ("superseded_at", models.DateTimeField(null=True)),
                ("value", models.TextField(null=True)),
                ("source", models.TextField()),
                ("said_on", models.DateField(null=True)),
                ("valid_from", models.DateField(null=True)),
                ("certainty", models.TextField()),
                ("request_id", models.BigIntegerField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Request",
            fields=[
                ("request_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.TextField()),
                ("state", models.TextField(db_default="prepared")),
                ("person_id", models.BigIntegerField()),
                ("other_person_id", models.BigIntegerField(null=True)),
                ("register_pin", models.CharField(max_length=12, null=True)),
                ("field", models.TextField(null=True)),
                ("old_value", models.TextField(null=True)),
                ("new_value", models.TextField(null=True)),
                ("source", models.TextField(null=True)),
                ("evidence", models.TextField(null=True)),
                ("undoes", models.BigIntegerField(null=True)),
                ("effects", models.JSONField()),
                ("reason", models.TextField()),
                ("needs_second", models.BooleanField()),
                ("prepared_by", models.TextField()),
                ("prepared_at", models.DateTimeField()),
                ("approved_by", models.TextField(null=True)),
                ("approved_at", models.DateTimeField(null=True)),
                ("refused_by", models.TextField(null=True)),
                ("refused_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name="alias",
            name="merged_into",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="person",
            name="died_on",
            field=models.DateField(null=True),
        ),
        migrations.AddIndex(
            model_name="alias",
            index=models.Index(fields=["merged_into"], name="people_alias_merged_into"),
        ),
        migrations.AddConstraint(
            model_name="fact",
            constraint=models.CheckConstraint(
                condition=models.Q(("field__in", ["full_name", "birth_date", "sex", "pin", "address", "died_on"])),
                name="people_fact_field_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="fact",
            constraint=models.CheckConstraint(
                condition=models.Q(("certainty__in", ["stated", "registered", "evidenced"])),
                name="people_fact_certainty_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="fact",
            constraint=models.UniqueConstraint(
                condition=models.Q(("superseded_at__isnull", True)),
                fields=("person_id", "field"),
                name="people_fact_one_current",
            ),
        ),
        migrations.AddIndex(
            model_name="request",
            index=models.Index(fields=["person_id"], name="people_request_of_person"),
        ),
        migrations.AddIndex(
            model_name="request",
            index=models.Index(fields=["other_person_id"], name="people_request_of_other"),
        ),
        migrations.AddConstraint(
            model_name="request",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approved_by__isnull", True),
                    models.Q(
                        ("prepared_by__isnull", False),
                        models.Q(("approved_by", models.F("prepared_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="people_request_two_people",
            ),
        ),
        migrations.AddConstraint(
            model_name="request",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("needs_second", True), ("state", "applied"), _negated=True),
                    ("approved_by__isnull", False),
                    _connector="OR",
                ),
                name="people_request_approved_by_whom",
            ),
        ),
        migrations.AddConstraint(
            model_name="request",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("needs_second", True),
                    ("kind", "confirm"),
                    models.Q(
                        ("kind", "correct"),
                        models.Q(("field__in", ("full_name", "birth_date", "sex", "pin", "died_on")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="people_request_takes_two",
            ),
        ),
        migrations.AddConstraint(
            model_name="request",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["confirm", "correct", "merge", "unmerge"])),
                name="people_request_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="request",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["prepared", "applied", "refused"])), name="people_request_state_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="request",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "prepared")),
                fields=("person_id", "kind", "field"),
                name="people_request_one_open",
                nulls_distinct=False,
            ),
        ),
    ]
