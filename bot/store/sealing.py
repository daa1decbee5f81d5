"""How one text is sealed: AES-256-GCM, bound to its cell, in a format that says its version.

    version (1 byte) | key id (10 bytes) | nonce (12 bytes) | ciphertext and tag

The tenant, the key id, table, column and row id are the associated data: what was sealed for
one cell does not open in another.
"""

import base64
import os
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.store.errors import StoreError

VERSION: Final = b"\x01"
KEY_ID_BYTES: Final = 10
NONCE_BYTES: Final = 12


class SealBroken(StoreError):
    """What is stored was changed, swapped with another cell, or sealed with another key."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a sealed text stands: each is sealed for its own place."""

    table: str
    column: str
    row_id: str


def new_key_id() -> str:
    """Sixteen letters and digits, random."""
    return base64.b32encode(os.urandom(KEY_ID_BYTES)).decode().lower()


class CellKey:
    """A data key, ready to seal and open cells of one tenant."""

    __slots__ = ("_associated", "_cipher", "_header")

    def __init__(self, key_id: str, tenant: str, key: bytes) -> None:
        self._cipher = AESGCM(key)
        self._header = VERSION + base64.b32decode(key_id.upper())
        self._associated = canonical(b"careloop cell 1", tenant.encode(), key_id.encode())

    def seal(self, cell: Cell, text: str) -> bytes:
        """`text` as bytes for `cell`."""
        nonce = os.urandom(NONCE_BYTES)
        return self._header + nonce + self._cipher.encrypt(nonce, text.encode(), self._bound(cell))

    def open(self, cell: Cell, sealed: bytes) -> str:
        """The text that was sealed for `cell`. Raises `SealBroken`."""
        if not sealed.startswith(self._header):
            raise SealBroken(f"{cell.table}.{cell.column} was sealed with another key or version")
        body = len(self._header) + NONCE_BYTES
        try:
            nonce, ciphertext = sealed[len(self._header) : body], sealed[body:]
            return self._cipher.decrypt(nonce, ciphertext, self._bound(cell)).decode()
        except (InvalidTag, ValueError):
            raise SealBroken(f"{cell.table}.{cell.column} does not open") from None

    def _bound(self, cell: Cell) -> bytes:
        return self._associated + canonical(
            cell.table.encode(), cell.column.encode(), cell.row_id.encode()
        )


def canonical(*parts: bytes) -> bytes:
    """`parts` as one string that no other parts give: each with its length before it."""
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)
