"""Let the database itself see to it that one row a number resolves, and find numbers by that index.

Locks: none that stop work; the index is built beside it, outside a transaction, before the former one goes. One that was cut off is dropped by hand before
running again. Undo: the former index is built again first.
"""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations, models

_BUILD = "CREATE UNIQUE INDEX CONCURRENTLY {} ON people_identifier (value, scheme) INCLUDE (person_id) WHERE {} AND scheme IN ('pin', 'si_code', 'card')"
ONE_NAME = _BUILD.format("people_identifier_one_name", "resolves")
ONE_PERSON = _BUILD.format("people_identifier_one_person", "valid_until IS NULL")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("people", "0009_before_resolving")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(ONE_NAME, "DROP INDEX CONCURRENTLY people_identifier_one_name"),
                migrations.RunSQL("DROP INDEX CONCURRENTLY people_identifier_one_person", ONE_PERSON),
            ],
            state_operations=[
                migrations.RemoveConstraint(model_name="identifier", name="people_identifier_one_person"),
                migrations.AddConstraint(
                    model_name="identifier",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("resolves", True), ("scheme__in", ["pin", "si_code", "card"])),
                        fields=("value", "scheme"),
                        include=("person_id",),
                        name="people_identifier_one_name",
                    ),
                ),
            ],
        ),
        ValidateConstraint(model_name="identifier", name="people_identifier_ended_because"),
        ValidateConstraint(model_name="identifier", name="people_identifier_carried_resolves"),
        ValidateConstraint(model_name="identifier", name="people_identifier_wrong_names_nobody"),
    ]
