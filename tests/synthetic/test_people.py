"""The register: numbers, names, families, places and ages are those of the country."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np

from ansinh_synthetic.names import vocabulary
from ansinh_synthetic.permutation import permuted, unique_within
from ansinh_synthetic.plan import BLOCK_PEOPLE, Plan
from ansinh_synthetic.provinces import old_provinces, places
from ansinh_synthetic.spelling import plain, slip, spelled, telex
from tests.synthetic.conftest import PEOPLE, Nation


def test_places_cover_34_provinces_and_63_old_ones() -> None:
    here = places()
    assert (len(here.communes), len(here.provinces), len(here.olds)) == (3321, 34, 63)
    assert len(set(here.communes)) == 3321
    assert set(here.commune_old.tolist()) == set(range(63))
    for commune, old in enumerate(here.commune_old.tolist()):
        assert here.provinces[int(here.commune_province[commune])] == old_provinces()[old].became


def test_permuted_is_one_to_one_and_keyed() -> None:
    for size in (1, 2, 97, 10_000, 12_345):
        numbers = np.arange(size)
        assert sorted(permuted(size, 5, numbers).tolist()) == numbers.tolist()
    assert permuted(10_000, 5, np.arange(100)).tolist() != permuted(10_000, 6, np.arange(100)).tolist()


def test_unique_within_never_repeats_across_blocks() -> None:
    groups = np.arange(3000) % 3
    taken: set[tuple[int, int]] = set()
    for block in range(4):
        numbers = unique_within(groups, 10**6, (block, 4), 9)
        taken |= set(zip(groups.tolist(), numbers.tolist(), strict=True))
    assert len(taken) == 12_000


def test_pin_follows_the_real_rule(nation: Nation) -> None:
    person = nation("register/person").to_pydict()
    assert len(set(person["pin"])) == PEOPLE
    for pin, place, sex, year in zip(
        person["pin"], person["born_in_province"], person["sex"], person["birth_year"], strict=True
    ):
        century = (year // 100 - 19) * 2 + (sex == "F")
        assert pin[:6] == f"0{place}{century}{year % 100:02d}"
        assert len(pin) == 12
        assert pin.isdigit()


def test_old_numbers_are_repeated_for_one_in_a_hundred(nation: Nation) -> None:
    person = nation("register/person")
    numbers = [n for n in person.column("old_number").to_pylist() if n]
    shared = sum(count for count in Counter(numbers).values() if count > 1)
    assert 0.005 < shared / len(numbers) < 0.016
    young = [
        n for n, y in zip(person.column("old_number").to_pylist(), person.column("birth_year").to_pylist(), strict=True)
        if y > 2005
    ]  # fmt: skip
    assert not any(young)


def test_names_have_the_real_distribution(nation: Nation) -> None:
    person = nation("register/person").to_pydict()
    names = list(zip(person["full_name"], person["sex"], person["birth_year"], person["ethnicity"], strict=True))
    surnames = Counter(name.split()[0] for name, *_ in names)
    assert 0.32 < surnames["Nguyễn"] / PEOPLE < 0.40
    assert min(surnames["Trần"], surnames["Lê"]) > surnames["Phạm"] > surnames["Phan"]
    assert not [name for name, sex, *_ in names if sex == "M" and " Thị " in f" {name} "]

    def share(word: str, sex: str, first: int, last: int) -> float:
        chosen = [name for name, s, year, _ in names if s == sex and first <= year <= last]
        return sum(f" {word} " in name for name in chosen) / len(chosen)

    assert 0.45 < share("Thị", "F", 1930, 1969) < 0.60
    assert 0.20 < share("Thị", "F", 2003, 2025) < 0.33
    assert 0.15 < share("Văn", "M", 1930, 1969) < 0.25
    assert 0.05 < share("Văn", "M", 2008, 2025) < 0.11
    assert not [name for name, *_ in names if plain(name) == name and len(name.split()) > 4]


def test_names_follow_families_and_regions(nation: Nation) -> None:
    person = nation("register/person").to_pydict()
    by_pin = {pin: place for place, pin in enumerate(person["pin"])}
    agree = total = 0
    for place, father in enumerate(person["father_pin"]):
        if father in by_pin and person["ethnicity"][place] in {"Kinh", "Tày", "Thái"}:
            total += 1
            agree += person["full_name"][place].split()[0] == person["full_name"][by_pin[father]].split()[0]
    assert agree / total > 0.99
    south = Counter(
        name.split()[0] for name, p in zip(person["full_name"], person["born_in_province"], strict=True) if p >= "79"
    )
    assert south["Huỳnh"] > 3 * south["Hoàng"]
    assert south["Võ"] > 3 * south["Vũ"]


def test_parents_are_old_enough_and_spouses_mutual(nation: Nation) -> None:
    person = nation("register/person").to_pydict()
    by_pin = {pin: place for place, pin in enumerate(person["pin"])}
    mothers = fathers = 0
    for place, pin in enumerate(person["pin"]):
        mother, father, spouse = (person[f"{who}_pin"][place] for who in ("mother", "father", "spouse"))
        if mother:
            mothers += 1
            assert person["sex"][by_pin[mother]] == "F"
            assert 17 <= person["birth_year"][place] - person["birth_year"][by_pin[mother]] <= 43
        if father:
            fathers += 1
            assert person["sex"][by_pin[father]] == "M"
            assert person["birth_year"][place] - person["birth_year"][by_pin[father]] >= 17
        if spouse:
            assert person["spouse_pin"][by_pin[spouse]] == pin
            assert person["sex"][by_pin[spouse]] != person["sex"][place]
    assert mothers > 0.6 * PEOPLE
    assert fathers > 0.4 * PEOPLE


def test_households_twins_and_namesakes_exist(nation: Nation) -> None:
    person = nation("register/person").to_pydict()
    sizes = Counter(person["household"])
    assert 2.7 < PEOPLE / len(sizes) < 4.0
    assert max(sizes.values()) <= 20
    births = zip(person["mother_pin"], person["birth_year"], person["birth_month"], person["birth_day"], strict=True)
    same_day = Counter(birth for birth in births if birth[0] and birth[2] and birth[2:] != (1, 1))
    assert 20 < sum(count == 2 for count in same_day.values()) < 100
    same_name = Counter(zip(person["household"], person["full_name"], strict=True))
    assert 0.001 < sum(count > 1 for count in same_name.values()) / PEOPLE < 0.01


def test_births_deaths_and_unknown_days_have_their_shares(nation: Nation) -> None:
    person = nation("register/person").to_pydict()
    born = list(zip(person["birth_year"], person["birth_month"], person["birth_day"], strict=True))
    recent = sum((2024, 12, 0) < (y, m or 1, d or 1) <= (2025, 7, 31) for y, m, d in born)
    assert 0.0075 < recent / PEOPLE < 0.0115
    assert max((y, m or 1, d or 1) for y, m, d in born) <= (2025, 7, 31)
    died = [str(day) for day in person["died_on"] if day]
    assert 0.012 < len(died) / PEOPLE < 0.018
    assert 0.003 < sum("2024-12-01" <= day <= "2025-07-31" for day in died) / PEOPLE < 0.006
    old = [b for b in born if b[0] < 1955]
    assert 0.03 < sum(month is None for _, month, _ in old) / len(old) < 0.09
    known = [b for b in old if b[1]]
    assert 0.08 < sum(b[1:] == (1, 1) for b in known) / len(known) < 0.17
    registered = [str(day) for day in person["registered_on"]]
    for (year, month, of_month), day in zip(born, registered, strict=True):
        if month and (year, month, of_month) >= (2024, 12, 1):
            assert f"{year}-{month:02d}-{of_month:02d}" <= day <= "2025-07-31"


def test_provinces_have_their_sizes(nation: Nation) -> None:
    here, total = places(), sum(old.population for old in old_provinces())
    real: Counter[str] = Counter()
    for old in old_provinces():
        real[old.became] += old.population
    counted = Counter(nation("register/person").column("province").to_pylist())
    for province in here.provinces:
        if real[province] / total > 0.02:
            assert 0.75 < counted[province] / PEOPLE / (real[province] / total) < 1.3, province
    ward = {code for code, is_ward in zip(here.communes, here.ward, strict=True) if is_ward}
    in_wards = sum(commune in ward for commune in nation("register/person").column("commune").to_pylist())
    assert 0.35 < in_wards / PEOPLE < 0.52


def test_dense_nation_is_as_crowded_as_the_country(dense: Nation) -> None:
    person = dense("register/person").to_pydict()
    days = {(y, m, d) for y, m, d in zip(person["birth_year"], person["birth_month"], person["birth_day"], strict=True)}
    assert len(set(person["birth_year"])) == 1
    assert 3000 < PEOPLE / len(days) < 4500  # 1.33 million a year are 3,644 a day
    alike = Counter(
        zip(person["full_name"], person["birth_month"], person["birth_day"], person["sex"], strict=True)
    )  # fmt: skip
    unique = sum(count == 1 for count in alike.values()) / PEOPLE
    assert 0.70 < unique < 0.90
    assert dense("agency/insured").num_rows == PEOPLE * 95 // 100
    assert {dense(f"agency/{name}").num_rows for name in ("span", "coverage", "payee", "lookup", "book_reading")} == {0}
    assert len(set(person["household"])) < 0.6 * PEOPLE


def test_blocks_share_the_nation_out_exactly() -> None:
    for people in (100, 49_999, 123_457, 100_000_000):
        plan = Plan(people, 1)
        blocks = [plan.block(number) for number in range(plan.blocks)]
        assert max(block.people for block in blocks) <= BLOCK_PEOPLE
        assert sum(block.people for block in blocks) == people
        assert sum(block.records for block in blocks) == plan.records
        for one, following in pairwise(blocks):
            assert one.first_person + one.people == following.first_person
            assert one.first_record + one.records == following.first_record


def test_spellings_of_a_word() -> None:
    assert (plain("Nguyễn"), telex("Nguyễn"), plain("Đặng")) == ("Nguyen", "Nguyeenx", "Dang")
    assert (telex("Đường"), telex("Thị")) == ("Dduwowngf", "Thij")
    assert (spelled("Hòa"), spelled("Thúy"), spelled("Mỹ"), spelled("Lan")) == ("Hoà", "Thuý", "Mĩ", "Lan")
    for word in vocabulary():
        assert all(slip(word, way).strip() for way in range(6))
