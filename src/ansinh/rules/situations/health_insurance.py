"""“Until when does the child's card run?”, “What share of the bill does the fund pay?”"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

import msgspec

from ansinh.foundation.errors import InvalidInput
from ansinh.rules.calculation import unknown
from ansinh.rules.explanations import Explanation, Step, parameter_applied
from ansinh.rules.explanations.citing import cited_vi
from ansinh.rules.explanations.telling import shown
from ansinh.rules.health_insurance import Care, Path, Visit, ceiling_on, child_card_until, share_per_ten_thousand
from ansinh.rules.situations.answers import Answer, Result
from ansinh.rules.situations.reading import day_of

_CHILD = "Law 51/2024/QH15 art. 16; Decree 188/2025/NĐ-CP art. 13(2)"
_SHARE = "Law 51/2024/QH15 art. 22; Decree 188/2025/NĐ-CP art. 18"


class ChildCardCase(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="ask", tag="child_card"
):
    """The card of a child under six."""

    born: str | int
    title: str = ""

    def answer(self) -> Answer:
        """Return the last day of the card; raises InvalidInput."""
        born = day_of(self.born, "born")
        last = child_card_until(born) - timedelta(days=1)
        born_text, last_text = shown(born.isoformat(), "", "vi"), shown(last.isoformat(), "", "vi")
        step = Step(
            "card_valid_until",
            f"Trẻ sinh ngày {born_text}: thẻ bảo hiểm y tế có giá trị đến hết ngày {last_text} (ngày cuối tháng đủ 72 tháng tuổi; nếu đủ trước ngày 30/9 "
            "thì đến hết ngày 30/9 năm đó).",
            f"Born on {born_text}: the card runs until {last_text} (the end of the month of 72 months, or 30 September of that year when that is later).",
            last.isoformat(),
            _CHILD,
            cited_vi(_CHILD),
            (),
        )
        return Answer(born.isoformat(), (Result("card_valid_until", last.isoformat(), ""),), Explanation((step,)))


class HealthShareCase(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="ask", tag="health_share"
):
    """A bill of the day `on` for a card of a benefit `level`; `copaid` is what was paid oneself this year after five continuous years."""

    on: str
    level: Literal[1, 2, 3, 4, 5]
    cost: int
    path: Literal["right", "wrong", "emergency", "listed_disease"] = "right"
    care: Literal["primary", "basic", "specialised"] = "basic"
    inpatient: bool = False
    area: str | None = None
    high_score: bool = False
    five_years: bool = False
    copaid: int = 0
    title: str = ""

    def answer(self) -> Answer:
        """Return share, what the fund and the patient pay, and the ceiling; raises InvalidInput and ParameterUnknown."""
        day = day_of(self.on, "on")
        if self.cost < 0 or self.copaid < 0:
            raise InvalidInput("Chi phí không thể âm.", "A cost is never negative.", field="cost")
        visit = Visit(day, Path(self.path), Care(self.care), self.inpatient, self.cost, self.area, self.high_score)
        try:
            ceiling = ceiling_on(day)
            exempt_on = day if self.five_years and self.copaid > ceiling else None
            share = share_per_ten_thousand(self.level, visit, exempt_on)
        except LookupError as error:
            raise unknown(str(error).split(" ", 1)[0], day.isoformat()) from error
        fund = (self.cost * share + 5_000) // 10_000
        return Answer(
            day.isoformat(),
            (
                Result("share_percent", share / 100, "percent"),
                Result("fund_pays", fund, "currency-VND"),
                Result("patient_pays", self.cost - fund, "currency-VND"),
                Result("copayment_ceiling", ceiling, "currency-VND"),
            ),
            Explanation((_ceiling_step(ceiling, day), self._share_step(share / 100, fund, day))),
        )

    def _share_step(self, share: float, fund: int, day: date) -> Step:
        applied = parameter_applied(f"health_insurance.share.level_{self.level}", day.isoformat())
        said = {
            language: (shown(share, "", language), shown(self.cost, "dong", language), shown(fund, "dong", language))
            for language in ("vi", "en")
        }
        return Step(
            "fund_pays",
            "Quỹ bảo hiểm y tế thanh toán {}% × {} = {}.".format(*said["vi"]),
            "The fund pays {}% × {} = {}.".format(*said["en"]),
            fund,
            _SHARE,
            cited_vi(_SHARE),
            (applied,),
        )


def _ceiling_step(ceiling: int, day: date) -> Step:
    names = ("health_insurance.copayment.ceiling_multiple", "pay.reference_level")
    multiple, level = (parameter_applied(name, day.isoformat()) for name in names)
    vi = f"{shown(multiple.value, '', 'vi')} × {shown(level.value, 'dong', 'vi')} = {shown(ceiling, 'dong', 'vi')}"
    en = f"{shown(multiple.value, '', 'en')} × {shown(level.value, 'dong', 'en')} = {shown(ceiling, 'dong', 'en')}"
    return Step(
        "copayment_ceiling",
        f"Mức cùng chi trả trong năm mà vượt quá thì được thanh toán 100% (đã tham gia 5 năm liên tục trở lên): {vi}.",
        f"Own payments of a year above which the fund pays all, after five continuous years: {en}.",
        ceiling,
        _SHARE,
        cited_vi(_SHARE),
        (multiple, level),
    )
