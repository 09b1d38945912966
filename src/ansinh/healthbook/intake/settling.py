"""One chunk, from bytes to the book, in the caller's transaction: judged, placed, versioned, written, counted, told on."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import psycopg

from ansinh.database.sql import driver, execute, rows
from ansinh.healthbook.events import Means, PageChange, PaperOfPage
from ansinh.healthbook.intake.bytes_kept import opened
from ansinh.healthbook.intake.counting import count
from ansinh.healthbook.intake.entries import Entry, Submitted
from ansinh.healthbook.intake.identity import Found, identify, people_of
from ansinh.healthbook.intake.judging import SIGNED, judge, refusal
from ansinh.healthbook.intake.presence import close_presence, note_presence
from ansinh.healthbook.intake.signers import NOBODY, signers_of
from ansinh.healthbook.intake.versions import Held, Key, Page, Versions
from ansinh.healthbook.intake.writing import write_pages
from ansinh.healthbook.states import SubmissionState

_log = logging.getLogger("ansinh.healthbook")


class Chunk:
    """The submissions of one claim."""

    def __init__(self, numbers: Sequence[int], now: datetime, means: Means) -> None:
        self.now = now
        self.means = means
        self.submitted: list[Submitted] = []
        self.placed: dict[tuple[str, int], tuple[str, int | None]] = {}
        self._read(numbers)

    def settle(self) -> list[Submitted]:
        """Settle everything; returns the submissions with what became of them. Raises MetAnother."""
        self._load_decisions()
        pages, doubts = self._place()
        keys: set[Key] = {(page.submitted.facility, page.entry.episode) for page in pages if page.entry.checkin is None}
        keys |= {(one.facility, one.withdraws) for one in self.submitted if one.withdraws is not None}
        versions = Versions(keys)
        new, changes = self._order(pages, versions)
        versions.write(self.now)
        write_pages(new, self.now)
        note_presence([page for page in pages if page.entry.checkin is not None], self.now)
        close_presence(new, self.now)
        self._keep_doubts(doubts)
        count(self.submitted)
        self._write_outcomes()
        for receiver in self.means.receivers:
            receiver(changes)
        return self.submitted

    def _read(self, numbers: Sequence[int]) -> None:
        """Lock the submissions, so that nobody settles them twice, and judge each on its own."""
        waiting = _waiting(numbers)
        signers = signers_of({one[_FACILITY] for one in waiting if one[_KIND] in SIGNED})
        for found in waiting:
            *about, content, pack, offset, length = found
            submitted = Submitted(*about)
            self.submitted.append(submitted)
            try:
                kept = content if content is not None else self._unpacked(pack, offset, length)
                raw = opened(kept, submitted.size, submitted.sha256)
                judge(submitted, raw, self.means.facilities, signers.get(submitted.facility, NOBODY))
            except Exception as trouble:  # our mistake, or bytes that are not those any more: an operator looks at it
                submitted.state, submitted.entries, submitted.errors = SubmissionState.PARKED, [], []
                _log.exception(
                    "submission parked", extra={"receipt": submitted.receipt, "kind": type(trouble).__name__}
                )

    def _unpacked(self, pack: str, offset: int, length: int) -> bytes:
        if self.means.packs is None:
            raise LookupError("the bytes lie in a pack, and where packs lie was not said")
        return self.means.packs.read(pack, offset, length)

    def _load_decisions(self) -> None:
        """What officers or matching decided about entries that waited."""
        decided = rows(
            _DECIDED,
            {"facilities": [o.facility for o in self.submitted], "receipts": [o.receipt for o in self.submitted]},
        )
        self.placed = {(receipt, entry): (state, person_id) for receipt, entry, state, person_id in decided}

    def _place(self) -> tuple[list[Page], list[tuple[Submitted, Entry, Found]]]:
        """Find out whom each entry is about."""
        pages: list[Page] = []
        doubts: list[tuple[Submitted, Entry, Found]] = []
        known = people_of(entry for one in self.submitted for entry in one.entries)
        for one in self.submitted:
            waiting = False
            for entry in one.entries:
                state, person_id = self.placed.get((one.receipt, entry.number), ("", None))
                found = Found(person_id) if state == "placed" else identify(entry.said, known)
                if found.person_id is not None:
                    pages.append(Page(one, entry, found.person_id))
                elif state == "dismissed":
                    one.errors.append(refusal("dismissed"))
                else:
                    waiting = True
                    doubts.append((one, entry, found))
            if one.entries:
                refused = any(error["code"] == "dismissed" for error in one.errors)
                settled = SubmissionState.REJECTED if refused else SubmissionState.ACCEPTED
                one.state = SubmissionState.WAITING if waiting else settled
        return pages, doubts

    def _order(self, pages: list[Page], versions: Versions) -> tuple[list[Page], list[PageChange]]:
        """Walk through pages and withdrawals in the order of receipt; returns the pages to be written, and what changed."""
        new: list[Page] = []
        changed: dict[Key, PageChange] = {}
        of_submission: dict[str, list[Page]] = {}
        for page in pages:
            of_submission.setdefault(page.submitted.receipt, []).append(page)
        for one in self.submitted:
            if one.withdraws is not None:
                held = versions.withdraw(one, one.withdraws)
                if held is None:
                    one.errors.append(refusal("unknown_episode"))
                    one.state = SubmissionState.REJECTED
                else:
                    one.state = SubmissionState.ACCEPTED
                    if held.withdrawn:
                        changed[one.facility, one.withdraws] = _withdrawn(one, one.withdraws, held)
                        self._withdraw_receipts(one, one.withdraws, held)
                continue
            for page in of_submission.get(one.receipt, []):
                if page.entry.checkin is not None:
                    continue
                if versions.add(page):
                    new.append(page)
                    if page.current:
                        changed[one.facility, page.entry.episode] = _changed(page)
                if len(one.entries) == 1:
                    one.episode, one.version = page.entry.episode, page.version
        return new, sorted(changed.values(), key=lambda one: (one.person_id, one.facility, one.episode))

    def _withdraw_receipts(self, one: Submitted, episode: str, held: Held) -> None:
        execute(_WITHDRAW, {"facility": one.facility, "person": held.person_id, "visit": held.visit_id})
        for other in self.submitted:
            same = (other.facility, other.episode) == (one.facility, episode) and other.received_no < one.received_no
            if same and other.state == SubmissionState.ACCEPTED and other.withdraws is None:
                other.state = SubmissionState.WITHDRAWN

    def _keep_doubts(self, doubts: list[tuple[Submitted, Entry, Found]]) -> None:
        for one, entry, found in doubts:
            said = {
                "numbers": [list(number) for number in entry.said.numbers],
                "name": entry.said.name,
                "born": entry.said.born,
                "sex": entry.said.sex,
            }
            execute(
                _DOUBT,
                [
                    one.facility,
                    one.receipt,
                    entry.number,
                    one.month,
                    entry.episode,
                    json.dumps(said, ensure_ascii=False),
                    str(found.doubt),
                    found.candidate,
                    self.now,
                ],
            )

    def _write_outcomes(self) -> None:
        execute(
            _SETTLE,
            {
                "now": self.now,
                "facilities": [one.facility for one in self.submitted],
                "receipts": [one.receipt for one in self.submitted],
                "months": [one.month for one in self.submitted],
                "states": [str(one.state) for one in self.submitted],
                "entries": [len(one.entries) for one in self.submitted],
                "episodes": [one.episode for one in self.submitted],
                "versions": [one.version for one in self.submitted],
                "errors": [
                    json.dumps(one.errors, ensure_ascii=False) if one.errors else None for one in self.submitted
                ],
                "counted": [one.counted for one in self.submitted],
                "delays": [one.counted_delay for one in self.submitted],
            },
        )


def _waiting(numbers: Sequence[int]) -> list[tuple[Any, ...]]:
    """Lock and return submissions; in the binary form, so that their bytes are not spelled out as digits and read back."""
    with psycopg.Cursor(driver()) as cursor:
        return cursor.execute(_READ, [list(numbers)], binary=True).fetchall()


def _changed(page: Page) -> PageChange:
    papers = tuple(PaperOfPage(one.kind, one.content, one.sensitive) for one in page.entry.papers)
    return PageChange(
        page.person_id,
        page.submitted.facility,
        page.entry.episode,
        page.submitted.receipt,
        page.version,
        page.entry.admitted,
        page.entry.category,
        False,
        papers,
    )


def _withdrawn(one: Submitted, episode: str, held: Held) -> PageChange:
    return PageChange(held.person_id, one.facility, episode, one.receipt, held.versions, None, None, True)


# Places of columns of the following.
_FACILITY, _KIND = 0, 5
_READ = """
SELECT facility, receipt, month, received_no, received_at, kind, sha256, size, tries, counted, counted_delay, content, pack, pack_offset, pack_length
FROM healthbook_submission WHERE received_no = ANY (%s) AND state = 'received' ORDER BY received_no FOR UPDATE SKIP LOCKED
"""

_DECIDED = """
SELECT u.receipt, u.entry, u.state, u.person_id FROM unnest(%(facilities)s::text[], %(receipts)s::text[]) AS q (facility, receipt)
JOIN healthbook_unplaced u ON u.facility = q.facility AND u.receipt = q.receipt WHERE u.state <> 'open'
"""

_DOUBT = """
INSERT INTO healthbook_unplaced (facility, receipt, entry, month, episode, said, reason, candidate, state, opened_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, 'open', %s)
ON CONFLICT (facility, receipt, entry) DO UPDATE SET reason = excluded.reason, candidate = excluded.candidate
"""

_WITHDRAW = """
UPDATE healthbook_submission SET state = 'withdrawn'
WHERE facility = %(facility)s AND state = 'accepted' AND receipt IN (
    SELECT receipt FROM healthbook_visit WHERE person_id = %(person)s AND visit_id = %(visit)s
    UNION ALL SELECT receipt FROM healthbook_paper WHERE person_id = %(person)s AND visit_id = %(visit)s)
"""

_SETTLE = """
UPDATE healthbook_submission s SET state = q.state, settled_at = %(now)s, entries = q.entries, episode = q.episode, version = q.version,
    errors = q.errors::jsonb, counted = q.counted, counted_delay = q.delay
FROM unnest(%(facilities)s::text[], %(receipts)s::text[], %(months)s::integer[], %(states)s::text[], %(entries)s::smallint[], %(episodes)s::text[],
    %(versions)s::integer[], %(errors)s::text[], %(counted)s::text[], %(delays)s::smallint[])
    AS q (facility, receipt, month, state, entries, episode, version, errors, counted, delay)
WHERE s.facility = q.facility AND s.receipt = q.receipt AND s.month = q.month
"""
