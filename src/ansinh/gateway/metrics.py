"""What a worker counts, in Prometheus' text. Numbers of events only: no key, name, officer or token is ever a label."""

from __future__ import annotations

import os
from bisect import bisect_left
from collections import Counter

BOUNDS_SECONDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0)
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
# What a look-up's result is called in a label, by its number in the audit.
RESULTS = ("nobody_found", "answered", "never_insured", "officer_not_listed", "particulars_differ", "ceiling_reached")


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


class Metrics:
    """Counters of one worker process; a collector adds the workers up by the label `worker`."""

    def __init__(self) -> None:
        self.problems: Counter[tuple[int, str]] = Counter()
        self._answers: dict[str, list[int]] = {}
        self._batches: dict[str, Spent] = {}

    def results_of(self, call: str) -> list[int]:
        """Return the counters of a call's answers, to be counted up at the place of the result's number."""
        return self._answers.setdefault(call, [0] * len(RESULTS))

    def batches_of(self, function: str) -> Spent:
        """Return the counters of a published function's batches."""
        return self._batches.setdefault(function, Spent())

    def text(self, *, waiting: int, ready: bool) -> bytes:
        """Return everything in the text format."""
        worker = f'worker="{os.getpid()}"'
        lines = ["# TYPE ansinh_gateway_answers_total counter"]
        lines += [
            f'ansinh_gateway_answers_total{{{worker},call="{call}",result="{name}"}} {count}'
            for call, counts in self._answers.items()
            for name, count in zip(RESULTS, counts, strict=True)
        ]
        lines.append("# TYPE ansinh_gateway_problems_total counter")
        lines += [
            f'ansinh_gateway_problems_total{{{worker},status="{status}",code="{code}"}} {count}'
            for (status, code), count in sorted(self.problems.items())
        ]
        lines.append("# TYPE ansinh_gateway_batch_seconds histogram")
        for function, spent in self._batches.items():
            labels = f'{worker},function="{function}"'
            total = 0
            for bound, count in zip((*BOUNDS_SECONDS, "+Inf"), spent.buckets, strict=True):
                total += count
                lines.append(f'ansinh_gateway_batch_seconds_bucket{{{labels},le="{bound}"}} {total}')
            lines.append(f"ansinh_gateway_batch_seconds_sum{{{labels}}} {spent.seconds:.6f}")
            lines.append(f"ansinh_gateway_batch_seconds_count{{{labels}}} {total}")
        lines.append("# TYPE ansinh_gateway_batch_questions_total counter")
        lines += [
            f'ansinh_gateway_batch_questions_total{{{worker},function="{function}"}} {spent.questions}'
            for function, spent in self._batches.items()
        ]
        lines += [
            "# TYPE ansinh_gateway_waiting gauge",
            f"ansinh_gateway_waiting{{{worker}}} {waiting}",
            "# TYPE ansinh_gateway_ready gauge",
            f"ansinh_gateway_ready{{{worker}}} {int(ready)}",
        ]
        return "\n".join([*lines, ""]).encode()
