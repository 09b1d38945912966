"""The counts of one worker: what is heard before each question and after each answer. No waiting and no database here; `exchanging` speaks with the others.

Before a question, one unit is taken from four subjects; after the answer it stays taken when the person is new to the officer today, and is given
back otherwise. So what is under way is counted too, and a worker never answers more new persons than its lease.

Bounded: SUBJECTS_MAX subjects, TRAILS_MAX trails, PERSONS_MAX persons in all. Who finds no place is counted together with others who found none; when
persons are too many, all are forgotten: seen again they count again, so that a ceiling can come sooner, never later.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from time import time
from typing import Any

from ansinh.access.tokens import Grant
from ansinh.foundation.clock import legal_day
from ansinh.gateway.guard import refusals
from ansinh.gateway.guard.refusals import Refusal
from ansinh.gateway.guard.subjects import NUMBERS_KEPT_MAX, PERSONS_KEPT_MAX, Subject, Trail, plain_address

SUBJECTS_MAX = 200_000
TRAILS_MAX = 100_000
PERSONS_MAX = 500_000
SPEAK_OF_MAX = 2_000
HOUR_SECONDS = 3_600
PIN_LENGTH = 12
# A lease for a batch is kept until the batch is asked again, and no longer: others may need it.
LARGE = 64
LARGE_SECONDS = 10
NOTHING_MORE = -1

ANSWERED, NEVER_INSURED, NOT_LISTED = 1, 2, 3


@dataclass(frozen=True)
class Beginning:
    """What a worker may answer of a subject nobody told it about, and how much a second."""

    first: int
    rate: int


class Counting:
    """Counts, leases and restraints as one worker knows them. `now`: real seconds since 1970."""

    def __init__(self, now: Callable[[], float] = time) -> None:
        self.steps: Counter[str] = Counter()
        self.urgent = False
        self._now = now
        self._second = int(now())
        self._hour = self._second // HOUR_SECONDS
        self._day = self._legal_day()
        self._kinds: dict[str, Beginning] = {}
        self._named: dict[str, Beginning] = {}
        self._subjects: dict[str, Subject] = {}
        self._trails: dict[tuple[int, str, str], Trail] = {}
        self._restraints: dict[str, tuple[str, float]] = {}
        self._due: list[Subject] = []
        self._saying: dict[str, Subject] = {}
        self._large: deque[tuple[int, Subject]] = deque()
        self._persons = 0

    # Hot: each of these runs once a look-up.

    def check(self, grant: Grant, officer: str, address: str, questions: int = 1) -> Refusal | None:
        """Take the questions from what the four subjects have left, or return why they may not be asked now and take nothing.

        An app asks with no officer.
        """
        trail = self._trails.get((grant.client_no, officer, address)) or self._begin(grant, officer, address)
        if trail.second != self._second:
            self._begin_second(trail)
        for subject in trail.subjects:
            left, allowed = subject.left - questions, subject.allowed - questions
            if left < subject.low or allowed < 0:
                return self._look_closely(trail, subject, questions)
            subject.left, subject.allowed = left, allowed
        return None

    def note(self, grant: Grant, officer: str, address: str, person: int, result: int, number: str = "") -> None:
        """Hear of the answer to a question that was let through: whom it was about (0: nobody), its result, the number asked for."""
        trail = self._trails.get((grant.client_no, officer, address))
        if trail is None:
            return
        # Personal numbers are so thinly spread that who counts through them meets nobody nearly always; codes and cards lie close together.
        if result != ANSWERED or len(number) != PIN_LENGTH:
            self._remember(trail, number)
        if not ANSWERED <= result <= NEVER_INSURED:
            self._missed(trail, result)
            if result == NOT_LISTED and not trail.officer.used_day and trail.officer.left == trail.officer.lease:
                # On no list: whoever makes up officers shall not fill the memory.
                self._subjects.pop(trail.officer.name, None)
                del self._trails[grant.client_no, officer, address]
        elif person in trail.persons:
            for subject in trail.subjects:
                subject.left += 1
        else:
            trail.persons.add(person)

    def release(self, grant: Grant, officer: str, address: str, questions: int = 1) -> None:
        """Give back questions that were let through and never answered."""
        trail = self._trails.get((grant.client_no, officer, address))
        if trail is not None:
            for subject in trail.subjects:
                subject.left += questions

    # Cold.

    def _begin_second(self, trail: Trail) -> None:
        trail.second = self._second
        for subject in trail.subjects:
            if subject.second != self._second:
                subject.second, subject.allowed = self._second, subject.rate

    def _look_closely(self, trail: Trail, at: Subject, questions: int) -> Refusal | None:
        """Some subject has not much left: take what earlier ones gave back, and look at all four again, slowly."""
        for subject in trail.subjects:
            if subject is at:
                break
            subject.left += questions
            subject.allowed += questions
        for subject in trail.subjects:
            # What is more than a second's worth (a batch) may be asked once a second.
            if subject.left < questions or (subject.allowed < questions and subject.allowed < subject.rate):
                return self._refused(subject, questions)
        for subject in trail.subjects:
            subject.left -= questions
            subject.allowed -= questions
            if subject.left < subject.low and not subject.due:
                self._speak_of(subject)
                self.urgent = True
        return None

    def _begin(self, grant: Grant, officer: str, address: str) -> Trail:
        if len(self._trails) >= TRAILS_MAX:
            self._trails.clear()
        facility = grant.facility
        if not officer:
            # Citizens ask through an app, each for themselves, so that the app is counted as one, wherever it calls from.
            trail = self._trails[grant.client_no, officer, address] = Trail(
                self._subject("app", f"app {grant.client_no}", ""), ()
            )
            return trail
        trail = Trail(
            self._subject("officer", f"officer {facility} {officer}", facility),
            (
                self._subject("facility", f"facility {facility}", facility),
                self._subject("client", f"client {grant.client_no}", facility),
                self._subject("address", f"address {plain_address(address)}", ""),
            ),
        )
        self._trails[grant.client_no, officer, address] = trail
        return trail

    def _subject(self, kind: str, name: str, facility: str) -> Subject:
        found = self._subjects.get(name)
        if found is not None:
            return found
        if len(self._subjects) >= SUBJECTS_MAX:
            name = f"{kind} {facility} (others)"
            if name in self._subjects:
                return self._subjects[name]
        began = self._beginning(kind, name)
        made = self._subjects[name] = Subject(kind, name, facility, began.first, began.rate)
        if name in self._restraints:
            made.stop(*self._restraints[name])
        self._speak_of(made)
        return made

    def _beginning(self, kind: str, name: str) -> Beginning:
        return self._named.get(name) or self._kinds.get(kind) or Beginning(0, 1)

    def _refused(self, stopper: Subject, questions: int) -> Refusal:
        """Count the refusal, and say which it is."""
        if not self._kinds:
            return refusals.NOT_COUNTING
        stopper.refused += questions
        stopper.wanted = max(stopper.wanted, questions)
        self._speak_of(stopper)
        if stopper.lease > 0 and not stopper.step:
            self.urgent = True
        recorded = questions <= stopper.recordable
        if recorded:
            stopper.recordable -= questions
        step = stopper.step or "slow"
        self.steps[step] += 1
        if step != "slow":
            return refusals.stopped(step, recorded=recorded)
        return refusals.slowed(stopper.retry_at - self._now(), recorded=recorded)

    def _missed(self, trail: Trail, result: int) -> None:
        """A question about nobody, or one that may not be answered, reads nobody: it is given back, and counts as a miss."""
        for subject in trail.subjects:
            subject.left += 1
            if result == NOT_LISTED and subject is trail.officer:
                continue
            subject.misses += 1
            if subject.misses - subject.misses_told >= subject.share_of_misses:
                self._speak_of(subject)

    def _remember(self, trail: Trail, number: str) -> None:
        """Count a number that lies beside another the officer asked for in this hour: among the same hundred, or ten where numbers are dense."""
        if not number:
            return
        known = trail.numbers.setdefault(number[:-2] if len(number) == PIN_LENGTH else number[:-1], number)
        if known == number:
            return
        if len(trail.numbers) > NUMBERS_KEPT_MAX:
            trail.numbers.clear()
        for subject in trail.subjects:
            subject.neighbours += 1
            if subject.neighbours - subject.near_told >= subject.share_of_near:
                self._speak_of(subject)

    def _speak_of(self, subject: Subject) -> None:
        if not subject.due:
            subject.due = True
            self._due.append(subject)

    # Speaking with the others.

    @property
    def waiting(self) -> bool:
        """Tell whether there is something to speak of."""
        return bool(self._due)

    def open(self, rows: Iterable[Sequence[Any]]) -> int:
        """Begin with what the database says of kinds and subjects (worker, kind, subject, first, rate); return the worker's number."""
        self._kinds, self._named, worker = {}, {}, 0
        self._subjects, self._trails, self._due = {}, {}, []
        for worker, kind, name, first, rate in rows:  # noqa: B007  # the number stands in every row
            if name:
                least = self._named.get(name)
                self._named[name] = Beginning(min(first, least.first) if least else first, rate)
            else:
                self._kinds[kind] = Beginning(first, rate)
        return worker

    def tick(self) -> None:
        """Look at the clock: a new second, a new hour, a new day."""
        self._second = int(self._now())
        hour = self._second // HOUR_SECONDS
        while self._large and self._large[0][0] <= self._second:
            _, large = self._large.popleft()
            large.give_back(self._beginning(large.kind, large.name).first)
            self._speak_of(large)
        if hour == self._hour:
            return
        self._hour = hour
        self.unheard()
        day = self._legal_day()
        if day != self._day:
            self._day = day
            self._subjects, self._trails, self._due, self._persons = {}, {}, [], 0
            # Who had used much of yesterday's ceilings begins today as everybody does.
            self._named = {name: one for name, one in self._named.items() if one.first}
            self._large.clear()
            return
        for subject in self._subjects.values():
            subject.begin_hour(self._beginning(subject.kind, subject.name).first)
            subject.numbers.clear()

    def end(self) -> None:
        """Give every lease back, and have the others told so."""
        self.unheard()
        self._due = [subject for subject in self._subjects.values() if subject.lease or subject.due]
        for subject in self._due:
            subject.give_back(0)
            subject.wanted = NOTHING_MORE

    def say(self) -> list[tuple[Any, ...]]:
        """Return what the others are told of the subjects due, some thousand at a time, and remember that it was said."""
        self.urgent = len(self._due) > SPEAK_OF_MAX
        due, self._due = self._due[:SPEAK_OF_MAX], self._due[SPEAK_OF_MAX:]
        self._saying = {subject.name: subject for subject in due if self._subjects.get(subject.name) is subject}
        self._forget_persons()
        return [subject.said() for subject in self._saying.values()]

    def hear(self, rows: Iterable[Sequence[Any]]) -> None:
        """Take new leases and the restraints in force: (subject, lease, rate, misses, neighbours, step, cause, until)."""
        restraints: dict[str, tuple[str, float]] = {}
        for name, lease, rate, misses, neighbours, step, _, until in rows:
            subject = self._saying.get(name)
            if lease is not None and subject is not None:
                if subject.wanted >= LARGE:
                    self._large.append((self._second + LARGE_SECONDS, subject))
                subject.heard(lease, rate, misses, neighbours)
            if step is not None and (lease is not None or name not in restraints):
                restraints[name] = (step, until.timestamp() if until is not None else 0.0)
        self._saying = {}
        for name in self._restraints.keys() - restraints.keys():
            if name in self._subjects:
                self._subjects[name].go()
                self._speak_of(self._subjects[name])
        self._restraints = restraints
        for name, (step, until) in restraints.items():
            if name in self._subjects:
                self._subjects[name].stop(step, until)

    def unheard(self) -> None:
        """What was said got no answer: say it again."""
        for subject in self._saying.values():
            self._due.append(subject)
        self._saying = {}

    def _forget_persons(self) -> None:
        held = 0
        for subject in self._saying.values():
            if len(subject.persons) > PERSONS_KEPT_MAX:
                subject.persons.clear()
            if len(subject.numbers) > NUMBERS_KEPT_MAX:
                subject.numbers.clear()
            held += len(subject.persons)
        self._persons += held
        if self._persons > PERSONS_MAX:
            # What is remembered of all is counted only now and then: it takes a look at every officer.
            self._persons = sum(len(one.persons) for one in self._subjects.values())
            if self._persons > PERSONS_MAX:
                for one in self._subjects.values():
                    one.persons.clear()
                self._persons = 0

    def _legal_day(self) -> object:
        return legal_day(datetime.fromtimestamp(self._second, UTC))
