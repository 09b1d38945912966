"""A bank's days: taking messages, answering them, crediting accounts, booking, returning what could not stay, and the statement at the end."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from ansinh_sandbox.banks.orders import NotTaken, Order, orders_of
from ansinh_sandbox.banks.papers import Booked, Entry, Told, notice, statement, status_report
from ansinh_sandbox.banks.scenarios import HONEST, RETURN_DAYS, Fate, Faults, fate
from ansinh_sandbox.banks.store import Message, Store

FIRST_DAY = date(2024, 12, 1)
_UNBOOKED = (Fate.REJECTED, Fate.REJECTED_AT_SETTLEMENT, Fate.SILENT)
_RETURNED = (Fate.RETURNED, Fate.RETURNED_SHORT, Fate.RETURNED_NAMELESS)

_STATES_OF_ACCOUNTS = {"AC01": "none", "AC04": "closed", "AC06": "blocked"}


class Bank:
    """One bank. `ordinary_refusals` lets some ordinary accounts refuse money, as they do."""

    def __init__(self, folder: Path, code: str, faults: Faults = HONEST, *, ordinary_refusals: bool = True) -> None:
        self.code = code
        self.faults = faults
        self.store = Store(folder, code)
        self._ordinary_refusals = ordinary_refusals

    @property
    def day(self) -> date:
        """The day the bank lives in."""
        kept = self.store.kept("day")
        return date.fromisoformat(kept) if kept else FIRST_DAY

    @property
    def account(self) -> str:
        """The agency's account here."""
        return f"{self.code}0000001"

    def balance(self) -> int:
        """Return what is on the agency's account, in đồng."""
        return self.store.number("SELECT sum(amount) FROM booking")

    def deposit(self, amount: int, reference: str) -> None:
        """Put money on the agency's account, once for each reference."""
        with self.store.change() as connection:
            if not connection.execute("SELECT 1 FROM booking WHERE reference = ?", [reference]).fetchone():
                connection.execute(
                    "INSERT INTO booking (booked_on, amount, reference, words) VALUES (?, ?, ?, 'nop tien')",
                    [self.day.isoformat(), amount, reference],
                )

    def deliver(self, message_id: str, body: bytes) -> str:
        """Take a message: `taken`, `known` (the same again), or `other` (other bytes under an id the bank has)."""
        digest = hashlib.sha256(body).hexdigest()
        with self.store.lock:
            known = self.store.messages("message_id = ?", [message_id])
            if known and self.faults.refuses_duplicates:
                return "known" if known[0].sha256 == digest else "other"
            self.store.take(message_id, body, self.day)
        return "taken"

    def knows(self, message_id: str) -> bool:
        """Tell whether the bank has a message."""
        return bool(self.store.messages("message_id = ?", [message_id]))

    def recall(self, message_id: str) -> str:
        """Take a message back: `confirmed`, `too_late` or `unknown`."""
        with self.store.change() as connection:
            found = self.store.messages("message_id = ?", [message_id])
            if not found:
                return "unknown"
            if found[0].answered_on:
                return "too_late"
            connection.execute("UPDATE message SET recalled = 1 WHERE message_id = ?", [message_id])
        return "confirmed"

    def names(self, accounts: list[str]) -> dict[str, tuple[str, str]]:
        """Return each account's state (`open`, `closed`, `blocked`, `none`, `busy`) and its holder as the bank writes it."""
        return {account: self._name(account) for account in accounts}

    def _name(self, account: str) -> tuple[str, str]:
        if self.faults.falls("names_busy", f"{account}:{self.day}"):
            return "busy", ""
        chosen, why = fate(account, ordinary_refusals=self._ordinary_refusals)
        if chosen is Fate.REJECTED and why in _STATES_OF_ACCOUNTS:
            return _STATES_OF_ACCOUNTS[why], ""
        found = self.store.rows("SELECT name FROM holder WHERE account = ?", [account])
        if not found:
            return "none", ""
        return "open", "NGUYEN VAN KHAC" if why == "BE01" else str(found[0][0])

    def live(self, until: date) -> int:
        """Live until a day, the days before it to their end; returns how many files were laid ready."""
        before = self.store.number("SELECT count(*) FROM outgoing")
        while self.day < until:
            self.end_day()
        return self.store.number("SELECT count(*) FROM outgoing") - before

    def end_day(self) -> None:
        """Answer, book and return what is due, and write the day's statement; all of it or none."""
        today = self.day
        with self.store.change() as connection:
            wait = timedelta(days=int(self.faults.silent_days))
            for message in self.store.messages("answered_on IS NULL AND NOT recalled"):
                if message.taken_on + wait <= today:
                    self._carry_out(connection, message, today)
            self._return(connection, today)
            self._state(connection, today)
            connection.execute(
                "INSERT OR REPLACE INTO state VALUES ('day', ?)", [(today + timedelta(days=1)).isoformat()]
            )

    def _lay_ready(self, connection: sqlite3.Connection, name: str, body: bytes) -> None:
        self.store.lay_ready(connection, name, body)
        if self.faults.answer_twice:
            self.store.lay_ready(connection, f"{name}-again", body)

    def _carry_out(self, connection: sqlite3.Connection, message: Message, today: date) -> None:
        connection.execute(
            "UPDATE message SET answered_on = ? WHERE message_no = ?", [today.isoformat(), message.message_no]
        )
        name = f"{self.code}-{message.message_no}"
        try:
            if self.faults.refuse_file:
                raise NotTaken("FF01", "refused as told")
            orders = list(orders_of(self.store.body_of(message.message_no)))
            total = sum(order.amount for order in orders)
            if total > self.balance():
                raise NotTaken("AM04", f"{self.balance()} on the account, {total} wanted")
        except NotTaken as why:
            report = status_report(f"{name}-S", message.message_id, today, "RJCT", [], why.code)
            self._lay_ready(connection, f"{name}-status.xml", report)
            return
        fates = [fate(order.account, ordinary_refusals=self._ordinary_refusals) for order in orders]
        self._keep(connection, message, today, list(zip(orders, fates, strict=True)))
        told = [_first_word(order, *chosen) for order, chosen in zip(orders, fates, strict=True)]
        report = status_report(f"{name}-S", message.message_id, today, "PART", [one for one in told if one])
        self._lay_ready(connection, f"{name}-status.xml", report)
        late = [
            Told(o.end_to_end_id, "RJCT", why)
            for o, (f, why) in zip(orders, fates, strict=True)
            if f is Fate.REJECTED_AT_SETTLEMENT
        ]
        if late:
            self._lay_ready(
                connection, f"{name}-late.xml", status_report(f"{name}-L", message.message_id, today, "PART", late)
            )
        booked = [one for order, (f, _) in zip(orders, fates, strict=True) for one in self._booked(order, f)]
        if booked:
            self._lay_ready(connection, f"{name}-booked.xml", notice(f"{name}-B", self.account, today, booked))
            again = [one for one, (f, _) in zip(orders, fates, strict=True) if f is Fate.ANSWERED_TWICE]
            if again:
                extra = [self._out(order, 0) for order in again]
                self._lay_ready(connection, f"{name}-booked-2.xml", notice(f"{name}-B", self.account, today, extra))
            connection.execute(
                "INSERT INTO booking (booked_on, amount, reference, words, message_no) VALUES (?, ?, ?, 'chi luong huu', ?)",
                [today.isoformat(), -sum(one.amount for one in booked), f"{name}-B", message.message_no],
            )

    def _keep(
        self,
        connection: sqlite3.Connection,
        message: Message,
        today: date,
        decided: list[tuple[Order, tuple[Fate, str]]],
    ) -> None:
        back = (today + timedelta(days=RETURN_DAYS)).isoformat()
        connection.executemany(
            "INSERT INTO payment (message_no, end_to_end_id, account, amount, fate, reason, return_on) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    message.message_no,
                    o.end_to_end_id,
                    o.account,
                    o.amount,
                    f.value,
                    why,
                    back if f in _RETURNED else None,
                )
                for o, (f, why) in decided
            ),
        )
        connection.executemany(
            "INSERT INTO credit VALUES (?, ?, ?, ?)",
            (
                (o.end_to_end_id, o.account, one.amount, today.isoformat())
                for o, (f, _) in decided
                for one in self._booked(o, f)
            ),
        )

    def _out(self, order: Order, time: int) -> Booked:
        return Booked(order.end_to_end_id, order.amount, f"{self.code}{order.end_to_end_id[-20:]}{'X' * time}")

    def _booked(self, order: Order, chosen: Fate) -> Iterator[Booked]:
        if chosen in _UNBOOKED:
            return
        yield self._out(order, 0)
        if chosen is Fate.CREDITED_TWICE:
            yield self._out(order, 1)

    def _return(self, connection: sqlite3.Connection, today: date) -> None:
        due = self.store.rows(
            "SELECT payment_no, end_to_end_id, account, amount, fate, reason FROM payment WHERE return_on <= ?",
            [today.isoformat()],
        )
        back = []
        for number, name, account, amount, chosen, why in due:
            came = int(str(amount)) - (1_000 if chosen == Fate.RETURNED_SHORT.value else 0)
            named = None if chosen == Fate.RETURNED_NAMELESS.value else str(name)
            back.append(Booked(named, came, f"{self.code}R{number}", came_back=True, reason=str(why)))
            connection.execute(
                "INSERT INTO booking (booked_on, amount, reference, words, end_to_end_id) VALUES (?, ?, ?, 'tra lai', ?)",
                [today.isoformat(), came, f"{self.code}R{number}", name],
            )
            connection.execute("INSERT INTO credit VALUES (?, ?, ?, ?)", [name, account, -came, today.isoformat()])
            connection.execute("UPDATE payment SET return_on = NULL WHERE payment_no = ?", [number])
        if back:
            name = f"{self.code}-R{today:%Y%m%d}"
            self._lay_ready(connection, f"{name}.xml", notice(name, self.account, today, back))

    def _state(self, connection: sqlite3.Connection, today: date) -> None:
        entries = [
            Entry(int(str(amount)), str(reference), str(words))
            for amount, reference, words in self.store.rows(
                "SELECT amount, reference, words FROM booking WHERE booked_on = ? ORDER BY booking_no",
                [today.isoformat()],
            )
        ]
        if not entries:
            return
        closing = self.balance()
        opening = closing - sum(one.amount for one in entries)
        shown = entries[:-1] if self.faults.hole else entries
        name = f"{self.code}-D{today:%Y%m%d}"
        self._lay_ready(
            connection, f"{name}-statement.xml", statement(name, self.account, today, (opening, closing), shown)
        )


def _first_word(order: Order, chosen: Fate, reason: str) -> Told | None:
    if chosen is Fate.SILENT:
        return None
    if chosen is Fate.REJECTED:
        return Told(order.end_to_end_id, "RJCT", reason)
    return Told(order.end_to_end_id, "ACSP", "")
