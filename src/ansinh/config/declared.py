"""What every room declares of its fields, for whoever hands a person everything about them."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec

from ansinh.config.django import ROOMS
from ansinh.foundation.privacy import Field


@cache
def declared_fields() -> Mapping[str, Mapping[str, Field]]:
    """Return table → column → what is declared of it, over all rooms."""
    found: dict[str, Mapping[str, Field]] = {}
    for room in ROOMS:
        # By name, as Django finds the rooms: a new room joins by its place in that list.
        if find_spec(f"ansinh.{room}.privacy") is not None:
            found |= importlib.import_module(f"ansinh.{room}.privacy").TABLES
    return found
