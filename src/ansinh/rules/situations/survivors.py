"""“What do the relatives of somebody who died get?”"""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from openfisca_core.simulations import SimulationBuilder

from ansinh.foundation.errors import InvalidInput
from ansinh.rules.calculation import inputs_of, law, naming_what_is_unknown
from ansinh.rules.careers.averages import Average
from ansinh.rules.careers.months import Month
from ansinh.rules.situations.answers import Answer, amounts, value_of
from ansinh.rules.situations.reading import day_of, month_of
from ansinh.rules.situations.stated import Insured, facts_of

RELATIVES_MAX = 50


class Relative(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A relative of the deceased; a child not yet born when the death happened is stated by its birth."""

    kinship: Literal["child", "spouse", "parent", "parent_in_law", "other_dependant"]
    born: str | int
    sex: Literal["female", "male"] = "female"
    name: str = ""
    capacity_loss: int = 0
    salaried: bool = False
    monthly_benefit: int = 0
    monthly_income: int = 0
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
            "monthly_income": self.monthly_income,
            "without_carer": self.without_carer,
        }


class Deceased(Insured, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Somebody who died: the career, or the pension or allowance drawn."""

    died: str | None = None
    pensioner: bool = False
    pension: int = 0
    months_received: int = 0
    work_death: bool = False
    injury_loss: int = 0
    work_injury_recipient: bool = False

    def facts(self, start: Month) -> tuple[dict[str, Any], Average | None]:
        """Return the facts that formulas ask for; raises InvalidInput."""
        facts, average = facts_of(self, start, law().get_parameters_at_instant)
        facts |= {
            "pensioner": self.pensioner,
            "pension_at_death": self.pension,
            "months_received": self.months_received,
            "work_death": self.work_death,
            "injury_loss": self.injury_loss,
            "work_injury_recipient": self.work_injury_recipient,
        }
        if self.died is not None:
            facts["died_on"] = day_of(self.died, "deceased.died").isoformat()
        return facts, average


class SurvivorsCase(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="ask", tag="survivors"
):
    """Allowances of the month `on` (the month after the death for a first payment) and what a one-off would be."""

    on: str | None = None
    deceased: Deceased
    also_deceased: Deceased | None = None
    relatives: tuple[Relative, ...] = ()
    title: str = ""

    def answer(self) -> Answer:
        """Return each relative's monthly allowance, their sum, and the one-off; raises InvalidInput and ParameterUnknown."""
        start = self._start()
        period = str(start)
        with naming_what_is_unknown():
            facts, average = self.deceased.facts(start)
            persons = {"deceased": facts}
            if self.also_deceased is not None:
                persons["also_deceased"] = self.also_deceased.facts(start)[0]
        names = self._names()
        dead = list(persons)
        persons |= {
            name: one.facts(f"relatives[{place}]")
            for place, (name, one) in enumerate(zip(names, self.relatives, strict=True))
        }
        situation = {
            "persons": inputs_of(persons, period),
            "families": {"family": {"deceased": dead, "relatives": names}},
        }
        simulation = SimulationBuilder().build_from_dict(law(), situation)
        simulation.trace = True
        with naming_what_is_unknown():
            simulation.calculate("survivor_allowance", period)
        wanted = ("opens_monthly_right", "one_off_survivors_choosable", "one_off_survivors")
        answer = amounts(simulation, wanted, period, average)
        places = {name: place for place, name in enumerate(names, start=len(dead))}
        each = {
            name: int(str(value_of(simulation, "survivor_allowance", period, place))) for name, place in places.items()
        }
        answer = answer.having("survivor_allowances", each, total="survivor_allowances_total")
        return answer.telling_of(simulation, places, ("survivor_condition", "survivor_allowance"))

    def _start(self) -> Month:
        if self.on is not None:
            return month_of(self.on, "on")
        if self.deceased.died is not None:
            return Month.at(month_of(self.deceased.died, "deceased.died").index + 1)
        raise InvalidInput(
            "Ghi tháng tính (on) hoặc ngày chết (deceased.died).",
            "State the month (on) or the day of death (deceased.died).",
            field="on",
        )

    def _names(self) -> list[str]:
        """Return a name for each relative; raises InvalidInput when two are alike."""
        names = [one.name or f"{one.kinship}_{place}" for place, one in enumerate(self.relatives, start=1)]
        if len(names) > RELATIVES_MAX or len({*names, "deceased", "also_deceased"}) != len(names) + 2:
            raise InvalidInput(
                f"relatives: nhiều nhất {RELATIVES_MAX} người, mỗi người một tên khác nhau.",
                f"relatives: at most {RELATIVES_MAX}, each with a name of their own.",
                field="relatives",
            )
        return names
