"""What is said on which day, by whom, in which order: drawn from a seed, the same ones for the same seed, so that a day cut off can be lived again."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

FIRST_DAY = date(2025, 7, 14)
# The days on which nobody tells anything new are for slow offices, mistakes found out, and those who were silent.
DAYS_AFTER_TELLING = 8


@dataclass(frozen=True, slots=True)
class Telling:
    """Somebody says something about a birth or death, or takes back what they said."""

    kind: str
    number: int
    what: str


# What is said, and how likely; a `withdraw` is the applicant's, `taken_back` the hospital's, after what it is about.
_DEATH = {"hospital": 0.8, "relative": 0.9, "register": 0.1, "counter": 0.15, "withdraw": 0.02, "taken_back": 0.01}
_BIRTH = {"hospital": 1.0, "parent": 0.97, "withdraw": 0.02, "taken_back": 0.01}
_BACK = ("withdraw", "taken_back")
_AGAIN = 0.2


def story(seed: int, deaths: int, births: int, days: int) -> list[list[Telling]]:
    """Return what is said on each of the days, all of it on the first ones, in an order of its own.

    A parent whose certificate has not come files again when it has.
    """
    chance = random.Random(seed)  # noqa: S311 - invented people
    said: list[list[Telling]] = [[] for _ in range(days)]
    telling = max(1, days - DAYS_AFTER_TELLING)
    for kind, count, likely in (("death", deaths, _DEATH), ("birth", births, _BIRTH)):
        for number in range(count):
            told = [what for what, share in likely.items() if chance.random() < share]
            if kind == "death" and not set(told) - set(_BACK):
                told.append("relative")
            for what in told:
                for _ in range(2 if chance.random() < _AGAIN else 1):
                    late = 2 if what in _BACK else 0
                    said[chance.randrange(telling) + late].append(Telling(kind, number, what))
                if what == "parent":
                    said[telling].append(Telling(kind, number, what))
    for day, tellings in enumerate(said):
        random.Random(f"{seed}:{day}").shuffle(tellings)  # noqa: S311 - as above
    return said


def day_of(number: int) -> date:
    """Return the date of a day of the story."""
    return FIRST_DAY + timedelta(days=number)
