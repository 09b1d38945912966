"""What a worker counts, in Prometheus' text. Numbers of events only: no key, name, officer or token is ever a label."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter

import msgspec

from ansinh.gateway.server.board import Board

BOUNDS_SECONDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0)
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
# What a look-up's result is called in a label, by its number in the audit.
RESULTS = (
    "nobody_found",
    "answered",
    "never_insured",
    "officer_not_listed",
    "particulars_differ",
    "ceiling_reached",
    "not_ones_own",
    "no_ground",
    "not_usable",
)
STEPS = ("slow", "challenge", "suspend")


class Spent:
    """How long the batches of one published function took, and how many questions they held."""

    def __init__(self) -> None:
        self.questions = 0
        self.seconds = 0.0
        self.buckets = [0] * (len(BOUNDS_SECONDS) + 1)

    def count(self, questions: int, seconds: float) -> None:
        """Count a batch that was answered."""
        self.questions += questions
        self.seconds += seconds
        self.buckets[bisect_left(BOUNDS_SECONDS, seconds)] += 1


# A family of Prometheus: its name, its type, and its samples: what follows the name, labels, value.
Family = tuple[str, str, list[tuple[str, dict[str, str], float]]]


class Metrics:
    """Counters of one worker process; on a shared board, every worker tells those of all, by the label `worker`."""

    def __init__(self) -> None:
        self.problems: Counter[tuple[int, str]] = Counter()
        # Refusals of the guard against mass look-up, by its step.
        self.steps: Counter[str] = Counter()
        self._answers: dict[str, list[int]] = {}
        self._batches: dict[str, Spent] = {}
        self._board: Board | None = None
        self._place = 0

    def share(self, board: Board, place: int) -> None:
        """Tell the counters of all workers from now on, and one's own at a place of theirs."""
        self._board, self._place = board, place

    def results_of(self, call: str) -> list[int]:
        """Return the counters of a call's answers, to be counted up at the place of the result's number."""
        return self._answers.setdefault(call, [0] * len(RESULTS))

    def batches_of(self, function: str) -> Spent:
        """Return the counters of a published function's batches."""
        return self._batches.setdefault(function, Spent())

    def publish(self, *, waiting: int, ready: bool) -> None:
        """Write one's own counters on the board, if there is one."""
        if self._board is not None:
            self._board.keep(self._place, _encode(self._families(waiting, ready)))

    def text(self, *, waiting: int, ready: bool) -> bytes:
        """Return everything in the text format."""
        here = self._families(waiting, ready)
        if self._board is None:
            return _written({self._place: here})
        self.publish(waiting=waiting, ready=ready)
        kept = {place: self._board.kept(place) for place in range(self._board.places)}
        found = {place: _decode(counters) for place, counters in kept.items() if counters is not None}
        return _written({**found, self._place: here})

    def _families(self, waiting: int, ready: bool) -> list[Family]:
        answers = [
            ("", {"call": call, "result": name}, float(count))
            for call, counts in self._answers.items()
            for name, count in zip(RESULTS, counts, strict=True)
        ]
        refusals = [
            ("", {"status": str(status), "code": code}, float(count))
            for (status, code), count in sorted(self.problems.items())
        ]
        spent = [sample for function, spent in self._batches.items() for sample in _histogram(function, spent)]
        questions = [("", {"function": name}, float(spent.questions)) for name, spent in self._batches.items()]
        return [
            ("ansinh_gateway_answers_total", "counter", answers),
            ("ansinh_gateway_problems_total", "counter", refusals),
            ("ansinh_gateway_restrained_total", "counter", [("", {"step": s}, float(self.steps[s])) for s in STEPS]),
            ("ansinh_gateway_batch_seconds", "histogram", spent),
            ("ansinh_gateway_batch_questions_total", "counter", questions),
            ("ansinh_gateway_waiting", "gauge", [("", {}, float(waiting))]),
            ("ansinh_gateway_ready", "gauge", [("", {}, float(ready))]),
        ]


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(list[Family]).decode


def _histogram(function: str, spent: Spent) -> list[tuple[str, dict[str, str], float]]:
    labels = {"function": function}
    samples = []
    total = 0
    for bound, count in zip((*map(str, BOUNDS_SECONDS), "+Inf"), spent.buckets, strict=True):
        total += count
        samples.append(("_bucket", {**labels, "le": bound}, float(total)))
    return [*samples, ("_sum", labels, round(spent.seconds, 6)), ("_count", labels, float(total))]


def _written(workers: dict[int, list[Family]]) -> bytes:
    """Return families of the same name as one, the workers told apart."""
    lines: dict[str, list[str]] = {}
    for place, families in sorted(workers.items()):
        for name, kind, samples in families:
            family = lines.setdefault(name, [f"# TYPE {name} {kind}"])
            for suffix, labels, value in samples:
                told = ",".join(f'{key}="{text}"' for key, text in {"worker": str(place), **labels}.items())
                family.append(f"{name}{suffix}{{{told}}} {value:.15g}")
    return "\n".join([line for family in lines.values() for line in family] + [""]).encode()
