"""`python -m ansinh_sandbox.eid_phone`: the app as a page, on a port of its own."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from ansinh_sandbox.eid_phone.service import Phone, application
from ansinh_sandbox.hospital_tokens import Software
from ansinh_sandbox.serving import serve_until_told

SCOPES = "book:read record:own health:own"


def main() -> None:
    """Serve until told to stop; `--key`: what `ansinh access client add-app --key-file` wrote; `--agency-keys`: the keys pushes are signed with."""
    parser = argparse.ArgumentParser(prog="python -m ansinh_sandbox.eid_phone")
    parser.add_argument("--gateway", default="http://127.0.0.1:8001")
    parser.add_argument("--client", required=True)
    parser.add_argument("--key", required=True, type=Path)
    parser.add_argument("--agency-keys", required=True, type=Path)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8108)
    asked = parser.parse_args()
    software = Software(asked.client, json.loads(asked.key.read_text(encoding="utf-8")))
    agency = json.loads(asked.agency_keys.read_text(encoding="utf-8"))["keys"] if asked.agency_keys.exists() else []
    phone = Phone(asked.gateway, lambda: software.token(asked.gateway, SCOPES), agency)
    serve_until_told(application(phone), host=asked.host, port=asked.port)


main()
