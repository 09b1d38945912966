"""The same form sent many times at once: one application, equal receipts."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from django.db import connections

from ansinh.database.sql import number
from ansinh.services.operations import Receipt
from tests.services.applied import settle_people, submit
from tests.support.database import OwnDatabase


def test_eight_submissions_at_once_are_one_application_with_equal_receipts(fresh_database: OwnDatabase) -> None:
    settle_people()

    def send(_: int) -> Receipt:
        try:
            return submit()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as together:
        receipts = list(together.map(send, range(8)))
    assert len(set(receipts)) == 1
    assert number("SELECT count(*) FROM services_application") == 1
    assert number("SELECT count(*) FROM notices_message") == 1
