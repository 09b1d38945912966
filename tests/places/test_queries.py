"""What the loaded reference data answers."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from ansinh.database.sql import rows
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.clock import FixedClock
from ansinh.places import queries
from ansinh.places.operations import load_reference

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(db: None) -> None:
    """All packaged reference data."""
    operator = Actor(ActorKind.SYSTEM, "operator", frozenset({"places.load"}))
    load_reference(actor=operator, reason="test", clock=FixedClock(datetime(2025, 7, 10, 3, 0, tzinfo=UTC)))


def test_places_answers_of_the_loaded_data(loaded: None) -> None:
    """One load for many short questions: loading is the costly part."""
    _provinces()
    _communes()
    _former_units()
    _codes()
    _calendar()


def _provinces() -> None:
    assert len(queries.provinces()) == 34
    former = [
        str(code)
        for (code,) in rows("SELECT code FROM places_unit WHERE level = 'province' AND edition = 'before_july_2025'")
    ]
    assert len(former) == 63
    resolved = {code: queries.province_of_card_code(code) for code in former}
    assert all(resolved.values())
    assert {found.code for found in resolved.values() if found} == {one.code for one in queries.provinces()}
    for code, name in [
        ("01", "Thành phố Hà Nội"),
        ("30", "Thành phố Hải Phòng"),
        ("77", "Thành phố Hồ Chí Minh"),
        ("89", "Tỉnh An Giang"),
    ]:
        found = resolved[code]
        assert found is not None
        assert found.name == name
    assert queries.province_of_card_code("00") is None
    assert queries.province_of_card_code("97") is None


def _communes() -> None:
    hoan_kiem = queries.commune("00070")
    assert hoan_kiem is not None
    assert (hoan_kiem.name, hoan_kiem.province, hoan_kiem.urban) == ("Phường Hoàn Kiếm", "01", True)
    # The package keeps a draft code of this ward; the one in force resolves too.
    assert queries.commune("00082") == queries.commune("00073")
    assert queries.is_urban("00073") is True
    assert queries.is_urban("99999") is None
    assert len(queries.urban_communes()) == 687
    codes = rows(
        "SELECT count(DISTINCT official_code), count(*) FROM places_unit WHERE level = 'commune' AND edition = 'since_july_2025'"
    )
    assert codes == [(3321, 3321)]


def _former_units() -> None:
    phuc_xa = queries.unit("commune", "00001", on=date(2025, 6, 30))
    assert phuc_xa is not None
    assert (phuc_xa.name, phuc_xa.parent, phuc_xa.province, phuc_xa.urban) == ("Phường Phúc Xá", "001", "01", True)
    assert queries.unit("commune", "00001", on=date(2025, 7, 1)) is None
    assert queries.unit("district", "001", on=date(2025, 6, 30)) is not None
    (only,) = queries.successors("00001")
    assert (only.commune.name, only.part) == ("Phường Hồng Hà", "whole")
    kept = queries.successors("00019")
    assert len(kept) > 1
    assert all(one.commune.province == "01" for one in kept)
    assert queries.successors("00000") == ()


def _codes() -> None:
    vietcombank = queries.bank("VCB")
    assert vietcombank is not None
    assert vietcombank.bin == "970436"
    worker, child = queries.object_code("DN"), queries.object_code("TE")
    assert worker is not None
    assert child is not None
    assert (worker.level, child.level) == (4, 1)
    assert [level.share_percent for n in range(1, 6) if (level := queries.benefit_level(n))] == [100, 100, 95, 80, 100]
    assert [queries.object_code(letters) for letters in ("AK", "", "đồng", "DNX")] == [None] * 4
    cholera = queries.diagnosis("A00.0")
    assert cholera is not None
    assert (cholera.parent, cholera.leaf) == ("A00", True)
    assert queries.facility("01001") is None


def _calendar() -> None:
    assert not queries.is_working_day(date(2025, 5, 2))
    assert queries.add_working_days(date(2025, 4, 29), 1) == date(2025, 5, 5)


def test_working_calendar_without_holidays_is_refused() -> None:
    with pytest.raises(queries.CalendarUnknown):
        queries.working_calendar()
