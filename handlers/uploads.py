"""Unpacks what an owner sends: a catalogue file alone, or in an archive with its pictures."""

import io
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

MOST_BYTES = 20 * 1024 * 1024
"""More than this a bot cannot fetch (https://core.telegram.org/bots/api#getfile)."""
MOST_UNPACKED = 64 * 1024 * 1024
MOST_FILES = 300
MOST_TOML = 2 * 1024 * 1024
PICTURES = frozenset({".jpg", ".jpeg", ".png"})


class BadUpload(Exception):
    """Neither a catalogue file nor an archive with exactly one."""


@dataclass(frozen=True)
class Upload:
    """The catalogue file and its pictures, by their path beside it."""

    toml: bytes
    pictures: Mapping[str, bytes] = field(default_factory=dict)


def unpacked(name: str, content: bytes) -> Upload:
    """Raises BadUpload."""
    if name.lower().endswith(".toml"):
        if len(content) > MOST_TOML:
            raise BadUpload
        return Upload(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _from(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise BadUpload from error


def _from(archive: zipfile.ZipFile) -> Upload:
    entries = [entry for entry in archive.infolist() if not entry.is_dir() and not _is_clutter(entry.filename)]
    documents = [entry for entry in entries if entry.filename.lower().endswith(".toml")]
    if len(documents) != 1 or len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise BadUpload
    if documents[0].file_size > MOST_TOML:
        raise BadUpload
    folder = PurePosixPath(documents[0].filename).parent
    pictures = {
        path.relative_to(folder).as_posix(): _read(archive, entry)
        for entry in entries
        if (path := PurePosixPath(entry.filename)).suffix.lower() in PICTURES and path.is_relative_to(folder)
    }
    return Upload(_read(archive, documents[0]), pictures)


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """No more than the archive promises for this entry."""
    with archive.open(entry) as file:
        content = file.read(entry.file_size + 1)
    if len(content) != entry.file_size:
        raise BadUpload
    return content


def _is_clutter(path: str) -> bool:
    """What some systems put into every archive."""
    parts = PurePosixPath(path).parts
    return "__MACOSX" in parts or parts[-1].startswith(".")
