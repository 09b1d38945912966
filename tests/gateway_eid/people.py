"""Invented citizens with everything the e-ID app pulls: a card, payments, a file, a paper, a contribution book."""

from __future__ import annotations

import psycopg

from tests.audit.standing import add_people
from tests.gateway_book.books import add_book
from tests.support.database import OwnDatabase

PEOPLE = 8


def fill(database: OwnDatabase) -> None:
    """Fill a database; each of 1 to PEOPLE has the same."""
    add_people(database, PEOPLE)
    for person in range(1, PEOPLE + 1):
        add_book(database, person, number=False)
    with psycopg.connect(database.urls.owner) as owner:
        owner.execute(
            "INSERT INTO places_facility (code, name, level, province, commune) VALUES ('01001', 'Bệnh viện Mẫu', 'basic', '01', '00001')"
        )
        owner.execute("SELECT payments_ensure_months(202505, 202505)")
        owner.execute("SELECT payments_ensure_months(202506, 202506)")
        for month, ended, event in ((202505, None, 30), (202506, 50, 50)):
            owner.execute(
                """
                WITH run AS (
                    INSERT INTO payments_run (request_key, pay_month, pay_on, rhythm, months, act, state, created_by, made_by, created_at, changed_at)
                    VALUES ('r' || %(month)s, %(month)s, make_date(2025, %(month)s %% 100, 2), 'monthly', ARRAY[%(month)s], 'act', 'settling', 'an', 'an',
                        now(), now()) RETURNING run_id
                ), batch AS (
                    INSERT INTO payments_batch (run_id, pay_month, round, channel, partner, number, message_id, lines, amount, digest, seal_no, state,
                        state_at, tries)
                    SELECT run_id, %(month)s, 1, 'account', '970436', 1, 'M' || %(month)s, 8, 8, 'x', 1, 'answered', now(), 1 FROM run RETURNING batch_id
                ), made AS (
                    INSERT INTO payments_order (pay_month, person_id, run_id, order_id, amount, province, urban)
                    SELECT %(month)s, n, run_id, %(month)s * 100 + n, 5000000, '01', true FROM run, generate_series(1, 8) n
                ), tried AS (
                    INSERT INTO payments_attempt (pay_month, order_id, attempt_no, person_id, run_id, batch_id, line, channel, partner, account, holder,
                        amount, ended)
                    SELECT %(month)s, %(month)s * 100 + n, 1, n, run_id, batch_id, n, 'account', '970436', '0011223344' || n, 'MAU', 5000000, %(ended)s
                    FROM run, batch, generate_series(1, 8) n
                ), told AS (
                    INSERT INTO payments_event (pay_month, order_id, attempt_no, kind, bank_reference, person_id, effect, amount, happened_at, recorded_at)
                    SELECT %(month)s, %(month)s * 100 + n, 1, %(event)s, 'b', n, 1, 5000000, now(), now() FROM generate_series(1, 8) n
                )
                INSERT INTO payments_obligation (month, person_id, entitlement_id, component, correction, amount, kind, order_id, pay_month)
                SELECT %(month)s, n, 1, 'base', 0, 5000000, 'pension', %(month)s * 100 + n, %(month)s FROM generate_series(1, 8) n
                """,
                {"month": month, "ended": ended, "event": event},
            )
        owner.execute(
            "INSERT INTO lifeevents_file (file_id, kind, subject, person_id, province, state, content, received_at)"
            " SELECT n, 'retirement', 's' || n, n, '01', 'filed', '{\"secret\": \"x\"}', '2025-05-20 02:00+00' FROM generate_series(1, 8) n"
        )
        owner.execute(
            "INSERT INTO lifeevents_step (file_id, step, office, state, asked_at, due_on, waits_vi, waits_en, result)"
            " SELECT n, 'age_reached', 'agency', 'waiting', '2025-05-20 02:00+00', '2025-06-10', 'Chờ hồ sơ', 'Waits', '{}' FROM generate_series(1, 8) n"
        )
        owner.execute(
            "INSERT INTO documents_paper (person_id, issued_at, number, kind, media_type, sha256, content, signature, issued_by)"
            " SELECT n, '2025-05-21 02:00+00', 'SBH-2025-' || lpad(n::text, 8, '0'), 'book_statement', 'application/pdf', repeat('ab', 32), 'x', 's', 'an'"
            " FROM generate_series(1, 8) n"
        )
