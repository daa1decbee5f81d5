"""The audit log: who did what to whom, as a chain that shows any change, gap or missing end.

Each entry carries an HMAC-SHA256 over itself and the entry before it; the head row holds the
last one, sealed under the same key. Entries carry opaque ids only: whoever reads the log
learns no patient data from it.

Someone who holds an old copy of the whole database and puts it back, or who has the key and
writes the chain anew, is seen only by checkpoints kept elsewhere (`bot.store.checkpoints`).
"""

import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Final

from sqlalchemy import insert, text, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.store.database import before_commit
from bot.store.errors import DatabaseMisused
from bot.store.sealing import canonical
from bot.store.tables.audit import AuditEntry, AuditHead
from bot.store.tables.people import Person

_BATCH: Final = 1000
_START: Final = b"\x00" * 32
_PENDING: Final = "careloop.audit"
# Built once: every deed pays for these, and waits for those before it.
_HEAD: Final = select(AuditHead.seq, AuditHead.mac).with_for_update()
_APPEND: Final = insert(AuditEntry)
_MOVE_HEAD: Final = update(AuditHead)
_FIRST_HEAD: Final = text(
    "INSERT INTO audit_head (id, seq, mac, seal, key_check)"
    " VALUES (:id, :seq, :mac, :seal, :key_check) ON CONFLICT DO NOTHING"
)

# Ids and members of closed sets. No spaces, no commas, nothing a person would type.
_WORD: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_.:-]{0,62}[A-Za-z0-9])?")
_FACT_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,31}")
# What fits the pattern and still identifies somebody: dates, and numbers as long as a record's
# or a phone's. A Slack timestamp (1712345678.123456) identifies a message.
_DATE: Final = re.compile(r"\d{1,4}[-.:_]\d{1,2}[-.:_]\d{1,4}")
_LONG_NUMBER: Final = re.compile(r"[\d.:_-]{7,}")
_SLACK_TIMESTAMP: Final = re.compile(r"\d{10}\.\d{6}")
_MOST_FACTS: Final = 20
_WORDS_REMEMBERED: Final = 1024
_KINDS: Final[Mapping[str, type]] = {
    "id": int, "seq": int, "at": datetime, "mac": bytes, "seal": bytes, "key_check": bytes,
}  # fmt: skip
# What reading a row raises that somebody made unreadable by hand.
UNREADABLE: Final = (ValueError, TypeError, DatabaseMisused)


class NotOpaque(ValueError):
    """Something that is no id and no member of a closed set was to go into the audit log."""


class AuditFault(StrEnum):
    """What is wrong with the chain."""

    WRONG_KEY = "wrong key"
    CHANGED = "changed"
    GAP = "gap"
    MISSING_START = "missing beginning"
    MISSING_END = "missing end"
    UNEXPECTED_END = "entries after the end"
    HEAD_CHANGED = "head changed"
    REWRITTEN = "written anew after a checkpoint"


@dataclass(frozen=True)
class AuditReport:
    """What `AuditLog.verify` found: how many entries are right, and the first that is not."""

    entries: int
    fault: AuditFault | None = None
    seq: int | None = None

    @property
    def intact(self) -> bool:
        return self.fault is None

    def __str__(self) -> str:
        if self.fault is None:
            return f"the audit log is intact: {self.entries} entries"
        where = "" if self.seq is None else f" at entry {self.seq}"
        return (
            f"the audit log is broken{where}: {self.fault}; {self.entries} entries before it hold"
        )


@dataclass(frozen=True)
class AuditCheckpoint:
    """The end of the chain at some moment, to be kept outside the database."""

    seq: int
    mac: bytes


@dataclass(frozen=True)
class _Deed:
    at: datetime
    actor: str
    deed: str
    subject_kind: str
    subject_id: str
    outcome: str
    surface: str
    facts: str


class AuditLog:
    """Appends to the chain and verifies it. `key` is `Vault.audit_key()`."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    async def append(
        self,
        session: AsyncSession,
        *,
        at: datetime,
        actor: str,
        deed: str,
        subject_kind: str,
        subject_id: str,
        outcome: str,
        surface: str,
        facts: Mapping[str, str] | None = None,
    ) -> None:
        """Record a deed in this transaction; it is there if and only if the deed is.

        The entry is chained as the last thing before the commit, so that the head of the
        chain is held as briefly as can be. Raises `NotOpaque`, before anything is written,
        when a word is not a short id or a member of a closed set.
        """
        if at.tzinfo is None:
            raise ValueError("a time needs its time zone")
        words = {
            "actor": actor,
            "deed": deed,
            "subject_kind": subject_kind,
            "subject_id": subject_id,
            "outcome": outcome,
            "surface": surface,
        }
        for name, word in words.items():
            _require_opaque(name, word)
        entry = _Deed(at=at.astimezone(UTC), facts=_facts(facts or {}), **words)
        pending: list[_Deed] = session.info.setdefault(_PENDING, [])
        if not pending:
            before_commit(session, self._chain)
        pending.append(entry)

    async def _chain(self, session: AsyncSession) -> None:
        pending: list[_Deed] = session.info.pop(_PENDING)
        await session.flush()  # whatever else the deed wrote is refused before the head is held
        connection = await session.connection()
        seq, mac = await self._locked_head(connection)
        entries: list[dict[str, object]] = []
        for deed in pending:
            seq += 1
            mac = self._mac(seq, deed, mac)
            entries.append({**vars(deed), "seq": seq, "mac": mac})
        await connection.execute(_APPEND, entries)
        await connection.execute(_MOVE_HEAD, {"seq": seq, "mac": mac, "seal": self._seal(seq, mac)})

    async def _locked_head(self, connection: AsyncConnection) -> tuple[int, bytes]:
        """The end of the chain, held until the commit: deeds are chained one after another."""
        found = (await connection.execute(_HEAD)).one_or_none()
        if found is None:
            first = {"id": 1, "seq": 0, "mac": _START, "seal": self._seal(0, _START)}
            await connection.execute(_FIRST_HEAD, first | {"key_check": self._key_check()})
            found = (await connection.execute(_HEAD)).one()
        return found[0], found[1]

    async def head(self, session: AsyncSession) -> AuditCheckpoint:
        """The end of the chain now, to be kept outside the database."""
        head = await self._head_row(session)
        return AuditCheckpoint(0, _START) if head is None else AuditCheckpoint(head.seq, head.mac)

    async def verify(self, session: AsyncSession, *checkpoints: AuditCheckpoint) -> AuditReport:
        """Walk the whole chain and name the first entry that is not right.

        `checkpoints` are ends that `head` gave earlier: a chain that no longer leads through one
        was put back to an older state, cut off, or written anew by somebody who has the key.
        """
        try:
            head = await self._head_row(session)
        except UNREADABLE:
            return AuditReport(0, AuditFault.HEAD_CHANGED)
        if head is not None and not _is_of_its_kinds(head):
            return AuditReport(0, AuditFault.HEAD_CHANGED)
        if head is not None and not self._made_with_this_key(head):
            return AuditReport(0, AuditFault.WRONG_KEY)
        seq, mac, limit = 0, _START, _BATCH
        earliest: datetime | None = None
        held = 0  # up to here a checkpoint vouches for what was read
        expected = _by_end(checkpoints)
        while True:
            try:
                batch = await self._entries_after(session, seq, limit)
            except UNREADABLE:
                if limit == 1:
                    return AuditReport(seq, AuditFault.CHANGED, seq + 1)
                limit = 1  # one by one, to say which it is
                continue
            if not batch:
                break
            for entry in batch:
                if entry.seq != seq + 1:
                    return AuditReport(seq, AuditFault.GAP, seq + 1)
                if not self._holds(entry, mac):
                    return AuditReport(seq, AuditFault.CHANGED, entry.seq)
                seq, mac = entry.seq, entry.mac
                earliest = min(earliest or entry.at, entry.at)
                if seq in expected:
                    if expected[seq] != {mac}:
                        return AuditReport(held, AuditFault.REWRITTEN, held + 1)
                    held = seq
        fault = self._end_fault(head, seq, mac)
        if fault is None and await _began_before(session, earliest):
            return AuditReport(0, AuditFault.MISSING_START, 1)
        if fault is None and max(expected, default=0) > seq:
            return AuditReport(seq, AuditFault.MISSING_END, seq + 1)
        return fault or AuditReport(seq)

    @staticmethod
    async def _head_row(session: AsyncSession) -> AuditHead | None:
        newest = select(AuditHead).execution_options(populate_existing=True)
        return (await session.exec(newest)).one_or_none()

    @staticmethod
    async def _entries_after(session: AsyncSession, seq: int, limit: int) -> list[AuditEntry]:
        entries = await session.exec(
            select(AuditEntry)
            .where(AuditEntry.seq > seq)
            .order_by(col(AuditEntry.seq))
            .limit(limit)
            .execution_options(populate_existing=True)
        )
        batch = list(entries)
        for entry in batch:
            session.expunge(entry)  # six years of entries do not fit into memory
        return batch

    def _holds(self, entry: AuditEntry, before: bytes) -> bool:
        if not _is_of_its_kinds(entry):
            return False
        return hmac.compare_digest(entry.mac, self._mac(entry.seq, entry, before))

    def _end_fault(self, head: AuditHead | None, seq: int, mac: bytes) -> AuditReport | None:
        if head is None:
            return AuditReport(seq, AuditFault.HEAD_CHANGED) if seq else None
        if head.seal != self._seal(head.seq, head.mac) or head.key_check != self._key_check():
            return AuditReport(seq, AuditFault.HEAD_CHANGED)
        if head.seq > seq:
            return AuditReport(seq, AuditFault.MISSING_END, seq + 1)
        if head.seq < seq:
            return AuditReport(head.seq, AuditFault.UNEXPECTED_END, head.seq + 1)
        return None if head.mac == mac else AuditReport(seq, AuditFault.HEAD_CHANGED)

    def _made_with_this_key(self, head: AuditHead) -> bool:
        return head.key_check == self._key_check() or head.seal == self._seal(head.seq, head.mac)

    def _mac(self, seq: int, entry: "_Deed | AuditEntry", before: bytes) -> bytes:
        return self._hmac(
            b"entry 1",
            before,
            str(seq).encode(),
            entry.at.astimezone(UTC).isoformat(timespec="microseconds").encode(),
            entry.actor.encode(),
            entry.deed.encode(),
            entry.subject_kind.encode(),
            entry.subject_id.encode(),
            entry.outcome.encode(),
            entry.surface.encode(),
            entry.facts.encode(),
        )

    def _seal(self, seq: int, mac: bytes) -> bytes:
        return self._hmac(b"head 1", str(seq).encode(), mac)

    def _key_check(self) -> bytes:
        return self._hmac(b"key check 1")

    def _hmac(self, *parts: bytes) -> bytes:
        return hmac.digest(self._key, canonical(*parts), hashlib.sha256)


async def _began_before(session: AsyncSession, earliest: datetime | None) -> bool:
    """Whether somebody was registered before the first of all entries: that was a deed as well,
    and stood in the log at that same moment."""
    first = (await session.exec(select(func.min(Person.registered_at)))).one()
    return first is not None and (earliest is None or first < earliest)


def _is_of_its_kinds(row: AuditEntry | AuditHead) -> bool:
    """SQLite keeps whatever somebody put into a column by hand."""
    return all(
        isinstance(getattr(row, name), _KINDS.get(name, str)) for name in type(row).model_fields
    )


def _by_end(checkpoints: Iterable[AuditCheckpoint]) -> dict[int, set[bytes]]:
    ends: dict[int, set[bytes]] = {}
    for one in checkpoints:
        ends.setdefault(one.seq, set()).add(one.mac)
    return ends


def _facts(facts: Mapping[str, str]) -> str:
    if not facts:
        return "{}"
    if len(facts) > _MOST_FACTS:
        raise NotOpaque(f"an audit entry takes at most {_MOST_FACTS} facts")
    for name, value in facts.items():
        if not _FACT_NAME.fullmatch(name):
            raise NotOpaque("the name of a fact is a short word in small letters")
        _require_opaque(name, value)
    return json.dumps(dict(facts), sort_keys=True, separators=(",", ":"))


@lru_cache(_WORDS_REMEMBERED)
def _require_opaque(name: str, word: str) -> None:
    """Most words are members of closed sets, and come again; what is refused is not remembered."""
    if not _WORD.fullmatch(word):
        raise NotOpaque(f"{name} is no short id and no member of a closed set")
    if _SLACK_TIMESTAMP.fullmatch(word):
        return
    if _DATE.search(word) or _LONG_NUMBER.fullmatch(word):
        raise NotOpaque(f"{name} looks like a date, a phone number or a record number")
