"""Accounts of payees as the former system had them: in force, proven by years of payments, their holders as their records say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ansinh.database.bulk import copy_arrow
from ansinh.database.sql import driver, execute

_STAGE = "CREATE TEMPORARY TABLE loaded (person_id bigint, bank text, account text, since integer) ON COMMIT DROP"
# Somebody with two benefits has one account: the one used longest is kept.
_ACCOUNTS = """
INSERT INTO payments_account (person_id, account_id, bank, account, holder, checked_name, from_month, filed_at, filed_by, confirmed_at, source)
SELECT l.person_id, nextval('payments_account_number'), b.bin, l.account, p.full_name, p.full_name, l.since, %(now)s, %(by)s, %(now)s, %(source)s
FROM (SELECT DISTINCT ON (person_id) * FROM loaded ORDER BY person_id, since, bank, account) AS l
JOIN places_bank b ON b.code = l.bank JOIN people_person p USING (person_id)
WHERE NOT EXISTS (SELECT FROM payments_account k WHERE k.person_id = l.person_id)
"""


def load(file: Path, persons_before: int, source: str, by: str, now: datetime) -> int:
    """Take in the accounts of a file (record_no, bank, account, account_since) and return how many are new; who has an account here keeps it."""
    execute(_STAGE)
    copy_arrow(driver(), "loaded", ["person_id", "bank", "account", "since"], _batches(file, persons_before))
    made = execute(_ACCOUNTS, {"source": source, "by": by, "now": now})
    execute("DROP TABLE loaded")
    return made


def _batches(file: Path, persons_before: int) -> Iterator[pa.RecordBatch]:
    for batch in pq.ParquetFile(file).iter_batches(columns=["record_no", "bank", "account", "account_since"]):
        held = batch.filter(pc.is_valid(batch.column("account")))
        columns = [
            pc.add(held.column("record_no"), persons_before),
            held.column("bank"),
            held.column("account"),
            held.column("account_since"),
        ]
        yield pa.record_batch(columns, names=["person_id", "bank", "account", "since"])
