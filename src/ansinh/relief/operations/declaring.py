"""An emergency declared by one officer, approved by another, and ended. Until it is approved it changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from ansinh.audit.operation import note, operation
from ansinh.database.sql import execute, number, row, rows
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.clock import Clock
from ansinh.foundation.errors import InvalidInput, Refusal
from ansinh.foundation.period import Month
from ansinh.relief.emergency import Emergency, NotInForce, read_emergency
from ansinh.relief.states import EmergencyState, Otherwise

MONTHS_MAX = 12
PLACES_MAX = 4_000
DAYS_MAX = 366
WORDS_MAX = 300


class SamePerson(Refusal):
    """Whoever declared an emergency may not approve it."""

    code = "same_person"


class AlreadyInForce(Refusal):
    """Another emergency in force covers a place of this one."""

    code = "already_in_force"


@dataclass(frozen=True)
class NewEmergency:
    """What is declared: whole provinces, or communes; months paid together (none: each in its own run), half-open days, the legal act.

    `to_account`: cash goes to the payee's account where one is confirmed; `otherwise`: at the post's counters (`cash`) or brought home (`home`).
    """

    name: str
    act: str
    from_on: date
    until_on: date
    provinces: tuple[str, ...] = ()
    communes: tuple[str, ...] = ()
    months: tuple[int, ...] = ()
    to_account: bool = True
    otherwise: str = "cash"


# A whole province has a row without a commune besides, for payees whose commune is not known.
_AREA = """
INSERT INTO relief_area (emergency_id, province, commune)
SELECT %(emergency)s, u.province, u.code FROM places_unit u
WHERE u.level = 'commune' AND u.edition = 'since_july_2025' AND (u.province = ANY(%(provinces)s) OR u.code = ANY(%(communes)s))
UNION
SELECT %(emergency)s, province, '' FROM unnest(%(provinces)s::text[]) AS province
"""
_OVERLAPPING = """
SELECT b.emergency_id, a.province FROM relief_area a JOIN relief_area b USING (province, commune)
WHERE a.emergency_id = %s AND b.emergency_id <> a.emergency_id AND b.in_force LIMIT 1
"""


@operation(permission="relief.declare")
def declare_emergency(*, actor: Actor, reason: str, clock: Clock, new: NewEmergency) -> int:
    """Declare an emergency and return its number; the same declaration again is the same emergency. It changes nothing until somebody else approves it.

    Refuses (`invalid_input`) whoever is no officer, and malformed declarations: no place, an unknown one, no month YYYYMM, days that end before they begin or
    last more than a year, no act, nothing that would be changed.
    """
    _require_officer(actor)
    months = tuple(sorted(set(new.months)))
    provinces, communes = (tuple(sorted(set(one))) for one in (new.provinces, new.communes))
    _require_form(new, months, provinces, communes)
    key = repr((new.name.strip(), new.act.strip(), months, provinces, communes, new.to_account, new.otherwise))
    key += f" {new.from_on} {new.until_on}"
    made = row(
        "INSERT INTO relief_emergency (request_key, name, act, months, to_account, otherwise, from_on, until_on, declared_by, declared_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (request_key) DO NOTHING RETURNING emergency_id",
        [
            key,
            new.name.strip(),
            new.act.strip(),
            list(months),
            new.to_account,
            new.otherwise,
            new.from_on,
            new.until_on,
            actor.named(),
            clock.now(),
        ],
    )
    if made is None:
        known = number("SELECT emergency_id FROM relief_emergency WHERE request_key = %s", [key])
        note(emergency=known, already_known=1)
        return known
    emergency_id = int(made[0])
    places = execute(_AREA, {"emergency": emergency_id, "provinces": list(provinces), "communes": list(communes)})
    note(emergency=emergency_id, places=places)
    return emergency_id


@operation(permission="relief.approve")
def approve_emergency(*, actor: Actor, reason: str, clock: Clock, emergency_id: int) -> Emergency:
    """Put a declared emergency in force; approving again changes nothing.

    Refuses `not_found`, `same_person` whoever declared it, `not_in_force` one that was withdrawn or ended, and `already_in_force` where another in force
    covers one of its places.
    """
    _require_officer(actor)
    emergency = read_emergency(emergency_id, held=True)
    if emergency.state is EmergencyState.APPROVED and emergency.approved_by == actor.named():
        return emergency
    if emergency.state is not EmergencyState.DECLARED:
        raise _gone(emergency)
    if emergency.declared_by == actor.named():
        raise SamePerson(
            f"Người lập tình huống khẩn cấp {emergency_id} không được tự phê duyệt; nhờ một cán bộ khác.",
            f"Whoever declared emergency {emergency_id} may not approve it; ask another officer.",
            emergency=emergency_id,
        )
    # Two approvals at once would not see each other's places; one waits for the other.
    execute("SELECT pg_advisory_xact_lock(hashtext('relief.approve'))")
    for other, province in rows(_OVERLAPPING, [emergency_id]):
        raise AlreadyInForce(
            f"Tình huống khẩn cấp {other} đang có hiệu lực ở tỉnh {province}; kết thúc hoặc thu hồi trước khi phê duyệt {emergency_id}.",
            f"Emergency {other} is in force in province {province}; end or withdraw it before {emergency_id} is approved.",
            emergency=emergency_id,
            other=int(other),
        )
    execute(
        "UPDATE relief_emergency SET state = 'approved', approved_by = %s, approved_at = %s WHERE emergency_id = %s",
        [actor.named(), clock.now(), emergency_id],
    )
    execute("UPDATE relief_area SET in_force = true WHERE emergency_id = %s", [emergency_id])
    note(emergency=emergency_id)
    return read_emergency(emergency_id)


@operation(permission="relief.end")
def end_emergency(*, actor: Actor, reason: str, clock: Clock, emergency_id: int) -> Emergency:
    """End an emergency: nothing more goes its way, and what goes it already stays. Ending again changes nothing.

    Refuses `not_found`, and `not_in_force` one that was never approved or was withdrawn.
    """
    _require_officer(actor)
    emergency = read_emergency(emergency_id, held=True)
    if emergency.state is EmergencyState.ENDED:
        return emergency
    if emergency.state is not EmergencyState.APPROVED:
        raise _gone(emergency)
    execute(
        "UPDATE relief_emergency SET state = 'ended', ended_by = %s, ended_at = %s WHERE emergency_id = %s",
        [actor.named(), clock.now(), emergency_id],
    )
    execute("UPDATE relief_area SET in_force = false WHERE emergency_id = %s", [emergency_id])
    note(emergency=emergency_id)
    return read_emergency(emergency_id)


def _gone(emergency: Emergency) -> NotInForce:
    return NotInForce(
        f"Tình huống khẩn cấp {emergency.emergency_id} đang ở trạng thái “{emergency.state}”; hãy lập một tình huống mới.",
        f"Emergency {emergency.emergency_id} is “{emergency.state}”; declare a new one.",
        emergency=emergency.emergency_id,
        state=emergency.state.value,
    )


def _require_officer(actor: Actor) -> None:
    if actor.kind is not ActorKind.OFFICER:
        raise InvalidInput(
            "Bước này phải do cán bộ thực hiện: ansinh --as CÁN_BỘ …",
            "An officer must do this: ansinh --as OFFICER …",
            field="actor",
        )


def _require_form(
    new: NewEmergency, months: tuple[int, ...], provinces: tuple[str, ...], communes: tuple[str, ...]
) -> None:
    for field, text in (("name", new.name), ("act", new.act)):
        if not 0 < len(text.strip()) <= WORDS_MAX or not text.isprintable():
            raise InvalidInput(
                f"“{field}” cần từ 1 đến {WORDS_MAX} ký tự trên một dòng.",
                f"“{field}” needs 1 to {WORDS_MAX} characters on one line.",
                field=field,
            )
    if len(months) > MONTHS_MAX or not all(_is_month(one) for one in months):
        raise InvalidInput(
            f"Nêu tối đa {MONTHS_MAX} tháng gộp chi, dạng YYYYMM.",
            f"Give at most {MONTHS_MAX} months to combine, as YYYYMM.",
            field="months",
        )
    if not timedelta(0) < new.until_on - new.from_on <= timedelta(days=DAYS_MAX):
        raise InvalidInput(
            f"Ngày kết thúc phải sau ngày bắt đầu, không quá {DAYS_MAX} ngày.",
            f"It must end after it begins, within {DAYS_MAX} days.",
            field="until_on",
        )
    if new.otherwise not in set(Otherwise) or not (months or new.to_account or new.otherwise == Otherwise.HOME):
        raise InvalidInput(
            "Nêu tháng gộp chi, chuyển sang tài khoản, hoặc cách chi còn lại là cash hay home.",
            "Say which months to combine, that cash goes to accounts, or that the rest is paid cash or home.",
            field="otherwise",
        )
    if not 0 < len(provinces) + len(communes) <= PLACES_MAX:
        raise InvalidInput("Nêu ít nhất một tỉnh hoặc xã.", "Name at least one province or commune.", field="provinces")
    known = {
        level: {str(code) for (code,) in rows(_KNOWN, [level, list(codes)])}
        for level, codes in (("province", provinces), ("commune", communes))
    }
    unknown = sorted((set(provinces) - known["province"]) | (set(communes) - known["commune"]))
    if unknown:
        raise InvalidInput(
            f"Không có mã địa bàn: {', '.join(unknown)[:WORDS_MAX]}.",
            f"There are no places with the code {', '.join(unknown)[:WORDS_MAX]}.",
            field="provinces",
        )


_KNOWN = "SELECT code FROM places_unit WHERE edition = 'since_july_2025' AND level = %s AND code = ANY(%s)"


def _is_month(number_of_month: int) -> bool:
    try:
        Month.of(number_of_month)
    except ValueError:
        return False
    return True
