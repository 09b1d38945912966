"""What others may ask about participation: frozen answers only. Bulk work above reads the view `participation_covered_v1`."""

from ansinh.participation.queries.careers import Career, CareerStretch, career, careers
from ansinh.participation.queries.participants import count_participants, effects_on_participation

__all__ = [
    "Career",
    "CareerStretch",
    "career",
    "careers",
    "count_participants",
    "effects_on_participation",
]
