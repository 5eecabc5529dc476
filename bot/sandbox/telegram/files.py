"""Photos and documents by file id, with the checks that Telegram makes of what is uploaded."""

import struct
from dataclasses import dataclass

from bot.sandbox.telegram.args import Args
from bot.sandbox.telegram.wire import ApiError, BadRequest, JsonObject, Upload

MEGABYTE = 1024 * 1024
LARGEST = {"photo": 10 * MEGABYTE, "document": 50 * MEGABYTE}
LARGEST_DOWNLOAD = 20 * MEGABYTE
LONGEST_SIDES = 10_000  # width and height together
STEEPEST_RATIO = 20
ATTACHED = "attach://"


@dataclass(frozen=True)
class StoredFile:
    kind: str
    file_id: str
    unique_id: str
    path: str
    upload: Upload
    width: int = 0
    height: int = 0

    @property
    def size(self) -> int:
        return len(self.upload.content)

    def base_json(self) -> JsonObject:
        return {"file_id": self.file_id, "file_unique_id": self.unique_id, "file_size": self.size}

    def photo_json(self) -> JsonObject:
        return {**self.base_json(), "width": self.width, "height": self.height}

    def document_json(self) -> JsonObject:
        return {**self.base_json(), "file_name": self.upload.name, "mime_type": self.upload.mime_type}

    def file_json(self) -> JsonObject:
        return {**self.base_json(), "file_path": self.path}


class Files:
    """Every upload gets a fresh id; the same id may be sent again."""

    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}

    def resolve(self, reference: str, kind: str, args: Args) -> StoredFile:
        """The file that a call means: an upload by `attach://name`, or a known file id of the same kind."""
        if reference.startswith(ATTACHED):
            upload = args.uploads.get(reference.removeprefix(ATTACHED))
            if upload is None:
                raise BadRequest(f"wrong file identifier/HTTP URL specified: no upload for {reference}")
            return self.keep(upload, kind)
        stored = self._by_id.get(reference)
        if stored is None:
            raise BadRequest("wrong file identifier/HTTP URL specified")
        if stored.kind != kind:
            raise BadRequest(f"can't use file of type {stored.kind.title()} as {kind.title()}")
        return stored

    def keep(self, upload: Upload, kind: str) -> StoredFile:
        if not upload.content:
            raise BadRequest("file must be non-empty")
        if len(upload.content) > LARGEST[kind]:
            raise ApiError(413, "Request Entity Too Large")
        width, height = _photo_size(upload.content) if kind == "photo" else (0, 0)
        number = len(self._by_id) + 1
        prefix, folder, ending = ("AgACAgQAA", "photos", ".jpg") if kind == "photo" else ("BQACAgQAA", "documents", "")
        path = f"{folder}/file_{number}{ending}"
        stored = StoredFile(kind, f"{prefix}sandbox{number:06d}", f"AQAD{number:06d}", path, upload, width, height)
        self._by_id[stored.file_id] = self._by_path[path] = stored
        return stored

    def by_id(self, file_id: str) -> StoredFile | None:
        return self._by_id.get(file_id)

    def by_path(self, path: str) -> StoredFile | None:
        return self._by_path.get(path)


def _photo_size(content: bytes) -> tuple[int, int]:
    """Width and height; raises where Telegram would not take the picture."""
    size = _png_size(content) or _jpeg_size(content)
    if size is None or min(size) == 0:
        raise BadRequest("IMAGE_PROCESS_FAILED")
    if sum(size) > LONGEST_SIDES or max(size) > STEEPEST_RATIO * min(size):
        raise BadRequest("PHOTO_INVALID_DIMENSIONS")
    return size


def _png_size(content: bytes) -> tuple[int, int] | None:
    if not content.startswith(b"\x89PNG\r\n\x1a\n") or len(content) < 24:
        return None
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    """Walk the segments of a JPEG to its frame header."""
    if not content.startswith(b"\xff\xd8"):
        return None
    position = 2
    while position + 9 <= len(content) and content[position] == 0xFF:
        marker = content[position + 1]
        if marker in range(0xC0, 0xD0) and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack(">HH", content[position + 5 : position + 9])
            return width, height
        position += 2 + int.from_bytes(content[position + 2 : position + 4], "big")
    return None
