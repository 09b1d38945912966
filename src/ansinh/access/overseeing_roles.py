"""Roles of those who look over what others decide: leaders, auditors, reviewers of health care used twice, and whoever keeps partners' messages moving."""

from __future__ import annotations

from ansinh.access.role import Role


class Leader(Role):
    """Reads the agency's figures, and nothing about one person."""

    name = "leader"
    vi = "Lãnh đạo"
    en = "Leader"
    permissions = frozenset({"reporting.read"})


class Auditor(Role):
    """Reads who did what, and changes nothing."""

    name = "auditor"
    vi = "Kiểm soát viên"
    en = "Auditor"
    permissions = frozenset({"access.read", "audit.read", "audit.show_looks", "disclosure.find"})


class HealthReviewer(Role):
    """Judges visits that look like over-use of health care, each with the papers they rest on."""

    name = "health_reviewer"
    vi = "Cán bộ rà soát lạm dụng BHYT"
    en = "Health reviewer"
    permissions = frozenset({"disclosure.read_book", "overuse.decide", "overuse.show", "referrals.read"})


class PartnerOperator(Role):
    """Watches the lines to partners and lets what was parked try again; changes nothing that a partner said."""

    name = "partner_operator"
    vi = "Cán bộ kết nối đối tác"
    en = "Partner operator"
    permissions = frozenset({"lifeevents.exchange", "registry.retry", "registry.show"})
