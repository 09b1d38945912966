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
from ansinh.services.operations.attaching import attach_file, read_attachment, remove_attachment
from ansinh.services.operations.deciding import (
    answer_application,
    ask_supplement,
    carry_on,
    forward_application,
    receive_application,
    refuse_application,
    watch_deadlines,
)
from ansinh.services.operations.results import Issued, issue_result, show_application, verify_result

__all__ = [
    "Form",
    "Issued",
    "KeyReused",
    "Receipt",
    "answer_application",
    "ask_supplement",
    "attach_file",
    "carry_on",
    "forward_application",
    "issue_result",
    "read_attachment",
    "receive_application",
    "refuse_application",
    "remove_attachment",
    "save_draft",
    "show_application",
    "submit_application",
    "supplement_application",
    "verify_result",
    "watch_deadlines",
    "withdraw_application",
]
