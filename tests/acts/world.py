"""A family on the portal: a grandmother who is paid, a mother with a card, her children, the grandfather who died; banks, facilities, the calendar."""

from __future__ import annotations

import json
import re
from datetime import date
from html import unescape
from typing import Any

from django.test import Client

from ansinh.cards import operations
from ansinh.database.sql import execute, rows
from ansinh.foundation.clock import FixedClock
from ansinh.places.operations import load_reference
from tests.cards import card_world
from tests.mandates.family import MORNING, add_person, die, settle_family
from tests.support.cast import ANYBODY_WITH_RIGHTS
from tests.support.citizens import signed_in

GRANDFATHER, GRANDFATHER_PIN, GRANDFATHER_NAME = 61_006, "001140000006", "Đặng Văn Cố"
NATION_DAY = "2025-07-21"


def settle() -> None:
    """Let everybody live on 21 July 2025."""
    settle_family()
    add_person(GRANDFATHER, GRANDFATHER_PIN, GRANDFATHER_NAME, "M", date(1940, 1, 1))
    die(GRANDFATHER, date(2025, 7, 10))
    load_reference(actor=ANYBODY_WITH_RIGHTS, reason="thử", clock=MORNING)
    execute("INSERT INTO config_nation (nation_id, today, source) VALUES (1, %s, 'test')", [NATION_DAY])
    card_world.add_facilities()


def give_card(person: int, si_code: str) -> None:
    """Insure somebody at the hospital 01001, with a card."""
    execute(
        "INSERT INTO people_identifier (value, scheme, person_id, valid_from) VALUES (%s, 'si_code', %s, '2015-01-01')",
        [si_code, person],
    )
    card_world.add_coverage(person)
    who: dict[str, Any] = {
        "actor": ANYBODY_WITH_RIGHTS,
        "reason": "thử",
        "clock": FixedClock(MORNING.at),
        "from_person": person,
        "until_person": person + 1,
    }
    operations.issue_cards(**who)
    operations.project_standing(**who)


def citizen(person: int, level: int = 2) -> Client:
    """Return a browser without scripts in which somebody is signed in; it follows redirects only when told."""
    client = Client()
    signed_in(client, person, level)
    return client


def answer(client: Client, address: str, **fields: Any) -> str:
    """Post a form and return the text of the page it ends on, without marks; the page must not be a refusal."""
    response = client.post(address, fields, follow=True)
    assert response.status_code in {200, 422}, (address, response.status_code, text_of(response.content))
    return text_of(response.content)


def see(client: Client, address: str) -> str:
    """Open a page and return its text."""
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code, text_of(response.content))
    return text_of(response.content)


def text_of(content: bytes) -> str:
    """Return a page's words."""
    main = content.decode().partition("<main")[2]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def code_told(person: int) -> str:
    """Return the one-time code in the newest message to somebody."""
    found = rows(
        "SELECT parameters::text FROM notices_message WHERE person_id = %s AND template = 'account_code' ORDER BY queued_at DESC",
        [person],
    )
    return str(json.loads(found[0][0])["code"])
