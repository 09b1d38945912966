"""The banks' HTTP face; `contracts/banks/README.md` has the agreement. Messages are signed both ways over their very bytes."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

import msgspec
from joserfc.jwk import ECKey
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ansinh_sandbox.banks.bank import Bank
from ansinh_sandbox.bodies import body_within
from ansinh_sandbox.signed_messages import detached, holds, published_keys

BODY_BYTES_MAX = 128 * 1024 * 1024
FILES_AT_ONCE = 100
NAMES_AT_ONCE = 1_000
SIGNATURE_TYPE = "bank-message+jws"
AGENCY = "social-security"

_encode = msgspec.json.Encoder().encode
T = TypeVar("T")
Call = Callable[[Bank, Request], Awaitable[Response]]


class Deposit(msgspec.Struct, forbid_unknown_fields=True):
    """Money put on the agency's account."""

    amount: int
    reference: str


class Names(msgspec.Struct, forbid_unknown_fields=True):
    """Accounts whose holders are asked for."""

    accounts: list[str]


class Day(msgspec.Struct, forbid_unknown_fields=True):
    """The day to live until."""

    day: date


class Banks:
    """All banks behind one address, each under its own code."""

    def __init__(self, banks: dict[str, Bank], secrets: Path, key: ECKey) -> None:
        self._banks = banks
        self._secrets = secrets
        self._key = key
        self._deliveries = 0

    def application(self) -> Starlette:
        """Return the ASGI application."""
        below = "/banks/{code}"
        return Starlette(
            routes=[
                Route(f"{below}/messages/{{message_id}}", self._for(self._deliver), methods=["PUT"]),
                Route(f"{below}/messages/{{message_id}}", self._for(self._ask), methods=["GET"]),
                Route(f"{below}/messages/{{message_id}}/recall", self._for(self._recall), methods=["POST"]),
                Route(f"{below}/files", self._for(self._files), methods=["GET"]),
                Route(f"{below}/files/{{file_no:int}}", self._for(self._file), methods=["GET"]),
                Route(f"{below}/names", self._for(self._names), methods=["POST"]),
                Route(f"{below}/balance", self._for(self._balance), methods=["GET"]),
                Route(f"{below}/deposits", self._for(self._deposit), methods=["POST"]),
                Route("/day", self._day, methods=["POST"]),
                Route("/livez", _alive, methods=["GET"]),
            ]
        )

    def close(self) -> None:
        """Close every bank's file."""
        for bank in self._banks.values():
            bank.store.close()

    def _for(self, call: Call) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            bank = self._banks.get(request.path_params["code"])
            if bank is None:
                return _problem(404, "no_such_bank")
            if bank.faults.slow:
                await asyncio.sleep(bank.faults.slow)
            return await call(bank, request)

        return answer

    async def _deliver(self, bank: Bank, request: Request) -> Response:
        name = request.path_params["message_id"]
        self._deliveries += 1
        attempt = f"{name}:{self._deliveries}"
        if bank.faults.falls("lose_request", attempt):
            return await _broken_off()
        body = await body_within(request, BODY_BYTES_MAX)
        if body is None:
            return _problem(413, "too_long")
        digest, agency = hashlib.sha256(body).digest(), published_keys(self._secrets, AGENCY)
        if not holds(request.headers.get("signature", ""), digest, agency, SIGNATURE_TYPE):
            return _problem(401, "signature")
        said = await asyncio.to_thread(bank.deliver, name, body)
        if bank.faults.falls("lose_answer", attempt):
            return await _broken_off()
        if said == "other":
            return _problem(409, "other_bytes_under_this_id")
        return _json({"message_id": name, "sha256": hashlib.sha256(body).hexdigest(), "known": said == "known"}, 202)

    async def _ask(self, bank: Bank, request: Request) -> Response:
        if bank.faults.cannot_be_asked:
            return _problem(501, "not_offered")
        known = await asyncio.to_thread(bank.knows, request.path_params["message_id"])
        return _json({"known": True}) if known else _problem(404, "no_such_message")

    async def _recall(self, bank: Bank, request: Request) -> Response:
        return _json({"recall": await asyncio.to_thread(bank.recall, request.path_params["message_id"])})

    async def _files(self, bank: Bank, request: Request) -> Response:
        after = request.query_params.get("after", "0")
        if not after.isdecimal():
            return _problem(400, "after")
        found = await asyncio.to_thread(bank.store.files, int(after), FILES_AT_ONCE)
        files = [{"file_no": one.file_no, "name": one.name, "sha256": one.sha256, "size": one.size} for one in found]
        return _json({"files": files})

    async def _file(self, bank: Bank, request: Request) -> Response:
        body = await asyncio.to_thread(bank.store.file, request.path_params["file_no"])
        if body is None:
            return _problem(404, "no_such_file")
        return Response(body, 200, {"signature": signature_of(body, self._key)}, "application/xml")

    async def _names(self, bank: Bank, request: Request) -> Response:
        asked = await _read(request, Names)
        if not 0 < len(asked.accounts) <= NAMES_AT_ONCE:
            return _problem(400, "accounts")
        found = await asyncio.to_thread(bank.names, asked.accounts)
        return _json({"names": {account: {"state": state, "name": name} for account, (state, name) in found.items()}})

    async def _balance(self, bank: Bank, _: Request) -> Response:
        return _json({"account": bank.account, "balance": await asyncio.to_thread(bank.balance)})

    async def _deposit(self, bank: Bank, request: Request) -> Response:
        asked = await _read(request, Deposit)
        if asked.amount <= 0 or not asked.reference:
            return _problem(400, "deposit")
        await asyncio.to_thread(bank.deposit, asked.amount, asked.reference)
        return _json({"account": bank.account, "balance": await asyncio.to_thread(bank.balance)})

    async def _day(self, request: Request) -> Response:
        asked = await _read(request, Day)
        files = 0
        for bank in self._banks.values():
            files += await asyncio.to_thread(bank.live, asked.day)
        return _json({"day": asked.day.isoformat(), "files": files})


def signature_of(body: bytes, key: ECKey) -> str:
    """Return the detached signature over a file's digest."""
    return detached(hashlib.sha256(body).digest(), key, SIGNATURE_TYPE)


async def _alive(_: Request) -> Response:
    return _json({"alive": True})


async def _broken_off() -> Response:
    # The nearest to a cut line that a well-behaved server can do: the gateway between says it knows nothing.
    return _problem(504, "no_answer")


async def _read(request: Request, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(await request.body(), type=kind)
    except msgspec.MsgspecError as error:
        raise HTTPException(400, str(error)) from None


def _json(content: object, status: int = 200) -> Response:
    return Response(_encode(content), status, media_type="application/json")


def _problem(status: int, code: str) -> Response:
    return Response(_encode({"code": code}), status, media_type="application/problem+json")
