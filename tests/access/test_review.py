"""The access review tells who holds what, and what to look at."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ansinh.access.checks import checks
from ansinh.access.models import Officer, RoleGrant
from ansinh.access.queries import access_review
from ansinh.foundation.clock import RealClock

pytestmark = pytest.mark.django_db


def test_review_finds_what_is_unused_expiring_and_in_conflict() -> None:
    now = RealClock().now()
    Officer.objects.create(officer_no="hue.hoa", name="Võ Thị Hoa", unit="Huế")
    for role, days in (("payment_officer", 100), ("payment_approver", 1)):
        RoleGrant.objects.create(
            officer_id="hue.hoa",
            role=role,
            state="approved",
            prepared_by="hanoi.lan",
            prepared_at=now - timedelta(days=days),
            approved_by="hanoi.minh",
            approved_at=now - timedelta(days=days),
            valid_until=now + timedelta(days=10),
        )
    assert [(one.role, one.findings, one.given_by) for one in access_review(now)] == [
        ("payment_approver", ("expiring", "conflict"), ("hanoi.lan", "hanoi.minh")),
        ("payment_officer", ("unused", "expiring", "conflict"), ("hanoi.lan", "hanoi.minh")),
    ]
    broken = {one.name: one.offending for one in checks() if not one.ok}
    assert list(broken) == ["access.nobody_holds_roles_that_conflict"]
