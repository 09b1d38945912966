"""Roles: what each kind of officer may do. A permission is `room.verb` and is asked for by exactly the operations that declare it.

A non-programmer can read this table. A role is granted by two people (`operations.prepare_role_grant`, `approve_role_grant`), never by changing this file
at run time; a permission no role carries can be used by nobody, and a test says so.
"""

from __future__ import annotations

from ansinh.access.overseeing_roles import Auditor, HealthReviewer, Leader, PartnerOperator
from ansinh.access.role import Role
from ansinh.access.system_roles import (
    Colleague,
    FacilityClerk,
    InsuredPerson,
    LifeEvents,
    OnlineServices,
    SignInDoor,
    WalletDoor,
)

__all__ = [
    "ROLES",
    "Auditor",
    "Colleague",
    "FacilityClerk",
    "HealthReviewer",
    "InsuredPerson",
    "Leader",
    "LifeEvents",
    "OnlineServices",
    "PartnerOperator",
    "Role",
    "SignInDoor",
    "WalletDoor",
    "all_permissions",
    "permissions_of",
]

# Asked for by queries and pages rather than by operations.
PERMISSIONS_OF_QUERIES = frozenset(
    {"access.read", "audit.read", "payments.show", "reckoning.show", "registry.show", "reporting.read"}
)


class Operator(Role):
    """Runs the platform: batch work that decides nothing about one person's identity or money."""

    name = "operator"
    vi = "Vận hành viên"
    en = "Operator"
    permissions = frozenset(
        {
            "access.found",
            "access.issue_token",
            "access.keep_dialect_account",
            "access.register_client",
            "audit.ensure_months",
            "audit.load_former",
            "audit.show_looks",
            "audit.sign_heads",
            "benefits.adjust",
            "benefits.follow_deaths",
            "benefits.freeze",
            "benefits.load",
            "benefits.watch",
            "cards.issue",
            "cards.project",
            "cards.record_copayment",
            "config.set_day",
            "credentials.register_wallet",
            "desk.open",
            "disclosure.read_book",
            "eid.deliver",
            "eid.set_receiver",
            "holders.ask",
            "healthbook.pack",
            "healthbook.settle",
            "notices.deliver",
            "notices.keep_address",
            "notices.send",
            "lifeevents.carry_on",
            "lifeevents.exchange",
            "lifeevents.hear",
            "lifeevents.show",
            "participation.load",
            "overuse.find",
            "payments.create_run",
            "payments.hand_over",
            "payments.load_accounts",
            "payments.show",
            "payments.take_answers",
            "people.give_numbers",
            "people.load",
            "people.react",
            "people.verify",
            "places.load",
            "referrals.remind",
            "referrals.take",
            "reckoning.open_recoveries",
            "reckoning.read_statements",
            "reckoning.set_aside",
            "reckoning.show",
            "registry.consume",
            "registry.reconcile",
            "registry.retry",
            "registry.synchronise",
            "relief.recall",
            "relief.take_results",
            "reporting.count",
            "reporting.load_former",
            "rights.watch",
            "services.carry_on",
            "signin.invite",
            "signin.load_former",
        }
    )


class Administrator(Role):
    """Keeps officers, their roles and machine clients. Does none of the officers' work."""

    name = "administrator"
    vi = "Quản trị viên"
    en = "Administrator"
    permissions = frozenset(
        {
            "access.approve_role",
            "access.end_role",
            "access.issue_token",
            "access.keep_dialect_account",
            "access.prepare_role",
            "access.read",
            "access.register_client",
            "access.register_facility_officer",
            "access.register_officer",
            "access.rotate_keys",
            "access.suspend_client",
            "ceilings.approve_ceiling",
            "ceilings.prepare_ceiling",
            "credentials.register_wallet",
            "desk.open",
            "healthbook.certify",
            "signin.invite",
        }
    )


class IdentityOfficer(Role):
    """Has insured records authenticated against the population register, tells doubtful ones, and proposes corrections and merges."""

    name = "identity_officer"
    vi = "Cán bộ định danh"
    en = "Identity officer"
    permissions = frozenset(
        {
            "disclosure.find",
            "healthbook.place",
            "people.correct",
            "people.decide_candidate",
            "people.merge",
            "people.open_record",
            "people.refuse_request",
            "people.show_record",
            "people.verify",
            "registry.report_error",
            "registry.retry",
        }
    )


class IdentityApprover(Role):
    """Approves what identity officers prepare: corrections, merges, and confirmations on which money depends. Never their own."""

    name = "identity_approver"
    vi = "Cán bộ duyệt định danh"
    en = "Identity approver"
    permissions = frozenset(
        {"disclosure.find", "people.approve_request", "people.refuse_request", "people.show_record"}
    )


class CardOfficer(Role):
    """Issues health-insurance cards, and changes, suspends and withdraws them."""

    name = "card_officer"
    vi = "Cán bộ cấp thẻ"
    en = "Card officer"
    permissions = frozenset(
        {
            "cards.change_facility",
            "cards.issue",
            "cards.project",
            "cards.reduce",
            "cards.replace",
            "cards.suspend",
            "cards.withdraw",
            "disclosure.find",
            "documents.issue",
            "participation.change",
            "participation.record",
            "people.give_numbers",
            "services.decide",
            "services.issue_result",
            "services.read",
            "services.receive",
        }
    )


class CollectionOfficer(Role):
    """Takes employers' declarations in, keeps contribution books, and prepares their corrections and closings."""

    name = "collection_officer"
    vi = "Cán bộ thu, sổ BHXH"
    en = "Collection officer"
    permissions = frozenset(
        {
            "disclosure.find",
            "documents.issue",
            "documents.receive",
            "mandates.prepare",
            "participation.confirm_months",
            "participation.declare",
            "participation.file_request",
            "participation.issue_statement",
            "participation.prepare_closing",
            "participation.prepare_request",
            "participation.read_book",
            "participation.refuse_request",
            "services.decide",
            "services.issue_result",
            "services.read",
            "services.receive",
        }
    )


class CollectionApprover(Role):
    """Approves what collection officers prepare: corrections and closings of contribution books. Never their own."""

    name = "collection_approver"
    vi = "Cán bộ duyệt sổ BHXH"
    en = "Collection approver"
    permissions = frozenset(
        {
            "disclosure.find",
            "mandates.decide",
            "participation.approve_request",
            "participation.decide_closing",
            "participation.read_book",
            "participation.refuse_request",
        }
    )


class BenefitOfficer(Role):
    """Takes files in and prepares decisions; keeps entitlements: suspends and ends them, moves them, and prepares what lets money flow."""

    name = "benefit_officer"
    vi = "Cán bộ chế độ"
    en = "Benefit officer"
    permissions = frozenset(
        {
            "benefits.change",
            "benefits.file",
            "benefits.prepare_adjustment",
            "benefits.prepare_change",
            "benefits.prepare_decision",
            "benefits.show",
            "confirmations.record",
            "disclosure.find",
            "documents.issue",
            "lifeevents.file",
            "lifeevents.settle",
            "lifeevents.show",
            "mandates.prepare",
            "services.decide",
            "services.issue_result",
            "services.read",
            "services.receive",
        }
    )


class BenefitApprover(Role):
    """Approves what benefit officers prepare. Never their own."""

    name = "benefit_approver"
    vi = "Cán bộ duyệt chế độ"
    en = "Benefit approver"
    permissions = frozenset(
        {
            "benefits.approve_adjustment",
            "benefits.approve_change",
            "benefits.approve_decision",
            "benefits.show",
            "disclosure.find",
            "mandates.decide",
        }
    )


class PaymentOfficer(Role):
    """Makes payment runs: builds, checks and seals them, withholds orders, sends what came back another way. Signs nothing."""

    name = "payment_officer"
    vi = "Cán bộ lập đợt chi"
    en = "Payment officer"
    permissions = frozenset(
        {
            "disclosure.find",
            "documents.issue",
            "holders.ask",
            "notices.send",
            "payments.abort_run",
            "payments.build_run",
            "payments.check_run",
            "payments.close_run",
            "payments.create_run",
            "payments.hold_order",
            "payments.keep_account",
            "payments.reroute_orders",
            "payments.settle_case",
            "payments.show",
            "payments.stop_account",
            "reckoning.ask_write_off",
            "reckoning.claim",
            "reckoning.demand_recovery",
            "reckoning.open_recoveries",
            "reckoning.recall",
            "reckoning.set_aside",
            "reckoning.settle_difference",
            "reckoning.show",
            "relief.declare",
            "relief.divert",
            "relief.end",
            "relief.open_run",
            "relief.sign_lists",
            "relief.withdraw",
            "services.decide",
            "services.issue_result",
            "services.read",
            "services.receive",
        }
    )


class PaymentApprover(Role):
    """Signs a sealed payment run as the first checker. Never one they made."""

    name = "payment_approver"
    vi = "Cán bộ duyệt chi"
    en = "Payment approver"
    permissions = frozenset({"disclosure.find", "payments.approve_run", "payments.show", "relief.approve"})


class PaymentAuthoriser(Role):
    """Signs an approved payment run as the second checker. Never one they made or approved."""

    name = "payment_authoriser"
    vi = "Người chuẩn chi"
    en = "Payment authoriser"
    permissions = frozenset(
        {"disclosure.find", "payments.authorise_run", "payments.show", "reckoning.decide_write_off", "reckoning.show"}
    )


class Treasurer(Role):
    """Sets the money for a signed payment run aside at the banks, and hands the messages over."""

    name = "treasurer"
    vi = "Cán bộ ngân quỹ"
    en = "Treasurer"
    permissions = frozenset(
        {
            "payments.fund_run",
            "payments.hand_over",
            "payments.show",
            "payments.take_answers",
            "reckoning.read_statements",
            "reckoning.recall",
            "reckoning.record_repayment",
            "reckoning.settle_difference",
            "reckoning.show",
            "relief.sign_lists",
            "relief.take_results",
        }
    )


class ClaimsOfficer(Role):
    """Answers hospitals about papers of patients: looks at referral papers and appointments, uses and prints them where a line is down."""

    name = "claims_officer"
    vi = "Cán bộ giám định BHYT"
    en = "Claims officer"
    permissions = frozenset(
        {
            "disclosure.find",
            "disclosure.read_book",
            "documents.issue",
            "overuse.decide",
            "overuse.show",
            "referrals.print",
            "referrals.read",
            "referrals.use",
        }
    )


class SecurityOfficer(Role):
    """Watches who looks at whom: hears alerts of mass look-up, and lets those go on who could explain it."""

    name = "security_officer"
    vi = "Cán bộ an ninh thông tin"
    en = "Security officer"
    permissions = frozenset(
        {
            "access.read",
            "audit.read",
            "ceilings.acknowledge_alert",
            "ceilings.approve_ceiling",
            "ceilings.lift_restraint",
            "ceilings.prepare_ceiling",
        }
    )


class DataProtectionOfficer(Role):
    """Judges emergencies in which health books were opened, and sees who looked."""

    name = "data_protection_officer"
    vi = "Cán bộ bảo vệ dữ liệu cá nhân"
    en = "Data-protection officer"
    permissions = frozenset(
        {"audit.read", "audit.show_looks", "disclosure.find", "disclosure.judge", "notices.send", "rights.answer"}
    )


class OneStopOfficer(Role):
    """Takes applications in at the one-stop counter, also for people without a phone, whose reason is kept."""

    name = "one_stop_officer"
    vi = "Cán bộ một cửa"
    en = "One-stop officer"
    permissions = frozenset(
        {
            "disclosure.find",
            "documents.issue",
            "services.apply",
            "services.issue_result",
            "services.read",
            "services.receive",
            "services.verify_result",
        }
    )


ROLES: dict[str, type[Role]] = {role.name: role for role in Role.__subclasses__()}


def all_permissions() -> frozenset[str]:
    """Return every permission that some role carries."""
    return frozenset().union(*(role.permissions for role in ROLES.values()))


def permissions_of(names: list[str]) -> frozenset[str]:
    """Return what the roles of these names permit together; a role that no longer exists permits nothing."""
    return frozenset().union(*(ROLES[name].permissions for name in names if name in ROLES))
