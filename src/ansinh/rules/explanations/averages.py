"""The average salary told with its table: year, months, pay, coefficient, amount."""

from __future__ import annotations

from ansinh.rules.careers.averages import Average
from ansinh.rules.explanations.citing import cited_vi
from ansinh.rules.explanations.steps import Step
from ansinh.rules.explanations.telling import parameter_applied, reference_of, shown


def average_step(average: Average, period: str) -> Step:
    """Return the step that tells how an average salary came about."""
    names = dict.fromkeys(line.parameter for line in average.lines)
    applied = tuple(parameter_applied(name, period) for name in names)
    reference = reference_of("average_salary", period)
    months = average.months
    window_vi = window_en = ""
    if average.window_months is not None:
        years = average.window_months // 12
        window_vi = f"; tiền lương do Nhà nước quy định bình quân của {years} năm cuối"
        window_en = f"; State-set pay is averaged over the last {years} years"
    return Step(
        "average_salary",
        f"Mức bình quân tiền lương, thu nhập tháng đóng bảo hiểm xã hội (tiền lương từng năm × mức điều chỉnh, chia cho {months} tháng"
        f"{window_vi}): {shown(average.amount, 'dong', 'vi')}.",
        f"Average monthly salary and income of the contributions (each year's pay × its adjustment, divided by {months} months{window_en}): "
        f"{shown(average.amount, 'dong', 'en')}.",
        average.amount,
        reference,
        cited_vi(reference),
        applied,
        lines=average.lines,
    )
