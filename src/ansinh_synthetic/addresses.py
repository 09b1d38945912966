"""Where households live and where people were born, and the names that run in families."""

from __future__ import annotations

import numpy as np

from ansinh_synthetic import names
from ansinh_synthetic.chance import Draw, Ints, happens, stream
from ansinh_synthetic.days import LAST_DAY
from ansinh_synthetic.plan import Block, Plan
from ansinh_synthetic.population import NOBODY, People, areas
from ansinh_synthetic.provinces import commune_draws, old_provinces, places


def _ends(pointer: Ints) -> Ints:
    """Follow pointers (each to an older place, or to itself) to their ends."""
    for _ in range(4):
        pointer = pointer[pointer]
    return pointer


def settle(plan: Plan, block: Block, persons: People) -> None:
    """Give every household a commune, everyone a province of birth.

    A household settles where the parents of its head live, elsewhere in the province, or where the factories are.
    """
    rng = stream(plan.seed, "addresses", block.number)
    olds, _, _ = areas()
    plain, urban = commune_draws()
    home_old = olds[persons.home]
    row = rng.integers(0, 4096, persons.count)
    own = plain[home_old, row]
    target = Draw([old.pull for old in old_provinces()]).take(rng, persons.count)
    age = persons.age_on(LAST_DAY)
    luck = rng.integers(0, 1000, persons.count)
    moved = luck < np.where(age < 20, 60, np.where(age < 45, 170, np.where(age < 60, 110, 50)))
    moved |= (age >= 18) & (age < 30) & (persons.spouse == NOBODY) & (luck < 300)
    own = np.where(moved, urban[target, row], own)
    near = happens(rng, persons.count, 0.72) & (persons.mother != NOBODY) & ~moved
    everyone = np.arange(persons.count)
    parents_home = np.where(near, persons.household[np.where(near, persons.mother, 0)], everyone)
    origin = _ends(np.where(near, parents_home, everyone))
    persons.commune[:] = own[origin][persons.household]
    # Children of migrants are born there or at the grandparents'.
    here = places().commune_old[persons.commune]
    with_parents = (persons.mother != NOBODY) & (age < 25) & happens(rng, persons.count, 0.6)
    elsewhere = happens(rng, persons.count, 0.015)
    persons.birth_old[:] = np.where(with_parents, here, np.where(elsewhere, target, home_old))


def christen(plan: Plan, block: Block, persons: People) -> None:
    """Name everybody: surname and people come from the father, else from the mother's side."""
    rng = stream(plan.seed, "names", block.number)
    everyone = np.arange(persons.count)
    south = np.array([int(old.code) >= 46 for old in old_provinces()])[areas()[0][persons.home]]
    own = names.surnames(rng, persons.people, persons.sex, south)
    # Children of a widow share the surname of a father the register no longer knows: it is drawn with the mother.
    late_husbands = names.surnames(rng, persons.people, np.zeros_like(persons.sex), south)
    if plan.dense:
        kin = happens(rng, persons.count, 0.7)
        own = np.where(kin, own[persons.household], own)
        surname = names.by_sex(own, persons.people, persons.sex)
    else:
        origin = _ends(np.where(persons.father != NOBODY, persons.father, everyone))
        widows_child = (persons.father == NOBODY) & (persons.mother != NOBODY)
        base = np.where(widows_child, late_husbands[np.where(widows_child, persons.mother, 0)], own)
        persons.people[:] = persons.people[origin]
        surname = names.by_sex(base[origin], persons.people, persons.sex)
    persons.names[:] = names.invent(rng, persons.people, persons.sex, persons.birth_year, surname)
    _repeat_names(plan, block, persons)


def _repeat_names(plan: Plan, block: Block, persons: People) -> None:
    """Let a few people bear the full name of a relative of the same sex in their household."""
    rng = stream(plan.seed, "namesakes", block.number)
    order = np.argsort(persons.household * 2 + persons.sex, kind="stable")
    one, other = order[:-1], order[1:]
    together = (persons.household[one] == persons.household[other]) & (persons.sex[one] == persons.sex[other])
    related = persons.names[one, names.SURNAME] == persons.names[other, names.SURNAME]
    namesakes = together & related & happens(rng, one.size, 0.012) & (persons.born[one] != persons.born[other])
    persons.names[other[namesakes]] = persons.names[one[namesakes]]
