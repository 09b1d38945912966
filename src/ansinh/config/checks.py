"""Every room's checks, in the order of the rooms."""

from __future__ import annotations

from collections.abc import Iterator

import ansinh.access.checks
import ansinh.audit.checks
import ansinh.benefits.checks
import ansinh.cards.checks
import ansinh.disclosure.checks
import ansinh.documents.checks
import ansinh.durable.checks
import ansinh.healthbook.checks
import ansinh.lifeevents.checks
import ansinh.mandates.checks
import ansinh.overuse.checks
import ansinh.participation.checks
import ansinh.payments.checks
import ansinh.people.checks
import ansinh.reckoning.checks
import ansinh.referrals.checks
import ansinh.registry.checks
import ansinh.relief.checks
import ansinh.reporting.checks
import ansinh.rights.checks
import ansinh.services.checks
from ansinh.audit.check import CheckResult
from ansinh.config.payments import account_at
from ansinh.foundation.clock import Clock, legal_day
from ansinh.foundation.settings import settings
from ansinh.healthbook.adapters.packs import packs_at


def all_checks(clock: Clock) -> Iterator[CheckResult]:
    """Run what must never be false, room by room; each result is yielded when it is known."""
    yield from ansinh.audit.checks.checks()
    yield from ansinh.durable.checks.checks()
    yield from ansinh.documents.checks.checks()
    yield from ansinh.access.checks.checks()
    yield from ansinh.registry.checks.checks()
    yield from ansinh.people.checks.checks()
    yield from ansinh.participation.checks.checks()
    yield from ansinh.mandates.checks.checks()
    yield from ansinh.cards.checks.checks(legal_day(clock.now()))
    yield from ansinh.payments.checks.checks()
    yield from ansinh.relief.checks.checks()
    yield from ansinh.reckoning.checks.checks(account_at)
    yield from ansinh.healthbook.checks.checks(packs_at(settings()))
    yield from ansinh.referrals.checks.checks()
    yield from ansinh.overuse.checks.checks()
    yield from ansinh.disclosure.checks.checks()
    yield from ansinh.benefits.checks.checks(legal_day(clock.now()))
    yield from ansinh.lifeevents.checks.checks(legal_day(clock.now()))
    yield from ansinh.rights.checks.checks(clock.now())
    yield from ansinh.services.checks.checks(legal_day(clock.now()))
    yield from ansinh.reporting.checks.checks()
