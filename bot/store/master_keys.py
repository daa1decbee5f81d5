"""Master keys: they wrap the data keys, come from outside the database and never go into it."""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.store.errors import StoreError

KEY_BYTES: Final = 32
_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,20}")
# 32 random bytes have fewer different ones than this once in 10^22 keys.
_FEWEST_DIFFERENT_BYTES: Final = 16


class KeysInvalid(StoreError):
    """The master keys cannot be used. `problems` names each one by its id, never its value."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class MasterKey:
    """One master key; what is done with it uses keys derived from it, one a purpose."""

    id: str
    wrapping: AESGCM = field(repr=False)
    check_value: bytes = field(repr=False)

    @classmethod
    def of(cls, key_id: str, key: bytes) -> "MasterKey":
        check_key = derive(key, "careloop master key check")
        return cls(
            id=key_id,
            wrapping=AESGCM(derive(key, "careloop data key wrapping")),
            check_value=hmac.digest(check_key, key_id.encode(), hashlib.sha256),
        )


@dataclass(frozen=True)
class MasterKeys:
    """The master keys by their ids, and which one wraps new data keys."""

    keys: dict[str, MasterKey] = field(repr=False)
    current_id: str

    @property
    def current(self) -> MasterKey:
        return self.keys[self.current_id]

    @classmethod
    def parse(cls, text: str) -> "MasterKeys":
        """Read `1:<base64>,2:<base64>`: the last one is current, or the one marked `*2:…`.

        Raises `KeysInvalid` with every problem at once.
        """
        entries = [entry.strip() for entry in re.split(r"[,\s]+", text) if entry.strip()]
        if not entries:
            raise KeysInvalid(["there is no key; `careloop keys new` makes one"])
        keys: dict[str, MasterKey] = {}
        marked: list[str] = []
        problems: list[str] = []
        for position, entry in enumerate(entries, start=1):
            name, colon, value = entry.partition(":")
            key_id = name.removeprefix("*")
            if not colon or not _ID.fullmatch(key_id):
                problems.append(f"entry {position} is not written as id:base64")
                continue
            if key_id in keys:
                problems.append(f"key {key_id} is there twice")
                continue
            try:
                keys[key_id] = MasterKey.of(key_id, _decode(value))
            except ValueError as error:
                problems.append(f"key {key_id} {error}")
            if name != key_id:
                marked.append(key_id)
        if len(marked) > 1:
            problems.append(f"keys {', '.join(marked)} are all marked as current; mark one")
        if problems:
            raise KeysInvalid(problems)
        return cls(keys, marked[0] if marked else list(keys)[-1])


def new_master_key(key_id: str) -> str:
    """A fresh key, written as `MasterKeys.parse` reads it."""
    return f"{key_id}:{base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()}"


def derive(key: bytes, purpose: str) -> bytes:
    """A key for one purpose from `key` (HKDF-SHA256): knowing one says nothing of another."""
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=purpose.encode()).derive(key)


def _decode(value: str) -> bytes:
    try:
        key = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("is not base64") from None
    if len(key) != KEY_BYTES:
        raise ValueError(f"has {len(key)} bytes where {KEY_BYTES} are needed")
    if len(set(key)) < _FEWEST_DIFFERENT_BYTES:
        raise ValueError("is not random; `careloop keys new` makes one")
    return key
