"""An application from the form to the answer."""

from __future__ import annotations

from datetime import date

import pytest

from ansinh.benefits.operations import decide_application, prepare_decision
from ansinh.benefits.queries import entitlements_of, files_of
from ansinh.services import queries
from ansinh.services.states import ApplicationState, Channel
from tests.benefits.filed import DUC, WIDOW
from tests.services.applied import HOA, REASON, at, carry_on, forward, receive, settle_people, submit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def people(db: None) -> None:
    """Everybody lives, but for the husband."""
    settle_people()


def shown(reference: str) -> queries.ApplicationShown:
    """Return an application as its applicant sees it."""
    found = queries.application(WIDOW, reference)
    assert found is not None
    return found


def test_a_funeral_claim_ends_in_an_allowance_after_two_officers() -> None:
    receipt = submit()
    assert (receipt.counts_from, receipt.due_on) == (date(2025, 7, 15), date(2025, 7, 29))
    receive(receipt.reference)
    assert forward(receipt.reference) is ApplicationState.FORWARDED
    one = shown(receipt.reference)
    assert (one.channel, one.holder_en, one.due_on) == (Channel.PERSON, "the benefits desk", date(2025, 7, 29))
    (file,) = [each.application_id for each in files_of(WIDOW)]
    prepare_decision(actor=HOA, reason=REASON, clock=at(16), application=file)
    decide_application(actor=DUC, reason=REASON, clock=at(17), application=file)
    carry_on(at(17, hour=10))
    done = shown(receipt.reference)
    assert (done.state, done.closed_on) == (ApplicationState.GRANTED, date(2025, 7, 17))
    assert done.result_facts[-1] == ("Số tiền", "Amount", "23.400.000 ₫")
    assert [each.happening for each in done.lines] == ["submitted", "received", "forwarded", "granted"]
    assert [(each.kind, each.versions[0].amount) for each in entitlements_of(WIDOW)] == [("funeral", 23_400_000)]


def test_the_same_form_again_is_one_application_with_one_receipt() -> None:
    first = submit()
    assert submit(clock=at(16)) == first
    assert len(queries.applications_of(WIDOW)) == 1


def test_catalogue_is_whole() -> None:
    assert len(queries.catalogue()) >= 11
