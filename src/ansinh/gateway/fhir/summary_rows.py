"""Rows of a summary's tables: what an entry says, in words for whoever reads Vietnamese or English; nothing that the entry does not say."""

from __future__ import annotations

from ansinh.gateway.fhir import codes
from ansinh.gateway.fhir.resources.telling import Resource

NAMED = ("Tên / Name", "Mã / Code", "Ngày ghi / Recorded")
WITH_STATUS = (*NAMED, "Tình trạng / Status")
DONE = ("Tên / Name", "Mã / Code", "Ngày làm / Performed")
ORDERED = ("Thuốc / Medicine", "Cách dùng / Use", "Ngày kê / Ordered")
MEASURED = ("Chỉ số / Test", "Kết quả / Result", "Ngày / Date")
PLANNED = ("Việc / What", "Nơi / Where", "Khi nào / When", "Số giấy / Paper")
_STATUSES = {"active": "đang mắc / active", "resolved": "đã khỏi / resolved"}
_NO_VALUE = "không rõ / unknown"


def code_of(concept: Resource) -> str:
    """Return the first code of a concept."""
    return str(concept.get("coding", [{}])[0].get("code", ""))


def words_of(concept: Resource) -> str:
    """Return a concept in words: its text, and after it what the code system calls it where that is something else."""
    display = concept.get("coding", [{}])[0].get("display")
    text = concept.get("text") or display or code_of(concept)
    return f"{text} / {display}" if display and display != text else str(text)


def plain_cells(one: Resource) -> list[str | None]:
    """Return the row of whatever has a name, a code and a day."""
    told = one["code"].get("coding", [{}])[0].get("system") != codes.ABSENT_OR_UNKNOWN
    return [
        words_of(one["code"]),
        code_of(one["code"]) if told else None,
        _day(one.get("recordedDate") or one.get("performedDateTime")),
    ]


def problem_cells(one: Resource) -> list[str | None]:
    """Return the row of a problem."""
    status = code_of(one["clinicalStatus"])
    return [*plain_cells(one), _STATUSES.get(status, status)]


def medicine_cells(one: Resource) -> list[str | None]:
    """Return the row of a medicine."""
    dosage = one.get("dosage", [{}])[0].get("text")
    return [words_of(one["medicationCodeableConcept"]), dosage, _day(one["effectiveDateTime"])]


def result_cells(one: Resource) -> list[str | None]:
    """Return the row of a result: value and unit, and beside a number what was concluded."""
    quantity = one.get("valueQuantity")
    if quantity is None:
        return [words_of(one["code"]), one.get("valueString") or _NO_VALUE, _day(one["effectiveDateTime"])]
    said = f"{quantity.get('comparator', '')}{quantity['value']} {quantity.get('unit', '')}".strip()
    notes = [each["text"] for each in one.get("note", [])]
    return [words_of(one["code"]), "; ".join((said, *notes)), _day(one["effectiveDateTime"])]


def plan_cells(one: Resource) -> list[str | None]:
    """Return the row of a referral, good until a day, or of a re-examination, due on a day and possible until another."""
    number = one["identifier"][0]["value"]
    reason = words_of(one["reasonCode"][0]) if "reasonCode" in one else ""
    if one["resourceType"] == "Appointment":
        what, where = words_of(one["appointmentType"]), one["participant"][-1].get("actor")
        due, last = _day(one["start"]), _day(one.get("requestedPeriod", [{}])[0].get("end"))
        when = f"{due} (đến hết / until {last})" if last and last != due else due
    else:
        what, where = words_of(one["code"]), one.get("performer", [None])[0]
        last = _day(one.get("occurrencePeriod", {}).get("end"))
        when = f"đến hết / until {last}" if last else _day(one["authoredOn"])
    return [f"{what}: {reason}" if reason else what, _place(where), when, number]


def _place(reference: Resource | None) -> str | None:
    """Return a facility by its name, or by its code."""
    return (reference.get("display") or reference.get("identifier", {}).get("value")) if reference else None


def _day(text: object) -> str:
    """Return a day as Vietnamese readers write it."""
    return "/".join(reversed(str(text)[:10].split("-"))) if text else ""
