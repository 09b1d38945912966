"""`python -m ansinh_sandbox.eid --port 8107 --store FOLDER --register FOLDER --secrets FOLDER`: serve the national e-ID."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from ansinh_sandbox.eid.accounts import Accounts
from ansinh_sandbox.eid.clients import agency, clients_from
from ansinh_sandbox.eid.flows import Flows
from ansinh_sandbox.eid.keys import Keys
from ansinh_sandbox.eid.service import application
from ansinh_sandbox.serving import serve_until_told


def main(arguments: list[str]) -> int:
    """Read the arguments and serve until told to stop; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m ansinh_sandbox.eid", description="The sandbox national e-ID.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8107)
    parser.add_argument("--store", type=Path, required=True, help="the provider's own folder, which holds its keys")
    parser.add_argument("--register", type=Path, help="the population register's folder, whose adults have accounts")
    parser.add_argument("--invented", type=Path, help="a JSON file of more accounts: name by personal number")
    parser.add_argument("--agency", default="http://127.0.0.1:8000", help="where the agency's screens are")
    parser.add_argument("--secrets", type=Path, help="folder in which the agency publishes the keys of its door")
    parser.add_argument("--clients", type=Path, help="a JSON file of registered clients")
    parser.add_argument("--issuer", help="the address it is known by; default: where it listens")
    parser.add_argument("--slow-seconds", type=float, default=10.0, help="how long a slow answer takes")
    chosen = parser.parse_args(arguments)
    clients = clients_from(chosen.clients) if chosen.clients else {}
    if chosen.secrets:
        ours = agency(chosen.agency.rstrip("/"), chosen.secrets)
        clients[ours.client_id] = ours
    if not clients:
        parser.error("--secrets or --clients is needed")
    invented = json.loads(chosen.invented.read_text(encoding="utf-8")) if chosen.invented else {}
    accounts = Accounts(chosen.register, invented)
    issuer = (chosen.issuer or f"http://{chosen.host}:{chosen.port}").rstrip("/")
    flows = Flows(issuer, clients, accounts, Keys(chosen.store))
    serve_until_told(application(flows, chosen.slow_seconds), host=chosen.host, port=chosen.port)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
