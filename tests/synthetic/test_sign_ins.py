"""Sign-ins of the former system: as many as reported, by people who could, in both ways."""

from __future__ import annotations

import datetime

from ansinh_synthetic.plan import rates
from tests.synthetic.conftest import PEOPLE, Nation


def test_sign_ins_add_up_to_the_published_figure_and_are_by_people_with_a_book(nation: Nation) -> None:
    log, rate = nation("agency/sign_in").to_pydict(), rates()["sign_ins"]
    new_year = datetime.datetime(2024, 12, 31, 17, tzinfo=datetime.UTC)
    december = sum(moment < new_year for moment in log["entered_at"])
    assert december == (rate["to_december"] * PEOPLE + 50_000_000) // 10**8
    assert len(log["entered_at"]) - december == (rate["january_to_may"] * PEOPLE + 50_000_000) // 10**8
    assert set(log["record_no"]) <= set(nation("agency/span").column("record_no").to_pylist())
    assert log["entered_at"] == sorted(log["entered_at"])
    assert log["entered_at"][-1] < datetime.datetime(2025, 5, 31, 17, tzinfo=datetime.UTC)
    assert 0.7 < sum(log["app"]) / len(log["app"]) < 0.85
