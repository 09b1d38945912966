"""Index what officers list by key: cases that wait, by kind and age; orders that are withheld; attempts that ended without money.

Locks: writes to orders and attempts while their indexes are built, seconds a million rows; run it between payments. Undo: the indexes are dropped.
"""

from django.db import migrations

INDEXES = """
CREATE INDEX payments_case_waiting ON payments_case (case_id) WHERE settled_at IS NULL;
CREATE INDEX payments_case_waiting_by_kind ON payments_case (kind, case_id) WHERE settled_at IS NULL;
DROP INDEX payments_case_open;
CREATE INDEX payments_order_withheld ON payments_order (run_id, order_id) WHERE state = 'withheld';
CREATE INDEX payments_attempt_ended ON payments_attempt (run_id, order_id) WHERE ended IS NOT NULL;
"""
UNDO = """
DROP INDEX payments_attempt_ended;
DROP INDEX payments_order_withheld;
CREATE INDEX payments_case_open ON payments_case (kind) WHERE settled_at IS NULL;
DROP INDEX payments_case_waiting_by_kind;
DROP INDEX payments_case_waiting;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0005_before_runs_sent_back")]
    operations = [migrations.RunSQL(INDEXES, UNDO)]
