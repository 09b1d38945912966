"""Partners, as the settings say where they are and the secrets folder how to know them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from ansinh.access.keys import published_keys, signing_keys
from ansinh.access.queries import operator
from ansinh.access.signed_calls import Partner, PartnerKeys
from ansinh.access.signed_calls import SignedCalls as Line
from ansinh.database.urls import secrets_folder
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock
from ansinh.foundation.settings import Settings
from ansinh.lifeevents.adapters.office_exchange import OfficeExchange
from ansinh.lifeevents.procedures import Desk
from ansinh.lifeevents.states import Office
from ansinh.notices.adapters.message_provider import MessageProvider
from ansinh.registry.adapters.register_exchange import RegisterExchange
from ansinh.registry.adapters.signed_calls import OUR_KEYS, REGISTER_KEYS, SignedCalls


def register_keys(settings: Settings) -> PartnerKeys:
    """Return what signing both ways with the register needs."""
    secrets = secrets_folder(settings)
    return PartnerKeys(signing_keys(secrets, OUR_KEYS).signing, partial(published_keys, secrets, REGISTER_KEYS))


@contextmanager
def register_exchange(settings: Settings) -> Iterator[RegisterExchange]:
    """Open a signed connection to the register's snapshots, events and comparisons and close it at the end of the block."""
    exchange = RegisterExchange(SignedCalls(settings.register_url, register_keys(settings)))
    try:
        yield exchange
    finally:
        exchange.close()


@contextmanager
def life_events_desk(settings: Settings, clock: Clock, reason: str, actor: Actor | None = None) -> Iterator[Desk]:
    """Somebody at work on life events, the operator if nobody else, with a signed line to each office, until the block ends."""
    secrets = secrets_folder(settings)
    ours = signing_keys(secrets, OUR_KEYS).signing
    addresses = {
        Office.CIVIL_STATUS: settings.civil_status_url,
        Office.POLICE: settings.police_url,
        Office.SOCIAL_ASSISTANCE: settings.social_assistance_url,
    }
    lines = {
        office: OfficeExchange(
            Line(
                Partner(office.value, f"{office.value}.example"),
                address,
                PartnerKeys(ours, partial(published_keys, secrets, office.value)),
            )
        )
        for office, address in addresses.items()
    }
    try:
        yield Desk(actor or operator(), reason, clock, lines)
    finally:
        for line in lines.values():
            line.close()


@contextmanager
def message_provider(settings: Settings) -> Iterator[MessageProvider]:
    """Open a connection to the message provider and close it at the end of the block."""
    provider = MessageProvider(settings.messages_url)
    try:
        yield provider
    finally:
        provider.close()
