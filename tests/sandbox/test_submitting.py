"""Hospitals send every file once, wait when they are told to, and keep their receipts."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from ansinh_sandbox.submitting import Upload, submit_all


class Door(BaseHTTPRequestHandler):
    """Answers the first sending of each file with “later”, the second with a receipt, and refuses files of nobody."""

    protocol_version = "HTTP/1.1"
    seen: ClassVar[set[bytes]] = set()

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        known = content in self.seen
        self.seen.add(content)
        if not known:
            self._tell(503, {"code": "busy"}, {"Retry-After": "0.01"})
        elif self.headers["Authorization"] != "Bearer t-01001":
            self._tell(403, {"code": "not_yours"}, {})
        else:
            self._tell(202, {"receipt": f"r-{len(content)}"}, {})

    def _tell(self, status: int, body: dict[str, str], headers: dict[str, str]) -> None:
        text = json.dumps(body).encode()
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(text))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def door() -> Iterator[int]:
    Door.seen = set()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def test_every_file_is_sent_until_it_has_its_receipt_or_a_refusal(door: int) -> None:
    uploads = [Upload("01001", b"x" * size) for size in range(1, 41)] + [Upload("79001", b"y")]
    sent = submit_all("127.0.0.1", door, {"01001": "t-01001", "79001": "t-79001"}, iter(uploads), lines=4)
    assert sorted(sent.receipts) == sorted(("01001", f"r-{size}") for size in range(1, 41))
    assert sent.refusals == {"not_yours": 1}
    assert sent.statuses == {202: 40, 403: 1}
    assert sent.asked_to_wait == 41
