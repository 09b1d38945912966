"""What may be done to participation here: take the agency's files in, record a stretch of coverage, and change what is covered from a day on."""

from ansinh.participation.operations.coverage import (
    CoverageChange,
    NewStretch,
    NotCovered,
    Overlapping,
    change_coverage,
    record_coverage,
)
from ansinh.participation.operations.loading import Loaded, load_participation

__all__ = [
    "CoverageChange",
    "Loaded",
    "NewStretch",
    "NotCovered",
    "Overlapping",
    "change_coverage",
    "load_participation",
    "record_coverage",
]
