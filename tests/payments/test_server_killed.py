"""A database server killed while a chunk is built: once it is back, chunks are whole or not there, and the build goes on."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connections

from ansinh.database.processes import postmaster_of
from ansinh.database.sql import number, rows
from ansinh.payments.checks import checks
from ansinh.payments.procedures import build_all
from ansinh.payments.runs import building
from ansinh.payments.runs.batching import line_up
from tests.payments.world import MAKER, Owed, add_payee, desk_of, make_run, owed_select, run_state
from tests.support.campaign import CAMPAIGN, WriteDown
from tests.support.database import OwnDatabase, migrate_with_django, own_server, point_django_at


@pytest.mark.campaign
@pytest.mark.skipif(not CAMPAIGN, reason="makes a server of its own; runs under make campaign")
def test_a_server_killed_in_mid_chunk_comes_back_with_whole_chunks(
    fresh_database: OwnDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write_down: WriteDown
) -> None:
    monkeypatch.setattr(building, "PAYEES_A_CHUNK", 2)
    kills = [2, 4]
    with own_server() as server:
        server.up()
        migrate_with_django(server.urls())
        point_django_at(server.urls())
        owed = owed_select([Owed(add_payee(person, f"{person:04}"), 1_000) for person in range(1, 11)])
        run_id, chunks = make_run(), []

        def killed(*arguments: Any) -> int:
            chunks.append(1)
            if len(chunks) in kills:
                postmaster = postmaster_of(server.folder.data)
                assert postmaster is not None
                os.kill(postmaster.pid, signal.SIGKILL)
                for (backend,) in rows("SELECT pg_backend_pid()"):
                    os.kill(backend, signal.SIGKILL)
            return line_up(*arguments)

        monkeypatch.setattr(building, "line_up", killed)
        built = []
        for _ in kills:
            with pytest.raises(DatabaseError):
                build_all(desk_of(MAKER, tmp_path), run_id, owed)
            connections.close_all()
            server.up()
            built.append(number("SELECT count(*) FROM payments_order"))
        assert built == [2, 4]
        build_all(desk_of(MAKER, tmp_path), run_id, owed)
        assert (number("SELECT count(DISTINCT person_id) FROM payments_order"), run_state(run_id)) == (10, "built")
        assert all(one.ok for one in checks())
        connections.close_all()
    write_down(server_killed=len(kills))
