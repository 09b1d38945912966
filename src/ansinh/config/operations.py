"""What may be done to the wiring: say which day an invented nation has reached."""

from __future__ import annotations

from datetime import date

from ansinh.audit.operation import note, operation
from ansinh.database.sql import execute
from ansinh.foundation.actor import Actor


@operation(permission="config.set_day")
def set_nation_day(*, actor: Actor, reason: str, today: date, source: str) -> None:
    """Let the invented nation of `source` (the digest of its files) live on `today` from now on."""
    execute(
        """
        INSERT INTO config_nation (nation_id, today, source) VALUES (1, %(today)s, %(source)s)
        ON CONFLICT (nation_id) DO UPDATE SET today = EXCLUDED.today, source = EXCLUDED.source
        """,
        {"today": today, "source": source},
    )
    note(today=today.isoformat())
