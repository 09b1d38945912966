"""Make room for whole decisions: candidates, discrepancies, refusals, marks for another comparison, and what a verdict was decided by.

Locks: the new columns of verdicts are empty and need the table for an instant only; the rest is new. Undo: the tables and columns are dropped with all
they hold.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_before_insured_view"),
    ]

    operations = [
        migrations.CreateModel(
            name="Candidate",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "decided_at", "rank", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("person_id", models.BigIntegerField()),
                ("decided_at", models.DateTimeField()),
                ("rank", models.SmallIntegerField()),
                ("register_pin", models.CharField(max_length=12)),
                ("score", models.FloatField(null=True)),
                ("detail", models.JSONField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Discrepancy",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "field", "found_at", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("person_id", models.BigIntegerField()),
                ("field", models.TextField()),
                ("ours", models.TextField(null=True)),
                ("registered", models.TextField(null=True)),
                ("source", models.TextField()),
                ("found_at", models.DateTimeField()),
                ("state", models.TextField(db_default="open")),
                ("settled_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Due",
            fields=[
                ("person_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("because", models.TextField()),
                ("marked_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="RefusedCandidate",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "register_pin", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("person_id", models.BigIntegerField()),
                ("register_pin", models.CharField(max_length=12)),
                ("refused_by", models.TextField()),
                ("refused_at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="verdict",
            name="detail",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="verdict",
            name="levels",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="verdict",
            name="model",
            field=models.TextField(null=True),
        ),
        migrations.AddField(
            model_name="verdict",
            name="officer",
            field=models.TextField(null=True),
        ),
        migrations.AddField(
            model_name="verdict",
            name="runner_up_score",
            field=models.FloatField(null=True),
        ),
        migrations.AddField(
            model_name="verdict",
            name="score",
            field=models.FloatField(null=True),
        ),
        migrations.AddConstraint(
            model_name="candidate",
            constraint=models.CheckConstraint(
                condition=models.Q(("rank__range", (1, 5))), name="people_candidate_rank_in_range"
            ),
        ),
        migrations.AddConstraint(
            model_name="discrepancy",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "reported", "applied", "refused", "gone"])),
                name="people_discrepancy_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="discrepancy",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["open", "reported"])),
                fields=("person_id", "field"),
                name="people_discrepancy_one_open",
            ),
        ),
    ]
