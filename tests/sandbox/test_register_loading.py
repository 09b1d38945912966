"""The register takes a nation in once, whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ansinh_sandbox.register import loading
from ansinh_sandbox.register.__main__ import main
from ansinh_sandbox.register.loading import AnotherNation, load
from ansinh_sandbox.register.store import NotLoaded, Store
from tests.sandbox.nations import old_number_of, pin_of, write_register

HELD = "pin, old_number, full_name, sex, birth_date, commune, province, household, died_on, father_pin, mother_pin"


def held(store: Path, number: int) -> list[tuple[object, ...]]:
    opened = Store(store)
    try:
        return opened.connection.execute(f"SELECT {HELD} FROM person WHERE pin = ?", (pin_of(number),)).fetchall()
    finally:
        opened.close()


def test_load_keeps_every_field_that_is_answered(tmp_path: Path) -> None:
    assert load(write_register(tmp_path / "nation", 120, row_group=50), tmp_path / "store") == 120
    name = "Nguyễn Thị Số 40"
    year_known = (pin_of(40), old_number_of(40), name, "M", "1970-05-13", "00004", "01", 11, "2020-02-29")
    assert held(tmp_path / "store", 40) == [(*year_known, pin_of(41), pin_of(42))]


def test_load_writes_dates_as_precise_as_they_are_known(tmp_path: Path) -> None:
    load(write_register(tmp_path / "nation", 60), tmp_path / "store")
    assert [held(tmp_path / "store", number)[0][4] for number in (49, 50)] == ["1979-02-22", "1980"]


def test_load_the_same_nation_twice_changes_nothing(tmp_path: Path) -> None:
    nation = write_register(tmp_path / "nation", 100)
    load(nation, tmp_path / "store")
    before = (tmp_path / "store" / "register.sqlite").stat().st_mtime_ns
    assert load(nation, tmp_path / "store") == 100
    assert (tmp_path / "store" / "register.sqlite").stat().st_mtime_ns == before


def test_load_another_nation_is_refused_unless_it_is_to_replace(tmp_path: Path) -> None:
    load(write_register(tmp_path / "one", 100), tmp_path / "store")
    other = write_register(tmp_path / "two", 30)
    with pytest.raises(AnotherNation):
        load(other, tmp_path / "store")
    assert held(tmp_path / "store", 99)
    assert load(other, tmp_path / "store", replace=True) == 30
    assert not held(tmp_path / "store", 99)


def test_load_cut_off_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load(write_register(tmp_path / "one", 100), tmp_path / "store")
    other = write_register(tmp_path / "two", 90)
    monkeypatch.setattr(loading, "ROWS_AT_A_TIME", 40)

    def stop(done: int, total: int) -> None:
        if done >= 80:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load(other, tmp_path / "store", replace=True, progress=stop)
    assert held(tmp_path / "store", 99)
    assert load(other, tmp_path / "store", replace=True) == 90


def test_load_names_a_nation_by_its_manifest(tmp_path: Path) -> None:
    nation = write_register(tmp_path / "nation", 10)
    (nation / "manifest.json").write_text(json.dumps({"people": 10}))
    load(nation, tmp_path / "store")
    (nation / "manifest.json").write_text(json.dumps({"people": 11}))
    with pytest.raises(AnotherNation):
        load(nation, tmp_path / "store")


def test_an_empty_store_is_refused_with_the_cure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(NotLoaded):
        Store(tmp_path)
    assert main(["--store", str(tmp_path), "--secrets", str(tmp_path / "secrets")]) == 2
    assert "load a nation first" in capsys.readouterr().err


def test_the_command_loads_a_nation(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nation = write_register(tmp_path / "nation", 25)
    assert main(["load", "--nation", str(nation), "--store", str(tmp_path / "store")]) == 0
    assert "25 persons" in capsys.readouterr().out
    assert main(["load", "--nation", str(tmp_path / "nowhere"), "--store", str(tmp_path / "store")]) == 2
