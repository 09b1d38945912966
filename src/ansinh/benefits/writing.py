"""The one way versions are written: read what is known, say what is known now, write the difference, settle the months already frozen."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ansinh.benefits.raising import Decrees
from ansinh.benefits.settling import Settled, Whose, settle
from ansinh.benefits.states import ADJUSTED_IN, Cause, CorrectionCause, Kind, State
from ansinh.benefits.timeline import Life, Place, Segment, life_of, segments_of
from ansinh.database.sql import execute, row, rows
from ansinh.foundation.errors import NotFound

# Changes go side by side; freezing, loading and adjusting for everybody wait for them and keep them waiting, so that no change falls between.
_EVERYBODY = "benefits.everybody"
_A_MOMENT = timedelta(microseconds=1)


def one_of_many() -> None:
    """Hold off whoever works on everybody until this transaction ends."""
    execute("SELECT pg_advisory_xact_lock_shared(hashtext(%s))", [_EVERYBODY])


def everybody() -> None:
    """Wait until no change of one entitlement runs, and keep others waiting until this transaction ends."""
    execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [_EVERYBODY])


@dataclass(frozen=True, slots=True)
class Mark:
    """What makes versions new: cause and act, from which month, which change, with what explanation, known at which moment."""

    cause: Cause
    settles: CorrectionCause
    act: str
    month: int
    moment: datetime
    change_id: int | None = None
    facts: str | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """An entitlement as known now, locked: its record and its segments, each with cause and act."""

    person_id: int
    entitlement_id: int
    kind: Kind
    opened_on: date
    owed_from: int
    decrees: Decrees
    segments: tuple[Segment, ...]
    origins: dict[int, tuple[Cause, str]]
    last_version: int
    recorded_at: datetime | None

    @property
    def life(self) -> Life:
        """Return what happened to it."""
        return life_of(self.segments)


@dataclass(frozen=True, slots=True)
class Written:
    """What writing did: versions added and superseded, corrections and their sum in đồng."""

    versions: int
    superseded: int
    settled: Settled


def hold(person_id: int, entitlement_id: int) -> Held:
    """Return an entitlement as known now, keeping others from changing the person's until this transaction ends; raises NotFound."""
    one_of_many()
    execute("SELECT pg_advisory_xact_lock(hashtextextended('benefits.person', %s))", [person_id])
    found = row(
        "SELECT kind, opened_on, owed_from FROM benefits_entitlement WHERE person_id = %s AND entitlement_id = %s",
        [person_id, entitlement_id],
    )
    if found is None:
        raise NotFound(
            "Người này không có quyền hưởng đó. Xem bằng `ansinh benefits show`.",
            "This person has no such entitlement. See them with `ansinh benefits show`.",
            person_id=person_id,
        )
    kind = Kind(found[0])
    known = rows(f"{_SEGMENTS} AND superseded_at IS NULL ORDER BY valid_from", [person_id, entitlement_id])
    last = row(
        "SELECT coalesce(max(version), 0), max(recorded_at) FROM benefits_version WHERE person_id = %s AND entitlement_id = %s",
        [person_id, entitlement_id],
    )
    assert last is not None
    return Held(
        person_id,
        entitlement_id,
        kind,
        found[1],
        int(found[2]),
        Decrees(kind, found[1], acts_for(kind)),
        tuple(_segment(one) for one in known),
        {int(one[0]): (Cause(one[8]), str(one[9])) for one in known},
        int(last[0]),
        last[1],
    )


def known_before_change(held: Held, change_id: int) -> tuple[Segment, ...]:
    """Return the segments as known right before a change that wrote versions took effect."""
    moment = row(
        "SELECT min(recorded_at) FROM benefits_version WHERE person_id = %s AND entitlement_id = %s AND change_id = %s",
        [held.person_id, held.entitlement_id, change_id],
    )
    assert moment is not None
    found = rows(
        f"{_SEGMENTS} AND recorded_at < %s AND (superseded_at IS NULL OR superseded_at >= %s) ORDER BY valid_from",
        [held.person_id, held.entitlement_id, moment[0], moment[0]],
    )
    return tuple(_segment(one) for one in found)


def acts_for(kind: Kind) -> dict[int, str]:
    """Return the acts of the adjustments approved for a kind, by month."""
    if kind not in ADJUSTED_IN:
        return {}
    found = rows(
        "SELECT month, act FROM benefits_adjustment WHERE scope = %s AND approved_at IS NOT NULL ORDER BY month",
        [ADJUSTED_IN[kind].value],
    )
    return {int(month): str(act) for month, act in found}


def write(held: Held, life: Life, mark: Mark) -> Written:
    """Make a life what is known of an entitlement, and settle the frozen months it changes."""
    # What is known changes at moments that follow one another, so that at each of them one thing was known, even by a clock that stands still.
    moment = max(mark.moment, held.recorded_at + _A_MOMENT) if held.recorded_at else mark.moment
    wanted = segments_of(life, held.decrees)
    there = {one.valid_from: one for one in held.segments}
    new = [one for one in wanted if one.valid_from not in there or not one.says_the_same(there[one.valid_from])]
    same = {one.valid_from for one in wanted} - {one.valid_from for one in new}
    gone = [month for month in there if month not in same]
    if gone:
        execute(
            "UPDATE benefits_version SET superseded_at = %s WHERE person_id = %s AND entitlement_id = %s AND superseded_at IS NULL AND valid_from = ANY(%s)",
            [moment, held.person_id, held.entitlement_id, gone],
        )
    for number, segment in enumerate(new, held.last_version + 1):
        _insert(held, number, segment, mark, moment)
    since = min([*gone, *(one.valid_from for one in new)], default=None)
    settled = Settled(0, 0)
    if since is not None:
        whose = Whose(held.person_id, held.person_id + 1, held.entitlement_id)
        settled = settle(whose, max(since, held.owed_from), mark.settles, moment, change_id=mark.change_id)
    return Written(len(new), len(gone), settled)


def _insert(held: Held, number: int, segment: Segment, mark: Mark, moment: datetime) -> None:
    cause, act = _origin(held, segment, mark)
    facts = segment.facts if segment.adjusted else mark.facts if segment.valid_from == mark.month else None
    execute(
        """
        INSERT INTO benefits_version (person_id, entitlement_id, version, valid_from, amount, state, cause, adjusted, act, facts, province, commune, urban,
                                      change_id, recorded_at)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
        """,
        [
            held.person_id,
            held.entitlement_id,
            number,
            segment.valid_from,
            segment.amount,
            segment.state.value,
            cause.value,
            segment.adjusted,
            act,
            facts,
            segment.place.province,
            segment.place.commune,
            segment.place.urban,
            mark.change_id,
            moment,
        ],
    )


def _origin(held: Held, segment: Segment, mark: Mark) -> tuple[Cause, str]:
    """Return cause and act of a new version: the change's own where it takes effect, the decree's where that falls, else those of the version it follows."""
    if segment.valid_from == mark.month:
        return mark.cause, mark.act
    if segment.adjusted:
        return Cause.ADJUSTMENT, held.decrees.acts[segment.valid_from]
    if segment.state is State.ENDED and mark.cause in {Cause.GRANT, Cause.LOAD}:
        return Cause.TERM, mark.act
    return held.origins.get(segment.valid_from, (mark.cause, mark.act))


def _segment(found: Sequence[object]) -> Segment:
    month, amount, state, adjusted, facts, province, commune, urban, *_ = found
    plain = facts if isinstance(facts, str) or facts is None else json.dumps(facts)
    place = Place(str(province), str(commune) if commune is not None else None, bool(urban))
    return Segment(int(str(month)), int(str(amount)), State(str(state)), place, bool(adjusted), plain)


_SEGMENTS = """
SELECT valid_from, amount, state, adjusted, facts, province, commune, urban, cause, act FROM benefits_version WHERE person_id = %s AND entitlement_id = %s
"""
