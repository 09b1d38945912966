"""“What do the relatives of somebody who died get?”"""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from openfisca_core.simulations import SimulationBuilder

from ansinh.rules.calculation import inputs_of, law, naming_what_is_unknown
from ansinh.rules.situations.answers import Answer, amounts, value_of
from ansinh.rules.situations.stated import Insured, day_of, facts_of, month_of


class Relative(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A relative of the deceased; a child not yet born when the death happened is stated by its birth."""

    kinship: Literal["child", "spouse", "parent", "parent_in_law", "other_dependant"]
    born: str | int
    sex: Literal["female", "male"] = "female"
    name: str = ""
    capacity_loss: int = 0
    salaried: bool = False
    monthly_benefit: int = 0
    without_carer: bool = False

    def facts(self, where: str) -> dict[str, Any]:
        """Return the facts that formulas ask for; raises InvalidInput."""
        return {
            "kinship": self.kinship,
            "birth_date": day_of(self.born, f"{where}.born").isoformat(),
            "sex": self.sex,
            "capacity_loss": self.capacity_loss,
            "salaried": self.salaried,
            "monthly_benefit": self.monthly_benefit,
            "without_carer": self.without_carer,
        }


class SurvivorsCase(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="ask", tag="survivors"):
    """Allowances of the month `on` (the month after the death for a first payment) and what a one-off would be."""

    on: str
    deceased: Insured
    relatives: tuple[Relative, ...] = ()
    pensioner: bool = False
    pension: int = 0
    months_received: int = 0
    work_death: bool = False
    injury_loss: int = 0
    work_injury_recipient: bool = False
    title: str = ""

    def answer(self) -> Answer:
        """Return each relative's monthly allowance, their sum, and the one-off; raises InvalidInput and ParameterUnknown."""
        start = month_of(self.on, "on")
        period = str(start)
        with naming_what_is_unknown():
            facts, average = facts_of(self.deceased, start, law().get_parameters_at_instant)
        facts |= {
            "pensioner": self.pensioner,
            "pension_at_death": self.pension,
            "months_received": self.months_received,
            "work_death": self.work_death,
            "injury_loss": self.injury_loss,
            "work_injury_recipient": self.work_injury_recipient,
        }
        persons = {"deceased": facts}
        names = []
        for place, relative in enumerate(self.relatives):
            name = relative.name or f"{relative.kinship}_{place + 1}"
            names.append(name)
            persons[name] = relative.facts(f"relatives[{place}]")
        family = {"deceased": ["deceased"], "relatives": names}
        situation = {"persons": inputs_of(persons, period), "families": {"family": family}}
        simulation = SimulationBuilder().build_from_dict(law(), situation)
        simulation.trace = True
        wanted = ("opens_monthly_right", "one_off_survivors")
        with naming_what_is_unknown():
            simulation.calculate("survivor_allowance", period)
        answer = amounts(simulation, wanted, period, average)
        each = {
            name: value_of(simulation, "survivor_allowance", period, place)
            for place, name in enumerate(names, start=1)
        }
        return answer.having("survivor_allowances", each, total="survivor_allowances_total")
