"""Every field of the wiring, sorted: nothing about a person."""

from __future__ import annotations

from ansinh.foundation.privacy import PUBLIC

TABLES = {"config_nation": {"nation_id": PUBLIC, "today": PUBLIC, "source": PUBLIC}}
