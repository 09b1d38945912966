"""What `ansinh bench payrun` puts in the place of banks, and what it says, without running it at size."""

from __future__ import annotations

from typing import Any

from ansinh.cli.benchmarks.payrun import _told
from ansinh.cli.benchmarks.payrun_answers import status_report
from ansinh.cli.benchmarks.payrun_growth import grown
from ansinh.cli.benchmarks.work_sections import payrun_section
from ansinh.payments.adapters.iso20022 import AnswerReader
from ansinh.payments.answers.told import Answer, FileAnswer
from ansinh.payments.states import AttemptEvent


def test_null_banks_answer_as_banks_do() -> None:
    report = status_report("AS202507-1", [("E1", 2_000_001, 1), ("E2", 2_000_002, 1_000)])
    about, paid, rejected = list(AnswerReader().read(report))
    assert isinstance(about, FileAnswer)
    assert (about.message_id, about.refused) == ("AS202507-1", False)
    assert isinstance(paid, Answer)
    assert (paid.end_to_end_id, paid.kind, paid.bank_reference, paid.amount) == (
        "E1",
        AttemptEvent.PAID,
        "F1",
        2_000_001,
    )
    assert isinstance(rejected, Answer)
    assert (rejected.kind, rejected.reason) == (AttemptEvent.REJECTED, "AC01")


def test_reading_again_is_told_apart_and_the_larger_memory_counts() -> None:
    paid: dict[str, Any] = {
        "orders": 1_000, "steps": {"build": 4.0, "write_and_hand_over": 2.0}, "verify_seconds": 3.0, "cpu_seconds": 5.0, "server_seen": True,
        "messages": 40, "message_mib": 1, "peak_mib": 140,
    }  # fmt: skip
    answered = {"matched": 800, "seconds": 4.0, "steps": {}, "peak_mib": 310}
    found = _told(1_000, paid, (2.0, 2.0, {"copy": 2.0}), answered)
    assert (found["seconds"], found["times_bare"], found["ratio"], found["cpu_ratio"]) == (6.0, 3.0, 0.3333, 2.5)
    assert (found["within"], found["peak_mib"], found["within_memory"]) == (True, 310, False)
    assert "**3.00 ×**" in "\n".join(payrun_section(found))


def test_growth_is_told_part_by_part_and_small_times_say_nothing() -> None:
    small = {"build": 0.1, "answers": 1.0, "all": 1.1, "peak_mib": 90}
    large = {"build": 9.0, "answers": 10.9, "all": 11.9, "peak_mib": 120}
    told = grown((10_000, 100_000), [small, large])
    assert (told["growth"], told["linear"]) == ([{"answers": 10.9, "all": 10.8}], True)
    assert grown((10_000, 100_000), [small, large | {"answers": 11.2}])["linear"] is False
