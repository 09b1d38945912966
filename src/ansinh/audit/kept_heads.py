"""The newest signed head of each chain, kept in a file beside the key: what the database was made to forget shows, a whole chain too.

A file belongs to one database (`database_mark`); an auditor takes copies of it away.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ansinh.audit.chains import Chain
from ansinh.audit.heads import holds

# Which database it is, whoever restores or renames it.
DATABASE_MARK = """
SELECT (SELECT system_identifier FROM pg_control_system())::text || '-' || oid FROM pg_database WHERE datname = current_database()
"""


@dataclass(frozen=True, slots=True)
class KeptHead:
    """A head as it was signed: the digest in hexadecimal, the moment in ISO 8601."""

    chain_id: int
    links: int
    head: str
    signed_at: str
    signature: str


def kept_heads(secrets: Path, mark: str) -> dict[int, KeptHead]:
    """Return the newest signed head of each chain of a database; nothing where none was ever kept."""
    try:
        lines = _file(secrets, mark).read_text(encoding="ascii").splitlines()
    except FileNotFoundError:
        return {}
    heads = [KeptHead(**json.loads(line)) for line in lines]
    return {head.chain_id: head for head in heads}


def keep_heads(secrets: Path, mark: str, heads: list[KeptHead]) -> None:
    """Take in newer heads; the file is replaced whole, and never goes back in a chain."""
    kept = kept_heads(secrets, mark)
    for head in heads:
        if head.chain_id not in kept or kept[head.chain_id].links <= head.links:
            kept[head.chain_id] = head
    file = _file(secrets, mark)
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as lines:
        lines.writelines(json.dumps(asdict(head)) + "\n" for head in kept.values())
        lines.flush()
        os.fsync(lines.fileno())
    fresh.replace(file)


def broken_kept(
    key: Ed25519PublicKey | None,
    kept: dict[int, KeptHead],
    chains: dict[int, Chain],
    digests: dict[tuple[int, int], bytes],
) -> Iterator[str]:
    """Say which kept heads the database contradicts; `digests` are those of the links that kept heads name, by chain and number."""
    for chain_id, one in kept.items():
        head = bytes.fromhex(one.head)
        moment = datetime.fromisoformat(one.signed_at)
        if key is not None and not holds(key, one.signature, chain_id, one.links, head, moment):
            yield f"chain {chain_id}: the signature over the head kept outside the database does not hold"
        elif chain_id not in chains:
            yield f"chain {chain_id}: it is gone; its head was signed at link number {one.links}"
        elif digests.get((chain_id, one.links)) != head:
            yield f"chain {chain_id}: link number {one.links} is not the one that was signed and kept outside the database"


def _file(secrets: Path, mark: str) -> Path:
    return secrets / f"audit-heads-{mark}.jsonl"
