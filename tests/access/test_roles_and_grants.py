"""Officers get roles from two people; the database holds to it even where an operation would not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from ansinh.access import operations, queries
from ansinh.access.models import Officer, RoleGrant
from ansinh.access.operations.officers import AlreadyThere, SamePerson, WrongState
from ansinh.access.roles import ROLES
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import FixedClock
from ansinh.foundation.errors import InvalidInput, NotFound, NotPermitted

pytestmark = pytest.mark.django_db

CLOCK = FixedClock(datetime(2025, 6, 2, 2, 0, tzinfo=UTC))
LAN = operations.Administrator("hanoi.lan", "Trần Thị Lan", "Hà Nội")
MINH = operations.Administrator("hanoi.minh", "Lê Văn Minh", "Hà Nội")


def found() -> int:
    return operations.found_administration(
        actor=queries.operator(), reason="thành lập", clock=CLOCK, administrators=[LAN, MINH]
    )


def lan() -> Actor:
    return queries.actor_of_officer("hanoi.lan")


def minh() -> Actor:
    return queries.actor_of_officer("hanoi.minh")


def hire(officer_no: str = "hue.hoa") -> None:
    operations.register_officer(actor=lan(), reason="nhận việc", officer_no=officer_no, name="Võ Thị Hoa", unit="Huế")


def prepare(actor: Actor, officer_no: str = "hue.hoa", role: str = "card_officer") -> int:
    return operations.prepare_role_grant(actor=actor, reason="cần", clock=CLOCK, officer_no=officer_no, role=role)


def approve(actor: Actor, grant: int) -> None:
    operations.approve_role_grant(actor=actor, reason="đồng ý", clock=CLOCK, grant=grant)


def test_found_administration_twice_changes_nothing() -> None:
    assert found() == 2
    assert found() == 0
    assert [(one.officer_no, one.roles) for one in queries.officers()] == [
        ("hanoi.lan", ("administrator",)),
        ("hanoi.minh", ("administrator",)),
    ]


def test_found_administration_when_there_are_officers_is_refused() -> None:
    Officer.objects.create(officer_no="hue.hoa", name="Võ Thị Hoa", unit="Huế")
    with pytest.raises(AlreadyThere):
        found()
    assert Officer.objects.count() == 1


def test_found_administration_by_an_administrator_is_refused() -> None:
    found()
    with pytest.raises(NotPermitted):
        operations.found_administration(actor=lan(), reason="thêm", clock=CLOCK, administrators=[LAN, MINH])


def test_found_administration_with_one_person_twice_is_refused() -> None:
    with pytest.raises(InvalidInput):
        operations.found_administration(
            actor=queries.operator(), reason="thành lập", clock=CLOCK, administrators=[LAN, LAN]
        )
    assert not Officer.objects.exists()


def test_grant_by_two_people_gives_the_role() -> None:
    found()
    hire()
    assert queries.actor_of_officer("hue.hoa").permissions == frozenset()
    grant = prepare(lan())
    assert queries.actor_of_officer("hue.hoa").permissions == frozenset()
    assert [one.grant for one in queries.grants_waiting()] == [grant]
    approve(minh(), grant)
    approve(minh(), grant)
    assert (
        queries.actor_of_officer("hue.hoa").permissions
        == ROLES["card_officer"].permissions | ROLES["colleague"].permissions
    )
    assert queries.grants_waiting() == []


def test_prepare_role_grant_twice_is_one_grant() -> None:
    found()
    hire()
    assert prepare(lan()) == prepare(minh())
    assert RoleGrant.objects.filter(officer_id="hue.hoa").count() == 1


def test_approve_role_grant_by_its_preparer_is_refused() -> None:
    found()
    hire()
    grant = prepare(lan())
    with pytest.raises(SamePerson):
        approve(lan(), grant)
    assert queries.actor_of_officer("hue.hoa").permissions == frozenset()


def test_approve_role_grant_for_oneself_is_refused() -> None:
    found()
    grant = RoleGrant.objects.create(
        officer_id="hanoi.minh", role="auditor", prepared_by="hanoi.lan", prepared_at=CLOCK.now()
    )
    with pytest.raises(SamePerson):
        approve(minh(), grant.pk)
    assert queries.officers()[1].roles == ("administrator",)


def test_prepare_role_grant_by_the_operator_is_refused() -> None:
    found()
    hire()
    with pytest.raises(NotPermitted):
        prepare(queries.operator())
    assert queries.grants_waiting() == []


@pytest.mark.parametrize("role", ["emperor", ""])
def test_prepare_role_grant_of_a_role_not_for_officers_is_refused(role: str) -> None:
    found()
    hire()
    with pytest.raises(InvalidInput):
        prepare(lan(), role=role)


def test_refused_grant_cannot_be_approved_and_can_be_prepared_again() -> None:
    found()
    hire()
    grant = prepare(lan())
    operations.refuse_role_grant(actor=minh(), reason="chưa cần", clock=CLOCK, grant=grant)
    with pytest.raises(WrongState):
        approve(minh(), grant)
    assert prepare(lan()) != grant


def test_end_role_grant_takes_the_role_away() -> None:
    found()
    hire()
    grant = prepare(lan())
    approve(minh(), grant)
    operations.end_role_grant(actor=lan(), reason="chuyển việc", clock=CLOCK, grant=grant)
    assert queries.actor_of_officer("hue.hoa").permissions == frozenset()


def test_dismissed_officer_is_no_actor() -> None:
    found()
    operations.dismiss_officer(actor=lan(), reason="nghỉ hưu", officer_no="hanoi.minh")
    with pytest.raises(NotFound):
        minh()


@pytest.mark.parametrize("officer_no", ["lan", "Hanoi.Lan", "hanoi.", "operator", "hanoi.lan\n", ""])
def test_register_officer_with_a_wrong_number_is_refused(officer_no: str) -> None:
    found()
    with pytest.raises(InvalidInput):
        hire(officer_no)
    assert Officer.objects.count() == 2


def test_register_officer_again_changes_nothing_and_another_under_the_number_is_refused() -> None:
    found()
    hire()
    hire()
    with pytest.raises(AlreadyThere):
        operations.register_officer(actor=lan(), reason="x", officer_no="hue.hoa", name="Người Khác", unit="Huế")
    assert Officer.objects.get(officer_no="hue.hoa").name == "Võ Thị Hoa"


@pytest.mark.parametrize(
    ("prepared_by", "approved_by", "state"),
    [
        ("hanoi.lan", "hanoi.lan", "approved"),
        ("hanoi.lan", "hue.hoa", "approved"),
        ("hanoi.lan", None, "approved"),
        ("operator", "hanoi.lan", "approved"),
        ("hanoi.lan", "hanoi.minh", "invented"),
    ],
)
def test_database_refuses_a_grant_not_made_by_two_people(prepared_by: str, approved_by: str | None, state: str) -> None:
    found()
    hire()
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.create(
            officer_id="hue.hoa",
            role="auditor",
            state=state,
            prepared_by=prepared_by,
            prepared_at=CLOCK.now(),
            approved_by=approved_by,
            approved_at=CLOCK.now() if approved_by else None,
        )


def test_database_has_two_founding_seats_only() -> None:
    found()
    hire()
    for seat in (1, 3):
        with pytest.raises(IntegrityError), transaction.atomic():
            RoleGrant.objects.create(
                officer_id="hue.hoa",
                role="administrator",
                state="approved",
                founding_seat=seat,
                prepared_by="operator",
                prepared_at=CLOCK.now(),
            )


def test_every_step_leaves_its_audit_line() -> None:
    found()
    hire()
    grant = prepare(lan())
    with pytest.raises(SamePerson):
        approve(lan(), grant)
    approve(minh(), grant)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT act, actor_reference, outcome FROM audit_act WHERE act LIKE 'access.%%' ORDER BY acted_at, act"
        )
        lines = cursor.fetchall()
    assert sorted(lines) == sorted(
        [
            ("access.found_administration", "operator", "done"),
            ("access.register_officer", "hanoi.lan", "done"),
            ("access.prepare_role_grant", "hanoi.lan", "done"),
            ("access.approve_role_grant", "hanoi.lan", "same_person"),
            ("access.approve_role_grant", "hanoi.minh", "done"),
        ]
    )
