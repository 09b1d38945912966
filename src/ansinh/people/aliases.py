"""Merging as an alias row: one step to the survivor, remembered so that unmerging gives every record back as it was. No other table is touched."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ansinh.database.sql import execute, row
from ansinh.foundation.errors import NotFound, Refusal


class CannotMerge(Refusal):
    """Two records cannot become one as asked; the sentence says why and what to do."""

    code = "cannot_merge"


@dataclass(frozen=True, slots=True)
class _Record:
    person_id: int
    stands_for: int
    pin: str | None


def check_merge(alias: int, survivor: int) -> int:
    """Return whom `alias` would stand for; raises NotFound or CannotMerge.

    The record that carries the PIN survives, so that no number ever moves between records and unmerging is exact.
    """
    one, other = _record(alias), _record(survivor)
    if one.stands_for != alias:
        raise CannotMerge(
            f"Hồ sơ #{alias} đã được gộp vào #{one.stands_for}; hãy tách trước.",
            f"Record #{alias} was merged into #{one.stands_for} already; unmerge it first.",
            person=alias,
        )
    root = _record(other.stands_for)
    if root.person_id == alias:
        raise CannotMerge(
            "Hai số này đã là một người.", "Both are one person already.", person=alias, survivor=survivor
        )
    if one.pin and root.pin:
        raise CannotMerge(
            "Hai hồ sơ có hai số định danh khác nhau; sửa số sai trước khi gộp.",
            "The two records carry two different numbers; correct the wrong one before merging.",
            person=alias,
            survivor=root.person_id,
        )
    if one.pin:
        raise CannotMerge(
            f"Hồ sơ #{alias} có số định danh nên phải được giữ lại; gộp theo chiều ngược lại.",
            f"Record #{alias} carries the number, so it survives; merge the other way round.",
            person=alias,
            survivor=root.person_id,
        )
    return root.person_id


def merge(alias: int, survivor: int, now: datetime) -> int:
    """Let `alias` stand for whoever `survivor` stands for, with all that was merged into it before; returns that person."""
    _one_at_a_time()
    root = check_merge(alias, survivor)
    execute(
        "INSERT INTO people_alias (alias_person_id, person_id, merged_into, merged_at) VALUES (%s, %s, %s, %s)",
        [alias, root, root, now],
    )
    execute("UPDATE people_alias SET person_id = %s WHERE person_id = %s", [root, alias])
    return root


def check_unmerge(alias: int) -> int:
    """Return whom `alias` stands for; raises CannotMerge when it was not merged."""
    found = _record(alias)
    if found.stands_for == alias:
        raise CannotMerge(
            f"Hồ sơ #{alias} không bị gộp vào hồ sơ nào.", f"Record #{alias} was not merged into any.", person=alias
        )
    return found.stands_for


def unmerge(alias: int) -> int:
    """Let `alias` stand for itself again, with all that was merged into it; returns whom it stood for."""
    _one_at_a_time()
    stood_for = check_unmerge(alias)
    execute("DELETE FROM people_alias WHERE alias_person_id = %s", [alias])
    execute(_GIVE_BACK, {"alias": alias})
    return stood_for


def _record(person_id: int) -> _Record:
    found = row(_RECORD, [person_id])
    if found is None:
        raise NotFound(f"Không có hồ sơ #{person_id}.", f"There is no record #{person_id}.", person=person_id)
    return _Record(*found)


def _one_at_a_time() -> None:
    execute("SELECT pg_advisory_xact_lock(hashtext('people.merge'))")


# A number just verified and not given yet counts as carried.
_RECORD = """
SELECT p.person_id, coalesce(a.person_id, p.person_id), coalesce(i.value, v.register_pin) FROM people_person p
LEFT JOIN people_alias a ON a.alias_person_id = p.person_id
LEFT JOIN people_identifier i ON i.person_id = p.person_id AND i.scheme = 'pin' AND i.valid_until IS NULL
LEFT JOIN people_verdict v ON v.person_id = p.person_id AND v.superseded_at IS NULL AND v.verdict IN ('verified', 'corrected')
WHERE p.person_id = %s
"""

# Aliases made before `merged_into` was kept were merged straight into the person they stand for.
_GIVE_BACK = """
WITH RECURSIVE own AS (
    SELECT alias_person_id FROM people_alias WHERE merged_into = %(alias)s
    UNION
    SELECT a.alias_person_id FROM people_alias a JOIN own ON a.merged_into = own.alias_person_id
)
UPDATE people_alias SET person_id = %(alias)s FROM own WHERE people_alias.alias_person_id = own.alias_person_id
"""
