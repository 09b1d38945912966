"""What an office does with the messages it gets: it takes each once, works on it for a while, and lays the answer ready."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ansinh_sandbox.offices.registrations import Registrations
from ansinh_sandbox.offices.scenarios import SLOW_DAYS, WITHDRAW_DAYS, Faults, Scenario
from ansinh_sandbox.offices.store import Store

# What each office is asked for, and after how many days it answers when nothing is wrong.
WORK: dict[str, dict[str, int]] = {
    "civil-status": {"birth": 0, "death": 0},
    "police": {"residence": 1, "residence_off": 0},
    "social-assistance": {"funeral_support": 4},
}
_OPEN = ("waiting", "correction")


class Other(Exception):
    """The same message id with other content."""


class NotOurs(Exception):
    """Something this office does not do."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it came."""

    message_id: str
    action: str
    file: str
    content: dict[str, Any]
    body: bytes


class Office:
    """One office: its store, its faults, and, for civil status, where births and deaths are entered."""

    def __init__(self, name: str, store: Store, faults: Faults, registrations: Registrations) -> None:
        self.name = name
        self.store = store
        self.faults = faults
        self._registrations = registrations
        self._actions: dict[str, Callable[[sqlite3.Connection, Message], None]] = {
            "submit": self._submit,
            "supplement": self._supplement,
            "withdraw": self._withdraw,
            "ask": self._ask,
        }

    def take(self, message: Message) -> tuple[bool, date]:
        """Take a message; returns whether these very bytes are new, and the day they were taken. Raises Other, NotOurs, KeyError, ValueError."""
        sha256 = hashlib.sha256(message.body).hexdigest()
        act = self._actions[message.action]
        with self.store.change() as store:
            before = store.execute(
                "SELECT sha256, taken_on FROM taken WHERE message_id = ?", (message.message_id,)
            ).fetchone()
            if before:
                if before[0] != sha256:
                    raise Other
                return False, date.fromisoformat(before[1])
            store.execute(
                "INSERT INTO taken VALUES (?, ?, ?, ?, ?, ?)",
                (
                    message.message_id,
                    sha256,
                    message.action,
                    message.file,
                    message.body,
                    self.store.today.isoformat(),
                ),
            )
            act(store, message)
            return True, self.store.today

    def live(self, day: date) -> int:
        """Work until the end of a day; returns how many answers were laid ready."""
        worked, today = 0, self.store.today
        today = day if today == date.min else today
        while today <= day:
            self.store.reach(today)
            worked += self._work(today)
            today += timedelta(days=1)
        return worked

    def tell_of_itself(self, kind: str, subject: str, content: dict[str, Any]) -> None:
        """Register something nobody sent us a file about, as when relatives come to the counter."""
        self._expect(kind)
        with self.store.change() as store:
            store.execute(
                "INSERT OR IGNORE INTO act (file, kind, subject, scenario, state, due_on, content) VALUES (?, ?, ?, 'ordinary', 'waiting', ?, ?)",
                (f"{self.name}:{subject}", kind, subject, self.store.today.isoformat(), json.dumps(content)),
            )
        self._work(self.store.today)

    # What may be asked

    def _submit(self, store: sqlite3.Connection, message: Message) -> None:
        kind, subject = str(message.content["kind"]), str(message.content["subject"])
        self._expect(kind)
        scenario = self._scenario(store, subject)
        later = WORK[self.name][kind] + (SLOW_DAYS if scenario is Scenario.SLOW else 0)
        due = None if scenario is Scenario.SILENT else (self.store.today + timedelta(days=later)).isoformat()
        # Whoever was registered already under another file is answered with what was registered.
        known = store.execute(
            "SELECT file, state, result FROM act WHERE kind = ? AND subject = ? AND file <> ? AND state IN ('waiting', 'done', 'correction')",
            (kind, subject, message.file),
        ).fetchone()
        if known and known[1] == "done":
            self._say(store, message.file, kind, "done", json.loads(known[2]))
            return
        if known:
            store.execute("UPDATE act SET file = ? WHERE file = ? AND kind = ?", (message.file, known[0], kind))
            return
        store.execute(
            "INSERT INTO act (file, kind, subject, scenario, state, due_on, content) VALUES (?, ?, ?, ?, 'waiting', ?, ?)"
            " ON CONFLICT (file, kind) DO UPDATE SET state = 'waiting', due_on = excluded.due_on, content = excluded.content,"
            " subject = excluded.subject, turn = turn + 1",
            (message.file, kind, subject, scenario.value, due, json.dumps(message.content, ensure_ascii=False)),
        )

    def _supplement(self, store: sqlite3.Connection, message: Message) -> None:
        store.execute(
            "UPDATE act SET content = ?, state = 'waiting', turn = turn + 1, due_on = ? WHERE file = ? AND kind = ? AND state = 'correction'",
            (
                json.dumps(message.content, ensure_ascii=False),
                self.store.today.isoformat(),
                message.file,
                message.content["kind"],
            ),
        )

    def _withdraw(self, store: sqlite3.Connection, message: Message) -> None:
        """Stop what is not done; what is done stands, and is cancelled only by this office itself."""
        kind = str(message.content["kind"])
        stopped = store.execute(
            "UPDATE act SET state = 'withdrawn', due_on = NULL WHERE file = ? AND kind = ? AND state IN ('waiting', 'correction') RETURNING 1",
            (message.file, kind),
        ).fetchone()
        done = store.execute(
            "SELECT subject, result FROM act WHERE file = ? AND kind = ? AND state = 'done'", (message.file, kind)
        ).fetchone()
        if stopped:
            self._say(store, message.file, kind, "withdrawn", {})
        elif done:
            self._cancel(store, message.file, kind, json.loads(done[1]))

    def _ask(self, store: sqlite3.Connection, message: Message) -> None:
        """Whoever is asked after a file answers it now."""
        store.execute(
            "UPDATE act SET due_on = ? WHERE file = ? AND kind = ? AND state = 'waiting'",
            (self.store.today.isoformat(), message.file, message.content["kind"]),
        )

    # Working

    def _work(self, today: date) -> int:
        due = self.store.rows(
            "SELECT file, kind, subject, scenario, turn, state, content, result FROM act WHERE due_on <= ? ORDER BY due_on, file",
            (today.isoformat(),),
        )
        for file, kind, subject, scenario, turn, state, content, result in due:
            with self.store.change() as store:
                if state == "done":
                    self._cancel(store, file, kind, json.loads(result))
                    continue
                self._decide(store, (file, kind, subject), Scenario(scenario), int(turn), json.loads(content))
        return len(due)

    def _decide(
        self,
        store: sqlite3.Connection,
        act: tuple[str, str, str],
        scenario: Scenario,
        turn: int,
        content: dict[str, Any],
    ) -> None:
        file, kind, _ = act
        times = 2 if scenario is Scenario.TWICE else 1
        if scenario is Scenario.REFUSE:
            self._set(store, act, "refused", None, {})
            self._say(store, file, kind, "refused", {"because": "the papers do not agree with one another"}, times)
        elif scenario is Scenario.CORRECT and turn == 1:
            self._set(store, act, "correction", None, {})
            self._say(
                store,
                file,
                kind,
                "correction",
                {"field": "full_name", "because": "the name is to be written in full"},
                times,
            )
        else:
            result = self._result(act, content)
            later = (self.store.today + timedelta(days=WITHDRAW_DAYS)).isoformat()
            self._set(store, act, "done", later if scenario is Scenario.WITHDRAW else None, result)
            self._say(store, file, kind, "done", result, times)

    def _result(self, act: tuple[str, str, str], content: dict[str, Any]) -> dict[str, Any]:
        _, kind, subject = act
        today = self.store.today
        number = f"{int(hashlib.sha256(subject.encode()).hexdigest()[:6], 16) % 100_000:05d}/{today.year}"
        if kind == "birth":
            pin, event = self._registrations.birth(content, today)
            return {"pin": pin, "number": number, "registered_on": today.isoformat(), "event": event}
        if kind == "death":
            died_on = date.fromisoformat(content["died_at"][:10])
            event = self._registrations.death(content["pin"], died_on, today)
            return {
                "pin": content["pin"],
                "died_on": died_on.isoformat(),
                "number": number,
                "registered_on": today.isoformat(),
                "event": event,
            }
        return {"number": number, "decided_on": today.isoformat()}

    def _cancel(self, store: sqlite3.Connection, file: str, kind: str, result: dict[str, Any]) -> None:
        if result.get("event"):
            self._registrations.withdrawn(str(result["event"]), str(result["pin"]), self.store.today)
        store.execute("UPDATE act SET state = 'cancelled', due_on = NULL WHERE file = ? AND kind = ?", (file, kind))
        self._say(store, file, kind, "cancelled", {"because": "registered by mistake"})

    def _set(
        self, store: sqlite3.Connection, act: tuple[str, str, str], state: str, due: str | None, result: dict[str, Any]
    ) -> None:
        store.execute(
            "UPDATE act SET state = ?, due_on = ?, result = ? WHERE file = ? AND kind = ?",
            (state, due, json.dumps(result), act[0], act[1]),
        )

    def _say(
        self, store: sqlite3.Connection, file: str, kind: str, outcome: str, result: dict[str, Any], times: int = 1
    ) -> None:
        shown = {name: value for name, value in result.items() if name != "event"}
        turn = store.execute("SELECT count(*) FROM told").fetchone()[0]
        item = {
            "file": file,
            "kind": kind,
            "outcome": outcome,
            "result": shown,
            "told_on": self.store.today.isoformat(),
            "turn": turn,
        }
        self.store.tell(store, item, times=times)

    def _expect(self, kind: str) -> None:
        if kind not in WORK[self.name]:
            raise NotOurs(kind)

    def _scenario(self, store: sqlite3.Connection, subject: str) -> Scenario:
        named = store.execute("SELECT name FROM scenario WHERE subject = ?", (subject,)).fetchone()
        return Scenario(named[0]) if named else self.faults.scenario(f"{self.name}:{subject}")
