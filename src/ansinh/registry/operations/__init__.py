"""What may be done about the register: take its people in, take its events in and apply them, compare both sides, report its errors."""

from ansinh.registry.operations.applying import apply_next
from ansinh.registry.operations.inbox import let_try_again, note_gaps, receive
from ansinh.registry.operations.snapshots import begin_snapshot, finish_snapshot, take_chunk

__all__ = ["apply_next", "begin_snapshot", "finish_snapshot", "let_try_again", "note_gaps", "receive", "take_chunk"]
