"""Mornings that several journeys begin with."""

from tests.desk.conftest import world

__all__ = ["world"]
