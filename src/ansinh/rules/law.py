"""Values of law by name and day."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from ansinh.rules.reading import Parameter, read_parameters

FOLDER = Path(__file__).with_name("parameters")


@cache
def parameters() -> dict[str, Parameter]:
    """Return every value of law by its name, read once."""
    return read_parameters(FOLDER)


def amount(name: str, day: date) -> int:
    """Return a whole number of law (đồng, days, per cent, as the parameter's unit says) in force on `day`; raises LookupError when there is none."""
    value = parameters()[name].at(day)
    if not isinstance(value, int):
        raise TypeError(f"{name} is no whole number")
    return value


def words(name: str, day: date) -> str:
    """Return a text of law in force on `day`; raises LookupError when there is none."""
    value = parameters()[name].at(day)
    if not isinstance(value, str):
        raise TypeError(f"{name} is no text")
    return value
