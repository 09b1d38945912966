"""What the audit keeps is said in Vietnamese, whatever room wrote it."""

from __future__ import annotations

import importlib

from ansinh.audit.operation import declared_readings
from ansinh.audit.queries import CALLS, RESULTS
from ansinh.foundation.purpose import Purpose
from ansinh.workbench.saying import looked, purpose
from tests.architecture.project import PLATFORM, rooms


def test_every_reading_result_and_purpose_has_words() -> None:
    for room in rooms():
        if (PLATFORM / room / "operations").exists() or (PLATFORM / room / "operations.py").exists():
            importlib.import_module(f"ansinh.{room}.operations")
    written = {*CALLS.values(), *RESULTS.values(), *declared_readings().values()}
    assert [text for text in sorted(written) if looked(text, "vi") == text] == []
    assert all(looked(text, "en") == text for text in written)
    assert [purpose(one.code, "vi") for one in Purpose] == [one.vi for one in Purpose]
    assert purpose("something new", "vi") == "something new"
