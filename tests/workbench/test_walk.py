"""Every page of the workbench that needs no parameter, asked for by an officer of every role: 200 where the role carries its permission, else 403."""

from __future__ import annotations

import pytest
from django.test import Client

from ansinh.access.charters import CHARTERS
from ansinh.access.roles import ROLES
from ansinh.workbench.views import TABLES
from tests.support.officers import signed_in

pytestmark = pytest.mark.django_db
PAGES = {
    address: getattr(view, "__permission__", "")
    for table in TABLES
    for address, view in table.items()
    if "<" not in address
}
EVERYBODY = "workbench.enter"


def test_every_page_says_its_permission() -> None:
    assert [address for address, permission in PAGES.items() if not permission] == []


@pytest.mark.parametrize("role", sorted(CHARTERS))
def test_pages_open_to_roles_that_carry_their_permission_and_to_no_others(role: str) -> None:
    client = Client()
    signed_in(client, role)
    expected = {
        address: 200 if permission == EVERYBODY or permission in ROLES[role].permissions else 403
        for address, permission in PAGES.items()
    }
    assert {address: client.get(f"/workbench/{address}").status_code for address in PAGES} == expected
