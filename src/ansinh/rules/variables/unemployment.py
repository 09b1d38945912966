"""The unemployment benefit. The month of the calculation is the month the benefit begins; caps are those of the end of the contract.

Law 38/2013/QH13 applies until 31 December 2025, Law 74/2025/QH15 from then on.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit

from ansinh.rules.entities import Person
from ansinh.rules.months import UNSTATED, months_later
from ansinh.rules.variable import Bools, Ints, LawVariable, percent_of


class unemployment_months(LawVariable):
    value_type = int
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "Months of unemployment insurance not yet used up by a benefit"


class unemployment_months_in_window(LawVariable):
    value_type = int
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "Of these, months within the time before the contract ended that the law looks at"


class mean_salary(LawVariable):
    value_type = int
    unit = "currency-VND"
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "Mean of the last six salaries unemployment insurance was paid on"


class state_pay(LawVariable):
    value_type = bool
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "The salary was set by the State"


class region(LawVariable):
    value_type = int
    default_value = 1
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "Region of the minimum wage, 1 to 4"


class contract_end(LawVariable):
    value_type = date
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "Day the contract ended"


class last_month_on(LawVariable):
    value_type = date
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "First day of the last month unemployment insurance was paid for"


class contract_months(LawVariable):
    value_type = int
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "Length of the last contract in months; 0 when it had no term"


class unemployment_filed_on(LawVariable):
    value_type = date
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "Day the file was handed in"


class broke_contract(LawVariable):
    value_type = bool
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "Broke the contract unlawfully"


class eligible_for_pension(LawVariable):
    value_type = bool
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "Fulfils the conditions of a pension, drawn or not"


class found_work(LawVariable):
    value_type = bool
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "Found work within the days after filing in which the law waits"


class UnemploymentObstacle(Enum):
    """What stands in the way of the benefit."""

    none = "đủ điều kiện"
    too_few_months = "chưa đủ số tháng đóng trong thời gian xét"
    broke_contract = "đơn phương chấm dứt hợp đồng trái pháp luật"
    pensioner = "đang hưởng lương hưu"
    eligible_for_pension = "đủ điều kiện hưởng lương hưu"
    filed_late = "nộp hồ sơ quá thời hạn"
    found_work = "đã có việc làm trong thời gian chờ"


class unemployment_window(LawVariable):
    value_type = int
    unit = "months"
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Months before the contract ended in which the contributions must lie"
    reference = "Law 74/2025/QH15 art. 38; Law 38/2013/QH13 art. 49(2)"

    def formula_2015_01(person: Any, period: Any, parameters: Any) -> Ints:
        law = parameters(period).unemployment
        contract = person("contract_months", period)
        short = (contract >= law.short_contract_from) & (contract < law.short_contract_below)
        return np.where(short, law.window_short, law.window)


class unemployment_obstacle(LawVariable):
    value_type = Enum
    possible_values = UnemploymentObstacle
    default_value = UnemploymentObstacle.none
    entity = Person
    definition_period = DateUnit.MONTH
    label = "What stands in the way of the unemployment benefit"
    reference = "Law 74/2025/QH15 art. 38; Law 38/2013/QH13 art. 49"

    def formula_2015_01(person: Any, period: Any, parameters: Any) -> Any:
        return _obstacle(person, period, parameters, eligible=np.zeros(person.count, dtype=bool))

    def formula_2026_01(person: Any, period: Any, parameters: Any) -> Any:
        return _obstacle(person, period, parameters, eligible=person("eligible_for_pension", period))


def _obstacle(person: Any, period: Any, parameters: Any, *, eligible: Bools) -> Any:
    law = parameters(period).unemployment
    ended, filed = person("contract_end", period), person("unemployment_filed_on", period)
    late = (ended != UNSTATED) & (filed != UNSTATED) & (filed > months_later(ended, int(law.filing_months)))
    by_obstacle = [
        (person("unemployment_months_in_window", period) < law.min_months, UnemploymentObstacle.too_few_months),
        (person("broke_contract", period), UnemploymentObstacle.broke_contract),
        (person("pensioner", period), UnemploymentObstacle.pensioner),
        (eligible, UnemploymentObstacle.eligible_for_pension),
        (late, UnemploymentObstacle.filed_late),
        (person("found_work", period), UnemploymentObstacle.found_work),
    ]
    return np.select([met for met, _ in by_obstacle], [one for _, one in by_obstacle], UnemploymentObstacle.none)


class unemployment_entitled(LawVariable):
    value_type = bool
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Entitled to the unemployment benefit"
    reference = "Law 74/2025/QH15 art. 38; Law 38/2013/QH13 art. 49"

    def formula_2015_01(person: Any, period: Any) -> Bools:
        return person("unemployment_obstacle", period) == UnemploymentObstacle.none


class unemployment_cap(LawVariable):
    value_type = int
    unit = "currency-VND"
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Highest monthly benefit"
    reference = "Law 74/2025/QH15 art. 39(1); Law 38/2013/QH13 art. 50(1)"

    def formula_2015_01(person: Any, period: Any, parameters: Any) -> Ints:
        return _cap(person, period, parameters, person("state_pay", period))

    def formula_2026_01(person: Any, period: Any, parameters: Any) -> Ints:
        return _cap(person, period, parameters, np.zeros(person.count, dtype=bool))


def _cap(person: Any, period: Any, parameters: Any, of_state: Bools) -> Ints:
    law = parameters(period).unemployment
    ended, last = person("contract_end", period), person("last_month_on", period)
    # Texts disagree about which day's minimum wage counts, so the day is a value of law too.
    day_of = (
        np.where(last == UNSTATED, ended, last)
        if law.cap_day == "last_month"
        else np.where(ended == UNSTATED, last, ended)
    )
    day_of = np.where(day_of == UNSTATED, np.datetime64(str(period.start)), day_of)
    where = person("region", period)
    base = np.zeros(where.shape, dtype=np.int64)
    for day in np.unique(day_of):
        pay = parameters(str(day)).pay
        minimum = pay.regional_minimum
        regions = [minimum.region_1, minimum.region_2, minimum.region_3]
        of_region = np.select([where == number for number in (1, 2, 3)], regions, minimum.region_4)
        base = np.where(day_of == day, np.where(of_state, pay.base_salary, of_region), base)
    return base * int(law.cap_multiple)


class unemployment_benefit(LawVariable):
    value_type = int
    unit = "currency-VND"
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Monthly unemployment benefit"
    reference = "Law 74/2025/QH15 art. 39(1); Law 38/2013/QH13 art. 50(1)"

    def formula_2015_01(person: Any, period: Any, parameters: Any) -> Ints:
        of_salary = percent_of(person("mean_salary", period), parameters(period).unemployment.rate)
        amount = np.minimum(of_salary, person("unemployment_cap", period))
        return np.where(person("unemployment_entitled", period), amount, 0)


class unemployment_benefit_months(LawVariable):
    value_type = int
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Months of benefit"
    reference = "Law 74/2025/QH15 art. 39(2); Law 38/2013/QH13 art. 50(2)"

    def formula_2015_01(person: Any, period: Any, parameters: Any) -> Ints:
        law = parameters(period).unemployment
        beyond = np.maximum((person("unemployment_months", period) - law.first_months_for) // law.months_each, 0)
        return np.where(
            person("unemployment_entitled", period), np.minimum(law.first_months + beyond, law.months_max), 0
        )


class health_insurance_paid(LawVariable):
    value_type = int
    unit = "currency-VND"
    entity = Person
    definition_period = DateUnit.MONTH
    label = "What the fund pays for health insurance in each month of the benefit"
    reference = "Law 74/2025/QH15; Law 38/2013/QH13 art. 51"

    def formula_2015_01(person: Any, period: Any, parameters: Any) -> Ints:
        return percent_of(
            person("unemployment_benefit", period), parameters(period).contributions.health_insurance_rate
        )


class BenefitEnd(Enum):
    """Why a benefit ended before its last month."""

    none = "hưởng hết thời gian"
    job = "có việc làm thuộc diện tham gia bảo hiểm xã hội bắt buộc"
    service = "thực hiện nghĩa vụ quân sự, nghĩa vụ công an"
    pension = "hưởng lương hưu hằng tháng"
    two_refusals = "hai lần từ chối việc làm được giới thiệu mà không có lý do chính đáng"
    three_silent_months = "ba tháng liên tục không thông báo về việc tìm kiếm việc làm"
    emigration = "ra nước ngoài để định cư"
    study = "đi học tập có thời hạn trên 12 tháng"
    fraud_fine = "bị xử phạt vi phạm hành chính về hành vi vi phạm pháp luật bảo hiểm thất nghiệp"
    death = "chết"
    institution = "chấp hành quyết định đưa vào cơ sở giáo dục, cơ sở cai nghiện bắt buộc"
    missing = "bị Tòa án tuyên bố mất tích"
    detention = "bị tạm giam, chấp hành hình phạt tù"
    own_wish = "theo đề nghị của người lao động"


# Ends that keep what was not used up, if the person gave notice (Law 74/2025/QH15 art. 41; Law 38/2013/QH13 art. 53).
RESERVING = (
    BenefitEnd.job,
    BenefitEnd.service,
    BenefitEnd.study,
    BenefitEnd.institution,
    BenefitEnd.missing,
    BenefitEnd.detention,
    BenefitEnd.own_wish,
)


class benefit_end(LawVariable):
    value_type = Enum
    possible_values = BenefitEnd
    default_value = BenefitEnd.none
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "Why the benefit ended before its last month"
    reference = "Law 74/2025/QH15 art. 41; Law 38/2013/QH13 art. 53(3)"


class end_not_notified(LawVariable):
    value_type = bool
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "The person gave no notice of what ended the benefit"


class benefit_months_received(LawVariable):
    value_type = int
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "Months of benefit received, or lost in suspension, when it ended"


class unemployment_months_reserved(LawVariable):
    value_type = int
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Months of contributions that stay reserved for a later benefit"
    reference = "Law 74/2025/QH15 art. 41; Law 38/2013/QH13 art. 53(5)"

    def formula_2015_01(person: Any, period: Any, parameters: Any) -> Ints:
        each, granted = parameters(period).unemployment.months_each, person("unemployment_benefit_months", period)
        end, paid = person("benefit_end", period), person("unemployment_months", period)
        ended = end != BenefitEnd.none
        keeps = np.logical_or.reduce([end == one for one in RESERVING]) & ~person("end_not_notified", period)
        received = np.where(ended & keeps, np.minimum(person("benefit_months_received", period), granted), granted)
        return np.maximum(paid - each * received, 0)
