"""What may be done about services: applicants apply and follow, officers receive and hand on, the rest goes on by itself."""

from __future__ import annotations

from ansinh.services.operations.applying import (
    Form,
    KeyReused,
    Receipt,
    save_draft,
    submit_application,
    supplement_application,
    withdraw_application,
)
from ansinh.services.operations.deciding import (
    answer_application,
    ask_supplement,
    carry_on,
    forward_application,
    receive_application,
    refuse_application,
    watch_deadlines,
)

__all__ = [
    "Form",
    "KeyReused",
    "Receipt",
    "answer_application",
    "ask_supplement",
    "carry_on",
    "forward_application",
    "receive_application",
    "refuse_application",
    "save_draft",
    "submit_application",
    "supplement_application",
    "watch_deadlines",
    "withdraw_application",
]
