"""What must hold after the campaign, read from our tables and from every office's own store."""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path
from typing import Any

import psycopg

from ansinh.cli.benchmarks.lifeevents.cast import PENSION
from ansinh.cli.benchmarks.lifeevents.programs import OFFICES
from ansinh.database.urls import DatabaseUrls

Owner = psycopg.Connection[Any]


def prove(urls: DatabaseUrls, folder: Path) -> dict[str, Any]:
    """Return how files ended, what else was counted, and under `offending` how many rows break each rule: all are to be 0."""
    with psycopg.connect(urls.owner) as owner:
        offending = {name: _count(owner, f"SELECT count(*) FROM ({query}) x") for name, query in _NEVER.items()}
        for office in OFFICES:
            for name, count in _books(owner, folder / "offices" / f"{office}.sqlite", office).items():
                offending[f"{office}: {name}"] = count
        ended = {str(one): int(files) for one, files in owner.execute(_ENDED).fetchall()}
        counted = {name: _count(owner, query) for name, query in _COUNTED.items()}
    return {"ended": ended, "counted": counted, "offending": offending, "ok": not any(offending.values())}


def _count(owner: Owner, query: str) -> int:
    found = owner.execute(query).fetchone()
    assert found is not None
    return int(found[0])


def _books(owner: Owner, file: Path, office: str) -> dict[str, int]:
    """Hold everything an office keeps against ours: messages by their bytes and days, words by their names, and what each says of every step."""
    theirs = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    try:
        taken = {tuple(one) for one in theirs.execute("SELECT message_id, sha256, taken_on FROM taken")}
        told = {str(one) for (one,) in theirs.execute("SELECT DISTINCT id FROM told")}
        acts = {(str(kind), str(subject)): str(state) for kind, subject, state in theirs.execute(_ACTS)}
    finally:
        theirs.close()
    sent = {
        (name, hashlib.sha256(body.encode()).hexdigest(), day.isoformat() if day else "")
        for name, body, day in owner.execute(_SENT, [office])
    }
    heard = {str(one) for (one,) in owner.execute("SELECT told_key FROM lifeevents_told WHERE teller = %s", [office])}
    steps = {
        (str(step), str(subject)): (str(state), str(by)) for step, subject, state, by in owner.execute(_STEPS, [office])
    }
    return {
        "messages of one side only": len(taken ^ sent),
        "words of one side only": len(told ^ heard),
        "done there and not here": sum(
            state == "done" and steps.get(key, ("", ""))[0] != "done" for key, state in acts.items()
        ),
        "done here and not there": sum(
            state == "done" and by != "population-register" and acts.get(key) != "done"
            for key, (state, by) in steps.items()
        ),
    }


_ACTS = "SELECT kind, subject, state FROM act WHERE state IN ('waiting', 'done', 'correction')"
_SENT = "SELECT message_id, body, acknowledged_on FROM lifeevents_message WHERE partner = %s"
# Steps of files that stand: what was refused, withdrawn or undone may be begun anew by another.
_STEPS = """
SELECT s.step, f.subject, s.state, coalesce(s.result->>'by', '') FROM lifeevents_step s JOIN lifeevents_file f USING (file_id)
WHERE s.office = %s AND f.state NOT IN ('refused', 'withdrawn', 'undone')
"""
_OWED = f"""
SELECT p.person_id, p.died_on IS NOT NULL AS dead, coalesce(sum(o.amount), 0) AS owed, coalesce(sum(o.amount) FILTER (WHERE o.month > 202507), 0) AS beyond
FROM benefits_entitlement e JOIN people_person p USING (person_id)
LEFT JOIN (SELECT person_id, entitlement_id, month, amount FROM benefits_frozen WHERE correction = 0
           UNION ALL SELECT person_id, entitlement_id, month, amount FROM benefits_correction) o USING (person_id, entitlement_id)
WHERE e.kind = 'pension' AND e.opened_on IS NOT NULL AND {PENSION} > 0
GROUP BY 1, 2
"""
# What is open says in whose hands it is: an office that was asked, an applicant, an officer, or a case.
_REASON = """
EXISTS (SELECT FROM lifeevents_step s WHERE s.file_id = f.file_id AND (s.state IN ('asked', 'correction') OR s.waits_vi <> ''))
OR EXISTS (SELECT FROM lifeevents_effect e WHERE e.file_id = f.file_id AND e.undo IN ('prepared', 'person'))
OR EXISTS (SELECT FROM lifeevents_case c WHERE c.file_id = f.file_id AND c.settled_at IS NULL) OR f.state = 'noticed'
"""
_NEVER = {
    "open without a reason": f"SELECT 1 FROM lifeevents_file f WHERE f.closed_on IS NULL AND NOT ({_REASON})",
    "closed with something open": """
        SELECT 1 FROM lifeevents_file f WHERE f.closed_on IS NOT NULL AND EXISTS (
            SELECT FROM lifeevents_step s WHERE s.file_id = f.file_id AND s.ended_at IS NULL)""",
    "two files of one birth or death": """
        SELECT 1 FROM lifeevents_file WHERE state NOT IN ('refused', 'withdrawn', 'undone') GROUP BY kind, subject HAVING count(*) > 1""",
    "told and neither applied nor parked with a reason": """
        SELECT 1 FROM lifeevents_told WHERE state NOT IN ('applied', 'parked') OR (state = 'parked' AND because = '')""",
    "messages neither acknowledged nor pending nor refused": """
        SELECT 1 FROM lifeevents_message WHERE num_nonnulls(acknowledged_at, refused) > 1""",
    "messages still pending": "SELECT 1 FROM lifeevents_message WHERE acknowledged_at IS NULL AND refused IS NULL",
    "days whose books differ": """
        SELECT 1 FROM (SELECT DISTINCT ON (partner, on_day) equal FROM lifeevents_comparison ORDER BY partner, on_day, compared_at DESC) c WHERE NOT equal""",
    "two cards of one person": "SELECT 1 FROM cards_card WHERE state = 'issued' GROUP BY person_id HAVING count(*) > 1",
    "two children of one certificate": """
        SELECT 1 FROM lifeevents_file WHERE kind = 'birth' AND person_id IS NOT NULL AND state NOT IN ('refused', 'withdrawn', 'undone')
        GROUP BY person_id HAVING count(*) > 1""",
    "a card done and not issued": """
        SELECT 1 FROM lifeevents_step s JOIN lifeevents_file f USING (file_id) WHERE s.step = 'card' AND s.state = 'done' AND f.state IN ('registered', 'done')
        AND NOT EXISTS (SELECT FROM cards_card c WHERE c.person_id = f.person_id AND c.state = 'issued')""",
    "a card in use after its birth was cancelled": """
        SELECT 1 FROM lifeevents_file f JOIN cards_card c USING (person_id) WHERE f.kind = 'birth' AND f.state = 'undone' AND c.state = 'issued'""",
    "two funeral allowances": """
        SELECT 1 FROM benefits_application WHERE kind = 'funeral' AND state NOT IN ('withdrawn', 'refused') GROUP BY insured_person_id HAVING count(*) > 1
        UNION ALL SELECT 1 FROM benefits_entitlement WHERE kind = 'funeral' GROUP BY insured_person_id HAVING count(*) > 1""",
    "paid beyond death": f"SELECT 1 FROM ({_OWED}) o WHERE dead AND (owed <> {PENSION} OR beyond <> 0)",
    "the living not paid": f"""
        SELECT 1 FROM ({_OWED}) o WHERE NOT dead AND owed <> {2 * PENSION} AND NOT EXISTS (
            SELECT FROM lifeevents_file f JOIN lifeevents_effect e USING (file_id) WHERE f.person_id = o.person_id AND e.undo IN ('prepared', 'person'))""",
    "dead without an act, or an act without a death": """
        SELECT 1 FROM people_person p JOIN lifeevents_file f USING (person_id)
        WHERE f.kind = 'death' AND f.state IN ('registered', 'done') AND p.died_on IS NULL
        UNION ALL SELECT 1 FROM people_person p WHERE p.died_on IS NOT NULL AND NOT EXISTS (
            SELECT FROM lifeevents_file f WHERE f.person_id = p.person_id AND f.kind = 'death' AND f.state IN ('registered', 'done', 'undoing'))""",
    "a card that answers for the dead": """
        SELECT 1 FROM cards_standing s JOIN people_person p USING (person_id) WHERE p.died_on IS NOT NULL AND s.status = 'active'""",
    "a card that does not answer for the living": """
        SELECT 1 FROM people_person p JOIN lifeevents_file f USING (person_id) LEFT JOIN cards_standing s USING (person_id)
        WHERE f.kind = 'death' AND f.state = 'undone' AND p.died_on IS NULL AND s.status IS DISTINCT FROM 'active'""",
}
_ENDED = """
SELECT CASE WHEN state IN ('done', 'undone') THEN 'done' WHEN state IN ('refused', 'withdrawn') THEN 'refused' ELSE 'waiting' END, count(*)
FROM lifeevents_file GROUP BY 1
"""
_COUNTED = {
    "files": "SELECT count(*) FROM lifeevents_file",
    "undone": "SELECT count(*) FROM lifeevents_file WHERE state = 'undone'",
    "noticed": "SELECT count(*) FROM lifeevents_file WHERE state = 'noticed'",
    "told": "SELECT count(*) FROM lifeevents_told",
    "told_again": "SELECT coalesce(sum(turn - 1), 0) FROM lifeevents_told",
    "parked": "SELECT count(*) FROM lifeevents_told WHERE state = 'parked'",
    "messages": "SELECT count(*) FROM lifeevents_message",
    "refused_by_offices": "SELECT count(*) FROM lifeevents_step WHERE state = 'refused'",
    "cards": "SELECT count(*) FROM cards_card c JOIN lifeevents_file f USING (person_id) WHERE f.kind = 'birth' AND c.state = 'issued'",
    "allowances": "SELECT count(*) FROM benefits_entitlement WHERE kind = 'funeral'",
    "payments_stopped": "SELECT count(*) FROM benefits_change WHERE kind = 'end'",
    "cases_open": "SELECT count(*) FROM lifeevents_case WHERE settled_at IS NULL",
    "alerts": "SELECT count(*) FROM lifeevents_alert",
    "days_compared": "SELECT count(DISTINCT (partner, on_day)) FROM lifeevents_comparison",
}
