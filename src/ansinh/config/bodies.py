"""How much anybody may send to the screens: a form's few kilobytes, and files where a page takes them. Told before anything is read or kept."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, HttpResponse

from ansinh.config.faces import face_at
from ansinh.desk.views import too_large as desk_too_large
from ansinh.portal.views import too_large as portal_too_large
from ansinh.workbench.views import too_large as workbench_too_large

FORM_BYTES_MAX = 64 * 1024
FILE_BYTES_MAX = 10_000_000
# What is too large is read to its end so that browsers show the answer; nobody is listened to for longer than this.
HEARD_BYTES_MAX = 100_000_000
_PIECE = 64 * 1024
_TOO_LARGE = {"portal": portal_too_large, "desk": desk_too_large, "workbench": workbench_too_large}


class BoundedBodies:
    """Django middleware: a body beyond what its view takes is answered before its form is read."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        """Take the rest of the chain."""
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.answer(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, given: dict[str, Any]
    ) -> HttpResponse | None:
        """Refuse what is too large; keep files in memory where the view takes them, and nowhere else."""
        most = int(getattr(view, "__files_bytes_max__", 0))
        # Partners' calls are larger than forms, and bounded by whoever reads them.
        machines = int(getattr(view, "__body_bytes_max__", 0))
        told = request.META.get("CONTENT_LENGTH") or "0"
        if not (told.isascii() and told.isdigit()) or int(told) > max(most, machines, FORM_BYTES_MAX):
            _heard(request)
            return _TOO_LARGE[face_at(request.path)](request)
        if most:
            request.upload_handlers = [FilesInMemory(request)]
        return None


class FilesInMemory(FileUploadHandler):
    """Keeps files out of the disk's temporary folder; of one that is too large so much that its reader sees it is."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **kwargs)
        self.kept = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Keep a piece, unless there is too much already."""
        if self.kept.tell() <= FILE_BYTES_MAX:
            self.kept.write(raw_data)
        return None

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """Return the file."""
        self.kept.seek(0)
        kind, charset = self.content_type or "", self.charset
        return InMemoryUploadedFile(self.kept, self.field_name, self.file_name or "", kind, file_size, charset)


class NoFiles(FileUploadHandler):
    """Keeps nothing: files sent to a page that asks for none."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Leave the file."""
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Keep nothing."""
        return None

    def file_complete(self, file_size: int) -> None:
        """Return nothing."""
        return None


def _heard(request: HttpRequest) -> None:
    heard = 0
    while heard < HEARD_BYTES_MAX and (piece := request.read(_PIECE)):
        heard += len(piece)
