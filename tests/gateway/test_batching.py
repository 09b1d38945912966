"""Micro-batches as promised: everybody gets the answer to their own question, and nobody's trouble is their neighbour's."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansinh.gateway.batching import Batcher, QuestionRefused, QueueFull, StoreAway


class Desk:
    """A store that refuses marked questions, goes away for marked batches, and remembers what it recorded."""

    def __init__(self, bad: frozenset[int], away_at: frozenset[int]) -> None:
        self.bad = bad
        self.away_at = away_at
        self.batches: list[int] = []
        self.recorded: list[int] = []

    async def ask(self, questions: Sequence[int]) -> list[str]:
        """Answer with the question itself, after yielding as a real store does."""
        self.batches.append(len(questions))
        await asyncio.sleep(0)
        if self.bad.intersection(questions):
            raise QuestionRefused
        if len(self.batches) in self.away_at:
            raise StoreAway
        self.recorded.extend(questions)
        return [f"answer to {question}" for question in questions]


async def _ask_all(batcher: Batcher[int, str], questions: Sequence[int], pauses: Sequence[bool]) -> list[object]:
    batcher.start()

    async def one(question: int) -> object:
        return await batcher.submit(question)

    asking = []
    for question, pause in zip(questions, pauses, strict=True):
        asking.append(asyncio.ensure_future(one(question)))
        if pause:
            await asyncio.sleep(0)
    heard = await asyncio.gather(*asking, return_exceptions=True)
    await batcher.drain()
    return list(heard)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_everybody_hears_the_answer_to_their_own_question(data: st.DataObject) -> None:
    count = data.draw(st.sampled_from([1, 7, 500, 3_000]))
    bad = data.draw(st.frozensets(st.integers(0, count - 1), max_size=25))
    away_at = data.draw(st.frozensets(st.integers(1, 12), max_size=3))
    rhythm = data.draw(st.lists(st.booleans(), min_size=1, max_size=20))
    desk = Desk(bad, away_at)
    batcher: Batcher[int, str] = Batcher(
        desk.ask,
        batch_length_max=data.draw(st.sampled_from([1, 3, 64, 512])),
        queue_length_max=count,
        wait_seconds_max=60,
    )
    pauses = [rhythm[n % len(rhythm)] for n in range(count)]
    heard = asyncio.run(_ask_all(batcher, range(count), pauses))
    for question, answer in enumerate(heard):
        if question in bad:
            assert isinstance(answer, QuestionRefused | StoreAway)
        elif not isinstance(answer, StoreAway):
            assert answer == f"answer to {question}"
    answered = [question for question, answer in enumerate(heard) if isinstance(answer, str)]
    assert sorted(desk.recorded) == answered
    if not away_at:
        assert answered == [question for question in range(count) if question not in bad]


def test_one_who_leaves_does_not_take_the_neighbours_along() -> None:
    async def story() -> list[object]:
        desk = Desk(frozenset(), frozenset())
        batcher: Batcher[int, str] = Batcher(desk.ask)
        batcher.start()
        waiting = [batcher.submit(n) for n in range(5)]
        waiting[2].cancel()
        heard = await asyncio.gather(*waiting, return_exceptions=True)
        await batcher.drain()
        return list(heard)

    heard = asyncio.run(story())
    assert isinstance(heard[2], asyncio.CancelledError)
    assert [heard[n] for n in (0, 1, 3, 4)] == [f"answer to {n}" for n in (0, 1, 3, 4)]


def test_full_queue_is_refused_at_once() -> None:
    async def story() -> None:
        desk = Desk(frozenset(), frozenset())
        batcher: Batcher[int, str] = Batcher(desk.ask, queue_length_max=3)
        batcher.start()
        waiting = [batcher.submit(n) for n in range(3)]
        with pytest.raises(QueueFull):
            batcher.submit(3)
        await asyncio.gather(*waiting)
        await batcher.drain()
        assert desk.recorded == [0, 1, 2]

    asyncio.run(story())


def test_who_waited_too_long_is_told_so_and_not_recorded() -> None:
    async def story() -> None:
        desk = Desk(frozenset(), frozenset())
        batcher: Batcher[int, str] = Batcher(desk.ask, wait_seconds_max=-1)
        batcher.start()
        with pytest.raises(StoreAway):
            await batcher.submit(1)
        await batcher.drain()
        assert desk.recorded == []

    asyncio.run(story())


def test_a_store_that_loses_an_answer_fails_the_batch() -> None:
    async def forgetful(questions: Sequence[int]) -> list[str]:
        return ["one answer too few"] * (len(questions) - 1)

    async def story() -> None:
        batcher: Batcher[int, str] = Batcher(forgetful)
        batcher.start()
        heard = await asyncio.gather(batcher.submit(1), batcher.submit(2), return_exceptions=True)
        await batcher.drain()
        assert all(isinstance(one, StoreAway) for one in heard)

    asyncio.run(story())


def test_where_many_ask_the_next_batch_waits_for_nearly_as_many() -> None:
    async def story() -> None:
        desk = Desk(frozenset(), frozenset())
        batcher: Batcher[int, str] = Batcher(desk.ask, gather_seconds_max=60)
        batcher.start()
        await asyncio.gather(*(batcher.submit(n) for n in range(20)))
        early = [batcher.submit(n) for n in range(20, 37)]
        for _ in range(10):
            await asyncio.sleep(0)
        assert desk.batches == [20], "a batch left before nine tenths of those who were there had come"
        await asyncio.gather(*early, batcher.submit(37))
        assert desk.batches == [20, 18]
        await batcher.drain()

    asyncio.run(story())


def test_where_few_ask_nobody_waits_for_anybody() -> None:
    async def story() -> None:
        desk = Desk(frozenset(), frozenset())
        batcher: Batcher[int, str] = Batcher(desk.ask, gather_seconds_max=60)
        batcher.start()
        await asyncio.gather(*(batcher.submit(n) for n in range(7)))
        await batcher.submit(7)
        await batcher.drain()
        assert desk.batches == [7, 1]

    asyncio.run(story())


def test_who_does_not_come_again_is_not_waited_for_long() -> None:
    async def story() -> None:
        desk = Desk(frozenset(), frozenset())
        batcher: Batcher[int, str] = Batcher(desk.ask, gather_seconds_max=0.01)
        batcher.start()
        await asyncio.gather(*(batcher.submit(n) for n in range(100)))
        assert await batcher.submit(100) == "answer to 100"
        assert await batcher.submit(101) == "answer to 101"
        await batcher.drain()
        assert desk.batches == [100, 1, 1]

    asyncio.run(story())
