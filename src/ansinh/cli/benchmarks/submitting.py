"""People of an invented nation in a database, and their visits put into the queue of submissions as the gateway does: for benchmarks of the health book."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import psycopg
import zstandard

from ansinh.healthbook.states import SubmissionKind
from ansinh_synthetic.visits import Kind
from ansinh_synthetic.visits.counter import card_number
from ansinh_synthetic.visits.sending import Sending

AT_ONCE = 64
# What settling fills, here and in the rooms that hear of it.
TABLES = (
    "healthbook_submission",
    "healthbook_episode",
    "healthbook_visit",
    "healthbook_diagnosis",
    "healthbook_medicine",
    "healthbook_service",
    "healthbook_result",
    "healthbook_progress",
    "healthbook_paper",
    "healthbook_checkin",
    "healthbook_unplaced",
    "healthbook_daily",
    "healthbook_claim",
    "referrals_referral",
    "referrals_use",
    "referrals_appointment",
    "people_person",
    "people_identifier",
    "people_alias",
)
_KINDS = {
    Kind.CHECK_IN: (SubmissionKind.CHECK_IN, "CHECKIN"),
    Kind.ENCOUNTER: (SubmissionKind.ENCOUNTER_4750, "HS_KCB"),
    Kind.ASSESSMENT: (SubmissionKind.ASSESSMENT, "GDYK"),
    Kind.PAPERS: (SubmissionKind.PAPERS, "CTU"),
    Kind.DEATH: (SubmissionKind.DEATH_NOTICE, "GBT"),
    Kind.BIRTH: (SubmissionKind.BIRTH_CERTIFICATE, "GCS"),
}


def empty(owner: psycopg.Connection[Any]) -> None:
    """Forget people, submissions and books; only where nothing was real."""
    owner.execute(f"TRUNCATE {', '.join(TABLES)}")


def add_people(owner: psycopg.Connection[Any], batches: Iterable[Sequence[dict[str, Any]]]) -> int:
    """Let the agency know these people, batch by batch; returns how many."""
    known = 0
    for rows in batches:
        with owner.cursor() as cursor:
            with cursor.copy(_PERSON) as copy:
                for number, row in enumerate(rows, start=known + 1):
                    born = (row["birth_year"], row["birth_month"], row["birth_day"])
                    copy.write_row((number, row["full_name"], row["sex"], *born, row["province"], "2020-01-01"))
            with cursor.copy("COPY people_identifier (value, scheme, person_id, valid_from) FROM STDIN") as copy:
                for number, row in enumerate(rows, start=known + 1):
                    for scheme, value in (("pin", row["pin"]), ("si_code", row["si_code"]), ("card", card_number(row))):
                        if value:
                            copy.write_row((value, scheme, number, "2020-01-01"))
        known += len(rows)
    return known


def take(owner: psycopg.Connection[Any], lot: Sequence[Sending], at: datetime) -> None:
    """Commit bytes and receipts of a lot, as the gateway does."""
    compressor = zstandard.ZstdCompressor(1)
    digests = [hashlib.sha256(one.content).digest() for one in lot]
    kinds = [_KINDS[one.kind] for one in lot]
    owner.execute(
        "SELECT count(*) FROM published.submit_v1(%s, %s::smallint[], %s, %s, %s::integer[], %s, %s::integer[], %s)",
        [
            at,
            [kind.value for kind, _ in kinds],
            [one.facility for one in lot],
            [
                f"{letters}{one.facility}_{digest.hex()[:32]}"
                for one, (_, letters), digest in zip(lot, kinds, digests, strict=True)
            ],
            [1] * len(lot),
            digests,
            [len(one.content) for one in lot],
            [compressor.compress(one.content) for one in lot],
        ],
    )


_PERSON = "COPY people_person (person_id, full_name, sex, birth_year, birth_month, birth_day, province, recorded_on) FROM STDIN"
