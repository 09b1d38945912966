"""Let checks find accounts of which the bank said that nothing can be credited there, as a finding of its own.

Locks: the table of findings while its rule is replaced. Undo: the former rule is put back, which fails once such findings are there.
"""

from django.db import migrations

_KINDS = "'new', 'gone', 'changed', 'dead', 'shared_account', 'never_paid_before', 'name_differs', 'nothing_to_pay'"
_REPLACE = (
    "ALTER TABLE payments_finding DROP CONSTRAINT payments_finding_kind_known,"
    " ADD CONSTRAINT payments_finding_kind_known CHECK (kind IN ({}))"
)


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_payments"), ("holders", "0001_before_holders")]
    operations = [
        migrations.RunSQL(_REPLACE.format(f"{_KINDS}, 'account_refused'"), _REPLACE.format(_KINDS)),
    ]
