"""Packs of raw bytes in a folder or in object storage, through one library (obstore): `file:///…`, `s3://bucket/prefix` and others it knows."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, from_url

from ansinh.foundation.errors import PartnerTrouble
from ansinh.foundation.settings import Settings

PACKS_FOLDER = "packs"


class StoredPacks:
    """Where packs lie. Credentials of object storage come from its own environment variables."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    def read(self, pack: str, offset: int, length: int) -> bytes:
        """Return a part of a pack; raises PartnerTrouble."""
        try:
            return bytes(obstore.get_range(self._store, pack, start=offset, length=length))
        except (BaseError, OSError) as trouble:
            raise PartnerTrouble(
                "packs", f"the pack {pack} cannot be read ({type(trouble).__name__})", temporary=True
            ) from trouble

    def write(self, pack: str, content: bytes) -> None:
        """Store a pack; the same name has the same content. Raises PartnerTrouble."""
        try:
            obstore.put(self._store, pack, content)
        except (BaseError, OSError) as trouble:
            raise PartnerTrouble(
                "packs", f"the pack {pack} cannot be stored ({type(trouble).__name__})", temporary=True
            ) from trouble


def packs_at(settings: Settings) -> StoredPacks | None:
    """Return where this deployment's packs lie: its address of packs, else a folder in its data; None when it has neither."""
    if settings.packs_url:
        if urlsplit(settings.packs_url).scheme == "file":
            return packs_in(Path(urlsplit(settings.packs_url).path))
        return StoredPacks(from_url(settings.packs_url))
    return packs_in(settings.data_dir / PACKS_FOLDER) if settings.data_dir else None


def packs_in(folder: Path) -> StoredPacks:
    """Return packs in a folder, which is made where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    return StoredPacks(LocalStore(folder))
