"""Words of entitlements: kinds, states, what causes a version, why payment is suspended or ends, and which change is permitted in which state."""

from __future__ import annotations

from enum import StrEnum

from ansinh.foundation.errors import Refusal


class Kind(StrEnum):
    """What is paid. Unemployment and what is paid once keep a rhythm of their own in payments."""

    PENSION = "pension"
    CAPACITY_LOSS = "capacity_loss"
    CADRE = "cadre"
    SURVIVOR = "survivor"
    WORK_INJURY = "work_injury"
    UNEMPLOYMENT = "unemployment"
    SOCIAL_PENSION = "social_pension"
    BRIDGE = "bridge"
    ONE_OFF_WITHDRAWAL = "one_off_withdrawal"
    RETIREMENT_EXTRA = "retirement_extra"
    FUNERAL = "funeral"
    SURVIVOR_ONE_OFF = "survivor_one_off"


ONE_OFF = (Kind.ONE_OFF_WITHDRAWAL, Kind.RETIREMENT_EXTRA, Kind.FUNERAL, Kind.SURVIVOR_ONE_OFF)
MONTHLY = tuple(kind for kind in Kind if kind not in ONE_OFF)


class Scope(StrEnum):
    """Who an adjustment is for: the raised pensions and allowances, survivors (the reference level), social pensions (their own level)."""

    PENSIONS = "pensions"
    SURVIVORS = "survivors"
    SOCIAL_PENSIONS = "social_pensions"


# Every kind is adjusted in one scope at most, so that one adjustment a month reaches an entitlement.
# Decree 75/2024/ND-CP art. 1 and Decree 162/2026/ND-CP; Law 41/2024/QH15 arts 22, 87.
ADJUSTED_IN: dict[Kind, Scope] = {
    Kind.PENSION: Scope.PENSIONS,
    Kind.CAPACITY_LOSS: Scope.PENSIONS,
    Kind.CADRE: Scope.PENSIONS,
    Kind.WORK_INJURY: Scope.PENSIONS,
    Kind.SURVIVOR: Scope.SURVIVORS,
    Kind.SOCIAL_PENSION: Scope.SOCIAL_PENSIONS,
}


class State(StrEnum):
    """How an entitlement stands in a month. Suspended: the amount is kept, and grows with adjustments, but nothing is owed."""

    PAID = "paid"
    SUSPENDED = "suspended"
    ENDED = "ended"


class Cause(StrEnum):
    """What made a version."""

    GRANT = "grant"
    LOAD = "load"
    TERM = "term"
    ADJUSTMENT = "adjustment"
    RECALCULATION = "recalculation"
    SUSPENSION = "suspension"
    RESUMPTION = "resumption"
    END = "end"
    TRANSFER = "transfer"


class ChangeKind(StrEnum):
    """What an officer, or the news of a death, does to an entitlement."""

    SUSPEND = "suspend"
    RESUME = "resume"
    END = "end"
    REINSTATE = "reinstate"
    RECALCULATE = "recalculate"
    TRANSFER = "transfer"


# Change → states it may find. Reinstating takes back an end that was wrong: a death withdrawn, a finding of wrongful grant quashed.
TRANSITIONS: dict[ChangeKind, tuple[State, ...]] = {
    ChangeKind.SUSPEND: (State.PAID,),
    ChangeKind.RESUME: (State.SUSPENDED, State.ENDED),
    ChangeKind.END: (State.PAID, State.SUSPENDED),
    ChangeKind.REINSTATE: (State.ENDED,),
    ChangeKind.RECALCULATE: (State.PAID, State.SUSPENDED),
    ChangeKind.TRANSFER: (State.PAID, State.SUSPENDED),
}
# What lets money flow takes two officers. Stopping it, which the law wants at once and arrears can mend, takes one; so does moving between provinces.
BY_TWO = (ChangeKind.RESUME, ChangeKind.REINSTATE, ChangeKind.RECALCULATE)


class SuspendedBecause(StrEnum):
    """Why payment is suspended (Law 41/2024/QH15 art. 75(1))."""

    UNLAWFUL_EXIT = "unlawful_exit"
    MISSING = "missing"
    IDENTITY_UNVERIFIED = "identity_unverified"


class EndedBecause(StrEnum):
    """Why payment ends (Law 41/2024/QH15 art. 75(3)); `no_longer_entitled`: a child of 18, a relative who earns."""

    DEATH = "death"
    RENUNCIATION = "renunciation"
    WRONGFUL_GRANT = "wrongful_grant"
    NO_LONGER_ENTITLED = "no_longer_entitled"


class CorrectionCause(StrEnum):
    """What made a month already frozen owe more or less than it did: the change it came from."""

    GRANT = "grant"
    ADJUSTMENT = "adjustment"
    SUSPENSION = "suspension"
    RESUMPTION = "resumption"
    END = "end"
    REINSTATEMENT = "reinstatement"
    RECALCULATION = "recalculation"


BASE = "base"
"""The component every entitlement has: its monthly, or only, amount."""


class NotInState(Refusal):
    """The entitlement is in a state in which this cannot be done to it."""

    code = "entitlement_not_in_state"


class OutOfOrder(Refusal):
    """The month of effect lies before what may still be changed, or too far ahead."""

    code = "effect_month_out_of_order"


class RequestKeyUsed(Refusal):
    """The key of this request was used for something else."""

    code = "request_key_used"


class SameOfficer(Refusal):
    """Who prepared may not approve."""

    code = "same_officer"
