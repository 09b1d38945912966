"""What may be done about the register: take its people in, take its events in and apply them, compare both sides, report its errors."""

from ansinh.registry.operations.snapshots import begin_snapshot, finish_snapshot, take_chunk

__all__ = ["begin_snapshot", "finish_snapshot", "take_chunk"]
