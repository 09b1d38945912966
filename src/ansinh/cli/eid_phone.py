"""The sandbox e-ID app beside an invented nation: let in, told where to be told of changes, and how it is started."""

from __future__ import annotations

from ansinh.access import operations
from ansinh.access.keys import signing_keys
from ansinh.access.queries import client_named
from ansinh.access.tokens import BOOK_READ, HEALTH_OWN, RECORD_OWN
from ansinh.cli.acting import actor
from ansinh.cli.onboarding import keep_key
from ansinh.database.urls import secrets_folder
from ansinh.eid.operations import set_receiver
from ansinh.eid.procedures import PUSH_KEYS
from ansinh.eid.queries import receiver_of
from ansinh.foundation.clock import RealClock
from ansinh.foundation.settings import settings

NAME = "Ứng dụng định danh mô phỏng trên điện thoại"
REASON = "kết nối ứng dụng định danh mô phỏng trên điện thoại"
SCOPES = (BOOK_READ, RECORD_OWN, HEALTH_OWN)


def phone_command() -> list[str]:
    """Return how the app is started, after what it needs is there; what is there already is left as it is."""
    here, secrets = settings(), secrets_folder(settings())
    client = operations.register_client(
        actor=actor(), reason=REASON, facility=operations.APP, name=NAME, scope=[*SCOPES]
    )
    key_file = secrets / "clients" / f"{client.client_id}.private.jwk.json"
    if client.private_key is None and not key_file.exists():
        client = operations.add_client_key(actor=actor(), reason=REASON, client_id=client.client_id)
    if client.private_key is not None:
        keep_key(client, key_file)
    _say_where()
    signing_keys(secrets, PUSH_KEYS)  # the app reads the public halves when it starts
    return [
        *("-m", "ansinh_sandbox.eid_phone", "--gateway", f"http://{here.gateway_host}:{here.gateway_port}"),
        *("--client", client.client_id, "--key", str(key_file)),
        *("--agency-keys", str(secrets / f"{PUSH_KEYS}.public.jwks.json")),
    ]


def _say_where() -> None:
    found = client_named(operations.APP, NAME)
    address = f"{settings().eid_phone_url}/changes"
    if found is not None and receiver_of(found[0]) != address:
        set_receiver(actor=actor(), reason=REASON, clock=RealClock(), client_no=found[0], url=address)
