"""What stops mass look-up: counts and leases in each worker, shared through the database. The gateway's README says how."""

from ansinh.gateway.guard.counting import Counting
from ansinh.gateway.guard.exchanging import EXCHANGE, OPEN, PUBLISHED, LiveGuard

__all__ = ["EXCHANGE", "OPEN", "PUBLISHED", "Counting", "LiveGuard"]
