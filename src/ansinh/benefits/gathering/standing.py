"""What a person draws already, so that nothing is granted twice."""

from __future__ import annotations

from datetime import datetime

from ansinh.benefits.file_states import FILE_KINDS, FileKind
from ansinh.benefits.gathering.registers import drawn_in, month_of_moment
from ansinh.benefits.states import Kind
from ansinh.database.sql import row
from ansinh.foundation.errors import Refusal

# Who draws one of these monthly has no use for the file.
_MONTHLY: dict[FileKind, tuple[Kind, ...]] = {
    FileKind.RETIREMENT: (Kind.PENSION,),
    FileKind.ONE_OFF: (Kind.PENSION,),
    FileKind.UNEMPLOYMENT: (Kind.UNEMPLOYMENT,),
    FileKind.SOCIAL_PENSION: (Kind.SOCIAL_PENSION, Kind.PENSION),
    FileKind.BRIDGE: (Kind.BRIDGE, Kind.PENSION, Kind.SOCIAL_PENSION),
}
# Paid once for an insured person, whoever asks.
_ONCE: dict[FileKind, Kind] = {
    FileKind.FUNERAL: Kind.FUNERAL,
    FileKind.RETIREMENT_EXTRA: Kind.RETIREMENT_EXTRA,
    FileKind.ONE_OFF: Kind.ONE_OFF_WITHDRAWAL,
}


class AlreadyDrawn(Refusal):
    """The benefit was granted before."""

    code = "already_drawn"


def refuse_what_is_drawn(kind: FileKind, person_id: int, insured_person_id: int, moment: datetime) -> None:
    """Raise AlreadyDrawn when the person draws the benefit, or it was paid once from this insurance."""
    monthly = {one.kind for one in drawn_in(person_id, month_of_moment(moment))}
    drawn = next((one for one in _MONTHLY.get(kind, ()) if one in monthly), None)
    once = _ONCE.get(kind)
    if drawn is None and once is not None and _granted_once(once, insured_person_id):
        drawn = once
    if drawn is not None:
        vi, en = FILE_KINDS[kind]
        raise AlreadyDrawn(
            f"{vi}: người này đã được hưởng ({drawn}). Xem: ansinh benefits show {person_id}.",
            f"{en}: granted before ({drawn}). See: ansinh benefits show {person_id}.",
            person=person_id,
        )


def _granted_once(kind: Kind, insured_person_id: int) -> bool:
    found = row(
        "SELECT EXISTS (SELECT FROM benefits_entitlement WHERE insured_person_id = %s AND kind = %s)",
        [insured_person_id, kind.value],
    )
    return bool(found and found[0])
