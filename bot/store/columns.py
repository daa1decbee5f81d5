"""Kinds of columns: times in UTC, closed sets of values, sealed texts."""

import re
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import DateTime, Dialect, Enum, LargeBinary, String, TypeDecorator

# Room for the longest value a closed set may get, so that a new value needs no new column type.
CHOICE_LENGTH: Final = 40


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time, kept and given back in UTC. Refuses a naive one with ValueError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time needs its time zone")
        if value.tzinfo is not UTC:
            value = value.astimezone(UTC)
        # SQLite keeps text and knows no zone; all of it is UTC, so that the text sorts.
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class SealedText(TypeDecorator[bytes]):
    """What `Vault.seal` made. Refuses anything else, so that no text lands here in clear."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        del dialect
        if value is not None and not (isinstance(value, bytes) and value[:1] == b"\x01"):
            raise ValueError("this column takes only what the vault has sealed")
        return value


class BlindIndex(TypeDecorator[bytes]):
    """What `Vault.blind_index` made: 32 bytes to search an identifier by."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        del dialect
        if value is not None and not (isinstance(value, bytes) and len(value) == 32):
            raise ValueError("this column takes only a blind index of the vault")
        return value


def choice(kind: type[StrEnum], name: str | None = None) -> Enum:
    """A column type for a closed set: VARCHAR with a CHECK in the database, `kind` in Python.

    The CHECK is called `ck_<table>_<name>`; give `name` where a table has two columns of the
    same kind. Use: `state: State = Field(sa_type=choice(State))`.
    """
    too_long = [member.value for member in kind if len(member.value) > CHOICE_LENGTH]
    if too_long:
        raise ValueError(f"longer than {CHOICE_LENGTH} characters: {', '.join(too_long)}")
    return Enum(
        kind,
        name=name or re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower(),
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        length=CHOICE_LENGTH,
        values_callable=lambda members: [member.value for member in members],
    )


def short_text(length: int = 40) -> String:
    """A column type for opaque ids; never for what people write."""
    return String(length)
