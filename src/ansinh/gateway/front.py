"""What stands behind every door: the worker, its routes, and how troubles are told."""

from __future__ import annotations

import logging

from ansinh.gateway import problems
from ansinh.gateway.calls import PUBLISHED, routes_of
from ansinh.gateway.configuration import Configuration
from ansinh.gateway.guard import LiveGuard
from ansinh.gateway.problems import Problem
from ansinh.gateway.routes import Addresses, Answered, Headers, Route, tell_problem
from ansinh.gateway.worker import Worker

_log = logging.getLogger("ansinh.gateway")


class Front:
    """One worker and the addresses it answers."""

    def __init__(self, configuration: Configuration) -> None:
        self.worker = Worker(configuration, PUBLISHED, LiveGuard())
        self.route = Addresses(routes_of(self.worker)).route
        self._problems = self.worker.metrics.problems

    def told(self, route: Route | None, trouble: Exception, headers: Headers) -> Answered:
        """Return what a caller is told of a refusal, or of a mistake of ours: that leaves a line that names the place and nothing that was asked."""
        if isinstance(trouble, Problem):
            problem = trouble
            # The same refusal is raised again and again: without this, it would keep every frame it ever came through.
            problem.__traceback__ = problem.__cause__ = problem.__context__ = None
        else:
            problem = problems.OUR_MISTAKE
            place = trouble.__traceback__
            while place is not None and place.tb_next is not None:
                place = place.tb_next
            where = f"{place.tb_frame.f_code.co_qualname}:{place.tb_lineno}" if place is not None else "?"
            _log.error("our mistake", extra={"kind": type(trouble).__name__, "where": where})
        self._problems[problem.status, problem.code] += 1
        return (route.tell if route is not None else tell_problem)(problem, headers)
