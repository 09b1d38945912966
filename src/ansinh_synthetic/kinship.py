"""Who is married to whom, whose child is whose, and who lives together.

Couples and parents are found inside one home area (one people in one old province), so that names, places of birth
and addresses fit together; twins and unmarried mothers exist, a few relatives live in other blocks and stay unknown.
"""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from ansinh_synthetic.chance import Bools, Ints, bell, happens, stream
from ansinh_synthetic.days import LAST_DAY, years_of
from ansinh_synthetic.plan import Block, Plan
from ansinh_synthetic.population import ALIVE, NOBODY, People, age_gap, areas

# Per mille married by age group of five years from 20, men and women.
_MARRIED = (
    (180, 480, 720, 830, 860, 870, 870, 860, 850, 830, 800, 740, 650, 520, 400),
    (400, 700, 830, 860, 860, 850, 820, 780, 730, 640, 520, 380, 250, 140, 80),
)
# Per mille whose mother is known to the register, by year of birth (decades from 1940).
_MOTHER_KNOWN = (0, 120, 330, 600, 800, 930, 970, 985, 990, 990)
_MOTHER_AGES = np.repeat(
    np.arange(18, 43),
    (8, 14, 24, 38, 52, 64, 72, 76, 76, 74, 70, 64, 58, 52, 46, 40, 34, 28, 24, 19, 15, 12, 9, 6, 4),
)
_SPAN = 1 << 20


def relate(plan: Plan, block: Block, persons: People) -> None:
    """Fill spouse, mother, father, household and who is a stranger to the register."""
    rng = stream(plan.seed, "kinship", block.number)
    if plan.dense:
        _group(rng, persons)
        persons.stranger[rng.permutation(persons.count)[: block.strangers]] = True
        return
    _marry(rng, persons)
    _find_mothers(rng, persons)
    _make_twins(rng, persons)
    _forbid_close_marriages(persons)
    _move_in(rng, persons)
    _choose_strangers(rng, persons, block.strangers)


def _marry(rng: Generator, persons: People) -> None:
    group = np.clip((LAST_DAY - persons.born) // 1826 - 4, -1, len(_MARRIED[0]) - 1)
    chances = np.array(_MARRIED)[persons.sex, np.maximum(group, 0)]
    married = (rng.integers(0, 1000, persons.count) < chances) & (group >= 0)
    sides = []
    for sex in (0, 1):
        members = np.flatnonzero(married & (persons.sex == sex))
        wished = persons.born[members] + (age_gap(rng, members.size) if sex == 0 else bell(rng, members.size, 200))
        order = np.argsort(persons.home[members] * 100_000 - wished, kind="stable")
        sides.append(members[order])
    men, women = sides
    men_rank, women_rank = _rank(persons.home[men]), _rank(persons.home[women])
    wide = persons.count + 1
    _, place_m, place_w = np.intersect1d(
        persons.home[men] * wide + men_rank, persons.home[women] * wide + women_rank, return_indices=True
    )
    husband, wife = men[place_m], women[place_w]
    gap = persons.born[wife] - persons.born[husband]
    fitting = (gap > -12 * 365) & (gap < 20 * 365)
    persons.spouse[husband[fitting]] = wife[fitting]
    persons.spouse[wife[fitting]] = husband[fitting]


def _rank(groups: Ints) -> Ints:
    """Rank of each row inside its group, for rows sorted by group."""
    return np.arange(groups.size) - np.searchsorted(groups, groups, side="left")


def _draw_mothers(rng: Generator, persons: People, children: Ints, everywhere: bool) -> Ints:
    """Draw a mother who was 18 to 42 at the birth for each child; NOBODY where the home has none of that age."""
    age = persons.age_on(LAST_DAY)
    able = (persons.sex == 1) & ((persons.spouse != NOBODY) | (age > 55) | happens(rng, persons.count, 0.06))
    women = np.flatnonzero(able & (age >= 18))
    home = np.zeros(persons.count, dtype=np.int64) if everywhere else persons.home
    keys = home[women] * _SPAN + persons.born[women] + _SPAN // 2
    order = np.argsort(keys, kind="stable")
    women, keys = women[order], keys[order]
    ages = _MOTHER_AGES[rng.integers(0, _MOTHER_AGES.size, children.size)]
    wanted = home[children] * _SPAN + persons.born[children] + _SPAN // 2 - ages * 365 - rng.integers(0, 365, ages.size)
    found = np.full(children.size, NOBODY, dtype=np.int64)
    luck = rng.random(children.size)
    for width in (400, 1500, 4000):
        open_places = np.flatnonzero(found == NOBODY)
        first = np.searchsorted(keys, wanted[open_places] - width)
        last = np.searchsorted(keys, wanted[open_places] + width)
        some = last > first
        place = first[some] + (luck[open_places[some]] * (last - first)[some]).astype(np.int64)
        found[open_places[some]] = women[place]
    years = persons.born[children] - persons.born[found]
    fitting = (found != NOBODY) & (years >= 18 * 366) & (years <= 43 * 365) & (found != persons.spouse[children])
    return np.where(fitting & (persons.died[found] > persons.born[children]), found, NOBODY)


def _find_mothers(rng: Generator, persons: People) -> None:
    decade = np.clip((years_of(persons.born) - 1940) // 10, 0, len(_MOTHER_KNOWN) - 1)
    known = rng.integers(0, 1000, persons.count) < np.array(_MOTHER_KNOWN)[decade]
    children = np.flatnonzero(known)
    persons.mother[children] = _draw_mothers(rng, persons, children, everywhere=False)
    # A minor without a mother in his home area gets one elsewhere and shares her home; where even that fails he is
    # an orphan.
    minors = np.flatnonzero((persons.mother == NOBODY) & (persons.age_on(LAST_DAY) < 20))
    mothers = _draw_mothers(rng, persons, minors, everywhere=True)
    persons.mother[minors] = mothers
    adopted = minors[mothers != NOBODY]
    persons.home[adopted] = persons.home[persons.mother[adopted]]
    old, people, _ = areas()
    persons.birth_old[adopted] = old[persons.home[adopted]]
    persons.people[adopted] = people[persons.home[adopted]]
    _set_fathers(rng, persons)


def _set_fathers(rng: Generator, persons: People) -> None:
    children = np.flatnonzero(persons.mother != NOBODY)
    fathers = persons.spouse[persons.mother[children]]
    known = (fathers != NOBODY) & ~happens(rng, children.size, 0.015)
    known &= persons.born[children] - persons.born[fathers] > 18 * 365
    persons.father[children[known]] = fathers[known]


def _make_twins(rng: Generator, persons: People) -> None:
    """Turn about 1 % of the young into twins: two children of one birth year get one mother and one day of birth."""
    young = np.flatnonzero((persons.mother != NOBODY) & (persons.spouse == NOBODY) & (persons.age_on(LAST_DAY) < 40))
    order = young[
        np.lexsort((rng.integers(0, 1 << 30, young.size), persons.home[young], years_of(persons.born[young])))
    ]
    first, second = order[0::2][: order.size // 2], order[1::2]
    twins = happens(rng, second.size, 0.011) & (persons.home[first] == persons.home[second])
    twins &= years_of(persons.born[first]) == years_of(persons.born[second])
    one, other = first[twins], second[twins]
    has_children = np.zeros(persons.count, dtype=np.bool_)
    has_children[persons.mother[persons.mother != NOBODY]] = True
    fine = ~has_children[other]
    one, other = one[fine], other[fine]
    for column in (persons.born, persons.mother, persons.father, persons.birth_old):
        column[other] = column[one]
    dead = persons.died[other] < persons.born[other]
    persons.died[other[dead]] = ALIVE


def _forbid_close_marriages(persons: People) -> None:
    """Let nobody be married to a sister or brother: the wife then comes from another family."""
    wives = np.flatnonzero((persons.sex == 1) & (persons.spouse != NOBODY) & (persons.mother != NOBODY))
    close = wives[persons.mother[wives] == persons.mother[persons.spouse[wives]]]
    persons.mother[close] = NOBODY
    persons.father[close] = NOBODY


def _move_in(rng: Generator, persons: People) -> None:
    """Decide who lives with whom; the household is named after the person everybody in it finally points to."""
    age = persons.age_on(LAST_DAY)
    alone, mother = persons.spouse == NOBODY, persons.mother
    host = np.arange(persons.count)
    elder = alone & (age >= 65) & happens(rng, persons.count, 0.65)
    at_home = alone & (mother != NOBODY) & ((age < 23) | happens(rng, persons.count, 0.55)) & ~elder
    wives = np.flatnonzero((persons.sex == 1) & ~alone)
    host[wives] = persons.spouse[wives]
    host[at_home] = mother[at_home]
    _take_elders_in(persons, host, elder, ~at_home)
    moved_elder = elder & (host != np.arange(persons.count))
    sons = (persons.sex == 0) & ~alone & (mother != NOBODY) & happens(rng, persons.count, 0.24)
    sons &= ~moved_elder[mother]
    host[sons] = mother[sons]
    for _ in range(5):
        host = host[host]
    _share_homes(rng, persons, host)
    persons.household[:] = _cap(persons, host)


def _share_homes(rng: Generator, persons: People, host: Ints) -> None:
    """Let most grown people who would live alone share a home, three by three, with others from their home area."""
    size = np.bincount(host, minlength=persons.count)
    single = (size[host] == 1) & (persons.spouse == NOBODY) & (persons.died == ALIVE)
    single = np.flatnonzero(single & happens(rng, persons.count, 0.62))
    order = single[np.lexsort((rng.integers(0, 1 << 30, single.size), persons.home[single]))]
    trios = order.size // 3
    owner = order[2::3][:trios]
    for guest in (order[0::3][:trios], order[1::3][:trios]):
        near = persons.home[guest] == persons.home[owner]
        host[guest[near]] = owner[near]


def _cap(persons: People, host: Ints) -> Ints:
    """Split households of more than seven, couples kept together where they can be."""
    everyone = np.arange(persons.count)
    couple = np.where(persons.spouse == NOBODY, everyone, np.minimum(everyone, persons.spouse))
    order = np.lexsort((couple, host))
    rank = _rank(host[order])
    # The head of each further part is its first member.
    head = order[np.arange(order.size) - rank % 7]
    capped = np.empty_like(host)
    capped[order] = np.where(rank < 7, host[order], head)
    return capped


def _take_elders_in(persons: People, host: Ints, elder: Bools, own_home: Bools) -> None:
    """Let elders without a spouse live with a grown child who has an own home, a son if there is one."""
    for sex in (1, 0):
        grown = np.flatnonzero(
            (persons.mother != NOBODY) & own_home & (persons.spouse != NOBODY) & (persons.sex == sex)
        )
        taken = grown[elder[persons.mother[grown]]]
        host[persons.mother[taken]] = taken


def _choose_strangers(rng: Generator, persons: People, wanted: int) -> None:
    """Choose grown people without kin in the block to be the ones the register does not know."""
    tied = (persons.spouse != NOBODY) | (persons.died != ALIVE)
    for parent in (persons.mother, persons.father):
        tied[parent[parent != NOBODY]] = True
    free = np.flatnonzero(~tied & (persons.age_on(LAST_DAY) >= 16))
    chosen = rng.permutation(free)[:wanted]
    if chosen.size < wanted:
        rest = np.setdiff1d(np.flatnonzero(~tied), chosen)
        chosen = np.concatenate([chosen, rng.permutation(rest)[: wanted - chosen.size]])
    if chosen.size < wanted:
        raise ValueError("too few people without kin to be strangers")
    persons.stranger[chosen] = True
    # Somebody may live where a stranger is named as the head: the kin keep their household, it only has a number.


def _group(rng: Generator, persons: People) -> None:
    """Put people of one age into groups of one to six relatives and neighbours at one address."""
    sizes = np.array((1, 2, 2, 3, 3, 4, 4, 5, 6))[rng.integers(0, 9, persons.count)]
    ends = np.cumsum(sizes)
    group = np.searchsorted(ends, np.arange(persons.count), side="right")
    first = np.searchsorted(group, group, side="left")
    order = np.argsort(persons.home, kind="stable")
    persons.household[order] = order[first]
