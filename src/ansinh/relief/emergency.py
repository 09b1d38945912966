"""An emergency as the steps see it, and whether an order lies in its area."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ansinh.database.sql import row
from ansinh.foundation.errors import NotFound, Refusal
from ansinh.relief.states import EmergencyState, Otherwise


class NotInForce(Refusal):
    """The emergency is in a state, or the day lies outside its days, that does not permit the step."""

    code = "not_in_force"


@dataclass(frozen=True)
class Emergency:
    """An emergency: `months` are paid together, `to_account` and `otherwise` say how people are reached, between half-open days."""

    emergency_id: int
    name: str
    act: str
    months: tuple[int, ...]
    to_account: bool
    otherwise: Otherwise
    from_on: date
    until_on: date
    state: EmergencyState
    declared_by: str
    approved_by: str | None


_COLUMNS = "emergency_id, name, act, months, to_account, otherwise, from_on, until_on, state, declared_by, approved_by"
_IN_AREA = "EXISTS (SELECT FROM relief_area r WHERE r.emergency_id = {} AND r.province = {}.province AND r.commune IN ('', coalesce({}.commune, '')))"


def read_emergency(emergency_id: int, *, held: bool = False) -> Emergency:
    """Return the emergency, held until the transaction ends where asked for; raises NotFound."""
    found = row(
        f"SELECT {_COLUMNS} FROM relief_emergency WHERE emergency_id = %s{' FOR UPDATE' if held else ''}",
        [emergency_id],
    )
    if found is None:
        raise NotFound(
            f"Không có tình huống khẩn cấp số {emergency_id}. Xem danh sách: ansinh pay emergency list",
            f"There is no emergency {emergency_id}. List them: ansinh pay emergency list",
            emergency=emergency_id,
        )
    number, name, act, months, to_account, otherwise, from_on, until_on, state, declared_by, approved_by = found
    return Emergency(
        number,
        name,
        act,
        tuple(months),
        to_account,
        Otherwise(otherwise),
        from_on,
        until_on,
        EmergencyState(state),
        declared_by,
        approved_by,
    )


def require_in_force(emergency: Emergency, today: date) -> None:
    """Refuse (`not_in_force`) an emergency that is not approved, or a day before or after its days."""
    if emergency.state is not EmergencyState.APPROVED or not emergency.from_on <= today < emergency.until_on:
        raise NotInForce(
            f"Tình huống khẩn cấp {emergency.emergency_id} đang ở trạng thái “{emergency.state}”, hiệu lực từ {emergency.from_on:%d/%m/%Y} đến trước"
            f" {emergency.until_on:%d/%m/%Y}; bước này cần trạng thái “approved” và một ngày trong thời hạn.",
            f"Emergency {emergency.emergency_id} is “{emergency.state}”, in force from {emergency.from_on.isoformat()} until"
            f" {emergency.until_on.isoformat()}; this step needs it approved, on one of those days.",
            emergency=emergency.emergency_id,
            state=emergency.state.value,
        )


def in_area(emergency_id: int, order: str = "o") -> str:
    """Return, as SQL over an order's columns, whether it lies in the area: by the places frozen in it."""
    return _IN_AREA.format(int(emergency_id), order, order)
