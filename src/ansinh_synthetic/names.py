"""How people are called: surname, middle syllables and given name, by people, sex, generation and region.

A name is four numbers (surname, first middle, second middle, given name) into one vocabulary; -1 is an empty place.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.random import Generator

from ansinh_synthetic.chance import Draw, Ints

SURNAME, MIDDLE, SECOND, GIVEN = range(4)
KINH = "Kinh"
_ERAS = ("old", "mid", "new")
_SEXES = ("male", "female")


@cache
def _source() -> dict[str, Any]:
    with (Path(__file__).parent / "names.toml").open("rb") as file:
        return tomllib.load(file)


def _words(text: str) -> list[str]:
    return [word.replace("_", " ") for word in text.split()]


@cache
def peoples() -> tuple[str, ...]:
    """Return the peoples (ethnicities), Kinh first."""
    return (KINH, *_source()["peoples"])


def homes(people: str) -> dict[str, int]:
    """Return where a people other than the Kinh lives: per mille of each old province's population."""
    return dict(_source()["peoples"][people]["homes"])


@cache
def vocabulary() -> tuple[str, ...]:
    """Return every surname, middle syllable and given name once; empty first middle names excluded."""
    source = _source()
    words: dict[str, None] = dict.fromkeys(["Thị", "Văn", *source["surnames"]])
    for sex in _SEXES:
        for era in _ERAS:
            words.update(dict.fromkeys(_words(source["middle"][sex][era]) + _words(source["given"][sex][era])))
    for people in source["peoples"].values():
        for part in ("surnames", *_SEXES):
            words.update(dict.fromkeys(_words(people.get(part, ""))))
    return tuple(words)


@cache
def word(text: str) -> int:
    """Return the number of a word of the vocabulary."""
    return vocabulary().index(text)


@dataclass(frozen=True)
class _List:
    """Words in the order of their frequency; the law of ranks is flat at the top (the first has about 4 %)."""

    words: Ints
    draw: Draw

    @staticmethod
    def of(words: list[str], flatness: int = 10) -> _List:
        return _List(np.array([word(w) for w in words]), Draw([10**6 // (r + flatness) for r in range(len(words))]))

    def take(self, rng: Generator, count: int) -> Ints:
        return self.words[self.draw.take(rng, count)]


@cache
def _list(part: str, sex: int, era: int) -> _List:
    return _List.of(_words(_source()[part][_SEXES[sex]][_ERAS[era]]), 10 if part == "given" else 4)


def surnames(rng: Generator, people: Ints, sex: Ints, south: Ints) -> Ints:
    """Draw a surname for each person, from the people's own; the south says Huỳnh and Võ, the north Hoàng and Vũ."""
    kinh = _source()["surnames"]
    words = np.array([word(name) for name in kinh])
    drawn = words[Draw(list(kinh.values())).take(rng, people.size)]
    exception = rng.random(people.size)
    for northern, southern, rest in (("Hoàng", "Huỳnh", 0.12), ("Vũ", "Võ", 0.08)):
        pair = np.isin(drawn, [word(northern), word(southern)])
        drawn = np.where(pair, np.where(south ^ (exception < rest), word(southern), word(northern)), drawn)
    for number, name in enumerate(peoples()[1:], start=1):
        members = np.flatnonzero(people == number)
        if members.size:
            own = _List.of(_words(_source()["peoples"][name]["surnames"]), 4)
            drawn[members] = own.take(rng, members.size)
    return by_sex(drawn, people, sex)


def by_sex(surname: Ints, people: Ints, sex: Ints) -> Ints:
    """Set the surname where a people has one word for men and one for women."""
    surname = surname.copy()
    for number, name in enumerate(peoples()[1:], start=1):
        source = _source()["peoples"][name]
        if source.get("surname_by_sex"):
            men, women = (word(w) for w in _words(source["surnames"])[:2])
            members = people == number
            surname[members] = np.where(sex[members] == 0, men, women)
    return surname


def _eras(rng: Generator, birth_year: Ints) -> Ints:
    """Choose the generation whose fashion a name follows: gradually later for later births."""
    chance = rng.integers(0, 30, birth_year.size)
    return np.where(chance < 1970 - birth_year, 0, np.where(chance < birth_year - 1984, 2, 1))


def _between(birth_year: Ints, early: int, late: int, first: int, last: int) -> Ints:
    """Per mille moving from `first` (born by `early`) to `last` (born from `late`)."""
    passed = np.clip(birth_year, early, late) - early
    return first + (last - first) * passed // (late - early)


def invent(rng: Generator, people: Ints, sex: Ints, birth_year: Ints, surname: Ints) -> Ints:
    """Invent whole names; returns a matrix of four vocabulary numbers per person."""
    count = sex.size
    names = np.full((count, 4), -1, dtype=np.int32)
    names[:, SURNAME] = surname
    era = _eras(rng, birth_year)
    second = np.full(count, -1)
    for one_sex in (0, 1):
        for one_era in (0, 1, 2):
            members = np.flatnonzero((sex == one_sex) & (era == one_era))
            names[members, GIVEN] = _list("given", one_sex, one_era).take(rng, members.size)
            middles = _list("middle", one_sex, one_era)
            names[members, MIDDLE] = middles.take(rng, members.size)
            second[members] = middles.take(rng, members.size)
    luck, more = rng.integers(0, 1000, count), rng.integers(0, 1000, count)
    male = sex == 0
    with_van = male & (luck < _between(birth_year, 1972, 2004, 215, 75))
    with_thi = ~male & (luck < _between(birth_year, 1972, 2000, 520, 250))
    bare = ~with_van & ~with_thi & (luck >= 1000 - _between(birth_year, 1950, 2000, 45, 12))
    wanted = np.where(with_thi, _between(birth_year, 1955, 2010, 150, 820), _between(birth_year, 1960, 2015, 10, 140))
    names[:, MIDDLE] = np.where(with_van, word("Văn"), np.where(with_thi, word("Thị"), names[:, MIDDLE]))
    names[bare, MIDDLE] = -1
    has_second = (more < wanted) & ~with_van & ~bare & (second != names[:, MIDDLE]) & (second != names[:, GIVEN])
    names[has_second, SECOND] = second[has_second]
    names[names[:, MIDDLE] == names[:, GIVEN], MIDDLE] = -1
    _peoples_own(rng, people, sex, names)
    return names


def _peoples_own(rng: Generator, people: Ints, sex: Ints, names: Ints) -> None:
    """Give nine in ten members of the peoples with own given names one of these, without middle syllables."""
    own_way = rng.random(people.size) < 0.9
    for number, name in enumerate(peoples()[1:], start=1):
        for one_sex in (0, 1):
            given = _words(_source()["peoples"][name].get(_SEXES[one_sex], ""))
            members = np.flatnonzero((people == number) & (sex == one_sex) & own_way)
            if given and members.size:
                names[members, GIVEN] = _List.of(given, 6).take(rng, members.size)
                names[members, MIDDLE] = names[members, SECOND] = -1
