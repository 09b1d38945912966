"""Health books at the door: readings by citizens' apps and by facilities, emergencies, referral papers checked and used.

Who may see what is decided by the published functions (room `disclosure`); here is only what a question looks like and how its answer is told.
"""

from __future__ import annotations

from ansinh.gateway.health import allergies, emergencies, reading, referring
from ansinh.gateway.routes import Route
from ansinh.gateway.store import Published
from ansinh.gateway.worker import Worker

PUBLISHED: tuple[Published, ...] = (
    *reading.PUBLISHED,
    *emergencies.PUBLISHED,
    *referring.PUBLISHED,
    *allergies.PUBLISHED,
)


def routes(worker: Worker) -> dict[str, Route]:
    """Return the addresses of health books and referral papers."""
    return {
        **reading.routes(worker),
        **emergencies.routes(worker),
        **referring.routes(worker),
        **allergies.routes(worker),
    }
