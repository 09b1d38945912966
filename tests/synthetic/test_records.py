"""The agency's records: shares of damage, and nothing that tells whose a record is."""

from __future__ import annotations

import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from ansinh_synthetic import create
from ansinh_synthetic import plan as planning
from ansinh_synthetic.plan import rates
from tests.synthetic.conftest import PEOPLE, Nation

RECORDS = PEOPLE * 95 // 100


@pytest.fixture(scope="module")
def marks(nation: Nation) -> Counter[str]:
    counted: Counter[str] = Counter()
    for damage in nation("truth/link").column("damage").to_pylist():
        counted.update(damage.split(",") if damage else [])
    return counted


def test_coverage_seconds_and_strangers_have_their_shares(nation: Nation, marks: Counter[str]) -> None:
    pins = nation("truth/link").column("pin").to_pylist()
    known = [pin for pin in pins if pin]
    assert len(pins) == RECORDS
    assert len(set(known)) == PEOPLE * 92 // 100
    assert len(known) - len(set(known)) == PEOPLE * 15 // 1000 == marks["second_record"]
    assert pins.count(None) == PEOPLE * 15 // 1000 == marks["stranger"]
    assert set(known) <= set(nation("register/person").column("pin").to_pylist())


def test_record_numbers_are_dense_and_codes_unique(nation: Nation) -> None:
    insured = nation("agency/insured")
    assert insured.column("record_no").to_pylist() == list(range(1, RECORDS + 1))
    assert len(set(insured.column("si_code").to_pylist())) == RECORDS
    assert all(len(code) == 10 for code in insured.column("si_code").to_pylist())


@pytest.mark.parametrize(
    "kind",
    [
        "no_diacritics", "one_syllable_plain", "decomposed", "upper_case", "slip", "lost_space", "day_month_swapped",
        "day_wrong", "month_wrong", "year_off_by_one", "sex_wrong", "sex_missing", "moved", "commune_missing",
        "order_changed", "telex", "date_missing",
    ],
)  # fmt: skip
def test_damage_falls_at_its_rate(marks: Counter[str], kind: str) -> None:
    wanted = rates()["damage"][kind] * RECORDS
    # Clusters make counts vary more than independent errors would.
    assert abs(marks[kind] - wanted) < 0.25 * wanted + 4 * wanted**0.5


def test_numbers_are_of_the_kinds_found(nation: Nation) -> None:
    lengths = Counter(len(n) if n else 0 for n in nation("agency/insured").column("id_number").to_pylist())
    assert 0.60 < (lengths[12] + lengths[11] + lengths[10]) / RECORDS < 0.70
    assert 0.10 < (lengths[9] + lengths[8]) / RECORDS < 0.24
    assert 0.17 < lengths[0] / RECORDS < 0.25
    assert lengths[11] > 0


def test_marks_tell_the_truth(nation: Nation) -> None:
    person = nation("register/person").to_pydict()
    by_pin = {pin: place for place, pin in enumerate(person["pin"])}
    insured, link = nation("agency/insured").to_pydict(), nation("truth/link").to_pydict()
    untouched = 0
    for record, pin in enumerate(link["pin"]):
        done = set(link["damage"][record].split(","))
        name = insured["full_name"][record]
        if "decomposed" in done:
            assert name == unicodedata.normalize("NFD", name)
        if "upper_case" in done:
            assert name == name.upper()
        if pin and done == {""}:
            untouched += 1
            true = by_pin[pin]
            assert name == person["full_name"][true]
            assert insured["sex"][record] == person["sex"][true]
            assert insured["birth_year"][record] == person["birth_year"][true]
            assert insured["id_number"][record] == pin
            assert insured["commune"][record] == person["commune"][true]
    assert 0.15 < untouched / RECORDS < 0.40


def test_errors_come_in_clusters(nation: Nation) -> None:
    """Some office in some decade has many times the mean rate of a rare error."""
    insured, link = nation("agency/insured").to_pydict(), nation("truth/link").to_pydict()
    seen, hit = Counter[tuple[str, int]](), Counter[tuple[str, int]]()
    for code, day, damage in zip(insured["si_code"], insured["recorded_on"], link["damage"], strict=True):
        work = code[:2], day.year // 10
        seen[work] += 1
        hit[work] += "month_wrong" in damage
    worst = max(hit[work] / seen[work] for work in seen if seen[work] >= 100)
    assert worst > 4 * rates()["damage"]["month_wrong"]


def _ranks(values: Any) -> Any:
    return np.argsort(np.argsort(values))


def test_neither_order_nor_numbers_tell_whose_a_record_is(nation: Nation) -> None:
    person, insured, link = (nation(n).to_pydict() for n in ("register/person", "agency/insured", "truth/link"))
    row = {pin: place for place, pin in enumerate(person["pin"])}
    known = [(record, row[pin], pin) for record, pin in enumerate(link["pin"]) if pin]
    true_row = _ranks(np.array([r for _, r, _ in known]))
    kept = {
        "record_no": [record for record, _, _ in known],
        "si_code": [int(insured["si_code"][record][2:]) for record, _, _ in known],
        "pin": [int(pin[6:]) for _, _, pin in known],
        "household of the register": [person["household"][r] for _, r, _ in known],
    }
    for name, values in kept.items():
        assert abs(float(np.corrcoef(true_row, _ranks(np.array(values)))[0, 1])) < 0.03, name
    record = _ranks(np.array(kept["record_no"]))
    for name in ("si_code", "pin", "household of the register"):
        assert abs(float(np.corrcoef(record, _ranks(np.array(kept[name])))[0, 1])) < 0.03, name
    years = np.array([person["birth_year"][r] for _, r, _ in known])
    assert abs(float(np.corrcoef(record, years)[0, 1])) < 0.03
    on_file = [(r, insured["household"][record]) for record, r, _ in known if insured["household"][record]]
    rows, households = (_ranks(np.array(column)) for column in zip(*on_file, strict=True))
    assert abs(float(np.corrcoef(rows, households)[0, 1])) < 0.03


def test_agency_household_is_not_the_registers(nation: Nation) -> None:
    insured, person = nation("agency/insured"), nation("register/person")
    numbers = [n for n in insured.column("household").to_pylist() if n]
    sizes = Counter(numbers)
    with_relatives = sum(count for count in sizes.values() if count > 1)
    assert 0.48 < with_relatives / RECORDS < 0.62
    assert len(set(numbers) & set(person.column("household").to_pylist())) < 0.5 * len(sizes)


def test_armed_forces_and_relatives_are_told_apart(nation: Nation) -> None:
    excluded = Counter(nation("agency/insured").column("excluded").to_pylist())
    assert set(excluded) == {None, "army", "police", "cipher", "relative"}
    assert 0.009 < 1 - excluded[None] / RECORDS < 0.015


def test_memory_does_not_grow_with_the_people(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "BLOCK_PEOPLE", 2000)
    pool, peaks = pa.default_memory_pool(), []
    for people in (4000, 12_000):
        before, most = pool.bytes_allocated(), 0

        def watch(stage: str, done: int, total: int, before: int = before) -> None:
            nonlocal most
            most = max(most, pool.bytes_allocated() - before)

        create(tmp_path / str(people), people, 1, progress=watch)
        peaks.append(most)
    assert peaks[1] < 1.5 * peaks[0] + 1_000_000
