"""What a worker counts, in Prometheus' text. Numbers of events only: no key, name, officer or token is ever a label."""

from __future__ import annotations

import os
from bisect import bisect_left
from collections import Counter

BOUNDS_SECONDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0)
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_RESULTS = ("nobody_found", "answered", "never_insured")


class Metrics:
    """Counters of one worker process; a collector adds the workers up by the label `worker`."""

    def __init__(self) -> None:
        self.answers = [0, 0, 0]
        self.problems: Counter[tuple[int, str]] = Counter()
        self.batches = 0
        self.batch_questions = 0
        self.batch_seconds = 0.0
        self._batch_buckets = [0] * (len(BOUNDS_SECONDS) + 1)

    def batch(self, questions: int, seconds: float) -> None:
        """Count a batch that was answered."""
        self.batches += 1
        self.batch_questions += questions
        self.batch_seconds += seconds
        self._batch_buckets[bisect_left(BOUNDS_SECONDS, seconds)] += 1

    def text(self, *, waiting: int, ready: bool) -> bytes:
        """Return everything in the text format."""
        worker = f'worker="{os.getpid()}"'
        lines = ["# TYPE ansinh_gateway_answers_total counter"]
        lines += [
            f'ansinh_gateway_answers_total{{{worker},result="{name}"}} {count}'
            for name, count in zip(_RESULTS, self.answers, strict=True)
        ]
        lines.append("# TYPE ansinh_gateway_problems_total counter")
        lines += [
            f'ansinh_gateway_problems_total{{{worker},status="{status}",code="{code}"}} {count}'
            for (status, code), count in sorted(self.problems.items())
        ]
        lines.append("# TYPE ansinh_gateway_batch_seconds histogram")
        total = 0
        for bound, count in zip((*BOUNDS_SECONDS, "+Inf"), self._batch_buckets, strict=True):
            total += count
            lines.append(f'ansinh_gateway_batch_seconds_bucket{{{worker},le="{bound}"}} {total}')
        lines += [
            f"ansinh_gateway_batch_seconds_sum{{{worker}}} {self.batch_seconds:.6f}",
            f"ansinh_gateway_batch_seconds_count{{{worker}}} {self.batches}",
            "# TYPE ansinh_gateway_batch_questions_total counter",
            f"ansinh_gateway_batch_questions_total{{{worker}}} {self.batch_questions}",
            "# TYPE ansinh_gateway_waiting gauge",
            f"ansinh_gateway_waiting{{{worker}}} {waiting}",
            "# TYPE ansinh_gateway_ready gauge",
            f"ansinh_gateway_ready{{{worker}}} {int(ready)}",
        ]
        return "\n".join([*lines, ""]).encode()
