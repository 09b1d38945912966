"""Where e-IDs tell that a session of theirs has ended: a listener of the tests, since our pages answer without a server here."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

from ansinh_sandbox.serving import START_SECONDS_MAX


class Messages:
    """What was posted, in order of arrival."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._heard: queue.Queue[bytes] = queue.Queue()

    def hear(self, body: bytes) -> None:
        self._heard.put(body)

    def forget(self) -> None:
        """Leave what other tests caused."""
        while not self._heard.empty():
            self._heard.get_nowait()

    def next_form(self) -> dict[str, str]:
        """Return the fields of the next message, when it is there."""
        return dict(parse_qsl(self._heard.get(timeout=START_SECONDS_MAX).decode()))


@contextmanager
def listening() -> Iterator[Messages]:
    """Listen at an address of this machine."""

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.hear(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_said: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    heard = Messages(f"http://127.0.0.1:{server.server_port}/sign-in/ended")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield heard
    finally:
        server.shutdown()
        server.server_close()
