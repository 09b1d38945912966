"""The population register for tests: as a process of its own, inside the test, and one that does not keep to the contract."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import msgspec

from ansinh.access.keys import SigningKeys, published_keys, signing_keys
from ansinh.access.signed_messages import sealed
from ansinh.registry.adapters.register_exchange import RegisterExchange
from ansinh.registry.adapters.signed_calls import (
    OUR_ID,
    OUR_KEYS,
    REGISTER_ID,
    REGISTER_KEYS,
    PartnerKeys,
    SignedCalls,
)

Reply = tuple[int, bytes]


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@dataclass(frozen=True)
class Exchange:
    """The folder of keys both sides share, and questions written by hand."""

    secrets: Path

    @property
    def ours(self) -> SigningKeys:
        """Return the platform's keys."""
        return signing_keys(self.secrets, OUR_KEYS)

    def adapter(self, port: int, pause: Callable[[float], None] = lambda seconds: None) -> RegisterExchange:
        """Return the platform's adapter, which pauses no longer than a test wants."""
        keys = PartnerKeys(self.ours.signing, partial(published_keys, self.secrets, REGISTER_KEYS))
        return RegisterExchange(SignedCalls(f"http://127.0.0.1:{port}", keys, pause=pause))

    def question(self, pins: list[Any], **header: Any) -> bytes:
        """Return a signed question after the records of these numbers; `header` changes what its header says."""
        asked = {
            "version": "1.0.0",
            "message_id": "m-1",
            "message_ts": moment(),
            "action": "records",
            "sender_id": OUR_ID,
            "receiver_id": REGISTER_ID,
            "total_count": 1,
            "is_msg_encrypted": False,
        }
        return sealed(msgspec.json.encode(asked | header), msgspec.json.encode({"pins": pins}), self.ours.signing)


def moment(later: timedelta = timedelta()) -> str:
    """Return the moment now, or `later`, as the wire has it."""
    return (datetime.now(UTC) + later).isoformat(timespec="microseconds")


def post(port: int, body: bytes) -> tuple[int, dict[str, Any]]:
    """Post a body to the register; return status and answer."""
    reply = httpx.post(f"http://127.0.0.1:{port}/registry/records", content=body, trust_env=False, timeout=10)
    return reply.status_code, json.loads(reply.content)


@contextmanager
def stand_in(answer: Callable[[bytes], Reply | None]) -> Iterator[int]:
    """Serve `answer` in the place of the register and yield the port; None hangs up without a word."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            reply = answer(self.rfile.read(int(self.headers["content-length"])))
            if reply is None:
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            self.send_response(reply[0])
            self.send_header("location", "http://127.0.0.1:1/elsewhere")
            self.send_header("content-length", str(len(reply[1])))
            self.end_headers()
            self.wfile.write(reply[1])

        def log_message(self, *arguments: object) -> None:
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=partial(server.serve_forever, 0.02), daemon=True)
    thread.start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
