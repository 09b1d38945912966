"""What must never be false about papers and received files."""

from __future__ import annotations

from ansinh.audit.check import CheckResult, check_by_query


def checks() -> list[CheckResult]:
    """Run the room's checks: kept bytes are those that left and came."""
    return [
        check_by_query(
            "documents.papers_hash_to_their_digest",
            "SELECT count(*) FROM documents_paper",
            "SELECT number FROM documents_paper WHERE encode(sha256(content), 'hex') <> sha256",
        ),
        check_by_query(
            "documents.incoming_hash_to_their_digest",
            "SELECT count(*) FROM documents_incoming",
            "SELECT sha256 FROM documents_incoming WHERE encode(sha256(content), 'hex') <> sha256",
        ),
    ]
