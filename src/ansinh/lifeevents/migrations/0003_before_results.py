"""Keep each service's first settlement as a row that never changes, and when each thing told had its effect: figures count these.

Locks: `lifeevents_told` is written once, row by row, and read once for its constraint; a few minutes at two million files. Undo: what was kept is dropped.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("lifeevents", "0002_before_in_house_events"),
    ]

    operations = [
        migrations.CreateModel(
            name="Result",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "file_id", "step", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("file_id", models.BigIntegerField()),
                ("step", models.TextField()),
                ("kind", models.TextField()),
                ("province", models.TextField()),
                ("received_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField()),
                ("due_on", models.DateField(null=True)),
                ("days", models.IntegerField()),
                ("granted", models.BooleanField()),
            ],
        ),
        migrations.AddField(
            model_name="told",
            name="applied_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunSQL(
            "UPDATE lifeevents_told SET applied_at = received_at WHERE state <> 'parked'", migrations.RunSQL.noop
        ),
        migrations.AddConstraint(
            model_name="told",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("applied_at__isnull", True), ("state", "parked")),
                    models.Q(models.Q(("state", "parked"), _negated=True), ("applied_at__isnull", False)),
                    _connector="OR",
                ),
                name="lifeevents_told_applied_or_parked",
            ),
        ),
        migrations.AddIndex(
            model_name="result",
            index=models.Index(fields=["settled_at"], name="lifeevents_result_by_time"),
        ),
        migrations.AddConstraint(
            model_name="result",
            constraint=models.CheckConstraint(
                condition=models.Q(("days__gte", 0), ("settled_at__gte", models.F("received_at"))),
                name="lifeevents_result_in_order",
            ),
        ),
        migrations.RunSQL(
            "CREATE TRIGGER lifeevents_result_append_only BEFORE UPDATE OR DELETE ON lifeevents_result"
            " FOR EACH ROW EXECUTE FUNCTION lifeevents_refuse_change();"
            "REVOKE UPDATE, DELETE, TRUNCATE ON lifeevents_result FROM ansinh_app;",
            "DROP TRIGGER lifeevents_result_append_only ON lifeevents_result",
        ),
    ]
