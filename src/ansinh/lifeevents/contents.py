"""What is said about a birth or a death, by hospitals and by applicants: typed, bounded, and checked before anything is kept."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec

from ansinh.foundation.errors import InvalidInput

Name = Annotated[str, msgspec.Meta(min_length=2, max_length=255)]
Pin = Annotated[str, msgspec.Meta(pattern="^[0-9]{12}$")]
PinOrNone = Annotated[str, msgspec.Meta(pattern="^([0-9]{12})?$")]
Facility = Annotated[str, msgspec.Meta(pattern="^[0-9A-Z]{5}$")]
Certificate = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,6}\.[A-Z]{2,3}\.[0-9A-Z]{5}\.[0-9]{2}$")]
Day = Annotated[str, msgspec.Meta(pattern="^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$")]
Sex = Annotated[str, msgspec.Meta(pattern="^[MF]$")]
# Whom the applicant names, to confirm by e-ID.
Confirming = Annotated[list[Pin], msgspec.Meta(max_length=10)]
Place = Annotated[str, msgspec.Meta(pattern="^[0-9]{2}/[0-9]{5}$")]


class BirthCertificate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A hospital's birth certificate, one for each child (Circular 22/2025/TT-BYT): what the procedure needs of it."""

    certificate: Certificate
    facility: Facility
    mother_pin: PinOrNone
    mother_name: Name
    born_at: datetime
    sex: Sex
    weight_g: Annotated[int, msgspec.Meta(ge=200, le=9_000)]
    intended_name: Annotated[str, msgspec.Meta(max_length=255)] = ""


class DeathNotice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A hospital's death notice (Circular 25/2025/TT-BYT). The cause of death is not among it: payments need not know it."""

    certificate: Certificate
    facility: Facility
    pin: Pin
    full_name: Name
    birth_date: Day
    died_at: datetime


class BirthForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a parent states (form 01 of Decree 63/2024): the child's name, the home, and the facility of first contact for the card."""

    certificate: Certificate
    applicant_pin: Pin
    full_name: Name
    first_contact_facility: Facility
    home: Place
    father_pin: PinOrNone = ""
    confirming: Confirming = []


class DeathForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a relative states: who died and when, who asks, and which procedures besides registration they pick."""

    applicant_pin: Pin
    pin: Pin
    died_at: datetime
    picks: list[str] = []
    certificate: Annotated[str, msgspec.Meta(max_length=40)] = ""
    relatives: list[dict[str, Any]] = []
    confirming: Confirming = []


class Move(msgspec.Struct, frozen=True):
    """A change of residence the register told of, under the name of its event; `withdrawn`: the register took one back, and this is where they live."""

    pin: Pin
    province: Annotated[str, msgspec.Meta(pattern="^[0-9]{2}$")]
    commune: Annotated[str, msgspec.Meta(pattern="^[0-9]{5}$")]
    event: str
    withdrawn: bool = False


def read(content: dict[str, Any], form: Any) -> Any:
    """Return the content as its form; raises InvalidInput that names the field."""
    try:
        found = msgspec.convert(content, form)
    except msgspec.ValidationError as error:
        field = str(error).rpartition("`$")[2].strip("`.") or "content"
        raise InvalidInput(
            f"Nội dung chưa đúng ở mục “{field}”.", f"The content is wrong at “{field}”: {error}", field=field
        ) from error
    for name in ("born_at", "died_at"):
        moment = getattr(found, name, None)
        if moment is not None and moment.tzinfo is None:
            raise InvalidInput("Giờ phải kèm múi giờ.", "A moment is given with its offset.", field=name)
    return found
