"""The country package: Viet Nam's social insurance for OpenFisca.

Others can use it alone: `openfisca serve --country-package ansinh.rules.country` answers the usual web API.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from ansinh.rules import variables
from ansinh.rules.entities import Family, Person
from ansinh.rules.variable import LawVariable

_HERE = Path(__file__).parent


class CountryTaxBenefitSystem(TaxBenefitSystem):  # type: ignore[misc]  # OpenFisca has no types
    """Every dated parameter and formula of the package."""

    def __init__(self) -> None:
        super().__init__([Person, Family])
        for found in iter_modules(variables.__path__):
            module = import_module(f"{variables.__name__}.{found.name}")
            for member in vars(module).values():
                if (
                    isinstance(member, type)
                    and issubclass(member, LawVariable)
                    and member.__module__ == module.__name__
                ):
                    self.add_variable(member)
        self.load_parameters(str(_HERE / "parameters"))
