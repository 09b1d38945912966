"""Role × permission × province × purpose: every operation of every room, as every role, at home and elsewhere, for its purposes and for others."""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ansinh.access import operations, queries
from ansinh.access.charters import CHARTERS, CONFLICTS
from ansinh.access.granting import Conflict, GrantTerms
from ansinh.access.roles import ROLES
from ansinh.audit.bounds import NotForThis, require_all_within
from ansinh.audit.operation import declared_operations, declared_readings, note_read, operation
from ansinh.audit.subjects import ABOUT_NOBODY, SUBJECTS
from ansinh.database.sql import execute, rows
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.clock import FixedClock
from ansinh.foundation.errors import InvalidInput, NotPermitted, OutsideProvinces
from ansinh.foundation.purpose import Purpose
from tests.architecture.project import PLATFORM, rooms

pytestmark = pytest.mark.django_db

HOME, ELSEWHERE = "46", "01"
AT_HOME, AWAY = 1, 2
GRANTABLE = sorted(name for name, role in ROLES.items() if role.grantable)
_REASON = "thử mọi vai trò"


def _load_every_operation() -> None:
    for room in rooms():
        for path in [*PLATFORM.glob(f"{room}/operations.py"), *PLATFORM.glob(f"{room}/operations/[a-z]*.py")]:
            tree = ast.parse(path.read_text(encoding="utf-8"))
            if any(isinstance(node, ast.FunctionDef) for node in tree.body):
                importlib.import_module(".".join(path.relative_to(PLATFORM.parent).with_suffix("").parts))


@pytest.fixture(autouse=True)
def _people() -> None:
    execute(
        "INSERT INTO people_person (person_id, full_name, province, recorded_on) "
        "VALUES (1, 'Đặng Thị Quỳnh Như', '46', '2025-06-01'), (2, 'Vũ Văn Ước', '01', '2025-06-01')"
    )


def officer(role: str, *provinces: str) -> Actor:
    """An officer of one role, of the country or of provinces, as `actor_of_officer` would make them."""
    permissions = ROLES[role].permissions
    bounds = dict.fromkeys(permissions, frozenset(provinces)) if provinces else {}
    return Actor(
        ActorKind.OFFICER,
        "hue.hoa",
        permissions,
        bounds=bounds,
        purposes=dict.fromkeys(permissions, CHARTERS[role].purposes),
    )


def reading(permission: str) -> Callable[..., int]:
    """An operation that asks for a permission and reads about a person: it is declared by what really asks, here for the wrapper alone."""

    def read_planted(*, actor: Actor, reason: str, person_id: int, purpose: Purpose) -> int:
        """Read about a person."""
        note_read(person_id, purpose)
        return person_id

    read_planted.__module__ = f"ansinh.{permission.split('.', maxsplit=1)[0]}.planted"
    read_planted.__name__ = f"read_planted_{permission.split('.')[1]}"
    return operation(permission=permission, reads="planted")(read_planted)


def outcome(act: Callable[..., Any], actor: Actor, **arguments: Any) -> str:
    try:
        act(actor=actor, reason=_REASON, **arguments)
    except (NotPermitted, NotForThis, OutsideProvinces) as refusal:
        return refusal.code
    return "done"


def test_every_role_reads_about_people_of_its_province_for_its_purposes_and_nothing_else() -> None:
    _load_every_operation()
    declared, readings = declared_operations(), declared_readings()
    before = set(declared), set(readings)
    permissions = sorted({declared[name] for name in readings if not name.startswith("audit.settle_test")})
    acts = {permission: reading(permission) for permission in permissions}
    _forget_planted(*before)
    wrong = []
    for role in GRANTABLE:
        charter = CHARTERS[role]
        actor = officer(role, HOME) if charter.provincial else officer(role)
        for permission, act in acts.items():
            for person in (AT_HOME, AWAY):
                for purpose in Purpose:
                    expected = "done"
                    if permission not in ROLES[role].permissions:
                        expected = "not_permitted"
                    elif charter.provincial and person == AWAY:
                        expected = "outside_provinces"
                    elif purpose not in charter.purposes:
                        expected = "not_for_this"
                    got = outcome(act, actor, person_id=person, purpose=purpose)
                    if got != expected:
                        wrong.append((role, permission, person, purpose.code, got, expected))
    assert not wrong
    tried = len(GRANTABLE) * len(acts) * 2 * len(Purpose)
    assert rows("SELECT count(*) FROM audit_act WHERE reason = %s", [_REASON]) == [(tried,)]


def _forget_planted(operations: set[str], readings: set[str]) -> None:
    from ansinh.audit import operation as module  # noqa: PLC0415 - the registry behind the copies it hands out

    for name in module._declared.keys() - operations:
        del module._declared[name]
    for name in module._readings.keys() - readings:
        del module._readings[name]


def test_every_operation_names_whom_it_is_about_or_is_not_for_officers_of_a_province() -> None:
    _load_every_operation()
    for name, permission in declared_operations().items():
        actor = Actor(ActorKind.OFFICER, "hue.hoa", frozenset({permission}), bounds={permission: frozenset({HOME})})
        if name in ABOUT_NOBODY:
            require_all_within(actor, permission, name, {})
            continue
        with pytest.raises(OutsideProvinces):
            require_all_within(actor, permission, name, {"actor": actor, "reason": _REASON})
        require_all_within(actor, permission, name, {"actor": actor, "person_id": AT_HOME})
        with pytest.raises(OutsideProvinces):
            require_all_within(actor, permission, name, {"actor": actor, "person_id": AWAY})


def test_who_merges_needs_both_people_in_their_provinces() -> None:
    clerk = officer("identity_officer", HOME)
    with pytest.raises(OutsideProvinces):
        require_all_within(clerk, "people.merge", "people.prepare_merge", {"alias": AT_HOME, "survivor": AWAY})


def test_an_order_of_a_run_of_the_whole_country_is_about_its_payee() -> None:
    execute(
        "INSERT INTO payments_run (request_key, pay_month, pay_on, rhythm, months, act, state, created_by, created_at, changed_at)"
        " VALUES ('thu', 202507, '2025-07-02', 'monthly', ARRAY[202507], 'thử', 'draft', 'hanoi.lan', now(), now())"
    )
    clerk, ((run,),) = officer("payment_officer", HOME), rows("SELECT run_id FROM payments_run")
    require_all_within(clerk, "payments.show", "payments.story_of", {"run_id": run, "person_id": AT_HOME})
    for named in ({"run_id": run, "person_id": AWAY}, {"run_id": run}):
        with pytest.raises(OutsideProvinces):
            require_all_within(clerk, "payments.show", "payments.story_of", named)


def test_a_person_nobody_knows_is_refused_like_one_of_elsewhere() -> None:
    with pytest.raises(OutsideProvinces):
        require_all_within(officer("card_officer", HOME), "cards.suspend", "cards.suspend_card", {"person_id": 99})


@pytest.mark.parametrize("room_and_argument", sorted(SUBJECTS))
def test_every_subject_can_be_asked_about(room_and_argument: tuple[str, str]) -> None:
    value = "DV-1" if room_and_argument == ("services", "reference") else 77
    assert rows(SUBJECTS[room_and_argument], [value]) == []


def test_every_role_for_officers_has_its_charter_in_both_languages() -> None:
    assert set(CHARTERS) == set(GRANTABLE)
    assert all(one.vi and one.en and inspect.getdoc(ROLES[name]) for name, one in CHARTERS.items())


def test_nobody_makes_and_checks() -> None:
    apart = [("payment_officer", "payment_approver"), ("payment_approver", "payment_authoriser")]
    assert all(frozenset(pair) in CONFLICTS for pair in apart)
    assert all(frozenset({"auditor", other}) in CONFLICTS for other in GRANTABLE if other != "auditor")


CLOCK = FixedClock(datetime(2025, 6, 2, 2, 0, tzinfo=UTC))
LATER = CLOCK.now() + timedelta(days=14)


def _agency() -> None:
    operations.found_administration(
        actor=queries.operator(),
        reason=_REASON,
        clock=CLOCK,
        administrators=[
            operations.Administrator("hanoi.lan", "Trần Thị Lan", "Hà Nội"),
            operations.Administrator("hanoi.minh", "Lê Văn Minh", "Hà Nội"),
        ],
    )
    for number in ("hue.hoa", "hue.duc"):
        operations.register_officer(
            actor=_as("hanoi.lan"), reason=_REASON, officer_no=number, name="Võ Thị Hoa", unit="Huế"
        )


def _as(number: str, at: datetime | None = None) -> Actor:
    return queries.actor_of_officer(number, at or CLOCK.now())


def _grant(number: str, role: str, terms: GrantTerms, by: str = "hanoi.lan") -> None:
    grant = operations.prepare_role_grant(
        actor=_as(by), reason=_REASON, clock=CLOCK, officer_no=number, role=role, terms=terms
    )
    operations.approve_role_grant(actor=_as("hanoi.minh"), reason=_REASON, clock=CLOCK, grant=grant)


def test_a_grant_holds_in_its_provinces_and_ends_by_itself() -> None:
    _agency()
    _grant("hue.hoa", "card_officer", GrantTerms(frozenset({HOME}), None, LATER))
    assert _as("hue.hoa").provinces("cards.suspend") == _as("hue.hoa").provinces() == frozenset({HOME})
    assert not _as("hue.hoa", LATER).permissions


def test_the_wider_of_two_grants_counts_for_what_both_permit() -> None:
    _agency()
    _grant("hue.hoa", "card_officer", GrantTerms(frozenset({HOME})))
    _grant("hue.hoa", "one_stop_officer", GrantTerms())
    assert _as("hue.hoa").provinces("services.receive") is None
    assert _as("hue.hoa").provinces("cards.suspend") == frozenset({HOME})


def test_a_role_that_must_stay_apart_is_refused() -> None:
    _agency()
    _grant("hue.hoa", "payment_officer", GrantTerms())
    with pytest.raises(Conflict):
        _grant("hue.hoa", "payment_approver", GrantTerms())


def test_an_officer_lends_a_role_for_a_while_where_it_holds() -> None:
    _agency()
    _grant("hue.hoa", "card_officer", GrantTerms(frozenset({HOME})))
    _grant("hue.duc", "card_officer", GrantTerms(None, CLOCK.now(), LATER, covers="hue.hoa"), by="hue.hoa")
    assert _as("hue.duc").provinces("cards.suspend") == frozenset({HOME})
    assert not _as("hue.duc", LATER).permissions


def test_nobody_lends_what_is_not_theirs_or_makes_a_maker_a_checker() -> None:
    _agency()
    _grant("hue.hoa", "payment_approver", GrantTerms())
    _grant("hue.duc", "payment_officer", GrantTerms())
    lent = GrantTerms(None, CLOCK.now(), LATER, covers="hue.hoa")
    with pytest.raises(Conflict):
        _grant("hue.duc", "payment_approver", lent, by="hue.hoa")
    with pytest.raises(NotPermitted):
        _grant("hue.duc", "payment_approver", lent, by="hue.duc")
    with pytest.raises(InvalidInput):
        _grant("hue.duc", "card_officer", lent)
