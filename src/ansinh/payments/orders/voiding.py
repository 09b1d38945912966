"""Obligations that no order will pay any more: asked back, or set aside until they are claimed. Only what is due can be voided."""

from __future__ import annotations

from datetime import datetime

from ansinh.database.sql import execute

# `voided` names them: person_id, month, entitlement_id, component, correction.
_VOID = """
UPDATE payments_obligation o SET voided_at = %s FROM voided v
WHERE o.month = v.month AND o.person_id = v.person_id AND o.entitlement_id = v.entitlement_id AND o.component = v.component AND o.correction = v.correction
  AND o.order_id IS NULL AND o.voided_at IS NULL
"""


def void_named(now: datetime) -> int:
    """Void the obligations named in the temporary table `voided`; returns how many were. Whoever calls sees to it that their money is in other books."""
    return execute(_VOID, [now])
