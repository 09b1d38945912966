"""Row security: which rows an officer bound to provinces may see, table by table, derived from what `privacy.py` of each room says.

It is laid on after each migration, by the owner, and repeated without change: a table that names a person shows the rows of people of the officer's
provinces; one that tells nothing about anybody is open; every other is closed, until a line here says how it is to be seen. So a new table is guarded from
its first day. Partitions are reached through their table only. Views ask as who asks. Functions that run as their owner are not given at all.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterator
from typing import Any

from django.db import connections
from psycopg import sql

from ansinh.config.django import ROOMS
from ansinh.database.roles import OFFICER
from ansinh.foundation.privacy import PUBLIC

OPEN, CLOSED = "true", "false"
_IN_PROVINCES = "province = ANY (ARRAY(SELECT unnest(string_to_array(current_setting('ansinh.provinces', true), ','))))"
_OF_PERSON = "EXISTS (SELECT FROM people_person p WHERE p.person_id = {table}.person_id)"
_OF_FILE = "EXISTS (SELECT FROM lifeevents_file f WHERE f.file_id = {table}.file_id)"

# Where the columns alone do not say it.
SPECIAL = {
    "people_person": _IN_PROVINCES,
    "registry_person": _IN_PROVINCES,
    "lifeevents_file": _IN_PROVINCES,
    "audit_act": "NOT facts ? 'person' OR EXISTS (SELECT FROM people_person p WHERE p.person_id::text = facts->>'person')",
    **dict.fromkeys(
        (
            "lifeevents_step",
            "lifeevents_line",
            "lifeevents_pause",
            "lifeevents_case",
            "lifeevents_alert",
            "lifeevents_effect",
            "lifeevents_message",
        ),
        _OF_FILE,
    ),
    # The only people these name are officers of the agency and of facilities, in what they did at work.
    **dict.fromkeys(
        (
            "access_officer",
            "access_rolegrant",
            "benefits_adjustment",
            "benefits_freeze",
            "ceilings_alert",
            "ceilings_ceiling",
            "ceilings_in_force",
            "ceilings_restraint",
            "lifeevents_result",
            "payments_approval",
            "payments_funding",
            "payments_run",
            "payments_seal",
            "payments_sentback",
            "relief_diversion",
            "relief_emergency",
            "relief_list",
            "relief_recall",
            "relief_run",
        ),
        OPEN,
    ),
}

_TABLES = """
SELECT c.relname, c.relispartition, c.relrowsecurity, obj_description(p.oid, 'pg_policy')
FROM pg_class c LEFT JOIN pg_policy p ON p.polrelid = c.oid AND p.polname = 'officers'
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY c.relname
"""
_VIEWS = """
SELECT c.relname FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'v' AND c.relowner = current_user::regrole
"""
_FUNCTIONS = """
SELECT p.oid::regprocedure::text FROM pg_proc p
WHERE p.pronamespace = 'public'::regnamespace AND p.proowner = current_user::regrole AND NOT p.prosecdef AND p.prorettype <> 'trigger'::regtype
"""


def rule_of(table: str) -> str:
    """Return which rows of a table an officer bound to provinces sees, as SQL."""
    if table in SPECIAL:
        return SPECIAL[table].format(table=table)
    fields = _fields().get(table)
    if fields is None:
        return CLOSED
    if "person_id" in fields:
        return _OF_PERSON.format(table=table)
    return OPEN if all(field == PUBLIC for field in fields.values()) else CLOSED


def lay_on(using: str) -> None:
    """Give every table its policy and the officers' role its rights, through a connection of the owner's."""
    with connections[using].cursor() as cursor:
        cursor.execute(_TABLES)
        tables = cursor.fetchall()
        cursor.execute(_VIEWS)
        views = [name for (name,) in cursor.fetchall()]
        cursor.execute(_FUNCTIONS)
        functions = [name for (name,) in cursor.fetchall()]
        for statement in _statements(tables, views, functions):
            cursor.execute(statement)


def _statements(tables: list[Any], views: list[str], functions: list[str]) -> Iterator[sql.Composed]:
    words: dict[str, sql.Composable] = {"officer": sql.Identifier(OFFICER)}
    for table, is_partition, secured, laid in tables:
        known: dict[str, sql.Composable] = words | {"table": sql.Identifier(table)}
        if is_partition:
            yield sql.SQL("REVOKE ALL ON {table} FROM {officer}").format(**known)
            continue
        rule = rule_of(table)
        yield sql.SQL("GRANT SELECT ON {table} TO {officer}").format(**known)
        if laid == rule and secured:
            continue
        known |= {"rule": sql.SQL(rule), "words": sql.Literal(rule)}
        yield sql.SQL("DROP POLICY IF EXISTS officers ON {table}").format(**known)
        yield sql.SQL("CREATE POLICY officers ON {table} FOR SELECT TO {officer} USING ({rule})").format(**known)
        yield sql.SQL("COMMENT ON POLICY officers ON {table} IS {words}").format(**known)
        yield sql.SQL("ALTER TABLE {table} ENABLE ROW LEVEL SECURITY").format(**known)
    for view in views:
        known = words | {"view": sql.Identifier(view)}
        yield sql.SQL("ALTER VIEW {view} SET (security_invoker = true)").format(**known)
        yield sql.SQL("GRANT SELECT ON {view} TO {officer}").format(**known)
    for function in functions:
        yield sql.SQL("GRANT EXECUTE ON FUNCTION {name} TO {officer}").format(name=sql.SQL(function), **words)


def _fields() -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for room in ROOMS:
        if importlib.util.find_spec(f"ansinh.{room}.privacy") is not None:
            fields |= importlib.import_module(f"ansinh.{room}.privacy").TABLES
    return fields
