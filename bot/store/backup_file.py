"""The file that a backup is: a header that anybody may read, and sealed pieces after it.

    careloop backup 1\\n | length of the header | header (JSON) | piece | piece | … | last piece

The pieces are one compressed stream, cut and sealed by AES-256-GCM under a key made for this file
alone, which stands in the header, wrapped by the master key. Each piece is bound to the header, to
its place and to whether it is the last (the STREAM construction: Hoang, Reyhanitabar, Rogaway and
Vizár 2015), so that what was changed, swapped, left out or cut off does not open.
"""

import base64
import binascii
import hashlib
import os
import struct
import zlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from bot.store.errors import StoreError
from bot.store.master_keys import KEY_BYTES, MasterKeys
from bot.store.sealing import NONCE_BYTES, canonical

_MAGIC: Final = b"careloop backup 1\n"
_LENGTH: Final = struct.Struct(">I")
_PLACE: Final = struct.Struct(">IB")
_PREFIX_BYTES: Final = NONCE_BYTES - _PLACE.size
_PIECE: Final = 1 << 20
_MOST_SEALED: Final = _PIECE + 16
_MOST_HEADER: Final = 10_000


class BackupInvalid(StoreError):
    """The file is no backup, or was changed or cut off, or needs another key. Says which."""


class Header(BaseModel):
    """What anybody may know of a backup."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    made_at: AwareDatetime
    revision: str
    master_key: str
    wrapped: str
    prefix: str


class BackupWriter:
    """Writes a backup; the file is there under its name only when all of it is on disk."""

    def __init__(self, path: Path, masters: MasterKeys, revision: str, made_at: datetime) -> None:
        """Raises `BackupInvalid` if the file is there already or can't be written."""
        self._path = path
        self._beside = path.with_name(f".{path.name}.part")
        key, prefix, nonce = (
            AESGCM.generate_key(KEY_BYTES * 8),
            os.urandom(_PREFIX_BYTES),
            os.urandom(NONCE_BYTES),
        )
        wrapped = nonce + masters.current.wrapping.encrypt(
            nonce, key, _wrapping_data(masters.current_id, revision)
        )
        header = Header(
            made_at=made_at,
            revision=revision,
            master_key=masters.current_id,
            wrapped=base64.b64encode(wrapped).decode(),
            prefix=base64.b64encode(prefix).decode(),
        )
        raw = header.model_dump_json().encode()
        self._cipher, self._prefix, self._bound = AESGCM(key), prefix, _bound(raw)
        self._compressor, self._waiting, self._number = zlib.compressobj(6), bytearray(), 0
        try:
            if path.exists():
                raise FileExistsError(17, "it is there already")
            self._beside.unlink(missing_ok=True)
            descriptor = os.open(self._beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise BackupInvalid(f"{path} cannot be written: {error.strerror}") from None
        self._file = os.fdopen(descriptor, "wb")
        self._put(_MAGIC + _LENGTH.pack(len(raw)) + raw)

    def write(self, data: bytes) -> None:
        """Raises `BackupInvalid` when the disk is full."""
        self._waiting += self._compressor.compress(data)
        while len(self._waiting) > _PIECE:
            self._seal(bytes(self._waiting[:_PIECE]), last=False)
            del self._waiting[:_PIECE]

    def finish(self) -> int:
        """The last piece, and the name: how many bytes there are."""
        self._waiting += self._compressor.flush()
        while len(self._waiting) > _PIECE:
            self._seal(bytes(self._waiting[:_PIECE]), last=False)
            del self._waiting[:_PIECE]
        self._seal(bytes(self._waiting), last=True)
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
            size = self._file.tell()
            self._file.close()
            self._beside.rename(self._path)
        except OSError as error:
            raise BackupInvalid(f"{self._path} cannot be written: {error.strerror}") from None
        return size

    def _seal(self, piece: bytes, *, last: bool) -> None:
        nonce = self._prefix + _PLACE.pack(self._number, last)
        sealed = self._cipher.encrypt(nonce, piece, self._bound)
        self._put(_LENGTH.pack(len(sealed)) + sealed)
        self._number += 1

    def _put(self, data: bytes) -> None:
        try:
            self._file.write(data)
        except OSError as error:
            raise BackupInvalid(f"{self._path} cannot be written: {error.strerror}") from None

    def __enter__(self) -> "BackupWriter":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if not self._file.closed:
            self._file.close()
        self._beside.unlink(missing_ok=True)


class BackupReader:
    """A backup that was made with one of `masters`."""

    def __init__(self, path: Path, masters: MasterKeys) -> None:
        """Raises `BackupInvalid`: no backup, another key."""
        self._path = path
        with self._open() as file:
            raw = self._raw_header(file)
        try:
            self.header = Header.model_validate_json(raw)
            wrapped = base64.b64decode(self.header.wrapped, validate=True)
            self._prefix = base64.b64decode(self.header.prefix, validate=True)
        except (ValidationError, binascii.Error):
            raise BackupInvalid(f"{path} was changed: its header cannot be read") from None
        key_id = self.header.master_key
        master = masters.keys.get(key_id)
        if master is None:
            raise BackupInvalid(f"{path} was made with master key {key_id}, which is not there")
        try:
            key = master.wrapping.decrypt(
                wrapped[:NONCE_BYTES],
                wrapped[NONCE_BYTES:],
                _wrapping_data(key_id, self.header.revision),
            )
        except (InvalidTag, ValueError):
            raise BackupInvalid(
                f"{path} was changed, or master key {key_id} is not the one that it was made with"
            ) from None
        self._cipher, self._bound = AESGCM(key), _bound(raw)

    def lines(self) -> Iterator[bytes]:
        """What was written, line by line. Raises `BackupInvalid` where it does not open."""
        unpack, rest = zlib.decompressobj(), b""
        for piece in self._pieces():
            try:
                *whole, rest = (rest + unpack.decompress(piece)).split(b"\n")
            except zlib.error:
                raise BackupInvalid(f"{self._path} cannot be unpacked") from None
            yield from whole
        if rest or not unpack.eof:
            raise BackupInvalid(f"{self._path} ends in the middle")

    def _pieces(self) -> Iterator[bytes]:
        with self._open() as file:
            self._raw_header(file)
            number = 0
            while True:
                length = file.read(_LENGTH.size)
                if len(length) < _LENGTH.size:
                    raise BackupInvalid(f"{self._path} was cut off after piece {number}")
                (size,) = _LENGTH.unpack(length)
                sealed = file.read(size) if size <= _MOST_SEALED else b""
                if len(sealed) < size:
                    raise BackupInvalid(f"{self._path} was cut off or changed in piece {number}")
                ahead = file.read(1)
                file.seek(-len(ahead), os.SEEK_CUR)
                nonce = self._prefix + _PLACE.pack(number, not ahead)
                try:
                    yield self._cipher.decrypt(nonce, sealed, self._bound)
                except (InvalidTag, ValueError):
                    raise BackupInvalid(
                        f"{self._path} was changed or cut off at piece {number}"
                    ) from None
                if not ahead:
                    return
                number += 1

    def _open(self) -> BinaryIO:
        try:
            return self._path.open("rb")
        except OSError as error:
            raise BackupInvalid(f"{self._path} cannot be read: {error.strerror}") from None

    def _raw_header(self, file: BinaryIO) -> bytes:
        if file.read(len(_MAGIC)) != _MAGIC:
            raise BackupInvalid(f"{self._path} is no backup of careloop")
        length = file.read(_LENGTH.size)
        size = _LENGTH.unpack(length)[0] if len(length) == _LENGTH.size else _MOST_HEADER + 1
        raw = file.read(size) if size <= _MOST_HEADER else b""
        if len(raw) != size:
            raise BackupInvalid(f"{self._path} was cut off or changed in its header")
        return raw


def _wrapping_data(key_id: str, revision: str) -> bytes:
    return canonical(b"careloop backup key 1", key_id.encode(), revision.encode())


def _bound(header: bytes) -> bytes:
    return canonical(b"careloop backup 1", hashlib.sha256(header).digest())
