"""Keep what people answered about allergies: no hospital table says it, and silence must not be read as "none".

Locks: none, the table is new. Undo: the table is dropped with what was answered.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("healthbook", "0002_published_submissions")]

    operations = [
        migrations.CreateModel(
            name="Allergy",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "allergy_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("person_id", models.BigIntegerField()),
                ("allergy_id", models.BigIntegerField()),
                ("statement", models.TextField()),
                ("substance", models.TextField(null=True)),
                ("code", models.TextField(null=True)),
                ("facility", models.TextField()),
                ("officer", models.TextField()),
                ("recorded_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("statement", "allergy"), ("substance__isnull", False)),
                            models.Q(("code__isnull", True), ("statement", "none_known"), ("substance__isnull", True)),
                            _connector="OR",
                        ),
                        name="healthbook_allergy_says_what",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("allergy_id__gt", 0)), name="healthbook_allergy_numbered"
                    ),
                ],
            },
        ),
    ]
