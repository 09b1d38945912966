"""Micro-batches: questions that arrive while the database answers the batch before share one statement and one commit.

Who was answered together asks again nearly together. So where many ask, the next batch waits a moment for nearly as many as were there: one batch of all
costs less than two that take turns, of which everybody waits for both. Where few ask, nobody waits.

Everything is bounded: how many wait, how many share a batch, how long one waits. A question that cannot be answered never fails its neighbours.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Generic, TypeVar

Q = TypeVar("Q")
A = TypeVar("A")

BATCH_LENGTH_MAX = 512
QUEUE_LENGTH_MAX = 1_024
WAIT_SECONDS_MAX = 2.0
# How long a batch waits at most for those who were there before, which share of them is enough, and how many there must have been.
GATHER_SECONDS_MAX = 0.002
GATHER_SHARE = 0.9
GATHER_FROM = 8


class QueueFull(Exception):
    """So many questions wait already that one more would wait too long."""


class QuestionRefused(Exception):
    """Something in a batch is such that the store refuses it; nothing of the batch was recorded."""


class StoreAway(Exception):
    """The store does not answer; whether the batch was recorded may be unknown, but no answer of it may leave."""


class Batcher(Generic[Q, A]):
    """Coalesces questions of one kind. `ask` answers a list of them in order, or raises QuestionRefused or StoreAway.

    Batchers with the same `turn` ask one after the other; while one waits for its turn, its batch grows.
    """

    def __init__(
        self,
        ask: Callable[[list[Q]], Awaitable[list[A]]],
        *,
        batch_length_max: int = BATCH_LENGTH_MAX,
        queue_length_max: int = QUEUE_LENGTH_MAX,
        wait_seconds_max: float = WAIT_SECONDS_MAX,
        gather_seconds_max: float = GATHER_SECONDS_MAX,
        turn: asyncio.Lock | None = None,
    ) -> None:
        self._ask = ask
        self._turn = turn or asyncio.Lock()
        self._batch_length_max = batch_length_max
        self._queue_length_max = queue_length_max
        self._wait_seconds_max = wait_seconds_max
        self._gather_seconds_max = gather_seconds_max
        self._questions: list[Q] = []
        self._waiters: list[asyncio.Future[A]] = []
        self._first_at = 0.0
        self._last = self._expected = 0
        self._wanted = 0
        self._called: asyncio.Future[None] | None = None
        self._runner: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def __len__(self) -> int:
        """Return how many questions wait, those in the database not counted."""
        return len(self._questions)

    def start(self) -> None:
        """Begin to answer, in the running loop."""
        self._loop = asyncio.get_running_loop()
        self._runner = self._loop.create_task(self._run())

    def submit(self, question: Q) -> asyncio.Future[A]:
        """Queue a question and return the future of its answer; raises QueueFull."""
        questions = self._questions
        if len(questions) >= self._queue_length_max:
            raise QueueFull
        assert self._loop is not None
        if not questions:
            self._first_at = monotonic()
        waiter: asyncio.Future[A] = self._loop.create_future()
        questions.append(question)
        self._waiters.append(waiter)
        if len(questions) == self._wanted:
            self._call()
        return waiter

    async def drain(self) -> None:
        """Answer what waits, then stop; whoever asks afterwards waits for ever, so stop listening first."""
        while self._questions and self._runner is not None and not self._runner.done():
            await asyncio.wait([self._waiters[-1]])
        if self._runner is not None:
            self._runner.cancel()
            await asyncio.wait([self._runner])

    async def _run(self) -> None:
        while True:
            if len(self._questions) < self._expected:
                await self._gather()
            if not self._questions:
                await self._until(1)
            async with self._turn:
                await self._next()
            there = min(self._last + len(self._questions), self._batch_length_max)
            self._expected = int(there * GATHER_SHARE) if there >= GATHER_FROM else 0

    async def _gather(self) -> None:
        """Let those come who are expected, for a moment; while they do, another kind of question may take its turn."""
        assert self._loop is not None
        soon = self._loop.call_later(self._gather_seconds_max, self._call)
        try:
            await self._until(self._expected)
        finally:
            soon.cancel()

    async def _until(self, wanted: int) -> None:
        """Return when so many questions wait, or when called."""
        assert self._loop is not None
        self._wanted, self._called = wanted, self._loop.create_future()
        await self._called

    def _call(self) -> None:
        self._wanted = 0
        if self._called is not None and not self._called.done():
            self._called.set_result(None)

    async def _next(self) -> None:
        questions, waiters, first_at = self._questions, self._waiters, self._first_at
        if len(questions) > self._batch_length_max:
            self._questions, self._waiters = questions[self._batch_length_max :], waiters[self._batch_length_max :]
            questions, waiters = questions[: self._batch_length_max], waiters[: self._batch_length_max]
        else:
            self._questions, self._waiters = [], []
        self._last = len(questions)
        if monotonic() - first_at > self._wait_seconds_max:
            _fail(waiters, StoreAway("waited too long"))
            return
        await self._answer(questions, waiters)

    async def _answer(self, questions: list[Q], waiters: list[asyncio.Future[A]]) -> None:
        try:
            answers = await self._ask(questions)
        except QuestionRefused as refused:
            if len(questions) == 1:
                _fail(waiters, refused)
                return
            half = len(questions) // 2
            await self._answer(questions[:half], waiters[:half])
            await self._answer(questions[half:], waiters[half:])
            return
        except Exception as trouble:  # whatever it is, nobody may wait for ever
            _fail(waiters, trouble)
            return
        if len(answers) != len(questions):
            _fail(waiters, StoreAway("another number of answers than of questions"))
            return
        for waiter, answer in zip(waiters, answers, strict=True):
            if not waiter.done():
                waiter.set_result(answer)


def _fail(waiters: list[asyncio.Future[A]], trouble: Exception) -> None:
    for waiter in waiters:
        if not waiter.done():
            waiter.set_exception(trouble)
