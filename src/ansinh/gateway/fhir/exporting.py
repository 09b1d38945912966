"""Bulk Data export of a group (FHIR Bulk Data Access 3.0.0, group level), for bodies that make statistics: begun, made beside everything else, fetched.

Who asks for the state of an export sees to it that it goes on: the worker asked takes it, unless another has it. A worker that dies lets go of it when its
lease ends, and it begins anew. Two passes: the first counts what how many persons have, the second tells.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec

from ansinh.gateway.batching import QuestionRefused, StoreAway
from ansinh.gateway.fhir import pseudonymous
from ansinh.gateway.fhir.formats import JSON, encoded
from ansinh.gateway.fhir.identities import Identities
from ansinh.gateway.fhir.resources.telling import Teller
from ansinh.gateway.fhir.rows import Book
from ansinh.gateway.fhir.shelf import Shelf
from ansinh.gateway.store import Published
from ansinh.gateway.worker import Worker

_BEGIN = "p_client integer, p_export text"
BEGIN = Published(
    "export_begin_v1",
    f"{_BEGIN}, p_group text, p_request text, p_types text[], p_since timestamp with time zone, p_now timestamp with time zone",
    "text",
    cold=True,
)
STATE = Published(
    "export_state_v1",
    f"{_BEGIN}, p_now timestamp with time zone",
    "TABLE(state text, request text, types text[], group_name text, since timestamp with time zone, told integer, begun_at timestamp with time zone, "
    "idle boolean, files text)",
    cold=True,
)
CLAIM = Published("export_claim_v1", f"{_BEGIN}, p_now timestamp with time zone", "boolean", cold=True)
STEP = Published(
    "export_step_v1",
    f"{_BEGIN}, p_after bigint, p_parts integer, p_now timestamp with time zone",
    "TABLE(person_id bigint, book text)",
    cold=True,
)
KEEP = Published(
    "export_keep_v1", f"{_BEGIN}, p_kind text, p_lines integer, p_content bytea, p_told integer", "boolean", cold=True
)
END = Published("export_end_v1", f"{_BEGIN}, p_state text", "boolean", cold=True)
PART = Published("export_part_v1", f"{_BEGIN}, p_part integer, p_now timestamp with time zone", "bytea", cold=True)
PUBLISHED = (BEGIN, STATE, CLAIM, STEP, KEEP, END, PART)

LINES_A_FILE = 2_000
ID_BYTES = 18
_decode = msgspec.json.Decoder(Book).decode
_log = logging.getLogger("ansinh.gateway")


@dataclass(frozen=True)
class Export:
    """An export as it stands."""

    client_no: int
    export_id: str
    state: str
    request: str
    types: list[str]
    since: datetime | None
    told: int
    begun_at: datetime
    idle: bool
    files: list[dict[str, Any]]


class Cancelled(Exception):
    """Nobody wants the export any more."""


class Exporting:
    """Begins exports, makes them one after the other, and hands their files out."""

    def __init__(self, worker: Worker, identities: Identities, base: str) -> None:
        self._store = worker.store
        self._identities = identities
        self._base = base
        self._clock = worker.configuration.clock
        self._one = asyncio.Semaphore(1)
        self._running: dict[str, asyncio.Task[None]] = {}

    async def begin(
        self, client_no: int, group: str, request: str, types: list[str], since: datetime | None
    ) -> tuple[str, str]:
        """Return the new export's id, and `accepted` or why it was not."""
        export_id = secrets.token_urlsafe(ID_BYTES)
        ((said,),) = await self._store.call(BEGIN, client_no, export_id, group, request, types, since, _now())
        return export_id, said

    async def state(self, client_no: int, export_id: str) -> Export | None:
        """Return how an export stands, and see to it that it goes on."""
        found = await self._store.call(STATE, client_no, export_id, _now())
        if not found:
            return None
        row = found[0]
        files = msgspec.json.decode(row["files"])
        export = Export(
            client_no, export_id, row["state"], row["request"], list(row["types"]), row["since"], row["told"], row["begun_at"], row["idle"], files
        )  # fmt: skip
        if export.state in {"accepted", "running"} and export.idle and export_id not in self._running:
            task = asyncio.get_running_loop().create_task(self._make(export))
            self._running[export_id] = task
            task.add_done_callback(lambda _: self._running.pop(export_id, None))
        return export

    async def cancel(self, client_no: int, export_id: str) -> bool:
        """Stop an export, or throw away what was made; False: there is none."""
        ((ended,),) = await self._store.call(END, client_no, export_id, "cancelled")
        return bool(ended)

    async def part(self, client_no: int, export_id: str, part: int) -> bytes | None:
        """Return a file of an export that is done."""
        ((content,),) = await self._store.call(PART, client_no, export_id, part, _now())
        return None if content is None else bytes(content)

    async def _make(self, export: Export) -> None:
        who = (export.client_no, export.export_id)
        async with self._one:
            try:
                ((taken,),) = await self._store.call(CLAIM, *who, _now())
                if taken:
                    await self._tell(export, await self._count(export))
                    await self._store.call(END, *who, "done")
            except (StoreAway, Cancelled):
                return  # whoever asks for its state next begins anew, or nobody wants it
            except QuestionRefused:
                await self._store.call(END, *who, "failed")
            except Exception as trouble:  # whatever it is, whoever waits must hear of it
                _log.error("an export failed", extra={"kind": type(trouble).__name__})
                await self._store.call(END, *who, "failed")

    async def _count(self, export: Export) -> Counter[tuple[str, ...]]:
        counted: Counter[tuple[str, ...]] = Counter()
        async for books in self._steps(export):
            counted.update(await asyncio.to_thread(self._cells, export, books))
        return counted

    def _cells(self, export: Export, books: list[str]) -> Counter[tuple[str, ...]]:
        found: Counter[tuple[str, ...]] = Counter()
        for book in books:
            found.update(pseudonymous.cells(self._shelf(export, book), export.types))
        return found

    async def _tell(self, export: Export, counted: Counter[tuple[str, ...]]) -> None:
        lines: dict[str, list[bytes]] = defaultdict(list)
        persons = 0
        async for books in self._steps(export):
            for kind, written in await asyncio.to_thread(self._lines, export, books, counted):
                lines[kind].append(written)
            persons += len(books)
            for kind in [one for one, held in lines.items() if len(held) >= LINES_A_FILE]:
                await self._keep(export, kind, lines.pop(kind), persons)
        for kind in export.types:
            if lines[kind]:
                await self._keep(export, kind, lines[kind], persons)

    def _lines(self, export: Export, books: list[str], counted: Counter[tuple[str, ...]]) -> list[tuple[str, bytes]]:
        return [
            (one["resourceType"], encoded(one, JSON))
            for book in books
            for one in pseudonymous.told(self._shelf(export, book), export.types, counted)
        ]

    async def _keep(self, export: Export, kind: str, lines: list[bytes], persons: int) -> None:
        content = b"\n".join(lines) + b"\n"
        ((kept,),) = await self._store.call(
            KEEP, export.client_no, export.export_id, kind, len(lines), content, persons
        )
        if not kept:
            raise Cancelled

    async def _steps(self, export: Export) -> AsyncIterator[list[str]]:
        """Tell the group's books, some at a time."""
        after, parts = 0, int(pseudonymous.parts_of(export.types))
        while rows := await self._store.call(STEP, export.client_no, export.export_id, after, parts, _now()):
            after = rows[-1]["person_id"]
            yield [row["book"] for row in rows]

    def _shelf(self, export: Export, book: str) -> Shelf:
        read = _decode(book.encode())
        if export.since is not None:
            kept = [one for one in read.visits if one.recorded_at > export.since]
            read = msgspec.structs.replace(read, visits=kept)
        receiver = str(export.client_no)
        return Shelf(
            read,
            Teller(
                read.person,
                lambda kind, place: self._identities.pseudonym(receiver, kind, place),
                self._base,
                self._clock.now(),
            ),
        )


def manifest(export: Export, base: str) -> dict[str, Any]:
    """Return the manifest of an export that is done (section 3.5.4): in one place, because later versions rename its parts."""
    return {
        "transactionTime": export.begun_at.astimezone(UTC).isoformat(timespec="seconds"),
        "request": export.request,
        "requiresAccessToken": True,
        "output": [
            {
                "type": one["kind"],
                "url": f"{base}/export/{export.export_id}/{one['part']}.ndjson",
                "count": one["lines"],
            }
            for one in export.files
        ],
        "deleted": [],
        "error": [],
    }


def _now() -> datetime:
    """Exports are of real time, whatever day a nation lives: they end by the clock on the wall."""
    return datetime.now(UTC)
