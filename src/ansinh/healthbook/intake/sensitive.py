"""Which diagnoses belong to chapters a patient may want fewer people to read (91/2025/QH15 art. 2 on sensitive data; ICD-10 chapters)."""

from __future__ import annotations

from functools import lru_cache

from ansinh.healthbook.states import Sensitive

CODES_KEPT_MAX = 20_000

# First and last category of each range, by three characters.
_RANGES = (
    ("A50", "A64", Sensitive.SEXUAL),
    ("B20", "B24", Sensitive.HIV),
    ("F00", "F99", Sensitive.MENTAL),
    ("O03", "O08", Sensitive.REPRODUCTIVE),
    ("Q90", "Q99", Sensitive.GENETIC),
    ("R75", "R75", Sensitive.HIV),
    ("Z21", "Z21", Sensitive.HIV),
    ("Z30", "Z31", Sensitive.REPRODUCTIVE),
    ("Z64", "Z64", Sensitive.REPRODUCTIVE),
)
# Narrower codes that say more than their category does.
_CODES = {
    "F02.4": Sensitive.HIV,
    "O98.7": Sensitive.HIV,
    "Z11.3": Sensitive.SEXUAL,
    "Z11.4": Sensitive.HIV,
    "Z20.2": Sensitive.SEXUAL,
    "Z20.6": Sensitive.HIV,
    "Z71.7": Sensitive.HIV,
    "Z31.5": Sensitive.GENETIC,
}


@lru_cache(CODES_KEPT_MAX)
def label_of(icd10: str) -> str | None:
    """Return the sensitive chapter a diagnosis belongs to, or None."""
    code = icd10.strip().upper()
    plain = code if "." in code or len(code) < 4 else f"{code[:3]}.{code[3:]}"
    if plain[:5] in _CODES:
        return _CODES[plain[:5]].value
    category = code[:3]
    return next((label.value for first, last, label in _RANGES if first <= category <= last), None)
