"""A partner that is a pair of folders: messages are laid in `in/`, answers are found in `out/` and moved to `out/done/` once taken.

A message appears whole or not at all: written as `.part`, synced, renamed; a name that is there is never written over.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from ansinh.foundation.errors import PartnerTrouble
from ansinh.payments.handover.bank import Abilities, Delivered, Knows, Recalled, Receipt, Received

FILE_BYTES_MAX = 256 << 20
_ABILITIES = Abilities(can_ask=True, refuses_duplicates=True, lateness_max=timedelta(0))


class DropFolder:
    """A bank or a province's post behind two folders."""

    abilities = _ABILITIES

    def __init__(self, partner: str, root: Path, ending: str) -> None:
        self.partner = partner
        self._in, self._out = root / partner / "in", root / partner / "out"
        self._ending = ending

    def deliver(self, body: bytes, message_id: str) -> Receipt:
        """Lay the message in the folder; the same message that lies there already is taken, another under its name is refused."""
        file = self._file(message_id)
        growing = file.with_name(f"{file.name}.part")
        try:
            self._in.mkdir(parents=True, exist_ok=True)
            if self.ask(message_id) is Knows.KNOWN:
                same = file.exists() and file.read_bytes() == body
                return Receipt(Delivered.TAKEN if same else Delivered.REFUSED, "DUPL" if not same else "")
            with growing.open("wb") as target:
                target.write(body)
                target.flush()
                os.fsync(target.fileno())
            os.link(growing, file)
            growing.unlink()
            self._sync()
        except OSError as error:
            # What is left of a file is nobody's: its name says so, and the next try writes over it.
            raise PartnerTrouble(self.partner, type(error).__name__, temporary=True) from error
        return Receipt(Delivered.TAKEN)

    def ask(self, message_id: str) -> Knows:
        """Say whether the message was laid there, taken away by the partner since or not."""
        file = self._file(message_id)
        if self._in.parent.exists() and not self._in.is_dir():
            raise PartnerTrouble(self.partner, "its folder cannot be reached", temporary=True)
        return Knows.KNOWN if file.exists() or (self._in / "done" / file.name).exists() else Knows.NOT_KNOWN

    def collect(self) -> Iterator[Received]:
        """Yield the answers that lie ready, in the order of their names; each is moved away when the next is asked for."""
        done = self._out / "done"
        found = sorted(one for one in self._out.glob("*") if one.is_file() and not one.name.endswith(".part"))
        for file in found:
            if file.stat().st_size > FILE_BYTES_MAX:
                raise PartnerTrouble(self.partner, f"an answer longer than {FILE_BYTES_MAX} bytes", temporary=False)
            yield Received(file.name, file.read_bytes())
            done.mkdir(parents=True, exist_ok=True)
            file.replace(done / file.name)

    def recall(self, message_id: str) -> Recalled:
        """Take the message back while it still lies there."""
        file = self._file(message_id)
        try:
            file.rename(file.with_name(f"{file.name}.recalled"))
        except FileNotFoundError:
            return Recalled.TOO_LATE
        return Recalled.CONFIRMED

    def _file(self, message_id: str) -> Path:
        if not all(one.isalnum() or one == "-" for one in message_id):
            raise ValueError(f"no message id: {message_id}")
        return self._in / f"{message_id}{self._ending}"

    def _sync(self) -> None:
        folder = os.open(self._in, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
