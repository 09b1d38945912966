"""Whose turn a run is, and why somebody's button is missing."""

from __future__ import annotations

from dataclasses import dataclass

from ansinh.access.queries import roles
from ansinh.foundation.actor import Actor
from ansinh.payments.queries import Run, Signature
from ansinh.payments.states import RunState

# State → the verb that is next, and the permission it takes.
_NEXT = {
    RunState.DRAFT: ("make", "payments.check_run"),
    RunState.BUILDING: ("make", "payments.check_run"),
    RunState.BUILT: ("make", "payments.check_run"),
    RunState.CHECKED: ("approve", "payments.approve_run"),
    RunState.APPROVED: ("authorise", "payments.authorise_run"),
}
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
        """Tell whether the officer may sign now."""
        return self.verb in SIGNING and self.permitted and not self.barred


def turn_of(run: Run, signatures: list[Signature], actor: Actor) -> Turn:
    """Return what is next. The operations and the tables decide again when somebody signs; this says it beforehand."""
    verb, permission = _NEXT.get(
        run.state, ("none" if run.state in {RunState.CLOSED, RunState.ABORTED} else "later", "")
    )
    newest = max((one.seal_no for one in signatures), default=0)
    involved = {run.created_by, run.made_by} | {one.officer for one in signatures if one.seal_no == newest}
    return Turn(verb, permission, bool(permission) and actor.may(permission), actor.named() in involved)


def roles_with(permission: str, language: str) -> str:
    """Return the roles that carry a permission, as people call them."""
    return ", ".join(vi if language == "vi" else en for _, vi, en, held in roles() if permission in held)
