"""Look at a file: whoever it is about sees that somebody did."""

from __future__ import annotations

from ansinh.audit.operation import note, note_read, operation
from ansinh.foundation.actor import Actor
from ansinh.foundation.purpose import Purpose
from ansinh.lifeevents.queries import FileShown, file_shown
from ansinh.people.queries import resolve


@operation(permission="lifeevents.show", reads="life-event file")
def show_file(*, actor: Actor, reason: str, file_id: int) -> FileShown:
    """Return a file, read about whom it is `about`; raises NotFound, and ValueError for one that names nobody yet, which `queries.file_shown` shows."""
    shown = file_shown(file_id)
    if shown.line.about is None:
        raise ValueError(f"file {file_id} names nobody: nobody is read about")
    note_read(resolve(shown.line.about), Purpose.ADMINISTRATION)
    note(file=file_id)
    return shown
