"""What the desk says the fund pays is what the law's formula answers for that card, place and day, in whole sentences."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansinh.desk.adapters.gateway import Answered, Copay, Standing
from ansinh.desk.presenters import Asking, VerdictPresenter, verdict_presenter
from ansinh.desk.shares import shares_at
from ansinh.desk.verdicts import Here, judge
from ansinh.rules.situations.health_insurance import HealthShareCase

TODAY = date(2025, 6, 3)
LEVELS = ("primary", "basic", "specialised")


def standing(level: int = 4, **changes: object) -> Standing:
    given_fields: dict[str, object] = {
        "full_name": "Đặng Thị Quỳnh Như",
        "facility": "79001",
        "valid_from": date(2025, 1, 1),
        "valid_until": date(2027, 1, 1),
        "in_force": True,
        "status": "active",
        "benefit_level": level,
        "share_percent": {1: 100, 2: 100, 3: 95, 4: 80, 5: 100}[level],
    }
    return Standing(**(given_fields | changes))  # type: ignore[arg-type]  # fields by name, of several types


def shown(
    told: Standing, level: str, language: str = "vi", day: date = TODAY, facility: str = "01004"
) -> VerdictPresenter:
    judged = judge(Answered(told, "1024"), None, Here(facility, level), day)
    return verdict_presenter(judged, Asking("001000000001", datetime(2025, 6, 3, 1, tzinfo=UTC), "Trạm"), language)


def share_of(presented: VerdictPresenter) -> tuple[str, str]:
    fact = presented.facts[0]
    return fact.value, fact.note


@pytest.mark.parametrize(
    ("card", "level", "share", "notes"),
    [
        (4, "primary", "100 %", ("Không có giấy chuyển: 80 %.",)),
        (
            4,
            "basic",
            "80 %",
            (
                "Không có giấy chuyển: nội trú 80 %, ngoại trú 80 %.",
                "Riêng cơ sở 50 đến dưới 70 điểm, hoặc trước 2025 là tuyến tỉnh, trung ương: ngoại trú 0 %.",
            ),
        ),
        (4, "specialised", "80 %", ("Không có giấy chuyển: nội trú 32 %, ngoại trú 0 %.",)),
        (3, "specialised", "95 %", ("Không có giấy chuyển: nội trú 38 %, ngoại trú 0 %.",)),
        (1, "specialised", "100 %", ("Không có giấy chuyển: nội trú 40 %, ngoại trú 0 %.",)),
        (1, "primary", "100 %", ("Không có giấy chuyển: 100 %.",)),
        (4, "", "80 %", ()),
    ],
)
def test_desk_elsewhere_says_the_share_on_the_right_path_and_without_a_slip(
    card: int, level: str, share: str, notes: tuple[str, ...]
) -> None:
    presented = shown(standing(card), level)
    assert share_of(presented) == (share, "khi đúng tuyến")
    assert presented.notes == notes


def test_desk_where_the_patient_is_registered_says_one_share() -> None:
    basic = shown(standing(facility="01004"), "basic")
    assert (share_of(basic), basic.notes) == (("80 %", ""), ())
    assert share_of(shown(standing(facility="01004"), "primary")) == ("100 %", "")


def test_desk_says_the_same_in_english() -> None:
    assert shown(standing(3), "basic", "en", date(2026, 7, 1)).notes == (
        "Without a slip: inpatient 95 %, outpatient 95 %.",
        "A facility of 50 to under 70 points, or of provincial or central level before 2025: outpatient 47.5 %.",
    )
    assert shown(standing(area="K2"), "specialised", "en").notes == (
        "Without a slip: inpatient 80 % (lives in area K2), outpatient 0 %.",
    )
    assert shown(standing(), "primary", "en").action == "Receive the patient as usual: primary care needs no slip."


def test_share_follows_the_roadmap_by_the_day() -> None:
    before, after = (shown(standing(), "basic", day=day).notes[1] for day in (date(2026, 6, 30), date(2026, 7, 1)))
    assert before.endswith("ngoại trú 0 %.")
    assert after.endswith("ngoại trú 40 %.")
    assert shown(standing(valid_from=date(2024, 1, 1)), "basic", day=date(2024, 12, 31)).notes == ()


@pytest.mark.parametrize("area", ["K1", "K2", "K3"])
def test_residents_of_hard_areas_are_paid_inpatient_care_as_on_the_right_path(area: str) -> None:
    told = standing(area=area)
    assert shown(told, "specialised").notes == (
        f"Không có giấy chuyển: nội trú 80 % (sống ở vùng {area}), ngoại trú 0 %.",
    )
    # At a primary facility that is even more than the outpatient share.
    assert shown(told, "primary").notes == (
        f"Không có giấy chuyển: nội trú 100 % (sống ở vùng {area}), ngoại trú 80 %.",
    )


def test_whoever_has_paid_the_years_ceiling_is_paid_all_on_the_right_path() -> None:
    over = standing(five_years_on=date(2020, 1, 1), copay=Copay(2025, 14_500_000, date(2025, 5, 12)))
    presented = shown(over, "specialised")
    assert share_of(presented) == ("100 %", "khi đúng tuyến")
    assert presented.notes == (
        "Không có giấy chuyển: nội trú 32 %, ngoại trú 0 %.",
        "Đã đủ mức cùng chi trả từ 12/05/2025: quỹ trả 100 % khi đúng tuyến đến hết năm.",
        "Đủ 5 năm liên tục từ 01/01/2020.",
    )
    last_year = standing(copay=Copay(2024, 14_500_000, date(2024, 5, 12)))
    assert share_of(shown(last_year, "specialised")) == ("80 %", "khi đúng tuyến")


def test_what_was_paid_this_year_is_said_beside_the_ceiling_after_five_years_only() -> None:
    paid = Copay(2025, 3_200_000)
    assert shown(standing(five_years_on=date(2020, 1, 1), copay=paid), "primary").notes == (
        "Không có giấy chuyển: 80 %.",
        "Năm nay đã cùng chi trả 3.200.000 đ; vượt 14.040.000 đ thì quỹ trả 100 % khi đúng tuyến.",
        "Đủ 5 năm liên tục từ 01/01/2020.",
    )
    assert shown(standing(five_years_on=date(2029, 1, 1), copay=paid), "primary").notes == (
        "Không có giấy chuyển: 80 %.",
        "Đủ 5 năm liên tục từ 01/01/2029.",
    )


def test_a_level_the_law_does_not_know_is_told_as_the_gateway_tells_it() -> None:
    shares = shares_at("basic", standing(4, benefit_level=9, share_percent=70), TODAY)
    assert (shares.right, shares.without_slip) == (7_000, None)


@given(
    card=st.integers(1, 5),
    level=st.sampled_from(LEVELS),
    area=st.sampled_from([None, "K1", "K2", "K3"]),
    day=st.dates(date(2025, 1, 1), date(2027, 12, 31)),
    over=st.booleans(),
)
def test_shares_are_those_of_the_question_what_share_does_the_fund_pay(
    card: int, level: str, area: str | None, day: date, over: bool
) -> None:
    paid = Copay(day.year, 20_000_000, day) if over else None
    shares = shares_at(level, standing(card, area=area, five_years_on=date(2020, 1, 1), copay=paid), day)

    def answered(path: str, *, inpatient: bool = False, high_score: bool = False) -> float:
        case = HealthShareCase(
            on=day.isoformat(),
            level=card,  # type: ignore[arg-type]  # made up, not a Literal
            cost=100_000_000,
            path=path,  # type: ignore[arg-type]  # made up, not a Literal
            care=level,  # type: ignore[arg-type]  # made up, not a Literal
            inpatient=inpatient,
            area=area,
            high_score=high_score,
            five_years=True,
            copaid=20_000_000 if over else 0,
        )
        share = next(one.value for one in case.answer().results if one.key == "share_percent")
        assert isinstance(share, int | float)
        return share * 100

    assert shares.right == answered("right") == answered("emergency")
    told = shares.without_slip
    assert told is not None
    assert (told.inpatient, told.outpatient) == (answered("wrong", inpatient=True), answered("wrong"))
    assert (told.high_score if told.high_score is not None else told.outpatient) == answered("wrong", high_score=True)
