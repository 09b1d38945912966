"""Ask the law: facts in, amounts out, each with its derivation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

from openfisca_core.errors import ParameterNotFoundError
from openfisca_core.simulations import Simulation, SimulationBuilder

from ansinh.foundation.errors import Refusal
from ansinh.rules.country import CountryTaxBenefitSystem
from ansinh.rules.law import parameters


class ParameterUnknown(Refusal):
    """The law needs a value that was not published, or that nobody has loaded yet; guessing it would be wrong."""

    code = "parameter_unknown"


@cache
def law() -> CountryTaxBenefitSystem:
    """Return the law, read once."""
    return CountryTaxBenefitSystem()


def simulate(persons: Mapping[str, Mapping[str, Any]], wanted: Sequence[str], period: str) -> Simulation:
    """Return a traced simulation of persons by facts, in which the wanted variables of the period are calculated.

    Raises ParameterUnknown.
    """
    hold(wanted, period)
    simulation = SimulationBuilder().build_from_dict(law(), {"persons": inputs_of(persons, period)})
    simulation.trace = True
    with naming_what_is_unknown():
        for variable in wanted:
            simulation.calculate(variable, period)
    return simulation


# Benefits that did not exist before a day: nobody was owed any, which is an answer and no gap of ours.
_BEGAN = {
    "social_pension",
    "bridge_entitled",
    "bridge_months",
    "bridge_allowance",
    "bridge_may_pay_in",
    "bridge_unpaid_to_relatives",
}


def hold(wanted: Sequence[str], period: str) -> None:
    """Refuse with ParameterUnknown when a wanted variable has no formula in the law of the period held here."""
    for name in wanted:
        variable = law().get_variable(name, check_existence=True)
        if variable.formulas and variable.get_formula(period) is None and name not in _BEGAN:
            first = next(iter(variable.formulas))
            raise ParameterUnknown(
                f"Chưa có quy định về “{name}” áp dụng cho {period}: văn bản nạp ở đây có từ {first}. Không ước đoán.",
                f"No law about “{name}” is held for {period}: what is loaded begins on {first}. It is never guessed.",
                parameter=name,
            )


def inputs_of(persons: Mapping[str, Mapping[str, Any]], period: str) -> dict[str, dict[str, dict[str, Any]]]:
    """Return facts by person in OpenFisca's situation format."""
    return {
        name: {variable: {_period_of(variable, period): value} for variable, value in facts.items()}
        for name, facts in persons.items()
    }


def _period_of(variable: str, period: str) -> str:
    definition = law().get_variable(variable, check_existence=True).definition_period
    return "ETERNITY" if str(definition) == "eternity" else period


@contextmanager
def naming_what_is_unknown() -> Iterator[None]:
    """Turn OpenFisca's missing parameter into the refusal ParameterUnknown."""
    try:
        yield
    except ParameterNotFoundError as error:
        # The exception loses its attribute `name` to AttributeError's own; the sentence still has it.
        raise unknown(str(error).split("'")[1], str(error.instant_str)) from error


def unknown(name: str, day: str) -> ParameterUnknown:
    """Return the refusal that names a missing parameter."""
    dotted = name.replace("[", ".").replace("]", "")
    known = parameters().get(dotted)
    vi, en = (known.vi, known.description) if known else (dotted, dotted)
    return ParameterUnknown(
        f"Chưa có giá trị của tham số “{dotted}” ({vi}) vào ngày {day}, nên không tính được. "
        "Nạp giá trị khi văn bản được ban hành; không ước đoán.",
        f"The parameter “{dotted}” ({en}) has no value on {day}, so nothing is calculated. "
        "Load it when the legal text is published; it is never guessed.",
        parameter=dotted,
    )
