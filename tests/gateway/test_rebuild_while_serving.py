"""The standing table is rebuilt by its command while the gateway answers: every answer is a person's former or new standing, whole, and never neither."""

from __future__ import annotations

import asyncio
import json
import os
import random
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

from ansinh.audit.queries import verify_chains
from ansinh.places.operations import load_reference
from tests.audit.standing import list_officers
from tests.gateway.clerks import ask
from tests.gateway.running import RunningGateway, running_gateway
from tests.gateway.test_under_stress import QUESTION, port_of
from tests.support.campaign import CAMPAIGN, WriteDown
from tests.support.cast import ANYBODY_WITH_RIGHTS, JULY
from tests.support.database import OwnDatabase

PEOPLE, REBUILDS, READERS, SEED = (300_000, 3, 4, 8) if CAMPAIGN else (2_000, 2, 4, 8)
SAMPLED_AFTER = 200
# Name and sex come from one table, the facility from another; a generation changes all three in one transaction.
_GENERATION = """
UPDATE people_person SET full_name = 'Người ' || %(generation)s, sex = CASE WHEN %(generation)s %% 2 = 0 THEN 'M' ELSE 'F' END;
UPDATE participation_coverage SET facility = lpad(%(generation)s::text, 5, '0');
"""
_PEOPLE = """
INSERT INTO people_person (person_id, full_name, sex, birth_year, province, recorded_on)
SELECT n, 'Người 0', 'M', 1980, '01', '2015-01-01' FROM generate_series(1, %(people)s) n;
INSERT INTO people_identifier (value, scheme, person_id, valid_from)
SELECT '01' || lpad(n::text, 8, '0'), 'si_code', n, '2015-01-01' FROM generate_series(1, %(people)s) n;
INSERT INTO participation_coverage (person_id, coverage_id, object_code, facility, card_province, valid_from, valid_until)
SELECT n, 1, 'DN', '00000', '01', '2025-01-01', '2035-01-01' FROM generate_series(1, %(people)s) n;
ANALYZE people_person, people_identifier, participation_coverage;
"""


@dataclass
class Readers:
    """Clerks who look people up again and again, and compare what they are told with the truth of that moment.

    `asked`: answers so far. `wrong`: the first that was none. `shown`: the newest generation each person was shown in.
    """

    gateway: RunningGateway
    generation: int = 0
    settled: int = 0
    asked: int = 0
    wrong: str = ""
    over: bool = False
    shown: dict[int, int] = field(default_factory=dict)

    async def read(self, chance: random.Random) -> None:
        """Look people up until it is over."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port_of(self.gateway))
        token = self.gateway.token()
        try:
            while not (self.wrong or self.over):
                await self.look(reader, writer, token, chance.randint(1, PEOPLE))
        finally:
            writer.close()

    async def look(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, token: str, person: int) -> None:
        """Look one person up: all of the answer is of one generation, not older than the last that was settled or shown of them."""
        si_code = f"01{person:08}"
        oldest = max(self.settled, self.shown.get(person, 0))
        status, body = await ask(reader, writer, token, {"key": si_code, **QUESTION})
        told: dict[str, Any] = json.loads(body)
        self.asked += 1
        standing = told.get("standing") or {}
        told_of = (
            standing.get("full_name", ""),
            standing.get("sex"),
            standing.get("facility"),
            standing.get("card_number"),
        )
        generation = int(standing.get("facility") or -1)
        right = f"Người {generation}", "FM"[generation % 2 == 0], f"{generation:05}", f"DN401{si_code}"
        if status != 200 or told_of != right or not oldest <= generation <= self.generation:
            self.wrong = self.wrong or f"{status} {told_of}, between {oldest} and {self.generation}"
        self.shown[person] = max(self.shown.get(person, 0), generation)


async def command(*words: str) -> dict[str, Any]:
    """Run a command of the platform as an operator does; returns what it told."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-c", "from ansinh.cli.main import main; main()", *words, "--json"),
        env=os.environ,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said, trouble = await process.communicate()
    assert process.returncode == 0, trouble.decode()[-2_000:]
    told: dict[str, Any] = json.loads(said)
    return told


async def change(generation: int) -> None:
    """Change everybody's name, sex and facility."""

    def changed() -> None:
        with psycopg.connect(os.environ["DATABASE_URL"], cursor_factory=psycopg.ClientCursor) as owner:
            owner.execute(_GENERATION, {"generation": generation})

    await asyncio.to_thread(changed)


async def rebuild_again_and_again(readers: Readers) -> tuple[list[int], list[int]]:
    """Change everybody and rebuild, several times; returns the rows a second of each rebuild and the look-ups answered meanwhile."""
    rates, answered = [], []
    for generation in range(1, REBUILDS + 1):
        readers.generation = generation
        await change(generation)
        before = readers.asked
        told = await command("cards", "rebuild")
        assert (told["standings"], told["changed"]) == (PEOPLE, PEOPLE)
        rates.append(told["rate"])
        answered.append(readers.asked - before)
        readers.settled = generation
        enough = readers.asked + SAMPLED_AFTER
        while readers.asked < enough and not readers.wrong:
            await asyncio.sleep(0.01)
    return rates, answered


@pytest.mark.campaign
def test_a_rebuild_while_serving_is_never_wrong_in_between(
    fresh_database: OwnDatabase, tmp_path: Path, write_down: WriteDown
) -> None:
    load_reference(actor=ANYBODY_WITH_RIGHTS, reason="thử", clock=JULY)
    with psycopg.connect(fresh_database.urls.owner, cursor_factory=psycopg.ClientCursor) as owner:
        owner.execute(_PEOPLE, {"people": PEOPLE})
        list_officers(owner, ["BS-17"])
    with running_gateway(fresh_database, tmp_path) as gateway:
        readers = Readers(gateway)

        async def story() -> tuple[list[int], list[int]]:
            assert (await command("cards", "issue"))["issued"] == PEOPLE
            await command("cards", "rebuild")
            reading = [asyncio.create_task(readers.read(random.Random(SEED + n))) for n in range(READERS)]
            try:
                return await rebuild_again_and_again(readers)
            finally:
                readers.over = True
                await asyncio.gather(*reading)

        rates, answered = asyncio.run(story())
    write_down(
        people=PEOPLE,
        rebuilds=REBUILDS,
        rows_per_second_least=min(rates),
        rows_per_second_most=max(rates),
        look_ups_during_rebuilds=sum(answered),
        look_ups=readers.asked,
        seed=SEED,
    )
    assert readers.wrong == ""
    assert min(answered) > 0
    assert readers.asked >= REBUILDS * SAMPLED_AFTER
    found = verify_chains()
    assert (found.whole, found.rows) == (True, readers.asked)
