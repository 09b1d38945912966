"""What the gateway writes about itself: one JSON object a line, made of fields that are named here, so that nothing asked can stand in one."""

from __future__ import annotations

import json
import logging
import os
from datetime import UTC, datetime
from typing import TextIO

FIELDS = ("kind", "where", "place", "status")
VALUE_LENGTH_MAX = 200


class _Line(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "pid": os.getpid(),
            # The text of a record of ours is a constant; of another's, it may quote what was asked.
            "event": str(record.msg) if record.name.startswith("ansinh.") else record.name,
        }
        for name in FIELDS:
            value = getattr(record, name, None)
            if value is not None:
                line[name] = value if isinstance(value, int) else str(value)[:VALUE_LENGTH_MAX]
        return json.dumps(line)


def write_lines_to(stream: TextIO) -> None:
    """Let warnings and errors of this process go to a stream."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_Line())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
