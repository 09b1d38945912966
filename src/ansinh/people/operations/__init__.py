"""What may be done to people's records here, one group of verbs a file."""

from __future__ import annotations

from ansinh.people.operations.loading import give_numbers, load_insured
from ansinh.people.operations.verdicts import give_verified_numbers, record_decisions, record_verdicts

__all__ = ["give_numbers", "give_verified_numbers", "load_insured", "record_decisions", "record_verdicts"]
