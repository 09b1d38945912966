"""Make the engine's tables in a schema of their own, and the list of workers.

Why: durable work lives in the same database as what it works on. Locks: none that wait, everything is new; the engine makes its indexes concurrently, so this
runs outside a transaction and may be repeated where it was cut off. A newer engine's tables come with another migration that calls `make_tables` again.
Undo: drops the schema, and with it the memory of what was begun; the tables of the rooms say what was done.
"""

import importlib
from typing import Any

from django.db import migrations, models

from ansinh.database.roles import APP

GRANTS = (
    f"GRANT USAGE ON SCHEMA durable TO {APP}",
    f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA durable TO {APP}",
    f"GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA durable TO {APP}",
    f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA durable TO {APP}",
)


def make(apps: Any, schema_editor: Any) -> None:
    # The engine takes seconds to load, and is needed nowhere but here and in the worker.
    engine = importlib.import_module("ansinh.durable.engine")
    engine.make_tables(schema_editor.connection.get_connection_params())
    with schema_editor.connection.cursor() as cursor:
        for grant in GRANTS:
            cursor.execute(grant)


def drop(apps: Any, schema_editor: Any) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS durable CASCADE")


class Migration(migrations.Migration):
    initial = True
    atomic = False

    dependencies = [("audit", "0001_audit")]

    operations = [
        migrations.RunPython(make, drop),
        migrations.CreateModel(
            name="Executor",
            fields=[
                ("name", models.TextField(primary_key=True, serialize=False)),
                ("started_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
            ],
        ),
    ]
