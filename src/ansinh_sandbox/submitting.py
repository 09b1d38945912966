"""Hospitals that submit: their programs send each visit, check-in and paper over kept-alive connections, and keep the receipt.

Real HTTP; tokens come from `hospital_tokens`. Contracts: `contracts/gateway/openapi.yaml` (native door), `contracts/dialect/openapi.yaml` (older software).
"""

from __future__ import annotations

import asyncio
import json
import time
from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from ansinh_sandbox.his import HospitalSoftware
from ansinh_sandbox.hospitals import ANSWER_SECONDS_MAX, TRIES_MAX, read_answer

_WAITING_MAX = 256


@dataclass(frozen=True, slots=True)
class Upload:
    """One file to send, and which house sends it."""

    facility: str
    content: bytes


@dataclass
class Sent:
    """What the houses got: counts of answers by status, receipts, and how long each answer took."""

    statuses: Counter[int] = field(default_factory=Counter)
    receipts: list[tuple[str, str]] = field(default_factory=list)
    refusals: Counter[str] = field(default_factory=Counter)
    milliseconds: list[float] = field(default_factory=list)
    seconds: float = 0.0
    bytes: int = 0
    asked_to_wait: int = 0

    def percentile(self, share: float) -> float:
        """Return the answer time in milliseconds that this share of submissions stayed within."""
        ordered = sorted(self.milliseconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def submit_all(host: str, port: int, tokens: Mapping[str, str], uploads: Iterable[Upload], *, lines: int = 32) -> Sent:
    """Send every file once, `lines` of them at a time, as they come; memory holds those under way. Returns what the houses got."""
    return asyncio.run(_submit_all(host, port, tokens, uploads, lines))


async def _submit_all(host: str, port: int, tokens: Mapping[str, str], uploads: Iterable[Upload], lines: int) -> Sent:
    sent = Sent()
    waiting: asyncio.Queue[Upload | None] = asyncio.Queue(_WAITING_MAX)
    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(lines):
            group.create_task(_line(host, port, tokens, waiting, sent))
        for upload in uploads:
            await waiting.put(upload)
        for _ in range(lines):
            await waiting.put(None)
    sent.seconds = time.perf_counter() - began
    return sent


async def _line(
    host: str, port: int, tokens: Mapping[str, str], waiting: asyncio.Queue[Upload | None], sent: Sent
) -> None:
    reader, writer = await asyncio.open_connection(host, port)
    try:
        while (upload := await waiting.get()) is not None:
            head = (
                f"POST /v1/submissions HTTP/1.1\r\nHost: {host}:{port}\r\nAuthorization: Bearer {tokens[upload.facility]}\r\n"
                f"Content-Type: application/xml\r\nContent-Length: {len(upload.content)}\r\n\r\n"
            ).encode()
            for _ in range(TRIES_MAX):
                began = time.perf_counter()
                writer.write(head + upload.content)
                status, answer, later = await asyncio.wait_for(read_answer(reader), ANSWER_SECONDS_MAX)
                if not later:
                    break
                sent.asked_to_wait += 1
                await asyncio.sleep(later)
            sent.milliseconds.append(1000 * (time.perf_counter() - began))
            sent.statuses[status] += 1
            sent.bytes += len(upload.content)
            told = json.loads(answer)
            if status < 300:
                sent.receipts.append((upload.facility, told["receipt"]))
            else:
                sent.refusals[str(told.get("code", status))] += 1
    finally:
        writer.close()


def submit_as_older_software(software: HospitalSoftware, path: str, kind: str, content: bytes) -> dict[str, Any]:
    """Send one file through the services hospitals have called since Decision 130; told 401, sign in once and send once more."""

    def send() -> dict[str, Any]:
        tokens = software.tokens or software.sign_in()
        form = {
            "username": software.username,
            "loaiHoSo": kind,
            "maTinh": software.facility[:2],
            "maCSKCB": software.facility,
            "fileHSBase64": b64encode(content).decode("ascii"),
        }
        headers = {
            "accessToken": tokens.access_token,
            "tokenId": tokens.id_token,
            "passwordHash": software.password_md5,
        }
        answer = httpx.post(f"{software.base}{path}", data=form, headers=headers, timeout=30, trust_env=False)
        told: dict[str, Any] = answer.json()
        return told

    told = send()
    if str(told["maKetQua"]) == "401":
        software.sign_in()
        told = send()
    return told
