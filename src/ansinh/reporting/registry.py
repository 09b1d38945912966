"""The indicators of Project 06: key, words, unit, target, and how each follows from daily counters."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from ansinh.reporting.service_series import DAYS_COUNTED_MAX, TELLERS
from ansinh.reporting.service_series import KINDS as SERVICE_KINDS

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


def _short_of(target: float, part: str, whole: str) -> Callable[[Totals], int]:
    """Persons a share falls short of its target."""
    return lambda totals: max(0, math.ceil(totals[whole] * target / 100) - totals[part])


def _total(series: str) -> Callable[[Totals], int]:
    return lambda totals: totals[series]


def _days_waited(open_things: str, opened_on: str) -> Callable[[Totals], float | None]:
    """Mean age, in days, of what is open at the end of the day."""
    return lambda totals: (
        round(totals[DAY] - totals[opened_on] / totals[open_things], 1) if totals[open_things] else None
    )


def _sum_of(*series: str) -> Callable[[Totals], int]:
    return lambda totals: sum(totals[one] for one in series)


def _unsettled(totals: Totals) -> int:
    return (
        totals["healthbook.submissions"]
        - totals["healthbook.submissions_accepted"]
        - totals["healthbook.submissions_rejected"]
    )


def _mean(whole: str, count: str) -> Callable[[Totals], float | None]:
    return lambda totals: round(totals[whole] / totals[count], 1) if totals[count] else None


def _median_days(*kinds: str) -> Callable[[Totals], int | None]:
    """The working days within which half of all files were settled."""

    def median(totals: Totals) -> int | None:
        took = [sum(totals[f"services.{kind}_days_{n:02}"] for kind in kinds) for n in range(DAYS_COUNTED_MAX + 1)]
        half, so_far = sum(took) / 2, 0
        for days, files in enumerate(took):
            so_far += files
            if files and so_far >= half:
                return days
        return None

    return median


def _on_time(*kinds: str) -> Callable[[Totals], float | None]:
    def share(totals: Totals) -> float | None:
        files = sum(totals[f"services.{kind}"] for kind in kinds)
        late = sum(totals[f"services.{kind}_late"] for kind in kinds)
        return round(100 * (files - late) / files, 2) if files else None

    return share


def _of_service(kind: str, key: str, vi: str, en: str) -> tuple[Indicator, ...]:
    """Figures of one kind of interlinked service: settled, in time, late, half within so many working days."""
    return (
        Indicator(f"services.{key}", vi, en, "files", _total(f"services.{kind}")),
        Indicator(f"services.{key}.on_time", f"{vi}: đúng hạn", f"{en}: in time", "percent", _on_time(kind)),
        Indicator(f"services.{key}.late", f"{vi}: quá hạn", f"{en}: late", "files", _total(f"services.{kind}_late")),
        Indicator(
            f"services.{key}.median_days",
            f"{vi}: trung vị số ngày làm việc",
            f"{en}: median working days",
            "days",
            _median_days(kind),
        ),
    )


def _told(word: str) -> Callable[[Totals], int]:
    return lambda totals: sum(totals[f"events.{word}.{teller}"] for teller in TELLERS)


SERVICE_INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        "services.files",
        "Số hồ sơ thủ tục liên thông đã giải quyết",
        "Files of interlinked services settled",
        "files",
        _sum_of(*(f"services.{kind}" for kind in SERVICE_KINDS)),
    ),
    Indicator(
        "services.files.on_time",
        "Tỷ lệ hồ sơ liên thông giải quyết đúng hạn",
        "Share of interlinked files settled in time",
        "percent",
        _on_time(*SERVICE_KINDS),
        target=100.0,
    ),
    Indicator(
        "services.files.late",
        "Số hồ sơ liên thông quá hạn",
        "Interlinked files settled late",
        "files",
        _sum_of(*(f"services.{kind}_late" for kind in SERVICE_KINDS)),
    ),
    Indicator(
        "services.files.median_days",
        "Trung vị số ngày làm việc giải quyết hồ sơ liên thông",
        "Median working days of interlinked files",
        "days",
        _median_days(*SERVICE_KINDS),
    ),
    *_of_service("child_card", "child_cards", "Cấp thẻ BHYT trẻ em dưới 6 tuổi", "Health cards of children under six"),
    *_of_service("funeral", "funeral", "Trợ cấp mai táng", "Funeral allowances"),
    *_of_service("death", "death", "Trợ cấp tử tuất", "Death allowances"),
    Indicator(
        "services.in_house",
        "Số hồ sơ cơ quan tự mở đã giải quyết",
        "Settled of files that opened themselves",
        "files",
        _total("services.in_house"),
    ),
    Indicator(
        "events.received", "Sự kiện nhận từ các đơn vị", "Events heard from partners", "events", _told("received")
    ),
    Indicator("events.applied", "Sự kiện đã thực hiện", "Events that had their effect", "events", _told("applied")),
    Indicator(
        "events.parked",
        "Sự kiện để riêng chờ xử lý",
        "Events parked",
        "events",
        lambda totals: _told("received")(totals) - _told("applied")(totals),
    ),
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
        "pay.account_share.urban_insurance",
        "Tỷ lệ người hưởng BHXH hằng tháng ở đô thị nhận qua tài khoản",
        "Share of urban recipients of monthly social-insurance benefits who are paid through an account",
        "percent",
        _share("pay.urban_insured_by_account", "pay.urban_insured"),
    ),
    Indicator(
        "pay.account_share.urban_unemployment",
        "Tỷ lệ người hưởng trợ cấp thất nghiệp ở đô thị nhận qua tài khoản",
        "Share of urban recipients of unemployment benefits who are paid through an account",
        "percent",
        _share("pay.urban_unemployed_by_account", "pay.urban_unemployed"),
    ),
    Indicator(
        "pay.account_share.one_off",
        "Tỷ lệ người hưởng trợ cấp một lần nhận qua tài khoản (tháng gần nhất có chi)",
        "Share of persons paid a one-off benefit who are paid through an account, in the newest month that paid any",
        "percent",
        _share("pay.one_off_by_account", "pay.one_off"),
    ),
    Indicator(
        "pay.account_share.urban_one_off",
        "Tỷ lệ người hưởng trợ cấp một lần ở đô thị nhận qua tài khoản",
        "Share of urban persons paid a one-off benefit who are paid through an account",
        "percent",
        _share("pay.urban_one_off_by_account", "pay.urban_one_off"),
    ),
    Indicator(
        "pay.account_share.urban_missing",
        "Số người ở đô thị cần thêm tài khoản để đạt 60 %",
        "Urban recipients who still need an account to reach the target of 60 %",
        "persons",
        _short_of(_URBAN_TARGET, "pay.urban_by_account", "pay.urban"),
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
    Indicator(
        "eid.sign_ins",
        "Lượt đăng nhập bằng tài khoản định danh điện tử",
        "Sign-ins with an e-ID account",
        "sign-ins",
        _total("eid.sign_ins"),
    ),
    Indicator(
        "eid.sign_ins.app",
        "Lượt đăng nhập bằng tài khoản định danh điện tử vào ứng dụng",
        "Sign-ins with an e-ID account to the citizens' app",
        "sign-ins",
        _total("eid.sign_ins.app"),
    ),
    Indicator(
        "eid.sign_ins.portal",
        "Lượt đăng nhập bằng tài khoản định danh điện tử vào cổng dịch vụ công",
        "Sign-ins with an e-ID account to the public-service portal",
        "sign-ins",
        _total("eid.sign_ins.portal"),
    ),
    Indicator(
        "healthbook.submissions",
        "Lượt cơ sở khám chữa bệnh gửi dữ liệu lên hệ thống",
        "Submissions of health-insurance facilities",
        "submissions",
        _total("healthbook.submissions"),
    ),
    Indicator(
        "healthbook.submissions.accepted",
        "Lượt gửi được tiếp nhận vào sổ sức khỏe điện tử",
        "Submissions accepted into the health book",
        "submissions",
        _total("healthbook.submissions_accepted"),
    ),
    Indicator(
        "healthbook.submissions.rejected",
        "Lượt gửi bị trả lại vì lỗi dữ liệu",
        "Submissions rejected for what is wrong in their lines",
        "submissions",
        _total("healthbook.submissions_rejected"),
    ),
    Indicator(
        "healthbook.submissions.unsettled",
        "Lượt gửi chờ đọc hoặc chờ xác định người bệnh",
        "Submissions that wait to be read, or for whose they are",
        "submissions",
        _unsettled,
    ),
    Indicator(
        "healthbook.submissions.check_ins",
        "Lượt gửi: trạng thái khám chữa bệnh (check-in)",
        "Submissions: check-ins",
        "submissions",
        _total("healthbook.check_ins"),
    ),
    Indicator(
        "healthbook.submissions.encounters",
        "Lượt gửi: hồ sơ khám chữa bệnh",
        "Submissions: encounter files",
        "submissions",
        _total("healthbook.encounters"),
    ),
    Indicator(
        "healthbook.submissions.papers",
        "Lượt gửi: chứng từ điện tử",
        "Submissions: electronic papers",
        "submissions",
        _total("healthbook.papers"),
    ),
    Indicator(
        "healthbook.facilities_share",
        "Tỷ lệ cơ sở khám chữa bệnh BHYT đã gửi dữ liệu",
        "Share of facilities that have submitted",
        "percent",
        _share("healthbook.facilities_submitting", "cards.facilities"),
        target=100.0,
    ),
    Indicator(
        "healthbook.delay",
        "Số giờ trung bình từ khi ra viện đến khi gửi hồ sơ",
        "Mean hours from discharge to submission",
        "hours",
        _mean("healthbook.delay_hours", "healthbook.submissions_dated"),
    ),
    Indicator(
        "healthbook.searches",
        "Lượt tra cứu thành công hồ sơ khám bệnh, giấy chuyển tuyến, giấy hẹn khám lại trên ứng dụng định danh điện tử",
        "Successful searches of visits, referral papers and appointments for the e-ID app",
        "lookups",
        _sum_of("healthbook.searches_visits", "healthbook.searches_referrals", "healthbook.searches_appointments"),
    ),
    Indicator(
        "healthbook.searches.visits",
        "Lượt tra cứu thành công: hồ sơ khám bệnh",
        "Successful searches: visits",
        "lookups",
        _total("healthbook.searches_visits"),
    ),
    Indicator(
        "healthbook.searches.referrals",
        "Lượt tra cứu thành công: giấy chuyển tuyến",
        "Successful searches: referral papers",
        "lookups",
        _total("healthbook.searches_referrals"),
    ),
    Indicator(
        "healthbook.searches.appointments",
        "Lượt tra cứu thành công: giấy hẹn khám lại",
        "Successful searches: re-examination appointments",
        "lookups",
        _total("healthbook.searches_appointments"),
    ),
    Indicator(
        "healthbook.searches.unsuccessful",
        "Lượt tra cứu sổ sức khỏe không thành công",
        "Searches of the health book that found nobody or were refused",
        "lookups",
        _total("healthbook.searches_unsuccessful"),
    ),
    *SERVICE_INDICATORS,
)
