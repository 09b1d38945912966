"""`python -m ansinh_sandbox.register`: load a nation into the register, live its days, or serve it."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import date
from pathlib import Path

from ansinh_sandbox.register.faults import faults_from
from ansinh_sandbox.register.feed import Feed
from ansinh_sandbox.register.living import OutOfOrder, live
from ansinh_sandbox.register.loading import AnotherNation, load
from ansinh_sandbox.register.notifying import NotKept, notify
from ansinh_sandbox.register.service import PARTNERS
from ansinh_sandbox.register.slips import slip
from ansinh_sandbox.register.starting import KEY_NAME, serve
from ansinh_sandbox.register.store import NotLoaded, Store
from ansinh_sandbox.signed_messages import own_key, published_keys


def main(arguments: list[str]) -> int:
    """Read the arguments and do what they say; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m ansinh_sandbox.register", description="The sandbox population register."
    )
    _add_serving(parser)
    verbs = parser.add_subparsers(dest="verb")
    loading = verbs.add_parser("load", help="load a nation's register files into the store")
    loading.add_argument("--nation", type=Path, required=True, help="the nation's folder")
    loading.add_argument("--store", type=Path, required=True, help="the register's own folder")
    loading.add_argument("--replace", action="store_true", help="put this nation in the place of another one")
    events = verbs.add_parser("events", help="live days: tell births, deaths and changes as events")
    events.add_argument("--store", type=Path, required=True, help="the register's own folder")
    events.add_argument("--from", dest="begin", type=date.fromisoformat, help="the day it begins to live")
    events.add_argument("--until", type=date.fromisoformat, required=True, help="the day after the last one lived")
    events.add_argument("--seed", type=int, default=2025, help="another seed, other events")
    events.add_argument("--intensity", type=float, default=1.0, help="how much happens; 1 is an ordinary nation")
    slips = verbs.add_parser("slip", help="change some records without telling anybody")
    slips.add_argument("--store", type=Path, required=True, help="the register's own folder")
    slips.add_argument("--persons", type=int, default=1, help="how many")
    slips.add_argument("--seed", type=int, default=2025, help="another seed, other people")
    notices = verbs.add_parser("notify", help="tell the subscriber events it was not told yet")
    notices.add_argument("--store", type=Path, required=True, help="the register's own folder")
    notices.add_argument("--secrets", type=Path, help="folder of signing keys; as when serving")
    notices.add_argument("--to", required=True, help="where it wants to be told: http://…/registry/notify")
    chosen = parser.parse_args(arguments)
    try:
        if chosen.verb == "load":
            people = load(
                chosen.nation, chosen.store, replace=chosen.replace, progress=_shown if sys.stderr.isatty() else None
            )
            sys.stdout.write(f"the register holds {people:,} persons\n")
        elif chosen.verb == "events":
            told = live(
                chosen.store, begin=chosen.begin, until=chosen.until, seed=chosen.seed, intensity=chosen.intensity
            )
            sys.stdout.write(f"{told:,} events told\n")
        elif chosen.verb == "slip":
            changed = slip(chosen.store, persons=chosen.persons, seed=chosen.seed)
            sys.stdout.write(f"{len(changed):,} records changed, and nobody was told\n")
        elif chosen.verb == "notify":
            sys.stdout.write(f"{_notify(chosen):,} events notified\n")
        else:
            if chosen.store is None:
                parser.error("--store is needed")
            faults = faults_from(chosen.faults)
            serve(chosen.store, _secrets(chosen), host=chosen.host, port=chosen.port, faults=faults)
    except (AnotherNation, NotKept, NotLoaded, OutOfOrder, FileNotFoundError, ValueError) as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 2
    return 0


def _notify(chosen: argparse.Namespace) -> int:
    (name, keys_of), *_ = PARTNERS.items()
    secrets, store = _secrets(chosen), Store(chosen.store)
    try:
        key = own_key(secrets, KEY_NAME)
        return notify(store, key, (chosen.to, name), published_keys(secrets, keys_of), Feed(store, key))
    finally:
        store.close()


def _add_serving(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8101)
    parser.add_argument("--store", type=Path, help="the register's own folder")
    parser.add_argument("--faults", default="", help="how it breaks its word: see ansinh_sandbox/register/faults.py")
    parser.add_argument(
        "--secrets", type=Path, help="folder of signing keys; default: ANSINH_SECRETS, or `secrets` in the store"
    )


def _secrets(chosen: argparse.Namespace) -> Path:
    named: Path | None = chosen.secrets
    if named is not None:
        return named
    folder = os.environ.get("ANSINH_SECRETS")
    return Path(folder) if folder else Path(chosen.store) / "secrets"


def _shown(done: int, total: int) -> None:
    sys.stderr.write(f"\r{done:,} of {total:,} persons" + ("\n" if done == total else ""))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
