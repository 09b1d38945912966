"""What applicants may state because no register knows it, as a table: by kind of file, with the paper that shows each and who gives it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ansinh.benefits.file_states import FileKind
from ansinh.benefits.gathering.asked import File
from ansinh.benefits.gathering.found import STATED, Fact, Missing, fact
from ansinh.foundation.errors import InvalidInput

RELATIVES_MAX = 20
_LENGTH_MAX = 200
AMOUNT_MAX = 1_000_000_000

KINSHIP: dict[str, tuple[str, str]] = {
    "child": ("con", "child"),
    "spouse": ("vợ hoặc chồng", "spouse"),
    "parent": ("cha, mẹ", "parent"),
    "parent_in_law": ("cha, mẹ vợ hoặc chồng", "parent-in-law"),
    "other_dependant": ("người khác phải nuôi dưỡng", "other dependant"),
}
WITHDRAWAL_REASONS: dict[str, tuple[str, str]] = {
    "left_work": ("nghỉ việc, không đóng nữa", "left work"),
    "retirement_age": ("đủ tuổi nghỉ hưu, chưa đủ năm đóng", "retirement age without enough years"),
    "emigration": ("ra nước ngoài để định cư", "emigration"),
    "grave_illness": ("mắc bệnh hiểm nghèo", "grave illness"),
    "capacity_loss": ("suy giảm khả năng lao động từ 81 %", "loss of capacity of 81 % or more"),
    "armed_forces": ("thôi phục vụ lực lượng vũ trang", "left the armed forces"),
}


@dataclass(frozen=True, slots=True)
class Statement:
    """Something that may be stated. `form` is day, yes_no, number, amount, percent, relatives, or the words to choose from joined by |."""

    key: str
    vi: str
    en: str
    form: str
    paper_vi: str
    paper_en: str
    where_vi: str
    where_en: str

    def missing(self) -> Missing:
        """Return it as a fact that is missing."""
        return Missing(self.key, self.vi, self.en, self.paper_vi, self.paper_en, self.where_vi, self.where_en)


_MEDICAL = ("biên bản giám định y khoa", "medical assessment", "Hội đồng giám định y khoa", "medical assessment board")
_DEATH = ("trích lục khai tử", "extract of the death registration", "Ủy ban nhân dân cấp xã", "commune")
_BIRTH = ("giấy khai sinh, kết hôn", "birth or marriage certificate", "Ủy ban nhân dân cấp xã", "commune")
_EMPLOYER = (
    "quyết định thôi việc, chấm dứt hợp đồng",
    "decision that ends the work",
    "người sử dụng lao động",
    "employer",
)
_POOR = ("xác nhận hộ nghèo, cận nghèo", "word that the household is poor", "Ủy ban nhân dân cấp xã", "commune")
_FORM = ("đơn đề nghị", "application form", "người nộp", "applicant")
_ACCIDENT = ("biên bản điều tra tai nạn lao động", "accident report", "người sử dụng lao động", "employer")
_RECEIPT = ("chứng từ đóng", "receipt", "cơ quan BHXH", "agency")

_CAPACITY = Statement(
    "capacity_loss", "mức suy giảm khả năng lao động", "loss of working capacity", "percent", *_MEDICAL
)
_CONCLUDED = Statement(
    "medical_conclusion", "ngày kết luận giám định", "day of the medical conclusion", "day", *_MEDICAL
)
_WORK_ENDED = Statement("work_ended", "ngày chấm dứt hợp đồng, thôi việc", "last day of work", "day", *_EMPLOYER)
_PAID_IN = Statement(
    "missing_months_paid", "số tháng còn thiếu đã đóng một lần", "missing months paid at once", "number", *_RECEIPT
)
_PAID_IN_ON = Statement(
    "missing_months_paid_on", "ngày đóng số tháng còn thiếu", "day they were paid", "day", *_RECEIPT
)
_DIED = Statement("died", "ngày chết", "day of death", "day", *_DEATH)
_WORK_DEATH = Statement(
    "work_death", "chết do tai nạn lao động, bệnh nghề nghiệp", "died of work", "yes_no", *_ACCIDENT
)
_RELATIVES = Statement("relatives", "thân nhân của người chết", "relatives of the deceased", "relatives", *_BIRTH)
_CHOICE = Statement("choice", "chọn hưởng hằng tháng hoặc một lần", "monthly or once", "monthly|one_off", *_FORM)
_WHY_OUT = Statement(
    "withdrawal_reason", "lý do hưởng một lần", "reason of the withdrawal", "|".join(WITHDRAWAL_REASONS), *_FORM
)
_BROKE = Statement(
    "broke_contract",
    "đơn phương chấm dứt hợp đồng trái pháp luật",
    "broke the contract unlawfully",
    "yes_no",
    *_EMPLOYER,
)
_CONTRACT_END = Statement("contract_end", "ngày chấm dứt hợp đồng", "day the contract ended", "day", *_EMPLOYER)
_CONTRACT_MONTHS = Statement(
    "contract_months",
    "thời hạn hợp đồng, tháng (0: không thời hạn)",
    "term of the contract, months (0: none)",
    "number",
    *_EMPLOYER,
)
_FOUND_WORK = Statement("found_work", "đã có việc làm", "has found work", "yes_no", *_FORM)
_IS_POOR = Statement("poor", "thuộc hộ nghèo, cận nghèo", "lives in a poor household", "yes_no", *_POOR)
_ALLOWANCE = Statement(
    "social_allowance", "trợ cấp xã hội hằng tháng đang hưởng", "monthly social allowance", "amount", *_POOR
)
_CAREER = (_CAPACITY, _CONCLUDED, _WORK_ENDED, _PAID_IN, _PAID_IN_ON)

STATEMENTS: dict[FileKind, tuple[Statement, ...]] = {
    FileKind.RETIREMENT: _CAREER,
    FileKind.RETIREMENT_EXTRA: _CAREER,
    FileKind.ONE_OFF: (_WHY_OUT, _CAPACITY),
    FileKind.FUNERAL: (_DIED, _WORK_DEATH),
    FileKind.SURVIVORS: (_DIED, _WORK_DEATH, _RELATIVES, _CHOICE),
    FileKind.UNEMPLOYMENT: (_CONTRACT_END, _CONTRACT_MONTHS, _BROKE, _FOUND_WORK),
    FileKind.SOCIAL_PENSION: (_IS_POOR, _ALLOWANCE),
    FileKind.BRIDGE: (_IS_POOR,),
}


def statement(kind: FileKind, key: str) -> Statement:
    """Return what may be stated under a key; raises InvalidInput that lists what may be."""
    for one in STATEMENTS[kind]:
        if one.key == key:
            return one
    may = ", ".join(one.key for one in STATEMENTS[kind])
    raise InvalidInput(
        f"Hồ sơ này không cần khai “{key}”. Có thể khai: {may}.",
        f"This file has no use for “{key}”. It may state: {may}.",
        field=key,
    )


def checked(kind: FileKind, stated: Mapping[str, Any]) -> dict[str, Any]:
    """Return statements in their plain form; raises InvalidInput for one nobody asks for, or of the wrong form."""
    return {key: _formed(statement(kind, key), value) for key, value in stated.items()}


def _formed(asked: Statement, value: Any) -> Any:
    formed = _FORMS.get(asked.form, lambda one: one if one in asked.form.split("|") else None)(value)
    if formed is None:
        raise InvalidInput(
            f"{asked.key} ({asked.vi}): “{str(value)[:_LENGTH_MAX]}” không đúng dạng {asked.form}.",
            f"{asked.key} ({asked.en}): “{str(value)[:_LENGTH_MAX]}” has not the form {asked.form}.",
            field=asked.key,
        )
    return formed


def _day(value: Any) -> str | None:
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        return None


def _yes_no(value: Any) -> bool | None:
    return {"true": True, "yes": True, "có": True, "false": False, "no": False, "không": False}.get(str(value).lower())


def _whole(most: int, value: Any) -> int | None:
    text = str(value)
    sound = text.isascii() and text.isdigit() and len(text) <= len(str(most))
    return int(text) if sound and int(text) <= most else None


def _relatives(value: Any) -> list[dict[str, Any]] | None:
    """Return relatives as (person, kinship and what only papers tell); a text is written like 1234:child,1235:spouse."""
    if isinstance(value, str):
        value = [dict(zip(("person", "kinship"), one.split(":"), strict=False)) for one in value.split(",")]
    if not isinstance(value, list) or not 0 < len(value) <= RELATIVES_MAX:
        return None
    found = [_relative(one) for one in value]
    persons = {one["person"] for one in found if one}
    return None if len(persons) != len(found) else [one for one in found if one]


_OF_RELATIVES = {
    "person": lambda one: _whole(10**15, one),
    "kinship": lambda one: one if one in KINSHIP else None,
    "capacity_loss": lambda one: _whole(100, one),
    "monthly_income": lambda one: _whole(AMOUNT_MAX, one),
    "without_carer": _yes_no,
}


def _relative(value: Any) -> dict[str, Any] | None:
    if not isinstance(value, dict) or not {"person", "kinship"} <= value.keys() <= _OF_RELATIVES.keys():
        return None
    formed = {key: _OF_RELATIVES[key](one) for key, one in value.items()}
    return None if None in formed.values() else formed


_FORMS: dict[str, Any] = {
    "day": _day,
    "yes_no": _yes_no,
    "number": lambda one: _whole(1_200, one),
    "amount": lambda one: _whole(AMOUNT_MAX, one),
    "percent": lambda one: _whole(100, one),
    "relatives": _relatives,
}


def stated_facts(file: File) -> list[Fact]:
    """Return what the applicant stated as facts, each with the paper that shows it."""
    found = []
    for key, value in file.stated.items():
        asked = statement(file.kind, key)
        if asked.form == "relatives":
            continue
        source = (f"{STATED[0]}, kèm {asked.paper_vi}", f"{STATED[1]}, with {asked.paper_en}")
        said = "/".join(reversed(str(value).split("-"))) if asked.form == "day" else _said(value)
        found.append(fact(key, (asked.vi, asked.en), said, source))
    return found


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "có · yes" if value else "không · no"
    return WITHDRAWAL_REASONS[value][0] if value in WITHDRAWAL_REASONS else str(value)
