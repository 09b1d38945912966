"""The indicators of Project 06: key, words, unit, target, and how each follows from daily counters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Totals = dict[str, int]
"""Series → the sum of its daily counters up to a day; `DAY` → that day's own number, as `date.toordinal` counts."""

DAY = "day"

# Decision 1813/QD-TTg of 2021: of urban recipients of social-insurance and unemployment benefits, the share to be paid other than in cash.
_URBAN_TARGET = 60.0


@dataclass(frozen=True, slots=True)
class Indicator:
    """One figure: `value` turns the totals at a day into it; `unit` is a word of the report (persons, lookups, percent)."""

    key: str
    vi: str
    en: str
    unit: str
    value: Callable[[Totals], float | int | None]
    target: float | None = None


def _share(part: str, whole: str) -> Callable[[Totals], float | None]:
    return lambda totals: round(100 * totals[part] / totals[whole], 2) if totals[whole] else None


def _over(target: float, part: str, whole: str) -> Callable[[Totals], float | None]:
    """Points a share lies over its target, below zero where it falls short."""
    share = _share(part, whole)

    def points(totals: Totals) -> float | None:
        reached = share(totals)
        return None if reached is None else round(reached - target, 2)

    return points


def _total(series: str) -> Callable[[Totals], int]:
    return lambda totals: totals[series]


def _days_waited(open_things: str, opened_on: str) -> Callable[[Totals], float | None]:
    """Mean age, in days, of what is open at the end of the day."""
    return lambda totals: (
        round(totals[DAY] - totals[opened_on] / totals[open_things], 1) if totals[open_things] else None
    )


INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        "people.authenticated",
        "Số người được xác thực với CSDL quốc gia về dân cư",
        "Persons authenticated against the population register",
        "persons",
        _total("people.authenticated"),
    ),
    Indicator(
        "people.participants_authenticated",
        "Số người tham gia được xác thực",
        "Participants authenticated",
        "persons",
        _total("people.participants_authenticated"),
    ),
    Indicator(
        "people.participants_share",
        "Tỷ lệ người tham gia được xác thực (không kể lực lượng vũ trang và thân nhân)",
        "Share of participants authenticated (armed forces and relatives excluded)",
        "percent",
        _share("people.participants_authenticated", "people.participants_decided"),
        target=100.0,
    ),
    Indicator(
        "people.pin_share",
        "Tỷ lệ người có mã số BHXH đã có số định danh cá nhân thay thế",
        "Share of holders of an SI code who have their personal identification number",
        "percent",
        _share("people.code_holders_with_pin", "people.code_holders"),
        target=100.0,
    ),
    Indicator(
        "people.candidates_open",
        "Số hồ sơ nghi vấn chờ cán bộ xem xét",
        "Doubtful records that wait for an officer",
        "persons",
        _total("people.candidates_open"),
    ),
    Indicator(
        "people.candidates_age",
        "Thời gian chờ trung bình của hồ sơ nghi vấn",
        "Mean age of doubtful records that wait",
        "days",
        _days_waited("people.candidates_open", "people.candidates_opened_on"),
    ),
    Indicator(
        "pay.account_share.national",
        "Tỷ lệ người nhận lương hưu, trợ cấp BHXH hằng tháng qua tài khoản (kỳ chi trả gần nhất)",
        "Share of persons paid monthly pensions and allowances who are paid through an account, in the newest monthly run",
        "percent",
        _share("pay.persons_by_account", "pay.persons"),
    ),
    Indicator(
        "pay.account_share.urban",
        "Tỷ lệ người hưởng BHXH và trợ cấp thất nghiệp ở đô thị nhận qua tài khoản",
        "Share of urban recipients of social-insurance and unemployment benefits, taken together, who are paid through an account",
        "percent",
        _share("pay.urban_by_account", "pay.urban"),
        target=_URBAN_TARGET,
    ),
    Indicator(
        "pay.account_share.urban_target_gap",
        "Vượt chỉ tiêu 60 % ở đô thị của Quyết định 1813/QĐ-TTg (điểm phần trăm)",
        "Points over the urban target of 60 % (Decision 1813/QD-TTg)",
        "points",
        _over(_URBAN_TARGET, "pay.urban_by_account", "pay.urban"),
        target=0.0,
    ),
    Indicator(
        "cards.facilities_share",
        "Tỷ lệ cơ sở khám chữa bệnh BHYT đã tra cứu thẻ bằng căn cước",
        "Share of facilities that look cards up by citizen card",
        "percent",
        _share("cards.facilities_active", "cards.facilities"),
        target=100.0,
    ),
    Indicator(
        "cards.lookups_successful",
        "Lượt tra cứu thẻ BHYT thành công",
        "Successful card look-ups",
        "lookups",
        _total("cards.lookups_successful"),
    ),
    Indicator(
        "cards.lookups_unsuccessful",
        "Lượt tra cứu thẻ BHYT không thành công",
        "Card look-ups that found nobody or were refused",
        "lookups",
        _total("cards.lookups_unsuccessful"),
    ),
    Indicator(
        "cards.lookups_by_card_number",
        "Lượt tra cứu thẻ BHYT thành công bằng số thẻ",
        "Successful card look-ups by card number",
        "lookups",
        _total("cards.lookups_by_card_number"),
    ),
    Indicator(
        "cards.citizen_card_share",
        "Tỷ lệ lượt tra cứu thành công bằng căn cước",
        "Share of successful look-ups made by citizen card",
        "percent",
        _share("cards.lookups_by_citizen_card", "cards.lookups_successful"),
    ),
    Indicator(
        "cards.lookups_by_citizen_card",
        "Lượt tra cứu thẻ BHYT thành công bằng căn cước",
        "Successful card look-ups by citizen card",
        "lookups",
        _total("cards.lookups_by_citizen_card"),
    ),
    Indicator(
        "eid.book_lookups",
        "Lượt tra cứu sổ bảo hiểm xã hội trên ứng dụng định danh điện tử",
        "Contribution-book look-ups for the e-ID app",
        "lookups",
        _total("eid.book_lookups"),
    ),
)
