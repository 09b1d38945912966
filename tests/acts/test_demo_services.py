"""The demo's section on online services: two applications lived to their end once, however often it is run, and told as timelines."""

from __future__ import annotations

import pytest

from ansinh.access.roles import BenefitOfficer
from ansinh.cli import demo_services
from ansinh.cli.screen import out
from ansinh.database.sql import rows
from ansinh.foundation.actor import Actor, ActorKind
from tests.acts.world import give_card
from tests.mandates.family import GRANDMOTHER, MOTHER

pytestmark = pytest.mark.usefixtures("rolled_back")


def test_one_is_supplemented_and_granted_and_one_withdrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    officer = Actor(ActorKind.OFFICER, "hanoi.mai", BenefitOfficer.permissions)
    monkeypatch.setattr(demo_services, "actor_of_officer", lambda _: officer)
    monkeypatch.setattr(demo_services, "_facility", lambda: "01001")
    give_card(MOTHER, "0100061001")
    give_card(GRANDMOTHER, "0100061003")
    told = demo_services.live_services()
    assert demo_services.live_services() == told
    assert rows("SELECT service, state FROM services_application ORDER BY 1") == [
        ("card_reissue", "granted"),
        ("facility_change", "withdrawn"),
    ]
    with out.capture() as shown:
        demo_services.show_services()
    text = shown.get()
    assert "06/08/2025 09:10" in text
    assert "đồng hồ dừng" in text
