"""The stand-in app: it pulls at the real door what it shows, is not sent again what it has, and hears of changes; forged and old pushes it refuses."""

from __future__ import annotations

import json
import re
import time
from datetime import UTC, datetime
from pathlib import Path

import httpx
import psycopg
import pytest
from joserfc.jwk import ECKey
from starlette.testclient import TestClient

from ansinh.access.operations import APP
from ansinh.access.queries import client_named, clients, operator
from ansinh.cli.eid_phone import NAME
from ansinh.cli.serve import sandbox_partners
from ansinh.eid import operations
from ansinh.eid.adapters.webhook import SIGNATURE_TYPE, signed_content, tell
from ansinh.eid.queries import receiver_of
from ansinh.foundation.clock import RealClock
from ansinh.foundation.detached import sign
from ansinh.foundation.settings import settings
from ansinh_sandbox.eid_phone.page import home
from ansinh_sandbox.eid_phone.service import Phone, application
from tests.audit.standing import pin_of
from tests.gateway.running import RunningGateway
from tests.gateway_eid.test_pulls import token
from tests.gateway_eid.test_pushes import _at, _card
from tests.support.cast import ANYBODY_WITH_RIGHTS
from tests.support.database import OwnDatabase

pytestmark = pytest.mark.xdist_group("gateway_eid")

KEY = ECKey.generate_key("P-256", auto_kid=True)
ADDRESS = "http://127.0.0.1:9/changes"
PARTS = [
    *("Thẻ bảo hiểm y tế", "Sổ bảo hiểm xã hội", "Chi trả", "Sổ sức khỏe", "Giấy chuyển cơ sở", "Hẹn khám lại"),
    *("Giấy tờ khám chữa bệnh", "Hồ sơ", "Giấy tờ cơ quan đã cấp", "Người tôi làm thay", "Tin báo đã nhận"),
]


def test_the_app_shows_what_it_pulled_and_what_is_new(gateway: RunningGateway, looked_at: OwnDatabase) -> None:
    operations.set_receiver(actor=ANYBODY_WITH_RIGHTS, reason="thử", clock=RealClock(), client_no=40, url=ADDRESS)
    phone = Phone(gateway.base, lambda: token(gateway), [KEY.as_dict(private=False)])
    client = TestClient(application(phone))
    assert "Số định danh" in client.get("/").text
    page = client.post("/", data={"pin": pin_of(8)}).text
    for words in (
        "Bệnh viện Mẫu",
        "DN4010100000008",
        "179",
        "5.000.000 đ · đã chi trả",
        "Chờ hồ sơ",
        "SBH-2025-00000008",
        "<svg",
    ):
        assert words in page
    assert re.findall("<h2>(.*?)</h2>", page) == PARTS
    assert "mới" not in page
    assert client.post("/", data={"pin": pin_of(8)}).status_code == 200
    assert phone.unchanged == 10
    with psycopg.connect(looked_at.urls.owner) as owner:
        owner.execute(_card(8))
    (change,) = operations.take_due(actor=operator(), reason="thử", clock=_at())

    def heard(request: httpx.Request) -> httpx.Response:
        answer = client.post("/changes", content=request.content, headers=dict(request.headers))
        return httpx.Response(answer.status_code)

    with httpx.Client(transport=httpx.MockTransport(heard)) as line:
        assert tell(line, change, KEY, datetime.now(UTC)) is None
        assert tell(line, change, ECKey.generate_key("P-256", auto_kid=True), datetime.now(UTC)) == "status_400"
    page = client.post("/", data={"pin": pin_of(8)}).text
    assert page.count("class=new") == 1
    assert page.count("Thẻ có thay đổi") == 1
    assert client.post("/", data={"pin": pin_of(8)}).text.count("class=new") == 0
    with psycopg.connect(looked_at.urls.owner) as owner:
        owner.execute("TRUNCATE eid_change, eid_watch, eid_receiver")


def test_papers_of_the_health_book_are_shown_with_where_they_lead() -> None:
    told = {
        "referrals": [{"to": "01001", "to_name": "Viện <Tim>", "valid_until": "2025-09-01", "standing": "issued"}],
        "appointments": [{"facility": "01002", "facility_name": None, "due_on": "2025-08-07", "standing": "booked"}],
        "papers": [
            {"kind": "discharge", "issued_on": "2025-07-03", "facility": "01001", "facility_name": "Viện A"},
            {"kind": "death", "issued_on": "2025-07-04", "facility": "01001", "facility_name": "Viện B"},
        ],
    }
    page = home(told, {"referrals"}, [(1_754_000_000, "referrals")])
    for words in (
        *("Đến Viện &lt;Tim&gt;", "còn hạn · đến 01/09/2025", "07/08/2025 · đã hẹn", "01002"),
        *(
            "Giấy ra viện · 03/07/2025",
            "Giấy khám chữa bệnh · 04/07/2025",
            "01/08/2025 05:13",
            "Giấy chuyển cơ sở có thay đổi",
        ),
    ):
        assert words in page
    assert page.count("class=new") == 1


def test_serving_an_invented_nation_starts_the_app_with_all_it_needs(looked_at: OwnDatabase) -> None:
    def started() -> list[str]:
        (command,) = [command for name, command, _ in sandbox_partners() if name == "The app on a telephone"]
        return command

    command = started()
    assert started() == command
    options = dict(zip(command[2::2], command[3::2], strict=True))
    number, client = client_named(APP, NAME) or (0, "")
    assert (options["--client"], receiver_of(number)) == (client, f"{settings().eid_phone_url}/changes")
    first = Path(options["--key"]).read_text(encoding="utf-8")
    assert json.loads(Path(options["--agency-keys"]).read_text(encoding="utf-8"))["keys"]
    Path(options["--key"]).unlink()
    assert started() == command
    assert Path(options["--key"]).read_text(encoding="utf-8") != first
    (let_in,) = [one for one in clients() if one.client_id == client]
    assert set(let_in.scope.split()) == {"book:read", "record:own", "health:own"}
    with psycopg.connect(looked_at.urls.owner) as owner:
        owner.execute("TRUNCATE eid_receiver")


def test_old_changed_and_repeated_pushes_count_for_nothing() -> None:
    phone = Phone("http://127.0.0.1:9", lambda: "", [KEY.as_dict(private=False)])
    now, body = time.time(), json.dumps({"watch": "w", "changed": "card"}).encode()

    def headers(moment: float) -> dict[str, str]:
        said = str(int(moment))
        return {
            "webhook-id": "1",
            "webhook-timestamp": said,
            "ansinh-signature": sign(signed_content("1", said, body), KEY, SIGNATURE_TYPE),
        }

    assert phone.hear(headers(now), body, now) == phone.hear(headers(now), body, now) == 204
    assert phone.hear(headers(now - 600), body, now) == 400
    assert phone.hear(headers(now), body + b" ", now) == 400
    assert phone.hear({}, body, now) == 400


@pytest.mark.parametrize("pin", ["", "1", "00100000000x", "٠" * 12])
def test_a_number_that_is_none_is_refused(pin: str) -> None:
    phone = Phone("http://127.0.0.1:9", lambda: "", [])
    assert TestClient(application(phone)).post("/", data={"pin": pin}).status_code == 422
