"""Signed checkpoints: the end of the audit's chain at a moment, to be kept outside the database.

A checkpoint is one line of JSON, signed by Ed25519 with a key that is derived from the audit's
own. Whoever keeps checkpoints needs only the public key (`careloop audit key`) to see that they
are genuine, and can then show that entries were changed, or cut off, also by somebody who holds
every key of the bot's. They carry a number, a time and a hash: nothing about anybody.
"""

import base64
import binascii
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.store.audit import AuditCheckpoint
from bot.store.errors import StoreError
from bot.store.master_keys import derive

_KIND: Final = "careloop audit checkpoint 1"


class CheckpointInvalid(StoreError):
    """What was given as checkpoints has a line that is none, or that somebody changed."""


class _Written(BaseModel):
    """A line of JSON as it is kept."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: str = Field(pattern=f"^{_KIND}$")
    seq: int = Field(ge=0)
    mac: str = Field(pattern=r"^[0-9a-f]{64}$")
    at: str = Field(max_length=40)
    key: str = Field(max_length=100)
    signature: str = Field(max_length=200)

    def signed(self) -> bytes:
        """What the signature is over: everything else, in one writing."""
        fields = self.model_dump(exclude={"signature"})
        return json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()


@dataclass(frozen=True)
class KeptCheckpoint:
    """A checkpoint that is genuine, and when it was made."""

    end: AuditCheckpoint
    at: datetime


class CheckpointSigner:
    """Makes and reads checkpoints. `audit_key` is `Vault.audit_key()`."""

    def __init__(self, audit_key: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(
            derive(audit_key, "careloop audit checkpoint signing")
        )

    @property
    def public_key(self) -> str:
        """In base64: for whoever keeps checkpoints."""
        raw = self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return base64.b64encode(raw).decode()

    def sign(self, end: AuditCheckpoint, at: datetime) -> str:
        """One line of JSON, without its line break."""
        plain = _Written(
            kind=_KIND,
            seq=end.seq,
            mac=end.mac.hex(),
            at=at.astimezone(UTC).isoformat(timespec="seconds"),
            key=self.public_key,
            signature="",
        )
        signature = base64.b64encode(self._key.sign(plain.signed())).decode()
        return json.dumps(plain.model_dump() | {"signature": signature}, sort_keys=True)

    def read(self, lines: Iterable[str]) -> list[KeptCheckpoint]:
        """The checkpoints in `lines`, empty ones passed over.

        Raises `CheckpointInvalid`, naming the first line that is not a checkpoint of this bot's.
        """
        return [
            self._read(line, number) for number, line in enumerate(lines, start=1) if line.strip()
        ]

    def _read(self, line: str, number: int) -> KeptCheckpoint:
        try:
            written = _Written.model_validate_json(line)
            at = datetime.fromisoformat(written.at)
        except (ValidationError, ValueError):
            raise CheckpointInvalid(f"line {number} is no checkpoint") from None
        if written.key != self.public_key:
            raise CheckpointInvalid(f"line {number} was signed by another key")
        public = Ed25519PublicKey.from_public_bytes(base64.b64decode(self.public_key))
        try:
            public.verify(base64.b64decode(written.signature, validate=True), written.signed())
        except (InvalidSignature, binascii.Error):
            raise CheckpointInvalid(f"line {number} was changed: its signature is wrong") from None
        return KeptCheckpoint(AuditCheckpoint(written.seq, bytes.fromhex(written.mac)), at)
