"""What may be done about the register: take its people in, take its events in and apply them, compare both sides, report its errors."""

from ansinh.registry.operations.applying import apply_next
from ansinh.registry.operations.inbox import let_try_again, note_gaps, receive
from ansinh.registry.operations.inquiring import note_inquiries, take_answer
from ansinh.registry.operations.outbox import advance_consumer
from ansinh.registry.operations.reconciling import Compared, heal_records, record_comparison
from ansinh.registry.operations.reporting_errors import EVIDENCE, record_replies, report_error
from ansinh.registry.operations.snapshots import begin_snapshot, finish_snapshot, take_chunk

__all__ = [
    "EVIDENCE",
    "Compared",
    "advance_consumer",
    "apply_next",
    "begin_snapshot",
    "finish_snapshot",
    "heal_records",
    "let_try_again",
    "note_gaps",
    "note_inquiries",
    "receive",
    "record_comparison",
    "record_replies",
    "report_error",
    "take_answer",
    "take_chunk",
]
