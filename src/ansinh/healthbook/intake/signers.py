"""With which certificates facilities sign their papers, and which of them held at a moment."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from cryptography.x509 import Certificate, load_der_x509_certificate

from ansinh.database.sql import rows


@dataclass(frozen=True, slots=True)
class Signers:
    """The certificates a facility registered, newest first, each with the moment it was withdrawn."""

    registered: tuple[tuple[Certificate, datetime | None], ...] = ()

    def in_force(self, at: datetime) -> list[Certificate]:
        """Return those not withdrawn yet at a moment. Whether one was valid by its own dates is part of the proof."""
        return [
            certificate for certificate, withdrawn_at in self.registered if withdrawn_at is None or withdrawn_at > at
        ]

    def withdrawn(self, at: datetime) -> list[Certificate]:
        """Return those withdrawn by a moment."""
        return [
            certificate
            for certificate, withdrawn_at in self.registered
            if withdrawn_at is not None and withdrawn_at <= at
        ]


NOBODY = Signers()


def signers_of(facilities: Collection[str]) -> dict[str, Signers]:
    """Return the certificates of these facilities as they are registered now; facilities without any are left out."""
    if not facilities:
        return {}
    found: dict[str, list[tuple[Certificate, datetime | None]]] = {}
    for facility, content, withdrawn_at in rows(_REGISTERED, [sorted(facilities)]):
        found.setdefault(facility, []).append((load_der_x509_certificate(bytes(content)), withdrawn_at))
    return {facility: Signers(tuple(registered)) for facility, registered in found.items()}


_REGISTERED = """
SELECT facility, content, withdrawn_at FROM healthbook_certificate WHERE facility = ANY (%s) ORDER BY facility, registered_at DESC, fingerprint
"""
