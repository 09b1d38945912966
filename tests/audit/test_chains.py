"""The audit of look-ups: nobody reads without a trace, and no trace can be changed, added or taken away unnoticed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from ansinh.audit.operations import show_looks, sign_heads
from ansinh.audit.queries import looks_at, unsigned_chains, verify_chains
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.clock import FixedClock
from ansinh.foundation.errors import NotPermitted
from ansinh.foundation.settings import settings
from tests.audit.standing import MORNING, add_people, ask, open_chain, pin_of
from tests.support.database import OwnDatabase

TABLES = ("audit_access", "audit_link", "audit_chain", "audit_head")
SYSTEM = Actor(ActorKind.SYSTEM, "test", frozenset({"audit.sign_heads"}))


@pytest.fixture
def asked(fresh_database: OwnDatabase) -> OwnDatabase:
    """A database in which three batches were asked in each of two chains."""
    add_people(fresh_database, 20)
    with psycopg.connect(fresh_database.urls.gateway, autocommit=True) as gateway:
        for chain in (open_chain(gateway), open_chain(gateway)):
            for batch in range(3):
                ask(gateway, chain, [pin_of(n) for n in range(1 + batch, 11 + batch)] + ["001999999999"])
    return fresh_database


@contextmanager
def tampered(database: OwnDatabase, statement: str) -> Iterator[None]:
    """Change something as only an intruder with all rights could, triggers off, for the block."""
    with psycopg.connect(database.urls.superuser or "") as intruder:
        intruder.execute("SET session_replication_role = replica")
        for table in TABLES:
            intruder.execute(f"CREATE TABLE kept_{table} AS SELECT * FROM {table}")
        assert intruder.execute(statement).rowcount > 0
        intruder.commit()
        try:
            yield
        finally:
            for table in TABLES:
                intruder.execute(f"DELETE FROM {table}")
                intruder.execute(f"INSERT INTO {table} OVERRIDING SYSTEM VALUE SELECT * FROM kept_{table}")
                intruder.execute(f"DROP TABLE kept_{table}")


def test_verify_untouched_is_whole(asked: OwnDatabase) -> None:
    found = verify_chains()
    assert found.whole, found.troubles
    assert (found.chains, found.links, found.rows, found.rows_without_link) == (2, 6, 66, 0)


def test_standing_answers_and_leaves_its_trace(asked: OwnDatabase) -> None:
    with psycopg.connect(asked.urls.gateway, autocommit=True) as gateway:
        chain = open_chain(gateway)
        (found_code, _, found), (missed_code, _, missed) = ask(gateway, chain, [pin_of(20), "001999999999"])
    assert (found_code, missed_code) == (1, 0)
    assert json.loads(missed) | {"audit_id": ""} == {
        "audit_id": "",
        "asked": {"key": "001999999999", "kind": "pin"},
        "found": False,
        "standing": None,
    }
    answer = json.loads(found)
    assert answer["standing"] == {
        "pin": pin_of(20),
        "si_code": "0100000020",
        "card_number": "DN4010100000020",
        "full_name": 'Đặng Thị "Quỳnh Như" 20',
        "born": "1980",
        "sex": "F",
        "object_code": "DN",
        "benefit_level": 4,
        "share_percent": 80,
        "shares": {"right_path": 80, "emergency": 80, "ceiling": True, "beyond_scope": False},
        "area": "K1",
        "facility": "01001",
        "valid_from": "2025-01-01",
        "valid_until": "2026-01-01",
        "in_force": True,
        "status": "active",
        "five_years_on": None,
        "temporary_number": None,
        "former_card_number": None,
        "address": None,
        "issuing_office": None,
        "next": None,
        "copay": None,
        "advice": "treat",
    }
    (look,) = looks_at(20)
    assert (str(look.audit_id), look.asked_at, look.officer, look.purpose) == (
        answer["audit_id"],
        MORNING,
        "officer-1",
        "treatment",
    )


TAMPERINGS = {
    "row changed": "UPDATE audit_access SET officer = 'somebody else' WHERE person_id = 5",
    "row moved in time": "UPDATE audit_access SET asked_at = asked_at + interval '1 hour' WHERE person_id = 5",
    "row taken away": "DELETE FROM audit_access WHERE person_id = 5",
    "row added": "INSERT INTO audit_access SELECT asked_at, id + 500, person_id, client_no, purpose, call, key_kind, result, facility, officer "
    "FROM audit_access WHERE person_id = 5",
    "row of no batch": "INSERT INTO audit_access SELECT asked_at, id + (1 << 30), person_id, client_no, purpose, call, key_kind, result, facility, "
    "officer FROM audit_access WHERE person_id = 5",
    "batch taken away": "WITH gone AS (DELETE FROM audit_link WHERE seq = 2 RETURNING link) "
    "DELETE FROM audit_access WHERE id >> 10 IN (SELECT link FROM gone)",
    "tail cut off": "WITH gone AS (DELETE FROM audit_link WHERE seq = 3 RETURNING link) "
    "DELETE FROM audit_access WHERE id >> 10 IN (SELECT link FROM gone)",
    "beginning cut off": "WITH gone AS (DELETE FROM audit_link WHERE seq = 1 RETURNING link) "
    "DELETE FROM audit_access WHERE id >> 10 IN (SELECT link FROM gone)",
    "chain taken away": "DELETE FROM audit_chain WHERE chain_id = (SELECT min(chain_id) FROM audit_chain)",
    "link rewritten": "UPDATE audit_link SET digest = sha256('x'::bytea) WHERE seq = 2",
}


def test_verify_tampered_says_where(asked: OwnDatabase) -> None:
    for name, statement in TAMPERINGS.items():
        with tampered(asked, statement):
            troubles = verify_chains().troubles
        assert troubles, f"{name} went unnoticed"
        assert all("link" in sentence or "chain" in sentence for sentence in troubles)
        assert verify_chains().whole, name


REFUSED = {
    "app changes a look": ("app", "UPDATE audit_access SET officer = 'x'"),
    "app deletes a look": ("app", "DELETE FROM audit_access"),
    "app adds a look": ("app", "INSERT INTO audit_access SELECT * FROM audit_access"),
    "app empties a month": ("app", "TRUNCATE audit_access_2025_06"),
    "app changes an act": ("app", "UPDATE audit_act SET reason = 'x'"),
    "app changes a month": ("app", "UPDATE audit_access_2025_06 SET officer = 'x'"),
    "app looks people up": ("app", "SELECT published.open_chain_v1(now(), 'x')"),
    "owner changes a look": ("owner", "UPDATE audit_access SET officer = 'x'"),
    "owner deletes a link": ("owner", "DELETE FROM audit_link"),
    "owner empties a month": ("owner", "TRUNCATE audit_access_2025_06"),
    "owner empties everything": ("owner", "TRUNCATE audit_access"),
    "owner turns a chain back": ("owner", "UPDATE audit_chain SET links = links - 1"),
    "owner deletes a chain": ("owner", "DELETE FROM audit_chain"),
    "gateway reads the standing": ("gateway", "SELECT * FROM public.cards_standing"),
    "gateway reads numbers": ("gateway", "SELECT * FROM public.people_identifier"),
    "gateway reads the audit": ("gateway", "SELECT * FROM public.audit_access"),
    "gateway makes a table": ("gateway", "CREATE TABLE published.x (n int)"),
    "gateway makes months": ("gateway", "SELECT public.audit_ensure_months('2030-01-01', '2030-02-01')"),
}


def test_audit_cannot_be_changed_or_passed_by(asked: OwnDatabase) -> None:
    for name, (role, statement) in REFUSED.items():
        with psycopg.connect(getattr(asked.urls, role)) as connection:
            try:
                connection.execute(statement)
            except psycopg.errors.InsufficientPrivilege:
                continue
        pytest.fail(f"{name}: not refused")


def test_standing_with_one_bad_question_leaves_nothing(asked: OwnDatabase) -> None:
    with psycopg.connect(asked.urls.gateway, autocommit=True) as gateway:
        chain = open_chain(gateway)
        with pytest.raises(psycopg.errors.CheckViolation):
            ask(gateway, chain, [pin_of(1)], officer="two\x1erecords")
        ask(gateway, chain, [pin_of(1)])
    found = verify_chains()
    assert found.whole, found.troubles
    assert found.rows == 67


def test_standing_follows_an_alias_in_one_step(asked: OwnDatabase) -> None:
    with psycopg.connect(asked.urls.owner) as owner:
        owner.execute("INSERT INTO people_alias (alias_person_id, person_id) VALUES (1, 2)")
    with psycopg.connect(asked.urls.gateway, autocommit=True) as gateway:
        ((_, _, answer),) = ask(gateway, open_chain(gateway), [pin_of(1)])
    assert json.loads(answer)["asked"]["key"] == pin_of(1)
    assert json.loads(answer)["standing"]["pin"] == pin_of(2)


# What the database alone cannot show: the newest link is gone with its rows, and the chain says it never was.
CUT_CLEANLY = """
WITH gone AS (DELETE FROM audit_link WHERE seq = 3 RETURNING link, chain_id, previous),
rows AS (DELETE FROM audit_access WHERE id >> 10 IN (SELECT link FROM gone))
UPDATE audit_chain c SET links = 2, head = gone.previous FROM gone WHERE gone.chain_id = c.chain_id
"""


def test_signed_heads_show_a_tail_cut_cleanly(
    asked: OwnDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANSINH_SECRETS", str(tmp_path))
    settings.cache_clear()
    with tampered(asked, CUT_CLEANLY):
        assert verify_chains().whole
    assert unsigned_chains() == 2
    signed = sign_heads(actor=SYSTEM, reason="test", clock=FixedClock(MORNING), secrets=tmp_path)
    assert (signed, unsigned_chains()) == (2, 0)
    found = verify_chains()
    assert (found.whole, found.signed_heads) == (True, 2), found.troubles
    with tampered(asked, CUT_CLEANLY):
        troubles = verify_chains().troubles
        assert sum("was signed at link number 3, which is gone" in sentence for sentence in troubles) == 2
        assert sum("kept outside the database" in sentence for sentence in troubles) == 2
    forged = "UPDATE audit_head SET links = 2, head = (SELECT digest FROM audit_link l WHERE l.chain_id = audit_head.chain_id AND seq = 2)"
    with tampered(asked, forged):
        assert all("signature" in sentence for sentence in verify_chains().troubles)
    assert sign_heads(actor=SYSTEM, reason="test", clock=FixedClock(MORNING), secrets=tmp_path) == 0
    settings.cache_clear()


# Nothing in the database tells of the chain any more, its signed heads included.
CHAIN_FORGOTTEN = """
WITH gone AS (DELETE FROM audit_chain WHERE chain_id = (SELECT min(chain_id) FROM audit_chain) RETURNING chain_id),
links AS (DELETE FROM audit_link WHERE chain_id IN (SELECT chain_id FROM gone) RETURNING link),
heads AS (DELETE FROM audit_head WHERE chain_id IN (SELECT chain_id FROM gone))
DELETE FROM audit_access WHERE id >> 10 IN (SELECT link FROM links)
"""
HEADS_FORGOTTEN = CUT_CLEANLY.replace("WITH gone AS", "WITH heads AS (DELETE FROM audit_head), gone AS", 1)


def test_heads_kept_outside_show_what_the_database_was_made_to_forget(
    asked: OwnDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANSINH_SECRETS", str(tmp_path))
    settings.cache_clear()
    sign_heads(actor=SYSTEM, reason="test", clock=FixedClock(MORNING), secrets=tmp_path)
    assert verify_chains().whole
    with tampered(asked, CHAIN_FORGOTTEN):
        (trouble,) = verify_chains().troubles
        assert "it is gone; its head was signed at link number 3" in trouble
    with tampered(asked, HEADS_FORGOTTEN):
        troubles = verify_chains().troubles
        assert len(troubles) == 2
        assert all("kept outside the database" in sentence for sentence in troubles)
    (file,) = tmp_path.glob("audit-heads-*.jsonl")
    file.write_text(file.read_text(encoding="ascii").replace('"links": 3', '"links": 2'), encoding="ascii")
    assert all("signature" in sentence for sentence in verify_chains().troubles)
    assert len(verify_chains().troubles) == 2


def test_show_looks_is_itself_written_down(asked: OwnDatabase) -> None:
    reader = Actor(ActorKind.OFFICER, "auditor.1", frozenset({"audit.show_looks"}))
    looks = show_looks(actor=reader, reason="người dân hỏi", person_id=5)
    assert looks
    own, *before = looks_at(5)
    assert before == looks
    assert (own.call, own.officer, own.reason) == ("who looked", "auditor.1", "người dân hỏi")
    with psycopg.connect(asked.urls.app) as connection:
        rows = connection.execute(
            "SELECT actor_reference, reason, outcome, facts FROM audit_act WHERE act = 'audit.show_looks'"
        ).fetchall()
    facts = {"read": "who looked", "person": 5, "purpose": "administration", "looks": len(looks)}
    assert rows == [("auditor.1", "người dân hỏi", "done", facts)]
    with pytest.raises(NotPermitted):
        show_looks(actor=SYSTEM, reason="tò mò", person_id=5)
