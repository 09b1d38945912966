"""How much a client may ask: its rate over time, whatever its rhythm; told in each answer; a worker's share each."""

from __future__ import annotations

import itertools
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansinh.access.tokens import Grant
from ansinh.gateway.limits import WINDOW_SECONDS, Bucket, Limits
from ansinh.gateway.problems import Problem
from tests.audit.standing import add_people, pin_of
from tests.gateway.running import running_gateway
from tests.support.database import OwnDatabase


class Watch:
    """A clock the test moves."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def grant(rate: int, client_no: int = 1) -> Grant:
    return Grant("01001-1", client_no, "01001", frozenset(), 1 << 40, rate)


@given(
    rate=st.integers(1, 500),
    workers=st.integers(1, 4),
    asked=st.lists(st.tuples(st.floats(0, 3), st.integers(1, 200), st.integers(0, 3)), max_size=80),
)
def test_never_more_than_the_rate_over_time_and_one_window(
    rate: int, workers: int, asked: list[tuple[float, int, int]]
) -> None:
    watch = Watch()
    all_workers = [Limits(workers, watch) for _ in range(workers)]
    given_units = biggest = 0
    for pause, units, worker in asked:
        watch.seconds += pause
        try:
            all_workers[worker % workers].take(grant(rate), units)
        except Problem:
            continue
        given_units += units
        biggest = max(biggest, units)
    lived = watch.seconds - 100.0
    assert given_units <= rate * (lived + WINDOW_SECONDS) + workers * biggest + 1e-6


@given(rate=st.integers(1, 500), units=st.integers(1, 2_000))
def test_who_waits_as_long_as_told_is_let_in(rate: int, units: int) -> None:
    watch = Watch()
    limits = Limits(2, watch)
    for _ in range(3):
        try:
            limits.take(grant(rate), units)
        except Problem as refused:
            watch.seconds += int(dict(refused.headers)["retry-after"])
            limits.take(grant(rate), units)


def test_what_is_left_is_told_as_the_draft_writes_it() -> None:
    watch = Watch()
    limits = Limits(1, watch)
    assert limits.take(grant(5)) == (("ratelimit-policy", '"client";q=50;w=10'), ("ratelimit", '"client";r=49;t=1'))
    limits.take(grant(5), 49)
    with pytest.raises(Problem) as refused:
        limits.take(grant(5))
    assert dict(refused.value.headers) == {
        "retry-after": "1",
        "ratelimit-policy": '"client";q=50;w=10',
        "ratelimit": '"client";r=0;t=10',
    }


def test_clients_do_not_share_and_a_new_rate_counts_at_once() -> None:
    watch = Watch()
    limits = Limits(1, watch)
    limits.take(grant(1, 1), 10)
    limits.take(grant(1, 2), 10)
    with pytest.raises(Problem):
        limits.take(grant(1, 1))
    limits.take(grant(20, 1))


def test_a_batch_bigger_than_the_bucket_is_paid_off_before_the_next() -> None:
    bucket = Bucket(10, 1, 100.0)
    assert bucket.take(1_000, 100.0) == 0
    wait = bucket.take(1, 100.0)
    assert wait == pytest.approx(90.1)
    assert bucket.take(1, 100.0 + wait) == 0


@given(asked=st.lists(st.tuples(st.floats(0, 5), st.integers(1, 60)), min_size=1, max_size=60))
def test_what_is_told_is_never_more_than_there_is(asked: list[tuple[float, int]]) -> None:
    now = 100.0
    bucket = Bucket(30, 2, now)
    for pause, units in asked:
        now += pause
        if bucket.take(units, now):
            continue
        left, seconds = (int(part.partition("=")[2]) for part in bucket.told()[1][1].split(";")[1:])
        assert left <= max(bucket._units, 0) < left + max(left, 10)
        assert 0 <= seconds * 15 - (150 - bucket._units) < 15 + 1e-6


def test_two_workers_give_no_more_than_the_agreed_rate(fresh_database: OwnDatabase, tmp_path: Path) -> None:
    add_people(fresh_database, 1)
    with running_gateway(fresh_database, tmp_path, workers=2) as gateway:
        token = gateway.token(rate=2)
        question = {"key": pin_of(1), "purpose": "treatment", "officer": "BS-17"}
        began = time.monotonic()
        answers = [gateway.ask(question, token) for _ in range(60)]
        lived = time.monotonic() - began
        kinds = {
            status: list(some)
            for status, some in itertools.groupby(sorted(answers, key=lambda a: a.status_code), lambda a: a.status_code)
        }
    assert set(kinds) == {200, 429}
    assert 10 <= len(kinds[200]) <= 2 * (WINDOW_SECONDS + lived + 1)
    for answer in answers:
        assert answer.headers["ratelimit-policy"] == '"client";q=20;w=10'
        assert answer.headers["ratelimit"].startswith('"client";r=')
    for refused in kinds[429]:
        assert refused.json()["code"] == "too_many_requests"
        assert int(refused.headers["retry-after"]) >= 1
