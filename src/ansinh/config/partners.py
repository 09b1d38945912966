"""Partners, as the settings say where they are and the secrets folder how to know them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from ansinh.access.keys import published_keys, signing_keys
from ansinh.database.urls import secrets_folder
from ansinh.foundation.settings import Settings
from ansinh.notices.adapters.message_provider import MessageProvider
from ansinh.registry.adapters.register_exchange import RegisterExchange
from ansinh.registry.adapters.signed_calls import OUR_KEYS, REGISTER_KEYS, PartnerKeys, SignedCalls


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
def message_provider(settings: Settings) -> Iterator[MessageProvider]:
    """Open a connection to the message provider and close it at the end of the block."""
    provider = MessageProvider(settings.messages_url)
    try:
        yield provider
    finally:
        provider.close()
