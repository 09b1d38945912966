"""Versions: which page of an episode is current. The newest by receipt is, whatever order workers settle them in; what is superseded stays.

Episodes are locked while a chunk settles, in one order for all workers. A chunk that meets an episode another worker is making begins anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ansinh.database.sql import execute, rows
from ansinh.healthbook.intake.entries import Entry, Submitted


class MetAnother(Exception):
    """Another worker made the same episode first; the chunk is settled anew."""


@dataclass(slots=True)
class Page:
    """An entry on its way to a version of the book."""

    submitted: Submitted
    entry: Entry
    person_id: int
    visit_id: int = 0
    version: int = 0
    current: bool = True
    superseded: bool = False
    withdrawn: bool = False


@dataclass(slots=True)
class Held:
    """An episode as it stands, with what this chunk makes of it."""

    person_id: int
    visit_id: int
    year: int
    versions: int
    current_version: int | None
    current_no: int
    current_sha256: bytes | None
    withdrawn: bool
    made_here: bool = False
    changed: bool = False
    page: Page | None = None
    """The current page, when this chunk made it."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A stored version that is not current any more."""

    person_id: int
    year: int
    visit_id: int
    version: int
    withdrawn: bool


Key = tuple[str, str]


class Versions:
    """The episodes of a chunk, and what becomes of each."""

    def __init__(self, keys: set[Key]) -> None:
        self.held: dict[Key, Held] = _locked(sorted(keys))
        self.ended: list[Ended] = []
        self._numbers = iter(_visit_numbers(len(keys - self.held.keys())))

    def add(self, page: Page) -> bool:
        """Give a page its version; returns False when it is the current page already and nothing changes."""
        submitted, entry = page.submitted, page.entry
        key = (submitted.facility, entry.episode)
        held = self.held.get(key)
        if held is None:
            held = self.held[key] = Held(
                page.person_id, next(self._numbers), entry.year, 0, None, 0, None, withdrawn=False, made_here=True
            )
        if held.current_version is not None and held.current_sha256 == submitted.sha256:
            page.visit_id, page.version = held.visit_id, held.current_version
            return False
        held.versions += 1
        held.changed = True
        page.visit_id, page.version = held.visit_id, held.versions
        if submitted.received_no < held.current_no:
            page.current, page.superseded = False, True
            return True
        self._end(held, withdrawn=False)
        held.current_version, held.current_no, held.current_sha256 = (
            page.version,
            submitted.received_no,
            submitted.sha256,
        )
        held.person_id, held.year, held.page, held.withdrawn = page.person_id, entry.year, page, False
        return True

    def withdraw(self, submitted: Submitted, episode: str) -> Held | None:
        """Take back an episode; returns it as it was, or None when the facility has none of that number."""
        held = self.held.get((submitted.facility, episode))
        if held is None:
            return None
        if submitted.received_no >= held.current_no:
            self._end(held, withdrawn=True)
            held.current_version, held.current_no, held.current_sha256 = None, submitted.received_no, submitted.sha256
            held.page, held.withdrawn, held.changed = None, True, True
        return held

    def _end(self, held: Held, *, withdrawn: bool) -> None:
        if held.page is not None:
            held.page.current, held.page.superseded, held.page.withdrawn = False, True, withdrawn
        elif held.current_version is not None:
            self.ended.append(Ended(held.person_id, held.year, held.visit_id, held.current_version, withdrawn))

    def write(self, now: datetime) -> None:
        """Write the episodes and what ended; raises MetAnother."""
        made = [(key, held) for key, held in sorted(self.held.items()) if held.made_here and held.changed]
        changed = [(key, held) for key, held in sorted(self.held.items()) if held.changed and not held.made_here]
        if made and execute(_MAKE, _columns(made, now)) != len(made):
            raise MetAnother
        if changed:
            execute(_CHANGE, _columns(changed, now))
        if self.ended:
            ended = {
                "persons": [one.person_id for one in self.ended],
                "years": [one.year for one in self.ended],
                "visits": [one.visit_id for one in self.ended],
                "versions": [one.version for one in self.ended],
                "withdrawn": [one.withdrawn for one in self.ended],
                "now": now,
            }
            for table in ("healthbook_visit", "healthbook_paper"):
                execute(_END.format(table=table), ended)


def _locked(keys: list[Key]) -> dict[Key, Held]:
    if not keys:
        return {}
    found = rows(_LOCK, {"facilities": [key[0] for key in keys], "episodes": [key[1] for key in keys]})
    return {
        (facility, episode): Held(
            person_id, visit_id, year, versions, current, no, bytes(sha256) if sha256 else None, withdrawn=withdrawn
        )
        for facility, episode, person_id, visit_id, year, versions, current, no, sha256, withdrawn in found
    }


def _visit_numbers(count: int) -> list[int]:
    if not count:
        return []
    return [
        int(one[0]) for one in rows("SELECT nextval('healthbook_visit_number') FROM generate_series(1, %s)", [count])
    ]


def _columns(found: list[tuple[Key, Held]], now: datetime) -> dict[str, object]:
    return {
        "facilities": [key[0] for key, _ in found],
        "episodes": [key[1] for key, _ in found],
        "persons": [held.person_id for _, held in found],
        "visits": [held.visit_id for _, held in found],
        "years": [held.year for _, held in found],
        "versions": [held.versions for _, held in found],
        "currents": [held.current_version for _, held in found],
        "numbers": [held.current_no for _, held in found],
        "digests": [held.current_sha256 for _, held in found],
        "withdrawn": [now if held.withdrawn else None for _, held in found],
    }


_LOCK = """
SELECT e.facility, e.episode, e.person_id, e.visit_id, e.year, e.versions, e.current_version, e.current_no, e.current_sha256, e.withdrawn_at IS NOT NULL
FROM unnest(%(facilities)s::text[], %(episodes)s::text[]) AS q (facility, episode)
JOIN healthbook_episode e ON e.facility = q.facility AND e.episode = q.episode
ORDER BY e.facility, e.episode FOR UPDATE OF e
"""

_UNNESTED = """unnest(%(facilities)s::text[], %(episodes)s::text[], %(persons)s::bigint[], %(visits)s::bigint[], %(years)s::smallint[],
    %(versions)s::integer[], %(currents)s::integer[], %(numbers)s::bigint[], %(digests)s::bytea[], %(withdrawn)s::timestamptz[])
    AS q (facility, episode, person_id, visit_id, year, versions, current_version, current_no, current_sha256, withdrawn_at)"""

_MAKE = f"""
INSERT INTO healthbook_episode (facility, episode, person_id, visit_id, year, versions, current_version, current_no, current_sha256, withdrawn_at)
SELECT facility, episode, person_id, visit_id, year, versions, current_version, current_no, current_sha256, withdrawn_at FROM {_UNNESTED}
ON CONFLICT DO NOTHING
"""

_CHANGE = f"""
UPDATE healthbook_episode e SET person_id = q.person_id, year = q.year, versions = q.versions, current_version = q.current_version,
    current_no = q.current_no, current_sha256 = q.current_sha256, withdrawn_at = q.withdrawn_at
FROM {_UNNESTED} WHERE e.facility = q.facility AND e.episode = q.episode
"""

_END = """
UPDATE {table} v SET current = false, superseded_at = %(now)s, withdrawn_at = CASE WHEN q.withdrawn THEN %(now)s ELSE v.withdrawn_at END
FROM unnest(%(persons)s::bigint[], %(years)s::smallint[], %(visits)s::bigint[], %(versions)s::integer[], %(withdrawn)s::boolean[])
    AS q (person_id, year, visit_id, version, withdrawn)
WHERE v.person_id = q.person_id AND v.visit_id = q.visit_id AND v.version = q.version AND v.current
"""
