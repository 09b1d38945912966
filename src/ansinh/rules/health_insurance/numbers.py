"""Letters and numbers with a meaning in law: areas, whose office manages a card, the temporary number of a newborn."""

from __future__ import annotations

from datetime import date

from ansinh.rules.law import words

# Hard areas and islands whose residents the law treats better (Law 46/2014/QH13 art. 22(5)).
AREAS = ("K1", "K2", "K3")
# Groups of relatives whose cards the police's own office manages; all others of the armed forces are the army's, cipher officers with them.
MANAGED_BY_POLICE = ("CA", "TA")
NEWBORN_OBJECT_CODE = "TE"
NEWBORN_LEVEL = 1
PUPIL_OBJECT_CODE = "HS"
# Those whom an employer insures (Law 25/2008/QH12 art. 12(1); codes of Decision 1351/QD-BHXH of 2015).
EMPLOYED_OBJECT_CODES = ("DN", "HX", "CH", "NN", "TK", "HC", "XK")

_DIGITS = 10


def managed_status(excluded: str, object_code: str) -> str:
    """Return the public status of who is counted apart, by service (`army`, `police`, `cipher`, `relative`) and object code."""
    police = excluded == "police" or (excluded == "relative" and object_code in MANAGED_BY_POLICE)
    return "managed_police" if police else "managed_army"


def temporary_number(province: str, serial: int, day: date) -> str:
    """Return the number of a child without a card: its prefix by law, the province's two digits, ten digits; raises ValueError when they do not make one."""
    if len(province) != 2 or not (province.isascii() and province.isdigit()) or not 0 < serial < 10**_DIGITS:
        raise ValueError("a temporary number takes two digits of a province and a serial number of up to ten digits")
    return f"{words('health_insurance.newborn.prefix', day)}{province}{serial:0{_DIGITS}}"


def newborn_facility(province: str) -> str:
    """Return what stands for the first-contact facility of a child without a card: the province and three zeros (letter 1923/BHXH-CNTT)."""
    return f"{province}000"
