"""Whose turn a run is, why somebody's button is missing, and what else may be done to it."""

from __future__ import annotations

from dataclasses import dataclass

from ansinh.access.queries import roles
from ansinh.foundation.actor import Actor
from ansinh.payments.queries import Run, Sealed, Signature
from ansinh.payments.states import RunState

# Verb → the permission it takes.
PERMISSIONS = {
    "build": "payments.build_run",
    "check": "payments.check_run",
    "approve": "payments.approve_run",
    "authorise": "payments.authorise_run",
    "fund": "payments.fund_run",
    "reroute": "payments.reroute_orders",
    "seal": "payments.check_run",
    "close": "payments.close_run",
    "abort": "payments.abort_run",
}
# State → the verb that is next; one without a permission is a worker's, or nobody's.
_NEXT = {
    RunState.DRAFT: "build",
    RunState.BUILDING: "building",
    RunState.BUILT: "check",
    RunState.CHECKED: "approve",
    RunState.APPROVED: "authorise",
    RunState.AUTHORISED: "fund",
    RunState.CLOSED: "none",
    RunState.ABORTED: "none",
}
_SEALED = (RunState.CHECKED, RunState.APPROVED, RunState.AUTHORISED)
_UNDER_WAY = (RunState.SENDING, RunState.SENT, RunState.SETTLING)
SIGNING = ("approve", "authorise")


@dataclass(frozen=True, slots=True)
class Turn:
    """What is next on a run, the permission it takes, and whether this officer may do it: `barred` is whoever made or signed it already."""

    verb: str
    permission: str
    permitted: bool
    barred: bool

    @property
    def mine(self) -> bool:
        """Tell whether the officer may do it now."""
        return self.permitted and not (self.barred and self.verb in SIGNING)


def turn_of(run: Run, signatures: list[Signature], actor: Actor, seal: Sealed | None, left: tuple[bool, bool]) -> Turn:
    """Return what is next; `left` is what is to be paid again. The operations and the tables decide again when somebody acts; this says it beforehand."""
    newest = max((one.seal_no for one in signatures), default=0)
    signed = {one.step for one in signatures if one.seal_no == newest}
    verb = _NEXT.get(run.state, "later")
    if run.state in _UNDER_WAY and seal is not None:
        if seal.round and seal.waiting:
            verb = "approve" if 1 not in signed else "authorise" if 2 not in signed else "fund"
        elif any(left):
            verb = "seal" if left[1] else "reroute"
    involved = {run.created_by, run.made_by} | {one.officer for one in signatures if one.seal_no == newest}
    permission = PERMISSIONS.get(verb, "")
    return Turn(verb, permission, bool(permission) and actor.may(permission), actor.named() in involved)


def besides(run: Run, turn: Turn, actor: Actor) -> list[str]:
    """Return what else this officer may do to a run now, beside its turn."""
    made = actor.named() in {run.created_by, run.made_by}
    found = []
    for verb, states in (("approve", _SEALED[:2]), ("authorise", _SEALED[1:])):
        if run.state in states and actor.may(PERMISSIONS[verb]) and not made:
            found.append(f"{verb}/back")
    if run.state in _SEALED and actor.may(PERMISSIONS["check"]):
        found.append("check")
    if run.state in {*_SEALED, RunState.DRAFT, RunState.BUILDING, RunState.BUILT, RunState.FUNDED}:
        found += ["abort"] if actor.may(PERMISSIONS["abort"]) else []
    elif run.state in {RunState.SENT, RunState.SETTLING} and turn.verb == "later":
        found += ["close"] if actor.may(PERMISSIONS["close"]) else []
    return found


def roles_with(permission: str, language: str) -> str:
    """Return the roles that carry a permission, as people call them."""
    return ", ".join(vi if language == "vi" else en for _, vi, en, held in roles() if permission in held)
