"""What each call is answered with, once its envelope was found sound."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from joserfc.jwk import ECKey

from ansinh_sandbox.register.buckets import BucketsRequest, MembersRequest, RecordsRequest, buckets, members, records
from ansinh_sandbox.register.faults import Faults
from ansinh_sandbox.register.feed import EventsRequest, Feed
from ansinh_sandbox.register.inquiries import Inquiries, InquiryRequest, InquiryStatusRequest
from ansinh_sandbox.register.reports import ReportRequest, ReportStatusRequest, status, take
from ansinh_sandbox.register.snapshot import ChunkRequest, Snapshots, StatusRequest
from ansinh_sandbox.register.store import Store

_encode = msgspec.json.Encoder().encode
_status = msgspec.json.Decoder(StatusRequest)
_buckets = msgspec.json.Decoder(BucketsRequest)
_members = msgspec.json.Decoder(MembersRequest)
_records = msgspec.json.Decoder(RecordsRequest)
_report = msgspec.json.Decoder(ReportRequest)
_report_status = msgspec.json.Decoder(ReportStatusRequest)
_inquiry = msgspec.json.Decoder(InquiryRequest)
_inquiry_status = msgspec.json.Decoder(InquiryStatusRequest)
_events = msgspec.json.Decoder(EventsRequest)
_chunk = msgspec.json.Decoder(ChunkRequest)


class Calls:
    """Answers by action. Used from one thread."""

    def __init__(self, store: Store, key: ECKey, faults: Faults) -> None:
        feed = self._feed = Feed(store, key, faults)
        self._snapshots = Snapshots(store)
        self._snapshots.resume()
        self._inquiries = Inquiries(store)
        self._inquiries.resume()
        self._answers: dict[str, Callable[[msgspec.Raw], bytes]] = {
            "snapshot": lambda message: _encode(self._snapshots.ask(feed.head())),
            "snapshot-status": lambda message: _encode(self._snapshots.status(_status.decode(message))),
            "events": lambda message: _encode(feed.page(_events.decode(message))),
            "buckets": lambda message: _encode(buckets(store, _buckets.decode(message), feed.head())),
            "bucket-members": lambda message: _encode(members(store, _members.decode(message), feed.head())),
            "records": lambda message: _encode(records(store, _records.decode(message), feed.head())),
            "report": lambda message: _encode(take(store, _report.decode(message))),
            "report-status": lambda message: _encode(status(store, _report_status.decode(message))),
            "inquire": lambda message: _encode(self._inquiries.take(_inquiry.decode(message))),
            "inquiry-status": lambda message: self._inquiries.status(_inquiry_status.decode(message)),
            "snapshot-chunk": lambda message: self._snapshots.chunk(_chunk.decode(message)),
        }

    def answer(self, action: str, message: msgspec.Raw) -> bytes:
        """Answer a message; raises Rejected, or msgspec.MsgspecError when it has not the agreed shape."""
        return self._answers[action](message)

    def close(self) -> None:
        """Stop what is being built behind the answers."""
        self._snapshots.close()
        self._inquiries.close()
