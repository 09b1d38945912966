"""Roles nobody is granted: of parts of the system, and of people who sign in at a face."""

from __future__ import annotations

from ansinh.access.role import Role


class Colleague(Role):
    """What every officer with a role may do besides: ask that a role of theirs be lent to a colleague for a while, and end that."""

    name = "colleague"
    vi = "Cán bộ có vai trò"
    en = "Officer with a role"
    permissions = frozenset({"access.end_role", "access.prepare_role"})
    grantable = False


class SignInDoor(Role):
    """The part of the system that people sign in at."""

    name = "sign_in_door"
    vi = "Cửa đăng nhập"
    en = "Sign-in door"
    permissions = frozenset(
        {
            "signin.ask_eid",
            "signin.end_provider_sessions",
            "signin.enrol",
            "signin.leave",
            "signin.let_citizen_in",
            "signin.sign_in",
        }
    )
    grantable = False


class LifeEvents(Role):
    """The part of the system that carries births and deaths on: what follows from a registered act, and nothing that takes two people."""

    name = "life_events"
    vi = "Thủ tục liên thông"
    en = "Life events"
    permissions = frozenset(
        {
            "benefits.change",
            "benefits.file",
            "benefits.follow_deaths",
            "benefits.prepare_change",
            "cards.change_facility",
            "cards.issue",
            "cards.project",
            "cards.withdraw",
            "confirmations.ask",
            "notices.send",
            "participation.change",
            "participation.record",
            "people.give_numbers",
            "people.open_record",
            "people.react",
        }
    )
    grantable = False


class OnlineServices(Role):
    """The part of the system that carries applications on: what applicants supplement or withdraw, and what was decided elsewhere."""

    name = "online_services"
    vi = "Dịch vụ công trực tuyến"
    en = "Online services"
    permissions = frozenset({"benefits.file", "notices.send"})
    grantable = False


class FacilityClerk(Role):
    """Somebody on a facility's list who signed in: asks how patients are insured, for their facility alone."""

    name = "facility_clerk"
    vi = "Nhân viên tiếp đón"
    en = "Facility clerk"
    permissions = frozenset({"ceilings.confirm_challenge", "desk.keep_look", "desk.take_token"})
    grantable = False


class WalletDoor(Role):
    """The part of the system at which wallets take credentials: it knows a code or a token, and by it whose."""

    name = "wallet_door"
    vi = "Cửa ví giấy tờ"
    en = "Wallet door"
    permissions = frozenset({"credentials.issue", "credentials.redeem"})
    grantable = False


class InsuredPerson(Role):
    """Somebody who signed in with the e-ID: sees the own contribution book, takes it along, and says what is wrong in it."""

    name = "insured_person"
    vi = "Người tham gia"
    en = "Insured person"
    permissions = frozenset(
        {
            "cards.change_facility",
            "confirmations.answer",
            "credentials.offer",
            "credentials.permit",
            "credentials.show",
            "credentials.withdraw",
            "disclosure.decide",
            "disclosure.read_book",
            "documents.issue",
            "mandates.declare",
            "mandates.give",
            "notices.send",
            "participation.change",
            "participation.file_request",
            "participation.issue_statement",
            "participation.read_book",
            "portal.read_own",
            "payments.keep_account",
            "referrals.print",
            "referrals.read",
            "rights.ask",
            "rights.download",
            "services.apply",
            "services.issue_result",
            "services.read",
            "services.verify_result",
            "signin.act_for",
            "signin.leave",
        }
    )
    grantable = False
