"""Sending a message: taken in once, delivered by the provider's words, settled for good. The provider here is a scripted one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from ansinh.database.sql import number, row, rows
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.clock import FixedClock
from ansinh.foundation.errors import InvalidInput, NotPermitted, PartnerTrouble
from ansinh.notices import queries
from ansinh.notices.operations import LEASE, MessageKey, Notice, keep_address, record_results, send_message, take_due
from ansinh.notices.operations import Result as MessageResult
from ansinh.notices.procedures import GIVE_UP_AFTER, PAUSES, TROUBLES_MAX, Delivery, deliver_due
from ansinh.notices.provider import Receipt

pytestmark = pytest.mark.django_db

SENDER = Actor(ActorKind.SYSTEM, "notices", frozenset({"notices.send", "notices.deliver", "notices.keep_address"}))
START = datetime(2025, 7, 10, 3, 0, tzinfo=UTC)
NOTICE = Notice(
    11, "card_issued", {"valid_from": "01/07/2025", "valid_until": "31/12/2025"}, "cards.card:8123", date(2025, 7, 10)
)


@dataclass
class ScriptedProvider:
    """Answers as told; remembers every key and text it was given."""

    answer: Callable[[], Receipt]
    later: Callable[[], Receipt] | None = None
    keys: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)

    def send(self, key: str, kind: str, address: str, text: str, language: str, letter: bytes | None = None) -> Receipt:
        """Take the message."""
        self.keys.append(key)
        self.texts.append(text)
        self.addresses.append(f"{kind}:{address}:{language}")
        return self.answer()

    def ask(self, reference: str) -> Receipt:
        """Tell what became of it."""
        assert self.later is not None
        return self.later()


def _says(status: str) -> Callable[[], Receipt]:
    return lambda: Receipt("p-1", status, status)


def _fails(*, temporary: bool) -> Callable[[], Receipt]:
    def answer() -> Receipt:
        raise PartnerTrouble("message provider", "HTTP status 503", temporary=temporary)

    return answer


def _at(seconds: float = 0) -> FixedClock:
    return FixedClock(START + timedelta(seconds=seconds))


def _send(notice: Notice = NOTICE) -> MessageKey:
    return send_message(actor=SENDER, reason="test", clock=_at(), notice=notice)


def _address(person_id: int = 11, kind: str = "sms", address: str = "+84912345678", language: str = "vi") -> None:
    keep_address(actor=SENDER, reason="test", person_id=person_id, kind=kind, address=address, language=language)


def _deliver(provider: ScriptedProvider, seconds: float = 0) -> Delivery:
    return deliver_due(actor=SENDER, reason="test", clock=_at(seconds), provider=provider)


def _state() -> tuple[str, str | None]:
    found = row("SELECT state, outcome FROM notices_message")
    assert found is not None
    return found[0], found[1]


def test_send_message_same_fact_twice_is_one_message() -> None:
    assert _send() == _send()
    assert number("SELECT count(*) FROM notices_message") == 1
    other = _send(replace(NOTICE, fact="cards.card:8124"))
    assert other != _send()


@pytest.mark.parametrize(
    "wrong",
    [
        replace(NOTICE, template="unknown"),
        replace(NOTICE, parameters={"valid_from": "01/07/2025"}),
        replace(NOTICE, parameters={**NOTICE.parameters, "name": "x"}),
        replace(NOTICE, parameters={**NOTICE.parameters, "valid_from": "a\nb"}),
        replace(NOTICE, parameters={**NOTICE.parameters, "valid_from": "x" * 101}),
        replace(NOTICE, fact="042190000001"),
        replace(NOTICE, fact_on=date(2027, 1, 1)),
    ],
)
def test_send_message_wrong_notice_is_refused_and_nothing_kept(wrong: Notice) -> None:
    with pytest.raises(InvalidInput):
        _send(wrong)
    assert number("SELECT count(*) FROM notices_message") == 0


def test_send_message_without_permission_is_refused() -> None:
    with pytest.raises(NotPermitted):
        send_message(actor=replace(SENDER, permissions=frozenset()), reason="test", clock=_at(), notice=NOTICE)
    assert number("SELECT count(*) FROM notices_message") == 0


@pytest.mark.parametrize(
    ("kind", "address", "language"),
    [
        ("sms", "0912345678", "vi"),
        ("sms", "+84 912", "vi"),
        ("post", "+84912345678", "vi"),
        ("app", "short", "vi"),
        ("sms", "+84912345678", "fr"),
    ],
)
def test_keep_address_wrong_form_is_refused(kind: str, address: str, language: str) -> None:
    with pytest.raises(InvalidInput):
        _address(kind=kind, address=address, language=language)
    assert number("SELECT count(*) FROM notices_address") == 0


def test_deliver_due_delivered_at_once_passes_through_sent_and_forgets_the_address() -> None:
    _address()
    key = _send()
    provider = ScriptedProvider(_says("delivered"))
    assert _deliver(provider) == Delivery(sent=1, delivered=1, failed=0, refused=0, waiting=0)
    assert provider.keys == [str(key.message_id)]
    assert provider.addresses == ["sms:+84912345678:vi"]
    assert "từ 01/07/2025 đến 31/12/2025" in provider.texts[0]
    assert rows("SELECT state, address, sent_at = settled_at, next_attempt_at FROM notices_message") == [
        ("delivered", None, True, None)
    ]
    assert _deliver(provider, 9_999) == Delivery(0, 0, 0, 0, 0)
    (message,) = queries.messages_of(11)
    assert (message.state_vi, message.state_en) == ("đã nhận", "delivered")


def test_deliver_due_accepted_is_asked_after_until_delivered() -> None:
    _address(language="en")
    _send()
    provider = ScriptedProvider(_says("accepted"), _says("accepted"))
    assert _deliver(provider).sent == 1
    assert provider.texts[0].startswith("Social security: your health-insurance card")
    assert _deliver(provider, PAUSES[0].total_seconds() - 1) == Delivery(0, 0, 0, 0, 0)
    assert _deliver(provider, PAUSES[0].total_seconds()).waiting == 1
    provider.later = _says("delivered")
    assert _deliver(provider, 100).delivered == 1
    assert len(provider.keys) == 1


@pytest.mark.parametrize(("status", "state"), [("failed", "failed"), ("refused", "refused")])
def test_deliver_due_provider_says_no_settles_the_message(status: str, state: str) -> None:
    _address()
    _send()
    _deliver(ScriptedProvider(_says(status)))
    assert _state() == (state, status)


def test_deliver_due_without_address_is_refused() -> None:
    _send()
    provider = ScriptedProvider(_says("delivered"))
    _deliver(provider)
    assert _state() == ("refused", "no_address")
    assert provider.keys == []


def test_deliver_due_app_goes_before_telephone() -> None:
    _address()
    _address(kind="app", address="install_000001")
    _send()
    provider = ScriptedProvider(_says("delivered"))
    _deliver(provider)
    assert provider.addresses == ["app:install_000001:vi"]


def test_deliver_due_temporary_trouble_retries_same_key_and_address_then_gives_up() -> None:
    _address()
    _send()
    provider = ScriptedProvider(_fails(temporary=True))
    assert _deliver(provider).waiting == 1
    assert _state() == ("queued", "provider_trouble")
    _address(address="+84987654321")  # A retry must be the same message, so the new address is for the next one.
    assert _deliver(provider, PAUSES[0].total_seconds()).waiting == 1
    assert len(set(provider.keys)) == 1
    assert len(set(provider.addresses)) == 1
    assert _deliver(provider, GIVE_UP_AFTER.total_seconds() + 1).failed == 1
    assert _state() == ("failed", "gave_up")


def test_deliver_due_permanent_trouble_fails_the_message() -> None:
    _address()
    _send()
    _deliver(ScriptedProvider(_fails(temporary=False)))
    assert _state() == ("failed", "provider_refuses_message")


def test_deliver_due_provider_down_stops_asking() -> None:
    for person_id in range(20, 20 + TROUBLES_MAX + 5):
        _address(person_id)
        _send(replace(NOTICE, person_id=person_id))
    provider = ScriptedProvider(_fails(temporary=True))
    assert _deliver(provider).waiting == TROUBLES_MAX + 5
    assert len(provider.keys) == TROUBLES_MAX


def test_take_due_lost_by_its_taker_comes_back_under_the_same_key() -> None:
    _address()
    _send()
    (first,) = take_due(actor=SENDER, reason="test", clock=_at())
    assert take_due(actor=SENDER, reason="test", clock=_at(1)) == ()
    (again,) = take_due(actor=SENDER, reason="test", clock=_at(LEASE.total_seconds()))
    assert again.key == first.key
    assert again.attempts == 2


def test_record_results_never_moves_a_settled_message() -> None:
    _address()
    key = _send()
    _deliver(ScriptedProvider(_says("delivered")))
    for state in ("sent", "failed", "refused", "delivered", None):
        result = MessageResult(key, state, "late", "p-9")
        assert record_results(actor=SENDER, reason="test", clock=_at(50), results=[result]) == 0
    assert _state() == ("delivered", "delivered")


def test_operations_leave_record_numbers_in_the_audit_and_no_address() -> None:
    _address()
    _send()
    _deliver(ScriptedProvider(_says("delivered")))
    acts = rows("SELECT act, facts::text FROM audit_act")
    assert {act for act, _ in acts} == {
        "notices.keep_address",
        "notices.send_message",
        "notices.take_due",
        "notices.record_results",
    }
    assert not any("84912345678" in facts or "31/12/2025" in facts for _, facts in acts)
